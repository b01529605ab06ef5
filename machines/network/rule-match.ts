/**
 * Which packets a security group rule is about, and what the rules of several groups make of one.
 *
 * Rules of all groups of an instance count together: the smallest priority wins, at equal priority a drop does.
 * https://www.alibabacloud.com/help/en/ecs/user-guide/security-group-rules (read 2026-08-22)
 */
import { blockOf, covers, meets, type Block } from "./cidr.ts";
import type { SecurityGroup, SecurityGroupRule } from "./facts.ts";
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
export function concernsAll(rule: SecurityGroupRule, flow: Flow): boolean {
  const range = portsOf(rule.portRange);
  const { ports } = flow;
  const holdsPorts = ports === null || range === null || (range.from <= ports.from && ports.to <= range.to);
  return concerns(rule, flow) && holdsPorts && rule.sourcePortRange === "" && rule.ownCidr === "";
}

/** `443/443`; null for `-1/-1`, which is all of them. */
export function portsOf(portRange: string): PortRange | null {
  const [from = -1, to = -1] = portRange.split("/").map(Number);
  return from < 0 ? null : { from, to };
}

interface Packet {
  readonly flow: Flow;
  readonly own: Block;
  readonly peer: Block;
  /** Groups of the instance at the other end. */
  readonly peerGroupIds: readonly string[];
}

/** What the groups of one instance make of a packet to or from another VPC, by the rules that are there. */
export function decide(
  groups: readonly SecurityGroup[],
  direction: "ingress" | "egress",
  packet: Packet,
): "accept" | "drop" | "unknown" {
  const rules = groups.flatMap((group) => group.rules ?? []).filter((rule) => rule.direction === direction);
  const about = rules.filter((rule) => concerns(rule, packet.flow) && isOwn(rule, packet.own));
  const isUnseen = groups.some((group) => group.rules === null) || about.some((rule) => rule.peerPrefixListId !== "");
  if (isUnseen) return "unknown";
  const matching = about.filter((rule) => {
    const block = peerOf(rule);
    return block ? covers(block, packet.peer) : packet.peerGroupIds.includes(rule.peerGroupId);
  });
  const strongest = Math.min(...matching.map(({ priority }) => priority));
  const winning = matching.filter(({ priority }) => priority === strongest).map(({ policy }) => policy);
  if (winning.length > 0) return winning.includes("drop") ? "drop" : "accept";
  return direction === "egress" && groups.every(({ type }) => type === "normal") ? "accept" : "drop";
}

function isOwn({ ownCidr }: SecurityGroupRule, own: Block): boolean {
  return ownCidr === "" || meets(blockOf(ownCidr), own);
}
