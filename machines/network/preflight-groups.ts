/**
 * The security groups: may they be edited, will what the plan opens hold, and is there room for it?
 */
import type { Check } from "./checks.ts";
import { blockOf, covers, meets, type Block } from "./cidr.ts";
import type { Instance, NetworkFacts, SecurityGroup, SecurityGroupId, SecurityGroupRule } from "./facts.ts";
import { flowsTo, openedHosts, sourceBlocks, type Flow } from "./planned-flows.ts";
import type { RequestRevision } from "./request.ts";
import { isNearlyFull, RULE_PRIORITY, RULES_PER_INTERFACE_MAX, SAID_MAX } from "./rules.ts";
import { concerns, concernsAll, peerOf, portsOf } from "./rule-match.ts";
import { hostsInScope, routedCidrs } from "./scope.ts";
import { opposite, type Side } from "./side.ts";

export function groupChecks(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Check[] {
  return [
    securityGroupsFit(side, request, facts),
    noDropWins(side, request, facts),
    outboundOpen(side, request, facts),
    securityGroupRoom(side, request, facts),
  ];
}

function securityGroupsFit(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const groups = new Map(facts[side].securityGroups.map((group) => [group.id, group]));
  const problems = request[side].securityGroupIds.flatMap((securityGroupId) => {
    const group = groups.get(securityGroupId);
    if (group && !group.serviceManaged) return [];
    return [{ securityGroupId, why: group ? ("serviceManaged" as const) : ("unknown" as const) }];
  });
  return { level: problems.length > 0 ? "stop" : "ok", check: "securityGroupsFit", side, problems };
}

type Drops = Extract<Check, { check: "noDropWins" }>["drops"];
type Unseen = Extract<Check, { check: "noDropWins" }>["unseen"];

/**
 * Our accepts are the weakest there are, so any drop that is about a packet of the plan wins, unless a stronger accept is
 * there already. Looked at are the chosen groups and whatever else the instances in them have.
 */
function noDropWins(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const hosts = openedHosts(side, request, facts);
  const ids = new Set([
    ...request[side].securityGroupIds,
    ...hosts.flatMap(({ securityGroupIds }) => securityGroupIds),
  ]);
  // In an order of their own: the cloud lists them in any, and what is unseen is a precondition of the plan.
  const groups = facts[side].securityGroups.filter(({ id }) => ids.has(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const ways = [wayIn(side, request, facts), wayOut(side, request, facts)].filter(({ flows }) => flows.length > 0);
  const drops: Array<Drops[number]> = [];
  const unseen: Array<Unseen[number]> = [];
  for (const group of ways.length > 0 ? groups : []) {
    const { id: securityGroupId, rules } = group;
    if (rules === null) {
      unseen.push({ securityGroupId, why: "rulesNotRead" });
      continue;
    }
    for (const rule of rules.filter(({ policy, priority }) => policy === "drop" && priority <= RULE_PRIORITY)) {
      const way = ways.find(({ direction }) => direction === rule.direction);
      if (!way || !way.flows.some((flow) => concerns(rule, flow))) continue;
      if (rule.peerPrefixListId !== "") unseen.push({ securityGroupId, why: "prefixList" });
      else if (meetsPeer(rule, way) && isUnbeaten(rule, group, { way, hosts, groups }))
        drops.push(saidDrop(securityGroupId, rule));
    }
  }
  const level = drops.length > 0 ? "stop" : unseen.length > 0 ? "warn" : "ok";
  return { level, check: "noDropWins", side, drops: drops.slice(0, SAID_MAX), unseen: unseen.slice(0, SAID_MAX) };
}

/** One direction through the groups of a side: the planned flows, and the blocks and groups at their other end. */
interface Way {
  readonly direction: "ingress" | "egress";
  readonly flows: readonly Flow[];
  readonly peers: readonly Block[];
  readonly peerGroupIds: ReadonlySet<string>;
}

function wayIn(side: Side, request: RequestRevision, facts: NetworkFacts): Way {
  const other = opposite(side);
  const senders = hostsInScope(request[other], facts[other]);
  return {
    direction: "ingress",
    flows: flowsTo(side, request),
    peers: sourceBlocks(other, request, facts),
    peerGroupIds: new Set(senders.flatMap(({ securityGroupIds }) => securityGroupIds)),
  };
}

function wayOut(side: Side, request: RequestRevision, facts: NetworkFacts): Way {
  const other = opposite(side);
  const receivers = openedHosts(other, request, facts);
  const addresses = receivers.map(({ privateIp }) => blockOf(privateIp));
  return {
    direction: "egress",
    flows: flowsTo(other, request),
    peers: addresses.length > 0 ? addresses : sourceBlocks(other, request, facts),
    peerGroupIds: new Set(receivers.flatMap(({ securityGroupIds }) => securityGroupIds)),
  };
}

function meetsPeer(rule: SecurityGroupRule, { peers, peerGroupIds }: Way): boolean {
  const block = peerOf(rule);
  return block ? peers.some((peer) => meets(block, peer)) : peerGroupIds.has(rule.peerGroupId);
}

/** False when on each instance an accept that is stronger lets through all that the drop is about. */
function isUnbeaten(
  drop: SecurityGroupRule,
  group: SecurityGroup,
  { way, hosts, groups }: { way: Way; hosts: readonly Instance[]; groups: readonly SecurityGroup[] },
): boolean {
  const own = drop.ownCidr === "" ? null : blockOf(drop.ownCidr);
  const withGroup = hosts.filter(({ securityGroupIds }) => securityGroupIds.includes(group.id));
  const members = withGroup.filter(({ privateIp }) => own === null || meets(own, blockOf(privateIp)));
  if (withGroup.length > 0 && members.length === 0) return false;
  const together = members.length > 0 ? members.map(({ securityGroupIds }) => securityGroupIds) : [[group.id]];
  const block = peerOf(drop);
  const dropped = block ? way.peers.filter((peer) => meets(block, peer)).map((peer) => common(block, peer)) : [];
  const flows = way.flows.filter((flow) => concerns(drop, flow)).map((flow) => narrowed(flow, drop));
  return together.some((ids) => {
    const stronger = groups
      .filter(({ id }) => ids.includes(id))
      .flatMap(({ rules }) => rules ?? [])
      .filter(({ direction, policy, priority }) => {
        return direction === drop.direction && policy === "accept" && priority < drop.priority;
      });
    return !flows.every((flow) => {
      const accepts = stronger.filter((rule) => concernsAll(rule, flow)).flatMap((rule) => peerOf(rule) ?? []);
      return dropped.length > 0 && dropped.every((part) => accepts.some((accepted) => covers(accepted, part)));
    });
  });
}

/** Of two blocks that meet, one holds the other. */
function common(a: Block, b: Block): Block {
  return covers(a, b) ? b : a;
}

function narrowed({ protocol, ports }: Flow, rule: SecurityGroupRule): Flow {
  const range = portsOf(rule.portRange);
  if (!ports || !range) return { protocol, ports };
  return { protocol, ports: { from: Math.max(ports.from, range.from), to: Math.min(ports.to, range.to) } };
}

function saidDrop(securityGroupId: SecurityGroupId, rule: SecurityGroupRule): Drops[number] {
  const { id: ruleId, direction, protocol, portRange, peerCidr, peerGroupId } = rule;
  return { securityGroupId, ruleId, direction, protocol, portRange, peer: peerCidr || peerGroupId };
}

/**
 * Enterprise groups let nothing out by themselves, and the plan adds rules to the chosen ones alone: who has others only
 * reaches the other side if they let it out already. What stands in a prefix list cannot be seen and counts as nothing.
 */
function outboundOpen(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const { flows, peers } = wayOut(side, request, facts);
  const chosen = new Set<string>(request[side].securityGroupIds);
  const enterprise = facts[side].securityGroups.filter(({ type }) => type === "enterprise");
  const missing = new Map(enterprise.map((group) => [group.id, notLetOut(group, flows, peers)]));
  const kept = hostsInScope(request[side], facts[side]).filter(({ securityGroupIds }) => {
    if (securityGroupIds.length === 0 || securityGroupIds.some((id) => chosen.has(id))) return false;
    const [first, ...others] = securityGroupIds.map((id) => missing.get(id));
    return [...(first ?? [])].some((what) => others.every((other) => other?.has(what) ?? false));
  });
  const ids = [...new Set(kept.flatMap(({ securityGroupIds }) => securityGroupIds))];
  return {
    level: kept.length > 0 ? "warn" : "ok",
    check: "outboundOpen",
    side,
    instances: kept.length,
    securityGroupIds: ids.slice(0, SAID_MAX),
  };
}

/** Numbers of the flows, one for each block at the other end, that no rule of the group lets out. */
function notLetOut({ rules }: SecurityGroup, flows: readonly Flow[], peers: readonly Block[]): ReadonlySet<number> {
  const accepts = (rules ?? []).filter(({ direction, policy }) => direction === "egress" && policy === "accept");
  const missing = flows.flatMap((flow, index) => {
    const letting = accepts.filter((rule) => concernsAll(rule, flow)).flatMap((rule) => peerOf(rule) ?? []);
    return peers.flatMap((peer, at) => {
      return letting.some((block) => covers(block, peer)) ? [] : [index * peers.length + at];
    });
  });
  return new Set(missing);
}

/** A network interface has the rules of all its groups together. */
function securityGroupRoom(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const blocks = routedCidrs(request[opposite(side)], facts[opposite(side)]).length;
  const [inward, outward] = [flowsTo(side, request), flowsTo(opposite(side), request)];
  const chosen = new Set<string>(request[side].securityGroupIds);
  const after = new Map(
    facts[side].securityGroups.map(({ id, type, rules }) => {
      const added = inward.length + (type === "enterprise" ? outward.length : 0);
      return [id, (rules?.length ?? 0) + (chosen.has(id) ? added * blocks : 0)];
    }),
  );
  const interfaces = facts[side].instances.map(({ securityGroupIds }) => securityGroupIds);
  const together = [...request[side].securityGroupIds.map((id) => [id]), ...interfaces]
    .filter((ids) => ids.some((id) => chosen.has(id)))
    .map((ids) => ({ ids, rules: ids.reduce((sum, id) => sum + (after.get(id) ?? 0), 0) }));
  const max = RULES_PER_INTERFACE_MAX;
  const most = together.toSorted((a, b) => b.rules - a.rules)[0] ?? { ids: [], rules: 0 };
  const level = most.rules > max ? "stop" : isNearlyFull(most.rules, max) ? "warn" : "ok";
  return { level, check: "securityGroupRoom", side, securityGroupIds: most.ids, after: most.rules, max };
}
