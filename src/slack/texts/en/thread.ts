/**
 * The lines of the thread: the log that people read. Real API names, real ids.
 */
import { shortHash, type AboutSide, type PreconditionChange } from "../../../../machines/network/plan.ts";
import type { Sides } from "../../../../machines/network/side.ts";
import type { Leads } from "../../../../machines/peering/authority.ts";
import type { StepEffect } from "../../../../machines/peering/effects.ts";
import type { Failure } from "../../../../machines/peering/failure.ts";
import type { ApiCall } from "../../../../machines/peering/outcomes.ts";
import type { Person, Resource } from "../../../../machines/peering/record.ts";
import { code, escaped, person } from "../mrkdwn.ts";
import { failureFact } from "./failures.ts";
import { mayDecide, UNTESTED_HINT } from "./card.ts";
import { SECURED_UNTESTED_TITLE, stepName } from "./names.ts";
import { regionName } from "./regions.ts";

export function approved(by: Person, planHash: string): string {
  return `${person(by.userId)} approved plan ${code(shortHash(planHash))}.`;
}

/** Whoever asked is called: nobody watches a thread. */
export function rejected(by: Person, reason: string, requester: Person): string {
  return `${person(requester.userId)}: ${person(by.userId)} rejected it: “${escaped(reason, 500)}”`;
}

export function withdrawn(by: Person): string {
  return `${person(by.userId)} withdrew the request. Nothing was changed.`;
}

export const EXPIRED =
  "Nobody decided in time, so the request expired. Nothing was changed. Ask again with `/peer-vpcs`.";
export const START_EXPIRED =
  "It was approved but could not start in time, so it expired. Nothing was changed. Ask again with `/peer-vpcs`.";
export const CHECKED = "Checked again: the network is as it was when the plan was made. Starting.";

export function retried(by: Person, step: string): string {
  return `${person(by.userId)} retries: ${step}.`;
}

export function rollingBack(by: Person): string {
  return `${person(by.userId)} rolls it back: what this peering made is removed, and only that.`;
}

export function acceptedUntested(by: Person, reason: string): string {
  return `${person(by.userId)} accepted it without a test: “${escaped(reason, 500)}”`;
}

/** `CreateRouterInterface, Qingdao: `ri-m5e…`. Request `7B2C…``. */
export function call({ api, regionId, subject, requestId }: ApiCall): string {
  return `${api}, ${regionName(regionId)}: ${code(subject)}. Request ${code(requestId)}`;
}

/** The cloud already was as the step wants it. */
export function alreadySo(effect: StepEffect, about: Sides<AboutSide>): string {
  return `${stepName(effect, about)}: already so, nothing to do.`;
}

const FOUND_NAMES = {
  routerInterface: "Router interface",
  vpcPeerConnection: "Peering connection",
  routeEntry: "Route entry",
  securityGroupRule: "Security group rule",
} as const satisfies Readonly<Record<Resource["kind"], string>>;

export function found({ kind, id, regionId }: Resource): string {
  return `${FOUND_NAMES[kind]}, ${regionName(regionId)}: ${code(id)} is already ours, found again.`;
}

export function keptRule({ securityGroupId, id }: Extract<Resource, { kind: "securityGroupRule" }>): string {
  return `Security group ${code(securityGroupId)}: this rule existed before (${code(id)}). Kept; we will not remove it.`;
}

/** `ri-…` is Active. */
export function reached(subject: string, status: string): string {
  return status === "gone" ? `${code(subject)} is gone.` : `${code(subject)} is ${escaped(status)}.`;
}

export function tryingAgain(effect: StepEffect, about: Sides<AboutSide>, failure: Failure): string {
  return `${stepName(effect, about)}: ${failureFact(failure)} Trying again.`;
}

/** A plan that the network has overtaken. */
export function planChanged(
  voters: readonly Person[],
  changes: readonly PreconditionChange[],
  planHash: string,
  leads: Leads,
): string {
  const whose =
    voters.length > 0
      ? `so the vote of ${voters.map(({ userId }) => person(userId)).join(", ")} no longer counts`
      : "so it must be decided again";
  const lines = changes.map(
    ({ subject, before, after }) => `• ${escaped(subject)}: ${shown(before)} → ${shown(after)}`,
  );
  const now = `The plan is ${code(shortHash(planHash))} now.`;
  return [
    // After an upgrade of the bot the same network may be planned differently.
    lines.length > 0
      ? `The network changed, ${whose}. ${now} Changed:`
      : `The plan is made differently now, ${whose}. ${now}`,
    ...lines,
    `${mayDecide(leads)}: it waits for your decision on the card.`,
  ].join("\n");
}

function shown(fact: string | null): string {
  return fact === null || fact === "" ? "nothing" : escaped(fact, 200);
}

/** Only leads can end this, so they are called. */
export function untested(leads: Leads): string {
  return `*${SECURED_UNTESTED_TITLE}.* ${UNTESTED_HINT} ${mayDecide(leads)}: the buttons are on the card.`;
}

/** `how` is a sentence without its full stop. */
export function verified(requester: Person, how: string): string {
  return `*Verified.* ${how}, ${person(requester.userId)}:`;
}

export function stopped(where: string, requester: Person): string {
  return `*${where}* ${person(requester.userId)}`;
}

export const ROLLED_BACK = "*Rolled back.* Nothing of this peering is left.";
export const TEST_RESULTS = "Test results:";
