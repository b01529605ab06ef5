/**
 * The lifecycle of a peering: its states and what may happen in each. The page to read first.
 *
 * The machine runs plans, not calls: a working state starts every step of its stage whose needs are done, and moves on
 * when the stage is done. So any number of route tables or security groups, and any connection type, has these states.
 *
 * It decides and asks; it does nothing. `runStep` is a marker whose parameters are the asked-for step as data, and the
 * time comes in on the event. Only `transition.ts` runs it.
 */
import { and, assign, setup, type SnapshotFrom } from "xstate";
import type { Stage } from "../network/plan.ts";
import type { AcceptUntested, Command, Request } from "./commands.ts";
import type { Outcome } from "./outcomes.ts";
import {
  begin,
  beginFix,
  beginRollback,
  beginTest,
  dropProposal,
  endRun,
  isAwaited,
  isFailing,
  isStageDone,
  nothingUnderWay,
  readySteps,
  recordOutcome,
  resetStep,
  retryWait,
  stageSteps,
  startStep,
  vote,
} from "./progress.ts";
import { connectRun, currentRun, hasFailedTest, stepOf, type Ending, type Peering, type Run } from "./record.ts";

/** Raise it when a stored record of an older machine can no longer be read as it is, and add the upgrade to `upgrade.ts`. */
export const MACHINE_VERSION = 2;

export type TimerEvent = { readonly type: `xstate.after.${DelayName}.peering.${string}`; readonly at: number };
type DelayName = "decisionTimeout" | "startTimeout";
export type PeeringEvent = Exclude<Command, Request> | Outcome | TimerEvent;

/** The working states and the stage of the plan that each carries out. */
export const STAGE_BY_STATE = {
  approved: "check",
  creating: "create",
  activated: "route",
  routed: "secure",
  secured: "verify",
  rollingBack: "undo",
} as const satisfies Record<string, Stage>;

const machineSetup = setup({
  types: {
    context: {} as Peering,
    events: {} as PeeringEvent,
    input: {} as Request,
  },
  delays: {
    decisionTimeout: ({ context }) => context.limits.decisionTimeoutMs,
    startTimeout: ({ context }) => context.limits.startTimeoutMs,
  },
  guards: {
    approvesThisPlan: ({ context, event }) =>
      event.type === "approve" &&
      event.run === currentRun(context).number &&
      event.planHash === currentRun(context).plan.hash,
    rejectsThisRun: ({ context, event }) => event.type === "reject" && event.run === currentRun(context).number,
    rejectsThisFix: ({ context, event }) =>
      event.type === "reject" && event.run === currentRun(context).number && isFix(context),
    isFix: ({ context }) => isFix(context),
    fixesVerified: ({ context }) => runBefore(currentRun(context), context)?.kind === "test",
    mayBeFixed: ({ context, event }) =>
      event.type === "proposeFix" && event.run === currentRun(context).number && hasFailedTest(currentRun(context)),
    mayBeTested: ({ context }) =>
      nothingUnderWay(currentRun(context)) && stageSteps(connectRun(context), "verify").length > 0,
    testIsOver: ({ context }) => {
      const run = currentRun(context);
      return run.kind === "test" && run.status === "running" && nothingUnderWay(run);
    },
    isAwaited: ({ context, event }) => isOutcome(event) && isAwaited(context, event),
    stageDone: ({ context }, stage: Stage) => isStageDone(currentRun(context), stage),
    stageDoneWithSteps: ({ context }, stage: Stage) =>
      stageSteps(currentRun(context), stage).length > 0 && isStageDone(currentRun(context), stage),
    stuck: ({ context }) => isFailing(currentRun(context)) && nothingUnderWay(currentRun(context)),
    nothingUnderWay: ({ context }) => nothingUnderWay(currentRun(context)),
    retriesStage: ({ context, event }, stage: Stage) => {
      if (event.type !== "retry" || event.run !== currentRun(context).number) return false;
      const failed = currentRun(context).steps[event.step]?.state === "failed";
      return failed && stepOf(currentRun(context), event.step)?.stage === stage;
    },
    approvalIsOver: ({ context, event }) => isApprovalOver(context, event),
    fixApprovalIsOver: ({ context, event }) => isFix(context) && isApprovalOver(context, event),
    rollsBackBuilding: ({ context }) => currentRun(context).kind !== "rollback",
  },
  actions: {
    /** Asks the shell to carry out one step, after `delayMs`. */
    runStep: (_, _params: { readonly run: number; readonly step: string; readonly delayMs: number }) => {},
    recordVote: assign(({ context, event }) => (event.type === "approve" ? vote(context, event) : {})),
    recordEnding: assign(({ event }, how: Ending["how"]) => ({ ending: endingOf(event, how) })),
    resetStep: assign(({ context, event }) => (event.type === "retry" ? resetStep(context, event) : {})),
    beginFix: assign(({ context, event }) => (event.type === "proposeFix" ? beginFix(context, event) : {})),
    dropProposal: assign(({ context, event }) => dropProposal(context, event.at)),
    beginTest: assign(({ context, event }) => (event.type === "test" ? beginTest(context, event) : {})),
    endTest: assign(({ context, event }) =>
      endRun(context, isFailing(currentRun(context)) ? "failed" : "done", event.at),
    ),
    beginRollback: assign(({ context, event }) => (event.type === "rollBack" ? beginRollback(context, event) : {})),
    recordAcceptance: assign(({ event }) =>
      event.type === "acceptUntested" ? { acceptedUntested: acceptanceOf(event) } : {},
    ),
    // It has ended already when a proposal to mend it was dropped.
    endRun: assign(({ context, event }, status: "done" | "failed") =>
      currentRun(context).endedAt === null ? endRun(context, status, event.at) : {},
    ),
  },
});

/** Starts every step of the stage whose needs are done. */
function startReadySteps(stage: Stage) {
  return machineSetup.enqueueActions(({ context, event, enqueue }) => {
    const run = currentRun(context);
    for (const { id } of readySteps(run, stage)) {
      enqueue.assign(({ context: record }) => startStep(record, id, event.at));
      enqueue({ type: "runStep", params: { run: run.number, step: id, delayMs: 0 } });
    }
  });
}

/** Keeps the answer; a failure that goes away by itself is asked for again later. */
const recordAnswer = machineSetup.enqueueActions(({ context, event, enqueue }) => {
  if (!isOutcome(event)) return;
  const delayMs = event.type === "stepFailed" ? retryWait(context, event) : null;
  enqueue.assign(() => recordOutcome(context, event));
  if (delayMs !== null) enqueue({ type: "runStep", params: { run: event.run, step: event.step, delayMs } });
});

/** What every working state does with the answers to its steps. */
function answersFor(stage: Stage) {
  const kept = { guard: "isAwaited", actions: [recordAnswer, startReadySteps(stage)] } as const;
  return {
    stepStarted: kept,
    stepDone: kept,
    stepFailed: kept,
    stepHeld: kept,
    statusReached: kept,
    testReported: kept,
  };
}

/** A fix that nobody approves changes nothing: what the test has found still stands. */
function dropsFix(guard: "isFix" | "rejectsThisFix" | "fixApprovalIsOver") {
  return [
    { guard: and([guard, "fixesVerified"]), target: "verified", actions: "dropProposal" },
    { guard, target: "failed", actions: "dropProposal" },
  ] as const;
}
const withdrawn = { target: "withdrawn", actions: { type: "recordEnding", params: "withdrawn" } } as const;
const expired = { target: "expired", actions: { type: "recordEnding", params: "expired" } } as const;
const failsWhenStuck = { guard: "stuck", target: "failed" } as const;

export const peeringMachine = machineSetup.createMachine({
  id: "peering",
  context: ({ input }) => begin(input),
  initial: "requested",
  states: {
    requested: {
      on: {
        approve: { guard: "approvesThisPlan", target: "approved", actions: "recordVote" },
        reject: [
          ...dropsFix("rejectsThisFix"),
          { guard: "rejectsThisRun", target: "rejected", actions: { type: "recordEnding", params: "rejected" } },
        ],
        withdraw: [...dropsFix("isFix"), withdrawn],
      },
      after: { decisionTimeout: [...dropsFix("isFix"), expired] },
    },
    approved: {
      entry: startReadySteps("check"),
      on: {
        ...answersFor("check"),
        planChanged: { guard: "isAwaited", target: "requested", actions: recordAnswer },
        withdraw: [...dropsFix("isFix"), withdrawn],
      },
      always: [failsWhenStuck, { guard: { type: "stageDone", params: "check" }, target: "creating" }],
      after: { startTimeout: [...dropsFix("isFix"), expired] },
    },
    creating: {
      entry: startReadySteps("create"),
      on: answersFor("create"),
      always: [failsWhenStuck, { guard: { type: "stageDone", params: "create" }, target: "activated" }],
    },
    activated: {
      entry: startReadySteps("route"),
      on: answersFor("route"),
      always: [failsWhenStuck, { guard: { type: "stageDone", params: "route" }, target: "routed" }],
    },
    routed: {
      entry: startReadySteps("secure"),
      on: answersFor("secure"),
      always: [failsWhenStuck, { guard: { type: "stageDone", params: "secure" }, target: "secured" }],
    },
    // Without a test to run it stays here until a lead accepts it untested or it is rolled back.
    secured: {
      entry: startReadySteps("verify"),
      on: {
        ...answersFor("verify"),
        // One direction is tested again while the other still is.
        retry: {
          guard: { type: "retriesStage", params: "verify" },
          actions: ["resetStep", startReadySteps("verify")],
        },
        acceptUntested: { guard: "nothingUnderWay", target: "verified", actions: "recordAcceptance" },
        rollBack: { guard: "nothingUnderWay", target: "rollingBack", actions: "beginRollback" },
      },
      always: [failsWhenStuck, { guard: { type: "stageDoneWithSteps", params: "verify" }, target: "verified" }],
    },
    failed: {
      entry: { type: "endRun", params: "failed" },
      on: {
        retry: [
          ...dropsFix("fixApprovalIsOver"),
          { guard: "approvalIsOver", ...expired },
          { guard: { type: "retriesStage", params: "check" }, target: "approved", actions: "resetStep" },
          { guard: { type: "retriesStage", params: "create" }, target: "creating", actions: "resetStep" },
          { guard: { type: "retriesStage", params: "route" }, target: "activated", actions: "resetStep" },
          { guard: { type: "retriesStage", params: "secure" }, target: "routed", actions: "resetStep" },
          { guard: { type: "retriesStage", params: "verify" }, target: "secured", actions: "resetStep" },
          { guard: { type: "retriesStage", params: "undo" }, target: "rollingBack", actions: "resetStep" },
        ],
        proposeFix: { guard: "mayBeFixed", target: "requested", actions: "beginFix" },
        rollBack: { guard: "rollsBackBuilding", target: "rollingBack", actions: "beginRollback" },
      },
    },
    rollingBack: {
      entry: startReadySteps("undo"),
      on: answersFor("undo"),
      always: [failsWhenStuck, { guard: { type: "stageDone", params: "undo" }, target: "rolledBack" }],
    },
    // It stands whatever another test says; the card and the thread say what that found.
    verified: {
      entry: { type: "endRun", params: "done" },
      on: {
        ...answersFor("verify"),
        test: { guard: "mayBeTested", actions: ["beginTest", startReadySteps("verify")] },
        proposeFix: { guard: "mayBeFixed", target: "requested", actions: "beginFix" },
      },
      always: { guard: "testIsOver", actions: "endTest" },
    },
    rolledBack: { type: "final", entry: { type: "endRun", params: "done" } },
    rejected: { type: "final" },
    withdrawn: { type: "final" },
    expired: { type: "final" },
  },
});

export type PeeringState = SnapshotFrom<typeof peeringMachine>["value"];

/** Ended without a peering: nothing of it is left, and the pair is free for another request. */
export function isEnded(state: PeeringState): boolean {
  return state === "rejected" || state === "withdrawn" || state === "expired" || state === "rolledBack";
}

/** The one that stands before it; proposals that were dropped stand for nothing. */
function runBefore({ number }: Run, { runs }: Peering): Run | undefined {
  return runs.findLast((run) => run.number < number && run.status !== "dropped");
}

function isFix(peering: Peering): boolean {
  return currentRun(peering).kind === "fix";
}

/** Nothing has been written under it, and what it was given for may be long past. */
function isApprovalOver(peering: Peering, event: PeeringEvent): boolean {
  const run = currentRun(peering);
  if (event.type !== "retry" || event.run !== run.number) return false;
  const isCheck = stepOf(run, event.step)?.stage === "check";
  const votedAt = run.votes.at(-1)?.at ?? -Infinity;
  return isCheck && event.at - votedAt > peering.limits.startTimeoutMs;
}

function isOutcome(event: PeeringEvent): event is Outcome {
  return "step" in event && event.type !== "retry";
}

function endingOf(event: PeeringEvent, how: Ending["how"]): Ending {
  const by = event.type === "reject" || event.type === "withdraw" ? event.by : null;
  return { how, by, at: event.at, reason: event.type === "reject" ? event.reason : "" };
}

function acceptanceOf({ by, at, reason }: AcceptUntested): NonNullable<Peering["acceptedUntested"]> {
  return { by, at, reason };
}
