/**
 * Properties over what fast-check draws: the same seed, the same draws, so that a run today is the run of tomorrow.
 */
import { assert, type IProperty, type Parameters } from "fast-check";

/** `SEED=… npm test` draws others. A failure prints its seed and the path to the smallest case. */
const SEED = Number(process.env["SEED"] ?? 20_261_123);

/** For properties that are to meet different networks. */
export function seedOf(at: number): number {
  return SEED + at;
}

/** `npm run mutation` asks for few: every mutant that a property does not find pays for all of its runs. */
const RUNS_MAX = Number(process.env["PROPERTY_RUNS"] ?? Infinity);

/** Few runs do not meet everything that there is to meet. */
export const RUNS_ARE_FEW = RUNS_MAX < 100;

export function holds<Drawn>(property: IProperty<Drawn>, runs = 200, more: Parameters<Drawn> = {}): void {
  // Nobody reads the smallest case of a mutant.
  assert(property, { seed: SEED, numRuns: Math.min(runs, RUNS_MAX), endOnFailure: RUNS_ARE_FEW, ...more });
}
