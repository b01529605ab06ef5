import type { Now } from "./simulation.ts";

/** The two clocks of a running sandbox. */
export interface Clock {
  now(): Now;
  /** How many ms of cloud time pass in one ms of real time; 0 when cloud time stands still. */
  speed(): number;
  set(change: ClockChange): void;
}

/** What can be done to the clocks; what is left out stays. */
interface ClockChange {
  /** 0 or more. */
  readonly speed?: number | undefined;
  /** Puts cloud time forward once. */
  readonly advanceCloudMs?: number | undefined;
  /** What wire time is ahead of real time; negative: behind. */
  readonly wireOffsetMs?: number | undefined;
}

/**
 * Clocks that start together, at real time.
 *
 * Wire time is real time plus an offset. Cloud time runs at a speed and can be put forward; it never goes back.
 */
export function createClock(realNow: () => number, startSpeed: number): Clock {
  // Cloud time was `cloudMs` at real time `realMs`, and has run at `speed` since.
  let base = { realMs: realNow(), cloudMs: realNow(), speed: startSpeed };
  let wireOffsetMs = 0;
  function now(): Now {
    const realMs = realNow();
    const passedMs = Math.max(0, realMs - base.realMs);
    return { wireMs: realMs + wireOffsetMs, cloudMs: base.cloudMs + passedMs * base.speed };
  }
  return {
    now,
    speed: () => base.speed,
    set(change) {
      const cloudMs = now().cloudMs + (change.advanceCloudMs ?? 0);
      base = { realMs: realNow(), cloudMs, speed: change.speed ?? base.speed };
      wireOffsetMs = change.wireOffsetMs ?? wireOffsetMs;
    },
  };
}
