/**
 * How a record moves: small functions from record and event to record. The machine names them; none of them decides
 * which state comes next.
 */
import { planRollback, planTest } from "../connections/plan-request.ts";
import type { Plan, Stage, Step, StepId } from "../network/plan.ts";
import type { Approve, Request, Retry } from "./commands.ts";
import { testVerdict } from "../network/test-verdict.ts";
import { nextAfter, retryWaitMs, type Failure } from "./failure.ts";
import type { Outcome, PlanChanged, StepFailed } from "./outcomes.ts";
import {
  buildingRuns,
  connectRun,
  currentRun,
  progressOf,
  stepOf,
  type Peering,
  type Person,
  type Run,
  type StepProgress,
  type TestReport,
} from "./record.ts";

export function begin({ id, by, at, request, plan, limits }: Request): Peering {
  return {
    id,
    requester: by,
    requestedAt: at,
    revisions: [request],
    runs: [proposedRun(1, "connect", plan, request.revision, by, at)],
    resources: [],
    limits,
    ending: null,
    acceptedUntested: null,
  };
}

function proposedRun(number: number, kind: Run["kind"], plan: Plan, revision: number, by: Person, at: number): Run {
  const steps = Object.fromEntries(plan.steps.map(({ id }) => [id, PENDING]));
  return {
    number,
    kind,
    revision,
    plan,
    status: "proposed",
    votes: [],
    steps,
    by,
    proposedAt: at,
    startedAt: null,
    endedAt: null,
  };
}

const PENDING: StepProgress = {
  state: "pending",
  attempts: 0,
  generation: 0,
  startedAt: null,
  endedAt: null,
  troubleSince: null,
  waits: [],
  failure: null,
  report: null,
};

export function vote(peering: Peering, { by, at, planHash }: Approve): Peering {
  const run = currentRun(peering);
  return withRun(peering, { ...run, status: "approved", votes: [...run.votes, { by, at, planHash, vote: "yes" }] });
}

/**
 * Steps of the stage that may start now. Once a step has failed, what is under way ends and nothing new begins, but for a
 * step that somebody retries while another stays failed.
 */
export function readySteps(run: Run, stage: Stage): readonly Step[] {
  const failing = isFailing(run);
  return run.plan.steps.filter((step) => {
    const { state, generation } = progressOf(run, step.id);
    const mayStart = step.stage === stage && state === "pending" && (!failing || generation > 0);
    return mayStart && step.needs.every((needed) => progressOf(run, needed).state === "done");
  });
}

export function startStep(peering: Peering, step: StepId, at: number): Peering {
  const run = currentRun(peering);
  const progress: StepProgress = { ...progressOf(run, step), state: "running", startedAt: at };
  return withRun(withStep(run, step, progress, peering), {
    status: "running",
    startedAt: run.startedAt ?? at,
    endedAt: null,
  });
}

/** The states of a step in which an answer of each kind can be its answer. */
const AWAITED_IN = {
  stepStarted: ["running"],
  stepDone: ["running"],
  stepFailed: ["running", "waiting"],
  stepHeld: ["running"],
  statusReached: ["waiting"],
  testReported: ["waiting"],
  planChanged: ["running"],
} as const satisfies Record<Outcome["type"], ReadonlyArray<StepProgress["state"]>>;

/** True when the outcome answers a step of the current run that waits for just this answer. */
export function isAwaited(peering: Peering, outcome: Outcome): boolean {
  const run = currentRun(peering);
  const progress = outcome.run === run.number ? run.steps[outcome.step] : undefined;
  if (!progress) return false;
  const states: ReadonlyArray<StepProgress["state"]> = AWAITED_IN[outcome.type];
  return states.includes(progress.state) && (!("wait" in outcome) || progress.waits.includes(outcome.wait));
}

/** Writes an awaited outcome into the record. */
export function recordOutcome(peering: Peering, outcome: Outcome): Peering {
  const run = currentRun(peering);
  const { step, at } = outcome;
  const progress = progressOf(run, step);
  const done = { ...progress, state: "done", endedAt: at, waits: [], failure: null, troubleSince: null } as const;
  switch (outcome.type) {
    case "stepStarted": {
      const waits = outcome.waits.map(({ key }) => key);
      const waiting = { ...progress, state: "waiting", waits, failure: null } as const;
      return keepResources(withStep(run, step, waits.length > 0 ? waiting : done, peering), outcome.resources);
    }
    case "stepDone":
      return keepResources(withStep(run, step, done, peering), outcome.resources);
    case "statusReached": {
      const waits = progress.waits.filter((wait) => wait !== outcome.wait);
      return withStep(run, step, waits.length > 0 ? { ...progress, waits } : done, peering);
    }
    case "testReported": {
      const { report, finding } = outcome;
      const silent = testFailure(run, step, report);
      if (!silent) return withStep(run, step, { ...done, report }, peering);
      const failure = finding ? { ...silent, finding } : silent;
      return withStep(run, step, { ...progress, state: "failed", endedAt: at, waits: [], failure, report }, peering);
    }
    case "stepFailed": {
      const attempts = progress.attempts + 1;
      const troubleSince = progress.troubleSince ?? at;
      const state = retryWait(peering, outcome) === null ? "failed" : "running";
      const failure = isInDoubt(progress, outcome)
        ? ({ ...outcome.failure, kind: "unknownResult" } as const)
        : outcome.failure;
      return withStep(
        run,
        step,
        { ...progress, state, attempts, troubleSince, failure, waits: [], endedAt: state === "failed" ? at : null },
        peering,
      );
    }
    // The attempt is used up, so that the next asking is another job with another cause.
    case "stepHeld":
      return withStep(run, step, { ...PENDING, attempts: progress.attempts + 1 }, peering);
    case "planChanged":
      return supersede(peering, outcome);
  }
}

/** Null when the test proves what it was for. */
function testFailure(run: Run, step: StepId, report: TestReport): Failure | null {
  const effect = stepOf(run, step)?.effect;
  if (effect?.type !== "runConnectivityTest") return null;
  const proved = testVerdict(effect, report);
  if (proved.verdict === "verified") return null;
  const { verdict, ping, ports } = proved;
  const kind = verdict === "noReply" ? "noReply" : "testCouldNotRun";
  return {
    kind,
    api: "RunCommand",
    code: "",
    requestId: "",
    message: report.from.instanceId,
    missing: { ping, ports },
  };
}

/** How long until the failed step is tried again by itself, ms; null when a person must look at it. */
export function retryWait(peering: Peering, outcome: StepFailed): number | null {
  const run = currentRun(peering);
  const progress = progressOf(run, outcome.step);
  const { attempts, troubleSince, generation } = progress;
  // Once a step has failed for good the others only end, but for one that somebody retries, and one of which nobody knows
  // whether it has made something: that must be known before anybody decides what to do with the rest.
  if (isFailing(run) && generation === 0 && !isInDoubt(progress, outcome)) return null;
  const seed = `${peering.id}/${run.number}/${outcome.step}`;
  return retryWaitMs(outcome.failure, attempts + 1, troubleSince ?? outcome.at, outcome.at, seed);
}

/**
 * True when this attempt, or one before it, may have been carried out without our hearing of it. A no that goes away by
 * itself says nothing about the attempts before; any other no ends the doubt.
 */
function isInDoubt({ failure: before }: StepProgress, { failure }: StepFailed): boolean {
  if (failure.kind === "unknownResult") return true;
  return before?.kind === "unknownResult" && nextAfter(failure) === "retry";
}

/** The approved plan no longer fits: its votes end with it, and the new plan waits for a decision of its own. */
function supersede(peering: Peering, { step, plan, at }: PlanChanged): Peering {
  const run = currentRun(peering);
  const superseded = withStep(run, step, { ...progressOf(run, step), state: "done", endedAt: at }, peering);
  const ended = withRun(superseded, { status: "superseded", endedAt: at });
  return withProposal(ended, run.kind, { by: run.by, at, plan });
}

/** A plan to mend what a test has found; it waits for a decision of its own. */
export function beginFix(
  peering: Peering,
  proposal: { readonly by: Person; readonly at: number; readonly plan: Plan },
): Peering {
  return withProposal(peering, "fix", proposal);
}

function withProposal(
  peering: Peering,
  kind: Run["kind"],
  { by, at, plan }: { readonly by: Person; readonly at: number; readonly plan: Plan },
): Peering {
  const { revision } = currentRun(peering);
  return { ...peering, runs: [...peering.runs, proposedRun(peering.runs.length + 1, kind, plan, revision, by, at)] };
}

/** Nothing was done under it; what failed before stands as it did. */
export function dropProposal(peering: Peering, at: number): Peering {
  return withRun(peering, { status: "dropped", endedAt: at });
}

/** The test of the approved plan once more; what stands, stands whatever comes out. */
export function beginTest(peering: Peering, { by, at }: { readonly by: Person; readonly at: number }): Peering {
  const proposed = withProposal(peering, "test", { by, at, plan: planTest(connectRun(peering).plan) });
  return withRun(proposed, { status: "running", startedAt: at });
}

export function resetStep(peering: Peering, { step }: Retry): Peering {
  const run = currentRun(peering);
  const { generation } = progressOf(run, step);
  return withStep(run, step, { ...PENDING, generation: generation + 1 }, peering);
}

/** A run that undoes those that built: the inverse of every step that was ever begun. */
export function beginRollback(peering: Peering, { by, at }: { readonly by: Person; readonly at: number }): Peering {
  const begun = buildingRuns(peering).flatMap((run) => run.plan.steps.filter(({ id }) => hasBegun(run, id)));
  const stopped = currentRun(peering).endedAt === null ? endRun(peering, "stopped", at) : peering;
  const plan = planRollback(connectRun(peering).plan, begun);
  return withRun(withProposal(stopped, "rollback", { by, at, plan }), { status: "running", startedAt: at });
}

/** A retried step that has not started again was begun all the same, so its generation counts. */
function hasBegun(run: Run, step: StepId): boolean {
  const { startedAt, generation } = progressOf(run, step);
  return startedAt !== null || generation > 0;
}

export function endRun(peering: Peering, status: "done" | "failed" | "stopped", at: number): Peering {
  return withRun(peering, { status, endedAt: at });
}

/** True for a step that is asked, of which no try is on record, and that must not begin because another one has failed. */
export function isToBeHeld(run: Run, step: StepId): boolean {
  const { generation, failure } = progressOf(run, step);
  return isFailing(run) && generation === 0 && failure === null;
}

export function isFailing(run: Run): boolean {
  return Object.values(run.steps).some(({ state }) => state === "failed");
}

export function nothingUnderWay(run: Run): boolean {
  return Object.values(run.steps).every(({ state }) => state !== "running" && state !== "waiting");
}

export function stageSteps(run: Run, stage: Stage): readonly Step[] {
  return run.plan.steps.filter((step) => step.stage === stage);
}

export function isStageDone(run: Run, stage: Stage): boolean {
  return stageSteps(run, stage).every(({ id }) => progressOf(run, id).state === "done");
}

function withStep(run: Run, step: StepId, progress: StepProgress, peering: Peering): Peering {
  return withRun(peering, { steps: { ...run.steps, [step]: progress } });
}

function withRun(peering: Peering, change: Partial<Run>): Peering {
  const run = currentRun(peering);
  return { ...peering, runs: peering.runs.map((each) => (each === run ? { ...run, ...change } : each)) };
}

/** A resource that is named again (a step that ran twice) is kept once. */
function keepResources(peering: Peering, named: Peering["resources"]): Peering {
  return named.reduce((kept, resource) => {
    const isKept = kept.resources.some(({ kind, id }) => kind === resource.kind && id === resource.id);
    return isKept ? kept : { ...kept, resources: [...kept.resources, resource] };
  }, peering);
}
