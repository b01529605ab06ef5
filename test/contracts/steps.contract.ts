import { expect, test } from "vitest";
import type { StepKey, Store } from "../../src/ports.ts";
import { T0 } from "./bench.ts";
import type { Shared } from "./store.contract.ts";
import { askedStep, keyOf, peeringIds, storedPeering, storedWait } from "./stored.ts";

export function lanesContract(shared: Shared): void {
  test("a step without a lane may start at once, and ending it frees nothing", async () => {
    const { store } = shared();
    const step = askedStep(peeringIds("LAA")(1), "check");
    expect(await store.transaction((tx) => tx.askStep(step))).toEqual({ granted: true });
    expect(await store.transaction((tx) => tx.endStep(keyOf(step)))).toEqual([]);
  });

  test("a lane goes to whoever asked first, and then down the line", async () => {
    const { store } = shared();
    const id = peeringIds("LAB");
    const [first, second, third, late] = [
      askedStep(id(1), "a", { lanes: ["lab"] }),
      askedStep(id(2), "b", { lanes: ["lab"], askedAt: T0 + 20 }),
      askedStep(id(2), "c", { lanes: ["lab"], askedAt: T0 + 20 }),
      // Asked last, by a clock that is behind: the time decides, then the order of asking.
      askedStep(id(3), "d", { lanes: ["lab"], askedAt: T0 + 10 }),
    ] as const;
    const granted = [];
    for (const step of [first, second, third, late])
      granted.push((await store.transaction((tx) => tx.askStep(step))).granted);
    expect(granted).toEqual([true, false, false, false]);
    expect(await store.queuedSteps(id(1))).toEqual([]);
    expect(await store.queuedSteps(id(2))).toEqual([
      { step: "b", holder: id(1) },
      { step: "c", holder: id(1) },
    ]);

    expect(await store.transaction((tx) => tx.endStep(keyOf(first)))).toEqual([late]);
    expect(await store.queuedSteps(id(2))).toEqual([
      { step: "b", holder: id(3) },
      { step: "c", holder: id(3) },
    ]);
    expect(await store.transaction((tx) => tx.endStep(keyOf(late)))).toEqual([second]);
    expect(await store.transaction((tx) => tx.endStep(keyOf(second)))).toEqual([third]);
    expect(await store.transaction((tx) => tx.endStep(keyOf(third)))).toEqual([]);
    expect(await store.transaction((tx) => tx.askStep(askedStep(id(4), "e", { lanes: ["lab"] })))).toEqual({
      granted: true,
    });
  });

  test("a retry keeps its place and its lane, and says which attempt it is", async () => {
    const { store } = shared();
    const id = peeringIds("LAC");
    const [holder, queued, behind] = [
      askedStep(id(1), "a", { lanes: ["lac"] }),
      askedStep(id(2), "b", { lanes: ["lac"], askedAt: T0 + 1 }),
      askedStep(id(3), "c", { lanes: ["lac"], askedAt: T0 + 2 }),
    ] as const;
    for (const step of [holder, queued, behind]) await store.transaction((tx) => tx.askStep(step));
    const again = { attempt: 2, askedAt: T0 + 99 };
    expect(await store.transaction((tx) => tx.askStep({ ...holder, ...again }))).toEqual({ granted: true });
    expect(await store.transaction((tx) => tx.askStep({ ...queued, ...again }))).toEqual({ granted: false });
    expect(await store.transaction((tx) => tx.endStep(keyOf(holder)))).toEqual([{ ...queued, attempt: 2 }]);
    expect(await store.transaction((tx) => tx.endStep(keyOf(queued)))).toEqual([behind]);
  });

  test("a step that leaves the line, or that nobody asked, passes nothing on", async () => {
    const { store } = shared();
    const id = peeringIds("LAD");
    const [holder, queued, behind] = [
      askedStep(id(1), "a", { lanes: ["lad"] }),
      askedStep(id(2), "b", { lanes: ["lad"], askedAt: T0 + 1 }),
      askedStep(id(3), "c", { lanes: ["lad"], askedAt: T0 + 2 }),
    ] as const;
    for (const step of [holder, queued, behind]) await store.transaction((tx) => tx.askStep(step));
    expect(await store.transaction((tx) => tx.endStep(keyOf(queued)))).toEqual([]);
    expect(await store.transaction((tx) => tx.endStep(keyOf(queued)))).toEqual([]);
    expect(await store.transaction((tx) => tx.endStep(keyOf(holder)))).toEqual([behind]);
  });

  test("a lane taken in a transaction that is rolled back is free", async () => {
    const { store } = shared();
    const id = peeringIds("LAE");
    const rolledBack = store.transaction(async (tx) => {
      await tx.askStep(askedStep(id(1), "a", { lanes: ["lae"] }));
      throw new Error("no");
    });
    await expect(rolledBack).rejects.toThrow("no");
    expect(await store.transaction((tx) => tx.askStep(askedStep(id(2), "b", { lanes: ["lae"] })))).toEqual({
      granted: true,
    });
  });

  test("forty at once go through one lane alone, and everybody gets through", async () => {
    const { store } = shared();
    const id = peeringIds("LAF");
    const inside = new Set<string>();
    const passed: string[] = [];
    const goThrough = async (key: StepKey): Promise<void> => {
      inside.add(key.peeringId);
      expect(inside.size).toBe(1);
      // Others ask meanwhile.
      await store.peering(key.peeringId);
      inside.delete(key.peeringId);
      passed.push(key.peeringId);
      for (const next of await store.transaction((tx) => tx.endStep(key))) await goThrough(keyOf(next));
    };
    await Promise.all(
      Array.from({ length: 40 }, async (_, number) => {
        const step = askedStep(id(number), "a", { lanes: ["laf"], askedAt: T0 + (number % 7) });
        const { granted } = await store.transaction((tx) => tx.askStep(step));
        if (granted) await goThrough(keyOf(step));
      }),
    );
    expect(passed.toSorted()).toEqual(Array.from({ length: 40 }, (_, number) => id(number)).toSorted());
  });

  test("those who ask at once and then wait are served in order of their time", async () => {
    const { store } = shared();
    const id = peeringIds("LAG");
    const holder = askedStep(id(0), "a", { lanes: ["lag"] });
    await store.transaction((tx) => tx.askStep(holder));
    const numbers = [5, 3, 8, 1, 9, 2, 7, 4, 6, 10];
    await Promise.all(
      numbers.map((number) =>
        store.transaction((tx) => tx.askStep(askedStep(id(number), "a", { lanes: ["lag"], askedAt: T0 + number }))),
      ),
    );
    expect(await servedAfter(store, keyOf(holder))).toEqual(numbers.toSorted((one, other) => one - other).map(id));
  });
}

/** Who has the lane after whom, when everybody ends at once. */
async function servedAfter(store: Store, key: StepKey): Promise<readonly string[]> {
  const [next] = await store.transaction((tx) => tx.endStep(key));
  return next ? [next.peeringId, ...(await servedAfter(store, keyOf(next)))] : [];
}

export function waitsContract(shared: Shared): void {
  test("waits are listed for one region and kind, oldest first, until they end", async () => {
    const { store } = shared();
    const key = keyOf(askedStep(peeringIds("WAA")(1), "connect"));
    const regionId = "test-waa";
    const younger = storedWait(key, "ri-1", { regionId, since: T0 + 1 });
    const older = storedWait(key, "ri-2", { regionId });
    const otherKind = storedWait(key, "vtb-1", {
      regionId,
      key: "routeEntry:1",
      target: {
        kind: "routeEntry",
        routeTableId: "vtb-1",
        destination: "10.0.0.0/8",
        id: "rte-1",
        wanted: "Available",
      },
    });
    const elsewhere = storedWait(key, "ri-3", { regionId: "test-waa-2" });
    await store.transaction((tx) => tx.addWaits([younger, older, otherKind, elsewhere]));
    // Told twice: nothing changes.
    await store.transaction((tx) => tx.addWaits([{ ...younger, since: T0 + 99 }]));
    await store.transaction((tx) => tx.addWaits([]));
    expect(await store.waits(regionId, "routerInterface")).toEqual([older, younger]);
    expect(await store.waits(regionId, "routeEntry")).toEqual([otherKind]);

    await store.transaction((tx) => tx.endWait(key, older.key));
    await store.transaction((tx) => tx.endWait(key, "nothing like it"));
    expect(await store.waits(regionId, "routerInterface")).toEqual([younger]);
    await store.transaction((tx) => tx.endWaits(keyOf(askedStep(peeringIds("WAA")(2), "connect"))));
    expect(await store.waits(regionId, "routerInterface")).toEqual([younger]);
    await store.transaction((tx) => tx.endWaits(key));
    expect(await store.waits(regionId, "routerInterface")).toEqual([]);
    expect(await store.waits("test-waa-2", "routerInterface")).toEqual([]);
  });

  test("unfinished is every step that may run, every poller with something to look at, every armed timer, and who was not told", async () => {
    const { store } = shared();
    const id = peeringIds("WAB");
    const timer = "xstate.after.decisionTimeout.peering.requested";
    const free = askedStep(id(1), "free");
    const holder = askedStep(id(1), "holder", { lanes: ["wab"] });
    const queued = askedStep(id(1), "queued", { lanes: ["wab"], askedAt: T0 + 1 });
    const waiting = askedStep(id(1), "waiting");
    await store.transaction(async (tx) => {
      await tx.insertPeering(storedPeering(id(1), { timers: { [timer]: { armedAt: 1, dueAt: T0 + 5 } } }));
      await tx.insertPeering(
        storedPeering(id(2), { state: "expired", timers: { [timer]: { armedAt: 1, dueAt: T0 + 5 } } }),
      );
      await tx.insertPeering(storedPeering(id(3), { version: 4 }));
      for (const step of [free, holder, queued, waiting]) await tx.askStep(step);
      await tx.addWaits([
        storedWait(keyOf(waiting), "ri-1", { regionId: "test-wab" }),
        storedWait(keyOf(waiting), "ri-2", { regionId: "test-wab" }),
      ]);
    });
    await store.saveTelling({ peeringId: id(1), card: null, cardHash: "", toldSeq: 1 });
    await store.saveTelling({ peeringId: id(2), card: null, cardHash: "", toldSeq: 0 });

    const { steps, waits, timers, untold } = await store.unfinished();
    expect(steps.filter(({ peeringId }) => peeringId === id(1))).toEqual([free, holder]);
    expect(waits.filter(({ regionId }) => regionId === "test-wab")).toEqual([
      { regionId: "test-wab", kind: "routerInterface" },
    ]);
    expect(timers.filter(({ peeringId }) => peeringId.startsWith("P-WAB"))).toEqual([
      { peeringId: id(1), timer, armedAt: 1, dueAt: T0 + 5 },
    ]);
    expect(untold.filter((peeringId) => peeringId.startsWith("P-WAB"))).toEqual([id(2), id(3)]);
  });
}
