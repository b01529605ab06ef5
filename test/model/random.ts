import type { Random } from "../../src/ports.ts";

/** The same fractions for the same seed: mulberry32, https://github.com/cprosche/mulberry32 (read 2026-11-23). */
export function seededRandom(seed: number): Random {
  let state = seed;
  return {
    fraction() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
