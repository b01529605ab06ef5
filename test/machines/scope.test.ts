import { describe, expect, test } from "vitest";
import type { Instance, SideFacts } from "../../machines/network/facts.ts";
import {
  routedCidrs,
  runningHosts,
  servingTables,
  testableInstances,
  testInstanceProblem,
  wholeVpc,
} from "../../machines/network/scope.ts";
import { table, vSwitch, withSide, withVpc } from "./networks.ts";
import { facts, requestRevision } from "./tutorial.ts";

const { initiator: whole } = requestRevision();
const chosen = (...vSwitchIds: Array<`vsw-${string}`>) => ({ ...whole, vSwitchIds });

/** A VPC with two blocks, three vSwitches on two tables, and a table for each that no vSwitch of ours uses. */
const orders: SideFacts = withSide(
  "initiator",
  {
    vSwitches: [
      vSwitch("vsw-a", "192.168.1.0/24", "vtb-m5e1"),
      vSwitch("vsw-b", "192.168.2.0/24", "vtb-custom"),
      vSwitch("vsw-c", "10.9.0.0/24", "vtb-custom"),
    ],
    routeTables: [
      table("vtb-m5e1", { type: "System" }),
      table("vtb-custom"),
      table("vtb-idle"),
      table("vtb-gateway", { associateType: "Gateway" }),
    ],
  },
  withVpc("initiator", { secondaryCidrs: ["10.9.0.0/16"] }),
).initiator;

describe("blocks that get routed", () => {
  test("of a whole VPC are all of its blocks, primary first", () => {
    expect(routedCidrs(whole, orders)).toEqual(["192.168.0.0/16", "10.9.0.0/16"]);
  });

  test("of chosen vSwitches are theirs, and nothing of the VPC's", () => {
    expect(routedCidrs(chosen("vsw-a", "vsw-c"), orders)).toEqual(["192.168.1.0/24", "10.9.0.0/24"]);
  });

  test("are the same in whatever order the vSwitches were chosen, and chosen twice", () => {
    expect(routedCidrs(chosen("vsw-c", "vsw-a", "vsw-c"), orders)).toEqual(
      routedCidrs(chosen("vsw-a", "vsw-c"), orders),
    );
  });

  test("leave out a vSwitch that is not there", () => {
    expect(routedCidrs(chosen("vsw-a", "vsw-gone"), orders)).toEqual(["192.168.1.0/24"]);
  });

  test("are none when the VPC is not there", () => {
    expect(routedCidrs(whole, { ...orders, vpc: null })).toEqual([]);
    expect(routedCidrs(chosen("vsw-a"), { ...orders, vpc: null })).toEqual([]);
  });
});

describe("tables that get the entries", () => {
  test("of a whole VPC are the system table and every custom one, with or without vSwitches, and no gateway table", () => {
    expect(servingIds(whole)).toEqual(["vtb-m5e1", "vtb-custom", "vtb-idle"]);
  });

  test("of chosen vSwitches are those that serve them, each once", () => {
    expect(servingIds(chosen("vsw-a"))).toEqual(["vtb-m5e1"]);
    expect(servingIds(chosen("vsw-b", "vsw-c"))).toEqual(["vtb-custom"]);
    expect(servingIds(chosen("vsw-a", "vsw-b"))).toEqual(["vtb-m5e1", "vtb-custom"]);
  });
});

describe("running hosts", () => {
  const [first] = facts().initiator.instances;
  const hosts = withHosts(
    { id: "i-in", privateIp: "192.168.1.10" },
    { id: "i-far", privateIp: "192.168.2.10" },
    { id: "i-off", status: "Stopped", privateIp: "192.168.1.11" },
  );

  function withHosts(...changes: ReadonlyArray<Partial<Instance>>): SideFacts {
    if (!first) throw new Error("the tutorial has an instance");
    return { ...orders, instances: changes.map((change) => ({ ...first, ...change })) };
  }

  test("are the running instances of the VPC", () => {
    expect(runningHosts(whole, hosts).map(({ id }) => id)).toEqual(["i-in", "i-far"]);
  });

  test("are those in the chosen vSwitches only", () => {
    expect(runningHosts(chosen("vsw-a"), hosts).map(({ id }) => id)).toEqual(["i-in"]);
  });

  test("at the edges of a block are in it, and next to it are not", () => {
    const edges = withHosts(
      { id: "i-first", privateIp: "192.168.1.0" },
      { id: "i-last", privateIp: "192.168.1.255" },
      { id: "i-next", privateIp: "192.168.2.0" },
    );

    expect(runningHosts(chosen("vsw-a"), edges).map(({ id }) => id)).toEqual(["i-first", "i-last"]);
  });

  test("without an address yet are nowhere, and break nothing", () => {
    const starting = withHosts({ id: "i-new", privateIp: "" }, { id: "i-in", privateIp: "192.168.1.10" });

    expect(runningHosts(whole, starting).map(({ id }) => id)).toEqual(["i-in"]);
    expect(testInstanceProblem(starting.instances[0], whole, starting)).toBe("outsideScope");
    expect(testableInstances(whole, starting).map(({ id }) => id)).toEqual(["i-in"]);
  });
});

describe("an instance to test with", () => {
  const [fine] = facts().initiator.instances;
  if (!fine) throw new Error("the tutorial has an instance");

  test.each([
    ["fits as it is", {}, null],
    ["runs Windows", { osType: "windows" }, null],
    ["is stopped", { status: "Stopped" }, "notRunning"],
    ["is starting", { status: "Starting" }, "notRunning"],
    ["has no tag that allows it", { optedIn: false }, "notOptedIn"],
    ["has no agent that answers", { assistantOnline: false }, "assistantOffline"],
    ["is outside the blocks that get routed", { privateIp: "10.9.0.10" }, "outsideScope"],
    [
      "is stopped and therefore without an agent: the first to mend is said",
      { status: "Stopped", assistantOnline: false },
      "notRunning",
    ],
  ] as const)("%s", (_, change, problem) => {
    expect(testInstanceProblem({ ...fine, ...change }, chosen("vsw-a"), orders)).toBe(problem);
  });

  test("that the VPC does not have is unknown", () => {
    expect(testInstanceProblem(undefined, whole, orders)).toBe("unknown");
  });

  test("is found among those that fit, in the order of names, then of ids", () => {
    const named = [
      { ...fine, id: "i-2", name: "web" },
      { ...fine, id: "i-1", name: "web" },
      { ...fine, id: "i-3", name: "db" },
      { ...fine, id: "i-4", name: "aaa", optedIn: false },
    ] as const;

    expect(testableInstances(whole, { ...orders, instances: named }).map(({ id }) => id)).toEqual([
      "i-3",
      "i-1",
      "i-2",
    ]);
  });
});

test("the whole VPC asks for all of it and opens nothing", () => {
  expect(wholeVpc(orders)).toEqual({
    regionId: "cn-qingdao",
    vpcId: "vpc-m5e1",
    vSwitchIds: [],
    securityGroupIds: [],
    ports: [],
    testInstanceId: null,
  });
});

function servingIds(request: typeof whole): readonly string[] {
  return servingTables(request, orders).map(({ id }) => id);
}
