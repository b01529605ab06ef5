import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "./ports.ts";

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    // An aborted sleep is a short sleep, not an error.
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  },
};
