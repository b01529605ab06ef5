/** Time as Slack has it: real time, moved ahead by tests. */
export interface WireClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Moves time on by this much; alarms that are due ring at once. */
  readonly advance: (ms: number) => void;
  /** Calls `ring` once when that time has come, unless the returned function is called before. */
  readonly alarm: (at: number, ring: () => void) => () => void;
  /** Forgets all alarms. */
  readonly close: () => void;
}

/** Longest single wait of Node's timers; a later alarm is looked at again then. */
const TIMER_MAX_MS = 2_147_483_647;

export function createWireClock(realNow: () => number = Date.now): WireClock {
  const alarms = new Set<{ readonly at: number; readonly ring: () => void }>();
  let offsetMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const now = (): number => realNow() + offsetMs;

  const ringDue = (): void => {
    const due = [...alarms].filter(({ at }) => at <= now()).toSorted((one, other) => one.at - other.at);
    for (const alarm of due) if (alarms.delete(alarm)) alarm.ring();
    rearm();
  };
  const rearm = (): void => {
    clearTimeout(timer);
    if (alarms.size === 0) return;
    const next = Math.min(...[...alarms].map(({ at }) => at));
    timer = setTimeout(ringDue, Math.min(Math.max(next - now(), 0), TIMER_MAX_MS));
  };
  return {
    now,
    advance(ms) {
      offsetMs += ms;
      ringDue();
    },
    alarm(at, ring) {
      const alarm = { at, ring };
      alarms.add(alarm);
      rearm();
      return () => {
        if (alarms.delete(alarm)) rearm();
      };
    },
    close() {
      alarms.clear();
      clearTimeout(timer);
    },
  };
}
