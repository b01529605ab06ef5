import type { Db as BossDatabase, JobInsert, PgBoss } from "pg-boss";
import type { Job } from "../ports.ts";

/** What pg-boss keeps of a job. */
export interface StoredJob<D = unknown> {
  readonly work: D;
  /** How often its handler has rejected. */
  readonly failures: number;
}

/** Puts jobs in, one insert per queue; in a transaction when `db` is one. A job whose id is known is left out. */
export async function insertJobs(boss: PgBoss, jobs: readonly Job[], db?: BossDatabase): Promise<void> {
  for (const [queue, ofQueue] of Map.groupBy(jobs, (job) => job.queue)) {
    // pg-boss leaves out those that are in the table, and refuses a list with the same id twice.
    const byId = Map.groupBy(ofQueue.map(toInsert), ({ id }) => id ?? Symbol("without id"));
    const inserts = [...byId.values()].flatMap(([first]) => first ?? []);
    await boss.insert(queue, inserts, db ? { db } : {});
  }
}

/** 0 for the queues whose jobs are never put off. */
export function delayMs(job: Job): number {
  return "delayMs" in job ? job.delayMs : 0;
}

function toInsert(job: Job): JobInsert<StoredJob> {
  const delay = delayMs(job);
  const key = singletonKey(job);
  return {
    data: { work: storable(job.data), failures: 0 },
    ...("id" in job ? { id: job.id } : {}),
    ...("priority" in job ? { priority: job.priority } : {}),
    ...(key === null ? {} : { singletonKey: key }),
    ...(delay === 0 ? {} : { startAfter: delay / 1000 }),
  };
}

/** What there may be only one of under way; null when that does not matter, or when it is the whole queue. */
export function singletonKey(job: Job): string | null {
  switch (job.queue) {
    case "poll":
      return `${job.data.regionId}/${job.data.kind}`;
    case "tell":
    case "picture":
      return job.data.peeringId;
    case "draft":
      return job.data.draftId;
    case "inbound":
    case "step":
    case "timer":
    case "catalogue":
      return null;
  }
}

/** pg-boss keeps data as `jsonb`, which refuses NUL and half a surrogate pair; both become U+FFFD. */
export function storable<T>(data: T): T {
  // The shape stays; only characters inside strings change.
  return JSON.parse(JSON.stringify(data), (_, value) => (typeof value === "string" ? cleanText(value) : value)) as T;
}

function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
