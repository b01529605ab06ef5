import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { QUEUES } from "../../src/store/queues.ts";
import { eventually, type Bench } from "./bench.ts";
import { handlers } from "./handlers.ts";
import { inbound, noting, poll, step, tell, timer } from "./jobs.ts";
import { storedEvent } from "./stored.ts";

export function sendingContract(open: () => Promise<Bench>): void {
  test("a job is carried out once, with its data, though it was sent before the start", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    const got: unknown[] = [];
    await queue.send([inbound({ n: 1, text: "é 𝄞" })]);
    await queue.start(handlers({ inbound: noting(got) }));
    await queue.send([inbound({ n: 2 }), inbound({ n: 3 })]);
    await eventually(bench, () => expect(got).toHaveLength(3));
    expect(got).toEqual(expect.arrayContaining([{ n: 1, text: "é 𝄞" }, { n: 2 }, { n: 3 }]));
  });

  test("a job whose id is known is left out: in one call, later, and when it has ended", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    const got: unknown[] = [];
    const id = randomUUID();
    await queue.send([inbound(1, id), inbound(2, id)]);
    await queue.send([inbound(3, id)]);
    await queue.start(handlers({ inbound: noting(got) }));
    await eventually(bench, () => expect(got).toHaveLength(1));
    // A quarter of an hour is how long a payload may be repeated.
    await bench.leap(15 * 60_000);
    await queue.send([inbound(4, id), inbound("last")]);
    await eventually(bench, () => expect(got).toContain("last"));
    expect(got).toEqual([1, "last"]);
  });

  test("jobs sent in a transaction exist when it commits, and not before", async () => {
    const bench = await open();
    const { store, queue } = await bench.open();
    const got: unknown[] = [];
    await queue.start(handlers({ inbound: noting(got) }));
    await store.transaction(async (tx) => {
      await tx.appendEvent(storedEvent("P-QUEUEA", 1));
      await tx.send([inbound("within"), step("within")]);
      // Time enough for a worker that was told too early.
      await systemClock.sleep(20);
      expect(got).toEqual([]);
    });
    await eventually(bench, () => expect(got).toEqual(["within"]));
  });

  test("a transaction that is rolled back leaves no job", async () => {
    const bench = await open();
    const { store, queue } = await bench.open();
    const got: unknown[] = [];
    await queue.start(handlers({ inbound: noting(got) }));
    const id = randomUUID();
    const rolledBack = store.transaction(async (tx) => {
      await tx.send([inbound("rolled back", id)]);
      throw new Error("no");
    });
    await expect(rolledBack).rejects.toThrow("no");
    // The id is free again.
    await queue.send([inbound("sent", id)]);
    await eventually(bench, () => expect(got).toEqual(["sent"]));
  });

  test("a delayed job waits for its time", async () => {
    const bench = await open();
    const { store, queue } = await bench.open();
    const got: string[] = [];
    await queue.start(
      handlers({ step: { run: async ({ step: name }) => void got.push(`${name} ${bench.clock.now()}`) } }),
    );
    const sentAt = bench.clock.now();
    await queue.send([step("soon", 300), step("late", 5_000)]);
    await store.transaction((tx) => tx.send([step("within", 800), step("now")]));
    await eventually(bench, () => expect(got).toEqual([`now ${sentAt}`]));
    await bench.pass(299);
    expect(got).toHaveLength(1);
    // To the millisecond, for what this process sent.
    await bench.pass(2);
    await eventually(bench, () => expect(got[1]).toMatch("soon"));
    await bench.pass(500);
    await eventually(bench, () => expect(got[2]).toMatch("within"));
    await bench.pass(4_200);
    await eventually(bench, () => expect(got[3]).toMatch("late"));
  });

  test("jobs for several queues are sent together", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    const got: string[] = [];
    const note = (name: string) => ({ run: async () => void got.push(name) });
    await queue.start(
      handlers({
        inbound: note("inbound"),
        step: note("step"),
        timer: note("timer"),
        poll: note("poll"),
        tell: note("tell"),
        picture: note("picture"),
        draft: note("draft"),
        catalogue: note("catalogue"),
      }),
    );
    await queue.send([
      inbound(1),
      step("a"),
      timer(),
      poll("cn-qingdao"),
      tell("1"),
      { queue: "picture", data: { peeringId: "P-1" }, delayMs: 0 },
      { queue: "draft", data: { draftId: "d_1" }, delayMs: 0 },
      { queue: "catalogue", id: randomUUID(), data: null, delayMs: 0 },
    ]);
    await queue.send([]);
    await eventually(bench, () => expect(got.toSorted()).toEqual(Object.keys(QUEUES).toSorted()));
  });

  test("text that no database stores is made storable", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    const got: unknown[] = [];
    await queue.start(handlers({ inbound: noting(got) }));
    await queue.send([inbound({ text: "NUL \0, half a pair \ud83d" })]);
    await eventually(bench, () => expect(got).toEqual([{ text: "NUL \uFFFD, half a pair \uFFFD" }]));
  });
}
