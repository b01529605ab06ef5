import { parseIpv4, textContainsAddress } from "./cidr.ts";
import type { Instance, Region, SecurityGroup, SecurityGroupRule } from "./world.ts";

/** An echo request as a security group sees it at one of its two ends. */
export interface Packet {
  readonly direction: "ingress" | "egress";
  readonly sourceIp: string;
  readonly destinationIp: string;
  /** The groups of the instance at the other end; empty when it is none of the account's. */
  readonly peerGroupIds: ReadonlyArray<string>;
}

/**
 * Whether the groups of an instance let an echo request through at their end.
 *
 * The rules of all its groups are merged: the smallest priority number wins, and at equal priority drop wins. Where no
 * rule applies, a basic group lets everything out, lets nothing in but what comes from its own members, and an advanced
 * (enterprise) group lets nothing through. Groups are stateful, so the reply needs no rule of its own.
 *
 * https://www.alibabacloud.com/help/en/ecs/user-guide/overview-44 (read 2026-08-22)
 */
export function groupsAllow(region: Region, instance: Instance, packet: Packet): boolean {
  const groups = instance.securityGroupIds.flatMap((id) => region.securityGroups.get(id) ?? []);
  const deciding = groups
    .flatMap((group) => group.rules)
    .filter((rule) => ruleMatches(rule, packet))
    .toSorted((a, b) => a.priority - b.priority || (a.policy === "drop" ? -1 : 1))[0];
  return deciding === undefined ? allowedByDefault(groups, packet) : deciding.policy === "accept";
}

function ruleMatches(rule: SecurityGroupRule, packet: Packet): boolean {
  if (rule.direction !== packet.direction || (rule.ipProtocol !== "ICMP" && rule.ipProtocol !== "ALL")) return false;
  const [peerCidr, peerGroupId, ownCidr] =
    rule.direction === "ingress"
      ? [rule.sourceCidrIp, rule.sourceGroupId, rule.destCidrIp]
      : [rule.destCidrIp, rule.destGroupId, rule.sourceCidrIp];
  const [peerIp, ownIp] =
    packet.direction === "ingress" ? [packet.sourceIp, packet.destinationIp] : [packet.destinationIp, packet.sourceIp];
  const matchesPeer = peerCidr === "" ? packet.peerGroupIds.includes(peerGroupId) : covers(peerCidr, peerIp);
  return matchesPeer && (ownCidr === "" || covers(ownCidr, ownIp));
}

function covers(cidrText: string, ip: string): boolean {
  const address = parseIpv4(ip);
  return address !== undefined && textContainsAddress(cidrText, address);
}

function allowedByDefault(groups: ReadonlyArray<SecurityGroup>, packet: Packet): boolean {
  const basicGroups = groups.filter((group) => group.securityGroupType === "normal");
  if (packet.direction === "egress") return basicGroups.length > 0;
  return basicGroups.some(
    (group) => group.innerAccessPolicy === "Accept" && packet.peerGroupIds.includes(group.securityGroupId),
  );
}
