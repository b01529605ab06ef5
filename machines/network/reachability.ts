/**
 * Whether a packet gets from one address to another and its reply back, as far as the facts of two VPCs say: a walk, hop
 * by hop, that names the first place that stops it.
 *
 * Instance → its security groups → the network ACL of its vSwitch → the table that serves the vSwitch → the connection,
 * unless the table keeps it in the VPC → network ACL, instance and security groups of the other end; then the reply the
 * same way, which security groups know and nothing else does. What comes through a connection is only delivered:
 * peerings are not transitive.
 */
import type {
  Instance,
  InstanceId,
  NetworkFacts,
  NextHopType,
  RouteTableId,
  SecurityGroupId,
  SideFacts,
  VSwitch,
  VSwitchId,
} from "./facts.ts";
import type { Cidr } from "./cidr.ts";
import { type AclCause, judgeAcl } from "./network-acl-entries.ts";
import { covers, type Packet, type Protocol, replyTo, requestPacket } from "./packet.ts";
import { route, type RoutingCause } from "./routing.ts";
import { type Direction, type GroupsCause, judgeGroups } from "./security-group-rules.ts";
import { opposite, type Side } from "./side.ts";

/** What is tried: one service at one address, from one address of the same VPC or of the other one. */
export interface Flow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly protocol: Protocol;
  /** Null for ICMP. */
  readonly port: number | null;
}

export interface FlowEnd {
  readonly side: Side;
  readonly ip: string;
}

/**
 * `dropped` when something is seen that stops it, `unknown` when nothing is seen but not everything can be; `at` is the
 * first such place on the way.
 */
export type Finding =
  | { readonly verdict: "allowed" }
  | { readonly verdict: "dropped" | "unknown"; readonly at: Hop; readonly why: Cause };

export type Verdict = Finding & {
  /** What was passed or stopped it, in order, there and back. */
  readonly hops: readonly Hop[];
};

/** A verdict without the way to it. */
export function findingOf(verdict: Verdict): Finding {
  if (verdict.verdict === "allowed") return { verdict: "allowed" };
  const { at, why } = verdict;
  return { verdict: verdict.verdict, at, why };
}

type Way = "there" | "back";

/** A place on the way; `side` is where it is. */
export type Hop = { readonly way: Way; readonly side: Side } & (
  | { readonly hop: "instance"; readonly ip: string; readonly instanceId: InstanceId | null }
  | {
      readonly hop: "securityGroups";
      readonly direction: Direction;
      readonly instanceId: InstanceId;
      readonly securityGroupIds: readonly SecurityGroupId[];
      /** The rule that accepted; null when none had to, or none did. */
      readonly ruleId: string | null;
    }
  | {
      readonly hop: "networkAcl";
      readonly direction: Direction;
      readonly networkAclId: string;
      readonly vSwitchId: VSwitchId;
      readonly entryId: string | null;
    }
  | {
      readonly hop: "routeTable";
      readonly vSwitchId: VSwitchId;
      readonly routeTableId: RouteTableId;
      /** Of the entry that decided; null when none matches. */
      readonly destination: Cidr | null;
    }
  | { readonly hop: "connection"; readonly nextHopType: NextHopType; readonly id: string }
);

export type Cause =
  | GroupsCause
  | AclCause
  | RoutingCause
  | { readonly cause: "noSuchInstance"; readonly ip: string }
  | { readonly cause: "notRunning"; readonly instanceId: InstanceId; readonly status: string }
  | { readonly cause: "notRead"; readonly what: "cloudService" | "vSwitch"; readonly id: string }
  | { readonly cause: "notRead"; readonly what: "routeTable"; readonly id: RouteTableId };

/** A hop and what it did to the packet; without `stop` it let it through. */
interface Passage {
  readonly hop: Hop;
  readonly stop?: { readonly verdict: "dropped" | "unknown"; readonly why: Cause };
}

/** Pure; what is not in the facts is unknown, never passed. */
export function walk(facts: NetworkFacts, flow: Flow): Verdict {
  const hops: Hop[] = [];
  let unknown: { readonly at: Hop; readonly why: Cause } | null = null;
  for (const { hop, stop } of passages(facts, flow)) {
    hops.push(hop);
    if (stop?.verdict === "dropped") return { verdict: "dropped", at: hop, why: stop.why, hops };
    // Something further on may drop it for certain.
    if (stop) unknown ??= { at: hop, why: stop.why };
  }
  return unknown ? { verdict: "unknown", ...unknown, hops } : { verdict: "allowed", hops };
}

function* passages(facts: NetworkFacts, flow: Flow): Iterable<Passage> {
  const { protocol, port } = flow;
  const ends = { sourceIp: flow.from.ip, destinationIp: flow.to.ip };
  const packet = requestPacket(ends, protocol, port);
  const [source, target] = [placeOf(flow.from, facts), placeOf(flow.to, facts)];
  yield standing(source, "there");
  yield* groups("egress", packet, source, target);
  yield* travel(packet, { way: "there", from: source, to: target, facts });
  yield standing(target, "there");
  yield* groups("ingress", packet, target, source);
  yield* travel(replyTo(packet), { way: "back", from: target, to: source, facts });
}

/** One end of a flow and what the facts have there. */
interface Place extends FlowEnd {
  readonly facts: SideFacts;
  readonly instance: Instance | null;
  readonly vSwitch: VSwitch | null;
}

function placeOf({ side, ip }: FlowEnd, { [side]: facts }: NetworkFacts): Place {
  const instance = facts.instances.find(({ privateIp }) => privateIp === ip) ?? null;
  const vSwitch = instance
    ? facts.vSwitches.find(({ id }) => id === instance.vSwitchId)
    : facts.vSwitches.find(({ cidr }) => covers(cidr, ip));
  return { side, ip, facts, instance, vSwitch: vSwitch ?? null };
}

/** The instance itself. At an address without one there may be another service, which only a count tells about. */
function standing({ side, ip, instance, facts }: Place, way: Way): Passage {
  const hop: Hop = { hop: "instance", way, side, ip, instanceId: instance?.id ?? null };
  if (instance?.status === "Running") return { hop };
  if (instance) {
    const why = { cause: "notRunning", instanceId: instance.id, status: instance.status } as const;
    return { hop, stop: { verdict: "dropped", why } };
  }
  const services = facts.vpc?.services;
  return services?.length === 0
    ? { hop, stop: { verdict: "dropped", why: { cause: "noSuchInstance", ip } } }
    : { hop, stop: { verdict: "unknown", why: { cause: "notRead", what: "cloudService", id: ip } } };
}

function* groups(direction: Direction, packet: Packet, own: Place, peer: Place): Iterable<Passage> {
  const { instance, facts, side } = own;
  if (!instance) return;
  const { id: instanceId, securityGroupIds } = instance;
  const peerGroupIds = peer.instance?.securityGroupIds ?? [];
  const judged = judgeGroups(direction, packet, { instance, facts, peerGroupIds });
  const ruleId = judged.judgement === "accept" ? judged.ruleId : null;
  yield {
    hop: { hop: "securityGroups", way: "there", side, direction, instanceId, securityGroupIds, ruleId },
    ...stopped(judged),
  };
}

function stopped(
  judged: { readonly judgement: "accept" } | { readonly judgement: "drop" | "unknown"; readonly why: Cause },
): Pick<Passage, "stop"> {
  if (judged.judgement === "accept") return {};
  return { stop: { verdict: judged.judgement === "drop" ? "dropped" : "unknown", why: judged.why } };
}

interface Leg {
  readonly way: Way;
  readonly from: Place;
  readonly to: Place;
  readonly facts: NetworkFacts;
}

/** From one vSwitch to another; what stays within one meets neither network ACL nor route table. */
function* travel(packet: Packet, leg: Leg): Iterable<Passage> {
  const { from, to, way } = leg;
  if (from.vSwitch && from.vSwitch.id === to.vSwitch?.id) return;
  yield* border("egress", packet, from, way);
  yield* routed(packet.destinationIp, leg);
  yield* border("ingress", packet, to, way);
}

function* border(direction: Direction, packet: Packet, place: Place, way: Way): Iterable<Passage> {
  const { side, vSwitch, facts } = place;
  if (!vSwitch || vSwitch.networkAclId === "") return;
  const { networkAclId, id: vSwitchId } = vSwitch;
  const judged = judgeAcl(direction, packet, facts, vSwitch);
  const entryId = judged.judgement === "accept" ? judged.entryId : null;
  yield {
    hop: { hop: "networkAcl", way, side, direction, networkAclId, vSwitchId, entryId },
    ...stopped(judged),
  };
}

function* routed(ip: string, { from, to, way, facts }: Leg): Iterable<Passage> {
  const { side, vSwitch } = from;
  if (!vSwitch) {
    const hop: Hop = { hop: "instance", way, side, ip: from.ip, instanceId: from.instance?.id ?? null };
    yield { hop, stop: { verdict: "unknown", why: { cause: "notRead", what: "vSwitch", id: from.ip } } };
    return;
  }
  const { id: vSwitchId, routeTableId } = vSwitch;
  const table = from.facts.routeTables.find(({ id }) => id === routeTableId);
  const atTable = { hop: "routeTable", way, side, vSwitchId, routeTableId } as const;
  if (!table) {
    const why = { cause: "notRead", what: "routeTable", id: routeTableId } as const;
    yield { hop: { ...atTable, destination: null }, stop: { verdict: "unknown", why } };
    return;
  }
  const sent = route(ip, table, side, facts);
  const hop = { ...atTable, destination: sent.destination };
  if ("why" in sent) {
    yield { hop, stop: { verdict: "dropped", why: sent.why } };
    return;
  }
  const arrives = sent.leads === "local" ? side : opposite(side);
  if (arrives !== to.side) {
    const next =
      sent.leads === "local"
        ? { nextHopType: "local", nextHopId: "" }
        : { nextHopType: sent.nextHopType, nextHopId: sent.id };
    const why = { cause: "routeElsewhere", routeTableId, destination: sent.destination, ...next } as const;
    yield { hop, stop: { verdict: "dropped", why } };
    return;
  }
  yield { hop };
  if (sent.leads === "local") return;
  yield {
    hop: { hop: "connection", way, side, nextHopType: sent.nextHopType, id: sent.id },
    ...(sent.down ? { stop: { verdict: "dropped", why: sent.down } } : {}),
  };
}
