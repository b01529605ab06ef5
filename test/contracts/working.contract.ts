import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { Job } from "../../src/ports.ts";
import { QUEUES } from "../../src/store/queues.ts";
import { eventually, type Bench, type Process } from "./bench.ts";
import { handlers } from "./handlers.ts";
import { inbound, poll, step, tell } from "./jobs.ts";

export function workingContract(open: () => Promise<Bench>): void {
  test("a job can send the next", async () => {
    const bench = await open();
    const { store, queue } = await bench.open();
    const got: unknown[] = [];
    const run = async (data: unknown): Promise<void> => {
      got.push(data);
      if (typeof data === "number" && data < 20) await store.transaction((tx) => tx.send([inbound(data + 1)]));
    };
    await queue.start(handlers({ inbound: { run } }));
    await queue.send([inbound(1)]);
    await eventually(bench, () => expect(got).toEqual(Array.from({ length: 20 }, (_, index) => index + 1)));
  });

  test("no more are under way than there are slots, and all get their turn", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    const gates: Array<() => void> = [];
    let underWay = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      most = Math.max(most, (underWay += 1));
      await new Promise<void>((resolve) => gates.push(resolve));
      underWay -= 1;
    };
    await queue.start(handlers({ step: { run } }));
    const { slots } = QUEUES.step;
    await queue.send(Array.from({ length: 3 * slots }, (_, number) => step(String(number))));
    for (let done = 0; done < 3 * slots; done += slots) {
      await eventually(bench, () => expect(gates).toHaveLength(slots));
      for (const pass of gates.splice(0)) pass();
    }
    await eventually(bench, () => expect(underWay).toBe(0));
    expect(most).toBe(slots);
  });

  test("of a peering, a poller, a draft and the catalogue one job is under way at a time, in all processes", async () => {
    const bench = await open();
    const processes = await openAll(bench);
    const gates: Array<() => void> = [];
    const underWay: string[] = [];
    const most = new Map<string, number>();
    let ended = 0;
    const run = async (name: string): Promise<void> => {
      underWay.push(name);
      most.set(name, Math.max(most.get(name) ?? 0, underWay.filter((other) => other === name).length));
      await new Promise<void>((resolve) => gates.push(resolve));
      underWay.splice(underWay.indexOf(name), 1);
      ended += 1;
    };
    const oneAtATime = handlers({
      poll: { run: ({ regionId, kind }) => run(`poll ${regionId} ${kind}`) },
      tell: { run: ({ peeringId }) => run(`tell ${peeringId}`) },
      draft: { run: ({ draftId }) => run(`draft ${draftId}`) },
      catalogue: { run: () => run("catalogue") },
    });
    for (const { queue } of processes) await queue.start(oneAtATime);
    const jobs = [
      poll("cn-qingdao"),
      poll("cn-beijing"),
      tell("1"),
      tell("2"),
      { queue: "draft", data: { draftId: "d_1" }, delayMs: 0 },
      { queue: "draft", data: { draftId: "d_2" }, delayMs: 0 },
    ] satisfies Job[];
    const rounds = 3;
    for (let round = 0; round < rounds; round += 1) {
      for (const { queue } of processes)
        await queue.send([...jobs, { queue: "catalogue", id: randomUUID(), data: null, delayMs: 0 }]);
    }
    const expected = [
      "catalogue",
      "draft d_1",
      "draft d_2",
      "poll cn-beijing routeEntry",
      "poll cn-qingdao routeEntry",
      "tell P-1",
      "tell P-2",
    ];
    for (let round = 0; round < rounds * processes.length; round += 1) {
      await eventually(bench, () => expect(underWay.toSorted()).toEqual(expected));
      for (const pass of gates.splice(0)) pass();
    }
    await eventually(bench, () => expect(ended).toBe(rounds * processes.length * expected.length));
    expect(new Set(most.values())).toEqual(new Set([1]));
  });

  test("what is more important is told first", async () => {
    const bench = await open();
    const { queue } = await bench.open();
    const gates: Array<() => void> = [];
    const told: string[] = [];
    const run = async ({ peeringId }: { readonly peeringId: string }): Promise<void> => {
      told.push(peeringId);
      await new Promise<void>((resolve) => gates.push(resolve));
    };
    await queue.start(handlers({ tell: { run } }));
    const { slots } = QUEUES.tell;
    await queue.send(Array.from({ length: slots }, (_, number) => tell(`BUSY${number}`)));
    await eventually(bench, () => expect(told).toHaveLength(slots));
    await queue.send([tell("LATER"), tell("FIRST", { priority: 2 }), tell("SECOND", { priority: 1 })]);
    for (const next of ["P-FIRST", "P-SECOND", "P-LATER"]) {
      gates.shift()?.();
      await eventually(bench, () => expect(told.at(-1)).toBe(next));
    }
    for (const pass of gates.splice(0)) pass();
  });
}

/** As many processes on the same data as there can be, up to two. */
async function openAll(bench: Bench): Promise<readonly Process[]> {
  const processes = [await bench.open()];
  if (bench.isShared) processes.push(await bench.open());
  return processes;
}
