import type { AttachableClock, Clock as BossClock, ClockTimer } from "pg-boss";
import type { Clock } from "../ports.ts";

/** pg-boss's timers on the bot's clock. */
export function bossClock(clock: Clock): BossClock {
  return {
    now: () => clock.now(),
    setTimeout: (fire, ms) => {
      const timer = new AbortController();
      void rest(clock, ms, timer.signal).then((over) => over && fire());
      return timer;
    },
    setInterval: (fire, ms) => {
      const timer = new AbortController();
      void repeat(clock, ms, timer.signal, fire);
      return timer;
    },
    clearTimeout: stop,
    clearInterval: stop,
  };
}

/** False when it was cut short. */
async function rest(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  await clock.sleep(ms, signal);
  return !signal.aborted;
}

async function repeat(clock: Clock, ms: number, signal: AbortSignal, fire: () => void): Promise<void> {
  while (await rest(clock, ms, signal)) fire();
}

/** Every handle is an AbortController; pg-boss also clears timers that it never set. */
function stop(timer: ClockTimer): void {
  (timer as AbortController | undefined)?.abort();
}

/** A clock whose timers can all be dropped at once; after that it takes no more. */
export function droppableClock(clock: BossClock | AttachableClock): {
  clock: BossClock | AttachableClock;
  drop: () => void;
} {
  const timers = new Set<ClockTimer>();
  const dropping = Promise.withResolvers<void>();
  let dropped = false;
  const clear = (timer: ClockTimer): void => {
    timers.delete(timer);
    clock.clearTimeout(timer);
  };
  const droppable: BossClock = {
    now: () => clock.now(),
    setTimeout(fire, ms) {
      if (dropped) return null;
      const timer = clock.setTimeout(() => {
        timers.delete(timer);
        fire();
      }, ms);
      timers.add(timer);
      return timer;
    },
    setInterval(fire, ms) {
      if (dropped) return null;
      const timer = clock.setInterval(fire, ms);
      timers.add(timer);
      return timer;
    },
    clearTimeout: clear,
    clearInterval: clear,
  };
  return {
    clock: "attach" in clock ? { ...droppable, attach: attachUntil(clock, dropping.promise) } : droppable,
    drop() {
      dropped = true;
      dropping.resolve();
      for (const timer of timers) clear(timer);
    },
  };
}

/** pg-boss's TestClock asks every database it was attached to before it moves on; a dropped one never answers. */
function attachUntil(clock: AttachableClock, dropped: Promise<void>): AttachableClock["attach"] {
  return ({ db, schema, idle }) =>
    clock.attach({
      schema,
      db: {
        executeSql: (text, values) => Promise.race([db.executeSql(text, values), dropped.then(() => ({ rows: [] }))]),
      },
      idle: () => Promise.race([idle?.() ?? Promise.resolve(false), dropped.then(() => false)]),
    });
}
