import type { UpdateQueueOptions, WorkOptions } from "pg-boss";
import type { QueueName } from "../ports.ts";

/** How a queue is worked. */
export interface QueueSettings {
  /** Jobs that one process has under way at most. */
  readonly slots: number;
  /** At most one job with the same `singletonKey` (or none at all) is under way, over all replicas. */
  readonly oneAtATime: boolean;
  /** A handler that has rejected this often is not asked again. */
  readonly attemptsMax: number;
  /** The wait after the first time a handler rejected; it doubles up to `RETRY_DELAY_MAX_MS`. */
  readonly retryDelayMs: number;
}

/** Enough for some dozen peerings under way in one process; what is beyond waits its turn. */
export const QUEUES: Readonly<Record<QueueName, QueueSettings>> = {
  // Somebody waits for the answer, and a form can open for 3 s only; a decision is tried for minutes all the same.
  inbound: { slots: 8, oneAtATime: false, attemptsMax: 12, retryDelayMs: 200 },
  step: { slots: 16, oneAtATime: false, attemptsMax: 8, retryDelayMs: 1_000 },
  // Nobody would ask for these two again.
  timer: { slots: 2, oneAtATime: false, attemptsMax: Infinity, retryDelayMs: 1_000 },
  // A poll holds its slot for seconds, and there is one for each region and kind.
  poll: { slots: 12, oneAtATime: true, attemptsMax: Infinity, retryDelayMs: 1_000 },
  // Slack may be away for a quarter of an hour.
  tell: { slots: 4, oneAtATime: true, attemptsMax: 20, retryDelayMs: 1_000 },
  // Each has its renderer and its upload. After half a minute of trouble the card does without.
  picture: { slots: 2, oneAtATime: true, attemptsMax: 4, retryDelayMs: 2_000 },
  draft: { slots: 8, oneAtATime: true, attemptsMax: 8, retryDelayMs: 1_000 },
  catalogue: { slots: 1, oneAtATime: true, attemptsMax: 8, retryDelayMs: 1_000 },
};

/** The keys of a `Record<QueueName, …>`, which `Object.keys` calls strings. */
export const QUEUE_NAMES = Object.keys(QUEUES) as readonly QueueName[];

const RETRY_DELAY_MAX_MS = 60_000;

/** How long to wait after the given number of failures, counted from 1. */
export function retryDelayMs(queue: QueueName, failures: number): number {
  return Math.min(RETRY_DELAY_MAX_MS, QUEUES[queue].retryDelayMs * 2 ** (failures - 1));
}

/** Times that a job may go down with its process. A crash is not an attempt, but a job that kills every process must end. */
export const LOST_MAX = 50;

/** What pg-boss is told about every queue. */
export const BOSS_SETTINGS = {
  notify: true,
  // pg-boss's own retries are for jobs whose worker is gone: at once, and as good as always.
  retryLimit: 1_000,
  retryDelay: 0,
  // pg-boss's minimum; a dead worker is noticed within it.
  heartbeatSeconds: 10,
  // Handlers last seconds.
  expireInSeconds: 300,
  // The ids of ended jobs are how a repeated Slack payload is known; Slack repeats for minutes.
  deleteAfterSeconds: 3_600,
} as const satisfies UpdateQueueOptions;

/** How long a job that nobody was told of can be due before a worker finds it. */
export const LOOK_EVERY_MS = 2_000;

/** Workers rest until `slots.ts` wakes them. */
export const WORK_OPTIONS = {
  pollingIntervalSeconds: 30,
  notifyPollingIntervalSeconds: 30,
} as const satisfies WorkOptions;
