/**
 * What a plan holds: which steps, in which order, on which lanes, and what each does.
 */
import { property } from "fast-check";
import { describe, expect, test } from "vitest";
import { contains, overlaps } from "../../machines/network/cidr.ts";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import { shortHash, type Plan, type Step } from "../../machines/network/plan.ts";
import { parsePorts, type RequestRevision } from "../../machines/network/request.ts";
import { PERMISSIONS_PER_CALL_MAX } from "../../machines/network/rules.ts";
import { opposite, SIDES, type Side } from "../../machines/network/side.ts";
import type {
  AuthorizeSecurityGroup,
  PlannedRule,
  StepEffect,
  StepEffectType,
} from "../../machines/peering/effects.ts";
import { asking, group, table, vSwitch, withSide, withVpc } from "./networks.ts";
import { wishes } from "./random-network.ts";
import { holds } from "./seeded.ts";
import { facts, plan, requestRevision } from "./tutorial.ts";

const idsOf = ({ steps }: Plan, stage?: Step["stage"]) =>
  steps.filter((step) => !stage || step.stage === stage).map(({ id }) => id);

describe("the tutorial's plan", () => {
  test("has its steps in the order of the lifecycle, the initiator's first", () => {
    expect(idsOf(plan())).toEqual([
      "checkPlan",
      "createRouterInterface:initiator",
      "createRouterInterface:acceptor",
      "modifyRouterInterfaceAttribute:acceptor",
      "modifyRouterInterfaceAttribute:initiator",
      "connectRouterInterface",
      "createRouteEntry:vtb-m5e1:172.16.0.0/16",
      "createRouteEntry:vtb-2ze1:192.168.0.0/16",
      "authorizeSecurityGroup:ingress:sg-m5e1",
      "authorizeSecurityGroup:ingress:sg-2ze1",
      "runConnectivityTest:initiator",
      "runConnectivityTest:acceptor",
    ]);
  });

  test("needs nothing within a stage but for the connection, which goes acceptor first", () => {
    const needs = Object.fromEntries(
      plan().steps.flatMap((step) => (step.needs.length > 0 ? [[step.id, step.needs]] : [])),
    );

    expect(needs).toEqual({
      "modifyRouterInterfaceAttribute:acceptor": ["createRouterInterface:initiator", "createRouterInterface:acceptor"],
      "modifyRouterInterfaceAttribute:initiator": ["modifyRouterInterfaceAttribute:acceptor"],
      connectRouterInterface: ["modifyRouterInterfaceAttribute:initiator"],
    });
  });

  test("takes a lane for each VPC's route tables and each group, and none for the rest", () => {
    const lanes = Object.fromEntries(plan().steps.flatMap(({ id, lanes: [lane] }) => (lane ? [[id, lane]] : [])));

    expect(lanes).toEqual({
      "createRouteEntry:vtb-m5e1:172.16.0.0/16": "routes:vpc-m5e1",
      "createRouteEntry:vtb-2ze1:192.168.0.0/16": "routes:vpc-2ze1",
      "authorizeSecurityGroup:ingress:sg-m5e1": "security-group:sg-m5e1",
      "authorizeSecurityGroup:ingress:sg-2ze1": "security-group:sg-2ze1",
    });
  });

  test("creates the initiator with its bandwidth and the acceptor with none, each knowing the other's router", () => {
    expect(effects(plan(), "createRouterInterface")).toEqual([
      {
        type: "createRouterInterface",
        side: "initiator",
        regionId: "cn-qingdao",
        role: "InitiatingSide",
        routerId: "vrt-m5e1",
        spec: "Mini.2",
        oppositeRegionId: "cn-beijing",
        oppositeRouterId: "vrt-2ze1",
      },
      {
        type: "createRouterInterface",
        side: "acceptor",
        regionId: "cn-beijing",
        role: "AcceptingSide",
        routerId: "vrt-2ze1",
        spec: "Negative",
        oppositeRegionId: "cn-qingdao",
        oppositeRouterId: "vrt-m5e1",
      },
    ]);
  });

  test("tells each interface the other's router, and connects from the initiator", () => {
    expect(effects(plan(), "modifyRouterInterfaceAttribute")).toEqual([
      {
        type: "modifyRouterInterfaceAttribute",
        side: "acceptor",
        regionId: "cn-beijing",
        oppositeRouterId: "vrt-m5e1",
      },
      {
        type: "modifyRouterInterfaceAttribute",
        side: "initiator",
        regionId: "cn-qingdao",
        oppositeRouterId: "vrt-2ze1",
      },
    ]);
    expect(effects(plan(), "connectRouterInterface")).toEqual([
      { type: "connectRouterInterface", side: "initiator", regionId: "cn-qingdao", oppositeRegionId: "cn-beijing" },
    ]);
  });

  test("opens ping both ways and the port on the side that asked for it, from the other side's blocks", () => {
    const tutorial = plan();

    expect(tutorial.opens).toEqual([
      {
        side: "initiator",
        from: ["172.16.0.0/16"],
        securityGroupIds: ["sg-m5e1"],
        protocol: "ICMP",
        portRange: "-1/-1",
      },
      {
        side: "acceptor",
        from: ["192.168.0.0/16"],
        securityGroupIds: ["sg-2ze1"],
        protocol: "ICMP",
        portRange: "-1/-1",
      },
      {
        side: "acceptor",
        from: ["192.168.0.0/16"],
        securityGroupIds: ["sg-2ze1"],
        protocol: "TCP",
        portRange: "5432/5432",
      },
    ]);
    expect(rulesOf(tutorial, "sg-2ze1")).toEqual([
      { protocol: "ICMP", portRange: "-1/-1", peerCidr: "192.168.0.0/16" },
      { protocol: "TCP", portRange: "5432/5432", peerCidr: "192.168.0.0/16" },
    ]);
  });

  test("tests each way: ping, and the ports that are opened at the other end", () => {
    expect(effects(plan(), "runConnectivityTest")).toEqual([
      {
        type: "runConnectivityTest",
        side: "initiator",
        regionId: "cn-qingdao",
        instanceId: "i-m5e1",
        targetRegionId: "cn-beijing",
        targetInstanceId: "i-2ze1",
        ping: true,
        ports: [5432],
      },
      {
        type: "runConnectivityTest",
        side: "acceptor",
        regionId: "cn-beijing",
        instanceId: "i-2ze1",
        targetRegionId: "cn-qingdao",
        targetInstanceId: "i-m5e1",
        ping: true,
        ports: [],
      },
    ]);
  });

  test("says what the two ends are called and who is affected", () => {
    expect(plan().about.acceptor).toEqual({
      regionId: "cn-beijing",
      vpcId: "vpc-2ze1",
      vpcName: "shared-data",
      vSwitches: { first: [{ id: "vsw-2ze1", name: "app-a", cidr: "172.16.1.0/24" }], count: 1 },
      cidrs: ["172.16.0.0/16"],
      wholeVpc: true,
      reachableHosts: 1,
      hosts: 1,
      testInstance: { id: "i-2ze1", name: "shared-data-1", privateIp: "172.16.1.10" },
    });
  });

  test("counts as reachable who runs in a routed block and in one of the groups that get rules, whatever their other groups", () => {
    const [host] = facts().acceptor.instances;
    if (!host) throw new Error("the tutorial has an instance");
    const instances = [
      host,
      { ...host, id: "i-2ze2", securityGroupIds: ["sg-2ze1", "sg-other"] },
      { ...host, id: "i-2ze3", securityGroupIds: ["sg-other"] },
      { ...host, id: "i-2ze4", status: "Stopped" },
      { ...host, id: "i-2ze5", privateIp: "10.9.9.9" },
    ] as const;

    expect(plan(requestRevision(), withSide("acceptor", { instances })).about.acceptor).toMatchObject({
      hosts: 3,
      reachableHosts: 2,
    });
  });

  test("names no test instance where none was chosen", () => {
    expect(plan(asking("acceptor", { testInstanceId: null })).about.acceptor.testInstance).toBeNull();
  });

  test("is known by the first four characters of its hash", () => {
    expect(plan().hash).toMatch(/^[0-9a-f]{64}$/);
    expect(shortHash(plan().hash)).toBe(plan().hash.slice(0, 4));
  });

  test("of two VPCs in one region differs in the region alone", () => {
    const here = withSide("acceptor", { regionId: "cn-qingdao" });
    const near = plan(asking("acceptor", { regionId: "cn-qingdao" }), here);

    expect(idsOf(near)).toEqual(idsOf(plan()));
    expect(
      effects(near, "createRouterInterface").map(({ regionId, oppositeRegionId }) => [regionId, oppositeRegionId]),
    ).toEqual([
      ["cn-qingdao", "cn-qingdao"],
      ["cn-qingdao", "cn-qingdao"],
    ]);
  });
});

describe("route entries", () => {
  const tables = [table("vtb-m5e1", { type: "System" }), table("vtb-b"), table("vtb-gw", { associateType: "Gateway" })];
  const vSwitches = [vSwitch("vsw-a", "192.168.1.0/24", "vtb-m5e1"), vSwitch("vsw-b", "192.168.2.0/24", "vtb-b")];
  const network = withSide("initiator", { routeTables: tables, vSwitches });

  test("of a whole VPC stand in the system table and every custom one, not in gateway tables", () => {
    expect(idsOf(plan(requestRevision(), network), "route")).toEqual([
      "createRouteEntry:vtb-b:172.16.0.0/16",
      "createRouteEntry:vtb-m5e1:172.16.0.0/16",
      "createRouteEntry:vtb-2ze1:192.168.0.0/16",
    ]);
  });

  test("of chosen vSwitches stand in their tables only, and the other side gets only their blocks", () => {
    const some = asking("initiator", { vSwitchIds: ["vsw-b"], testInstanceId: null });

    expect(idsOf(plan(some, network), "route")).toEqual([
      "createRouteEntry:vtb-b:172.16.0.0/16",
      "createRouteEntry:vtb-2ze1:192.168.2.0/24",
    ]);
  });

  test("go to every block of the other side, secondary ones too", () => {
    const wide = withVpc("acceptor", { secondaryCidrs: ["10.8.0.0/16", "10.9.0.0/16"] });

    expect(idsOf(plan(requestRevision(), wide), "route")).toEqual([
      "createRouteEntry:vtb-m5e1:10.8.0.0/16",
      "createRouteEntry:vtb-m5e1:10.9.0.0/16",
      "createRouteEntry:vtb-m5e1:172.16.0.0/16",
      "createRouteEntry:vtb-2ze1:192.168.0.0/16",
    ]);
  });

  test("are one per serving table and block, all of them, none twice, each on its VPC's lane", () => {
    holds(
      property(wishes, ({ request, network: drawn }) => {
        const made = plan(request, drawn);
        const entries = effects(made, "createRouteEntry").map(
          ({ side, routeTableId, destination }) => `${side} ${routeTableId} ${destination}`,
        );
        const wanted = SIDES.flatMap((side) => {
          const here = drawn[side];
          const chosen = here.vSwitches.filter(({ id }) => request[side].vSwitchIds.includes(id));
          const serving = here.routeTables.filter(({ id, associateType }) =>
            chosen.length > 0 ? chosen.some(({ routeTableId }) => routeTableId === id) : associateType === "VSwitch",
          );
          return serving.flatMap(({ id }) =>
            blocksOf(request, drawn, opposite(side)).map((block) => `${side} ${id} ${block}`),
          );
        });

        expect(entries.toSorted()).toEqual(wanted.toSorted());
        expect(new Set(entries).size).toBe(entries.length);
        expect(
          made.steps.filter(
            ({ effect }) => effect.type === "createRouteEntry" && `routes:${effect.vpcId}` !== laneOf(made, effect),
          ),
        ).toEqual([]);
      }),
    );
  });

  test("are none too many: none is inside another of the same table and plan", () => {
    holds(
      property(wishes, ({ request, network: drawn }) => {
        const made = effects(plan(request, drawn), "createRouteEntry");
        const redundant = made.filter((inner) =>
          made.some(
            (outer) =>
              outer !== inner &&
              outer.routeTableId === inner.routeTableId &&
              contains(outer.destination, inner.destination),
          ),
        );

        expect(redundant).toEqual([]);
      }),
    );
  });
});

describe("security groups", () => {
  const two = withSide("acceptor", { securityGroups: [group("sg-2ze2"), group("sg-2ze1")] });
  const both = asking("acceptor", { securityGroupIds: ["sg-2ze2", "sg-2ze1"] });

  test("get a call each, in the order of their ids, with the same rules", () => {
    const made = plan(both, two);

    expect(idsOf(made, "secure").slice(1)).toEqual([
      "authorizeSecurityGroup:ingress:sg-2ze1",
      "authorizeSecurityGroup:ingress:sg-2ze2",
    ]);
    expect(rulesOf(made, "sg-2ze2")).toEqual(rulesOf(made, "sg-2ze1"));
  });

  test("that nobody chose get none, and open nothing", () => {
    const none = plan(asking("acceptor", { securityGroupIds: [] }));

    expect(idsOf(none, "secure")).toEqual(["authorizeSecurityGroup:ingress:sg-m5e1"]);
    expect(none.opens.filter(({ side }) => side === "acceptor")).toEqual([]);
  });

  test("of neither side leave a plan that routes and tests", () => {
    const none = plan(asking("initiator", { securityGroupIds: [] }, asking("acceptor", { securityGroupIds: [] })));

    expect([idsOf(none, "secure"), none.opens]).toEqual([[], []]);
    expect(idsOf(none, "verify")).toHaveLength(2);
  });

  test("let no ping through when that is off, and then the ports alone are tested", () => {
    const quiet = plan({ ...requestRevision(), icmp: false });
    const closed = plan({ ...asking("acceptor", { ports: [] }), icmp: false });

    expect(quiet.opens.map(({ protocol }) => protocol)).toEqual(["TCP"]);
    expect(idsOf(quiet, "secure")).toEqual(["authorizeSecurityGroup:ingress:sg-2ze1"]);
    expect(effects(quiet, "runConnectivityTest")).toMatchObject([{ side: "initiator", ping: false, ports: [5432] }]);
    expect(idsOf(closed, "verify")).toEqual([]);
  });

  test("get ports as the API writes them", () => {
    const parsed = parsePorts("443, 8000-8010", 10);
    const made = plan(asking("acceptor", { ports: "ports" in parsed ? parsed.ports : [] }));

    expect(rulesOf(made, "sg-2ze1").map(({ protocol, portRange }) => `${protocol} ${portRange}`)).toEqual([
      "ICMP -1/-1",
      "TCP 443/443",
      "TCP 8000/8010",
    ]);
  });

  test("get a rule for each block of the other side", () => {
    const wide = withVpc("initiator", { secondaryCidrs: ["10.8.0.0/16"] });

    expect(
      rulesOf(plan(requestRevision(), wide), "sg-2ze1").map(({ peerCidr, protocol }) => `${protocol} ${peerCidr}`),
    ).toEqual(["ICMP 10.8.0.0/16", "ICMP 192.168.0.0/16", "TCP 10.8.0.0/16", "TCP 192.168.0.0/16"]);
  });

  describe("of the enterprise type, which let nothing out by themselves,", () => {
    const enterprise = withSide("initiator", { securityGroups: [group("sg-m5e1", { type: "enterprise" })] });

    test("get a second call for what the other side opens", () => {
      const made = plan(requestRevision(), enterprise);

      expect(idsOf(made, "secure")).toEqual([
        "authorizeSecurityGroup:ingress:sg-m5e1",
        "authorizeSecurityGroup:egress:sg-m5e1",
        "authorizeSecurityGroup:ingress:sg-2ze1",
      ]);
      expect(rulesOf(made, "sg-m5e1", "egress")).toEqual([
        { protocol: "ICMP", portRange: "-1/-1", peerCidr: "172.16.0.0/16" },
        { protocol: "TCP", portRange: "5432/5432", peerCidr: "172.16.0.0/16" },
      ]);
    });

    test("get both calls on one lane, so that they come one after the other", () => {
      const lanes = plan(requestRevision(), enterprise)
        .steps.filter(({ id }) => id.endsWith(":sg-m5e1"))
        .flatMap(({ lanes: taken }) => taken);

      expect(lanes).toEqual(["security-group:sg-m5e1", "security-group:sg-m5e1"]);
    });

    test("get no second call when the other side opens nothing", () => {
      const quiet = asking("acceptor", { securityGroupIds: [] });

      expect(idsOf(plan(quiet, enterprise), "secure")).toEqual(["authorizeSecurityGroup:ingress:sg-m5e1"]);
    });

    test("that nobody chose get none, though they are of the VPC", () => {
      const more = withSide("initiator", {
        securityGroups: [group("sg-m5e1"), group("sg-m5e2", { type: "enterprise" })],
      });

      expect(idsOf(plan(requestRevision(), more), "secure")).toEqual(idsOf(plan(), "secure"));
    });
  });

  describe("with more rules than one call takes", () => {
    const blocks = Array.from({ length: 30 }, (_, index) =>
      vSwitch(`vsw-${index}`, `192.168.${index}.0/24`, "vtb-m5e1"),
    );
    const asked = asking(
      "initiator",
      { vSwitchIds: blocks.map(({ id }) => id) },
      asking("acceptor", {
        ports: Array.from({ length: 6 }, (_, index) => ({ from: 1_000 + 2 * index, to: 1_000 + 2 * index })),
      }),
    );
    const made = plan(asked, withSide("initiator", { vSwitches: blocks }));

    test("get as few calls as hold them, numbered from the second on, on one lane", () => {
      const calls = made.steps.filter(({ id }) => id.startsWith("authorizeSecurityGroup:ingress:sg-2ze1"));

      expect(calls.map(({ id }) => id)).toEqual([
        "authorizeSecurityGroup:ingress:sg-2ze1",
        "authorizeSecurityGroup:ingress:sg-2ze1:2",
        "authorizeSecurityGroup:ingress:sg-2ze1:3",
      ]);
      expect(calls.map(({ effect }) => (effect.type === "authorizeSecurityGroup" ? effect.rules.length : 0))).toEqual([
        100, 100, 10,
      ]);
      expect(new Set(calls.flatMap(({ lanes }) => lanes))).toEqual(new Set(["security-group:sg-2ze1"]));
    });

    test("get each rule in exactly one of them", () => {
      const rules = rulesOf(made, "sg-2ze1").map(ruleText);

      expect(rules).toHaveLength(30 * 7);
      expect(new Set(rules).size).toBe(rules.length);
    });
  });

  test("open what the plan says it opens, no more and no less, whatever is asked", () => {
    holds(
      property(wishes, ({ request, network }) => {
        const made = plan(request, network);
        const ingress = authorizations(made).filter(({ direction }) => direction === "ingress");
        const granted = ingress.flatMap(({ side, securityGroupId, rules }) =>
          rules.map((rule) => `${side} ${securityGroupId} ${ruleText(rule)}`),
        );
        const wanted = SIDES.flatMap((side) =>
          request[side].securityGroupIds.flatMap((id) => {
            const wishesHere = [
              ...(request.icmp ? ["ICMP -1/-1"] : []),
              ...request[side].ports.map(({ from, to }) => `TCP ${from}/${to}`),
            ];
            return wishesHere.flatMap((wish) =>
              blocksOf(request, network, opposite(side)).map((block) => `${side} ${id} ${wish} ${block}`),
            );
          }),
        );
        const said = made.opens.flatMap(({ side, from, securityGroupIds, protocol, portRange }) =>
          securityGroupIds.flatMap((id) =>
            from.map((peerCidr) => `${side} ${id} ${ruleText({ protocol, portRange, peerCidr })}`),
          ),
        );

        expect(granted.toSorted()).toEqual(wanted.toSorted());
        expect(said.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });

  test("of the enterprise type let out exactly what the other side lets in, whatever is asked", () => {
    holds(
      property(wishes, ({ request, network }) => {
        const made = plan(request, network);
        const granted = authorizations(made).filter(({ direction }) => direction === "egress");
        const wanted = SIDES.flatMap((side) => {
          const closed = network[side].securityGroups.filter(
            ({ id, type }) => type === "enterprise" && request[side].securityGroupIds.includes(id),
          );
          const opened = made.opens.filter((opening) => opening.side === opposite(side));
          return closed.flatMap(({ id }) =>
            opened.flatMap(({ protocol, portRange }) =>
              blocksOf(request, network, opposite(side)).map(
                (peerCidr) => `${id} ${ruleText({ protocol, portRange, peerCidr })}`,
              ),
            ),
          );
        });

        expect(
          granted
            .flatMap(({ securityGroupId, rules }) => rules.map((rule) => `${securityGroupId} ${ruleText(rule)}`))
            .toSorted(),
        ).toEqual(wanted.toSorted());
      }),
    );
  });
});

describe("tests", () => {
  test.each(SIDES)("are none when the %s side has no instance for them: a ping needs two ends", (side) => {
    expect(idsOf(plan(asking(side, { testInstanceId: null })), "verify")).toEqual([]);
  });
});

describe("whatever is asked of whatever network", () => {
  test("ids are unique, needs are earlier steps of the same stage, and stages come in the order of the lifecycle", () => {
    holds(
      property(wishes, ({ request, network }) => {
        const { steps } = plan(request, network);
        const ids = steps.map(({ id }) => id);
        const stages = ["check", "create", "route", "secure", "verify"];
        const misplaced = steps.filter(({ stage, needs }, index) =>
          needs.some((needed) => {
            const before = steps.slice(0, index).find(({ id }) => id === needed);
            return before?.stage !== stage;
          }),
        );

        expect(new Set(ids).size).toBe(ids.length);
        expect(misplaced).toEqual([]);
        expect(steps.map(({ stage }) => stages.indexOf(stage))).toEqual(
          steps.map(({ stage }) => stages.indexOf(stage)).toSorted((a, b) => a - b),
        );
      }),
    );
  });

  test("no call is empty, and none holds more rules than it may", () => {
    holds(
      property(wishes, ({ request, network }) => {
        const sizes = authorizations(plan(request, network)).map(({ rules }) => rules.length);

        expect(sizes.filter((size) => size < 1 || size > PERMISSIONS_PER_CALL_MAX)).toEqual([]);
      }),
    );
  });

  test("a step's id and lane name what its effect touches", () => {
    holds(
      property(wishes, ({ request, network }) => {
        const strays = plan(request, network).steps.filter(
          ({ id, lanes, effect }) => !id.startsWith(effect.type) || lanes.join(" ") !== lanesFor(effect).join(" "),
        );

        expect(strays).toEqual([]);
      }),
    );
  });

  test("the same plan comes out however often it is made", () => {
    holds(
      property(wishes, ({ request, network }) => {
        expect(plan(request, network)).toEqual(plan(request, network));
      }),
      50,
    );
  });

  test("nothing is routed to a block that overlaps one of its own side", () => {
    holds(
      property(wishes, ({ request, network }) => {
        const own = (side: Side) => blocksOf(request, network, side);
        const strays = effects(plan(request, network), "createRouteEntry").filter(({ side, destination }) =>
          own(side).some((block) => overlaps(block, destination)),
        );

        expect(strays).toEqual([]);
      }),
    );
  });
});

function effects<T extends StepEffectType>({ steps }: Plan, type: T): ReadonlyArray<Extract<StepEffect, { type: T }>> {
  return steps
    .map(({ effect }) => effect)
    .filter((effect): effect is Extract<StepEffect, { type: T }> => effect.type === type);
}

function authorizations(made: Plan): readonly AuthorizeSecurityGroup[] {
  return effects(made, "authorizeSecurityGroup");
}

function rulesOf(made: Plan, id: string, way: "ingress" | "egress" = "ingress"): readonly PlannedRule[] {
  return authorizations(made)
    .filter(({ securityGroupId, direction }) => securityGroupId === id && direction === way)
    .flatMap(({ rules }) => rules);
}

function ruleText({ protocol, portRange, peerCidr }: PlannedRule): string {
  return `${protocol} ${portRange} ${peerCidr}`;
}

/** What the other side routes to `side`: its chosen vSwitches' blocks, or all of the VPC's. */
function blocksOf(request: RequestRevision, network: NetworkFacts, side: Side): readonly string[] {
  const chosen = network[side].vSwitches.filter(({ id }) => request[side].vSwitchIds.includes(id));
  const { vpc } = network[side];
  return chosen.length > 0 ? chosen.map(({ cidr }) => cidr) : [vpc?.cidr ?? "", ...(vpc?.secondaryCidrs ?? [])];
}

function laneOf({ steps }: Plan, effect: StepEffect): string | undefined {
  return steps.find((step) => step.effect === effect)?.lanes.join(" ");
}

function lanesFor(effect: StepEffect): readonly string[] {
  if (effect.type === "createRouteEntry") return [`routes:${effect.vpcId}`];
  if (effect.type === "authorizeSecurityGroup") return [`security-group:${effect.securityGroupId}`];
  if (effect.type !== "createVpcPeerConnection") return [];
  return [effect.vpcId, effect.acceptingVpcId].toSorted().map((vpcId) => `create:${vpcId}`);
}
