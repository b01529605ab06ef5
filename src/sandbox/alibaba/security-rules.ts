import { parseIpv4, textContainsAddress } from "./cidr.ts";
import { CLIENT_PORTS, holdsForAll, type Service, textContainsPort } from "./service.ts";
import type { Instance, Region, SecurityGroup, SecurityGroupRule } from "./world.ts";

/** An echo request or the first packet of a TCP connection, as a security group sees it at one of its two ends. */
export interface Packet {
  readonly direction: "ingress" | "egress";
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly service: Service;
  /** The groups of the instance at the other end; empty when it is none of the account's. */
  readonly peerGroupIds: ReadonlyArray<string>;
}

/**
 * Whether the groups of an instance let a packet through at their end.
 *
 * The rules of all its groups are merged: the smallest priority number wins, and at equal priority drop wins. Where no
 * rule applies, a basic group lets everything out, lets nothing in but what comes from its own members, and an advanced
 * (enterprise) group lets nothing through. Groups are stateful, so the reply needs no rule of its own. A client's port
 * may be any, so where rules name source ports every one of them has to be let through. What is in a prefix list is not
 * simulated: a rule for one matches nothing.
 *
 * https://www.alibabacloud.com/help/en/ecs/user-guide/overview-44 (read 2026-08-22)
 */
export function groupsAllow(region: Region, instance: Instance, packet: Packet): boolean {
  const groups = instance.securityGroupIds.flatMap((id) => region.securityGroups.get(id) ?? []);
  const rules = groups.flatMap((group) => group.rules).filter((rule) => ruleMatches(rule, packet));
  if (packet.service.protocol === "ICMP") return decide(groups, rules, packet);
  return holdsForAll(
    CLIENT_PORTS,
    rules.map((rule) => rule.sourcePortRange),
    (port) =>
      decide(
        groups,
        rules.filter((rule) => textContainsPort(rule.sourcePortRange, port)),
        packet,
      ),
  );
}

function decide(
  groups: ReadonlyArray<SecurityGroup>,
  matching: ReadonlyArray<SecurityGroupRule>,
  packet: Packet,
): boolean {
  const deciding = matching.toSorted((a, b) => a.priority - b.priority || (a.policy === "drop" ? -1 : 1))[0];
  return deciding === undefined ? allowedByDefault(groups, packet) : deciding.policy === "accept";
}

/** All but the source ports. */
function ruleMatches(rule: SecurityGroupRule, packet: Packet): boolean {
  if (rule.direction !== packet.direction || !isForService(rule, packet.service)) return false;
  const [peerCidr, peerGroupId, ownCidr] =
    rule.direction === "ingress"
      ? [rule.sourceCidrIp, rule.sourceGroupId, rule.destCidrIp]
      : [rule.destCidrIp, rule.destGroupId, rule.sourceCidrIp];
  const [peerIp, ownIp] =
    packet.direction === "ingress" ? [packet.sourceIp, packet.destinationIp] : [packet.destinationIp, packet.sourceIp];
  const matchesPeer = peerCidr === "" ? packet.peerGroupIds.includes(peerGroupId) : covers(peerCidr, peerIp);
  return matchesPeer && (ownCidr === "" || covers(ownCidr, ownIp));
}

function isForService({ ipProtocol, portRange }: SecurityGroupRule, service: Service): boolean {
  if (ipProtocol === "ALL") return true;
  return ipProtocol === service.protocol && (service.protocol === "ICMP" || textContainsPort(portRange, service.port));
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
