/**
 * The thread: each committed event as the line that people read, with its time. Events that say nothing new to people
 * give no line.
 */
import type { types } from "@slack/bolt";
import type { PeeringState } from "../../../machines/peering/machine.ts";
import { nextAfter } from "../../../machines/peering/failure.ts";
import {
  connectRun,
  currentRun,
  hasTests,
  positionOf,
  progressOf,
  stepOf,
  type Peering,
  type Run,
} from "../../../machines/peering/record.ts";
import type { Card, StoredEvent } from "../../ports.ts";
import { mayDecide, stoppedAt } from "../texts/en/card.ts";
import { stepName } from "../texts/en/names.ts";
import { coverageLine } from "../texts/en/results.ts";
import * as runs from "../texts/en/runs.ts";
import * as say from "../texts/en/thread.ts";
import { timeOfDay } from "../texts/mrkdwn.ts";
import { causesText, failureText } from "./card.ts";
import { clipped, named, NOTIFICATION_TEXT_MAX, section, sections, type Message } from "./blocks.ts";
import { changesSince, howProved, resultTable } from "./results.ts";

/**
 * Null when the events have nothing to say. How it all stands now is told with the last events that bear on it, so when
 * `later` holds some of them, not yet.
 */
export function renderThread(
  happened: readonly StoredEvent[],
  later: readonly StoredEvent[],
  card: Card,
): Message | null {
  const { peering, state } = card.snapshot;
  const isLastTold = (types: ReadonlyArray<StoredEvent["event"]["type"]>) => {
    const isOne = ({ event }: StoredEvent) => types.includes(event.type);
    return happened.some(isOne) && !later.some(isOne);
  };
  const lines = happened.flatMap((event) => eventLines(event, card).map((line) => `${timeOfDay(event.at)}  ${line}`));
  const standing: types.KnownBlock[] = [];
  if (state === "failed" && isLastTold(["stepFailed", "testReported"])) {
    standing.push(...sections([say.stopped(stoppedLine(peering), peering.requester), failureText(peering)]));
  }
  if (
    state === "secured" &&
    !hasTests(connectRun(peering)) &&
    isLastTold(["stepStarted", "stepDone", "statusReached"])
  ) {
    standing.push(section(say.untested(card.leads)));
  }
  if (isLastTold(["testReported"])) standing.push(...tested(peering, state));
  if (state === "rolledBack" && lines.length > 0 && later.length === 0) standing.push(section(say.ROLLED_BACK));
  const blocks = [...sections(lines), ...standing];
  if (blocks.length === 0) return null;
  // A notification shows one line: how it stands if that is told, else the last thing that happened.
  const [first] = standing;
  const line = first?.type === "section" ? first.text?.text : lines.at(-1);
  const text = `${peering.id}: ${line?.split("\n")[0] ?? ""}`;
  return { text: clipped(text, NOTIFICATION_TEXT_MAX), blocks: named(blocks, peering.id) };
}

/** The results, once all tests of the run have ended. */
function tested(peering: Peering, state: PeeringState): types.KnownBlock[] {
  const run = currentRun(peering);
  const underWay = run.plan.steps.some(
    ({ id, stage }) => stage === "verify" && ["running", "waiting"].includes(progressOf(run, id).state),
  );
  const table = resultTable(peering);
  if (underWay || !table) return [];
  const verified = state === "verified" && run.status === "done";
  const heading = verified ? say.verified(peering.requester, howProved(peering)) : say.TEST_RESULTS;
  // Where the peering has failed, that was told with how it stands.
  const causes = state === "verified" && run.status === "failed" ? [causesText(run)] : [];
  return [
    section(heading),
    table,
    ...sections([...causes, ...changesSince(peering), coverageLine(run.plan.coverage)].filter(Boolean)),
  ];
}

function stoppedLine(peering: Peering): string {
  const run = currentRun(peering);
  const failed = run.plan.steps.find(({ id }) => progressOf(run, id).state === "failed");
  return failed
    ? stoppedAt(positionOf(run, failed.id), run.plan.steps.length, stepName(failed.effect, run.plan.about))
    : peering.id;
}

function eventLines({ event, by }: StoredEvent, { snapshot: { peering }, leads }: Card): readonly string[] {
  switch (event.type) {
    case "request":
    case "refused":
    case "testReported":
    case "stepHeld":
      return [];
    case "approve":
      return [say.approved(event.by, event.planHash)];
    case "reject": {
      const { kind, by: proposer } = runOf(peering, event.run);
      return [
        kind === "fix"
          ? runs.fixRejected(event.by, event.reason, proposer)
          : say.rejected(event.by, event.reason, peering.requester),
      ];
    }
    case "withdraw":
      return [droppedAt(peering, event.at) ? runs.fixWithdrawn(event.by) : say.withdrawn(event.by)];
    case "proposeFix":
      return [runs.fixProposed(event.by, event.plan, mayDecide(leads))];
    case "test":
      return [runs.testedAgain(event.by)];
    case "retry":
      return [say.retried(event.by, nameOf(runOf(peering, event.run), event.step))];
    case "rollBack":
      return [say.rollingBack(event.by)];
    case "acceptUntested":
      return [say.acceptedUntested(event.by, event.reason)];
    case "stepStarted":
    case "stepDone":
      return answerLines(event, runOf(peering, event.run));
    case "statusReached":
      return [say.reached(subjectOf(event.wait), event.status)];
    case "stepFailed": {
      const step = stepOf(runOf(peering, event.run), event.step);
      const repeats = event.attempt > 0 || nextAfter(event.failure) !== "retry";
      return repeats || !step ? [] : [say.tryingAgain(step.effect, connectRun(peering).plan.about, event.failure)];
    }
    case "planChanged":
      return [
        say.planChanged(
          runOf(peering, event.run).votes.map((vote) => vote.by),
          event.changes,
          event.plan.hash,
          leads,
        ),
      ];
    default:
      // A timer: the one kind of event whose types are made, not listed.
      return by === null ? [expiredLine(event.type, droppedAt(peering, event.at))] : [];
  }
}

/** Whether what ended at that moment was a fix. */
function droppedAt(peering: Peering, at: number): boolean {
  return peering.runs.some(({ status, endedAt }) => status === "dropped" && endedAt === at);
}

function expiredLine(timer: string, isFix: boolean): string {
  if (timer.includes("startTimeout")) return isFix ? runs.FIX_START_EXPIRED : say.START_EXPIRED;
  return isFix ? runs.FIX_EXPIRED : say.EXPIRED;
}

function answerLines(
  event: Extract<StoredEvent["event"], { type: "stepStarted" | "stepDone" }>,
  run: Run,
): readonly string[] {
  const step = stepOf(run, event.step);
  if (!step) return [];
  if (step.effect.type === "checkPlan") return [say.CHECKED];
  const calls = event.calls.map((call) => say.call(call));
  const kept = event.resources.flatMap((resource) => {
    if (resource.kind === "securityGroupRule") return resource.madeBy === "others" ? [say.keptRule(resource)] : [];
    return event.calls.length === 0 ? [say.found(resource)] : [];
  });
  if (calls.length + kept.length > 0) return [...calls, ...kept];
  return event.type === "stepDone" ? [say.alreadySo(step.effect, run.plan.about)] : [];
}

function nameOf(run: Run, stepId: string): string {
  const step = stepOf(run, stepId);
  return step ? stepName(step.effect, run.plan.about) : stepId;
}

function runOf(peering: Peering, number: number): Run {
  return peering.runs.find((run) => run.number === number) ?? currentRun(peering);
}

/** The id in a wait's key: `routerInterface:ri-…:Active`, `routeEntry:vtb-…:172.16.0.0/16:Available`. */
function subjectOf(wait: string): string {
  return wait.split(":").slice(1, -1).join(" ");
}
