/**
 * Changes that the situations of the corpus are made of: what is in a network, and what was asked for.
 */
import type {
  Instance,
  NetworkAcl,
  NetworkAclEntry,
  NetworkFacts,
  RouteEntry,
  SecurityGroup,
  SecurityGroupRule,
  SideFacts,
  Vpc,
  VSwitch,
} from "../../machines/network/facts.ts";
import type { PlanRules } from "../../machines/connections/connection.ts";
import type { ConnectionId, RequestRevision, RequestSide } from "../../machines/network/request.ts";
import type { Side } from "../../machines/network/side.ts";
import { asking, group, table, withSide, withVpc } from "./networks.ts";

/** A request, the networks it is about, and the operator's settings. */
export interface Setting {
  readonly request: RequestRevision;
  readonly network: NetworkFacts;
  readonly rules: PlanRules;
}

export type Change = (setting: Setting, here: Side) => Setting;

/** What a change makes of the tutorial, which has nothing to stop or to read. */
export interface Case {
  readonly what: string;
  readonly change: Change;
  readonly stops?: readonly string[];
  readonly warns?: readonly string[];
  /** On one side only, where the sides differ. */
  readonly on?: readonly Side[];
  /** With one kind of connection only. */
  readonly by?: ConnectionId;
}

/** The ids and blocks of the tutorial's sides. */
export const TUTORIAL = {
  initiator: {
    vpc: "vpc-m5e1",
    router: "vrt-m5e1",
    vSwitchId: "vsw-m5e1",
    tableId: "vtb-m5e1",
    groupId: "sg-m5e1",
    instanceId: "i-m5e1",
    block: "192.168.0.0/16",
    vSwitch: "192.168.1.0/24",
    half: "192.168.1.128/25",
    host: "192.168.1.10/32",
    /** No vSwitch is here. */
    free: "192.168.128.0/17",
    freeVSwitch: "192.168.2.0/24",
    wider: "192.168.0.0/15",
    beside: "192.169.0.0/16",
  },
  acceptor: {
    vpc: "vpc-2ze1",
    router: "vrt-2ze1",
    vSwitchId: "vsw-2ze1",
    tableId: "vtb-2ze1",
    groupId: "sg-2ze1",
    instanceId: "i-2ze1",
    block: "172.16.0.0/16",
    vSwitch: "172.16.1.0/24",
    half: "172.16.1.128/25",
    host: "172.16.1.10/32",
    free: "172.16.128.0/17",
    freeVSwitch: "172.16.2.0/24",
    wider: "172.16.0.0/15",
    beside: "172.15.0.0/16",
  },
} as const;

export function all(...changes: readonly Change[]): Change {
  return (setting, here) => changes.reduce((so, change) => change(so, here), setting);
}

export function onFacts(change: (facts: SideFacts, here: Side) => Partial<SideFacts>): Change {
  return (setting, here) => ({
    ...setting,
    network: withSide(here, change(setting.network[here], here), setting.network),
  });
}

export function onVpc(change: Partial<Vpc>): Change {
  return (setting, here) => ({ ...setting, network: withVpc(here, change, setting.network) });
}

export function asks(change: (here: Side) => Partial<RequestSide>): Change {
  return (setting, here) => ({ ...setting, request: asking(here, change(here), setting.request) });
}

export function asksOfBoth(change: Partial<RequestRevision>): Change {
  return (setting) => ({ ...setting, request: { ...setting.request, ...change } });
}

export function opposite(change: Change): Change {
  return (setting, here) => change(setting, here === "initiator" ? "acceptor" : "initiator");
}

export function ruled(change: Partial<Setting["rules"]>): Change {
  return (setting) => ({ ...setting, rules: { ...setting.rules, ...change } });
}

export function entry(destination: string, nextHopType: string, change: Partial<RouteEntry> = {}): RouteEntry {
  const nextHopId = `${nextHopType.toLowerCase()}-1`;
  return {
    id: `rte-${destination}`,
    destination,
    status: "Available",
    type: "Custom",
    nextHopType,
    nextHopId,
    ...change,
  };
}

/** In the table of the tutorial. */
export function entries(make: (there: Side, here: Side) => readonly RouteEntry[]): Change {
  return onFacts(({ routeTables }, here) => ({
    routeTables: routeTables.map((one) => ({ ...one, entries: [...one.entries, ...make(other(here), here)] })),
  }));
}

/** In a second table, which no vSwitch uses unless one is put there. */
export function entriesInSecondTable(
  make: (there: Side) => readonly RouteEntry[],
  associateType: "VSwitch" | "Gateway" = "VSwitch",
): Change {
  return onFacts(({ routeTables }, here) => ({
    routeTables: [...routeTables, table("vtb-second", { associateType, entries: make(other(here)) })],
  }));
}

export function vSwitch(id: VSwitch["id"], cidr: string, change: Partial<VSwitch> = {}): Change {
  return onFacts(({ vSwitches }, here) => ({
    vSwitches: [
      ...vSwitches,
      { id, name: "", cidr, zoneId: "a", routeTableId: TUTORIAL[here].tableId, networkAclId: "", ...change },
    ],
  }));
}

/** The VPC with another block, its one vSwitch and its instance in the first /24 of it. */
export function moved(cidr: string): Change {
  const at = cidr.split("/")[0]?.replace(/\d+$/, "") ?? "";
  return all(
    onVpc({ cidr }),
    onFacts(({ vSwitches, instances }) => ({
      vSwitches: vSwitches.map((one) => ({ ...one, cidr: `${at}0/24` })),
      instances: instances.map((one) => ({ ...one, privateIp: `${at}10` })),
    })),
  );
}

/** In the chosen group of the tutorial. */
export function rules(make: (there: Side, here: Side) => readonly SecurityGroupRule[] | null): Change {
  return onFacts(({ securityGroups }, here) => ({
    securityGroups: securityGroups.map((one) =>
      one.id === TUTORIAL[here].groupId ? { ...one, rules: make(other(here), here) } : one,
    ),
  }));
}

export function securityGroup(change: Partial<SecurityGroup>): Change {
  return onFacts(({ securityGroups }) => ({ securityGroups: [...securityGroups, group("sg-other", change)] }));
}

/** The tutorial's instance. */
export function onInstance(change: Partial<Instance>): Change {
  return onFacts(({ instances }, here) => ({
    instances: instances.map((one) => (one.id === TUTORIAL[here].instanceId ? { ...one, ...change } : one)),
  }));
}

/** Another instance in the tutorial's vSwitch. */
export function instance(change: Partial<Instance>): Change {
  return onFacts(({ instances }) => {
    const [first] = instances;
    if (!first) throw new Error("copying an instance that is not there");
    const privateIp = first.privateIp.replace(/\d+$/, "20");
    return { instances: [...instances, { ...first, id: "i-other", privateIp, ...change }] };
  });
}

export function aclEntry(change: Partial<NetworkAclEntry>): NetworkAclEntry {
  return { id: "nae-1", policy: "accept", protocol: "ALL", portRange: "-1/-1", peerCidr: "0.0.0.0/0", ...change };
}

/** On the tutorial's vSwitch. */
export function networkAcl(make: (there: Side) => Partial<NetworkAcl>): Change {
  return onFacts(({ vSwitches }, here) => ({
    vSwitches: vSwitches.map((one) => (one.id === TUTORIAL[here].vSwitchId ? { ...one, networkAclId: "nacl-1" } : one)),
    networkAcls: [{ id: "nacl-1", name: "", ingress: [aclEntry({})], egress: [aclEntry({})], ...make(other(here)) }],
  }));
}

export function other(here: Side): Side {
  return here === "initiator" ? "acceptor" : "initiator";
}

export function inRegion(setting: Setting, side: Side, regionId: string): Setting {
  const { request, network } = setting;
  const { vpc } = network[side];
  if (vpc === null) throw new Error("moving a VPC that is not there");
  return {
    ...setting,
    request: { ...request, [side]: { ...request[side], regionId } },
    network: { ...network, [side]: { ...network[side], regionId, vpc: { ...vpc, regionId } } },
  };
}
