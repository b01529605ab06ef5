/**
 * A drawn wish in networks that people live in: a host in each vSwitch, some vSwitches in the other side's addresses, the
 * cloud's own entries, entries around and within what gets routed, older rules, network ACLs. Not all can be planned.
 */
import * as fc from "fast-check";
import type {
  Instance,
  NetworkAclEntry,
  NetworkFacts,
  RouteEntry,
  RouteTableId,
  SecurityGroup,
  SecurityGroupId,
  SecurityGroupRule,
  SideFacts,
  VSwitch,
} from "../../machines/network/facts.ts";
import { bothSides, type Side } from "../../machines/network/side.ts";
import { group, rule, vSwitch } from "./networks.ts";
import type { Wish } from "./random-network.ts";

type Draw = fc.GeneratorValue;

/** Around and within the blocks of `wishes`: 10.16.0.0/16 and on asks, 172.16.0.0/16 and on accepts. */
const BLOCKS: Readonly<Record<Side, readonly string[]>> = {
  initiator: ["0.0.0.0/0", "10.0.0.0/8", "10.16.0.0/14", "10.16.200.0/24", "10.16.1.0/24", "10.17.0.0/28"],
  acceptor: ["0.0.0.0/0", "172.0.0.0/8", "172.16.0.0/12", "172.16.200.0/24", "172.16.1.0/24", "172.17.0.0/28"],
};
const STRAYS = [
  ["VpnGateway", "vpn-1"],
  ["NatGateway", "ngw-1"],
  ["RouterInterface", "ri-elsewhere"],
  ["VpcPeer", "pcc-elsewhere"],
] as const;

export function livedIn(draw: Draw, { request, network }: Wish): Wish {
  return { request, network: { ...network, ...bothSides((side) => livedInSide(draw, side, network)) } };
}

function livedInSide(draw: Draw, side: Side, network: NetworkFacts): SideFacts {
  const far = BLOCKS[side === "initiator" ? "acceptor" : "initiator"];
  const own = inhabited(draw, side, network[side]);
  const local = own.vSwitches.map(({ id, cidr }) => localEntry(id, cidr));
  return {
    ...own,
    routeTables: own.routeTables.map((table) => ({
      ...table,
      entries: [...local, ...table.entries, ...(table.associateType === "VSwitch" ? strays(draw, far) : [])],
    })),
    securityGroups: own.securityGroups.map((one) => ({
      ...one,
      rules: olderRules(draw, [...far, ...BLOCKS[side]]),
    })),
    vSwitches: own.vSwitches.map((one) => ({ ...one, networkAclId: isIn(draw, 1) ? "nacl-1" : "" })),
    networkAcls: [{ id: "nacl-1", name: "", ingress: aclEntries(draw, far), egress: aclEntries(draw, far) }],
  };
}

/** Two vSwitches that nobody asks for, one of them in addresses of the other side, and a host in each vSwitch. */
function inhabited(draw: Draw, side: Side, facts: SideFacts): SideFacts {
  const [net, far] = side === "initiator" ? (["10.16", "172.16"] as const) : (["172.16", "10.16"] as const);
  const added = [`${net}.211.0/24`, ...(isIn(draw, 5) ? [`${far}.201.0/24`] : [])];
  const tables = facts.routeTables.filter(({ associateType }) => associateType === "VSwitch").map(({ id }) => id);
  const vSwitches = [
    ...facts.vSwitches,
    ...added.map((cidr): VSwitch =>
      vSwitch(`vsw-${side}-${cidr}`, cidr, draw(fc.constantFrom<RouteTableId[]>, ...tables)),
    ),
  ];
  const groups: readonly SecurityGroup[] =
    facts.securityGroups.length > 0 ? facts.securityGroups : [group(`sg-${side}`)];
  const hosts = vSwitches.map(({ id, cidr }, index): Instance => ({
    id: `i-${side}-host-${index}`,
    name: "",
    status: "Running",
    osType: "linux",
    osName: "",
    vSwitchId: id,
    privateIp: cidr.replace("0/24", "99"),
    securityGroupIds: [draw(fc.constantFrom<SecurityGroupId[]>, ...groups.map((one) => one.id))],
    optedIn: true,
    assistantOnline: true,
    tags: [],
  }));
  return { ...facts, vSwitches, securityGroups: groups, instances: [...facts.instances, ...hosts] };
}

function localEntry(id: string, destination: string): RouteEntry {
  return { id: `rte-${id}`, destination, status: "Available", type: "System", nextHopType: "local", nextHopId: id };
}

function strays(draw: Draw, blocks: readonly string[]): readonly RouteEntry[] {
  return blocks
    .filter(() => isIn(draw, 3))
    .map((destination): RouteEntry => {
      const [nextHopType, nextHopId] = draw(fc.constantFrom<(typeof STRAYS)[number][]>, ...STRAYS);
      const status = isIn(draw, 8) ? "Available" : "Pending";
      return { id: `rte-${destination}`, destination, status, type: "Custom", nextHopType, nextHopId };
    });
}

function olderRules(draw: Draw, blocks: readonly string[]): readonly SecurityGroupRule[] {
  return Array.from({ length: draw(fc.nat, { max: 4 }) }, (_, index) =>
    rule({
      id: `sgr-older-${index}`,
      direction: isIn(draw, 6) ? "ingress" : "egress",
      policy: isIn(draw, 8) ? "accept" : "drop",
      priority: draw(fc.constantFrom<number[]>, 1, 100),
      protocol: draw(fc.constantFrom<string[]>, "ALL", "ICMP"),
      peerCidr: draw(fc.constantFrom<string[]>, ...blocks),
    }),
  );
}

function aclEntries(draw: Draw, blocks: readonly string[]): readonly NetworkAclEntry[] {
  const drops = blocks.slice(3).filter(() => isIn(draw, 1));
  return [...drops.map((block) => aclEntry("drop", block)), aclEntry("accept", "0.0.0.0/0")];
}

function aclEntry(policy: "accept" | "drop", peerCidr: string): NetworkAclEntry {
  return { id: `nae-${policy}-${peerCidr}`, policy, protocol: "ALL", portRange: "-1/-1", peerCidr };
}

function isIn(draw: Draw, ofTen: number): boolean {
  return draw(fc.nat, { max: 9 }) < ofTen;
}
