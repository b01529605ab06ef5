import type { Job as BossJob, PgBoss } from "pg-boss";
import type { Log, QueueName } from "../ports.ts";
import { inTransaction } from "./boss.ts";
import { errorText } from "./error-text.ts";
import type { StoredJob } from "./jobs.ts";
import { LOST_MAX, QUEUES, retryDelayMs } from "./queues.ts";
import type { Db } from "./schema.ts";

/** What a queue does with its jobs; see `Handlers`. */
export interface Handler<D> {
  readonly run: (data: D, signal: AbortSignal, isFirst: boolean) => Promise<void>;
  readonly gaveUp: (data: D) => Promise<void>;
}

interface Tools {
  readonly boss: PgBoss;
  readonly db: Db;
  readonly log: Log;
  /** Sees to it that a worker looks at the queue then. */
  readonly wakeIn: (delayMs: number, queue: QueueName) => void;
}

/**
 * Has the handler try a job once. Resolves when the job is done, given up, or put back for another try.
 *
 * Failures are counted on the job, and not by pg-boss's retries: a crash uses one of those up, too.
 */
export async function attempt<D>(
  job: BossJob<StoredJob<D>>,
  handler: Handler<D>,
  { boss, db, log, wakeIn }: Tools,
): Promise<void> {
  // Only queues of ours have workers.
  const queue = job.name as QueueName;
  const { attemptsMax } = QUEUES[queue];
  const { work, failures } = job.data;
  // pg-boss counts how often a job was taken up again, for whatever reason.
  const lost = job.retryCount - failures;
  const givingUp = failures >= attemptsMax || lost > LOST_MAX;
  try {
    await (givingUp ? handler.gaveUp(work) : handler.run(work, job.signal, job.retryCount === 0));
  } catch (error) {
    // It was taken away meanwhile, at the end of this process's grace or for being late, and is in the queue again.
    if (job.signal.aborted) throw error;
    const delayMs = failures + 1 === attemptsMax ? 0 : retryDelayMs(queue, failures + 1);
    log.warn("job failed", {
      queue,
      jobId: job.id,
      failures: failures + 1,
      givingUp,
      delayMs,
      error: errorText(error),
    });
    await putBack(job, { boss, db, delayMs, error });
    wakeIn(delayMs, queue);
  }
}

/** Ends this attempt and sets the time of the next in one commit. The job keeps its id. */
async function putBack<D>(
  job: BossJob<StoredJob<D>>,
  { boss, db, delayMs, error }: { boss: PgBoss; db: Db; delayMs: number; error: unknown },
): Promise<void> {
  const output = { message: errorText(error) };
  const data = { ...job.data, failures: job.data.failures + 1 };
  await db.transaction().execute(async (trx) => {
    const within = { db: inTransaction(trx) };
    // Its type leaves the count out. None when the job is no longer this worker's.
    const { affected } = (await boss.fail(job.name, job, output, within)) as { readonly affected: number };
    if (affected > 0) await boss.update(job.name, data, { id: job.id, startAfter: delayMs / 1000, ...within });
  });
}
