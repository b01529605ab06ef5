/** The calls of VpcPeer 2022-01-01 on the wire, parameter by parameter and place by place, and what is made of answers. */
import { afterEach, describe, expect, it } from "vitest";
import { hashOf } from "../../machines/network/plan.ts";
import type { CreateVpcPeerConnection } from "../../machines/peering/effects.ts";
import type { CloudOptions } from "../../src/cloud/cloud.ts";
import type { Answered, VpcPeerConnectionOrder } from "../../src/ports.ts";
import { answering, startCannedCloud, type CannedCloud } from "./canned-cloud.ts";
import { failureOf, fastClock, grantFor, MARK } from "./sandboxed-cloud.ts";

type Approved = Omit<CreateVpcPeerConnection, "type" | "side">;

const ACROSS: Approved = {
  regionId: "cn-qingdao",
  vpcId: "vpc-1",
  acceptingRegionId: "cn-beijing",
  acceptingVpcId: "vpc-2",
  link: { bandwidthMbps: 100, type: "Platinum" },
};
const WITHIN: Approved = { ...ACROSS, acceptingRegionId: "cn-qingdao", link: null };
const ACCOUNT_ID = "1234567890123456";
const DELETION = {
  type: "deleteVpcPeerConnection",
  side: "initiator",
  regionId: "cn-qingdao",
  vpcId: "vpc-1",
  acceptingVpcId: "vpc-2",
} as const;
const TARGET = { regionId: "cn-qingdao", vpcPeerConnectionId: "pcc-1" } as const;

/** As the service shows one, with what we do not look at. */
const SHOWN = {
  InstanceId: "pcc-1",
  Name: MARK,
  Description: "orders reads the ledger",
  Status: "Activated",
  BizStatus: "Normal",
  RegionId: "cn-qingdao",
  Vpc: { VpcId: "vpc-1", Ipv4Cidrs: ["192.168.0.0/16"], Ipv6Cidrs: [] },
  OwnerId: 1_234_567_890_123_456,
  AcceptingRegionId: "cn-beijing",
  AcceptingVpc: { VpcId: "vpc-2", Ipv4Cidrs: ["172.16.0.0/16"], Ipv6Cidrs: [] },
  AcceptingOwnerUid: 1_234_567_890_123_456,
  Bandwidth: 100,
  LinkType: "Platinum",
  GmtExpired: null,
  Tags: [],
};
const READ = {
  id: "pcc-1",
  name: MARK,
  status: "Activated",
  businessStatus: "Normal",
  regionId: "cn-qingdao",
  vpcId: "vpc-1",
  acceptingRegionId: "cn-beijing",
  acceptingVpcId: "vpc-2",
};

let canned: CannedCloud;
afterEach(() => canned.close());

async function start(
  answer: Parameters<typeof startCannedCloud>[0],
  options: Partial<CloudOptions> = {},
): Promise<CannedCloud> {
  canned = await startCannedCloud(answer, options);
  return canned;
}

function create(
  approved: Approved = ACROSS,
  change: Partial<VpcPeerConnectionOrder> & Readonly<Record<string, unknown>> = {},
): Promise<Answered & { readonly vpcPeerConnectionId: string }> {
  const effect = { type: "createVpcPeerConnection", side: "initiator", ...approved } as const;
  const order = { ...approved, acceptingAccountId: ACCOUNT_ID, name: MARK, description: "orders reads the ledger" };
  return canned.writer(grantFor(effect, "token-1")).createVpcPeerConnection({ ...order, ...change });
}

function list(vpcId: `vpc-${string}` = "vpc-1", regionId = "cn-qingdao"): ReturnType<typeof readPeers> {
  return readPeers(regionId, { vpcId });
}

function readPeers(...asked: Parameters<CannedCloud["reader"]["vpcPeerConnections"]>) {
  return canned.reader.vpcPeerConnections(...asked);
}

describe("CreateVpcPeerConnection", () => {
  const made = answering({ CreateVpcPeerConnection: { InstanceId: "pcc-1" } });

  it("between two regions: everything in the form, the link's type in the query", async () => {
    await start(made);
    expect(await create()).toEqual({ requestId: "R-1", vpcPeerConnectionId: "pcc-1" });
    expect(canned.calls).toEqual([
      {
        action: "CreateVpcPeerConnection",
        version: "2022-01-01",
        query: { LinkType: "Platinum" },
        form: {
          RegionId: "cn-qingdao",
          VpcId: "vpc-1",
          AcceptingAliUid: ACCOUNT_ID,
          AcceptingRegionId: "cn-beijing",
          AcceptingVpcId: "vpc-2",
          Bandwidth: "100",
          Name: MARK,
          Description: "orders reads the ledger",
          ClientToken: "token-1",
        },
      },
    ]);
  });

  it("within a region: neither bandwidth nor link type", async () => {
    await start(made);
    await create(WITHIN);
    const [call] = canned.calls;
    expect(call?.query).toEqual({});
    expect(Object.keys(call?.form ?? {}).toSorted()).toEqual(
      [
        "AcceptingAliUid",
        "AcceptingRegionId",
        "AcceptingVpcId",
        "ClientToken",
        "Description",
        "Name",
        "RegionId",
        "VpcId",
      ].toSorted(),
    );
  });

  it("leaves behind what an order holds besides its own fields", async () => {
    await start(made);
    await create(ACROSS, { dryRun: true, DryRun: true, resourceGroupId: "rg-1", Tag: [{ Key: "a", Value: "b" }] });
    const sent = { ...canned.calls[0]?.query, ...canned.calls[0]?.form };
    expect(Object.keys(sent)).toHaveLength(10);
  });

  it.each(["1234567890123456", "9999999999999999", "18446744073709551615", "0123456789012345"])(
    "names account %s digit by digit",
    async (acceptingAccountId) => {
      await start(made);
      await create(ACROSS, { acceptingAccountId });
      expect(canned.calls[0]?.form["AcceptingAliUid"]).toBe(acceptingAccountId);
    },
  );

  it("sends letters of any alphabet as they are", async () => {
    await start(made);
    const description = "Zürich → 北京: a&b=c+d 100%";
    await create(ACROSS, { description });
    expect(canned.calls[0]?.form["Description"]).toBe(description);
  });

  it.each([
    { what: "without an id", body: { RequestId: "R-1" } },
    { what: "with an id of something else", body: { RequestId: "R-1", InstanceId: "ri-1" } },
    { what: "without a request id", body: { InstanceId: "pcc-1" } },
    { what: "of words", body: "done" },
    { what: "that is empty", body: "" },
  ])("answered $what may have been carried out", async ({ body }) => {
    await start(() => ({ body }));
    expect(await failureOf(create())).toMatchObject({ kind: "unknownResult", api: "CreateVpcPeerConnection" });
  });

  it("that is not answered goes out once, and again with the same token and parameters", async () => {
    await start((_action, _request, { form }) => ({ body: "{", isUnfinished: form["ClientToken"] === "token-1" }), {
      timeoutMs: 100,
    });
    for (const attempt of [1, 2]) {
      expect(await failureOf(create())).toMatchObject({ kind: "unknownResult", code: "", requestId: "" });
      expect(canned.calls).toHaveLength(attempt);
    }
    expect(canned.calls[1]).toEqual(canned.calls[0]);
  });

  it("is not sent by a bot that is installed read-only, nor is the deletion", async () => {
    await start(made, { mode: "read-only" });
    expect(await failureOf(create())).toMatchObject({ kind: "readOnly", api: "CreateVpcPeerConnection" });
    const deletion = canned.writer(grantFor(DELETION)).deleteVpcPeerConnection(TARGET);
    expect(await failureOf(deletion)).toMatchObject({ kind: "readOnly", api: "DeleteVpcPeerConnection" });
    expect(canned.calls).toEqual([]);
  });
});

describe("DeleteVpcPeerConnection", () => {
  it("names the connection and the token, and never forces", async () => {
    await start(answering({ DeleteVpcPeerConnection: {} }));
    const order = { ...TARGET, force: true, Force: true };
    const granted = canned.writer(grantFor(DELETION, "token-2"));
    expect(await granted.deleteVpcPeerConnection(order)).toEqual({ requestId: "R-1" });
    expect(canned.calls).toEqual([
      {
        action: "DeleteVpcPeerConnection",
        version: "2022-01-01",
        query: {},
        form: { InstanceId: "pcc-1", ClientToken: hashOf({ clientToken: "token-2", vpcPeerConnectionId: "pcc-1" }) },
      },
    ]);
  });
});

describe("a route entry to a peering connection", () => {
  const place = { regionId: "cn-beijing", routeTableId: "vtb-1", destination: "192.168.0.0/16" } as const;
  const order = { ...place, nextHop: { type: "VpcPeer", id: "pcc-1" }, name: MARK } as const;

  it("is made with its type and its id, and deleted by its id", async () => {
    await start(answering({ CreateRouteEntry: { RouteEntryId: "rte-1" }, DeleteRouteEntry: {} }));
    const effect = { side: "acceptor", vpcId: "vpc-2", ...place } as const;
    await canned.writer(grantFor({ type: "createRouteEntry", ...effect }, "token-3")).createRouteEntry(order);
    await canned.writer(grantFor({ type: "deleteRouteEntry", ...effect })).deleteRouteEntry(order);
    const common = { RegionId: "cn-beijing", RouteTableId: "vtb-1", DestinationCidrBlock: "192.168.0.0/16" };
    expect(canned.calls.map(({ query }) => query)).toEqual([
      { ...common, NextHopType: "VpcPeer", NextHopId: "pcc-1", RouteEntryName: MARK, ClientToken: "token-3" },
      { ...common, NextHopId: "pcc-1" },
    ]);
  });
});

describe("peering connections of a VPC", () => {
  const PAGES: Readonly<Record<string, { readonly ids: readonly string[]; readonly next: string | null }>> = {
    "": { ids: ["pcc-1", "pcc-2"], next: "page-2" },
    "page-2": { ids: ["pcc-3"], next: "page-3" },
    "page-3": { ids: ["pcc-4"], next: null },
  };

  it("are listed page by page in the region that is asked for", async () => {
    await start((_action, _request, { form }) => {
      const page = PAGES[form["NextToken"] ?? ""];
      const shown = page?.ids.map((id) => ({ ...SHOWN, InstanceId: id }));
      return { body: { RequestId: "R-1", TotalCount: 4, NextToken: page?.next, VpcPeerConnects: shown } };
    });
    const connections = await list("vpc-2", "cn-beijing");
    expect(connections.map(({ id }) => id)).toEqual(["pcc-1", "pcc-2", "pcc-3", "pcc-4"]);
    const asked = { RegionId: "cn-beijing", VpcId: '["vpc-2"]', MaxResults: "100" };
    expect(canned.calls.map(({ form }) => form)).toEqual([
      asked,
      { ...asked, NextToken: "page-2" },
      { ...asked, NextToken: "page-3" },
    ]);
    expect(canned.calls[0]).toMatchObject({ action: "ListVpcPeerConnections", version: "2022-01-01", query: {} });
  });

  it("show all that adopting one needs: our mark, the ends, the statuses", async () => {
    await start(answering({ ListVpcPeerConnections: { VpcPeerConnects: [SHOWN] } }));
    expect(await list()).toEqual([READ]);
  });

  it("may have no name", async () => {
    // JSON has no undefined.
    const connections = [
      { ...SHOWN, Name: null },
      { ...SHOWN, Name: undefined, BizStatus: undefined },
    ];
    await start(answering({ ListVpcPeerConnections: { VpcPeerConnects: connections, NextToken: "" } }));
    expect(await list()).toMatchObject([{ name: "" }, { name: "", businessStatus: "" }]);
  });

  it("are those with an end there, whatever the service made of the question", async () => {
    const others = { ...SHOWN, InstanceId: "pcc-9", Vpc: { VpcId: "vpc-8" }, AcceptingVpc: { VpcId: "vpc-9" } };
    await start(answering({ ListVpcPeerConnections: { VpcPeerConnects: [others, SHOWN] } }));
    expect(await list("vpc-1")).toMatchObject([{ id: "pcc-1" }]);
    expect(await list("vpc-2", "cn-beijing")).toMatchObject([{ id: "pcc-1" }]);
  });

  it.each([
    { what: "without the list", body: { RequestId: "R-1", TotalCount: 0 }, path: "VpcPeerConnects" },
    {
      what: "with half a connection",
      body: { RequestId: "R-1", VpcPeerConnects: [{ ...SHOWN, AcceptingVpc: {} }] },
      path: "VpcPeerConnects.0.AcceptingVpc.VpcId",
    },
  ])("answered $what are no empty list", async ({ body, path }) => {
    await start(() => ({ body }));
    expect(await failureOf(list())).toMatchObject({
      kind: "unknownResult",
      api: "ListVpcPeerConnections",
      requestId: "R-1",
      message: `an answer without a proper ${path}`,
    });
  });
});

describe("peering connections by id", () => {
  const gone = { status: 400, body: { RequestId: "R-1", Code: "ResourceNotFound.InstanceId", Message: "Not found." } };

  it("are asked for one by one, and those that are unknown are left out", async () => {
    await start((_action, _request, { form }) =>
      form["InstanceId"] === "pcc-none" ? gone : { body: { RequestId: "R-1", ...SHOWN, ...form } },
    );
    const ids = ["pcc-1", "pcc-none", "pcc-2"];
    expect(await readPeers("cn-beijing", { ids })).toEqual([READ, { ...READ, id: "pcc-2" }]);
    const calls = canned.calls.toSorted((a, b) => ids.indexOf(formId(a)) - ids.indexOf(formId(b)));
    expect(calls).toEqual(
      ids.map((id) => ({
        action: "GetVpcPeerConnectionAttribute",
        version: "2022-01-01",
        query: {},
        form: { InstanceId: id },
      })),
    );
  });

  it("of none are none, and nobody is asked", async () => {
    await start(answering({}));
    expect(await readPeers("cn-qingdao", { ids: [] })).toEqual([]);
    expect(canned.calls).toEqual([]);
  });

  it("that are still shown as deleted are gone, in a list too", async () => {
    const deleted = { ...SHOWN, Status: "Deleted" };
    const answers = {
      GetVpcPeerConnectionAttribute: deleted,
      ListVpcPeerConnections: { VpcPeerConnects: [deleted, { ...SHOWN, InstanceId: "pcc-2", Status: "Deleting" }] },
    };
    await start(answering(answers));
    expect(await readPeers("cn-qingdao", { ids: ["pcc-1"] })).toEqual([]);
    expect(await list()).toMatchObject([{ id: "pcc-2", status: "Deleting" }]);
  });

  it.each(["Forbidden.RAM", "InvalidAccessKeyId.NotFound", "InvalidAction.NotFound", "Throttling.User"])(
    "fail with %s rather than seem gone",
    async (Code) => {
      await start(() => ({ status: 404, body: { RequestId: "R-1", Code, Message: "" } }));
      expect(await failureOf(readPeers("cn-qingdao", { ids: ["pcc-1"] }))).toMatchObject({ code: Code });
    },
  );
});

describe("the pace", () => {
  it("is one for all regions, which share an endpoint", async () => {
    const startedAt = Date.UTC(2026, 10, 25);
    const clock = fastClock(startedAt);
    await start(answering({ ListVpcPeerConnections: { VpcPeerConnects: [] } }), { clock });
    for (let call = 0; call < 54; call += 1) await list("vpc-1", call % 2 === 0 ? "cn-qingdao" : "cn-beijing");
    expect(clock.now() - startedAt).toBe(1_000);
  });
});

function formId({ form }: CannedCloud["calls"][number]): string {
  return form["InstanceId"] ?? "";
}
