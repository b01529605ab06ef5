/**
 * How much of a plan its test proves, on the tutorial's network with more tables in it.
 */
import { describe, expect, test } from "vitest";
import type { Coverage } from "../../machines/network/coverage.ts";
import type { Instance, NetworkFacts } from "../../machines/network/facts.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import { asking, rule, table, vSwitch, withSide } from "./networks.ts";
import { facts, plan, requestRevision } from "./tutorial.ts";

function coverage(network: NetworkFacts = facts(), request: RequestRevision = requestRevision()): Coverage | undefined {
  return plan(request, network).coverage;
}

/** The initiator with a second vSwitch, which a table of its own serves, and with these hosts behind it. */
function withSecondTable(hosts: readonly Partial<Instance>[]): NetworkFacts {
  const { initiator } = facts();
  const [first] = initiator.instances;
  if (!first) throw new Error("the tutorial has an instance");
  const behind = hosts.map((change, index) => ({
    ...first,
    id: `i-b${index}` as const,
    vSwitchId: "vsw-b" as const,
    privateIp: `192.168.2.${10 + index}`,
    ...change,
  }));
  return withSide("initiator", {
    vSwitches: [...initiator.vSwitches, vSwitch("vsw-b", "192.168.2.0/24", "vtb-b")],
    routeTables: [...initiator.routeTables, table("vtb-b")],
    instances: [...initiator.instances, ...behind],
  });
}

describe("the tables of a request", () => {
  test("are covered by packets where the tested instances are", () => {
    expect(coverage()).toEqual({ packets: ["vtb-m5e1", "vtb-2ze1"], analysis: [], untested: [] });
  });

  test("are covered by analysis where a running host behind them gets through as planned", () => {
    expect(coverage(withSecondTable([{}]))).toMatchObject({ analysis: ["vtb-b"], untested: [] });
  });

  test("are not tested where nothing runs behind them", () => {
    expect(coverage(withSecondTable([]))).toMatchObject({ analysis: [], untested: ["vtb-b"] });
    expect(coverage(withSecondTable([{ status: "Stopped" }]))).toMatchObject({ analysis: [], untested: ["vtb-b"] });
  });

  test("are not tested where what runs behind them gets nothing through, in either direction", () => {
    const closed = withSecondTable([{ securityGroupIds: ["sg-closed"] }]);
    const { securityGroups } = closed.initiator;
    const drops = [rule({}), rule({ direction: "egress" })];
    const [group] = securityGroups;
    if (!group) throw new Error("the tutorial has a group");
    const network = withSide(
      "initiator",
      { securityGroups: [...securityGroups, { ...group, id: "sg-closed", rules: drops }] },
      closed,
    );

    expect(coverage(network)).toMatchObject({ analysis: [], untested: ["vtb-b"] });
  });

  test("count only where a chosen vSwitch uses them", () => {
    const chosen = asking("initiator", { vSwitchIds: ["vsw-m5e1"] });

    expect(coverage(withSecondTable([{}]), chosen)).toEqual({
      packets: ["vtb-m5e1", "vtb-2ze1"],
      analysis: [],
      untested: [],
    });
  });
});

test("without ping the first opened port is followed instead", () => {
  const byPort = requestRevision({ icmp: false });
  const closed = asking("acceptor", { securityGroupIds: [] }, byPort);

  expect(coverage(withSecondTable([{}]), byPort)).toMatchObject({ analysis: ["vtb-b"] });
  expect(plan(closed, withSecondTable([{}])).coverage ?? null).toBeNull();
});

test("a plan that tests nothing covers nothing", () => {
  expect(coverage(facts(), asking("acceptor", { testInstanceId: null })) ?? null).toBeNull();
});
