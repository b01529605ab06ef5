/** Steps on lanes, and what a test asks a store about them. */
import type { AskedStep, Store } from "../../src/ports.ts";
import { T0 } from "./bench.ts";
import { askedStep, keyOf, peeringIds } from "./stored.ts";

/** Steps of one test's own, each of another peering; every letter is a lane. */
export function stepsOf(prefix: string): (number: number, lanes: string, askedAt?: number) => AskedStep {
  const id = peeringIds(prefix);
  return (number, lanes, askedAt = number) =>
    askedStep(id(number), "step", { lanes: Array.from(lanes, (lane) => `${prefix}-${lane}`), askedAt: T0 + askedAt });
}

export async function ask(store: Store, step: AskedStep): Promise<boolean> {
  return (await store.transaction((tx) => tx.askStep(step))).granted;
}

export async function askAll(store: Store, steps: readonly AskedStep[]): Promise<readonly boolean[]> {
  const granted: boolean[] = [];
  for (const step of steps) granted.push(await ask(store, step));
  return granted;
}

export function end(store: Store, step: AskedStep): Promise<readonly AskedStep[]> {
  return store.transaction((tx) => tx.endStep(keyOf(step)));
}

/** Who has the lane that the step stands in line for; null when it stands in none. */
export async function holderBefore(store: Store, { peeringId }: AskedStep): Promise<string | null> {
  const [queued] = await store.queuedSteps(peeringId);
  return queued?.holder ?? null;
}

export function shareLane(one: AskedStep, other: AskedStep): boolean {
  return one.lanes.some((lane) => other.lanes.includes(lane));
}
