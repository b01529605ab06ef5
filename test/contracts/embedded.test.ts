/** What only the embedded database promises: the lock, durability, housekeeping, and a start after any kill. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { openEmbedded } from "../../src/store/embedded.ts";
import { openStore } from "../../src/store/open.ts";
import { copyDataDirectory, emptyDataDirectory, type DataDirectory } from "../data-directory.ts";
import { createVirtualTime } from "../model/virtual-time.ts";
import { quietLog } from "../quiet-log.ts";
import { T0 } from "./bench.ts";
import { storedPeering } from "./stored.ts";
import { tellStory, toldParts } from "./story.ts";
import { startVictim } from "./victim-process.ts";

/** A directory for this test alone. */
function directory(make: () => DataDirectory): string {
  const { path, remove } = make();
  onTestFinished(remove);
  return path;
}

/** The last part that a victim said it had told. */
function saidLast(said: readonly string[]): number {
  return Math.max(0, ...said.map(Number).filter(Number.isFinite));
}

const OPTIONS = { clock: systemClock, log: quietLog };

test("a second process on the same directory is turned away with a sentence that says what to do, until the first is dead", async () => {
  const dataDirectory = directory(copyDataDirectory);
  const first = startVictim(["hold"], { dataDirectory });
  await first.until((said) => said.includes("open"));
  await expect(openStore({ dataDirectory }, OPTIONS)).rejects.toThrow(
    `The data directory ${dataDirectory} is in use by another peer-vpcs process: stop that one first, or give this one a data directory of its own.`,
  );
  await first.kill();
  const { store } = await openStore({ dataDirectory }, OPTIONS);
  await store.close();
});

test("the same process cannot open a directory twice either, and can when it has closed or abandoned it", async () => {
  const dataDirectory = directory(copyDataDirectory);
  const first = await openStore({ dataDirectory }, OPTIONS);
  await expect(openStore({ dataDirectory }, OPTIONS)).rejects.toThrow("is in use");
  await first.store.close();
  const second = await openStore({ dataDirectory }, OPTIONS);
  second.queue.abandon();
  const third = await openStore({ dataDirectory }, OPTIONS);
  await third.store.close();
});

test("killed with -9 again and again under load, it opens at once and goes on where it was", async () => {
  const dataDirectory = directory(copyDataDirectory);
  const parts = 200;
  let last = 0;
  for (const share of [0.1, 0.4, 0.7]) {
    const victim = startVictim(["story", parts], { dataDirectory });
    await victim.until((said) => saidLast(said) >= share * parts);
    await victim.kill();
    last = saidLast(victim.said);
  }
  const survivor = await openStore({ dataDirectory }, OPTIONS);
  // What was acknowledged is there.
  expect((await toldParts(survivor.store)).at(-1)).toBeGreaterThanOrEqual(last);
  await tellStory(survivor, parts, () => {});
  await vi.waitFor(async () => expect(await toldParts(survivor.store)).toHaveLength(parts), { timeout: 30_000 });
  expect(await toldParts(survivor.store)).toEqual(Array.from({ length: parts }, (_, index) => index + 1));
  await survivor.store.close();
});

test("killed while the database is made for the first time, it is made anew", async () => {
  const dataDirectory = directory(emptyDataDirectory);
  const victim = startVictim(["hold"], { dataDirectory });
  await vi.waitFor(() => expect(existsSync(join(dataDirectory, "postgres", "base"))).toBe(true), {
    timeout: 30_000,
    interval: 1,
  });
  await victim.kill();
  expect(existsSync(join(dataDirectory, "postgres.unfinished"))).toBe(true);
  const { store } = await openStore({ dataDirectory }, OPTIONS);
  await store.transaction((tx) => tx.insertPeering(storedPeering("P-FIRST")));
  await store.close();
});

test("the database itself keeps the log from being changed", async () => {
  const home = await openEmbedded(directory(copyDataDirectory), OPTIONS);
  const event = {
    peeringId: "P-1",
    seq: 1,
    cause: "one",
    type: "withdraw",
    event: "{}",
    at: 0,
    previousHash: "",
    hash: "",
  } as const;
  await home.db.insertInto("event").values(event).execute();
  await expect(home.db.updateTable("event").set({ cause: "other" }).execute()).rejects.toThrow("append-only");
  await expect(home.db.deleteFrom("event").execute()).rejects.toThrow("append-only");
  await expect(sql`truncate event`.execute(home.db)).rejects.toThrow("append-only");
  await home.close();
});

test("commits reach the disk, and housekeeping is done on time", async () => {
  const time = createVirtualTime(T0);
  const home = await openEmbedded(directory(copyDataDirectory), { clock: time.clock, log: quietLog });
  const setting = async (name: string): Promise<string> => {
    const { rows } = await sql<{ value: string }>`select current_setting(${name}) as value`.execute(home.db);
    return rows[0]?.value ?? "";
  };
  expect([await setting("fsync"), await setting("wal_sync_method"), await setting("synchronous_commit")]).toEqual([
    "on",
    "fsync",
    "on",
  ]);
  expect([await setting("max_wal_size"), await setting("shared_buffers")]).toEqual(["64MB", "32MB"]);

  const checkpoint = async (): Promise<string> => {
    const { rows } = await sql<{ at: string }>`select redo_lsn::text as at from pg_control_checkpoint()`.execute(
      home.db,
    );
    return rows[0]?.at ?? "";
  };
  const before = await checkpoint();
  await home.db.insertInto("memory").values({ name: "note", value: "1", at: 0 }).execute();
  time.moveTo(T0 + 59_999);
  expect(await checkpoint()).toBe(before);
  time.moveTo(T0 + 60_000);
  await vi.waitFor(async () => expect(await checkpoint()).not.toBe(before));

  const vacuumed = async (): Promise<number> => {
    const { rows } = await sql<{
      tables: number;
    }>`select count(*)::int as tables from pg_stat_user_tables where last_vacuum is not null`.execute(home.db);
    return rows[0]?.tables ?? 0;
  };
  for (let minute = 2; minute <= 60; minute += 1) {
    expect(await vacuumed()).toBe(0);
    await vi.waitFor(() => expect(time.nextWake()).not.toBeNull());
    time.moveTo(T0 + minute * 60_000);
  }
  await vi.waitFor(async () => expect(await vacuumed()).toBeGreaterThan(10));
  await home.close();
});
