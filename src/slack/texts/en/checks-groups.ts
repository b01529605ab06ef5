/**
 * What the checks of security groups and network ACLs say.
 */
import type { Check } from "../../../../machines/network/checks.ts";
import { code, count, escaped, listed } from "../mrkdwn.ts";
import type { Lines } from "./checks.ts";
import { some } from "./checks-vpcs.ts";

export const GROUP_LINES: Lines<
  "securityGroupsFit" | "noDropWins" | "outboundOpen" | "securityGroupRoom" | "networkAclsLetThrough"
> = {
  securityGroupsFit: ({ problems }) =>
    problems.length === 0
      ? "The security groups fit."
      : listed(
          problems.map(({ securityGroupId, why }) =>
            why === "unknown"
              ? `${code(securityGroupId)} is not in this VPC. Choose again.`
              : `${code(securityGroupId)} is managed by another cloud service and must not be changed. Choose another group.`,
          ),
        ),

  noDropWins({ drops, unseen }) {
    const [drop] = drops;
    if (drop) {
      const more = drops.length > 1 ? ` ${drops.length - 1} more like it.` : "";
      const ports = drop.portRange === "-1/-1" ? "" : ` ${drop.portRange}`;
      const way = drop.direction === "ingress" ? "from" : "to";
      return `Rule ${code(drop.ruleId)} of ${code(drop.securityGroupId)} drops ${drop.protocol === "ALL" ? "everything" : `${escaped(drop.protocol)}${ports}`} ${way} ${escaped(drop.peer)}, which wins over what this opens.${more} Ask its owner to change it, or choose other groups.`;
    }
    return unseen.length === 0
      ? "No rule drops what this opens."
      : `${unseen.map(unseenText).join(" ")} Look before deciding.`;
  },

  outboundOpen: ({ level, side, instances, securityGroupIds }, where) =>
    level === "ok"
      ? "Nobody is kept from sending."
      : `${count(instances, "instance", "instances")} ${where(side)} cannot use this: no rule that could be read in ${some(securityGroupIds)} lets them send there. Choose those groups as well, if they should.`,

  securityGroupRoom({ level, securityGroupIds, after, max }) {
    if (level === "ok") return "The security groups have room.";
    const reaches = `A network interface with ${some(securityGroupIds)} reaches ${after} of ${max} rules.`;
    return level === "warn"
      ? `${reaches} Clear out before it is full.`
      : `${reaches} Remove rules first, or ask for fewer ports.`;
  },

  networkAclsLetThrough({ drops, unread }) {
    const [drop] = drops;
    if (drop) return aclDrop(drop, drops.length - 1);
    return unread.length === 0
      ? "No network ACL drops what this opens, nor the replies."
      : `Network ACL ${some(unread)} could not be read; what it drops is not known. Look before deciding.`;
  },
};

type Unseen = Extract<Check, { check: "noDropWins" }>["unseen"][number];

function unseenText({ securityGroupId, why }: Unseen): string {
  return why === "rulesNotRead"
    ? `The rules of ${code(securityGroupId)} could not be read.`
    : `${code(securityGroupId)} drops a prefix list, which cannot be looked into.`;
}

function aclDrop(drop: Extract<Check, { check: "networkAclsLetThrough" }>["drops"][number], more: number): string {
  const { networkAclId, entryId, direction, what, protocol, portRange, peerCidr } = drop;
  const ports = portRange === "-1/-1" ? "" : ` ${portRange}`;
  const who = entryId === null ? "has no entry that accepts" : `drops, by entry ${code(entryId)},`;
  const packets = `${what === "reply" ? "replies by " : ""}${protocol}${ports}`;
  const way = direction === "ingress" ? "from" : "to";
  const others = more > 0 ? ` ${more} more like it.` : "";
  return `Network ACL ${code(networkAclId)} ${who} ${packets} ${way} ${escaped(peerCidr)}.${others} It is stateless, so both ways need an entry. Ask its owner, or choose vSwitches without it.`;
}
