/**
 * What the tables that get entries hold already. The longest prefix wins, so an entry to a part of the other side's
 * addresses takes that part away, and one to more than them gives them up.
 */
import type { Check, EntryThere } from "./checks.ts";
import { blockOf, coversMore, meets, type Block } from "./cidr.ts";
import type { NetworkFacts, RouteEntry, RouteTable, RouteTableId, SideFacts } from "./facts.ts";
import { joining } from "./preflight-neighbours.ts";
import type { RequestRevision } from "./request.ts";
import { ACK_TAG_KEY, CUSTOM_ENTRIES_PER_TABLE_MAX, isNearlyFull, SAID_MAX } from "./rules.ts";
import { isPrivate, routedCidrs, servingTables, vSwitchesInScope } from "./scope.ts";
import { opposite, type Side } from "./side.ts";

export function routeChecks(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Check[] {
  const there = entriesThere(side, request, facts);
  const added = routedCidrs(request[opposite(side)], facts[opposite(side)]).length;
  return [
    destinationFree(side, there),
    noLongerPrefix(side, there, request, facts),
    trafficStays(side, there),
    podRangesApart(side, there, facts[side]),
    ...servingTables(request[side], facts[side]).map((table) => routeTableRoom(side, table, added)),
  ];
}

/** An entry that shares addresses with something that will be routed. */
interface There extends EntryThere {
  /** Its prefix beside that of the entry that will be made. */
  readonly prefix: Prefix;
  readonly block: Block;
  readonly to: Block;
  /** Whether a vSwitch of the request uses the table. */
  readonly isInUse: boolean;
}

type Prefix = "equal" | "longer" | "shorter";

/**
 * Whatever their status: one that is being made is there in a moment. Those to what joins the two already are not in the
 * way: that it joins them is said by itself. Of the shorter ones the longest alone counts, for each table and block.
 */
function entriesThere(side: Side, request: RequestRevision, facts: NetworkFacts): readonly There[] {
  const destinations = routedCidrs(request[opposite(side)], facts[opposite(side)]).map(blockOf);
  const ofPair = new Set<string>(joining(side, facts).map(({ id }) => id));
  const inUse = new Set(vSwitchesInScope(request[side], facts[side]).map(({ routeTableId }) => routeTableId));
  const local = localEntries(side, request, facts);
  return servingTables(request[side], facts[side]).flatMap((table) => {
    const isInUse = inUse.has(table.id);
    const entries = [...table.entries.filter(({ nextHopId }) => !ofPair.has(nextHopId)), ...local].map((entry) => ({
      ...entry,
      block: blockOf(entry.destination),
    }));
    return destinations.flatMap((to): readonly There[] => {
      const near = entries
        .filter(({ block }) => meets(block, to))
        .map(({ type, destination, nextHopType, nextHopId, block }) => {
          const prefix = prefixBeside(to, block);
          return { routeTableId: table.id, destination, nextHopType, nextHopId, block, to, isInUse, prefix, type };
        })
        // The cloud's own entries take a destination; where they lead is said where addresses collide.
        .filter(({ prefix, type }) => prefix === "equal" || type !== "System");
      const [longest] = near
        .filter(({ prefix }) => prefix === "shorter")
        .toSorted((a, b) => size(a.block) - size(b.block));
      return near.filter((one) => one.prefix !== "shorter" || one === longest);
    });
  });
}

function prefixBeside(to: Block, block: Block): Prefix {
  if (coversMore(to, block)) return "longer";
  return coversMore(block, to) ? "shorter" : "equal";
}

function size({ first, last }: Block): number {
  return last - first;
}

type Entry = Pick<RouteEntry, "type" | "destination" | "nextHopType" | "nextHopId">;

/** What the VPC delivers to its own vSwitches out of what will be routed. Where blocks of the request collide, that is said already. */
function localEntries(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Entry[] {
  const ours = routedCidrs(request[side], facts[side]).map(blockOf);
  const destinations = routedCidrs(request[opposite(side)], facts[opposite(side)])
    .map(blockOf)
    .filter((to) => !ours.some((our) => meets(our, to)));
  return facts[side].vSwitches
    .filter(({ cidr }) => destinations.some((to) => coversMore(to, blockOf(cidr))))
    .map(({ id, cidr }) => ({ type: "local", destination: cidr, nextHopType: "local", nextHopId: id }));
}

function said({ routeTableId, destination, nextHopType, nextHopId }: EntryThere): EntryThere {
  return { routeTableId, destination, nextHopType, nextHopId };
}

function destinationFree(side: Side, there: readonly There[]): Check {
  const taken = there.filter(({ prefix }) => prefix === "equal");
  return {
    level: taken.length > 0 ? "stop" : "ok",
    check: "destinationFree",
    side,
    taken: taken.slice(0, SAID_MAX).map(said),
  };
}

/** Stops where it leads packets to a vSwitch of the request elsewhere: what is asked there, or the reply to it, is lost. */
function noLongerPrefix(side: Side, there: readonly There[], request: RequestRevision, facts: NetworkFacts): Check {
  const wanted = vSwitchesInScope(request[opposite(side)], facts[opposite(side)]).map(({ id, cidr }) => ({
    id,
    block: blockOf(cidr),
  }));
  const longer = there
    .filter(({ prefix }) => prefix === "longer")
    .map((entry) => {
      const lost = entry.isInUse ? wanted.filter(({ block }) => meets(entry.block, block)) : [];
      return { ...said(entry), vSwitchIds: lost.slice(0, SAID_MAX).map(({ id }) => id) };
    })
    .toSorted((a, b) => b.vSwitchIds.length - a.vSwitchIds.length);
  const level = longer.some(({ vSwitchIds }) => vSwitchIds.length > 0) ? "stop" : longer.length > 0 ? "warn" : "ok";
  return { level, check: "noLongerPrefix", side, entries: longer.slice(0, SAID_MAX), total: longer.length };
}

/** A default entry to the internet carried nothing to private addresses; everything else may have. */
function trafficStays(side: Side, there: readonly There[]): Check {
  const moved = there.filter(({ prefix, isInUse }) => prefix === "shorter" && isInUse);
  const carrying = moved.filter(
    ({ destination, nextHopType, to }) =>
      !(destination === "0.0.0.0/0" && TO_THE_INTERNET.includes(nextHopType) && isPrivate(to)),
  );
  return {
    level: carrying.length > 0 ? "warn" : "ok",
    check: "trafficStays",
    side,
    entries: carrying.slice(0, SAID_MAX).map(said),
    total: carrying.length,
  };
}

const TO_THE_INTERNET = ["NatGateway", "Ipv4Gateway"];

/**
 * With Flannel, an ACK cluster keeps an entry for each node's pods, and its controller deletes those that collide:
 * github.com/kubernetes/cloud-provider-alibaba-cloud, pkg/controller/route (read 2026-11-26).
 */
function podRangesApart(side: Side, there: readonly There[], { vpc, instances }: SideFacts): Check {
  const tags = [...(vpc?.tags ?? []), ...instances.flatMap((instance) => instance.tags)];
  const isCluster = tags.some(({ key }) => key === ACK_TAG_KEY);
  const pods = isCluster
    ? there.filter(({ nextHopType, destination }) => nextHopType === "Instance" && destination !== "0.0.0.0/0")
    : [];
  return {
    level: pods.length > 0 ? "stop" : "ok",
    check: "podRangesApart",
    side,
    entries: pods.slice(0, SAID_MAX).map(said),
  };
}

function routeTableRoom(side: Side, { id, entries }: RouteTable, added: number): Check {
  const custom = entries.filter(({ type }) => type === "Custom").length;
  const after = custom + added;
  const max = CUSTOM_ENTRIES_PER_TABLE_MAX;
  const level = after > max ? "stop" : isNearlyFull(after, max) ? "warn" : "ok";
  return { level, check: "routeTableRoom", side, routeTableId: id, entries: custom, after, max };
}

/**
 * The entries that take a part of what is routed, for each table that has some, in one text: a plan that was made and
 * approved beside them is another plan without them, and the other way round.
 */
export function longerPrefixes(
  side: Side,
  request: RequestRevision,
  facts: NetworkFacts,
): ReadonlyArray<{ readonly routeTableId: RouteTableId; readonly entries: string }> {
  const longer = entriesThere(side, request, facts).filter(({ prefix }) => prefix === "longer");
  const tables = [...new Set(longer.map(({ routeTableId }) => routeTableId))].toSorted();
  return tables.map((routeTableId) => {
    const here = longer.filter((entry) => entry.routeTableId === routeTableId);
    const texts = here.map(({ destination, nextHopType, nextHopId }) => `${destination} ${nextHopType} ${nextHopId}`);
    return { routeTableId, entries: texts.toSorted().join(", ") };
  });
}
