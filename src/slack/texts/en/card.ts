/**
 * The sentences of the card.
 */
import { shortHash, type AboutSide, type Plan } from "../../../../machines/network/plan.ts";
import type { ConnectionId, RequestRevision } from "../../../../machines/network/request.ts";
import type { Sides } from "../../../../machines/network/side.ts";
import type { Leads } from "../../../../machines/peering/authority.ts";
import type { Ending, Made } from "../../../../machines/peering/record.ts";
import type { StepEffect } from "../../../../machines/peering/effects.ts";
import { code, count, dateAndTime, escaped, listed, person } from "../mrkdwn.ts";
import { reachesText } from "./impact.ts";
import { checkLine } from "./checks.ts";
import { CONNECTION_WORDS } from "./connections/words.ts";

export function costs({ connection, size }: RequestRevision, about: Sides<AboutSide>): string {
  return CONNECTION_WORDS[connection].costs(size, about);
}

export function checksSummary({ checks, about }: Plan): string {
  const toRead = checks.filter(({ level }) => level !== "ok");
  const ok = `${checks.length - toRead.length} ok`;
  return toRead.length === 0
    ? ok
    : `${ok}, ${toRead.length} to read: ${toRead.map((check) => checkLine(check, about)).join(" ")}`;
}

export function askedBy(userId: string, at: number): string {
  return `Asked by ${person(userId)}, ${dateAndTime(at)}`;
}

const LEADS_NAMED_MAX = 5;

export function mayDecide({ groupId, userIds }: Leads): string {
  if (groupId) return `<!subteam^${groupId}>`;
  const more = userIds.length > LEADS_NAMED_MAX ? [`${userIds.length - LEADS_NAMED_MAX} more`] : [];
  return listed([...userIds.slice(0, LEADS_NAMED_MAX).map((userId) => person(userId)), ...more]);
}

export function approveButton(planHash: string): string {
  return `Approve plan ${shortHash(planHash)}`;
}

export function approveConfirm(plan: Plan): string {
  const amount = (type: StepEffect["type"]) => plan.steps.filter(({ effect }) => effect.type === type).length;
  const rules = plan.steps.reduce(
    (sum, { effect }) => sum + (effect.type === "authorizeSecurityGroup" ? effect.rules.length : 0),
    0,
  );
  const makes = listed([
    parts(amount("createRouterInterface") + amount("createVpcPeerConnection"), plan.connection),
    count(amount("createRouteEntry"), "route entry", "route entries"),
    count(rules, "security group rule", "security group rules"),
  ]);
  return `Creates ${makes}. ${reachesText(plan)}It starts at once. Your name goes on record.`;
}

export function rollBackConfirm(made: Made, connection: ConnectionId): string {
  if (made.connections + made.entries + made.rules === 0)
    return "Nothing was built as far as the record goes. This looks once more that nothing is left, and ends the peering.";
  const { connections, entries, rules } = made;
  const all = listed([
    parts(connections, connection),
    count(entries, "route entry", "route entries"),
    count(rules, "security group rule", "security group rules"),
  ]);
  return `Removes what this peering made (${all}) and nothing else.`;
}

function parts(amount: number, connection: ConnectionId): string {
  const { one, many } = CONNECTION_WORDS[connection].part;
  return count(amount, one, many);
}

export function progress(position: number, total: number, now: readonly string[], next: string | null): string {
  const doing = now.length > 0 ? ` · now: ${listed(now)}` : "";
  return `Step ${Math.min(position, total)} of ${total}${doing}${next ? ` · next: ${next}` : ""}`;
}

export function waitingForLane(holder: string): string {
  return `waiting for ${code(holder)} on the same network`;
}

export const UNTESTED_HINT =
  "It is built, but there was nothing to test it with, so nobody knows yet whether it works. A network lead can accept it as it is, or it can be rolled back.";

export function acceptedUntested(userId: string, reason: string): string {
  return `${person(userId)} accepted it without a test: “${escaped(reason, 500)}”`;
}

/** Named in the record of an approval, which keeps the text that was shown. */
export const LANGUAGE = "en";

export const BUTTON_LABELS = {
  reject: "Reject…",
  withdraw: "Withdraw",
  reviewPlan: "Review plan",
  rollBack: "Roll back",
  acceptUntested: "Accept untested…",
  test: "Test again",
  proposeFix: "Propose fix",
} as const;

export function retryButton(position: number): string {
  return `Retry step ${position}`;
}

export const CONFIRM = { yes: "Yes", no: "Not now" } as const;

export function stoppedAt(position: number, total: number, step: string): string {
  return `Stopped at step ${position} of ${total}: ${step}`;
}

/** What stands in the cloud right now, for a card that has stopped. */
export function standsNow(made: Made, connection: ConnectionId, connected: boolean): string {
  const { connections, entries, rules } = made;
  if (connections + entries + rules === 0) return "nothing was built; nothing is billed.";
  const all = listed([
    parts(connections, connection),
    count(entries, "route entry", "route entries"),
    count(rules, "rule", "rules"),
  ]);
  return `${all} exist; ${CONNECTION_WORDS[connection].standing(connections, connected)}`;
}

/** How it ended before anything was built. */
export function endedBefore({ how, by, reason }: Ending): string {
  const who = by ? person(by.userId) : "";
  switch (how) {
    case "rejected":
      return `${who} rejected it: “${escaped(reason, 500)}”. Nothing was changed.`;
    case "withdrawn":
      return `${who} withdrew the request. Nothing was changed.`;
    case "expired":
      return "Nothing was changed. Ask again with `/peer-vpcs`.";
  }
}

/** In place of a card that was posted twice because Slack's answer was lost. */
export function secondCard(permalink: string): string {
  return `This card was posted twice. The one that counts is <${permalink}|here>.`;
}
