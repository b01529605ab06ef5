/**
 * The queue port in virtual time. Which of the jobs that may start does start is drawn from a seed: one seed is one order
 * of events, another seed another.
 */
import type { Handlers, Job, Queue, QueueName, Random } from "../../src/ports.ts";
import { delayMs, singletonKey, storable } from "../../src/store/jobs.ts";
import { LOST_MAX, QUEUE_NAMES, QUEUES, retryDelayMs } from "../../src/store/queues.ts";
import type { Life } from "./life.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** A dead process is noticed after this long, unless it was the only one. */
const HEARTBEAT_MS = 10_000;

interface ModelJob {
  readonly queue: QueueName;
  readonly data: unknown;
  readonly key: string | null;
  readonly priority: number;
  dueAt: number;
  failures: number;
  lost: number;
  /** Who is at it; null when nobody is. */
  worker: Worker | null;
  ended: boolean;
}

/** A process that carries out jobs, until it is told to stop. */
interface Worker {
  readonly life: Life;
  readonly handlers: Handlers;
  /** Its jobs under way, with what tells them to stop. */
  readonly under: Map<ModelJob, AbortController>;
  stopping: boolean;
  onIdle: () => void;
}

/** The jobs, which outlive every process, and the processes that carry them out. */
export interface ModelQueue {
  readonly send: (jobs: readonly Job[]) => void;
  /** The port for one process. */
  readonly join: (life: Life) => Queue;
  /** Starts one of the jobs that may start now; false when there is none. */
  readonly startOne: () => boolean;
  /** When the next job falls due, epoch ms; null when none will. */
  readonly nextDue: () => number | null;
}

/** Jobs start only when `startOne` is called. */
export function createModelQueue({ clock }: VirtualTime, random: Random): ModelQueue {
  const jobs = new Map<string, ModelJob>();
  const workers = new Set<Worker>();
  let withoutId = 0;

  const send = (sent: readonly Job[]): void => {
    for (const job of sent) {
      const id = `${job.queue} ${"id" in job ? job.id : (withoutId += 1)}`;
      if (jobs.has(id)) continue;
      jobs.set(id, {
        queue: job.queue,
        data: storable(job.data),
        key: QUEUES[job.queue].oneAtATime ? (singletonKey(job) ?? "") : null,
        priority: "priority" in job ? job.priority : 0,
        dueAt: clock.now() + delayMs(job),
        failures: 0,
        lost: 0,
        worker: null,
        ended: false,
      });
    }
  };

  const carryOut = async (worker: Worker, job: ModelJob): Promise<void> => {
    const stopped = new AbortController();
    job.worker = worker;
    worker.under.set(job, stopped);
    const failed = await attempt(worker.handlers, job, stopped.signal);
    if (job.worker !== worker || worker.life.isOver()) return;
    letGo(job);
    job.ended = !failed;
    if (!failed) return;
    job.failures += 1;
    job.dueAt =
      clock.now() + (job.failures === QUEUES[job.queue].attemptsMax ? 0 : retryDelayMs(job.queue, job.failures));
  };

  const join = (life: Life): Queue => {
    const mine = (): Worker | undefined => [...workers].find((worker) => worker.life === life);
    return life.whileItLasts<Queue>({
      send: async (sent) => send(sent),
      async start(handlers) {
        // The last process alive has every right to what the dead ones had.
        const others = [...workers].some((worker) => !worker.life.isOver());
        for (const job of jobs.values()) if (!others && job.worker?.life.isOver()) takeBack(job);
        workers.add({ life, handlers, under: new Map(), stopping: false, onIdle: () => {} });
      },
      async stop(graceMs) {
        const worker = mine();
        if (!worker) return;
        worker.stopping = true;
        if (worker.under.size > 0 && graceMs > 0) {
          await Promise.race([clock.sleep(graceMs), new Promise<void>((resolve) => (worker.onIdle = resolve))]);
        }
        for (const [job, stopped] of worker.under) {
          takeBack(job);
          stopped.abort();
        }
        workers.delete(worker);
      },
      abandon() {
        for (const job of mine()?.under.keys() ?? []) job.dueAt = clock.now() + HEARTBEAT_MS;
        life.end();
      },
    });
  };

  const startable = (): ReadonlyArray<readonly [Worker, ModelJob]> => {
    const due = [...jobs.values()].filter((job) => !job.ended && job.dueAt <= clock.now());
    for (const job of due) if (job.worker?.life.isOver()) takeBack(job);
    const busy = new Set(
      [...jobs.values()].filter((job) => job.worker).map(({ queue, key }) => (key === null ? null : `${queue} ${key}`)),
    );
    const free = due.filter((job) => !job.worker && (job.key === null || !busy.has(`${job.queue} ${job.key}`)));
    return [...workers]
      .filter(({ life, stopping }) => !life.isOver() && !stopping)
      .flatMap((worker) =>
        QUEUE_NAMES.filter((queue) => hasSlot(worker, queue)).map((queue) => [worker, queue] as const),
      )
      .flatMap(([worker, queue]) =>
        first(free.filter((job) => job.queue === queue)).map((job) => [worker, job] as const),
      );
  };

  return {
    send,
    join,
    startOne() {
      const choices = startable();
      const choice = choices[Math.floor(random.fraction() * choices.length)];
      if (choice) void carryOut(...choice);
      return choice !== undefined;
    },
    nextDue() {
      const waiting = [...jobs.values()].filter(
        ({ ended, worker, dueAt }) => !ended && (!worker || worker.life.isOver()) && dueAt > clock.now(),
      );
      return waiting.length === 0 ? null : Math.min(...waiting.map(({ dueAt }) => dueAt));
    },
  };
}

/** True when the job failed. */
async function attempt(
  handlers: Handlers,
  { queue, data, failures, lost }: ModelJob,
  signal: AbortSignal,
): Promise<boolean> {
  // The handler of the job's own queue takes its data.
  const { run, gaveUp } = handlers[queue] as {
    run: (data: unknown, signal: AbortSignal, isFirst: boolean) => Promise<void>;
    gaveUp: (data: unknown) => Promise<void>;
  };
  const givingUp = failures >= QUEUES[queue].attemptsMax || lost > LOST_MAX;
  try {
    await (givingUp ? gaveUp(data) : run(data, signal, failures + lost === 0));
    return false;
  } catch {
    return true;
  }
}

function letGo(job: ModelJob): void {
  const { worker } = job;
  job.worker = null;
  worker?.under.delete(job);
  if (worker?.under.size === 0) worker.onIdle();
}

function takeBack(job: ModelJob): void {
  letGo(job);
  job.lost += 1;
}

function hasSlot({ under }: Worker, queue: QueueName): boolean {
  return [...under.keys()].filter((job) => job.queue === queue).length < QUEUES[queue].slots;
}

/** Those of the highest priority. */
function first(jobs: readonly ModelJob[]): readonly ModelJob[] {
  const highest = Math.max(...jobs.map(({ priority }) => priority));
  return jobs.filter(({ priority }) => priority === highest);
}
