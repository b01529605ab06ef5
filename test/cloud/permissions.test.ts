/** What dry runs tell of the credentials, how many reads that is, and that nothing is written by them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import { createCloud, type CloudOptions } from "../../src/cloud/cloud.ts";
import type { FactsAsked } from "../../src/ports.ts";
import { answering, startCannedCloud, type CannedAnswer } from "./canned-cloud.ts";
import {
  fastClock,
  HOME_REGION,
  placeOf,
  recordingLog,
  startSandboxedCloud,
  TEST_TAG,
  type LogLine,
  type SandboxedCloud,
} from "./sandboxed-cloud.ts";

let cloud: SandboxedCloud;
beforeAll(async () => {
  cloud = await startSandboxedCloud();
});
afterAll(() => cloud.close());
afterEach(() => cloud.control("DELETE", "dials"));

const ALL = { connections: ["router-interfaces", "vpc-peer"], mayOpenCdt: true } as const;

async function factsOf(
  permissionsFor: FactsAsked["permissionsFor"] = ALL,
  { reader, acceptor = "shared-data" }: { readonly reader?: SandboxedCloud["reader"]; readonly acceptor?: string } = {},
): Promise<NetworkFacts> {
  const pair = {
    initiator: await placeOf(cloud, "cn-qingdao", "orders-prod"),
    acceptor: await placeOf(cloud, acceptor === "other-account" ? "cn-hangzhou" : "cn-beijing", acceptor),
  };
  return (reader ?? cloud.reader).networkFacts(pair, permissionsFor ? { permissionsFor } : {});
}

/** Each as `api side state`. */
function said({ permissions }: NetworkFacts): readonly string[] {
  return permissions.map(({ api, side, state }) => `${api} ${side} ${state}`).toSorted();
}

const forbid = (action: string, when: Readonly<Record<string, string>> = {}): Promise<unknown> =>
  cloud.control("POST", "dials", {
    action,
    when: { DryRun: "true", ...when },
    fault: { code: "Forbidden.RAM", status: 403, message: "User not authorized to operate on the specified resource." },
    times: 9,
  });

describe("dry runs", () => {
  it("are all that is sent beside reads: three for both kinds of connection, and they leave the cloud as it is", async () => {
    const before = await cloud.control("GET", "state");
    await cloud.arrived();
    const facts = await factsOf();
    const arrived = await cloud.arrived();

    const dry = arrived.filter(({ action }) => !/^(Describe|List|Get)/.test(action));
    expect(dry.map(({ action, regionId }) => `${action} ${regionId}`).toSorted()).toEqual([
      "CreateRouteEntry cn-beijing",
      "CreateRouteEntry cn-qingdao",
      "CreateVpcPeerConnection cn-qingdao",
    ]);
    expect(dry.every(({ kind, params }) => kind === "read" && params["DryRun"] === "true")).toBe(true);
    expect(said(facts)).toEqual([
      "CreateRouteEntry acceptor allowed",
      "CreateRouteEntry initiator allowed",
      "CreateVpcPeerConnection initiator allowed",
    ]);
    expect(await cloud.control("GET", "state")).toEqual(before);
  });

  it("make 25 reads of a pair with two groups and one table a side, the account being known since the start", async () => {
    const { vpcId } = await placeOf(cloud, "cn-qingdao", "orders-prod");
    await cloud.control("POST", "edit", {
      regionId: "cn-qingdao",
      kind: "securityGroup",
      add: { vpcId, securityGroupName: "orders-prod-second" },
    });
    await cloud.reader.accountId();
    await cloud.arrived();
    const facts = await factsOf();

    expect([facts.initiator, facts.acceptor].map(({ securityGroups }) => securityGroups.length)).toEqual([2, 2]);
    expect([facts.initiator, facts.acceptor].map(({ routeTables }) => routeTables.length)).toEqual([1, 1]);
    expect(await cloud.arrived()).toHaveLength(25);
  });

  it("ask the tables that serve a vSwitch to route to an interface that does not exist", async () => {
    const { initiator, acceptor } = await factsOf();
    await cloud.arrived();
    await factsOf();
    const entries = (await cloud.arrived()).filter(({ action }) => action === "CreateRouteEntry");

    expect(entries.map(({ params }) => params)).toEqual(
      [
        { side: initiator, destination: "172.16.0.0/16" },
        { side: acceptor, destination: "192.168.0.0/16" },
      ].map(({ side, destination }) => ({
        RegionId: side.regionId,
        RouteTableId: side.vSwitches[0]?.routeTableId,
        DestinationCidrBlock: destination,
        NextHopType: "RouterInterface",
        NextHopId: "ri-000000000000000000000",
        DryRun: "true",
      })),
    );
  });

  it("are of the kinds of connection that a plan may have, and none opens a paid service that no plan may open", async () => {
    const routes = ["CreateRouteEntry acceptor allowed", "CreateRouteEntry initiator allowed"];
    expect(said(await factsOf({ ...ALL, connections: ["router-interfaces"] }))).toEqual(routes);
    expect(said(await factsOf({ ...ALL, mayOpenCdt: false }))).toEqual(routes);
  });

  it("are not made by who does not ask for them, by a bot that writes nothing, nor in a VPC of others", async () => {
    const readOnly = await readerWith({ mode: "read-only" });
    await cloud.arrived();
    const pair = {
      initiator: await placeOf(cloud, "cn-qingdao", "orders-prod"),
      acceptor: await placeOf(cloud, "cn-beijing", "shared-data"),
    };
    const all = [
      await cloud.reader.networkFacts(pair),
      await factsOf(ALL, { reader: readOnly }),
      await factsOf(ALL, { acceptor: "other-account" }),
    ];

    expect(all.map(({ permissions }) => permissions)).toEqual([[], [], []]);
    expect((await cloud.arrived()).filter(({ action }) => action.startsWith("Create"))).toEqual([]);
  });
});

describe("a dry run that goes wrong", () => {
  it.each(["throttle", "unavailable", "slow", "resetBefore", "resetAfter", "notJson", "notJsonAfter"])(
    "by %s fails no reading, leaves the permission untested and the cloud as it is",
    async (fault) => {
      const lines: LogLine[] = [];
      const reader = await readerWith({ timeoutMs: 300, log: recordingLog(lines) });
      const before = await cloud.control("GET", "state");
      const dial = { when: { DryRun: "true" }, fault, ms: 2_000, times: 9 };
      await cloud.control("POST", "dials", { action: "CreateRouteEntry", ...dial });
      await cloud.control("POST", "dials", { action: "CreateVpcPeerConnection", ...dial });

      const facts = await factsOf(ALL, { reader });

      expect(facts.permissions.map(({ state }) => state)).toEqual(["untested", "untested", "untested"]);
      expect([facts.initiator.vpc?.name, facts.acceptor.vpc?.name]).toEqual(["orders-prod", "shared-data"]);
      expect(await cloud.control("GET", "state")).toEqual(before);
      expect(lines.filter(({ level }) => level !== "debug")).toEqual([]);
    },
  );
});

describe("the log", () => {
  it("has a dry run among the reads, and names what is forbidden once", async () => {
    const lines: LogLine[] = [];
    const reader = await readerWith({ log: recordingLog(lines) });
    await forbid("CreateRouteEntry", { RegionId: "cn-beijing" });
    await factsOf(ALL, { reader });

    const dry = lines.filter(({ fields }) => fields["dryRun"] === true);
    expect(dry.map(({ level, fields }) => `${level} ${String(fields["api"])}`).toSorted()).toEqual([
      "debug CreateRouteEntry",
      "debug CreateRouteEntry",
      "debug CreateVpcPeerConnection",
    ]);
    expect(lines.filter(({ level }) => level !== "debug")).toEqual([
      {
        level: "warn",
        message: "the bot may not write what plans need",
        fields: { api: "CreateRouteEntry", side: "acceptor", code: "Forbidden.RAM", requestId: expect.any(String) },
      },
    ]);
  });
});

describe("a refusal", () => {
  it("for want of permission is forbidden, on the side where it is", async () => {
    await forbid("CreateRouteEntry", { RegionId: "cn-beijing" });
    await forbid("CreateVpcPeerConnection");
    expect(said(await factsOf())).toEqual([
      "CreateRouteEntry acceptor forbidden",
      "CreateRouteEntry initiator allowed",
      "CreateVpcPeerConnection initiator forbidden",
    ]);
  });

  it.each([
    { code: "DryRunOperation", state: "allowed" },
    { code: "InvalidNextHop.NotFound", state: "allowed" },
    { code: "InvalidCIDRBlock.Duplicate", state: "allowed" },
    { code: "RouterEntryConflict.Duplicated", state: "allowed" },
    { code: "RouteConflict.AlreadyExist", state: "allowed" },
    { code: "ResourceAlreadyExist.VpcPeer", state: "allowed" },
    { code: "QuotaExceeded", state: "allowed" },
    { code: "TaskConflict", state: "allowed" },
    { code: "OperationConflict", state: "allowed" },
    { code: "IncorrectStatus.Vpc", state: "allowed" },
    { code: "OperationFailed.CdtNotOpened", state: "allowed" },
    { code: "Forbidden", state: "forbidden" },
    { code: "NoPermission", state: "forbidden" },
    { code: "MissingParameter", state: "untested" },
    { code: "InvalidParameter", state: "untested" },
    { code: "DuplicateParameter", state: "untested" },
    { code: "InvalidAccessKeyId.NotFound", state: "untested" },
    { code: "Forbidden.FinancialLocked", state: "untested" },
    { code: "Throttling.User", state: "untested" },
    { code: "ServiceUnavailable", state: "untested" },
    { code: "", state: "untested" },
  ])("with the code $code is $state", async ({ code, state }) => {
    const canned = await startCannedCloud(withDryRuns({ status: 400, body: { Code: code, Message: "no" } }));
    const { permissions } = await canned.reader.networkFacts(PAIR, { permissionsFor: ALL });
    expect(permissions.map((permission) => permission.state)).toEqual([state, state, state]);
    await canned.close();
  });

  it("that does not come leaves it untested and tells the operator to look", async () => {
    const canned = await startCannedCloud(withDryRuns({ body: { RequestId: "R-1", InstanceId: "pcc-1" } }));
    const { permissions } = await canned.reader.networkFacts(PAIR, { permissionsFor: ALL });
    expect(permissions.map(({ state }) => state)).toEqual(["untested", "untested", "untested"]);
    const errors = canned.lines.filter(({ level }) => level === "error");
    expect(errors.map(({ fields }) => `${String(fields["api"])} ${String(fields["side"])}`)).toEqual([
      "CreateRouteEntry initiator",
      "CreateRouteEntry acceptor",
      "CreateVpcPeerConnection initiator",
    ]);
    await canned.close();
  });
});

/** Another bot at the same cloud. */
async function readerWith(options: Partial<CloudOptions>): Promise<SandboxedCloud["reader"]> {
  const { accessKeyId, accessKeySecret, endpoint } = cloud.alibaba;
  const { reader } = await createCloud({
    mode: "operate",
    accessKey: { accessKeyId, accessKeySecret },
    endpoint: { host: endpoint, protocol: "http" },
    homeRegion: HOME_REGION,
    testTag: TEST_TAG,
    clock: fastClock(),
    log: recordingLog([]),
    ...options,
  });
  return reader;
}

const PAIR = {
  initiator: { regionId: "cn-qingdao", vpcId: "vpc-1" },
  acceptor: { regionId: "cn-qingdao", vpcId: "vpc-1" },
} as const;

/** Two networks with one vSwitch each, and one answer to whatever is not a read. */
function withDryRuns(answer: CannedAnswer): (action: string) => CannedAnswer {
  const reads = answering({
    GetCallerIdentity: { AccountId: "1234567890123456" },
    DescribeVpcAttribute: {
      VpcId: "vpc-1",
      RegionId: "cn-qingdao",
      Status: "Available",
      OwnerId: 1_234_567_890_123_456,
      VRouterId: "vrt-1",
      CidrBlock: "192.168.0.0/16",
      SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
    },
    DescribeVSwitches: {
      TotalCount: 1,
      VSwitches: {
        VSwitch: [{ VSwitchId: "vsw-1", CidrBlock: "192.168.1.0/24", RouteTable: { RouteTableId: "vtb-1" } }],
      },
    },
    DescribeRouteTableList: { TotalCount: 0, RouterTableList: { RouterTableListType: [] } },
    DescribeSecurityGroups: { SecurityGroups: { SecurityGroup: [] } },
    DescribeInstances: { Instances: { Instance: [] } },
    DescribeRouterInterfaces: { TotalCount: 0, RouterInterfaceSet: { RouterInterfaceType: [] } },
    ListVpcPeerConnections: { VpcPeerConnects: [] },
  });
  return (action) => (action.startsWith("Create") ? answer : reads(action));
}
