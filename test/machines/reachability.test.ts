import { describe, expect, test } from "vitest";
import type {
  NetworkAclEntry,
  NetworkFacts,
  RouteEntry,
  SecurityGroupRule,
  SideFacts,
} from "../../machines/network/facts.ts";
import { type Flow, walk } from "../../machines/network/reachability.ts";
import type { Side } from "../../machines/network/side.ts";
import { group, table, vSwitch, withInstance, withSide, withVpc } from "./networks.ts";
import { facts } from "./tutorial.ts";

const POSTGRES: Flow = {
  from: { side: "initiator", ip: "192.168.1.10" },
  to: { side: "acceptor", ip: "172.16.1.10" },
  protocol: "TCP",
  port: 5432,
};
const PING: Flow = { ...POSTGRES, protocol: "ICMP", port: null };

function entry(destination: string, change: Partial<RouteEntry> = {}): RouteEntry {
  const nextHop = { nextHopType: "VpcPeer", nextHopId: "pcc-1" };
  return { id: `rte-${destination}`, destination, status: "Available", type: "Custom", ...nextHop, ...change };
}

function rule(change: Partial<SecurityGroupRule> = {}): SecurityGroupRule {
  return {
    id: "sgr-1",
    direction: "ingress",
    policy: "accept",
    protocol: "TCP",
    portRange: "5432/5432",
    priority: 1,
    peerCidr: "192.168.0.0/16",
    peerGroupId: "",
    peerPrefixListId: "",
    ownCidr: "",
    sourcePortRange: "",
    description: "",
    ...change,
  };
}

function routes(side: Side, entries: readonly RouteEntry[], network: NetworkFacts): NetworkFacts {
  return withSide(side, { routeTables: network[side].routeTables.map((each) => ({ ...each, entries })) }, network);
}

function rules(side: Side, given: readonly SecurityGroupRule[] | null, network = joined()): NetworkFacts {
  const id = side === "initiator" ? "sg-m5e1" : "sg-2ze1";
  return withSide(side, { securityGroups: [group(id, { rules: given })] }, network);
}

/** The tutorial's two VPCs, with a peering connection, routes both ways, and PostgreSQL and ping let in. */
function joined(): NetworkFacts {
  const connection = {
    id: "pcc-1" as const,
    name: "",
    status: "Activated",
    businessStatus: "Normal",
    regionId: "cn-qingdao",
    vpcId: "vpc-m5e1" as const,
    acceptingRegionId: "cn-beijing",
    acceptingVpcId: "vpc-2ze1" as const,
  };
  const there = routes("initiator", [entry("172.16.0.0/16")], facts());
  const both = routes("acceptor", [entry("192.168.0.0/16")], there);
  const ends = withSide("initiator", { vpcPeerConnections: [connection] }, both);
  return rules(
    "acceptor",
    [rule(), rule({ id: "sgr-2", protocol: "ICMP", portRange: "-1/-1" })],
    withSide("acceptor", { vpcPeerConnections: [connection] }, ends),
  );
}

/** Two router interfaces in place of the peering connection. */
function joinedByInterfaces(change: Partial<SideFacts["routerInterfaces"][number]> = {}): NetworkFacts {
  const common = { name: "", status: "Active", businessStatus: "Normal", spec: "Mini.2", oppositeRegionId: "" };
  const ours = {
    ...common,
    id: "ri-1" as const,
    role: "InitiatingSide" as const,
    routerId: "vrt-m5e1",
    oppositeInterfaceId: "ri-2",
    oppositeRouterId: "vrt-2ze1",
  };
  const theirs = {
    ...common,
    id: "ri-2" as const,
    role: "AcceptingSide" as const,
    routerId: "vrt-2ze1",
    oppositeInterfaceId: "ri-1",
    oppositeRouterId: "vrt-m5e1",
    ...change,
  };
  const there = routes("initiator", [byInterface("172.16.0.0/16", "ri-1")], joined());
  const both = routes("acceptor", [byInterface("192.168.0.0/16", "ri-2")], there);
  return withSide(
    "acceptor",
    { routerInterfaces: [theirs] },
    withSide("initiator", { routerInterfaces: [ours] }, both),
  );
}

function byInterface(destination: string, nextHopId: string): RouteEntry {
  return entry(destination, { nextHopType: "RouterInterface", nextHopId });
}

function acl(side: Side, ingress: readonly NetworkAclEntry[], egress: readonly NetworkAclEntry[]): NetworkFacts {
  const network = joined();
  const vSwitches = network[side].vSwitches.map((each) => ({ ...each, networkAclId: "nacl-1" }));
  return withSide(side, { vSwitches, networkAcls: [{ id: "nacl-1", name: "", ingress, egress }] }, network);
}

function aclEntry(change: Partial<NetworkAclEntry> = {}): NetworkAclEntry {
  return { id: "nae-1", policy: "accept", protocol: "ALL", portRange: "-1/-1", peerCidr: "0.0.0.0/0", ...change };
}

function allowed(network: NetworkFacts): [string, string] {
  return [walk(network, PING).verdict, walk(network, POSTGRES).verdict];
}

const BOTH = ["allowed", "allowed"];

describe("a packet that gets through", () => {
  test("passes groups, table and connection there, and table and connection back", () => {
    const { verdict, hops } = walk(joined(), POSTGRES);
    expect(verdict).toBe("allowed");
    expect(hops.map(({ way, side, hop }) => `${way} ${side} ${hop}`)).toEqual([
      "there initiator instance",
      "there initiator securityGroups",
      "there initiator routeTable",
      "there initiator connection",
      "there acceptor instance",
      "there acceptor securityGroups",
      "back acceptor routeTable",
      "back acceptor connection",
    ]);
    expect(hops[5]).toMatchObject({ securityGroupIds: ["sg-2ze1"], ruleId: "sgr-1" });
  });

  test("goes by router interfaces that are active and name each other", () => {
    expect(allowed(joinedByInterfaces())).toEqual(BOTH);
    for (const change of [{ status: "Inactive" }, { businessStatus: "FinancialLocked" }, { oppositeInterfaceId: "" }])
      expect(walk(joinedByInterfaces(change), PING)).toMatchObject({ at: { hop: "connection", way: "there" } });
  });

  test("meets neither network ACL nor route table within one vSwitch", () => {
    const network = acl("initiator", [], []);
    const [first] = network.initiator.instances;
    if (!first) throw new Error("the tutorial has an instance");
    const second = { ...first, id: "i-second" as const, privateIp: "192.168.1.11" };
    const two = withSide("initiator", { instances: [first, second] }, network);
    const flow: Flow = { ...PING, to: { side: "initiator", ip: "192.168.1.11" } };
    expect(walk(two, flow).verdict).toBe("allowed");
    const apart = withSide("initiator", { securityGroups: [group("sg-m5e1", { innerAccess: "drop" })] }, two);
    expect(walk(apart, flow)).toMatchObject({ verdict: "dropped", why: { cause: "noRuleAccepts" } });
  });
});

describe("the places that a packet passes", () => {
  test("are named one by one, there and back, with what let it through", () => {
    const network = acl("acceptor", [aclEntry({ id: "nae-in" })], [aclEntry({ id: "nae-out" })]);
    const groups = { hop: "securityGroups", way: "there" };
    const border = { hop: "networkAcl", side: "acceptor", networkAclId: "nacl-1", vSwitchId: "vsw-2ze1" };
    const connection = { hop: "connection", nextHopType: "VpcPeer", id: "pcc-1" };

    expect(walk(network, POSTGRES).hops).toEqual([
      { hop: "instance", way: "there", side: "initiator", ip: "192.168.1.10", instanceId: "i-m5e1" },
      {
        ...groups,
        side: "initiator",
        direction: "egress",
        instanceId: "i-m5e1",
        securityGroupIds: ["sg-m5e1"],
        ruleId: null,
      },
      tableHop("there", "initiator", "m5e1", "172.16.0.0/16"),
      { ...connection, way: "there", side: "initiator" },
      { ...border, way: "there", direction: "ingress", entryId: "nae-in" },
      { hop: "instance", way: "there", side: "acceptor", ip: "172.16.1.10", instanceId: "i-2ze1" },
      {
        ...groups,
        side: "acceptor",
        direction: "ingress",
        instanceId: "i-2ze1",
        securityGroupIds: ["sg-2ze1"],
        ruleId: "sgr-1",
      },
      { ...border, way: "back", direction: "egress", entryId: "nae-out" },
      tableHop("back", "acceptor", "2ze1", "192.168.0.0/16"),
      { ...connection, way: "back", side: "acceptor" },
    ]);
  });

  test("have accepted by no rule and no entry where they stop it", () => {
    const drop = rule({ policy: "drop" });
    const byEntry = acl("acceptor", [aclEntry({ policy: "drop" })], []);

    expect(walk(rules("acceptor", [drop]), POSTGRES).hops.at(-1)).toMatchObject({ ruleId: null });
    expect(walk(byEntry, POSTGRES).hops.at(-1)).toMatchObject({ hop: "networkAcl", entryId: null });
  });

  test("are the tables and no connection between vSwitches of one VPC", () => {
    expect(walk(twoVSwitches("local"), NEXT_DOOR)).toMatchObject({
      verdict: "allowed",
      hops: [
        { hop: "instance" },
        { hop: "securityGroups" },
        tableHop("there", "initiator", "m5e1", "192.168.0.0/16"),
        { hop: "instance", ip: "192.168.2.10", instanceId: "i-second" },
        { hop: "securityGroups" },
        tableHop("back", "initiator", "second", "192.168.0.0/16"),
      ],
    });
  });
});

const NEXT_DOOR: Flow = { ...PING, to: { side: "initiator", ip: "192.168.2.10" } };

/** A second vSwitch in the initiator's VPC, whose tables send the VPC's own block to `nextHopType`. */
function twoVSwitches(nextHopType: string): NetworkFacts {
  const network = joined();
  const { instances, vSwitches } = network.initiator;
  const own = entry("192.168.0.0/16", nextHopType === "local" ? { nextHopType, nextHopId: "" } : { nextHopType });
  return withSide(
    "initiator",
    {
      instances: instances.flatMap((first) => [
        first,
        { ...first, id: "i-second", privateIp: "192.168.2.10", vSwitchId: "vsw-second" },
      ]),
      vSwitches: [...vSwitches, vSwitch("vsw-second", "192.168.2.0/24", "vtb-second")],
      routeTables: [table("vtb-m5e1", { entries: [own] }), table("vtb-second", { entries: [own] })],
    },
    network,
  );
}

function tableHop(way: "there" | "back", side: Side, name: string, destination: string) {
  return { hop: "routeTable", way, side, vSwitchId: `vsw-${name}`, routeTableId: `vtb-${name}`, destination };
}

describe("what stops a packet", () => {
  test("a table that keeps it in its own VPC, or sends it out of it", () => {
    const kept = routes("initiator", [entry("172.16.0.0/16", { nextHopType: "local", nextHopId: "" })], joined());
    const why = { cause: "routeElsewhere", routeTableId: "vtb-m5e1" };

    expect(walk(kept, POSTGRES)).toMatchObject({
      verdict: "dropped",
      at: { hop: "routeTable" },
      why: { ...why, destination: "172.16.0.0/16", nextHopType: "local", nextHopId: "" },
    });
    expect(walk(twoVSwitches("VpcPeer"), NEXT_DOOR)).toMatchObject({
      verdict: "dropped",
      at: { hop: "routeTable" },
      why: { ...why, destination: "192.168.0.0/16", nextHopType: "VpcPeer", nextHopId: "pcc-1" },
    });
  });

  test.each<[string, NetworkFacts, unknown]>([
    ["a stopped source", withInstance("initiator", { status: "Stopped" }, joined()), { cause: "notRunning" }],
    ["a stopped target", withInstance("acceptor", { status: "Stopped" }, joined()), { cause: "notRunning" }],
    ["no instance", withSide("acceptor", { instances: [] }, joined()), { cause: "noSuchInstance", ip: "172.16.1.10" }],
    ["no route there", routes("initiator", [], joined()), { cause: "noRoute", routeTableId: "vtb-m5e1" }],
    ["no route back", routes("acceptor", [], joined()), { cause: "noRoute", routeTableId: "vtb-2ze1" }],
    [
      "an entry that is not available yet",
      routes("initiator", [entry("172.16.0.0/16", { status: "Pending" })], joined()),
      { cause: "noRoute" },
    ],
    [
      "a longer match to elsewhere",
      routes(
        "initiator",
        [entry("172.16.0.0/16"), entry("172.16.1.0/24", { nextHopType: "VpnGateway", nextHopId: "vpn-1" })],
        joined(),
      ),
      { cause: "routeElsewhere", destination: "172.16.1.0/24", nextHopId: "vpn-1" },
    ],
    ["no rule", rules("acceptor", []), { cause: "noRuleAccepts", direction: "ingress", isManaged: false }],
    [
      "an equal rule that drops",
      rules("acceptor", [rule(), rule({ id: "sgr-9", policy: "drop", protocol: "ALL", portRange: "-1/-1" })]),
      { cause: "ruleDrops", ruleId: "sgr-9" },
    ],
    [
      "an enterprise group of the source",
      withSide("initiator", { securityGroups: [group("sg-m5e1", { type: "enterprise" })] }, joined()),
      { cause: "noRuleAccepts", direction: "egress" },
    ],
    ["a network ACL without entries", acl("acceptor", [], []), { cause: "aclDrops", entryId: null }],
    [
      "a network ACL that lets no reply out",
      acl("acceptor", [aclEntry()], [aclEntry({ protocol: "TCP", portRange: "5432/5432" })]),
      { cause: "aclDrops", direction: "egress" },
    ],
    [
      "a network ACL that lets some replies out",
      acl("acceptor", [aclEntry()], [aclEntry({ id: "nae-7", policy: "drop", portRange: "40000/40000" }), aclEntry()]),
      { cause: "aclDrops", direction: "egress", entryId: "nae-7" },
    ],
  ])("%s", (_, network, why) => {
    expect(walk(network, POSTGRES)).toMatchObject({ verdict: "dropped", why });
  });

  test("a rule that names too few of the client's ports", () => {
    const few = rules("acceptor", [rule({ sourcePortRange: "1024/50000" })]);
    expect(walk(few, POSTGRES)).toMatchObject({ verdict: "dropped", why: { cause: "noRuleAccepts" } });
    const all = rules("acceptor", [rule({ sourcePortRange: "1024/50000" }), rule({ sourcePortRange: "50001/65535" })]);
    expect(walk(all, POSTGRES).verdict).toBe("allowed");
  });
});

describe("what was not read", () => {
  test("a VPC, and so whether a service has an address in it", () => {
    const gone = withSide("acceptor", { vpc: null, instances: [] }, joined());

    expect(walk(gone, POSTGRES)).toMatchObject({
      verdict: "unknown",
      at: { hop: "instance", side: "acceptor", ip: "172.16.1.10", instanceId: null },
      why: { cause: "notRead", what: "cloudService", id: "172.16.1.10" },
    });
  });

  test("the vSwitch of an address, with an instance or without one", () => {
    const nobody = withSide("initiator", { instances: [] }, withVpc("initiator", { services: null }, joined()));
    const at = { hop: "instance", way: "there", side: "initiator", ip: "192.168.1.10" };

    expect(walk(withSide("initiator", { vSwitches: [] }, joined()), POSTGRES)).toMatchObject({
      verdict: "unknown",
      at: { ...at, instanceId: "i-m5e1" },
      why: { cause: "notRead", what: "vSwitch", id: "192.168.1.10" },
    });
    expect(walk(withSide("initiator", { vSwitches: [] }, nobody), POSTGRES).hops.slice(0, 2)).toEqual([
      { ...at, instanceId: null },
      { ...at, instanceId: null },
    ]);
  });

  const prefix = rule({ id: "sgr-p", peerCidr: "", peerPrefixListId: "pl-1", policy: "drop" });

  test.each<[string, NetworkFacts, string]>([
    ["rules of a group", rules("acceptor", null), "securityGroupRules"],
    ["a prefix list that may outrank", rules("acceptor", [rule({ priority: 2 }), prefix]), "prefixList"],
    [
      "a network ACL",
      withSide("acceptor", { networkAcls: null }, acl("acceptor", [aclEntry()], [aclEntry()])),
      "networkAcl",
    ],
    [
      "whether a service has the address",
      withVpc("acceptor", { services: null }, withSide("acceptor", { instances: [] }, joined())),
      "cloudService",
    ],
    ["the table of the vSwitch", withSide("initiator", { routeTables: [] }, joined()), "routeTable"],
  ])("%s makes the answer unknown", (_, network, what) => {
    expect(walk(network, POSTGRES)).toMatchObject({ verdict: "unknown", why: { cause: "notRead", what } });
  });

  test("changes nothing where another place drops for certain, or where it is not asked", () => {
    expect(walk(routes("acceptor", [], rules("acceptor", null)), PING)).toMatchObject({
      verdict: "dropped",
      why: { cause: "noRoute" },
    });
    expect(walk(rules("acceptor", [rule(), { ...prefix, priority: 2 }]), POSTGRES).verdict).toBe("allowed");
    expect(walk(withSide("acceptor", { networkAcls: null }, joined()), POSTGRES).verdict).toBe("allowed");
  });
});
