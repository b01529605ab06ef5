import { describe, expect, test } from "vitest";
import type {
  NetworkFacts,
  RouterInterface,
  SecurityGroupRule,
  VpcPeerConnection,
} from "../../machines/network/facts.ts";
import type { Plan } from "../../machines/network/plan.ts";
import { planned } from "../../machines/network/planned.ts";
import { type Flow, walk } from "../../machines/network/reachability.ts";
import { group, rule, table, withSide } from "./networks.ts";
import { facts, plan, requestRevision } from "./tutorial.ts";

const POSTGRES: Flow = {
  from: { side: "initiator", ip: "192.168.1.10" },
  to: { side: "acceptor", ip: "172.16.1.10" },
  protocol: "TCP",
  port: 5432,
};

/** What stops a packet after each stage. */
function stoppedAt(connect: Plan, flow: Flow): readonly string[] {
  return (["check", "create", "route", "secure"] as const).map((until) => {
    const verdict = walk(planned(facts(), connect, until), flow);
    return verdict.verdict === "dropped" ? verdict.why.cause : verdict.verdict;
  });
}

describe.each(["router-interfaces", "vpc-peer"] as const)("the network that a plan for %s will build", (connection) => {
  const size = connection === "vpc-peer" ? "Gold.10" : "Mini.2";
  const connect = plan(requestRevision({ connection, size }));

  test("gets a packet a place further with each stage, and opens no other port", () => {
    expect(stoppedAt(connect, POSTGRES)).toEqual(["noRoute", "noRoute", "noRuleAccepts", "allowed"]);
    expect(stoppedAt(connect, { ...POSTGRES, port: 5433 })).toEqual([
      "noRoute",
      "noRoute",
      "noRuleAccepts",
      "noRuleAccepts",
    ]);
    expect(stoppedAt(connect, { from: POSTGRES.to, to: POSTGRES.from, protocol: "ICMP", port: null })).toEqual([
      "noRoute",
      "noRoute",
      "noRuleAccepts",
      "allowed",
    ]);
  });

  test("leads a later plan's entries to the connection that is there", () => {
    const built = planned(facts(), connect, "secure");
    const without = withSide(
      "acceptor",
      { routeTables: built.acceptor.routeTables.map((each) => ({ ...each, entries: [] })) },
      built,
    );
    expect(walk(without, POSTGRES)).toMatchObject({ verdict: "dropped", why: { cause: "noRoute" } });
    const steps = connect.steps.filter(
      ({ stage, effect }) => stage === "route" && "side" in effect && effect.side === "acceptor",
    );
    expect(walk(planned(without, { steps, connection }, "route"), POSTGRES).verdict).toBe("allowed");
  });
});

describe("a plan for router interfaces", () => {
  const built = planned(facts(), plan(), "create");

  test("makes two that name each other and the VRouters of their VPCs", () => {
    expect(built.initiator.routerInterfaces).toEqual([
      {
        id: "ri-planned-initiator",
        name: "",
        status: "Active",
        businessStatus: "Normal",
        role: "InitiatingSide",
        routerId: "vrt-m5e1",
        spec: "Mini.2",
        oppositeInterfaceId: "ri-planned-acceptor",
        oppositeRouterId: "vrt-2ze1",
        oppositeRegionId: "cn-beijing",
      },
    ]);
    expect(built.acceptor.routerInterfaces).toMatchObject([
      {
        role: "AcceptingSide",
        routerId: "vrt-2ze1",
        spec: "Negative",
        oppositeInterfaceId: "ri-planned-initiator",
        oppositeRouterId: "vrt-m5e1",
        oppositeRegionId: "cn-qingdao",
      },
    ]);
  });

  test("leaves the interfaces that are there, and knows no VRouter of a VPC that is not there", () => {
    const older = planned(built, plan(), "create");
    const gone = planned(withSide("acceptor", { vpc: null }), plan(), "create");

    expect(older.initiator.routerInterfaces).toHaveLength(2);
    expect(gone.initiator.routerInterfaces).toMatchObject([{ routerId: "vrt-m5e1", oppositeRouterId: "" }]);
    expect(gone.acceptor.routerInterfaces).toMatchObject([{ routerId: "", oppositeRouterId: "vrt-m5e1" }]);
  });
});

test("a plan for a peering connection makes one, beside those that are there, that both sides have", () => {
  const connect = plan(requestRevision({ connection: "vpc-peer", size: "Gold.10" }));
  const built = planned(planned(facts(), connect, "create"), connect, "create");
  const made = {
    id: "pcc-planned",
    name: "",
    status: "Activated",
    businessStatus: "Normal",
    regionId: "cn-qingdao",
    vpcId: "vpc-m5e1",
    acceptingRegionId: "cn-beijing",
    acceptingVpcId: "vpc-2ze1",
  };

  expect(built.initiator.vpcPeerConnections).toEqual([made, made]);
  expect(built.acceptor.vpcPeerConnections).toEqual([made, made]);
});

describe("an entry of a plan", () => {
  test("is put into its own table, beside what is there, unless its destination is taken", () => {
    const local = { ...taken, id: "rte-local", destination: "192.168.0.0/16" };
    const tables = [table("vtb-other"), table("vtb-m5e1", { entries: [local] })];
    const once = planned(withSide("initiator", { routeTables: tables }), plan(), "route");

    expect(once.initiator.routeTables[0]).toBe(tables[0]);
    expect(once.initiator.routeTables[1]?.entries).toEqual([
      local,
      {
        id: "rte-planned:vtb-m5e1:172.16.0.0/16",
        destination: "172.16.0.0/16",
        status: "Available",
        type: "Custom",
        nextHopType: "RouterInterface",
        nextHopId: "ri-planned-initiator",
      },
    ]);
    const full = [table("vtb-m5e1", { entries: [local, taken] })];
    expect(planned(withSide("initiator", { routeTables: full }), plan(), "route").initiator.routeTables).toEqual(full);
  });

  const taken = {
    id: "rte-1",
    destination: "172.16.0.0/16",
    status: "Available",
    type: "Custom",
    nextHopType: "VpnGateway",
    nextHopId: "vpn-1",
  };

  test("that builds no connection leads to the last interface made that is active and knows the other side's", () => {
    const [made] = planned(facts(), plan(), "create").initiator.routerInterfaces;
    if (!made) throw new Error("a plan for router interfaces makes one");
    const named = (id: RouterInterface["id"], change: Partial<RouterInterface> = {}): RouterInterface => ({
      ...made,
      id,
      oppositeInterfaceId: "ri-theirs",
      ...change,
    });
    const theirs = [named("ri-aside", { oppositeInterfaceId: "" }), named("ri-theirs")];
    const ours = [
      named("ri-1"),
      named("ri-2"),
      named("ri-inactive", { status: "Inactive" }),
      named("ri-apart", { oppositeInterfaceId: "ri-third" }),
    ];
    const network = withSide(
      "acceptor",
      { routerInterfaces: theirs },
      withSide("initiator", { routerInterfaces: ours }),
    );

    expect(nextHopOf("router-interfaces", network)).toBe("ri-2");
    expect(nextHopOf("router-interfaces", facts())).toBe("");
  });

  test("that builds no connection leads to the last peering connection made that is activated and joins the two", () => {
    const vpcPeerConnections = [
      joining("pcc-1"),
      joining("pcc-2", { vpcId: "vpc-2ze1", acceptingVpcId: "vpc-m5e1" }),
      joining("pcc-rejected", { status: "Rejected" }),
      joining("pcc-third", { acceptingVpcId: "vpc-third" }),
    ];

    expect(nextHopOf("vpc-peer", withSide("initiator", { vpcPeerConnections }))).toBe("pcc-2");
    expect(nextHopOf("vpc-peer", facts())).toBe("");
  });
});

function joining(id: VpcPeerConnection["id"], change: Partial<VpcPeerConnection> = {}): VpcPeerConnection {
  return {
    id,
    name: "",
    status: "Activated",
    businessStatus: "Normal",
    regionId: "cn-qingdao",
    vpcId: "vpc-m5e1",
    acceptingRegionId: "cn-beijing",
    acceptingVpcId: "vpc-2ze1",
    ...change,
  };
}

/** Of the initiator's entry, where the plan has no step that builds a connection. */
function nextHopOf(connection: Plan["connection"], network: NetworkFacts): string | undefined {
  const steps = plan().steps.filter(({ stage }) => stage === "route");
  return planned(network, { steps, connection }, "route").initiator.routeTables[0]?.entries[0]?.nextHopId;
}

function accept(id: string, protocol: string, portRange: string): SecurityGroupRule {
  return rule({ id, policy: "accept", priority: 100, protocol, portRange, peerCidr: "192.168.0.0/16" });
}

test("rules of a plan are accepts of the weakest priority in their own group, and rules not read stay so", () => {
  const groups = [group("sg-other"), group("sg-2ze1", { rules: [rule({})] })];
  const { acceptor } = planned(withSide("acceptor", { securityGroups: groups }), plan(), "secure");
  const unread = [group("sg-2ze1", { rules: null })];

  expect(acceptor.securityGroups[0]).toBe(groups[0]);
  expect(acceptor.securityGroups[1]?.rules).toEqual([
    rule({}),
    accept("sgr-planned:sg-2ze1:ingress:ICMP:-1/-1:192.168.0.0/16:", "ICMP", "-1/-1"),
    accept("sgr-planned:sg-2ze1:ingress:TCP:5432/5432:192.168.0.0/16:", "TCP", "5432/5432"),
  ]);
  expect(planned(withSide("acceptor", { securityGroups: unread }), plan(), "secure").acceptor.securityGroups).toEqual(
    unread,
  );
});
