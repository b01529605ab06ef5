/**
 * Which packets of a whole flow, from blocks to blocks, a security group rule is about.
 */
import type { PlannedRule } from "../peering/effects.ts";
import { blockOf, type Block } from "./cidr.ts";
import type { SecurityGroupRule } from "./facts.ts";
import { EVERY_PORT, portsIn } from "./packet.ts";
import type { Flow } from "./planned-flows.ts";
import type { PortRange } from "./request.ts";
import { RULE_PRIORITY } from "./rules.ts";

/** The block of the far end; null when the rule names it otherwise. */
export function peerOf({ peerCidr }: SecurityGroupRule): Block | null {
  return peerCidr === "" ? null : blockOf(peerCidr);
}

/** True when the rule is about some packet of the flow, as far as protocol and ports go. */
export function concerns(rule: SecurityGroupRule, { protocol, ports }: Flow): boolean {
  if (rule.protocol !== "ALL" && rule.protocol !== protocol) return false;
  const range = portsOf(rule.portRange);
  return ports === null || range === null || (range.from <= ports.to && ports.from <= range.to);
}

/** True when the rule is about every packet of the flow, as far as protocol and ports go. */
export function concernsAll(rule: SecurityGroupRule, { protocol, ports }: Flow): boolean {
  if (rule.protocol !== "ALL" && rule.protocol !== protocol) return false;
  if (rule.sourcePortRange !== "" || rule.ownCidr !== "") return false;
  const range = portsOf(rule.portRange);
  return ports === null || range === null || (range.from <= ports.from && ports.to <= range.to);
}

/** Null for all of them; what is no range holds none. Examples: as for `portsIn`. */
export function portsOf(portRange: string): PortRange | null {
  const ports = portsIn(portRange);
  if (ports === EVERY_PORT) return null;
  return ports ? { from: ports.low, to: ports.high } : NO_PORTS;
}

const NO_PORTS: PortRange = { from: 1, to: 0 };

/** Identical in all that the API compares: then authorising again adds nothing. */
export function isSameRule(planned: PlannedRule, present: SecurityGroupRule): boolean {
  return present.priority === RULE_PRIORITY && letsThroughSame(planned, present);
}

/**
 * The same but for its priority. Unsure whether the API takes it for identical and adds nothing: then this one, of
 * others, lets through what ours was to.
 */
export function isStronger(planned: PlannedRule, present: SecurityGroupRule): boolean {
  return present.priority < RULE_PRIORITY && letsThroughSame(planned, present);
}

function letsThroughSame(planned: PlannedRule, present: SecurityGroupRule): boolean {
  return (
    present.policy === "accept" &&
    present.protocol === planned.protocol &&
    present.portRange === planned.portRange &&
    present.peerCidr === planned.peerCidr &&
    // One that is narrower at the near end lets through less.
    present.ownCidr === (planned.ownCidr ?? "") &&
    present.sourcePortRange === ""
  );
}
