/** Store, queue and clock in virtual time, for simulations: the same seed is the same run. */
import { setImmediate } from "node:timers/promises";
import type { Clock, Queue, Store } from "../../src/ports.ts";
import { createLife } from "./life.ts";
import { createMemory, createMemoryStore } from "./memory-store.ts";
import { createModelQueue } from "./model-queue.ts";
import { seededRandom } from "./random.ts";
import { createVirtualTime } from "./virtual-time.ts";

/** A world without real time in it. */
export interface Model {
  readonly clock: Clock;
  /** A process on the same data; `abandon` of its queue kills it. */
  readonly open: () => { readonly store: Store; readonly queue: Queue };
  /** Carries out everything that is due now, and what that brings about at once. */
  readonly runUntilIdle: () => Promise<void>;
  /** Lets `ms` of virtual time pass, carrying out everything that falls due, in order. */
  readonly advance: (ms: number) => Promise<void>;
}

/** More jobs than this at one moment is a loop that feeds itself. */
const JOBS_PER_MOMENT_MAX = 100_000;

/** `startsAt` is epoch ms. */
export function createModel({ seed, startsAt }: { readonly seed: number; readonly startsAt: number }): Model {
  const time = createVirtualTime(startsAt);
  const memory = createMemory();
  const jobs = createModelQueue(time, seededRandom(seed));

  const runUntilIdle = async (): Promise<void> => {
    for (let started = 0; started < JOBS_PER_MOMENT_MAX; started += 1) {
      // Everything that only waits for promises has happened by the next turn of the event loop.
      await setImmediate();
      if (!jobs.startOne()) return;
    }
    throw new Error("running until idle: the jobs feed themselves");
  };

  return {
    clock: time.clock,
    open() {
      const life = createLife();
      const queue = jobs.join(life);
      const close = (): Promise<void> => queue.stop(0);
      return { store: createMemoryStore(memory, { clock: time.clock, life, send: jobs.send, close }), queue };
    },
    runUntilIdle,
    async advance(ms) {
      const target = time.clock.now() + ms;
      await runUntilIdle();
      for (
        let next = soonest(time.nextWake(), jobs.nextDue());
        next <= target;
        next = soonest(time.nextWake(), jobs.nextDue())
      ) {
        time.moveTo(next);
        await runUntilIdle();
      }
      time.moveTo(target);
      await runUntilIdle();
    },
  };
}

function soonest(...times: readonly (number | null)[]): number {
  return Math.min(...times.map((at) => at ?? Infinity));
}
