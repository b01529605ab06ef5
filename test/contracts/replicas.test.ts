/** What only a shared PostgreSQL promises: replicas that start together, take over from each other, and survive it. */
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/store/open.ts";
import { startPostgres, type PostgresServer } from "../embedded-postgres.ts";
import { quietLog } from "../quiet-log.ts";
import { handlers } from "./handlers.ts";
import { inbound, step } from "./jobs.ts";
import { storedPeering } from "./stored.ts";
import { startVictim } from "./victim-process.ts";

const OPTIONS = { clock: systemClock, log: quietLog };

// Together, since one of them waits for a heartbeat that is missed.
describe.concurrent("replicas", () => {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  const emptyDatabase = async (): Promise<string> => {
    if (!server) throw new Error("PostgreSQL did not start");
    return await server.createDatabase();
  };

  test("four that start at once on an empty database all come up, and share the work", async () => {
    const databaseUrl = await emptyDatabase();
    const replicas = await Promise.all(Array.from({ length: 4 }, () => openStore({ databaseUrl }, OPTIONS)));
    const got: unknown[] = [];
    for (const { queue } of replicas) {
      await queue.start(handlers({ inbound: { run: async (data) => void got.push(data) } }));
    }
    const numbers = Array.from({ length: 40 }, (_, number) => number);
    for (const number of numbers) await replicas[number % 4]?.queue.send([inbound(number)]);
    await vi.waitFor(() => expect(got).toHaveLength(40), { timeout: 30_000 });
    expect(got.toSorted((one, other) => Number(one) - Number(other))).toEqual(numbers);
    for (const { store } of replicas) await store.close();
  });

  test("what a killed replica had under way goes to another", async () => {
    const databaseUrl = await emptyDatabase();
    const { store, queue } = await openStore({ databaseUrl }, OPTIONS);
    const victim = startVictim(["hold"], { databaseUrl });
    await victim.until((said) => said.includes("open"));
    const job = step("create");
    await queue.send([job]);
    await victim.until((said) => said.includes("holding"));
    const taken = Promise.withResolvers<unknown>();
    await queue.start(handlers({ step: { run: async (data) => taken.resolve(data) } }));
    await victim.kill();
    expect(await taken.promise).toEqual(job.data);
    await store.close();
  });

  test("a database that ends every connection costs the transaction under way, and nothing more", async () => {
    const databaseUrl = await emptyDatabase();
    const { store, queue } = await openStore({ databaseUrl }, OPTIONS);
    const got: unknown[] = [];
    await queue.start(handlers({ inbound: { run: async (data) => void got.push(data) } }));
    const admin = new Client(databaseUrl);
    admin.on("error", () => {});
    await admin.connect();
    const interrupted = store.transaction(async (tx) => {
      await tx.insertPeering(storedPeering("P-INTERRUPTED"));
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
      );
      await tx.insertPeering(storedPeering("P-AFTER"));
    });
    await expect(interrupted).rejects.toThrow(/terminat|connection/);
    await admin.end();
    await store.transaction((tx) => tx.insertPeering(storedPeering("P-LATER")));
    expect(await store.peering("P-INTERRUPTED")).toBeNull();
    await queue.send([inbound("after")]);
    await vi.waitFor(() => expect(got).toEqual(["after"]), { timeout: 30_000 });
    await store.close();
  });
});
