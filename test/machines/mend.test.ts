/**
 * What a peering may do about a test that got no answer, on the tutorial's network once it is built.
 */
import { describe, expect, test } from "vitest";
import { changedSteps, changingSteps, planFix } from "../../machines/connections/plan-fix.ts";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import { findingOfTest, isMendable } from "../../machines/network/mend.ts";
import type { Plan } from "../../machines/network/plan.ts";
import { planned } from "../../machines/network/planned.ts";
import type { Side } from "../../machines/network/side.ts";
import { withInstance, withSide } from "./networks.ts";
import { facts, plan, requestRevision, RULES } from "./tutorial.ts";

const built = (): NetworkFacts => planned(facts(), plan(), "secure");

function fixed(network: NetworkFacts): Plan {
  const fix = planFix(requestRevision(), plan(), network, RULES);
  if ("left" in fix) throw new Error(`left: ${JSON.stringify(fix.left)}`);
  return fix.plan;
}

function withoutEntries(side: Side, network = built()): NetworkFacts {
  const routeTables = network[side].routeTables.map((table) => ({ ...table, entries: [] }));
  return withSide(side, { routeTables }, network);
}

function withoutRules(side: Side, network = built()): NetworkFacts {
  const securityGroups = network[side].securityGroups.map((group) => ({ ...group, rules: [] }));
  return withSide(side, { securityGroups }, network);
}

const changes = (network: NetworkFacts) => changingSteps(fixed(network)).map(({ effect }) => effect);

test("a network in which the test gets through needs nothing but the test", () => {
  const { steps, opens, coverage } = fixed(built());

  expect(steps.map(({ id }) => id)).toEqual([
    "checkPlan",
    "runConnectivityTest:initiator",
    "runConnectivityTest:acceptor",
  ]);
  expect(opens).toEqual([]);
  expect(coverage).toEqual(plan().coverage);
  expect(findingOfTest(built(), plan())).toEqual({ verdict: "allowed" });
});

describe("what was approved and is gone is put back", () => {
  test("an entry, in the table that the vSwitch has now", () => {
    const [initiator] = built().initiator.vSwitches;
    const moved = withSide(
      "initiator",
      {
        vSwitches: [{ ...(initiator ?? never()), routeTableId: "vtb-m5e9" }],
        routeTables: [{ id: "vtb-m5e9", name: "", type: "Custom", associateType: "VSwitch", entries: [] }],
      },
      built(),
    );

    expect(changes(moved)).toEqual([
      {
        type: "createRouteEntry",
        side: "initiator",
        regionId: "cn-qingdao",
        vpcId: "vpc-m5e1",
        routeTableId: "vtb-m5e9",
        destination: "172.16.0.0/16",
      },
    ]);
  });

  test("entries of both sides and the rules of both, in one plan", () => {
    const bare = withoutRules(
      "acceptor",
      withoutRules("initiator", withoutEntries("acceptor", withoutEntries("initiator"))),
    );

    expect(changingSteps(fixed(bare)).map(({ id }) => id)).toEqual([
      "createRouteEntry:vtb-m5e1:172.16.0.0/16",
      "createRouteEntry:vtb-2ze1:192.168.0.0/16",
      "authorizeSecurityGroup:ingress:sg-2ze1",
      "authorizeSecurityGroup:ingress:sg-m5e1",
    ]);
  });

  test("of the rules only what the test needs, as it was approved", () => {
    expect(changes(withoutRules("acceptor"))).toMatchObject([
      {
        securityGroupId: "sg-2ze1",
        rules: [
          { protocol: "ICMP", portRange: "-1/-1", peerCidr: "192.168.0.0/16" },
          { protocol: "TCP", portRange: "5432/5432", peerCidr: "192.168.0.0/16" },
        ],
      },
    ]);
  });

  test("also where a less specific entry leads somewhere else", () => {
    const [table] = withoutEntries("initiator").initiator.routeTables;
    const nat = {
      id: "rte-nat",
      destination: "0.0.0.0/0",
      status: "Available",
      type: "Custom",
      nextHopType: "NatGateway",
      nextHopId: "ngw-1",
    } as const;
    const network = withSide("initiator", { routeTables: [{ ...(table ?? never()), entries: [nat] }] }, built());

    expect(changingSteps(fixed(network)).map(({ id }) => id)).toEqual(["createRouteEntry:vtb-m5e1:172.16.0.0/16"]);
  });
});

describe("what was never approved is opened for the tested packets alone", () => {
  test("into a group that nobody chose, from one host to one host", () => {
    const fix = fixed(elsewhere("acceptor", "normal"));

    expect(changingSteps(fix).map(({ effect }) => effect)).toMatchObject([
      {
        securityGroupId: "sg-acceptor",
        direction: "ingress",
        rules: [
          { protocol: "ICMP", portRange: "-1/-1", peerCidr: "192.168.1.10/32", ownCidr: "172.16.1.10/32" },
          { protocol: "TCP", portRange: "5432/5432", peerCidr: "192.168.1.10/32", ownCidr: "172.16.1.10/32" },
        ],
      },
    ]);
    const opens = { side: "acceptor", from: ["192.168.1.10/32"], securityGroupIds: ["sg-acceptor"] } as const;
    expect(fix.opens).toEqual([
      { ...opens, protocol: "ICMP", portRange: "-1/-1" },
      { ...opens, protocol: "TCP", portRange: "5432/5432" },
    ]);
  });

  test("out of an enterprise group as well", () => {
    expect(changes(elsewhere("initiator", "enterprise"))).toMatchObject([
      {
        direction: "egress",
        rules: [
          { protocol: "ICMP", peerCidr: "172.16.1.10/32", ownCidr: "192.168.1.10/32" },
          { protocol: "TCP", portRange: "5432/5432", peerCidr: "172.16.1.10/32", ownCidr: "192.168.1.10/32" },
        ],
      },
      { direction: "ingress", rules: [{ peerCidr: "172.16.1.10/32", ownCidr: "192.168.1.10/32" }] },
    ]);
  });

  test("but not in a group that another service keeps", () => {
    const fix = planFix(requestRevision(), plan(), elsewhere("acceptor", "normal", true), RULES);

    expect(fix).toMatchObject({
      left: { at: { hop: "securityGroups" }, why: { cause: "noRuleAccepts", isManaged: true } },
    });
  });
});

describe("what is somebody else's is left, with what stops the test", () => {
  test("an instance that is not running, although an entry is missing too: mending that alone would be in vain", () => {
    const network = withInstance("acceptor", { status: "Stopped" }, withoutEntries("initiator"));

    expect(planFix(requestRevision(), plan(), network, RULES)).toMatchObject({
      left: { verdict: "dropped", at: { hop: "instance" }, why: { cause: "notRunning", instanceId: "i-2ze1" } },
    });
  });

  test("a connection that is down, although an entry is missing too", () => {
    const down = built().initiator.routerInterfaces.map((end) => ({ ...end, status: "Inactive" }));
    const network = withSide("initiator", { routerInterfaces: down }, withoutEntries("initiator"));

    expect(planFix(requestRevision(), plan(), network, RULES)).toMatchObject({
      left: { at: { hop: "connection" }, why: { cause: "connectionDown", status: "Inactive" } },
    });
  });

  test("an instance that is gone is looked for where it was", () => {
    const network = withSide("acceptor", { instances: [] }, built());

    expect(planFix(requestRevision(), plan(), network, RULES)).toMatchObject({
      left: { why: { cause: "noSuchInstance", ip: "172.16.1.10" } },
    });
  });

  test("what cannot be read: nobody proposes to change what they do not see", () => {
    const [group] = built().acceptor.securityGroups;
    const network = withSide("acceptor", { securityGroups: [{ ...(group ?? never()), rules: null }] }, built());

    expect(planFix(requestRevision(), plan(), network, RULES)).toMatchObject({ left: { verdict: "unknown" } });
  });
});

test("a fix is offered for what is missing, and not for what is in the way, unseen or well", () => {
  const missing = findingOfTest(withoutEntries("initiator"), plan());
  const inTheWay = findingOfTest(withInstance("acceptor", { status: "Stopped" }, built()), plan());

  expect([missing, inTheWay, findingOfTest(built(), plan())].map((finding) => isMendable(finding))).toEqual([
    true,
    false,
    false,
  ]);
});

test("steps that a later plan has or lacks are named", () => {
  const before = fixed(withoutEntries("initiator"));
  const after = fixed(withoutEntries("acceptor"));

  expect(changedSteps(before, before)).toEqual([]);
  expect(changedSteps(before, after)).toEqual([
    { subject: "createRouteEntry:vtb-m5e1:172.16.0.0/16", before: "needed", after: "not needed" },
    { subject: "createRouteEntry:vtb-2ze1:192.168.0.0/16", before: "not needed", after: "needed" },
  ]);
});

/** The tested instance is in a group that nobody chose. */
function elsewhere(side: Side, type: "normal" | "enterprise", serviceManaged = false): NetworkFacts {
  const group = { id: `sg-${side}`, name: "", type, serviceManaged, innerAccess: "accept", rules: [] } as const;
  const network = withSide(side, { securityGroups: [...built()[side].securityGroups, group] }, built());
  return withInstance(side, { securityGroupIds: [group.id] }, network);
}

function never(): never {
  throw new Error("the tutorial has one of each");
}
