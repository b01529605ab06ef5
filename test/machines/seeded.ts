/**
 * Properties over what fast-check draws: the same seed, the same draws, so that a run today is the run of tomorrow.
 */
import { assert, type IProperty, type Parameters } from "fast-check";

/** `SEED=… npm test` draws others. A failure prints its seed and the path to the smallest case. */
const SEED = Number(process.env["SEED"] ?? 20_261_123);

export function holds<Drawn>(property: IProperty<Drawn>, runs = 200, more: Parameters<Drawn> = {}): void {
  assert(property, { seed: SEED, numRuns: runs, ...more });
}
