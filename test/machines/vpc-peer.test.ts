/**
 * The connection type VPC peering connection: what is particular to it, and that the rest is as for the other type.
 */
import { describe, expect, test } from "vitest";
import { planRequest, planRollback } from "../../machines/connections/plan-request.ts";
import { sizeFor } from "../../machines/connections/sizes.ts";
import { CONNECTION_IDS, CONNECTION_TYPES } from "../../machines/connections/types.ts";
import { linkOf } from "../../machines/connections/vpc-peer.ts";
import type { NetworkFacts, VpcPeerConnection } from "../../machines/network/facts.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import { SIDES } from "../../machines/network/side.ts";
import { isConnected, madeByUs, type Resource } from "../../machines/peering/record.ts";
import { checksNamed, checksOf, withSide, withVpc } from "./networks.ts";
import { approved, requested } from "./peering-in.ts";
import { facts, plan, requestRevision, RULES } from "./tutorial.ts";

const request = requestRevision({ connection: "vpc-peer", size: "Gold.100" });

/** Both VPCs of the tutorial in one region. */
function oneRegion(): { readonly request: RequestRevision; readonly network: NetworkFacts } {
  const network = facts();
  const { regionId } = network.initiator;
  return {
    request: { ...request, size: "", acceptor: { ...request.acceptor, regionId } },
    network: { ...network, acceptor: { ...network.acceptor, regionId } },
  };
}

describe("the plan", () => {
  test("makes one connection for both sides, then what every type makes", () => {
    expect(plan(request).steps.map(({ id, stage, needs }) => [id, stage, needs])).toEqual([
      ["checkPlan", "check", []],
      ["createVpcPeerConnection", "create", []],
      ...plan()
        .steps.filter(({ stage }) => !["check", "create"].includes(stage))
        .map(({ id, stage, needs }) => [id, stage, needs]),
    ]);
  });

  test("takes a lane for creating on both VPCs, in the order of their ids, whoever asks", () => {
    const { initiator, acceptor } = facts();
    const turned = { ...facts(), initiator: acceptor, acceptor: initiator };
    const asked = { ...request, initiator: request.acceptor, acceptor: request.initiator };

    for (const made of [plan(request), plan(asked, turned)]) {
      expect(made.steps.find(({ id }) => id === "createVpcPeerConnection")?.lanes).toEqual([
        "create:vpc-2ze1",
        "create:vpc-m5e1",
      ]);
    }
  });

  test("asks for bandwidth and link between regions and for neither within one", () => {
    const { request: near, network } = oneRegion();
    const effects = [plan(request), plan(near, network)].map(({ steps }) => steps[1]?.effect);

    expect(effects).toMatchObject([{ link: { type: "Gold", bandwidthMbps: 100 } }, { link: null }]);
  });

  test("another bandwidth is another plan, and so is another type", () => {
    const hashes = [plan(request), plan({ ...request, size: "Platinum.100" }), plan()].map(({ hash }) => hash);

    expect(new Set(hashes).size).toBe(3);
  });
});

describe("sizes", () => {
  test("each type offers what there is to choose, and proposes the smallest", () => {
    const offered = CONNECTION_IDS.map((id) => [id, sizeFor(id, false), sizeFor(id, true)]);

    expect(offered).toEqual([
      ["router-interfaces", "Mini.2", "Mini.2"],
      ["vpc-peer", "Gold.10", ""],
    ]);
  });

  test("a size that was chosen stays where it is offered and goes where it is not", () => {
    expect(sizeFor("vpc-peer", false, "Platinum.500")).toBe("Platinum.500");
    expect(sizeFor("vpc-peer", true, "Platinum.500")).toBe("");
    expect(sizeFor("vpc-peer", false, "Large.1")).toBe("Gold.10");
    expect(sizeFor("router-interfaces", false, "Platinum.500")).toBe("Mini.2");
  });

  test.each(CONNECTION_TYPES["vpc-peer"].sizes(false))("%s names a link of at most 1,024 Mbit/s", (size) => {
    const link = linkOf(size);

    expect(`${link?.type}.${link?.bandwidthMbps}`).toBe(size);
    expect(link?.bandwidthMbps).toBeLessThanOrEqual(1_024);
  });

  test.each(["", "Gold", "Gold.", "Gold.11", "Gold.1e2", "Silver.10", "Mini.2", "Gold.10.10"])("%j is none", (size) => {
    expect(linkOf(size)).toBeNull();
  });

  test("one that is not offered between these regions stops the plan", () => {
    expect(checksNamed("sizeOffered", checksOf({ ...request, size: "Mini.2" }, facts()))).toMatchObject([
      { level: "stop", size: "Mini.2" },
    ]);
    expect(checksNamed("sizeOffered", checksOf(request, facts()))).toEqual([]);
  });
});

describe("the service that bills traffic between regions", () => {
  test("may be opened only where the operator allows it, and then the plan says so", () => {
    expect(cdtChecks({ mayOpenCdt: false })).toMatchObject([{ level: "stop" }]);
    expect(cdtChecks({ mayOpenCdt: true })).toMatchObject([{ level: "warn" }]);
  });

  test("has no part in a connection within one region", () => {
    const { request: near, network } = oneRegion();

    expect(cdtChecks({ mayOpenCdt: false }, near, network)).toEqual([]);
  });

  test("has no part in router interfaces", () => {
    expect(cdtChecks({ mayOpenCdt: false }, requestRevision())).toEqual([]);
  });
});

function cdtChecks(
  rules: Partial<typeof RULES>,
  asked: RequestRevision = request,
  network: NetworkFacts = facts(),
): ReturnType<typeof checksNamed<"cdtMayOpen">> {
  const planned = planRequest(asked, network, { ...RULES, ...rules });
  return checksNamed("cdtMayOpen", "plan" in planned ? planned.plan.checks : planned.stopped);
}

test("a type that is switched off stops the plan", () => {
  const planned = planRequest(request, facts(), { ...RULES, connections: ["router-interfaces"] });

  expect(checksNamed("connectionOffered", "stopped" in planned ? planned.stopped : [])).toMatchObject([
    { level: "stop", connection: "vpc-peer" },
  ]);
});

describe("what joins the two VPCs already", () => {
  const { initiator, acceptor } = facts();
  const connection = (change: Partial<VpcPeerConnection> = {}): VpcPeerConnection => ({
    id: "pcc-old",
    name: "by hand",
    status: "Activated",
    businessStatus: "Normal",
    regionId: initiator.regionId,
    vpcId: initiator.vpcId,
    acceptingRegionId: acceptor.regionId,
    acceptingVpcId: acceptor.vpcId,
    ...change,
  });
  const turned = { vpcId: acceptor.vpcId, acceptingVpcId: initiator.vpcId };

  test.each(CONNECTION_IDS)("stops %s, whoever asked for it and whichever side shows it", (id) => {
    const asked = requestRevision({ connection: id, size: sizeFor(id, false) });
    for (const side of SIDES) {
      for (const change of [{}, turned, { status: "Deleting" }]) {
        const network = withSide(side, { vpcPeerConnections: [connection(change)] });
        expect(checksNamed("noExistingPair", checksOf(asked, network))).toMatchObject([
          { level: "stop", existing: { side, id: "pcc-old" } },
        ]);
      }
    }
  });

  test("a connection to a third VPC is not in the way", () => {
    const network = withSide("initiator", { vpcPeerConnections: [connection({ acceptingVpcId: "vpc-third" })] });

    expect(checksNamed("noExistingPair", checksOf(request, network))).toMatchObject([{ level: "ok" }]);
  });

  test("its own route entries are not called in the way: nobody is told to remove what works", () => {
    const entry = { id: "rte-1", destination: "172.16.0.0/16", status: "Available", type: "Custom" };
    const [table] = initiator.routeTables;
    if (!table) throw new Error("the tutorial has a route table");
    const routed = (nextHopId: string) =>
      withSide("initiator", {
        vpcPeerConnections: [connection()],
        routeTables: [{ ...table, entries: [{ ...entry, nextHopType: "VpcPeer", nextHopId }] }],
      });

    const levels = ["pcc-old", "pcc-other"].map(
      (id) => checksNamed("destinationFree", checksOf(request, routed(id)), "initiator")[0]?.level,
    );
    expect(levels).toEqual(["ok", "stop"]);
  });
});

test("a VPC with an IPv6 block is peered, and the card has to say that IPv6 is not", () => {
  const network = withVpc("acceptor", { ipv6Cidr: "2408:4004:cc::/56" });

  expect(checksNamed("ipv4Only", checksOf(request, network))).toEqual([
    { level: "warn", check: "ipv4Only", ipv6Cidrs: ["2408:4004:cc::/56"] },
  ]);
  expect(checksNamed("ipv4Only", checksOf(request, facts()))).toEqual([]);
});

describe("undone", () => {
  test("the connection goes after the route entries on both sides, and only what was begun is undone", () => {
    const made = plan(request);
    const undo = planRollback(made, made.steps);
    const routes = undo.steps.filter(({ effect }) => effect.type === "deleteRouteEntry").map(({ id }) => id);

    expect(undo.connection).toBe("vpc-peer");
    expect(routes).toHaveLength(2);
    expect(undo.steps.filter(({ effect }) => effect.type === "deleteVpcPeerConnection")).toMatchObject([
      { needs: routes, lanes: [], effect: { vpcId: "vpc-m5e1", acceptingVpcId: "vpc-2ze1" } },
    ]);
    expect(planRollback(made, made.steps.slice(0, 1)).steps).toEqual([]);
  });

  test("what stands is told until it is gone", () => {
    const own: Resource = {
      kind: "vpcPeerConnection",
      side: "initiator",
      regionId: "cn-qingdao",
      id: "pcc-1",
      madeBy: "peering",
    };
    const failure = { kind: "refused", api: "CreateRouteEntry", code: "X", requestId: "", message: "" } as const;
    const created = approved(requested(request))
      .until("creating")
      .answer({ type: "stepDone", step: "createVpcPeerConnection", calls: [], resources: [own] });
    const failed = ["createRouteEntry:vtb-m5e1:172.16.0.0/16", "createRouteEntry:vtb-2ze1:192.168.0.0/16"].reduce(
      (now, step) => now.answer({ type: "stepFailed", step, failure, attempt: 0 }),
      created,
    );
    const rollingBack = failed.ask({ type: "rollBack" });

    const all = [created, failed, rollingBack, rollingBack.until("rolledBack")].map(({ next: { peering } }) => ({
      connections: madeByUs(peering).connections,
      connected: isConnected(peering),
    }));
    expect(all).toEqual([
      { connections: 1, connected: true },
      { connections: 1, connected: true },
      { connections: 1, connected: true },
      { connections: 0, connected: false },
    ]);
  });
});
