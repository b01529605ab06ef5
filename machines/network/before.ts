/**
 * What stands where a plan will act, as it was read for the plan: the left half of "before → after".
 *
 * For people alone. What decides is in the checks, so nothing of this is hashed.
 */
import type { AuthorizeSecurityGroup, PlannedRule } from "../peering/effects.ts";
import { peeringMarked } from "../peering/mark.ts";
import type { PeeringId } from "../peering/record.ts";
import { blockOf, covers, coversMore, type Cidr } from "./cidr.ts";
import type { EntryThere } from "./checks.ts";
import type { NetworkFacts, RouteTable, RouteTableId, SecurityGroupId, SecurityGroupRule } from "./facts.ts";
import { carriers } from "./impact.ts";
import type { Plan } from "./plan.ts";
import { joining } from "./preflight-neighbours.ts";
import type { RequestRevision } from "./request.ts";
import { concernsAll, isSameRule, peerOf, portsOf } from "./rule-match.ts";
import { SAID_MAX } from "./rules.ts";
import { runningHosts } from "./scope.ts";
import { SIDES, type Side } from "./side.ts";

export interface Before {
  /** Those that get entries. */
  readonly tables: readonly TableBefore[];
  /** Those that get rules, once for each direction. */
  readonly groups: readonly GroupBefore[];
}

export interface TableBefore {
  readonly routeTableId: RouteTableId;
  /** Empty when it has none; foreign text. */
  readonly name: string;
  /** How many vSwitches use it. */
  readonly vSwitches: number;
  /** Entries to just what the plan routes; `isOfPair` when it leads to what joins the two VPCs. */
  readonly equal: ReadonlyArray<EntryBefore & { readonly isOfPair: boolean }>;
  /** Entries that carry what the plan routes until now, each with the plan's destinations that it carries. */
  readonly carrying: ReadonlyArray<EntryBefore & { readonly carries: readonly Cidr[] }>;
  /** Entries to a part of what the plan routes: they keep it, because the longer prefix wins. The first ones. */
  readonly within: readonly EntryBefore[];
  readonly withinTotal: number;
}

type EntryBefore = Omit<EntryThere, "routeTableId">;

export interface GroupBefore {
  readonly securityGroupId: SecurityGroupId;
  readonly direction: "ingress" | "egress";
  /** Empty when it has none; foreign text. */
  readonly name: string;
  /** Running instances in it, of those that get routed. */
  readonly hosts: number;
  /** Rules that let through something of what the plan opens; null when the rules could not be read. */
  readonly open: readonly OpenRule[] | null;
}

interface OpenRule {
  readonly ruleId: string;
  /** `same` in all that the API compares, so nothing is added beside it; `wider` lets through at least as much. */
  readonly how: "same" | "wider";
  /** The peering that made it; null when it was nobody's that we know. */
  readonly madeBy: PeeringId | null;
  /** Which of the plan's rules for the group and direction, by their place from 0. Each of them is in one list at most. */
  readonly planned: readonly number[];
}

/** As far as the steps go: tables and groups that they leave alone are left out. */
export function beforeOf(request: RequestRevision, facts: NetworkFacts, steps: Plan["steps"]): Before {
  return {
    tables: SIDES.flatMap((side) => tablesBefore(side, facts, steps)),
    groups: groupsBefore(request, facts, steps),
  };
}

function tablesBefore(side: Side, facts: NetworkFacts, steps: Plan["steps"]): readonly TableBefore[] {
  const planned = new Map<RouteTableId, Cidr[]>();
  for (const { effect } of steps) {
    if (effect.type !== "createRouteEntry" || effect.side !== side) continue;
    planned.set(effect.routeTableId, [...(planned.get(effect.routeTableId) ?? []), effect.destination]);
  }
  const { routeTables, vSwitches } = facts[side];
  const ofPair = new Set<string>(joining(side, facts).map(({ id }) => id));
  return [...planned].flatMap(([routeTableId, destinations]) => {
    const table = routeTables.find(({ id }) => id === routeTableId);
    if (!table) return [];
    const using = vSwitches.filter((vSwitch) => vSwitch.routeTableId === routeTableId).length;
    return [{ routeTableId, name: table.name, vSwitches: using, ...entriesBefore(table, destinations, ofPair) }];
  });
}

function entriesBefore(
  table: RouteTable,
  destinations: readonly Cidr[],
  ofPair: ReadonlySet<string>,
): Pick<TableBefore, "equal" | "carrying" | "within" | "withinTotal"> {
  const wanted = destinations.map(blockOf);
  const equal = table.entries.filter(({ destination }) => destinations.includes(destination));
  const carrierOf = carriers(table);
  const carried = Map.groupBy(
    destinations.filter((to) => !equal.some(({ destination }) => destination === to)),
    (to) => carrierOf(to),
  );
  const within = table.entries.filter(
    // The cloud's own are no entries that anybody could have placed.
    ({ destination, type }) => type !== "System" && wanted.some((to) => coversMore(to, blockOf(destination))),
  );
  return {
    equal: equal.map((entry) => ({ ...said(entry), isOfPair: ofPair.has(entry.nextHopId) })),
    carrying: [...carried].flatMap(([entry, carries]) => (entry ? [{ ...said(entry), carries }] : [])),
    within: within.slice(0, SAID_MAX).map(said),
    withinTotal: within.length,
  };
}

function said({ destination, nextHopType, nextHopId }: EntryBefore): EntryBefore {
  return { destination, nextHopType, nextHopId };
}

function groupsBefore(request: RequestRevision, facts: NetworkFacts, steps: Plan["steps"]): readonly GroupBefore[] {
  const authorizations = steps.flatMap(({ effect }) => (effect.type === "authorizeSecurityGroup" ? [effect] : []));
  const together = Map.groupBy(authorizations, ({ securityGroupId, direction }) => `${securityGroupId} ${direction}`);
  return [...together.values()].flatMap(([first, ...more]) =>
    first
      ? groupBefore(
          first,
          [first, ...more].flatMap(({ rules }) => rules),
          request,
          facts,
        )
      : [],
  );
}

function groupBefore(
  { side, securityGroupId, direction }: AuthorizeSecurityGroup,
  planned: readonly PlannedRule[],
  request: RequestRevision,
  facts: NetworkFacts,
): readonly GroupBefore[] {
  const group = facts[side].securityGroups.find(({ id }) => id === securityGroupId);
  if (!group) return [];
  const hosts = runningHosts(request[side], facts[side]).filter(({ securityGroupIds }) =>
    securityGroupIds.includes(securityGroupId),
  ).length;
  const rules = group.rules?.filter((rule) => rule.direction === direction && rule.policy === "accept");
  return [{ securityGroupId, direction, name: group.name, hosts, open: rules ? openRules(rules, planned) : null }];
}

/** Of several, one that is the same counts for more than one that is wider, and then the first. */
function openRules(rules: readonly SecurityGroupRule[], planned: readonly PlannedRule[]): readonly OpenRule[] {
  const open = planned.map((wanted) => {
    const same = rules.find((rule) => isSameRule(wanted, rule));
    return { rule: same ?? rules.find((rule) => isWider(rule, wanted)), how: same ? "same" : "wider" } as const;
  });
  return rules.flatMap((rule) => {
    const places = open.flatMap((one, place) => (one.rule === rule ? [place] : []));
    const [first] = places;
    if (first === undefined) return [];
    const how = open[first]?.how ?? "wider";
    return [{ ruleId: rule.id, how, madeBy: peeringMarked(rule.description), planned: places }];
  });
}

function isWider(rule: SecurityGroupRule, { protocol, portRange, peerCidr }: PlannedRule): boolean {
  if (!concernsAll(rule, { protocol, ports: portsOf(portRange) })) return false;
  const peer = peerOf(rule);
  return peer !== null && covers(peer, blockOf(peerCidr));
}
