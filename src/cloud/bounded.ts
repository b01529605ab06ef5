/**
 * The reads of one pair of VPCs, a few at a time: a large pair takes hundreds, and all at once they would use up the
 * account's quota for everybody.
 */
import pLimit from "p-limit";
import type { ReadProgress } from "../ports.ts";
import type { Cloud } from "./call.ts";

/** With reads of 80 ms this is 100 a second, more than the pacing lets through for long; and a short line behind it. */
const AT_ONCE_MAX = 8;

/** The same cloud, bounded, telling after each read how far it is; `total` grows as answers name more to read. */
export function bounded(cloud: Cloud, onProgress: (progress: ReadProgress) => void): Cloud {
  const limit = pLimit(AT_ONCE_MAX);
  let [done, total] = [0, 0];
  return {
    ...cloud,
    call: async (...asked) => {
      total += 1;
      try {
        return await limit(() => cloud.call(...asked));
      } finally {
        // A refusal is an answer as well.
        done += 1;
        onProgress({ done, total });
      }
    },
  };
}
