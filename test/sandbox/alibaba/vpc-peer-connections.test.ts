import { describe, expect, test } from "vitest";
import { connectPair, createInterface, createPair, introduce, type Side, sideOf } from "./peering.ts";
import {
  activated,
  connection,
  createConnection,
  type Ends,
  endsInOneRegion,
  endsInTwoRegions,
  joined,
  statusOf,
} from "./peering-connection.ts";
import { type Answer, refusal, refusedWith, type Sandbox, startSandbox, theOne } from "./sandbox.ts";

/** A new VPC, made by hand. */
async function newVpc(sandbox: Sandbox, regionId: string, number: number): Promise<string> {
  const add = { vpcName: `spoke-${number}`, cidrBlock: `10.${100 + number}.0.0/16` };
  return (await sandbox.control("POST", "edit", { regionId, kind: "vpc", add }))["resource"].vpcId;
}

/** A connection made by hand, to a VPC that nobody looks at. */
async function connectedByHand(
  sandbox: Sandbox,
  from: Side,
  to: { regionId: string; number: number },
): Promise<Answer> {
  const add = {
    vpcId: from.vpcId,
    acceptingRegionId: to.regionId,
    acceptingVpcId: `vpc-elsewhere${to.number}`,
    name: `by-hand-${to.number}`,
  };
  return (await sandbox.control("POST", "edit", { regionId: from.regionId, kind: "vpcPeerConnection", add }))[
    "resource"
  ];
}

describe("a VPC peering connection", () => {
  test("is one resource with both ends, the same wherever it is asked for", async () => {
    const sandbox = await startSandbox();
    const { requester, acceptor } = await endsInTwoRegions(sandbox);
    const more = { Name: "p-118", Description: "for P-118", Bandwidth: 100, LinkType: "Platinum" };
    const Tag = [{ Key: "peering", Value: "P-118" }];
    const id = await activated(sandbox, { requester, acceptor }, { ...more, Tag });

    const shown = await connection(sandbox, id);
    expect(shown).toMatchObject({
      InstanceId: id,
      ...more,
      Status: "Activated",
      BizStatus: "Normal",
      RegionId: "cn-qingdao",
      Vpc: { VpcId: requester.vpcId, Ipv4Cidrs: ["192.168.0.0/16"], Ipv6Cidrs: [] },
      OwnerId: Number(sandbox.cloud.accountId),
      AcceptingRegionId: "cn-beijing",
      AcceptingVpc: { VpcId: acceptor.vpcId, Ipv4Cidrs: ["172.16.0.0/16"], Ipv6Cidrs: [] },
      AcceptingOwnerUid: Number(sandbox.cloud.accountId),
      GmtCreate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      GmtExpired: null,
      Tags: Tag,
    });
    for (const regionId of ["cn-qingdao", "cn-beijing"]) {
      const here = await connection(sandbox, id, { RegionId: regionId });
      expect(here).toEqual({ ...shown, RequestId: here["RequestId"] });
      expect((await sandbox.state(regionId)).vpcPeerConnections).toMatchObject([{ instanceId: id }]);
    }
    expect(await refusedWith(connection(sandbox, id, { RegionId: "cn-shanghai" }))).toBe("ResourceNotFound.InstanceId");
  });

  test("has 1024 Mbit/s and Gold between regions, and no limit within one", async () => {
    const sandbox = await startSandbox();
    const across = await activated(sandbox, await endsInTwoRegions(sandbox));
    expect(await connection(sandbox, across)).toMatchObject({ Bandwidth: 1_024, LinkType: "Gold" });
    const within = await activated(sandbox, await endsInOneRegion(sandbox));
    expect(await connection(sandbox, within)).toMatchObject({ Bandwidth: -1, LinkType: "" });
  });
});

describe("creating", () => {
  test.each([
    [{ Bandwidth: 1_025 }, "QuotaExceeded.Bandwidth"],
    [{ Bandwidth: 0 }, "InvalidBandwidth"],
    [{ Bandwidth: "fast" }, "InvalidBandwidth"],
    [{ LinkType: "Silver" }, "InvalidLinkType"],
    [{ Name: "1st" }, "InvalidName"],
    [{ Name: "x" }, "InvalidName"],
    [{ Description: "https://example.com" }, "InvalidDescription"],
    [{ Description: "x" }, "InvalidDescription"],
    [{ Tag: Array.from({ length: 21 }, (_, index) => ({ Key: `k${index}` })) }, "NumberExceed.Tags"],
    [{ RegionId: "cn-atlantis" }, "InvalidRegionId.NotFound"],
    [{ AcceptingRegionId: "cn-atlantis" }, "UnsupportedRegion"],
    [{ VpcId: "vpc-m5enothere" }, "InvalidVpcId.NotFound"],
    [{ AcceptingVpcId: "vpc-2zenothere" }, "InvalidVpcId.NotFound"],
    [{ AcceptingAliUid: "6543210987654321" }, "UnsupportedParameter"],
    [{ ResourceGroupId: "rg-1" }, "UnsupportedParameter"],
    [{ ClientToken: "two words" }, "InvalidClientToken.Malformed"],
  ])("%o is refused with %s", async (wrong, code) => {
    const sandbox = await startSandbox();
    expect(await refusedWith(createConnection(sandbox, await endsInTwoRegions(sandbox), wrong))).toBe(code);
    expect((await sandbox.state("cn-qingdao")).vpcPeerConnections).toEqual([]);
  });

  test.each([
    [{ Bandwidth: 100 }, "InvalidBandwidth"],
    [{ LinkType: "Gold" }, "OperationFailed.InterRegionLinkTypeNotSupported"],
  ])("within a region %o is refused with %s", async (wrong, code) => {
    const sandbox = await startSandbox();
    expect(await refusedWith(createConnection(sandbox, await endsInOneRegion(sandbox), wrong))).toBe(code);
  });

  test("a VPC with itself, one that is not ready, and one of another account are refused", async () => {
    const sandbox = await startSandbox();
    const { requester } = await endsInTwoRegions(sandbox);
    const create = (ends: Ends): Promise<string> => refusedWith(createConnection(sandbox, ends));
    expect(await create({ requester, acceptor: requester })).toBe("InvalidAcceptingVpcId");
    const pending = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "still-pending" });
    expect(await create({ requester: pending, acceptor: requester })).toBe("IncorrectStatus.Vpc");
    expect(await create({ requester, acceptor: pending })).toBe("IncorrectStatus.AcceptingVpc");
    const foreign = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "other-account" });
    expect(await create({ requester: foreign, acceptor: requester })).toBe("OperationDenied.OperateShareResource");
    expect(await create({ requester, acceptor: foreign })).toBe("OperationDenied.OperateShareResource");
  });

  test("two VPCs have one connection, whoever asks for it", async () => {
    const sandbox = await startSandbox();
    const { requester, acceptor } = await endsInTwoRegions(sandbox);
    await createConnection(sandbox, { requester, acceptor });
    for (let age = 0; age < 2; age += 1) {
      expect(await refusal(createConnection(sandbox, { requester, acceptor }))).toMatchObject({
        code: "ResourceAlreadyExist.VpcPeer",
        status: 400,
      });
      const turned = createConnection(sandbox, { requester: acceptor, acceptor: requester });
      expect(await refusedWith(turned)).toBe("ResourceAlreadyExist.VpcPeer");
      await sandbox.step(5_250);
    }
  });

  test("goes one at a time for a VPC, at whichever end it is", async () => {
    const sandbox = await startSandbox();
    const { requester, acceptor } = await endsInTwoRegions(sandbox);
    const third = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "overlap-primary" });
    await createConnection(sandbox, { requester, acceptor });
    for (const ends of [
      { requester, acceptor: third },
      { requester: third, acceptor: requester },
      { requester: acceptor, acceptor: third },
    ]) {
      const code = { code: "OperationConflict", status: 409 };
      expect(await refusal(createConnection(sandbox, ends))).toMatchObject(code);
    }
    await sandbox.step(5_250);
    // The same block on both sides: nobody looks at that here.
    await expect(createConnection(sandbox, { requester, acceptor: third })).resolves.toBeDefined();
  });

  test("is refused while any connection is unpaid", async () => {
    const sandbox = await startSandbox();
    const { vpcPeerConnections } = await sandbox.state("cn-hangzhou");
    const { instanceId } = theOne(vpcPeerConnections, ({ name }) => name === "linked-east-to-west");
    const edit = { kind: "vpcPeerConnection", id: instanceId, set: { bizStatus: "FinancialLocked" } };
    await sandbox.control("POST", "edit", { ...edit, regionId: "cn-hangzhou" });
    const create = createConnection(sandbox, await endsInTwoRegions(sandbox));
    expect(await refusedWith(create)).toBe("IncorrectBusinessStatus.VpcPeer");
  });

  test("a dry run that finds nothing wrong answers with an error code and creates nothing", async () => {
    const sandbox = await startSandbox();
    const ends = await endsInTwoRegions(sandbox);
    expect(await refusal(createConnection(sandbox, ends, { DryRun: true }))).toMatchObject({
      code: "DryRunOperation",
      status: 400,
    });
    expect((await sandbox.state("cn-qingdao")).vpcPeerConnections).toEqual([]);
    expect(await refusedWith(createConnection(sandbox, ends, { DryRun: true, Bandwidth: 0 }))).toBe("InvalidBandwidth");
  });

  test("a ClientToken gives the same connection again, and refuses another one", async () => {
    const sandbox = await startSandbox();
    const ends = await endsInTwoRegions(sandbox);
    const create = (more: object = {}): Promise<Answer> =>
      createConnection(sandbox, ends, { ClientToken: "token", ...more });
    await sandbox.control("POST", "dials", { action: "CreateVpcPeerConnection", fault: "resetAfter" });
    await expect(create()).rejects.toMatchObject({ code: "ECONNRESET" });
    const { InstanceId } = await create();
    expect((await sandbox.state("cn-beijing")).vpcPeerConnections).toMatchObject([{ instanceId: InstanceId }]);
    expect(await refusedWith(create({ Name: "other" }))).toBe("IdempotentParameterMismatch");
    await sandbox.step(5_250);
    const remove = (): Promise<unknown> =>
      sandbox.vpcPeer("DeleteVpcPeerConnection", { InstanceId, ClientToken: "token" });
    await remove();
    await sandbox.step(10_000);
    await expect(remove()).resolves.toBeDefined();
    expect(await create()).toMatchObject({ InstanceId });
    expect(await statusOf(sandbox, InstanceId)).toBe("ResourceNotFound.InstanceId");
  });

  test("a ClientToken that comes again before the first answer is still being processed", async () => {
    const sandbox = await startSandbox();
    const ends = await endsInTwoRegions(sandbox);
    const create = (): Promise<string> => refusedWith(createConnection(sandbox, ends, { ClientToken: "token" }));
    await sandbox.control("POST", "dials", { action: "CreateVpcPeerConnection", fault: "slow", ms: 60_000 });
    // Never answered: the sandbox is closed before.
    const first = create();
    while ((await sandbox.state("cn-qingdao")).vpcPeerConnections.length === 0);
    expect(await create()).toBe("LastTokenProcessing");
    await sandbox.cloud.close();
    expect(await first).toBe("ECONNRESET");
  });
});

describe("quotas", () => {
  test("a VPC has ten connections within its region, at either end", async () => {
    const sandbox = await startSandbox();
    const full = await sideOf(sandbox, { regionId: "ap-southeast-1", vpcName: "linked-out" });
    const other = await sideOf(sandbox, { regionId: "ap-southeast-1", vpcName: "singapore" });
    const ends = { requester: full, acceptor: other };
    expect(await refusal(createConnection(sandbox, ends))).toMatchObject({
      code: "QuotaExceeded.IntraRegionVpcPeerCountPerVpc",
      status: 400,
      message: expect.stringContaining("10/10"),
    });
    const turned = createConnection(sandbox, { requester: other, acceptor: full });
    expect(await refusedWith(turned)).toBe("QuotaExceeded.IntraRegionVpcPeerCountPerVpc");
    // Connections to other regions are counted by themselves.
    const hongKong = await sideOf(sandbox, { regionId: "cn-hongkong", vpcName: "hong-kong" });
    await expect(createConnection(sandbox, { requester: full, acceptor: hongKong })).resolves.toBeDefined();
  });

  test("a VPC has twenty connections to other regions, and an account twenty that it requested in a region", async () => {
    const sandbox = await startSandbox();
    const { requester, acceptor } = await endsInTwoRegions(sandbox);
    for (let number = 0; number < 19; number += 1) {
      await connectedByHand(sandbox, requester, { regionId: "cn-hangzhou", number });
    }
    await activated(sandbox, { requester, acceptor });
    const third = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "overlap-primary" });
    const create = (ends: Ends): Promise<string> => refusedWith(createConnection(sandbox, ends));
    const perVpc = "QuotaExceeded.CrossRegionVpcPeerCountPerVpc";
    expect(await create({ requester, acceptor: third })).toBe(perVpc);
    expect(await create({ requester: third, acceptor: requester })).toBe(perVpc);
    const neighbour = { ...requester, vpcId: await newVpc(sandbox, "cn-qingdao", 1) };
    const perRegion = "QuotaExceeded.VpcPeerCountPerUserPerRegion";
    expect(await create({ requester: neighbour, acceptor: third })).toBe(perRegion);
    await expect(createConnection(sandbox, { requester: third, acceptor: neighbour })).resolves.toBeDefined();
  });
});

describe("beside router interfaces", () => {
  test("two VPCs with a connected pair get no peering connection, until the pair is gone", async () => {
    const sandbox = await startSandbox();
    const { requester, acceptor } = await endsInTwoRegions(sandbox);
    const sides = { initiator: requester, acceptor };
    const pair = await createPair(sandbox, sides);
    const [one, other] = [
      { side: requester, interfaceId: pair.initiator },
      { side: acceptor, interfaceId: pair.acceptor },
    ];
    await introduce(sandbox, one, other);
    // Idle ones that know each other are no connection yet.
    await expect(createConnection(sandbox, { requester, acceptor }, { DryRun: true })).rejects.toMatchObject({
      code: "DryRunOperation",
    });
    await connectPair(sandbox, sides, pair);
    for (const ends of [
      { requester, acceptor },
      { requester: acceptor, acceptor: requester },
    ]) {
      expect(await refusal(createConnection(sandbox, ends))).toMatchObject({
        code: "ResourceAlreadyExist.RouterInterface",
        status: 400,
      });
    }
    for (const [regionId, id] of [
      ["cn-qingdao", pair.initiator],
      ["cn-beijing", pair.acceptor],
    ]) {
      await sandbox.control("POST", "edit", { regionId, kind: "routerInterface", id, remove: true });
    }
    await expect(createConnection(sandbox, { requester, acceptor })).resolves.toBeDefined();
  });

  test("two VPCs with a peering connection get no pair: it is refused as soon as it is known what it connects", async () => {
    const sandbox = await startSandbox();
    const { requester, acceptor } = await endsInTwoRegions(sandbox);
    await activated(sandbox, { requester, acceptor });
    const sides = { initiator: requester, acceptor };
    const known = { OppositeRouterId: acceptor.vRouterId, OppositeRouterType: "VRouter" };
    const create = createInterface(sandbox, { own: requester, opposite: acceptor, role: "InitiatingSide" }, known);
    expect(await refusedWith(create)).toBe("ResourceAlreadyExist.VpcPeer");
    const pair = await createPair(sandbox, sides);
    await expect(connectPair(sandbox, sides, pair)).rejects.toMatchObject({ code: "ResourceAlreadyExist.VpcPeer" });
  });
});

describe("modifying", () => {
  test("takes a while, and then everything is as it was asked for", async () => {
    const sandbox = await startSandbox();
    const id = await activated(sandbox, await endsInTwoRegions(sandbox), { Name: "before" });
    const changes = { Name: "after", Description: "of P-118", Bandwidth: 10, LinkType: "Platinum" };
    const modify = (more: object): Promise<unknown> =>
      sandbox.vpcPeer("ModifyVpcPeerConnection", { InstanceId: id, ...more });
    expect(await refusedWith(modify({ ...changes, DryRun: true }))).toBe("DryRunOperation");
    await modify(changes);
    expect(await connection(sandbox, id)).toMatchObject({ Status: "Updating", Name: "before", Bandwidth: 1_024 });
    expect(await refusedWith(modify(changes))).toBe("IncorrectStatus.VpcPeer");
    await sandbox.step(4_250);
    expect(await connection(sandbox, id)).toMatchObject({ Status: "Activated", ...changes });
    await modify({ Name: "again" });
    await sandbox.step(4_250);
    expect(await connection(sandbox, id)).toMatchObject({ ...changes, Name: "again" });
  });

  test.each([
    [{ Bandwidth: 1_025 }, "QuotaExceeded.Bandwidth"],
    [{ Bandwidth: 0 }, "InvalidBandwidth"],
    [{ LinkType: "Silver" }, "InvalidLinkType"],
    [{ Name: "http://x" }, "InvalidName"],
    [{ Name: "x".repeat(129) }, "InvalidName"],
    [{ Description: "x".repeat(257) }, "InvalidDescription"],
    [{ InstanceId: "pcc-nothere" }, "ResourceNotFound.InstanceId"],
  ])("%o is refused with %s", async (wrong, code) => {
    const sandbox = await startSandbox();
    const id = await activated(sandbox, await endsInTwoRegions(sandbox));
    expect(await refusedWith(sandbox.vpcPeer("ModifyVpcPeerConnection", { InstanceId: id, ...wrong }))).toBe(code);
  });

  test("within a region there is neither bandwidth nor link type, and unpaid nothing changes", async () => {
    const sandbox = await startSandbox();
    const id = await activated(sandbox, await endsInOneRegion(sandbox));
    const modify = (more: object): Promise<string> =>
      refusedWith(sandbox.vpcPeer("ModifyVpcPeerConnection", { InstanceId: id, ...more }));
    expect(await modify({ Bandwidth: 100 })).toBe("OperationFailed.BandwidthCannotBeChangedInSameRegion");
    expect(await modify({ LinkType: "Gold" })).toBe("OperationFailed.InterRegionLinkTypeNotSupported");
    const edit = { regionId: "cn-qingdao", kind: "vpcPeerConnection", id };
    await sandbox.control("POST", "edit", { ...edit, set: { bizStatus: "FinancialLocked" } });
    expect(await modify({ Name: "x" })).toBe("IncorrectBusinessStatus.VpcPeer");
  });
});

describe("deleting", () => {
  test("is for a connection at rest, and is told apart from a dry run", async () => {
    const sandbox = await startSandbox();
    const ends = await endsInTwoRegions(sandbox);
    const { InstanceId } = await createConnection(sandbox, ends);
    const remove = (more: object = {}): Promise<string> =>
      refusedWith(sandbox.vpcPeer("DeleteVpcPeerConnection", { InstanceId, ...more }));
    expect(await remove()).toBe("IncorrectStatus.VpcPeer");
    await sandbox.step(5_250);
    expect(await remove({ DryRun: true })).toBe("DryRunOperation");
    expect(await statusOf(sandbox, InstanceId)).toBe("Activated");
    await sandbox.vpcPeer("DeleteVpcPeerConnection", { InstanceId });
    expect(await remove()).toBe("IncorrectStatus.VpcPeer");
    expect(await refusedWith(createConnection(sandbox, ends))).toBe("ResourceAlreadyExist.VpcPeer");
    await sandbox.step(5_250);
    expect(await remove()).toBe("ResourceNotFound.InstanceId");
    await expect(createConnection(sandbox, ends)).resolves.toBeDefined();
  });

  test("with Force leaves the routes of others alone", async () => {
    const sandbox = await startSandbox();
    const { requester, acceptor } = await endsInTwoRegions(sandbox);
    const third = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "windows-host" });
    const gone = await joined(sandbox, { requester, acceptor });
    const kept = await joined(sandbox, { requester: third, acceptor: requester });
    const force = { InstanceId: gone, Force: true };
    expect(await refusedWith(sandbox.vpcPeer("DeleteVpcPeerConnection", { ...force, DryRun: true }))).toBe(
      "DryRunOperation",
    );
    await sandbox.vpcPeer("DeleteVpcPeerConnection", force);
    await sandbox.step(5_250);
    const nextHops = async (regionId: string, vpcId: string): Promise<string[]> => {
      const { routeEntries } = await sandbox.state(regionId);
      return routeEntries.filter((entry) => entry.vpcId === vpcId).map(({ nextHopId }) => nextHopId);
    };
    expect(await nextHops("cn-qingdao", requester.vpcId)).toEqual([kept]);
    expect(await nextHops("cn-beijing", acceptor.vpcId)).toEqual([]);
    expect(await nextHops("cn-shanghai", third.vpcId)).toEqual([kept]);
  });
});

function list(sandbox: Sandbox, more: object = {}): Promise<Answer> {
  return sandbox.vpcPeer("ListVpcPeerConnections", { ...more });
}

async function names(sandbox: Sandbox, more: object = {}): Promise<string[]> {
  return (await list(sandbox, more))["VpcPeerConnects"].map(({ Name }: { Name: string }) => Name);
}

/** One JSON text, as the SDK sends it. */
function vpcs(...sides: ReadonlyArray<{ vpcId: string }>): { VpcId: string } {
  return { VpcId: JSON.stringify(sides.map(({ vpcId }) => vpcId)) };
}

describe("listing", () => {
  test("by region, id, name, tags, one VPC, and the two that a connection is between", async () => {
    const sandbox = await startSandbox();
    const ends = await endsInTwoRegions(sandbox);
    const id = await activated(sandbox, ends, { Name: "p-118", Tag: [{ Key: "peering", Value: "P-118" }] });
    const east = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "linked-east" });
    const west = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "linked-west" });
    expect(await names(sandbox)).toHaveLength(12);
    expect(await names(sandbox, { RegionId: "cn-beijing" })).toEqual(["p-118"]);
    expect(await names(sandbox, { InstanceId: id })).toEqual(["p-118"]);
    expect(await names(sandbox, { Name: "p-118" })).toEqual(["p-118"]);
    expect(await names(sandbox, { Tags: [{ Key: "peering" }] })).toEqual(["p-118"]);
    expect(await names(sandbox, { Tags: [{ Key: "peering", Value: "P-119" }] })).toEqual([]);
    expect(await names(sandbox, vpcs(west))).toEqual(["linked-east-to-west"]);
    expect(await names(sandbox, vpcs(west, east))).toEqual(["linked-east-to-west"]);
    expect(await names(sandbox, vpcs(west, ends.requester))).toEqual([]);
    expect(await names(sandbox, vpcs())).toHaveLength(12);
    expect(await names(sandbox, { InstanceId: "pcc-nothere" })).toEqual([]);
    expect(await refusedWith(list(sandbox, vpcs(west, east, west)))).toBe("InvalidVpcId");
    expect(await refusedWith(list(sandbox, { VpcId: west.vpcId }))).toBe("InvalidVpcId.Malformed");
  });

  test("pages by token, twenty at a time unless asked for otherwise", async () => {
    const sandbox = await startSandbox();
    const first = await list(sandbox, { MaxResults: 10 });
    expect(first).toMatchObject({ TotalCount: 11, MaxResults: 10, NextToken: expect.stringMatching(/./) });
    const second = await list(sandbox, { MaxResults: 10, NextToken: first["NextToken"] });
    expect([first["VpcPeerConnects"].length, second["VpcPeerConnects"].length]).toEqual([10, 1]);
    expect(second["NextToken"]).toBe("");
    expect(await list(sandbox)).toMatchObject({ MaxResults: 20, NextToken: "" });
    expect(await refusedWith(list(sandbox, { MaxResults: 101 }))).toBe("InvalidMaxResults");
    const other = list(sandbox, { NextToken: first["NextToken"], RegionId: "cn-shanghai" });
    expect(await refusedWith(other)).toBe("IllegalParam.NextToken");
  });
});
