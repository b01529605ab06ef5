import type { Clock } from "../../src/ports.ts";

/** Time that moves only when a test says so. */
export interface VirtualTime {
  readonly clock: Clock;
  /** When the next sleeper wakes, epoch ms; null when nobody sleeps. */
  readonly nextWake: () => number | null;
  /** Moves on and wakes everybody who is due, in order. Never goes back. */
  readonly moveTo: (at: number) => void;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Stands at `startsAt`, epoch ms, until it is moved. */
export function createVirtualTime(startsAt: number): VirtualTime {
  const sleepers: Sleeper[] = [];
  let now = startsAt;

  const add = (sleeper: Sleeper): void => {
    const next = sleepers.findIndex(({ at }) => at > sleeper.at);
    sleepers.splice(next === -1 ? sleepers.length : next, 0, sleeper);
  };
  return {
    clock: {
      now: () => now,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve();
          const sleeper = { at: now + ms, wake: resolve };
          add(sleeper);
          signal?.addEventListener("abort", () => {
            sleepers.splice(sleepers.indexOf(sleeper), 1);
            resolve();
          });
        }),
    },
    nextWake: () => sleepers[0]?.at ?? null,
    moveTo(at) {
      now = Math.max(now, at);
      const due = sleepers.findIndex((sleeper) => sleeper.at > now);
      for (const { wake } of sleepers.splice(0, due === -1 ? sleepers.length : due)) wake();
    },
  };
}
