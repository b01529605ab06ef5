/**
 * What a plan opens and moves, counted on the networks as they will be: a person decides on consequences, not on rules.
 *
 * A host counts as reachable when a packet gets to it and its reply back, by any rule, also one that was there long
 * before: it is the route that makes such a rule matter.
 */
import { blockOf, coversMore, sizeOf, type Cidr } from "./cidr.ts";
import type {
  CloudService,
  Instance,
  InstanceId,
  NetworkFacts,
  RouteEntry,
  RouteTable,
  RouteTableId,
} from "./facts.ts";
import type { Plan, PreconditionChange } from "./plan.ts";
import { planned } from "./planned.ts";
import { reachedAmong } from "./reached.ts";
import type { RequestRevision } from "./request.ts";
import { routedCidrs, servingTables } from "./scope.ts";
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

export function impactOf(
  request: RequestRevision,
  facts: NetworkFacts,
  plan: Pick<Plan, "steps" | "connection">,
  sensitiveTags: readonly SensitiveTag[],
): Impact {
  const routed = planned(facts, plan, "route");
  const secured = planned(facts, plan, "secure");
  const reached = reachedAmong(request, secured);
  return {
    ...bothSides((side) => {
      const before = new Set(reached(side, facts).hosts.map(({ id }) => id));
      const older = reached(side, routed, before);
      const { hosts, from, unknown } = reached(side, secured, before);
      const sensitive = hosts.flatMap((host) => sensitiveHost(host, sensitiveTags));
      return {
        reachable: hosts.length,
        from,
        throughOlderRules: older.hosts.length,
        unknown: unknown.length,
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

function movesOf(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Move[] {
  const destinations = routedCidrs(request[opposite(side)], facts[opposite(side)]);
  return servingTables(request[side], facts[side]).flatMap((table) => {
    const carrierOf = carriers(table);
    return destinations.flatMap((destination): Move[] => {
      const was = carrierOf(destination);
      if (!was) return [];
      const { destination: from, nextHopType, nextHopId } = was;
      return [{ side, routeTableId: table.id, destination, was: { destination: from, nextHopType, nextHopId } }];
    });
  });
}

/** By which entry of a table a new destination was carried: the longest of those around it, if that led anywhere. */
export function carriers({ entries }: RouteTable): (destination: Cidr) => RouteEntry | undefined {
  const carrying = entries
    .filter(({ status }) => status === "Available")
    .map((entry) => ({ entry, block: blockOf(entry.destination) }));
  return (destination) => {
    const block = blockOf(destination);
    const around = carrying.filter((one) => coversMore(one.block, block));
    return around.toSorted((a, b) => sizeOf(a.block) - sizeOf(b.block))[0]?.entry;
  };
}
