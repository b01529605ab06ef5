/**
 * Which packets of a whole flow, from blocks to blocks, a security group rule is about.
 */
import { blockOf, type Block } from "./cidr.ts";
import type { SecurityGroupRule } from "./facts.ts";
import type { Flow } from "./planned-flows.ts";
import type { PortRange } from "./request.ts";

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

/** `443/443`; null for `-1/-1`, which is all of them. */
export function portsOf(portRange: string): PortRange | null {
  const slash = portRange.indexOf("/");
  const from = Number(portRange.slice(0, slash));
  return from < 0 ? null : { from, to: Number(portRange.slice(slash + 1)) };
}
