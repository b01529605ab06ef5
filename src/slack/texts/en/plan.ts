/**
 * The reviewed plan around its steps: what it comes to first, what nobody looked at, what was found in order.
 */
import type { Plan } from "../../../../machines/network/plan.ts";
import { manyBlocks } from "./address-blocks.ts";
import { checkLine } from "./checks.ts";
import { movesText, opensText } from "./impact.ts";

const STEPS_TITLE =
  "*Steps, in this order* What is there stays as it is. Rules get priority 100, the weakest, so a drop that is there wins.";

/** What is said once for all of them. */
export function stepsHead(plan: Plan): readonly string[] {
  return [STEPS_TITLE, ...manyBlocks(plan)];
}

/** What opens, what moves and what the checks found, the worst of it first in each. */
export function consequences(plan: Plan): readonly string[] {
  const toRead = plan.checks.filter(({ level }) => level !== "ok");
  const ok = plan.checks.length - toRead.length;
  return [
    `*Opens* ${opensText(plan)}`,
    ...(plan.impact ? [`*Breaks or moves* ${movesText(plan.impact)}`] : []),
    `*Checks* ${ok} ok${toRead.length > 0 ? `, ${toRead.length} to read:` : "."}`,
    ...toRead.map((check) => `• ${checkLine(check, plan.about)}`),
  ];
}

/** What could still stand in the way, or open more than was counted, and no check here sees. */
export const NOT_LOOKED_AT: readonly string[] = [
  "*Not looked at*",
  "• *Names* PrivateZone: a name of the other side resolves only where its zone is bound to this VPC.",
  "• *Other firewalls* Cloud Firewall, firewalls on the servers, network policies of Kubernetes, allowlists of databases.",
  "• *IPv6* Only IPv4 is routed, opened and checked.",
  "• *Prefix lists* What is in them, in rules and in route entries.",
  "• *Containers* Pod and service ranges that no route entry shows.",
  "• *Further addresses* A server counts with its first address alone, not with other network interfaces.",
  "• *Permissions* Whether the bot may do each step: one that it may not do stops there and says so.",
  "• *Networks behind* Addresses that a CEN, VPN or leased line reaches, unless a route entry shows them.",
];

/** Each sentence once: many checks are made of both sides and of every table. */
export function foundInOrder({ checks, about }: Plan): readonly string[] {
  const ok = checks.filter(({ level }) => level === "ok").map((check) => checkLine(check, about));
  return ok.length > 0 ? [`*${ok.length} checks are ok*`, ...new Set(ok)] : [];
}
