/**
 * Which workers are free, and waking them.
 *
 * pg-boss would wake every worker of a queue for one job, which on PGlite costs each job a dozen looks at the database. So
 * its notifications are taken here: one free worker looks, and whoever finds a job has the next one look. What nobody was
 * told of (a job that fell due, or that a dead replica had) one worker per queue looks for every `LOOK_EVERY_MS`; so
 * looking costs the same for any number of workers. A worker that has ended its job looks again only where there may be
 * something: its end let a job of the same key go, or somebody was to be woken while all were busy.
 */
import { createHash } from "node:crypto";
import type { Clock as BossClock, ClockTimer, PgBoss } from "pg-boss";
import type { Log, QueueName } from "../ports.ts";
import { errorText } from "./error-text.ts";
import { LOOK_EVERY_MS, QUEUES, QUEUE_NAMES } from "./queues.ts";

/** The workers of one process. */
export interface Slots {
  readonly add: (queue: QueueName, id: string) => void;
  /** Marks a worker as busy for as long as it has a job. */
  readonly hold: (queue: QueueName, id: string, job: () => Promise<void>) => Promise<void>;
  /** Has a worker look at the queue in `delayMs`; does nothing for what is due now or in a long time. */
  readonly wakeIn: (delayMs: number, queue: QueueName) => void;
  readonly startLooking: () => Promise<void>;
  readonly stopLooking: () => Promise<void>;
}

/** A job due later than this is found by looking. */
const WAKE_AHEAD_MAX_MS = 60_000;

/** Where pg-boss says which queue got a job: `notifyChannelSql` in its `plans.js`, 12.38.0. */
const CHANNEL = `pgboss_${createHash("sha224").update("pgboss").digest("hex").slice(0, 24)}`;

/** Knows no workers until they are added, and looks for nothing until told to. */
export function createSlots(boss: PgBoss, { clock, log }: { clock: BossClock; log: Log }): Slots {
  const free = new Map<string, Set<string>>(QUEUE_NAMES.map((queue) => [queue, new Set()]));
  /** Queues for which nobody was free to be woken. */
  const missed = new Set<string>();
  let looking: ClockTimer = null;
  let listening: { close(): Promise<void> } | undefined;

  const wake = (queue: string): void => {
    const [id] = free.get(queue) ?? [];
    if (id === undefined) missed.add(queue);
    else boss.notifyWorker(id);
  };
  const wakeAll = (): void => QUEUE_NAMES.forEach(wake);

  return {
    add: (queue, id) => free.get(queue)?.add(id),
    async hold(queue, id, job) {
      free.get(queue)?.delete(id);
      wake(queue);
      try {
        await job();
      } finally {
        free.get(queue)?.add(id);
        if (missed.delete(queue) || QUEUES[queue].oneAtATime) boss.notifyWorker(id);
      }
    },
    wakeIn(delayMs, queue) {
      if (delayMs > 0 && delayMs <= WAKE_AHEAD_MAX_MS) clock.setTimeout(() => wake(queue), delayMs + 1);
    },
    async startLooking() {
      looking = clock.setInterval(wakeAll, LOOK_EVERY_MS);
      try {
        listening = await boss.getDb().listen?.(CHANNEL, wake, wakeAll);
      } catch (error) {
        log.warn("jobs wait for the next look, since the database does not tell of them", { error: errorText(error) });
      }
    },
    async stopLooking() {
      clock.clearInterval(looking);
      await listening?.close();
    },
  };
}
