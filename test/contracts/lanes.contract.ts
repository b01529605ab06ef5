/** Steps that take several lanes, one after the other, and may start with all of them. */
import { expect, test } from "vitest";
import { T0 } from "./bench.ts";
import { ask, askAll, end, holderBefore, stepsOf } from "./lanes.ts";
import type { Shared } from "./store.contract.ts";

export function severalLanesContract(shared: Shared): void {
  test("two lanes are taken together and passed on together, in whatever order they are asked", async () => {
    const { store } = shared();
    const step = stepsOf("LSA");
    const [both, atA, atB] = [step(1, "ba"), step(2, "a"), step(3, "b")];
    expect(await askAll(store, [both, atA, atB])).toEqual([true, false, false]);
    expect(await end(store, both)).toEqual([atA, atB]);
    expect(await askAll(store, [step(4, "ab")])).toEqual([false]);
  });

  test("a step keeps its first lane while it stands in line at its second, and a third one stands behind it", async () => {
    const { store } = shared();
    const step = stepsOf("LSB");
    const [holder, both, behind] = [step(1, "b"), step(2, "ab"), step(3, "a")];
    expect(await askAll(store, [holder, both, behind])).toEqual([true, false, false]);
    expect(await holderBefore(store, both)).toBe(holder.peeringId);
    expect(await holderBefore(store, behind)).toBe(both.peeringId);

    expect(await end(store, holder)).toEqual([both]);
    expect(await holderBefore(store, both)).toBeNull();
    expect(await holderBefore(store, behind)).toBe(both.peeringId);
    expect(await end(store, both)).toEqual([behind]);
  });

  test("a step in line is shown behind whoever has the lane it has come to, and may start only with all of them", async () => {
    const { store } = shared();
    const step = stepsOf("LSC");
    const holders = [step(1, "a"), step(2, "b"), step(3, "c")];
    const all = step(4, "abc");
    await askAll(store, [...holders, all]);
    const isUnderWay = async (): Promise<boolean> =>
      (await store.unfinished()).steps.some(({ peeringId }) => peeringId === all.peeringId);
    for (const holder of holders) {
      expect(await holderBefore(store, all)).toBe(holder.peeringId);
      expect(await isUnderWay()).toBe(false);
      expect(await end(store, holder)).toEqual(holder === holders.at(-1) ? [all] : []);
    }
    expect(await isUnderWay()).toBe(true);
  });

  test("at every lane whoever asked first goes first, also one that comes to it later from another lane", async () => {
    const { store } = shared();
    const step = stepsOf("LSD");
    const [atA, atB] = [step(1, "a"), step(2, "b")];
    const [early, late] = [step(3, "ab"), step(4, "b")];
    await askAll(store, [atA, atB, late, early]);
    expect(await end(store, atA)).toEqual([]);
    expect(await end(store, atB)).toEqual([early]);
    expect(await end(store, early)).toEqual([late]);
  });

  test("the same when both lanes become free at once", async () => {
    const { store } = shared();
    for (const [prefix, times] of [
      ["LSE", [1, 2]],
      ["LSF", [2, 1]],
    ] as const) {
      const step = stepsOf(prefix);
      const [holder, both, atB] = [step(0, "ab"), step(1, "ab", times[0]), step(2, "b", times[1])];
      await askAll(store, [holder, atB, both]);
      const [first, second] = both.askedAt < atB.askedAt ? [both, atB] : [atB, both];
      expect(await end(store, holder)).toEqual([first]);
      expect(await holderBefore(store, second)).toBe(first.peeringId);
      expect(await end(store, first)).toEqual([second]);
    }
  });

  test("a step that is taken off while it waits frees what it has, and leaves its place", async () => {
    const { store } = shared();
    const step = stepsOf("LSG");
    const [holder, waiting, atA, atB] = [step(1, "b"), step(2, "abc"), step(3, "a"), step(4, "b")];
    await askAll(store, [holder, waiting, atA, atB]);
    expect(await end(store, waiting)).toEqual([atA]);
    expect(await holderBefore(store, waiting)).toBeNull();
    expect(await end(store, holder)).toEqual([atB]);
    // It left nothing behind at the lane that it had not come to.
    expect(await ask(store, step(5, "c"))).toBe(true);
    expect(await end(store, waiting)).toEqual([]);
  });

  test("a retry keeps its lanes and its place", async () => {
    const { store } = shared();
    const step = stepsOf("LSH");
    const [holder, waiting, atA, atB] = [step(1, "b"), step(2, "ab"), step(3, "a"), step(4, "b")];
    await askAll(store, [holder, waiting, atA, atB]);
    const retry = { ...waiting, attempt: 2, askedAt: T0 + 99, lanes: [] };
    expect(await ask(store, retry)).toBe(false);
    expect(await holderBefore(store, waiting)).toBe(holder.peeringId);
    expect(await holderBefore(store, atA)).toBe(waiting.peeringId);
    expect(await end(store, holder)).toEqual([{ ...waiting, attempt: 2 }]);
    expect(await ask(store, { ...retry, attempt: 3 })).toBe(true);
    expect(await end(store, waiting)).toEqual([atA, atB]);
  });

  test.for(["abc", "acb", "bac", "bca", "cab", "cba"])(
    "pairs that cross all get their turn, asked in the order %s",
    async (order) => {
      const { store } = shared();
      const step = stepsOf(`LSI-${order}-`);
      const pairs = { a: "ab", b: "bc", c: "ca" };
      // Behind one that has all three lanes each of them stands at its first.
      const holder = step(0, "abc");
      const asked = order.split("").map((name, index) => step(index + 1, pairs[name as keyof typeof pairs]));
      expect(await askAll(store, [holder, ...asked])).toEqual([true, false, false, false]);
      const turns = [holder];
      // Each has a lane in common with each other, so there is one at a time, and one after each.
      for (const turn of turns) {
        expect(turns.at(-1)).toBe(turn);
        turns.push(...(await end(store, turn)));
      }
      expect(
        turns
          .slice(1)
          .map(({ peeringId }) => peeringId)
          .toSorted(),
      ).toEqual(asked.map(({ peeringId }) => peeringId));
    },
  );
}
