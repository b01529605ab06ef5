import { cidrContains, parseCidr, parseIpv4, textContainsAddress } from "./cidr.ts";
import { oppositeOf } from "./lookup.ts";
import { type CrossingPacket, networkAclAllows, networkAclOf } from "./network-acl.ts";
import { otherEnd, presentPeeringConnections } from "./peering-connection.ts";
import { groupsAllow } from "./security-rules.ts";
import { CLIENT_PORTS, type Service } from "./service.ts";
import type { Instance, Region, RouteEntry, RouterInterface, RouteTable, VSwitch, World } from "./world.ts";

/** What comes back and from which region, or the first thing on the way that stops it. */
export type Reach =
  | { readonly reached: true; readonly regionId: string; readonly answer: "echo" | "open" | "refused" }
  | { readonly reached: false; readonly stoppedBy: Stop };

/** In the order in which they are looked at. */
type Stop =
  | "source not running"
  | "source security groups"
  | "source network ACL"
  | "no route there"
  | "connection there not active"
  | "target network ACL"
  | "no such address"
  | "target not running"
  | "target security groups"
  | "target host firewall"
  | "target network ACL, back"
  | "no route back"
  | "connection back not active"
  | "source network ACL, back";

/** An instance and where it is. */
interface Place {
  readonly region: Region;
  readonly instance: Instance;
}

/**
 * Follows one echo request, or the first packet of a TCP connection, to an address and the reply back, in the state of
 * this moment. A TCP connection is `refused` where the whole way is open and nothing listens.
 *
 * Source instance → its security groups and the network ACL of its vSwitch → table that serves the vSwitch, longest
 * prefix → router interface and its opposite, both `Active`, or an `Activated` peering connection → a vSwitch of the
 * other VPC and its network ACL → target instance → its security groups; then the reply the same way from the target's
 * own table. Security groups know the reply, network ACLs do not. A packet that came through a connection is
 * only delivered, never sent on through another one: peerings are not transitive.
 */
export function reach(world: World, source: Place, targetIp: string, service: Service): Reach {
  if (source.instance.status !== "Running") return stopped("source not running");
  const there = travel(world, source, targetIp);
  const instance = "stoppedBy" in there ? undefined : instanceAt(there, targetIp);
  if (!egressAllows(source, { targetIp, target: instance, service })) return stopped("source security groups");
  const packet = { ...requestOf(service), sourceIp: source.instance.privateIp, destinationIp: targetIp };
  const staysWithin = isWithin(vSwitchOf(source), targetIp);
  if (!staysWithin && !borderAllows(source.region, vSwitchOf(source), { ...packet, direction: "egress" })) {
    return stopped("source network ACL");
  }
  if ("stoppedBy" in there)
    return stopped(there.stoppedBy === "route" ? "no route there" : "connection there not active");
  const entered = vSwitchFor(there.region, there.vpcId, targetIp);
  if (!staysWithin && !borderAllows(there.region, entered, { ...packet, direction: "ingress" })) {
    return stopped("target network ACL");
  }
  if (instance === undefined) return stopped("no such address");
  const target = { region: there.region, instance };
  return arrive(source, target, service) ?? comeBack(world, source, target, service);
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

/** What stops it at the target; undefined when the target answers. */
function arrive(source: Place, target: Place, service: Service): Reach | undefined {
  if (target.instance.status !== "Running") return stopped("target not running");
  if (!ingressAllows(target, source.instance, service)) return stopped("target security groups");
  if (service.protocol === "ICMP" && target.instance.dropsPing) return stopped("target host firewall");
  return undefined;
}

function comeBack(world: World, source: Place, target: Place, service: Service): Reach {
  const sourceIp = source.instance.privateIp;
  const packet = { ...replyOf(service), sourceIp: target.instance.privateIp, destinationIp: sourceIp };
  const staysWithin = source.instance.vSwitchId === target.instance.vSwitchId;
  if (!staysWithin && !borderAllows(target.region, vSwitchOf(target), { ...packet, direction: "egress" })) {
    return stopped("target network ACL, back");
  }
  const back = travel(world, target, sourceIp);
  if ("stoppedBy" in back) return stopped(back.stoppedBy === "route" ? "no route back" : "connection back not active");
  if (instanceAt(back, sourceIp) !== source.instance) return stopped("no route back");
  if (!staysWithin && !borderAllows(source.region, vSwitchOf(source), { ...packet, direction: "ingress" })) {
    return stopped("source network ACL, back");
  }
  return { reached: true, regionId: target.region.regionId, answer: answerOf(target.instance, service) };
}

function answerOf(target: Instance, service: Service): "echo" | "open" | "refused" {
  if (service.protocol === "ICMP") return "echo";
  return target.listening.includes(service.port) ? "open" : "refused";
}

/** The part of a packet that decides whether it crosses the borders of vSwitches, besides its addresses. */
type Crossing = Pick<CrossingPacket, "protocol" | "destinationPorts">;

function requestOf(service: Service): Crossing {
  return service.protocol === "ICMP"
    ? { protocol: "ICMP" }
    : { protocol: "TCP", destinationPorts: { low: service.port, high: service.port } };
}

function replyOf(service: Service): Crossing {
  return service.protocol === "ICMP" ? { protocol: "ICMP" } : { protocol: "TCP", destinationPorts: CLIENT_PORTS };
}

/** Network ACLs stand at the borders of vSwitches: what stays within one vSwitch meets none. */
function borderAllows(region: Region, vSwitch: VSwitch | undefined, packet: CrossingPacket): boolean {
  const acl = networkAclOf(region, vSwitch);
  return acl === undefined || networkAclAllows(acl, packet);
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

function travel(world: World, from: Place, toIp: string): Travel {
  const address = parseIpv4(toIp);
  const entry = address === undefined ? undefined : longestMatch(tableServing(from)?.entries.values() ?? [], address);
  if (address === undefined || entry === undefined) return { stoppedBy: "route" };
  if (entry.nextHopType === "local") return { region: from.region, vpcId: from.instance.vpcId };
  const next = nextOn(world, from, entry);
  if (next === "nowhere") return { stoppedBy: "route" };
  if (next === "not active") return { stoppedBy: "connection" };
  const region = world.regions.get(next.regionId);
  return region !== undefined && vSwitchFor(region, next.vpcId, toIp) !== undefined
    ? { region, vpcId: next.vpcId }
    : { stoppedBy: "route" };
}

/** The VPC that an entry's next hop leads to. */
type Next = { readonly regionId: string; readonly vpcId: string } | "nowhere" | "not active";

function nextOn(world: World, from: Place, entry: RouteEntry): Next {
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

function tableServing(place: Place): RouteTable | undefined {
  return place.region.routeTables.get(vSwitchOf(place)?.routeTableId ?? "");
}

function vSwitchOf({ region, instance }: Place): VSwitch | undefined {
  return region.vSwitches.get(instance.vSwitchId);
}

function vSwitchFor(region: Region, vpcId: string, ip: string): VSwitch | undefined {
  return [...region.vSwitches.values()].find((vSwitch) => vSwitch.vpcId === vpcId && isWithin(vSwitch, ip));
}

function isWithin(vSwitch: VSwitch | undefined, ip: string): boolean {
  const address = parseIpv4(ip);
  return vSwitch !== undefined && address !== undefined && textContainsAddress(vSwitch.cidrBlock, address);
}

function instanceAt(place: { region: Region; vpcId: string }, ip: string): Instance | undefined {
  return [...place.region.instances.values()].find(
    (instance) => instance.vpcId === place.vpcId && instance.privateIp === ip,
  );
}

function egressAllows(
  source: Place,
  towards: { readonly targetIp: string; readonly target: Instance | undefined; readonly service: Service },
): boolean {
  return groupsAllow(source.region, source.instance, {
    direction: "egress",
    sourceIp: source.instance.privateIp,
    destinationIp: towards.targetIp,
    service: towards.service,
    peerGroupIds: towards.target?.securityGroupIds ?? [],
  });
}

function ingressAllows(target: Place, source: Instance, service: Service): boolean {
  return groupsAllow(target.region, target.instance, {
    direction: "ingress",
    sourceIp: source.privateIp,
    destinationIp: target.instance.privateIp,
    service,
    peerGroupIds: source.securityGroupIds,
  });
}

function stopped(stoppedBy: Stop): Reach {
  return { reached: false, stoppedBy };
}
