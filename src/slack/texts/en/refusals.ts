/**
 * What a person is told when a wish of theirs is refused.
 */
import { shortHash } from "../../../../machines/network/plan.ts";
import { isSamePerson, type Leads, type Standing } from "../../../../machines/peering/authority.ts";
import type { Person } from "../../../../machines/peering/record.ts";
import type { Refusal } from "../../../../machines/peering/refusal.ts";
import { code, person, timeOfDay } from "../mrkdwn.ts";
import { mayDecide } from "./card.ts";
import { checkLine } from "./checks.ts";
import { STATE_TITLES } from "./names.ts";

export const REFUSAL_TITLE = "That did not happen";

/** `reader` is who gets to read it, for speaking of what they did themselves. */
export function refusal(refused: Refusal, now: number, reader?: Person): string {
  switch (refused.reason) {
    case "notAMember":
      return notAMember(refused.standing);
    case "readOnly":
      return "This bot is installed read-only: it changes nothing in the cloud and takes no requests. The operator can set `MODE=operate`.";
    case "noLeads":
      return refused.onlyYou
        ? "You are the only network lead, and nobody decides their own request. The operator must name another one (`NETWORK_LEADS_GROUP` or `NETWORK_LEADS`)."
        : "Nobody could decide this request: there are no network leads. The operator must set `NETWORK_LEADS_GROUP` or `NETWORK_LEADS`.";
    case "notALead":
      return `Only network leads decide. ${waitingFor(refused.leads)}`;
    case "ownRequest":
      return `Somebody else must decide. You asked for this ${refused.what}. ${waitingFor(refused.leads)}`;
    case "notTheRequester":
      return "Only the person who asked can withdraw it. A network lead can reject it.";
    case "neitherRequesterNorLead":
      return `Only the person who asked and the network leads can do that. ${waitingFor(refused.leads)}`;
    case "alreadyDecided":
      return alreadyDecided(refused, now, reader);
    case "planChanged":
      return `The plan changed while you looked at it; it is ${code(shortHash(refused.planHash))} now. Read the card again and decide on that one.`;
    case "notNow":
      return `That is not possible now: the peering is in state ${code(refused.state)}. The card shows what can be done.`;
    case "nothingToTest":
      return "There is nothing to test with: it was accepted without a test, because no instances were chosen.";
    case "pairTaken":
      return `${code(refused.peeringId)} already holds these two VPCs, and a pair can have one peering. See who asked and how it stands: \`/peer-vpcs status ${refused.peeringId}\`.`;
    case "checksStop":
      return refused.checks
        .filter(({ level }) => level === "stop")
        .map((check) => checkLine(check))
        .join("\n");
    case "unknownPeering":
      return `There is no peering ${code(refused.peeringId)}. \`/peer-vpcs list\` shows those there are.`;
  }
}

function notAMember(standing: Standing): string {
  const why = {
    guest: "Guests",
    bot: "Bots",
    deactivated: "Deactivated people",
    stranger: "People of other workspaces",
    member: "People like you",
  };
  return `${why[standing]} cannot use this bot. Ask a full member of this workspace to do it.`;
}

const DID = { rejected: "rejected", withdrawn: "withdrew" } as const;

function alreadyDecided(
  { how, by, at, planHash, state }: Extract<Refusal, { reason: "alreadyDecided" }>,
  now: number,
  reader: Person | undefined,
): string {
  const did =
    how === "approved" ? `approved plan ${code(shortHash(planHash))}` : how === "expired" ? "" : `${DID[how]} it`;
  const nothing = `This click changed nothing. It is now: ${STATE_TITLES[state]}.`;
  if (!by) return `Its time ran out at ${timeOfDay(at)}. ${nothing}`;
  if (reader && isSamePerson(by, reader)) return `You ${did} at ${timeOfDay(at)}. ${nothing}`;
  const ago = Math.max(0, Math.round((now - at) / 1_000));
  const before = ago === 0 ? "a moment before you" : ago < 120 ? `${ago} s before you` : "before you";
  return `${person(by.userId)} ${did} at ${timeOfDay(at)}, ${before}. ${nothing}`;
}

function waitingFor(leads: Leads): string {
  return leads.userIds.length > 0
    ? `Waiting for ${mayDecide(leads)}.`
    : "There is none: the operator must set `NETWORK_LEADS_GROUP` or `NETWORK_LEADS`.";
}
