/** Many steps on few lanes: whatever comes when, nobody is where another one is, and nobody waits for ever. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AskedStep, Store, Transaction } from "../../src/ports.ts";
import { ask, end, holderBefore, shareLane, stepsOf } from "./lanes.ts";
import type { Shared } from "./store.contract.ts";
import { keyOf } from "./stored.ts";

/** `SEED=… npm test` draws others. */
const SEED = Number(process.env["SEED"] ?? 20_261_123);

export function trafficContract(shared: Shared): void {
  test("sixty at once, some of them taken off again, go through five lanes alone, and no transaction is in another's way", async () => {
    const { store } = shared();
    const step = stepsOf("LSJ");
    let begun = 0;
    let asked = 0;
    const once = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
      asked += 1;
      return store.transaction((tx) => {
        begun += 1;
        return work(tx);
      });
    };
    const inside = new Set<AskedStep>();
    const passed = new Set<string>();
    const takenOff = new Set<string>();
    const goThrough = async (own: AskedStep): Promise<void> => {
      if (takenOff.has(own.peeringId)) return;
      expect([...inside].filter((other) => shareLane(own, other))).toEqual([]);
      inside.add(own);
      passed.add(own.peeringId);
      // Others ask meanwhile.
      await store.peering(own.peeringId);
      inside.delete(own);
      await Promise.all((await once((tx) => tx.endStep(keyOf(own)))).map(goThrough));
    };
    const takeOff = async (own: AskedStep): Promise<void> => {
      if (passed.has(own.peeringId)) return;
      takenOff.add(own.peeringId);
      await Promise.all((await once((tx) => tx.endStep(keyOf(own)))).map(goThrough));
    };
    const lanes = ["ab", "bc", "ca", "abc", "cde", "ea", "d", "bd"];
    const steps = Array.from({ length: 60 }, (_, number) => step(number, lanes[number % 8] ?? "", number % 7));
    await Promise.all(
      steps.map(async (own, number) => {
        const { granted } = await once((tx) => tx.askStep(own));
        if (granted) await goThrough(own);
        else if (number % 3 === 0) await takeOff(own);
      }),
    );
    expect([...passed, ...takenOff].toSorted()).toEqual(steps.map(({ peeringId }) => peeringId).toSorted());
    expect(begun).toBe(asked);
  });

  test("whatever is asked and ended: never two at a lane, never nobody at work, first come first served", async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 30 }), fc.infiniteStream(fc.nat()), async (acts, picks) => {
        runs += 1;
        const { store } = shared();
        const traffic = createTraffic(store, `LSK-${runs}-`);
        for (const { lanes, later, pick } of acts) {
          await (pick === null ? traffic.ask(lanes.join(""), later) : traffic.endOne(pick));
        }
        for (const pick of picks) if (!(await traffic.endGranted(pick))) break;
        expect(traffic.waiting).toEqual(new Set());
      }),
      { seed: SEED, numRuns: 20 },
    );
  });
}

/** A step is asked, at the same time as the one before or later; or, with a pick, one is ended. */
const act = fc.record({
  lanes: fc.subarray(["a", "b", "c", "d"], { minLength: 1, maxLength: 3 }),
  later: fc.nat({ max: 1 }),
  pick: fc.option(fc.nat(), { freq: 1 }),
});

/** Asks and ends steps, and looks after each act whether all is as it should be. */
function createTraffic(store: Store, prefix: string) {
  const step = stepsOf(prefix);
  /** In the order in which they were asked. */
  const waiting = new Set<AskedStep>();
  const granted = new Set<AskedStep>();
  let asked = 0;
  let now = 0;

  const enter = (entering: AskedStep): void => {
    expect([...granted].filter((other) => shareLane(entering, other))).toEqual([]);
    // Of those that begin at the same lane it has waited longest.
    const [first] = entering.lanes;
    expect([...waiting].find(({ lanes }) => lanes[0] === first)).toBe(entering);
    waiting.delete(entering);
    granted.add(entering);
  };
  const check = async (): Promise<void> => {
    expect(granted.size === 0 && waiting.size > 0).toBe(false);
    for (const own of waiting) {
      const holder = await holderBefore(store, own);
      const seen = [...waiting, ...granted].find(({ peeringId }) => peeringId === holder);
      expect(seen && seen !== own && shareLane(seen, own)).toBe(true);
    }
    for (const own of granted) expect(await holderBefore(store, own)).toBeNull();
  };
  const endOneOf = async (steps: readonly AskedStep[], pick: number): Promise<boolean> => {
    const ended = steps[pick % steps.length];
    if (!ended) return false;
    granted.delete(ended);
    waiting.delete(ended);
    for (const next of await end(store, ended)) {
      const known = [...waiting].find(({ peeringId }) => peeringId === next.peeringId);
      expect(next).toEqual(known);
      if (known) enter(known);
    }
    await check();
    return true;
  };

  return {
    waiting,
    async ask(lanes: string, later: number): Promise<void> {
      asked += 1;
      now += later;
      const own = step(asked, lanes, now);
      waiting.add(own);
      if (await ask(store, own)) enter(own);
      await check();
    },
    /** Whether it may go or still waits. */
    endOne: (pick: number) => endOneOf([...granted, ...waiting], pick),
    endGranted: (pick: number) => endOneOf([...granted], pick),
  };
}
