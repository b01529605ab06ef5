/** The queue port on pg-boss, in the same database as the rows: it delivers, delays, and hands over what a dead replica had. */
import type { Clock as BossClock } from "pg-boss";
import type { Job, Log, Queue, QueueName } from "../ports.ts";
import { attempt, type Handler } from "./attempt.ts";
import { inTransaction, startBoss } from "./boss.ts";
import type { Home } from "./home.ts";
import { delayMs, insertJobs, type StoredJob } from "./jobs.ts";
import { QUEUES, WORK_OPTIONS } from "./queues.ts";
import type { Db } from "./schema.ts";
import { createSlots } from "./slots.ts";

/** The queue, and how to send within a transaction. */
export interface OpenQueue extends Queue {
  readonly sendWithin: (trx: Db, jobs: readonly Job[]) => Promise<void>;
}

interface Tools {
  readonly clock: BossClock;
  readonly log: Log;
  /** Lets go of the timers and the database at once. */
  readonly drop: () => void;
}

/** Rejects when the database cannot be reached or prepared. */
export async function openQueue(home: Home, { clock, log, drop }: Tools): Promise<OpenQueue> {
  const boss = await startBoss(home, { clock, log });
  const slots = createSlots(boss, { clock, log });
  const tools = { boss, db: home.db, log, wakeIn: slots.wakeIn };
  const work = async <D>(queue: QueueName, handler: Handler<D>): Promise<void> => {
    for (let slot = 0; slot < QUEUES[queue].slots; slot += 1) {
      const id: string = await boss.work<StoredJob<D>>(queue, WORK_OPTIONS, ([job]) =>
        slots.hold(queue, id, async () => {
          if (job) await attempt(job, handler, tools);
        }),
      );
      slots.add(queue, id);
    }
  };

  const wakeFor = (jobs: readonly Job[]): void => {
    for (const job of jobs) slots.wakeIn(delayMs(job), job.queue);
  };

  return {
    async sendWithin(trx, jobs) {
      await insertJobs(boss, jobs, inTransaction(trx));
      wakeFor(jobs);
    },
    async send(jobs) {
      const queues = new Set(jobs.map(({ queue }) => queue));
      if (queues.size > 1) await home.db.transaction().execute((trx) => insertJobs(boss, jobs, inTransaction(trx)));
      else await insertJobs(boss, jobs);
      wakeFor(jobs);
    },
    async start(handlers) {
      await work("inbound", handlers.inbound);
      await work("step", handlers.step);
      await work("timer", handlers.timer);
      await work("poll", handlers.poll);
      await work("tell", handlers.tell);
      await work("picture", handlers.picture);
      await work("draft", handlers.draft);
      await work("catalogue", handlers.catalogue);
      await slots.startLooking();
    },
    async stop(graceMs) {
      await slots.stopLooking();
      await boss.stop({ graceful: graceMs > 0, timeout: graceMs });
    },
    abandon: drop,
  };
}
