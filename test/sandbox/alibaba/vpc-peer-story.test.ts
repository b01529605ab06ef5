import { describe, expect, test } from "vitest";
import { popClient } from "./clients.ts";
import { callApi } from "./generic-client.ts";
import { letIn, repliesTo, route, sideOf } from "./peering.ts";
import {
  activated,
  connection,
  type Ends,
  endsInOneRegion,
  endsInTwoRegions,
  joined,
  openedServices,
  setServices,
  createConnection,
  statusOf,
} from "./peering-connection.ts";
import { refusal, refusedWith, type Sandbox, startSandbox, theOne } from "./sandbox.ts";

async function pingsBothWays(sandbox: Sandbox, { requester, acceptor }: Ends): Promise<[number, number]> {
  return [
    await repliesTo(sandbox, requester, acceptor.privateIp),
    await repliesTo(sandbox, acceptor, requester.privateIp),
  ];
}

describe.each([
  { where: "two regions", endsOf: endsInTwoRegions },
  { where: "one region", endsOf: endsInOneRegion },
])("two VPCs of $where", ({ endsOf }) => {
  test("are joined, routed, opened and answer each other's ping, and are taken apart again", async () => {
    const sandbox = await startSandbox();
    const ends = await endsOf(sandbox);
    const { requester, acceptor } = ends;

    const { InstanceId } = await createConnection(sandbox, ends);
    expect(InstanceId).toMatch(/^pcc-[0-9a-z]{18}$/);
    expect(await statusOf(sandbox, InstanceId)).toBe("Creating");
    await sandbox.step(5_249);
    expect(await statusOf(sandbox, InstanceId)).toBe("Creating");
    await sandbox.step(1);
    expect(await statusOf(sandbox, InstanceId)).toBe("Activated");
    await letIn(sandbox, { own: requester, opposite: acceptor });
    await letIn(sandbox, { own: acceptor, opposite: requester });
    expect(await pingsBothWays(sandbox, ends)).toEqual([0, 0]);
    const routes = [
      { regionId: requester.regionId, id: await route(sandbox, { own: requester, opposite: acceptor }, InstanceId) },
      { regionId: acceptor.regionId, id: await route(sandbox, { own: acceptor, opposite: requester }, InstanceId) },
    ];
    expect(await pingsBothWays(sandbox, ends)).toEqual([10, 10]);

    const remove = (): Promise<unknown> => sandbox.vpcPeer("DeleteVpcPeerConnection", { InstanceId });
    expect(await refusal(remove())).toMatchObject({ code: "OperationDenied.RouteEntryExist", status: 400 });
    for (const { regionId, id } of routes) {
      await sandbox.vpc("DeleteRouteEntry", { RegionId: regionId, RouteEntryId: id });
      expect(await refusedWith(remove())).toBe("OperationDenied.RouteEntryExist");
      await sandbox.step(4_250);
    }
    await remove();
    expect(await statusOf(sandbox, InstanceId)).toBe("Deleting");
    await sandbox.step(5_250);
    expect(await refusal(connection(sandbox, InstanceId))).toMatchObject({
      code: "ResourceNotFound.InstanceId",
      status: 400,
    });
    for (const { regionId } of [requester, acceptor]) {
      expect((await sandbox.state(regionId)).vpcPeerConnections).toEqual([]);
    }
  });
});

describe("a ping", () => {
  test("stops when the connection is deleted with its routes, at both ends", async () => {
    const sandbox = await startSandbox();
    const ends = await endsInTwoRegions(sandbox);
    const id = await joined(sandbox, ends);
    await sandbox.vpcPeer("DeleteVpcPeerConnection", { InstanceId: id, Force: true });
    expect((await sandbox.state("cn-beijing")).routeEntries).toContainEqual(
      expect.objectContaining({ nextHopId: id, status: "Deleting" }),
    );
    expect(await pingsBothWays(sandbox, ends)).toEqual([0, 0]);
    for (const regionId of ["cn-qingdao", "cn-beijing"]) {
      const { routeEntries, vpcPeerConnections } = await sandbox.state(regionId);
      expect(routeEntries.filter(({ nextHopId }) => nextHopId === id)).toEqual([]);
      expect(vpcPeerConnections).toEqual([]);
    }
  });

  test("stops for want of payment, but not while a name changes", async () => {
    const sandbox = await startSandbox();
    const ends = await endsInTwoRegions(sandbox);
    const id = await joined(sandbox, ends);
    const edit = (set: object): Promise<unknown> =>
      sandbox.control("POST", "edit", { regionId: "cn-qingdao", kind: "vpcPeerConnection", id, set });
    await edit({ bizStatus: "FinancialLocked" });
    expect(await pingsBothWays(sandbox, ends)).toEqual([0, 0]);
    await edit({ bizStatus: "Normal", status: "Updating" });
    expect(await pingsBothWays(sandbox, ends)).toEqual([10, 10]);
    await edit({ status: "Expired" });
    expect(await pingsBothWays(sandbox, ends)).toEqual([0, 0]);
  });

  test("is not carried on through a second connection", async () => {
    const sandbox = await startSandbox();
    const { requester: first, acceptor: middle } = await endsInTwoRegions(sandbox);
    const last = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "custom-table" });
    const firstId = await joined(sandbox, { requester: first, acceptor: middle });
    const lastId = await joined(sandbox, { requester: middle, acceptor: last });
    await route(sandbox, { own: first, opposite: last }, firstId);
    await route(sandbox, { own: last, opposite: first }, lastId);
    await letIn(sandbox, { own: last, opposite: first });

    expect(await repliesTo(sandbox, first, middle.privateIp)).toBe(10);
    expect(await repliesTo(sandbox, middle, last.privateIp)).toBe(10);
    expect(await repliesTo(sandbox, first, last.privateIp)).toBe(0);
  });

  test("goes both ways through the connection that was made by hand, once the groups let it in", async () => {
    const sandbox = await startSandbox();
    const requester = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "linked-east" });
    const acceptor = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "linked-west" });
    await letIn(sandbox, { own: requester, opposite: acceptor });
    await letIn(sandbox, { own: acceptor, opposite: requester });
    expect(await pingsBothWays(sandbox, { requester, acceptor })).toEqual([10, 10]);
  });
});

describe("a route entry", () => {
  test("may point to a connection only once it is Activated, and only from its own two VPCs", async () => {
    const sandbox = await startSandbox();
    const ends = await endsInTwoRegions(sandbox);
    const { requester, acceptor } = ends;
    const { InstanceId } = await createConnection(sandbox, ends);
    const early = route(sandbox, { own: requester, opposite: acceptor }, InstanceId);
    expect(await refusal(early)).toMatchObject({ code: "IncorrectStatus.VpcPeer", status: 400 });
    await sandbox.step(5_250);
    const stranger = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "drop-rule" });
    expect(await refusal(route(sandbox, { own: stranger, opposite: acceptor }, InstanceId))).toMatchObject({
      code: "ResourceNotFound.VpcPeer",
      status: 400,
    });
    expect(await refusedWith(route(sandbox, { own: requester, opposite: acceptor }, "pcc-nothere"))).toBe(
      "ResourceNotFound.VpcPeer",
    );
    await route(sandbox, { own: acceptor, opposite: requester }, InstanceId);
    const { RouteEntrys } = await sandbox.vpc("DescribeRouteEntryList", {
      RegionId: "cn-beijing",
      RouteTableId: acceptor.routeTableId,
      NextHopType: "VpcPeer",
    });
    expect(RouteEntrys.RouteEntry).toMatchObject([
      { Status: "Available", NextHops: { NextHop: [{ NextHopId: InstanceId, NextHopType: "VpcPeer" }] } },
    ]);
  });

  test("in a batch is refused by itself", async () => {
    const sandbox = await startSandbox();
    const ends = await endsInTwoRegions(sandbox);
    const { InstanceId } = await createConnection(sandbox, ends);
    const { FailedRouteEntries } = await sandbox.vpc("CreateRouteEntries", {
      RegionId: "cn-qingdao",
      RouteEntries: [InstanceId, "pcc-nothere"].map((NextHop) => ({
        RouteTableId: ends.requester.routeTableId,
        DstCidrBlock: "172.16.0.0/16",
        NextHop,
        NextHopType: "VpcPeer",
      })),
    });
    expect(FailedRouteEntries.map(({ FailedCode }: { FailedCode: string }) => FailedCode)).toEqual([
      "VPC_ROUTE_ENTRY_STATUS_ERROR",
      "ResourceNotFound.VpcPeer",
    ]);
  });
});

describe("Cloud Data Transfer", () => {
  test("is opened in the account by whoever connects two regions, and the state shows it", async () => {
    const sandbox = await startSandbox();
    expect(await openedServices(sandbox)).toEqual({ cdt: true, crossBorderCdt: false });
    await setServices(sandbox, { cdt: false });
    const ends = await endsInTwoRegions(sandbox);
    expect(await refusedWith(createConnection(sandbox, ends, { DryRun: true }))).toBe("DryRunOperation");
    expect(await openedServices(sandbox)).toMatchObject({ cdt: false });
    await activated(sandbox, ends);
    expect(await openedServices(sandbox)).toEqual({ cdt: true, crossBorderCdt: false });
  });

  test("that is not opened stops the creation where it does not open by itself", async () => {
    const sandbox = await startSandbox();
    await setServices(sandbox, { cdt: false });
    await sandbox.control("POST", "facts", { name: "cdt-not-opened", answer: "refused" });
    const ends = await endsInTwoRegions(sandbox);
    const create = (more = {}): Promise<unknown> => createConnection(sandbox, ends, more);
    expect(await refusal(create())).toMatchObject({ code: "OperationFailed.CdtNotOpened", status: 400 });
    expect(await refusedWith(create({ DryRun: true }))).toBe("OperationFailed.CdtNotOpened");
    expect(await openedServices(sandbox)).toMatchObject({ cdt: false });
    await setServices(sandbox, { cdt: true });
    await expect(create()).resolves.toBeDefined();
  });

  test("is nothing that a connection within a region needs", async () => {
    const sandbox = await startSandbox();
    await setServices(sandbox, { cdt: false });
    await activated(sandbox, await endsInOneRegion(sandbox));
    expect(await openedServices(sandbox)).toMatchObject({ cdt: false });
  });

  test("across the border is another service, and outside the mainland it is not", async () => {
    const sandbox = await startSandbox();
    const hongKong = await sideOf(sandbox, { regionId: "cn-hongkong", vpcName: "hong-kong" });
    const singapore = await sideOf(sandbox, { regionId: "ap-southeast-1", vpcName: "singapore" });
    const { requester } = await endsInTwoRegions(sandbox);
    const across = { requester, acceptor: hongKong };
    expect(await refusedWith(createConnection(sandbox, across))).toBe("OperationFailed.CrossBorderCdtNotOpened");
    await activated(sandbox, { requester: singapore, acceptor: hongKong });
    await setServices(sandbox, { crossBorderCdt: true });
    await expect(createConnection(sandbox, across)).resolves.toBeDefined();
  });
});

describe("foreign clients", () => {
  test.each(["GET", "POST"] as const)("one that signs the older way creates, reads and lists by %s", async (method) => {
    const sandbox = await startSandbox();
    const { requester, acceptor } = await endsInTwoRegions(sandbox);
    const client = popClient(sandbox.cloud, "2022-01-01");
    const { InstanceId } = await client.request(
      "CreateVpcPeerConnection",
      {
        RegionId: requester.regionId,
        VpcId: requester.vpcId,
        AcceptingAliUid: sandbox.cloud.accountId,
        AcceptingRegionId: acceptor.regionId,
        AcceptingVpcId: acceptor.vpcId,
        Tag: [{ Key: "peering", Value: "P-118" }],
      },
      { method },
    );
    const attribute = await client.request("GetVpcPeerConnectionAttribute", { InstanceId }, { method });
    expect(attribute).toMatchObject({ InstanceId, Tags: [{ Key: "peering", Value: "P-118" }] });
    const list = (VpcId: unknown): Promise<Record<string, unknown>> =>
      client.request("ListVpcPeerConnections", { VpcId }, { method });
    // One JSON text, as the newer SDKs send it, and repeated, as clients do that build the request themselves.
    for (const VpcId of [JSON.stringify([acceptor.vpcId]), [acceptor.vpcId]]) {
      expect(await list(VpcId)).toMatchObject({ TotalCount: 1, VpcPeerConnects: [{ InstanceId }] });
    }
  });

  test("need no RegionId, but the journal and the dials know the region all the same", async () => {
    const sandbox = await startSandbox();
    const { vpcPeerConnections } = await sandbox.state("cn-hangzhou");
    const { instanceId } = theOne(vpcPeerConnections, ({ name }) => name === "linked-east-to-west");
    const dial = { action: "GetVpcPeerConnectionAttribute", regionId: "cn-shanghai", fault: "unavailable" };
    await sandbox.control("POST", "dials", dial);
    expect(await refusedWith(connection(sandbox, instanceId))).toBe("ServiceUnavailable");
    const call = { action: dial.action, version: "2022-01-01", body: { InstanceId: instanceId } };
    await expect(callApi(sandbox.cloud, call, { signatureAlgorithm: "v2" })).resolves.toMatchObject({
      RegionId: "cn-shanghai",
    });
    const { entries } = await sandbox.control("GET", "journal");
    expect(entries.map(({ regionId }: { regionId: string }) => regionId)).toEqual(["cn-shanghai", "cn-shanghai"]);
  });
});
