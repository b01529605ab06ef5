import { describe, expect, test } from "vitest";
import type { NetworkFacts, RouteEntry, RouterInterface, VpcPeerConnection } from "../../machines/network/facts.ts";
import { route } from "../../machines/network/routing.ts";
import { table, withSide } from "./networks.ts";
import { facts } from "./tutorial.ts";

const TARGET = "172.16.1.10";

function entry(destination: string, nextHopType: string, nextHopId: string, change: Partial<RouteEntry> = {}) {
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

/** Where a packet of the initiator to the acceptor's instance is sent. */
function sent(entries: readonly RouteEntry[], network: NetworkFacts = facts()) {
  return route(TARGET, table("vtb-m5e1", { entries }), "initiator", network);
}

describe("the entry that decides", () => {
  const wide = entry("0.0.0.0/0", "NatGateway", "ngw-1");
  const narrow = entry("172.16.1.0/24", "VpnGateway", "vpn-1");
  const narrowest = entry(TARGET, "Instance", "i-router");

  test("is that of the longest prefix, in whatever order they stand, and an address alone is the longest", () => {
    for (const entries of [
      [wide, narrow],
      [narrow, wide],
    ]) {
      expect(sent(entries)).toEqual({
        leads: "elsewhere",
        destination: "172.16.1.0/24",
        why: {
          cause: "routeElsewhere",
          routeTableId: "vtb-m5e1",
          destination: "172.16.1.0/24",
          nextHopType: "VpnGateway",
          nextHopId: "vpn-1",
        },
      });
    }
    for (const entries of [
      [wide, narrowest, narrow],
      [narrowest, narrow],
    ])
      expect(sent(entries)).toMatchObject({ destination: TARGET });
  });

  test("is none where no available one holds the address", () => {
    const elsewhere = entry("172.17.0.0/16", "VpnGateway", "vpn-1");

    expect(sent([elsewhere, { ...narrow, status: "Pending" }])).toEqual({
      leads: "nowhere",
      destination: null,
      why: { cause: "noRoute", routeTableId: "vtb-m5e1", ip: TARGET },
    });
  });

  test.each([
    ["a local next hop", entry("172.16.0.0/12", "local", "")],
    ["being the system's", entry("172.16.0.0/12", "service", "", { type: "System" })],
  ])("keeps the packet in the VPC by %s", (_, local) => {
    expect(sent([local])).toEqual({ leads: "local", destination: "172.16.0.0/12" });
  });
});

describe("an entry for a peering connection", () => {
  const toPeer = entry("172.16.0.0/16", "VpcPeer", "pcc-1");
  const across = { leads: "across", destination: "172.16.0.0/16", nextHopType: "VpcPeer", id: "pcc-1" };

  test.each(["Activated", "Updating"])("leads across while that is %s", (status) => {
    expect(sent([toPeer], joinedBy(peer({ status })))).toEqual({ ...across, down: null });
  });

  test("leads across whichever side asked for the connection", () => {
    const asked = peer({ vpcId: "vpc-2ze1", acceptingVpcId: "vpc-m5e1" });

    expect(sent([toPeer], joinedBy(asked))).toEqual({ ...across, down: null });
  });

  test.each([{ status: "Accepting" }, { businessStatus: "FinancialLocked" }])("that is %o stops there", (change) => {
    const down = { cause: "connectionDown", id: "pcc-1", status: "Activated", businessStatus: "Normal", ...change };

    expect(sent([toPeer], joinedBy(peer(change)))).toEqual({ ...across, down });
  });

  test("takes the one that it names", () => {
    const other = peer({ id: "pcc-0", status: "Accepting" });

    expect(sent([toPeer], joinedBy(other, peer()))).toEqual({ ...across, down: null });
  });

  test.each<[string, NetworkFacts]>([
    ["is not there", facts()],
    ["joins ours with a third VPC", joinedBy(peer({ acceptingVpcId: "vpc-third" }))],
    ["joins theirs with a third VPC", joinedBy(peer({ vpcId: "vpc-third" }))],
  ])("that %s leads elsewhere", (_, network) => {
    expect(sent([toPeer], network)).toMatchObject({ leads: "elsewhere", why: { nextHopId: "pcc-1" } });
  });

  test("is not one for something else that has its id", () => {
    expect(sent([{ ...toPeer, nextHopType: "VpnGateway" }], joinedBy(peer()))).toMatchObject({ leads: "elsewhere" });
  });
});

describe("an entry for a router interface", () => {
  const toInterface = entry("172.16.0.0/16", "RouterInterface", "ri-ours");
  const across = { leads: "across", destination: "172.16.0.0/16", nextHopType: "RouterInterface", id: "ri-ours" };

  const down = { cause: "connectionDown", id: "ri-ours", status: "Active", businessStatus: "Normal" };

  test("leads across when both are up and name each other", () => {
    expect(sent([toInterface], joined())).toEqual({ ...across, down: null });
  });

  test.each<[string, NetworkFacts, object]>([
    ["ours is inactive", joined({ status: "Inactive" }), { status: "Inactive" }],
    ["ours is locked", joined({ businessStatus: "FinancialLocked" }), { businessStatus: "FinancialLocked" }],
    ["theirs is inactive", joined({}, { status: "Inactive" }), { id: "ri-theirs", status: "Inactive" }],
    ["theirs names another", joined({}, { oppositeInterfaceId: "ri-x" }), {}],
    ["ours has not been told its opposite", joined({ oppositeInterfaceId: "" }), {}],
    [
      "ours is to join their router, with an interface that is gone",
      joined({ oppositeInterfaceId: "ri-gone", oppositeRouterId: "vrt-2ze1" }),
      {},
    ],
  ])("stops there when %s", (_, network, change) => {
    expect(sent([toInterface], network)).toEqual({ ...across, down: { ...down, ...change } });
  });

  test("leads elsewhere when it names an interface of neither side", () => {
    const third = joined({ oppositeInterfaceId: "ri-third", oppositeRouterId: "vrt-third" });

    expect(sent([toInterface], third)).toMatchObject({ leads: "elsewhere", why: { nextHopId: "ri-ours" } });
    expect(sent([toInterface], withSide("acceptor", { vpc: null }, third))).toMatchObject({ leads: "elsewhere" });
  });

  test("leads elsewhere when it is not there", () => {
    expect(sent([toInterface])).toMatchObject({ leads: "elsewhere" });
  });
});

function peer(change: Partial<VpcPeerConnection> = {}): VpcPeerConnection {
  return {
    id: "pcc-1",
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

function joinedBy(...vpcPeerConnections: readonly VpcPeerConnection[]): NetworkFacts {
  return withSide("initiator", { vpcPeerConnections });
}

function end(id: RouterInterface["id"], change: Partial<RouterInterface>): RouterInterface {
  return {
    id,
    name: "",
    status: "Active",
    businessStatus: "Normal",
    role: "InitiatingSide",
    routerId: "",
    spec: "Mini.2",
    oppositeInterfaceId: "",
    oppositeRouterId: "",
    oppositeRegionId: "",
    ...change,
  };
}

/** A pair that works, but for what is changed; a bystander beside each. */
function joined(ours: Partial<RouterInterface> = {}, theirs: Partial<RouterInterface> = {}): NetworkFacts {
  const own = [end("ri-bystander", {}), end("ri-ours", { oppositeInterfaceId: "ri-theirs", ...ours })];
  const opposite = [end("ri-other", {}), end("ri-theirs", { oppositeInterfaceId: "ri-ours", ...theirs })];
  return withSide("acceptor", { routerInterfaces: opposite }, withSide("initiator", { routerInterfaces: own }));
}
