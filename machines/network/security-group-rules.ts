/**
 * What the security groups of one instance do to a packet. They are stateful: nobody asks them about a reply.
 *
 * Merging, priorities and defaults: https://www.alibabacloud.com/help/en/ecs/user-guide/overview-44 (read 2026-08-22).
 */
import type { Instance, SecurityGroup, SecurityGroupId, SecurityGroupRule, SideFacts } from "./facts.ts";
import { covers, holdsPort, isAbout, type Packet, tellingPorts } from "./packet.ts";

export type Direction = "ingress" | "egress";

export type GroupsJudgement =
  | {
      readonly judgement: "accept";
      /** Null when no rule decided but the groups' default. */ readonly ruleId: string | null;
    }
  | { readonly judgement: "drop"; readonly why: GroupsDrop }
  | { readonly judgement: "unknown"; readonly why: GroupsUnknown };

type GroupsDrop =
  | {
      readonly cause: "noRuleAccepts";
      readonly direction: Direction;
      /** A cloud service keeps all of the groups, so nobody else may add a rule. */
      readonly isManaged: boolean;
    }
  | {
      readonly cause: "ruleDrops";
      readonly direction: Direction;
      readonly securityGroupId: SecurityGroupId;
      readonly ruleId: string;
      readonly priority: number;
    };

type GroupsUnknown =
  | { readonly cause: "notRead"; readonly what: "securityGroupRules"; readonly id: SecurityGroupId }
  | { readonly cause: "notRead"; readonly what: "prefixList"; readonly id: string };

export type GroupsCause = GroupsDrop | GroupsUnknown;

interface RuleOfGroup extends SecurityGroupRule {
  readonly securityGroupId: SecurityGroupId;
}

/**
 * The rules of all groups together: the smallest priority number wins, at equal priority drop wins. Where none matches, a
 * basic group lets out everything and in only its own members, an enterprise group nothing.
 *
 * A rule for a prefix list cannot be seen into: it makes the answer unknown where it would outrank one that differs.
 */
export function judgeGroups(
  direction: Direction,
  packet: Packet,
  {
    instance,
    facts,
    peerGroupIds,
  }: {
    readonly instance: Instance;
    readonly facts: SideFacts;
    /** The groups of the instance at the other end; empty when none is known there. */
    readonly peerGroupIds: readonly SecurityGroupId[];
  },
): GroupsJudgement {
  const groups: SecurityGroup[] = [];
  const rules: RuleOfGroup[] = [];
  for (const id of instance.securityGroupIds) {
    const group = facts.securityGroups.find((candidate) => candidate.id === id);
    if (!group?.rules) return { judgement: "unknown", why: { cause: "notRead", what: "securityGroupRules", id } };
    groups.push(group);
    rules.push(...group.rules.map((rule) => ({ ...rule, securityGroupId: id })));
  }
  const matching = rules
    .filter((rule) => rule.direction === direction && mayMatch(rule, packet, peerGroupIds))
    .toSorted((a, b) => a.priority - b.priority || Number(b.policy === "drop") - Number(a.policy === "drop"));
  const byDefault = acceptsByDefault(direction, groups, peerGroupIds);
  const isManaged = groups.every(({ serviceManaged }) => serviceManaged);
  const judgements = tellingPorts(
    packet.sourcePorts,
    matching.map(({ sourcePortRange }) => sourcePortRange),
  ).map((port) =>
    decide(
      direction,
      matching.filter(({ sourcePortRange }) => port === null || holdsPort(sourcePortRange, port)),
      byDefault,
      isManaged,
    ),
  );
  // A client's port may be any of them, so one that is dropped is one too many.
  return judgements.reduce((worst, next) => (BADNESS[next.judgement] > BADNESS[worst.judgement] ? next : worst));
}

const BADNESS = { accept: 0, unknown: 1, drop: 2 } as const satisfies Record<GroupsJudgement["judgement"], number>;

/** All but the sender's ports; a prefix list may hold any address. */
function mayMatch(rule: SecurityGroupRule, packet: Packet, peerGroupIds: readonly SecurityGroupId[]): boolean {
  const { destinationPorts, sourceIp, destinationIp } = packet;
  const [ownIp, peerIp] = rule.direction === "ingress" ? [destinationIp, sourceIp] : [sourceIp, destinationIp];
  if (!isAbout(rule.protocol, packet)) return false;
  if (rule.protocol !== "ALL" && destinationPorts !== null && !holdsPort(rule.portRange, destinationPorts.low))
    return false;
  if (rule.ownCidr !== "" && !covers(rule.ownCidr, ownIp)) return false;
  if (rule.peerCidr !== "") return covers(rule.peerCidr, peerIp);
  return rule.peerPrefixListId !== "" || peerGroupIds.some((id) => id === rule.peerGroupId);
}

/** Whether groups let through what no rule is about. */
export function acceptsByDefault(
  direction: Direction,
  groups: readonly SecurityGroup[],
  peerGroupIds: readonly SecurityGroupId[],
): boolean {
  const basic = groups.filter(({ type }) => type === "normal");
  if (direction === "egress") return basic.length > 0;
  return basic.some(({ id, innerAccess }) => innerAccess === "accept" && peerGroupIds.includes(id));
}

/** `matching`: strongest first. */
function decide(
  direction: Direction,
  matching: readonly RuleOfGroup[],
  byDefault: boolean,
  isManaged: boolean,
): GroupsJudgement {
  const at = matching.findIndex(({ peerPrefixListId }) => peerPrefixListId === "");
  const rule = matching[at];
  const policy = rule?.policy ?? (byDefault ? "accept" : "drop");
  const unseen = matching.slice(0, rule ? at : undefined).find((stronger) => stronger.policy !== policy);
  if (unseen)
    return { judgement: "unknown", why: { cause: "notRead", what: "prefixList", id: unseen.peerPrefixListId } };
  if (policy === "accept") return { judgement: "accept", ruleId: rule?.id ?? null };
  if (!rule) return { judgement: "drop", why: { cause: "noRuleAccepts", direction, isManaged } };
  const { securityGroupId, id: ruleId, priority } = rule;
  return { judgement: "drop", why: { cause: "ruleDrops", direction, securityGroupId, ruleId, priority } };
}
