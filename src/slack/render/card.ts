/**
 * The card: one message per peering, edited in place. A pure function of committed state; a network lead decides from
 * it, on a phone, in half a minute.
 */
import type { types } from "@slack/bolt";
import { shortHash } from "../../../machines/network/plan.ts";
import {
  approvedRun,
  connectRun,
  currentRun,
  failedSteps,
  isConnected,
  madeByUs,
  positionOf,
  progressOf,
  hasTests,
  requestOf,
  type Peering,
  type Run,
} from "../../../machines/peering/record.ts";
import { isEnded } from "../../../machines/peering/machine.ts";
import type { Snapshot } from "../../../machines/peering/transition.ts";
import type { Card } from "../../ports.ts";
import * as say from "../texts/en/card.ts";
import { movesText, opensText } from "../texts/en/impact.ts";
import * as runs from "../texts/en/runs.ts";
import { CONNECTION_WORDS } from "../texts/en/connections/words.ts";
import { failureCure, failureFact } from "../texts/en/failures.ts";
import {
  end,
  EXPIRED_APPROVED_TITLE,
  SECURED_UNTESTED_TITLE,
  STATE_TITLES,
  stepName,
  VERIFIED_UNTESTED_TITLE,
} from "../texts/en/names.ts";
import { code, escaped } from "../texts/mrkdwn.ts";
import { controls } from "./controls.ts";
import {
  bounded,
  clipped,
  context,
  image,
  named,
  NOTIFICATION_TEXT_MAX,
  section,
  sections,
  type Message,
} from "./blocks.ts";
import { resultLines } from "./results.ts";

export function renderCard(card: Card): Message {
  const { peering, state } = card.snapshot;
  const { plan } = approvedRun(peering);
  const headline = `*${titleOf(card.snapshot)}*\n${end(plan.about.initiator)} → ${end(plan.about.acceptor)}`;
  const picture = card.picture ? [image(card.picture)] : [];
  // Last to be let in, and last to be seen: what is decided on and the buttons stay together on a small screen.
  const fitting = bounded([section(headline), ...situation(card), ...facts(card.snapshot), ...picture]);
  const blocks = fitting.filter(({ type }) => type !== "image");
  const buttons = controls(card.snapshot);
  if (buttons) blocks.push(buttons);
  const deciders = state === "requested" ? ` · ${say.mayDecide(card.leads)} may decide` : "";
  blocks.push(
    context(
      `${code(peering.id)} · plan ${code(shortHash(plan.hash))} · ${say.askedBy(peering.requester.userId, peering.requestedAt)}${deciders}`,
    ),
    ...fitting.filter(({ type }) => type === "image"),
  );
  const text = clipped(`${titleOf(card.snapshot)}: ${plainEnds(peering)}, ${peering.id}`, NOTIFICATION_TEXT_MAX);
  return { text, blocks: named(blocks, peering.id) };
}

/** The card as text, as it goes on record with an approval. */
export function cardText(card: Card): string {
  return renderCard(card)
    .blocks.flatMap((block) => (block.type === "section" && block.text ? [block.text.text] : []))
    .join("\n");
}

/** How it stands, in a few words. */
export function titleOf({ state, peering }: Snapshot): string {
  if (state === "secured" && !hasTests(connectRun(peering))) return SECURED_UNTESTED_TITLE;
  if (state === "verified" && peering.acceptedUntested) return VERIFIED_UNTESTED_TITLE;
  const laterTitle = titleOfLaterRun(state, currentRun(peering));
  if (laterTitle) return laterTitle;
  if (state === "expired" && connectRun(peering).votes.length > 0) return EXPIRED_APPROVED_TITLE;
  if (state === "failed") {
    const [failed] = failedSteps(currentRun(peering));
    if (failed)
      return say.stoppedAt(
        positionOf(currentRun(peering), failed.id),
        currentRun(peering).plan.steps.length,
        stepName(failed.effect, connectRun(peering).plan.about),
      );
  }
  return state === "creating" ? CONNECTION_WORDS[connectRun(peering).plan.connection].creating : STATE_TITLES[state];
}

/** What a fix or another test makes of the title; null where it is the state's own. */
function titleOfLaterRun(state: Snapshot["state"], { kind, status }: Run): string | null {
  if (kind === "fix" && state === "requested") return runs.FIX_WAITS_TITLE;
  if (kind === "fix" && state === "approved") return runs.FIX_CHECKED_TITLE;
  if (kind !== "test" || state !== "verified") return null;
  return { running: runs.TESTING_AGAIN_TITLE, failed: runs.LAST_TEST_FAILED_TITLE }[status as string] ?? null;
}

/** What is going on right now, and what a person can do about it. */
function situation(card: Card): types.KnownBlock[] {
  const { state, peering } = card.snapshot;
  switch (state) {
    case "requested":
      return currentRun(peering).kind === "fix" ? fixBlocks(peering) : [];
    case "approved":
    case "creating":
    case "activated":
    case "routed":
    case "rollingBack":
      return [section(progressLine(card))];
    case "secured":
      return [section(hasTests(connectRun(peering)) ? progressLine(card) : say.UNTESTED_HINT)];
    case "failed":
      return sections([failureText(peering)]);
    case "verified":
      return currentRun(peering).status === "running"
        ? [section(progressLine(card)), ...outcomeBlocks(peering)]
        : outcomeBlocks(peering);
    case "rolledBack":
      return outcomeBlocks(peering);
    case "rejected":
    case "withdrawn":
    case "expired":
      return endingBlocks(peering);
  }
}

function progressLine({ snapshot: { peering }, waitingFor }: Card): string {
  const run = currentRun(peering);
  const { about } = run.plan;
  const underWay = run.plan.steps.filter(({ id }) => ["running", "waiting"].includes(progressOf(run, id).state));
  const now = underWay.map(({ id, effect }) => {
    const holder = waitingFor.find(({ step }) => step === id)?.holder;
    return holder ? `${stepName(effect, about)} (${say.waitingForLane(holder)})` : stepName(effect, about);
  });
  const done = run.plan.steps.filter(({ id }) => progressOf(run, id).state === "done").length;
  const next = run.plan.steps.find(({ id }) => progressOf(run, id).state === "pending");
  return say.progress(done + 1, run.plan.steps.length, now, next ? stepName(next.effect, about) : null);
}

/** The steps that failed, what mends it, and what stands. */
export function failureText(peering: Peering): string {
  return `${causesText(currentRun(peering))}\n*Now* ${standing(peering)}`;
}

/** The steps that failed and what mends it. */
export function causesText(run: Run): string {
  const failed = failedSteps(run).flatMap(({ id, effect }) => {
    const { failure } = progressOf(run, id);
    return failure ? [{ failure, name: stepName(effect, run.plan.about) }] : [];
  });
  // What mends several is said once.
  const cures = new Set(failed.map(({ failure }) => failureCure(failure, run.kind)));
  return [
    ...failed.map(({ failure, name }) => `*${name}* ${failureFact(failure)}`),
    ...[...cures].map((cure) => `*To mend* ${cure}`),
  ].join("\n");
}

function standing(peering: Peering): string {
  return say.standsNow(madeByUs(peering), connectRun(peering).plan.connection, isConnected(peering));
}

function outcomeBlocks(peering: Peering): types.KnownBlock[] {
  const { acceptedUntested } = peering;
  const accepted = acceptedUntested ? [say.acceptedUntested(acceptedUntested.by.userId, acceptedUntested.reason)] : [];
  const last = currentRun(peering);
  const failed = last.kind === "test" && last.status === "failed" ? [runs.lastTestFailed(last), causesText(last)] : [];
  const lines = [...accepted, ...failed, ...resultLines(peering)];
  return lines.length > 0 ? sections([lines.join("\n")]) : [];
}

/** What the test found, and what would mend it. */
function fixBlocks(peering: Peering): types.KnownBlock[] {
  const fix = currentRun(peering);
  const before = peering.runs.findLast(({ number, status }) => number < fix.number && status === "failed");
  return sections([...(before ? resultLines(peering) : []), runs.fixAsked(fix, peering.id)]);
}

function endingBlocks({ ending }: Peering): types.KnownBlock[] {
  return ending ? [section(say.endedBefore(ending))] : [];
}

/** What a decision rests on; once it has ended with nothing, what was asked for. */
function facts({ state, peering }: Snapshot): types.KnownBlock[] {
  const { plan } = connectRun(peering);
  const request = requestOf(peering);
  const why = `*Why* “${escaped(request.reason, 500)}”`;
  const isFix = state === "requested" && currentRun(peering).kind === "fix";
  // What is decided is the fix; the plan that built was decided before.
  const decided = isFix ? currentRun(peering).plan : plan;
  const effects = [
    `*Opens* ${opensText(decided)}`,
    decided.impact ? `*Breaks or moves* ${movesText(decided.impact)}` : "",
  ];
  if (isEnded(state)) return sections([`*Asked for* ${opensText(plan)}`, why]);
  if (isFix) return sections([...effects.filter(Boolean), why]);
  const costs = `*Costs* ${say.costs(request, plan.about)}`;
  return sections([...effects.filter(Boolean), costs, `*Checks* ${say.checksSummary(plan)}`, why]);
}

function plainEnds(peering: Peering): string {
  const { initiator, acceptor } = connectRun(peering).plan.about;
  return `${escaped(initiator.vpcName || initiator.vpcId)} to ${escaped(acceptor.vpcName || acceptor.vpcId)}`;
}
