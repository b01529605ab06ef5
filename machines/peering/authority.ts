/**
 * Who may ask what. One function for every entry, deny by default.
 */
import type { Command } from "./commands.ts";
import { currentRun, type Peering, type Person } from "./record.ts";
import type { Refusal } from "./refusal.ts";

/** How the workspace knows somebody. Only a `member` may ask for anything. */
export type Standing = "member" | "guest" | "bot" | "deactivated" | "stranger";

export interface Actor {
  readonly person: Person;
  readonly standing: Standing;
}

export interface Policy {
  /** `read-only` changes nothing in the cloud and takes no requests: the install default. */
  readonly mode: "read-only" | "operate";
  readonly leads: Leads;
}

/** The network leads: members of a Slack user group and listed people together. */
export interface Leads {
  readonly userIds: readonly string[];
  /** Set when a user group is configured, for mentioning it. */
  readonly groupId: string | null;
}

export type Decision = { readonly allowed: true } | { readonly allowed: false; readonly refusal: Refusal };

/** May `actor` ask `command` of this peering? `peering` is null for `request`, which begins one. */
export function may(actor: Actor, command: Command["type"], peering: Peering | null, policy: Policy): Decision {
  if (actor.standing !== "member") return deny({ reason: "notAMember", standing: actor.standing });
  // The leads are user ids of the peering's own workspace; the same id in another one is somebody else.
  if (peering !== null && peering.requester.teamId !== actor.person.teamId)
    return deny({ reason: "notAMember", standing: "stranger" });
  const isLead = policy.leads.userIds.includes(actor.person.userId);
  const isRequester = peering !== null && isSamePerson(peering.requester, actor.person);
  // A fix is asked for by whoever proposes it, and nobody decides what they asked for.
  const proposed = peering && currentRun(peering);
  const isProposer = proposed?.kind === "fix" && isSamePerson(proposed.by, actor.person);
  const { leads } = policy;
  if (WRITES[command] && policy.mode !== "operate") return deny({ reason: "readOnly" });
  switch (command) {
    case "request":
      return leads.userIds.some((id) => id !== actor.person.userId)
        ? ALLOWED
        : deny({ reason: "noLeads", onlyYou: isLead });
    case "approve":
    case "reject":
    case "acceptUntested":
      if (isRequester) return deny({ reason: "ownRequest", what: "peering", leads });
      if (isProposer && command !== "acceptUntested") return deny({ reason: "ownRequest", what: "fix", leads });
      return isLead ? ALLOWED : deny({ reason: "notALead", leads });
    case "withdraw":
      return isRequester || isProposer ? ALLOWED : deny({ reason: "notTheRequester" });
    case "retry":
    case "rollBack":
    case "proposeFix":
    case "test":
      return isRequester || isLead ? ALLOWED : deny({ reason: "neitherRequesterNorLead", leads });
  }
}

/** Commands that lead to writes in the cloud. */
const WRITES = {
  request: true,
  approve: true,
  retry: true,
  rollBack: true,
  proposeFix: true,
  /** It runs a command on an instance. */
  test: true,
  reject: false,
  withdraw: false,
  acceptUntested: false,
} as const satisfies Record<Command["type"], boolean>;

const ALLOWED: Decision = { allowed: true };

function deny(refusal: Refusal): Decision {
  return { allowed: false, refusal };
}

/** Two ids of one workspace name one person; names and addresses name nobody. */
export function isSamePerson(a: Person, b: Person): boolean {
  return a.teamId === b.teamId && a.userId === b.userId;
}
