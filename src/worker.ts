/**
 * Takes jobs and gets them done: each queue's handler, what happens when one fails too often, and how work that was
 * under way when a process died is taken up again.
 */
import type { Outcome } from "../machines/peering/outcomes.ts";
import { isToBeHeld } from "../machines/peering/progress.ts";
import { currentRun, progressOf } from "../machines/peering/record.ts";
import { giveDraftUp, moveDraftOn, type DraftPorts } from "./effects/draft.ts";
import { carryOut, type StepPorts } from "./effects/handlers.ts";
import { poll, type PollPorts } from "./effects/poll.ts";
import { drawPicture, givePictureUp, type PicturePorts } from "./effects/picture.ts";
import { refreshCatalogue, type CataloguePorts } from "./effects/refresh-catalogue.ts";
import { tell, type TellPorts } from "./effects/tell.ts";
import { stepJob, tellJob, timerJob } from "./jobs.ts";
import type { Handlers, Job, Log } from "./ports.ts";

export interface WorkerPorts extends StepPorts, PollPorts, TellPorts, PicturePorts, DraftPorts, CataloguePorts {
  readonly log: Log;
  /** What came from Slack and was acked; `slack/inbound`. */
  readonly inbound: (data: unknown) => Promise<void>;
  /** Tells the one who did it that it was not carried out. */
  readonly inboundGaveUp: (data: unknown) => Promise<void>;
}

type StepJob = Extract<Job, { queue: "step" }>["data"];

export function createHandlers(ports: WorkerPorts): Handlers {
  const { log, door } = ports;
  const gaveUp = (queue: string) => async (data: unknown) => log.error("job failed too often", { queue, data });
  return {
    inbound: {
      run: (data) => ports.inbound(data),
      gaveUp: async (data) => {
        // The payload may hold a URL to answer to, so it is not logged.
        log.error("job failed too often", { queue: "inbound" });
        await ports.inboundGaveUp(data);
      },
    },
    step: { run: (job, _, isFirst) => runStep(ports, job, isFirst), gaveUp: (job) => giveStepUp(ports, job) },
    timer: {
      run: async ({ peeringId, timer, armedAt }) => {
        await door.timer(peeringId, timer, armedAt, `timer/${timer}/${armedAt}`);
      },
      gaveUp: gaveUp("timer"),
    },
    poll: { run: (key, signal) => poll(ports, key, signal), gaveUp: gaveUp("poll") },
    tell: { run: (job, signal) => tell(ports, job, signal), gaveUp: gaveUp("tell") },
    picture: {
      run: (job) => drawPicture(ports, job),
      gaveUp: async (job) => {
        await gaveUp("picture")(job);
        await givePictureUp(ports, job);
      },
    },
    draft: {
      run: ({ draftId }) => moveDraftOn(ports, draftId),
      gaveUp: async (data) => {
        await gaveUp("draft")(data);
        await giveDraftUp(ports, data.draftId);
      },
    },
    catalogue: { run: () => refreshCatalogue(ports), gaveUp: gaveUp("catalogue") },
  };
}

async function runStep(ports: WorkerPorts, job: StepJob, isFirst: boolean): Promise<void> {
  const { store, door, log } = ports;
  const stored = await store.peering(job.peeringId);
  if (!stored) return;
  const { peering } = stored.snapshot;
  const run = currentRun(peering);
  if (run.number !== job.run || !isStillAsked(progressOf(run, job.step), job)) return;
  const held = { type: "stepHeld", at: ports.clock.now(), run: job.run, step: job.step } as const;
  // What somebody may have begun must be known before anybody decides what to do with the rest.
  const isHeld = isFirst && isToBeHeld(run, job.step);
  const outcome = isHeld ? held : await carryOut(ports, peering, run, job.step);
  await door.outcome(job.peeringId, outcome, causeOf(job));
  log.info("step answered", { ...job, outcome: outcome.type });
}

/** A job may come twice, or late; only the attempt that the record waits for is made. */
function isStillAsked(progress: ReturnType<typeof progressOf>, { generation, attempt }: StepJob): boolean {
  return progress.state === "running" && progress.generation === generation && progress.attempts === attempt;
}

/** A bug of ours: the log has it, and a person gets a failed step to retry or roll back. */
async function giveStepUp({ door, clock, log }: WorkerPorts, job: StepJob): Promise<void> {
  log.error("step needs attention", { ...job });
  const failure = { kind: "internal", api: "", code: "", requestId: "", message: "" } as const;
  const outcome: Outcome = {
    type: "stepFailed",
    at: clock.now(),
    run: job.run,
    step: job.step,
    failure,
    attempt: job.attempt,
  };
  await door.outcome(job.peeringId, outcome, causeOf(job));
}

function causeOf({ run, step, generation, attempt }: StepJob): string {
  return `step/${run}/${step}/${generation}/${attempt}`;
}

/**
 * Sends a job for every row that stands for work not done. Jobs that exist already are left out or find nothing to do,
 * so this is right after a crash, after a restore and on a fresh database alike.
 */
export async function resume({ store, queue, clock }: Pick<WorkerPorts, "store" | "queue" | "clock">): Promise<void> {
  const { steps, waits, timers, untold } = await store.unfinished();
  await queue.send([
    ...steps.map((step) => stepJob(step, 0)),
    ...waits.map(({ regionId, kind }): Job => ({ queue: "poll", data: { regionId, kind } })),
    ...timers.map(({ peeringId, timer, armedAt, dueAt }) =>
      timerJob(peeringId, timer, armedAt, Math.max(0, dueAt - clock.now())),
    ),
    ...untold.map((peeringId) => tellJob(peeringId, 0, 0)),
  ]);
}
