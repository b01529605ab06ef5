/** What is due in the simulated cloud, in order of cloud time. */
export interface Agenda {
  /** Cloud time up to which everything due has happened, in ms since the epoch. */
  now(): number;
  /** Asks for `happen` at a cloud time; what is already past happens at the next `advance`. */
  at(cloudMs: number, happen: (cloudMs: number) => void): void;
  /** Lets everything due up to and including `cloudMs` happen, in order; what it adds is included. Never goes back. */
  advance(cloudMs: number): void;
}

/** More than this many events in one step is a loop that feeds itself. */
const EVENTS_PER_ADVANCE_MAX = 1_000_000;

/** An empty agenda that starts at a cloud time. Ties happen in the order in which they were asked for. */
export function createAgenda(startsAt: number): Agenda {
  const due: Array<{ at: number; happen: (cloudMs: number) => void }> = [];
  let now = startsAt;

  return {
    now: () => now,
    at(cloudMs, happen) {
      const next = due.findIndex((event) => event.at > cloudMs);
      due.splice(next === -1 ? due.length : next, 0, { at: cloudMs, happen });
    },
    advance(cloudMs) {
      for (let events = 0; (due[0]?.at ?? Infinity) <= cloudMs; events += 1) {
        if (events >= EVENTS_PER_ADVANCE_MAX) throw new Error("advancing cloud time: the agenda feeds itself");
        const event = due.shift();
        if (event === undefined) break;
        now = Math.max(now, event.at);
        event.happen(now);
      }
      now = Math.max(now, cloudMs);
    },
  };
}
