import { cidrContains, parseCidr, parseIpv4, textContainsAddress } from "./cidr.ts";
import { oppositeOf } from "./lookup.ts";
import { otherEnd, presentPeeringConnections } from "./peering-connection.ts";
import { groupsAllow } from "./security-rules.ts";
import type { Instance, Region, RouteEntry, RouterInterface, RouteTable, World } from "./world.ts";

/** Whether an echo request comes back, and from which region, or the first thing on its way that stops it. */
export type Reach =
  | { readonly reached: true; readonly regionId: string }
  | { readonly reached: false; readonly stoppedBy: Stop };

/** In the order in which an echo request meets them. */
type Stop =
  | "source not running"
  | "no route there"
  | "connection there not active"
  | "no such address"
  | "target not running"
  | "source security groups"
  | "target security groups"
  | "no route back"
  | "connection back not active";

/**
 * Follows one echo request from an instance to an address and its reply back, in the state of this moment.
 *
 * Source instance → table that serves its vSwitch, longest prefix → router interface and its opposite, both `Active`, or
 * an `Activated` peering connection → a vSwitch of the other VPC → target instance; then the reply the same way from the
 * target's own table. A packet that came through a connection is only delivered, never sent on through another one:
 * peerings are not transitive. Network ACLs are not looked at.
 */
export function reach(world: World, source: { region: Region; instance: Instance }, targetIp: string): Reach {
  if (source.instance.status !== "Running") return stopped("source not running");
  const there = travel(world, source, targetIp);
  if ("stoppedBy" in there)
    return stopped(there.stoppedBy === "route" ? "no route there" : "connection there not active");
  const target = { region: there.region, instance: instanceAt(there, targetIp) };
  if (!egressAllows(source, targetIp, target.instance)) return stopped("source security groups");
  if (target.instance === undefined) return stopped("no such address");
  if (target.instance.status !== "Running") return stopped("target not running");
  if (!ingressAllows({ region: target.region, instance: target.instance }, source.instance)) {
    return stopped("target security groups");
  }
  const back = travel(world, { region: target.region, instance: target.instance }, source.instance.privateIp);
  if ("stoppedBy" in back) return stopped(back.stoppedBy === "route" ? "no route back" : "connection back not active");
  return instanceAt(back, source.instance.privateIp) === source.instance
    ? { reached: true, regionId: target.region.regionId }
    : stopped("no route back");
}

/**
 * The entry that carries traffic for an address: the longest matching prefix among the available ones.
 *
 * Undefined when nothing matches. Destinations are unique in a table, so there are no ties.
 */
export function longestMatch(entries: Iterable<RouteEntry>, address: number): RouteEntry | undefined {
  let best: { entry: RouteEntry; prefix: number } | undefined;
  for (const entry of entries) {
    const cidr = parseCidr(entry.destinationCidrBlock);
    if (entry.status !== "Available" || cidr === undefined) continue;
    if (!cidrContains(cidr, { network: address, prefix: 32 })) continue;
    if (best === undefined || cidr.prefix > best.prefix) best = { entry, prefix: cidr.prefix };
  }
  return best?.entry;
}

/** Whether a router interface carries traffic: it and its opposite are active, paid for, and name each other. */
function carriesTraffic(world: World, side: RouterInterface): boolean {
  const opposite = oppositeOf(world, side);
  return (
    opposite !== undefined &&
    opposite.opposite.interfaceId === side.routerInterfaceId &&
    [side, opposite].every((end) => end.status === "Active" && end.businessStatus === "Normal")
  );
}

/** Where a packet comes out, or what stops it on the way. */
type Travel = { readonly region: Region; readonly vpcId: string } | { readonly stoppedBy: "route" | "connection" };

function travel(world: World, from: { region: Region; instance: Instance }, toIp: string): Travel {
  const address = parseIpv4(toIp);
  const entry = address === undefined ? undefined : longestMatch(tableServing(from)?.entries.values() ?? [], address);
  if (address === undefined || entry === undefined) return { stoppedBy: "route" };
  if (entry.nextHopType === "local") return { region: from.region, vpcId: from.instance.vpcId };
  const next = nextOn(world, from, entry);
  if (next === "nowhere") return { stoppedBy: "route" };
  if (next === "not active") return { stoppedBy: "connection" };
  const region = world.regions.get(next.regionId);
  return region !== undefined && hasVSwitchFor(region, next.vpcId, address)
    ? { region, vpcId: next.vpcId }
    : { stoppedBy: "route" };
}

/** The VPC that an entry's next hop leads to. */
type Next = { readonly regionId: string; readonly vpcId: string } | "nowhere" | "not active";

function nextOn(world: World, from: { region: Region; instance: Instance }, entry: RouteEntry): Next {
  switch (entry.nextHopType) {
    case "RouterInterface": {
      const side = from.region.routerInterfaces.get(entry.nextHopId);
      if (side === undefined) return "nowhere";
      const vpcId = oppositeOf(world, side)?.vpcId;
      return vpcId !== undefined && carriesTraffic(world, side)
        ? { regionId: side.oppositeRegionId, vpcId }
        : "not active";
    }
    case "VpcPeer": {
      const connection = presentPeeringConnections(world).find(({ instanceId }) => instanceId === entry.nextHopId);
      const end = connection === undefined ? undefined : otherEnd(connection, from.instance.vpcId);
      if (connection === undefined || end === undefined) return "nowhere";
      // Another name or bandwidth does not interrupt it.
      const isUp = connection.status === "Activated" || connection.status === "Updating";
      return isUp && connection.bizStatus === "Normal" ? end : "not active";
    }
    default:
      return "nowhere";
  }
}

function tableServing(place: { region: Region; instance: Instance }): RouteTable | undefined {
  const vSwitch = place.region.vSwitches.get(place.instance.vSwitchId);
  return vSwitch === undefined ? undefined : place.region.routeTables.get(vSwitch.routeTableId);
}

function hasVSwitchFor(region: Region, vpcId: string, address: number): boolean {
  return [...region.vSwitches.values()].some(
    (vSwitch) => vSwitch.vpcId === vpcId && textContainsAddress(vSwitch.cidrBlock, address),
  );
}

function instanceAt(place: { region: Region; vpcId: string }, ip: string): Instance | undefined {
  return [...place.region.instances.values()].find(
    (instance) => instance.vpcId === place.vpcId && instance.privateIp === ip,
  );
}

function egressAllows(
  source: { region: Region; instance: Instance },
  targetIp: string,
  target: Instance | undefined,
): boolean {
  return groupsAllow(source.region, source.instance, {
    direction: "egress",
    sourceIp: source.instance.privateIp,
    destinationIp: targetIp,
    peerGroupIds: target?.securityGroupIds ?? [],
  });
}

function ingressAllows(target: { region: Region; instance: Instance }, source: Instance): boolean {
  return groupsAllow(target.region, target.instance, {
    direction: "ingress",
    sourceIp: source.privateIp,
    destinationIp: target.instance.privateIp,
    peerGroupIds: source.securityGroupIds,
  });
}

function stopped(stoppedBy: Stop): Reach {
  return { reached: false, stoppedBy };
}
