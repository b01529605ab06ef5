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
import { group, withInstance, withSide, withVpc } from "./networks.ts";
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
  return withSide(side, { routeTables: network[side].routeTables.map((table) => ({ ...table, entries })) }, network);
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
  const vSwitches = network[side].vSwitches.map((vSwitch) => ({ ...vSwitch, networkAclId: "nacl-1" }));
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

describe("what stops a packet", () => {
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
    ["no rule", rules("acceptor", []), { cause: "noRuleAccepts", direction: "ingress" }],
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
