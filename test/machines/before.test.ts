/**
 * What stands where a plan will act: the left half of "before → after" in the reviewed plan.
 */
import { constantFrom, property, record, uniqueArray } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Before, GroupBefore, TableBefore } from "../../machines/network/before.ts";
import { beforeOf } from "../../machines/network/before.ts";
import type { NetworkFacts, SecurityGroupRule } from "../../machines/network/facts.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import { asking, group, rule, table, vSwitch, withInstance, withSide, withVpc } from "./networks.ts";
import { entry } from "./preflight-changes.ts";
import { holds } from "./seeded.ts";
import { facts, plan, requestRevision } from "./tutorial.ts";

function beforeIn(network: NetworkFacts, request: RequestRevision = requestRevision()): Before {
  const { before } = plan(request, network);
  if (!before) throw new Error("a plan of a request says what stands before it");
  return before;
}

const tableIn = (network: NetworkFacts) => beforeIn(network).tables[0];
const holding = (...entries: ReturnType<typeof entry>[]) =>
  withSide("initiator", { routeTables: [table("vtb-m5e1", { type: "System", name: "main", entries })] });
const accept = (change: Partial<SecurityGroupRule>) =>
  rule({
    policy: "accept",
    protocol: "TCP",
    portRange: "5432/5432",
    priority: 100,
    peerCidr: "192.168.0.0/16",
    ...change,
  });
const openIn = (...rules: readonly SecurityGroupRule[]) =>
  beforeIn(withSide("acceptor", { securityGroups: [group("sg-2ze1", { rules })] })).groups.at(-1)?.open;
const madeBy = (description: string) => openIn(accept({ description }))?.[0]?.madeBy;

describe("of a table that gets entries", () => {
  test("it is kept what it is called, how many vSwitches use it, and nothing where nothing is in the way", () => {
    const vSwitches = ["vsw-a", "vsw-b"] as const;
    const network = withSide(
      "initiator",
      { vSwitches: vSwitches.map((id, index) => vSwitch(id, `192.168.${index}.0/24`, "vtb-m5e1")) },
      withInstance("initiator", { vSwitchId: "vsw-a" }, holding()),
    );

    expect(tableIn(network)).toEqual({
      routeTableId: "vtb-m5e1",
      name: "main",
      vSwitches: 2,
      equal: [],
      carrying: [],
      within: [],
      withinTotal: 0,
    } satisfies TableBefore);
  });

  test("the longest entry around a destination carried it, one that is not Available carried nothing", () => {
    const network = holding(
      entry("0.0.0.0/0", "NatGateway"),
      entry("172.0.0.0/8", "VpnGateway"),
      entry("172.16.0.0/12", "VpnGateway", { status: "Pending" }),
    );

    expect(tableIn(network)?.carrying).toEqual([
      { destination: "172.0.0.0/8", nextHopType: "VpnGateway", nextHopId: "vpngateway-1", carries: ["172.16.0.0/16"] },
    ]);
  });

  test("entries to a part of a destination stay: the first ten are named, all are counted", () => {
    const parts = Array.from({ length: 12 }, (_, index) => entry(`172.16.${100 + index}.0/24`, "VpnGateway"));

    expect(tableIn(holding(...parts))).toMatchObject({
      within: parts.slice(0, 10).map(({ destination }) => ({ destination })),
      withinTotal: 12,
    });
  });

  test("an entry to the very destination is of the pair when it leads to what joins the two", () => {
    const own = facts().initiator.routerInterfaces;
    const joined = (nextHopId: string) =>
      withSide(
        "initiator",
        {
          routerInterfaces: [
            ...own,
            {
              id: "ri-ours",
              name: "",
              status: "Active",
              businessStatus: "Normal",
              role: "InitiatingSide",
              routerId: "vrt-m5e1",
              spec: "Mini.2",
              oppositeInterfaceId: "ri-theirs",
              oppositeRouterId: "vrt-2ze1",
              oppositeRegionId: "cn-beijing",
            },
          ],
        },
        holding(entry("172.16.0.0/16", "RouterInterface", { nextHopId })),
      );
    const steps = plan().steps;
    const equal = (nextHopId: string) => beforeOf(requestRevision(), joined(nextHopId), steps).tables[0]?.equal;

    expect([equal("ri-ours"), equal("ri-else")]).toMatchObject([[{ isOfPair: true }], [{ isOfPair: false }]]);
  });

  test("whatever stands in it, what carries is what the plan says will move", () => {
    const around = ["0.0.0.0/0", "172.0.0.0/8", "172.16.0.0/12", "10.0.0.0/8", "10.8.0.0/15", "192.0.0.0/8"];
    const drawn = record({
      initiator: uniqueArray(constantFrom(...around), { maxLength: 6 }),
      acceptor: uniqueArray(constantFrom(...around), { maxLength: 6 }),
    });
    holds(
      property(drawn, ({ initiator, acceptor }) => {
        const wide = withVpc(
          "acceptor",
          { secondaryCidrs: ["10.8.0.0/16", "10.9.0.0/16"] },
          holding(...initiator.map((to) => entry(to, "VpnGateway"))),
        );
        const theirs = [table("vtb-2ze1", { type: "System", entries: acceptor.map((to) => entry(to, "VpnGateway")) })];
        const { before, impact } = plan(requestRevision(), withSide("acceptor", { routeTables: theirs }, wide));
        const carried = before?.tables.flatMap(({ routeTableId, carrying }) =>
          carrying.flatMap(({ destination, carries }) => carries.map((to) => `${routeTableId} ${to} ${destination}`)),
        );

        expect(carried?.toSorted()).toEqual(
          impact?.moves.map((move) => `${move.routeTableId} ${move.destination} ${move.was.destination}`).toSorted(),
        );
      }),
      100,
    );
  });
});

describe("of a group that gets rules", () => {
  test("it is kept what it is called and how many running servers of the routed blocks are in it", () => {
    const [host] = facts().acceptor.instances;
    if (!host) throw new Error("the tutorial has an instance");
    const instances = [
      host,
      { ...host, id: "i-2ze2", status: "Stopped" },
      { ...host, id: "i-2ze3", privateIp: "10.1.1.1" },
    ] as const;
    const network = withSide("acceptor", { securityGroups: [group("sg-2ze1", { name: "db" })], instances });

    expect(beforeIn(network).groups.at(-1)).toEqual({
      securityGroupId: "sg-2ze1",
      direction: "ingress",
      name: "db",
      hosts: 1,
      open: [],
    } satisfies GroupBefore);
  });

  test("a rule that is the same in all that the API compares is told from one that lets through more", () => {
    expect(openIn(accept({ id: "sgr-same" }))).toEqual([
      { ruleId: "sgr-same", how: "same", madeBy: null, planned: [1] },
    ]);
    expect(openIn(accept({ id: "sgr-strong", priority: 1 }))).toMatchObject([{ how: "wider" }]);
    expect(openIn(accept({ id: "sgr-wide", protocol: "ALL", portRange: "-1/-1", peerCidr: "192.0.0.0/8" }))).toEqual([
      { ruleId: "sgr-wide", how: "wider", madeBy: null, planned: [0, 1] },
    ]);
  });

  test("of both, the same counts, wherever it stands", () => {
    const wide = accept({ id: "sgr-wide", portRange: "1/65535" });
    const same = accept({ id: "sgr-same" });

    expect([openIn(wide, same), openIn(same, wide)]).toMatchObject([
      [{ ruleId: "sgr-same" }],
      [{ ruleId: "sgr-same" }],
    ]);
  });

  test.each<[string, Partial<SecurityGroupRule>]>([
    ["drops", { policy: "drop", priority: 101 }],
    ["is for the other direction", { direction: "egress" }],
    ["is for fewer addresses", { peerCidr: "192.168.0.0/17" }],
    ["is for other ports", { portRange: "5433/5433" }],
    ["is for fewer addresses of the group", { ownCidr: "172.16.1.0/24" }],
    ["is for some ports of the sender", { sourcePortRange: "1024/65535" }],
    ["is for a group", { peerCidr: "", peerGroupId: "sg-m5e1" }],
  ])("a rule opens nothing of it when it %s", (_, change) => {
    expect(openIn(accept(change))).toEqual([]);
  });

  test("a rule with the mark of a peering is that peering's, and a name that only looks like it is nobody's", () => {
    expect([
      madeBy("peer-vpcs-P-4F7K2M9Q"),
      madeBy("peer-vpcs-P-"),
      madeBy("see peer-vpcs-P-4F7K2M9Q"),
      madeBy(""),
    ]).toEqual(["P-4F7K2M9Q", null, null, null]);
  });

  test("of rules that could not be read nothing is said", () => {
    const unread = withSide("acceptor", { securityGroups: [group("sg-2ze1", { rules: null })] });

    expect(beforeIn(unread).groups.at(-1)?.open).toBeNull();
  });

  test("both directions are looked at by themselves", () => {
    const rules = [accept({ id: "sgr-out", direction: "egress", peerCidr: "172.16.0.0/16" })];
    const network = withSide("initiator", { securityGroups: [group("sg-m5e1", { type: "enterprise", rules })] });
    const request = asking("initiator", { ports: [{ from: 5432, to: 5432 }] });

    expect(beforeIn(network, request).groups.slice(0, 2)).toMatchObject([
      { direction: "ingress", open: [] },
      { direction: "egress", open: [{ ruleId: "sgr-out", planned: [1] }] },
    ]);
  });
});

test("what stands before is not what is voted for: the hash stays when it differs", () => {
  const named = withSide("acceptor", {
    securityGroups: [group("sg-2ze1", { name: "db", rules: [rule({ policy: "accept", priority: 50 })] })],
  });

  expect(plan(requestRevision(), named).before).not.toEqual(plan().before);
  expect(plan(requestRevision(), named).hash).toBe(plan().hash);
});
