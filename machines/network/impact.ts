/**
 * What a plan opens and moves, counted on the networks as they will be: a person decides on consequences, not on rules.
 *
 * A host counts as reachable when a packet gets to it and its reply back, by any rule, also one that was there long
 * before: it is the route that makes such a rule matter.
 */
import { contains, type Cidr } from "./cidr.ts";
import type {
  CloudService,
  Instance,
  InstanceId,
  NetworkFacts,
  RouteTableId,
  SecurityGroupRule,
  SideFacts,
} from "./facts.ts";
import type { Plan, PreconditionChange } from "./plan.ts";
import { planned } from "./planned.ts";
import { walk } from "./reachability.ts";
import type { RequestRevision } from "./request.ts";
import { routedCidrs, runningHosts, servingTables } from "./scope.ts";
import { bothSides, opposite, SIDES, type Side, type Sides } from "./side.ts";

export interface Impact extends Sides<SideImpact> {
  readonly moves: readonly Move[];
}

export interface SideImpact {
  /** Running instances of this side that the other side newly reaches, by any protocol, from `routed` on. */
  readonly reachable: number;
  /** Running instances of the other side that reach at least one of them. */
  readonly from: number;
  /** Of `reachable`: those that rules from before would have let in alone. */
  readonly throughOlderRules: number;
  /** Running instances of which it cannot be told; they are not in `reachable`. */
  readonly unknown: number;
  /** Of `reachable`. */
  readonly sensitive: readonly SensitiveHost[];
  /** What security groups do not guard; null when that could not be read. */
  readonly unguarded: readonly CloudService[] | null;
}

interface SensitiveHost {
  readonly id: InstanceId;
  readonly name: string;
  /** The tag that says so, as `key` or `key=value`. */
  readonly tag: string;
}

/** Traffic that an existing entry carries until now and the plan's entry will take. */
export interface Move {
  readonly side: Side;
  readonly routeTableId: RouteTableId;
  readonly destination: Cidr;
  readonly was: { readonly destination: Cidr; readonly nextHopType: string; readonly nextHopId: string };
}

/** A tag that marks a host as sensitive; `value` null takes any but `false` and `no`. */
export interface SensitiveTag {
  readonly key: string;
  readonly value: string | null;
}

/** The most walks for one side; hosts that were not decided by then are unknown, so that no network blocks the bot. */
const WALKS_MAX = 20_000;

export function impactOf(
  request: RequestRevision,
  facts: NetworkFacts,
  plan: Pick<Plan, "steps" | "connection">,
  sensitiveTags: readonly SensitiveTag[],
): Impact {
  const routed = planned(facts, plan, "route");
  const secured = planned(facts, plan, "secure");
  return {
    ...bothSides((side) => {
      const before = reached(side, request, routed);
      const after = reached(side, request, secured);
      const sensitive = after.hosts.flatMap((host) => sensitiveHost(host, sensitiveTags));
      return {
        reachable: after.hosts.length,
        from: after.from,
        throughOlderRules: before.hosts.length,
        unknown: after.unknown,
        sensitive: sensitive.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        unguarded: facts[side].vpc?.services ?? null,
      };
    }),
    moves: SIDES.flatMap((side) => movesOf(side, request, facts)),
  };
}

/**
 * What the fresh look has found that nobody agreed to: hosts that are sensitive now, and traffic that moves now. What went
 * away since is no news.
 */
export function newlyTouched(approved: Impact | undefined, fresh: Impact | undefined): readonly PreconditionChange[] {
  if (!approved || !fresh) return [];
  const known = new Set(SIDES.flatMap((side) => approved[side].sensitive.map(({ id, tag }) => `${id} ${tag}`)));
  const hosts = SIDES.flatMap((side) => fresh[side].sensitive).filter(({ id, tag }) => !known.has(`${id} ${tag}`));
  const moved = new Set(approved.moves.map((move) => moveKey(move)));
  const moves = fresh.moves.filter((move) => !moved.has(moveKey(move)));
  return [
    ...hosts.map(({ id, name, tag }) => ({
      subject: `${id} becomes reachable and is sensitive`,
      before: null,
      after: `${name || id}, ${tag}`,
    })),
    ...moves.map(({ routeTableId, destination, was }) => ({
      subject: `${routeTableId} traffic to ${destination} would move`,
      before: null,
      after: `from ${was.destination} (${was.nextHopType} ${was.nextHopId})`,
    })),
  ];
}

function moveKey({ routeTableId, destination, was }: Move): string {
  return `${routeTableId} ${destination} ${was.destination} ${was.nextHopId}`;
}

interface Reached {
  readonly hosts: readonly Instance[];
  readonly from: number;
  readonly unknown: number;
}

/** Hosts that nothing in the facts tells apart; what holds for one holds for all. */
type Alike = readonly [Instance, ...Instance[]];

function reached(side: Side, request: RequestRevision, facts: NetworkFacts): Reached {
  const blocks = tellingBlocks(facts);
  const targets = alike(runningHosts(request[side], facts[side]), blocks);
  const sources = alike(runningHosts(request[opposite(side)], facts[opposite(side)]), blocks);
  const senders = new Set<Alike>();
  const hosts: Instance[] = [];
  let [unknown, walks] = [0, 0];
  for (const target of targets) {
    const [host] = target;
    let verdict: "dropped" | "unknown" | "allowed" = isUnseen(host, facts[side]) ? "unknown" : "dropped";
    for (const service of servicesOf(host, facts[side])) {
      for (const source of sources) {
        if (verdict === "allowed" && senders.has(source)) continue;
        walks += 1;
        const to = { side, ip: host.privateIp };
        const from = { side: opposite(side), ip: source[0].privateIp };
        const found = walks > WALKS_MAX ? "unknown" : walk(facts, { from, to, ...service }).verdict;
        if (found === "allowed") {
          verdict = "allowed";
          senders.add(source);
        } else if (found === "unknown" && verdict === "dropped") verdict = "unknown";
      }
    }
    if (verdict === "allowed") hosts.push(...target);
    if (verdict === "unknown") unknown += target.length;
  }
  const from = [...senders].reduce((sum, { length }) => sum + length, 0);
  return { hosts, from, unknown };
}

interface Service {
  readonly protocol: "TCP" | "UDP" | "ICMP";
  readonly port: number | null;
}

/** One service for each stretch of ports that the rules tell apart and something may come in by. */
function servicesOf(host: Instance, facts: SideFacts): readonly Service[] {
  const rules = rulesOf(host, facts).filter(({ direction }) => direction === "ingress");
  const accepting = rules.filter(({ policy }) => policy === "accept");
  const protocols = (["ICMP", "TCP", "UDP"] as const).filter((protocol) =>
    accepting.some((rule) => rule.protocol === "ALL" || rule.protocol === protocol),
  );
  return protocols.flatMap((protocol): Service[] => {
    if (protocol === "ICMP") return [{ protocol, port: null }];
    const about = rules.filter((rule) => rule.protocol === "ALL" || rule.protocol === protocol);
    const opened = accepting.filter((rule) => rule.protocol === "ALL" || rule.protocol === protocol);
    return bordersOf(about)
      .filter((port) => opened.some((rule) => holds(rule, port)))
      .map((port) => ({ protocol, port }));
  });
}

function bordersOf(rules: readonly SecurityGroupRule[]): readonly number[] {
  const borders = rules.flatMap((rule) => {
    const [low, high] = rangeOf(rule);
    return [low, high + 1];
  });
  return [...new Set([1, ...borders])].filter((port) => port >= 1 && port <= 65_535);
}

function holds(rule: SecurityGroupRule, port: number): boolean {
  const [low, high] = rangeOf(rule);
  return low <= port && port <= high;
}

function rangeOf({ portRange }: SecurityGroupRule): readonly [number, number] {
  const [low = 1, high = 65_535] = portRange.split("/").map(Number);
  return low < 0 ? [1, 65_535] : [low, high];
}

function rulesOf({ securityGroupIds }: Instance, facts: SideFacts): readonly SecurityGroupRule[] {
  return facts.securityGroups.filter(({ id }) => securityGroupIds.includes(id)).flatMap(({ rules }) => rules ?? []);
}

/** A group of which the rules were not read may let anything in. */
function isUnseen({ securityGroupIds }: Instance, facts: SideFacts): boolean {
  const groups = facts.securityGroups.filter(({ id }) => securityGroupIds.includes(id));
  return groups.length < securityGroupIds.length || groups.some(({ rules }) => rules === null);
}

/** Blocks of rules, network ACLs and entries: hosts on the two sides of the border of one are not alike. */
function tellingBlocks(facts: NetworkFacts): readonly Cidr[] {
  const blocks = SIDES.flatMap((side) => {
    const { securityGroups, networkAcls, routeTables } = facts[side];
    return [
      ...securityGroups.flatMap(({ rules }) => rules ?? []).flatMap(({ peerCidr, ownCidr }) => [peerCidr, ownCidr]),
      ...(networkAcls ?? []).flatMap(({ ingress, egress }) => [...ingress, ...egress]).map(({ peerCidr }) => peerCidr),
      ...routeTables.flatMap(({ entries }) => entries).map(({ destination }) => destination),
    ];
  });
  return [...new Set(blocks)].filter((block) => block !== "");
}

function alike(hosts: readonly Instance[], blocks: readonly Cidr[]): readonly Alike[] {
  const groups = new Map<string, [Instance, ...Instance[]]>();
  for (const host of hosts) {
    const inside = blocks.map((block) => (contains(block, `${host.privateIp}/32`) ? "1" : "0")).join("");
    const key = `${host.vSwitchId} ${host.securityGroupIds.toSorted().join(" ")} ${inside}`;
    const known = groups.get(key);
    if (known) known.push(host);
    else groups.set(key, [host]);
  }
  return [...groups.values()];
}

function sensitiveHost(host: Instance, sensitiveTags: readonly SensitiveTag[]): readonly SensitiveHost[] {
  const tag = host.tags.find(({ key, value }) =>
    sensitiveTags.some((wanted) =>
      wanted.value === null
        ? key === wanted.key && !["false", "no"].includes(value.toLowerCase())
        : key === wanted.key && value === wanted.value,
    ),
  );
  if (!tag) return [];
  const isKeyAlone = sensitiveTags.some(({ key, value }) => key === tag.key && value === null);
  return [{ id: host.id, name: host.name, tag: isKeyAlone ? tag.key : `${tag.key}=${tag.value}` }];
}

/** The longest of the existing entries around a new destination carried its traffic, if it led anywhere. */
function movesOf(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Move[] {
  const destinations = routedCidrs(request[opposite(side)], facts[opposite(side)]);
  return servingTables(request[side], facts[side]).flatMap((table) =>
    destinations.flatMap((destination): Move[] => {
      const around = table.entries.filter(
        (entry) =>
          entry.status === "Available" && entry.destination !== destination && contains(entry.destination, destination),
      );
      const was = around.toSorted((a, b) => prefixOf(b.destination) - prefixOf(a.destination))[0];
      if (!was) return [];
      const { destination: block, nextHopType, nextHopId } = was;
      return [{ side, routeTableId: table.id, destination, was: { destination: block, nextHopType, nextHopId } }];
    }),
  );
}

function prefixOf(cidr: Cidr): number {
  return Number(cidr.split("/")[1] ?? 32);
}
