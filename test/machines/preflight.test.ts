/**
 * The checks before anyone is asked: each as it stands when all is well, and with what it says when it is not.
 */
import { describe, expect, test } from "vitest";
import { stops } from "../../machines/network/checks.ts";
import type { RouteEntry, RouterInterface } from "../../machines/network/facts.ts";
import { preflight } from "../../machines/network/preflight.ts";
import { CUSTOM_ENTRIES_PER_TABLE_MAX } from "../../machines/network/rules.ts";
import { opposite, SIDES, type Side } from "../../machines/network/side.ts";
import { planRequest } from "../../machines/connections/plan-request.ts";
import { asking, checksNamed, checksOf, group, table, vSwitch, withInstance, withSide, withVpc } from "./networks.ts";
import { facts, requestRevision, RULES } from "./tutorial.ts";

const request = requestRevision();

describe("the tutorial's pair", () => {
  test("has nothing to stop or to read", () => {
    expect(checksOf(request, facts()).filter(({ level }) => level !== "ok")).toEqual([]);
  });

  test("is checked in the order in which people read", () => {
    expect(checksOf(request, facts()).map(({ check }) => check)).toEqual([
      "vpcsDistinct",
      ...SIDES.flatMap(() => ["vpcExists", "vpcAvailable", "sameAccount"]),
      "borderCrossing",
      "vSwitchesFit",
      "vSwitchesFit",
      "cidrsApart",
      ...SIDES.flatMap(() => [
        "destinationAllowed",
        "publicRangesKnown",
        "dockerBridgeApart",
        "destinationFree",
        "noLongerPrefix",
        "trafficStays",
        "podRangesApart",
        "routeTableRoom",
      ]),
      ...SIDES.flatMap(() => [
        "securityGroupsFit",
        "noDropWins",
        "outboundOpen",
        "securityGroupRoom",
        "networkAclsLetThrough",
      ]),
      "testInstanceFits",
      "testInstanceFits",
      "testGetsThrough",
      "testGetsThrough",
      "noExistingPair",
      ...SIDES.flatMap(() => ["fewConnections", "notTerraformManaged"]),
      ...SIDES.flatMap(() => ["outsideCen", "connectionRoom", "noOverdueInterface"]),
      "permissions",
    ]);
  });

  test("is checked the same however often it is asked", () => {
    expect(preflight(request, facts())).toEqual(preflight(request, facts()));
  });
});

describe("VPCs", () => {
  test("one VPC cannot be both ends, and only what does not rest on two is checked", () => {
    const twice = asking("acceptor", { vpcId: request.initiator.vpcId });

    const checks = preflight(twice, facts());

    expect(checksNamed("vpcsDistinct", checks)).toEqual([{ level: "stop", check: "vpcsDistinct", vpcId: "vpc-m5e1" }]);
    expect(checksNamed("cidrsApart", checks)).toEqual([]);
  });

  test.each(SIDES)("a missing VPC on the %s side is said with where it was looked for", (side) => {
    const { vpcId, regionId } = facts()[side];

    const checks = preflight(request, withSide(side, { vpc: null }));

    expect(stops(checks)).toEqual([{ level: "stop", check: "vpcExists", side, vpcId, regionId }]);
  });

  test.each(SIDES)(
    "a missing VPC on the %s side hides every check that rests on it, and none of the other side's own",
    (side) => {
      const checks = preflight(request, withSide(side, { vpc: null }));

      expect(
        checks
          .map(({ check }) => check)
          .filter(
            (check) => !["vpcsDistinct", "vpcExists", "vpcAvailable", "sameAccount", "borderCrossing"].includes(check),
          ),
      ).toEqual([]);
      expect(checksNamed("vpcAvailable", checks, side)).toEqual([]);
      expect(checksNamed("vpcAvailable", checks, opposite(side))).toHaveLength(1);
    },
  );

  test("two missing VPCs are both said", () => {
    const nowhere = withSide("initiator", { vpc: null }, withSide("acceptor", { vpc: null }));

    expect(stops(preflight(request, nowhere))).toHaveLength(2);
  });

  test.each(["Pending", "Creating", "available", ""])("a VPC that is %j is not Available", (status) => {
    const checks = preflight(request, withVpc("acceptor", { status }));

    expect(stops(checks)).toEqual([
      { level: "stop", check: "vpcAvailable", side: "acceptor", vpcId: "vpc-2ze1", status },
    ]);
  });

  test.each(SIDES)("a VPC of another account on the %s side stops, with both accounts", (side) => {
    const checks = preflight(request, withVpc(side, { ownerId: "6543210987654321" }));

    expect(stops(checks)).toEqual([
      {
        level: "stop",
        check: "sameAccount",
        side,
        vpcId: request[side].vpcId,
        ownerId: "6543210987654321",
        accountId: "1234567890123456",
      },
    ]);
  });

  test("two VPCs of one other account stop both", () => {
    const foreign = withVpc("initiator", { ownerId: "6" }, withVpc("acceptor", { ownerId: "6" }));

    expect(stops(preflight(request, foreign)).map(({ check }) => check)).toEqual(["sameAccount", "sameAccount"]);
  });
});

describe("address space", () => {
  test.each([
    { how: "are the same", initiator: "10.0.0.0/16", acceptor: "10.0.0.0/16", level: "stop" },
    { how: "are one inside the other", initiator: "10.0.0.0/8", acceptor: "10.200.0.0/16", level: "stop" },
    { how: "share the last address of one", initiator: "10.0.0.0/16", acceptor: "10.0.255.255/32", level: "stop" },
    { how: "touch", initiator: "10.0.0.0/16", acceptor: "10.1.0.0/16", level: "ok" },
    { how: "are far apart", initiator: "10.0.0.0/16", acceptor: "172.16.0.0/12", level: "ok" },
  ])("blocks that $how: $level", ({ initiator, acceptor, level }) => {
    const network = withVpc("initiator", { cidr: initiator }, withVpc("acceptor", { cidr: acceptor }));

    const [check] = checksNamed("cidrsApart", preflight(request, network));

    expect(check).toMatchObject({ level, pairs: level === "ok" ? [] : [{ initiator, acceptor }] });
  });

  test("secondary blocks count, each colliding pair is named, the initiator's first", () => {
    const network = withVpc(
      "initiator",
      { secondaryCidrs: ["172.16.128.0/17"] },
      withVpc("acceptor", { secondaryCidrs: ["192.168.5.0/24"] }),
    );

    const [check] = checksNamed("cidrsApart", preflight(request, network));

    expect(check).toMatchObject({
      level: "stop",
      pairs: [
        { initiator: "192.168.0.0/16", acceptor: "192.168.5.0/24" },
        { initiator: "172.16.128.0/17", acceptor: "172.16.0.0/16" },
      ],
    });
  });

  test("blocks that collide do not matter when the chosen vSwitches do not", () => {
    const network = withSide(
      "initiator",
      { vSwitches: [vSwitch("vsw-m5e1", "10.0.1.0/24", "vtb-m5e1")] },
      withSide("acceptor", { vSwitches: [vSwitch("vsw-2ze1", "10.0.2.0/24", "vtb-2ze1")] }, bothIn("10.0.0.0/16")),
    );

    const some = asking("initiator", { vSwitchIds: ["vsw-m5e1"] }, asking("acceptor", { vSwitchIds: ["vsw-2ze1"] }));

    expect(checksNamed("cidrsApart", preflight(request, network))).toMatchObject([{ level: "stop" }]);
    expect(checksNamed("cidrsApart", preflight(some, network))).toMatchObject([{ level: "ok" }]);
  });

  test("user CIDRs are no address space: that they overlap the other side is their purpose", () => {
    const network = withVpc("initiator", { userCidrs: ["172.16.0.0/12"] });

    expect(preflight(request, network)).toEqual(preflight(request, facts()));
  });
});

describe("destinations", () => {
  test.each([
    ["is the reserved block", "100.64.0.0/10", "reserved"],
    ["is inside the reserved block", "100.100.0.0/16", "reserved"],
    ["is the first address of the reserved block", "100.64.0.0/32", "reserved"],
    ["is the last address of the reserved block", "100.127.255.255/32", "reserved"],
    ["contains the reserved block", "100.0.0.0/8", "reserved"],
    ["ends right before the reserved block", "100.63.0.0/16", null],
    ["begins right after the reserved block", "100.128.0.0/16", null],
  ])("one that %s: %s", (_, cidr, why) => {
    const check = onInitiator(cidr);

    expect(check?.level).toBe(why ? "stop" : "ok");
    expect(check?.problems).toEqual(why ? [{ destination: cidr, why }] : []);
  });

  test.each([
    ["equals one of our vSwitches", "172.16.1.0/24", "172.16.1.0/24", true],
    ["is inside one of our vSwitches", "172.16.1.128/25", "172.16.1.0/24", true],
    ["is a single address of one", "172.16.1.7/32", "172.16.1.0/24", true],
    ["contains one of our vSwitches", "172.16.0.0/16", "172.16.1.0/24", false],
    ["lies beside our vSwitches", "172.16.2.0/24", "172.16.1.0/24", false],
  ])("one that %s: %s on %s", (_, cidr, ours, stopped) => {
    const check = onInitiator(cidr, ["192.168.1.0/24", ours]);

    expect(check?.level).toBe(stopped ? "stop" : "ok");
    expect(check?.problems).toEqual(
      stopped ? [{ destination: cidr, why: "insideVSwitch", vSwitchId: "vsw-1", vSwitchCidr: ours }] : [],
    );
  });

  test("all of them are held against all vSwitches, not only the chosen ones", () => {
    const some = asking("initiator", { vSwitchIds: ["vsw-0"] });
    const vSwitches = [vSwitch("vsw-0", "192.168.1.0/24", "vtb-m5e1"), vSwitch("vsw-1", "172.16.0.0/16", "vtb-m5e1")];

    const [check] = checksNamed(
      "destinationAllowed",
      preflight(some, withSide("initiator", { vSwitches })),
      "initiator",
    );

    expect(check?.problems).toMatchObject([{ destination: "172.16.0.0/16", vSwitchId: "vsw-1" }]);
  });

  test("both reasons can hold at once", () => {
    const check = onInitiator("100.64.1.0/24", ["100.64.0.0/16"]);

    expect(check?.problems.map(({ why }) => why)).toEqual(["reserved", "insideVSwitch"]);
  });

  test("each side is checked for what goes there: the acceptor for the initiator's blocks", () => {
    const network = withVpc("initiator", { cidr: "100.64.0.0/16" });

    const checks = preflight(request, network);

    expect(checksNamed("destinationAllowed", checks, "initiator")).toMatchObject([{ level: "ok" }]);
    expect(checksNamed("destinationAllowed", checks, "acceptor")).toMatchObject([
      { level: "stop", problems: [{ destination: "100.64.0.0/16" }] },
    ]);
  });
});

describe("route tables", () => {
  test("a destination that is taken is said with the table, the entry and where it goes", () => {
    const [check] = checksNamed(
      "destinationFree",
      preflight(request, withEntries([entry("172.16.0.0/16")])),
      "initiator",
    );

    expect(check).toMatchObject({
      level: "stop",
      taken: [{ routeTableId: "vtb-b", destination: "172.16.0.0/16", nextHopType: "VpnGateway", nextHopId: "vpn-1" }],
    });
  });

  test.each([
    ["whatever its status", { status: "Pending" }],
    ["also one that the cloud made", { type: "System" }],
    ["also one learned from CEN", { type: "CEN", nextHopType: "Attachment" }],
  ])("an entry takes its destination, %s", (_, change) => {
    const [check] = checksNamed(
      "destinationFree",
      preflight(request, withEntries([entry("172.16.0.0/16", change)])),
      "initiator",
    );

    expect(check?.taken).toHaveLength(1);
  });

  test.each(["172.16.128.0/17", "172.0.0.0/8", "0.0.0.0/0"])(
    "an entry to %s does not take the destination, so it stops nothing",
    (destination) => {
      const checks = preflight(request, withEntries([entry(destination)]));

      expect(checksNamed("destinationFree", checks, "initiator")).toMatchObject([{ taken: [] }]);
      expect(stops(checks)).toEqual([]);
    },
  );

  test("a table that gets no entry is not looked at: gateway tables, and tables of vSwitches that were not chosen", () => {
    const taken = [entry("172.16.0.0/16"), ...many(CUSTOM_ENTRIES_PER_TABLE_MAX)];
    const some = asking("initiator", { vSwitchIds: ["vsw-m5e1"] });

    expect(stops(preflight(request, withEntries(taken, "Gateway")))).toEqual([]);
    expect(stops(preflight(some, withEntries(taken)))).toEqual([]);
    expect(stops(preflight(request, withEntries(taken)))).not.toEqual([]);
  });

  test.each([
    [CUSTOM_ENTRIES_PER_TABLE_MAX * 0.9 - 2, "ok"],
    [CUSTOM_ENTRIES_PER_TABLE_MAX * 0.9 - 1, "warn"],
    [CUSTOM_ENTRIES_PER_TABLE_MAX - 1, "warn"],
    [CUSTOM_ENTRIES_PER_TABLE_MAX, "stop"],
  ] as const)("a table with %i entries of its own and one more: %s", (amount, level) => {
    const checks = checksNamed("routeTableRoom", preflight(request, withEntries(many(amount))), "initiator");

    expect(checks).toEqual([
      {
        level: "ok",
        check: "routeTableRoom",
        side: "initiator",
        routeTableId: "vtb-m5e1",
        entries: 0,
        after: 1,
        max: CUSTOM_ENTRIES_PER_TABLE_MAX,
      },
      {
        level,
        check: "routeTableRoom",
        side: "initiator",
        routeTableId: "vtb-b",
        entries: amount,
        after: amount + 1,
        max: CUSTOM_ENTRIES_PER_TABLE_MAX,
      },
    ]);
  });

  test("every block of the other side needs room", () => {
    const network = withVpc(
      "acceptor",
      { secondaryCidrs: ["172.17.0.0/16", "172.18.0.0/16"] },
      withEntries(many(CUSTOM_ENTRIES_PER_TABLE_MAX - 2)),
    );

    expect(checksNamed("routeTableRoom", preflight(request, network), "initiator")).toMatchObject([
      { level: "ok" },
      { level: "stop" },
    ]);
  });

  test("entries that the cloud made or learned do not count", () => {
    const network = withEntries([...many(150, "System"), ...many(150, "CEN"), ...many(10)]);

    expect(checksNamed("routeTableRoom", preflight(request, network), "initiator")).toMatchObject([
      {},
      { level: "ok", entries: 10 },
    ]);
  });
});

describe("what was chosen", () => {
  test.each(SIDES)("vSwitches that the VPC does not have are named, on the %s side", (side) => {
    const [check] = checksNamed(
      "vSwitchesFit",
      preflight(asking(side, { vSwitchIds: ["vsw-gone", "vsw-far"] }), facts()),
      side,
    );

    expect(check).toMatchObject({ level: "stop", unknown: ["vsw-gone", "vsw-far"] });
  });

  test("a vSwitch of the other side is not one of this", () => {
    const [check] = checksNamed(
      "vSwitchesFit",
      preflight(asking("initiator", { vSwitchIds: ["vsw-2ze1"] }), facts()),
      "initiator",
    );

    expect(check).toMatchObject({ level: "stop", unknown: ["vsw-2ze1"] });
  });

  test("groups that the VPC does not have or that another service manages are named, each with why", () => {
    const network = withSide("acceptor", {
      securityGroups: [group("sg-2ze1"), group("sg-managed", { serviceManaged: true })],
    });
    const asked = asking("acceptor", { securityGroupIds: ["sg-2ze1", "sg-managed", "sg-gone", "sg-m5e1"] });

    const [check] = checksNamed("securityGroupsFit", preflight(asked, network), "acceptor");

    expect(check).toMatchObject({
      level: "stop",
      problems: [
        { securityGroupId: "sg-managed", why: "serviceManaged" },
        { securityGroupId: "sg-gone", why: "unknown" },
        { securityGroupId: "sg-m5e1", why: "unknown" },
      ],
    });
  });

  test("no group is fine: no rule is added", () => {
    const [check] = checksNamed(
      "securityGroupsFit",
      preflight(asking("acceptor", { securityGroupIds: [] }), facts()),
      "acceptor",
    );

    expect(check).toMatchObject({ level: "ok", problems: [] });
  });
});

describe("the test instance", () => {
  test("that fits is ok", () => {
    expect(testInstanceCheck()).toEqual({
      level: "ok",
      check: "testInstanceFits",
      side: "acceptor",
      instanceId: "i-2ze1",
      problem: null,
    });
  });

  test("that was not chosen is something to read, and stops nothing", () => {
    const none = asking("acceptor", { testInstanceId: null });

    expect(testInstanceCheck(none)).toEqual({
      level: "warn",
      check: "testInstanceFits",
      side: "acceptor",
      instanceId: null,
      problem: "noneChosen",
    });
    expect(planRequest(none, facts(), RULES)).toHaveProperty("plan");
  });

  test.each([
    [{ status: "Stopped" }, "notRunning"],
    [{ optedIn: false }, "notOptedIn"],
    [{ assistantOnline: false }, "assistantOffline"],
    [{ privateIp: "10.9.9.9" }, "outsideScope"],
    [{ id: "i-other" }, "unknown"],
  ] as const)("with %o stops: %s", (change, problem) => {
    expect(testInstanceCheck(request, withInstance("acceptor", change))).toMatchObject({
      level: "stop",
      problem,
      instanceId: "i-2ze1",
    });
  });

  test("in a vSwitch that was not chosen is out of scope", () => {
    const vSwitches = [
      vSwitch("vsw-2ze1", "172.16.1.0/24", "vtb-2ze1"),
      vSwitch("vsw-2ze2", "172.16.2.0/24", "vtb-2ze1"),
    ];

    const other = asking("acceptor", { vSwitchIds: ["vsw-2ze2"] });

    expect(testInstanceCheck(other, withSide("acceptor", { vSwitches }))).toMatchObject({
      level: "stop",
      problem: "outsideScope",
    });
  });
});

describe("an existing pair", () => {
  test.each([
    "Idle",
    "Connecting",
    "AcceptingConnecting",
    "Activating",
    "Active",
    "Modifying",
    "Deactivating",
    "Inactive",
    "Deleting",
  ])("stops whatever its status: %s", (status) => {
    const [check] = checksNamed(
      "noExistingPair",
      checksOf(request, withSide("initiator", { routerInterfaces: [between("initiator", { status })] })),
    );

    expect(check).toEqual({
      level: "stop",
      check: "noExistingPair",
      existing: { side: "initiator", id: "ri-old", status, name: "by hand" },
    });
  });

  test.each(SIDES)("stops when only the %s side has an interface to the other", (side) => {
    const [check] = checksNamed(
      "noExistingPair",
      checksOf(request, withSide(side, { routerInterfaces: [between(side)] })),
    );

    expect(check).toMatchObject({ level: "stop", existing: { side, id: "ri-old" } });
  });

  test("is found behind interfaces to others, which do not matter", () => {
    const others = ["vrt-x", "vbr-1", ""].map((oppositeRouterId, index) =>
      between("initiator", { id: `ri-${index}`, oppositeRouterId }),
    );

    expect(
      checksNamed("noExistingPair", checksOf(request, withSide("initiator", { routerInterfaces: others }))),
    ).toMatchObject([{ level: "ok", existing: null }]);
    expect(
      checksNamed(
        "noExistingPair",
        checksOf(request, withSide("initiator", { routerInterfaces: [...others, between("initiator")] })),
      ),
    ).toMatchObject([{ level: "stop", existing: { id: "ri-old" } }]);
  });

  test("is not looked for when the VPCs themselves stop", () => {
    const network = withVpc(
      "initiator",
      { status: "Pending" },
      withSide("acceptor", { routerInterfaces: [between("acceptor")] }),
    );

    expect(checksNamed("noExistingPair", checksOf(request, network))).toEqual([]);
  });
});

describe("a plan", () => {
  test("is not made when anything stops, and every check is kept to be read", () => {
    const planned = planRequest(request, withVpc("acceptor", { cidr: "192.168.0.0/16" }), RULES);

    expect(planned).not.toHaveProperty("plan");
    expect("stopped" in planned && planned.stopped.some(({ level }) => level === "ok")).toBe(true);
  });

  test("keeps the checks it was made under", () => {
    const planned = planRequest(asking("acceptor", { testInstanceId: null }), facts(), RULES);

    expect("plan" in planned && planned.plan.checks.filter(({ level }) => level === "warn")).toHaveLength(1);
  });
});

function bothIn(cidr: string) {
  return withVpc("initiator", { cidr }, withVpc("acceptor", { cidr }));
}

function onInitiator(cidr: string, cidrsHere: readonly string[] = ["192.168.1.0/24"]) {
  const vSwitches = cidrsHere.map((block, index) => vSwitch(`vsw-${index}`, block, "vtb-m5e1"));
  const network = withSide("initiator", { vSwitches }, withVpc("acceptor", { cidr }));
  return checksNamed("destinationAllowed", preflight(request, network), "initiator")[0];
}

function entry(destination: string, change: Partial<RouteEntry> = {}): RouteEntry {
  return {
    id: "rte-1",
    destination,
    status: "Available",
    type: "Custom",
    nextHopType: "VpnGateway",
    nextHopId: "vpn-1",
    ...change,
  };
}

function many(amount: number, type = "Custom"): readonly RouteEntry[] {
  return Array.from({ length: amount }, (_, index) => entry(`203.0.${index}.0/24`, { type }));
}

/** The tutorial with a second table on the initiator's side. */
function withEntries(entries: readonly RouteEntry[], associateType: "VSwitch" | "Gateway" = "VSwitch") {
  const routeTables = [table("vtb-m5e1", { type: "System" }), table("vtb-b", { entries, associateType })];
  return withSide("initiator", { routeTables });
}

function testInstanceCheck(asked = request, network = facts()) {
  return checksNamed("testInstanceFits", preflight(asked, network), "acceptor")[0];
}

/** An interface on `side` to the other side's router. */
function between(side: Side, change: Partial<RouterInterface> = {}): RouterInterface {
  return {
    id: "ri-old",
    name: "by hand",
    status: "Active",
    businessStatus: "Normal",
    role: "InitiatingSide",
    routerId: side === "initiator" ? "vrt-m5e1" : "vrt-2ze1",
    spec: "Mini.2",
    oppositeInterfaceId: "ri-older",
    oppositeRouterId: side === "initiator" ? "vrt-2ze1" : "vrt-m5e1",
    oppositeRegionId: "cn-beijing",
    ...change,
  };
}
