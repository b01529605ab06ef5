/**
 * Where a route table sends a packet, and whether the connection that it is sent into carries it.
 */
import type { Cidr } from "./cidr.ts";
import type { NetworkFacts, NextHopType, RouteEntry, RouterInterface, RouteTable, RouteTableId } from "./facts.ts";
import { covers } from "./packet.ts";
import { opposite, type Side } from "./side.ts";

/** Where the deciding entry of a table leads; `id` is the next hop's. */
export type Routed =
  | { readonly leads: "local"; readonly destination: Cidr }
  | {
      readonly leads: "across";
      readonly destination: Cidr;
      readonly nextHopType: NextHopType;
      readonly id: string;
      /** Null when it carries traffic. */
      readonly down: ConnectionDown | null;
    }
  | { readonly leads: "nowhere"; readonly destination: null; readonly why: NoRoute }
  | { readonly leads: "elsewhere"; readonly destination: Cidr; readonly why: RouteElsewhere };

interface NoRoute {
  readonly cause: "noRoute";
  readonly routeTableId: RouteTableId;
  readonly ip: string;
}

/** The longest match leads neither into the VPC nor to the other side, so it would have to be changed by its owner. */
interface RouteElsewhere {
  readonly cause: "routeElsewhere";
  readonly routeTableId: RouteTableId;
  readonly destination: Cidr;
  readonly nextHopType: string;
  readonly nextHopId: string;
}

interface ConnectionDown {
  readonly cause: "connectionDown";
  /** Of the end that is not up, where it is known. */
  readonly id: string;
  readonly status: string;
  readonly businessStatus: string;
}

export type RoutingCause = NoRoute | RouteElsewhere | ConnectionDown;

/** The entry that carries traffic for an address: the longest matching prefix among the `Available` ones. */
function longestMatch(entries: readonly RouteEntry[], ip: string): RouteEntry | null {
  const matching = entries.filter(({ status, destination }) => status === "Available" && covers(destination, ip));
  return matching.toSorted((a, b) => prefixOf(b) - prefixOf(a))[0] ?? null;
}

function prefixOf({ destination }: RouteEntry): number {
  return Number(destination.split("/")[1] ?? 32);
}

/** Where a packet of `side` goes that its vSwitch's table is asked about. */
export function route(ip: string, table: RouteTable, side: Side, facts: NetworkFacts): Routed {
  const entry = longestMatch(table.entries, ip);
  if (!entry) return { leads: "nowhere", destination: null, why: { cause: "noRoute", routeTableId: table.id, ip } };
  const { destination, nextHopType, nextHopId } = entry;
  if (nextHopType === "local" || entry.type === "System") return { leads: "local", destination };
  const across = crossing(entry, side, facts);
  if (across) return { leads: "across", destination, id: nextHopId, ...across };
  const why = { cause: "routeElsewhere", routeTableId: table.id, destination, nextHopType, nextHopId } as const;
  return { leads: "elsewhere", destination, why };
}

type Across = Pick<Extract<Routed, { leads: "across" }>, "nextHopType" | "down">;

/** Null when the entry does not lead to the other side. */
function crossing({ nextHopType, nextHopId }: RouteEntry, side: Side, facts: NetworkFacts): Across | null {
  if (nextHopType === "RouterInterface") {
    const own = facts[side].routerInterfaces.find(({ id }) => id === nextHopId);
    return own && leadsAcross(own, side, facts) ? { nextHopType, down: interfacesDown(own, side, facts) } : null;
  }
  if (nextHopType === "VpcPeer") {
    const connection = facts[side].vpcPeerConnections.find(({ id }) => id === nextHopId);
    if (!connection) return null;
    const { id, status, businessStatus, vpcId, acceptingVpcId } = connection;
    const ends: readonly string[] = [vpcId, acceptingVpcId];
    if (![facts.initiator.vpcId, facts.acceptor.vpcId].every((end) => ends.includes(end))) return null;
    // Another name or bandwidth does not interrupt it.
    const isUp = ["Activated", "Updating"].includes(status) && businessStatus === "Normal";
    return { nextHopType, down: isUp ? null : { cause: "connectionDown", id, status, businessStatus } };
  }
  return null;
}

/** One that has not been told its opposite leads nowhere yet; it counts as ours to connect, not as somebody else's way. */
function leadsAcross(own: RouterInterface, side: Side, facts: NetworkFacts): boolean {
  const other = facts[opposite(side)];
  const isNamed = other.routerInterfaces.some(({ id }) => id === own.oppositeInterfaceId);
  return isNamed || own.oppositeInterfaceId === "" || own.oppositeRouterId === other.vpc?.vRouterId;
}

function interfacesDown(own: RouterInterface, side: Side, facts: NetworkFacts): ConnectionDown | null {
  const theirs = facts[opposite(side)].routerInterfaces.find(({ id }) => id === own.oppositeInterfaceId);
  const broken = [own, theirs].find((end) => end && (end.status !== "Active" || end.businessStatus !== "Normal"));
  if (!broken && theirs?.oppositeInterfaceId === own.id) return null;
  const { id, status, businessStatus } = broken ?? own;
  return { cause: "connectionDown", id, status, businessStatus };
}
