import { DescribeInstancesRequest, DescribeInstancesRequestTag } from "@alicloud/ecs20140526";
import { DescribeVpcsRequest } from "@alicloud/vpc20160428";
import { describe, expect, test } from "vitest";
import { popClient, sdkClients } from "./clients.ts";
import { callApi } from "./generic-client.ts";
import { createInterface, tutorialSides } from "./peering.ts";
import { startSandbox } from "./sandbox.ts";

const SIGNATURES = [
  { name: "ACS3", options: {} },
  { name: "RPC", options: { signatureAlgorithm: "v2" } },
] as const;

describe.each(SIGNATURES)("the SDKs with $name signatures", ({ options }) => {
  test("read VPCs with their types intact", async () => {
    const { cloud } = await startSandbox();
    const { vpc } = sdkClients(cloud, options);
    const { body } = await vpc.describeVpcs(
      new DescribeVpcsRequest({ regionId: "cn-beijing", vpcName: "shared-data" }),
    );
    const [found] = body?.vpcs?.vpc ?? [];
    expect(body).toMatchObject({ totalCount: 1, pageNumber: 1, pageSize: 10 });
    expect(found).toMatchObject({
      vpcName: "shared-data",
      cidrBlock: "172.16.0.0/16",
      status: "Available",
      ownerId: 1_234_567_890_123_456,
    });
    expect(found?.VRouterId).toMatch(/^vrt-2ze/);
    expect(found?.routerTableIds?.routerTableIds).toHaveLength(1);
    expect(found?.vSwitchIds?.vSwitchId).toHaveLength(2);
  });

  test("read instances by tag", async () => {
    const { cloud } = await startSandbox();
    const { ecs } = sdkClients(cloud, options);
    const tag = [new DescribeInstancesRequestTag({ key: "pci" })];
    const { body } = await ecs.describeInstances(new DescribeInstancesRequest({ regionId: "cn-beijing", tag }));
    const [found, ...others] = body?.instances?.instance ?? [];
    expect(others).toEqual([]);
    expect(found).toMatchObject({ instanceName: "db-pay-01", status: "Running", OSType: "linux" });
    expect(found?.vpcAttributes?.privateIpAddress?.ipAddress).toEqual(["172.16.1.20"]);
    expect(found?.tags?.tag?.[0]).toMatchObject({ tagKey: "pci", tagValue: "yes" });
  });
});

describe("an SDK that signs the older way", () => {
  test.each(["GET", "POST"] as const)("writes and reads by %s", async (method) => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const client = popClient(sandbox.cloud, "2016-04-28");
    const created = await client.request(
      "CreateRouterInterface",
      {
        RegionId: "cn-qingdao",
        Role: "InitiatingSide",
        RouterType: "VRouter",
        RouterId: initiator.vRouterId,
        Spec: "Mini.2",
        OppositeRegionId: "cn-beijing",
        // Every character that clients escape differently.
        Description: "it's a (test) of *odd* characters: ~!+ & = / 中文",
      },
      { method },
    );
    await sandbox.step(2_500);
    const listed = await client.request(
      "DescribeRouterInterfaces",
      { RegionId: "cn-qingdao", Filter: [{ Key: "RouterInterfaceId", Value: [created["RouterInterfaceId"]] }] },
      { method },
    );
    expect(listed).toMatchObject({
      TotalCount: 1,
      RouterInterfaceSet: {
        RouterInterfaceType: [{ Description: "it's a (test) of *odd* characters: ~!+ & = / 中文", Status: "Idle" }],
      },
    });
  });

  test("takes the code of an error, and the code 200 of a success for what it is", async () => {
    const sandbox = await startSandbox();
    const client = popClient(sandbox.cloud, "2016-04-28");
    await expect(
      client.request("DescribeVpcAttribute", { RegionId: "cn-qingdao", VpcId: "vpc-no" }),
    ).rejects.toMatchObject({ code: "InvalidVpcId.NotFound" });
    const attribute = client.request("DescribeRouterInterfaceAttribute", {
      RegionId: "cn-qingdao",
      InstanceId: "ri-no",
    });
    await expect(attribute).resolves.toMatchObject({ Code: "200", Success: true });
  });
});

describe("the generic client", () => {
  test("asks STS who it is", async () => {
    const { cloud } = await startSandbox();
    const identity = await callApi(cloud, { action: "GetCallerIdentity", version: "2015-04-01" });
    expect(identity).toMatchObject({ AccountId: cloud.accountId, IdentityType: "Account" });
  });

  test("may put parameters in a form body, whose hash is signed", async () => {
    const sandbox = await startSandbox();
    const { acceptor } = await tutorialSides(sandbox);
    const rule = { IpProtocol: "TCP", PortRange: "5432/5432", SourceCidrIp: "192.168.0.0/16" };
    await callApi(sandbox.cloud, {
      action: "AuthorizeSecurityGroup",
      version: "2014-05-26",
      query: { RegionId: "cn-beijing" },
      body: { SecurityGroupId: acceptor.securityGroupId, Permissions: [rule] },
    });
    const { rules } = await sandbox.state("cn-beijing");
    expect(rules.map(({ sourceCidrIp }) => sourceCidrIp)).toContain("192.168.0.0/16");
  });
});

test("a region sees only its own interfaces", async () => {
  const sandbox = await startSandbox();
  const { initiator, acceptor } = await tutorialSides(sandbox);
  const { RouterInterfaceId } = await createInterface(sandbox, {
    own: initiator,
    opposite: acceptor,
    role: "InitiatingSide",
  });
  await sandbox.step(2_500);
  const listed = async (RegionId: string): Promise<unknown[]> => {
    const answer = await sandbox.vpc("DescribeRouterInterfaces", { RegionId });
    return answer["RouterInterfaceSet"].RouterInterfaceType;
  };
  expect(await listed("cn-qingdao")).toMatchObject([{ RouterInterfaceId }]);
  expect(await listed("cn-beijing")).toEqual([]);
});

test("where RegionId may be left out, the named resource says which region", async () => {
  const sandbox = await startSandbox();
  const { acceptor } = await tutorialSides(sandbox);
  const attribute = await sandbox.ecs("DescribeInstanceAttribute", { InstanceId: acceptor.instanceId });
  expect(attribute).toMatchObject({ RegionId: "cn-beijing", InstanceName: "ledger-1" });
  const tables = await sandbox.vpc("DescribeRouteTables", { RouteTableId: acceptor.routeTableId });
  expect(tables["RouteTables"].RouteTable).toHaveLength(1);
});
