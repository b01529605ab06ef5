/**
 * Rules of one group and direction, as the reviewed plan shows them.
 */
import type { GroupBefore } from "../../../../machines/network/before.ts";
import type { Plan } from "../../../../machines/network/plan.ts";
import { opposite } from "../../../../machines/network/side.ts";
import type { AuthorizeSecurityGroup, PlannedRule } from "../../../../machines/peering/effects.ts";
import type { PeeringId } from "../../../../machines/peering/record.ts";
import { bold, code, count, escaped, inLines, listed } from "../mrkdwn.ts";
import { portText } from "./names.ts";
import { regionName } from "./regions.ts";

/** `first` is any of `calls`, which are all about the same group and direction. */
export function ruleLines(
  { side, securityGroupId, direction }: AuthorizeSecurityGroup,
  calls: readonly AuthorizeSecurityGroup[],
  { about, before }: Plan,
  id: PeeringId,
): readonly string[] {
  const group = before?.groups.find(
    (candidate) => candidate.securityGroupId === securityGroupId && candidate.direction === direction,
  );
  const rules = calls.flatMap((call) => call.rules);
  const isInward = direction === "ingress";
  const other = about[opposite(side)];
  const far = bold(other.vpcName || other.vpcId);
  const api = isInward ? "AuthorizeSecurityGroup" : "AuthorizeSecurityGroupEgress";
  const name = group?.name ? ` ${escaped(group.name, 60)}` : "";
  const purpose = isInward
    ? `${far} was to reach this`
    : `this group lets nothing out by itself, and ${far} was to be reached`;
  const hosts = group ? ` ${count(group.hosts, "server has", "servers have")} this group.` : "";
  return [
    `*${api}* ${regionName(about[side].regionId)}, ${code(securityGroupId)}${name}`,
    ...(group ? changes(group, rules, id) : arrows(rules, direction, "open")),
    `_Why_ ${purpose}.${hosts} Priority 100, the weakest: a drop that is there still wins.`,
  ];
}

function changes({ open, direction }: GroupBefore, rules: readonly PlannedRule[], id: PeeringId): readonly string[] {
  if (open === null) return arrows(rules, direction, "open", "rules could not be read");
  const known = new Set(open.flatMap(({ planned }) => planned));
  const closed = rules.filter((_, place) => !known.has(place));
  return [
    ...arrows(closed, direction, "open", "no rule here"),
    ...open.flatMap(({ ruleId, how, madeBy, planned }) => {
      const same = rules.filter((_, place) => planned.includes(place));
      const by = `open by ${code(ruleId)}`;
      return how === "same"
        ? arrows(same, direction, `stays as it is; ${whose(madeBy, id)}`, by)
        : arrows(same, direction, "stays, and open by a rule of this peering too", by);
    }),
  ];
}

function whose(madeBy: PeeringId | null, id: PeeringId): string {
  if (madeBy === id) return "it is ours and is taken over";
  return madeBy === null
    ? "it is not ours, so nothing here removes it"
    : `it is of ${code(madeBy)} and goes when that is removed`;
}

/** `ping and TCP 5432 from 192.168.0.0/16: no rule here → open`. */
function arrows(
  rules: readonly PlannedRule[],
  direction: "ingress" | "egress",
  after: string,
  before?: string,
): readonly string[] {
  return together(rules).flatMap(({ ports, peers }) =>
    inLines(peers).map((part) => {
      const what = `${listed(ports)} ${direction === "ingress" ? "from" : "to"} ${part}`;
      return before ? `${what}: ${before} → ${after}` : `${what} → ${after}`;
    }),
  );
}

/** The plan opens every port to every block: ports that are open to the same blocks are said once. */
function together(
  rules: readonly PlannedRule[],
): ReadonlyArray<{ readonly ports: readonly string[]; readonly peers: readonly string[] }> {
  const peersByPort = Map.groupBy(rules, ({ protocol, portRange }) => portText(protocol, portRange));
  const ports = [...peersByPort].map(([port, of]) => ({ port, peers: of.map(({ peerCidr }) => escaped(peerCidr)) }));
  return [...Map.groupBy(ports, ({ peers }) => peers.join(" ")).values()].map((same) => ({
    ports: same.map(({ port }) => port),
    peers: same[0]?.peers ?? [],
  }));
}
