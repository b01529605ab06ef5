import {
  AuthorizeSecurityGroupRequest,
  AuthorizeSecurityGroupRequestPermissions,
  DescribeInvocationResultsRequest,
  RunCommandRequest,
} from "@alicloud/ecs20140526";
import {
  ConnectRouterInterfaceRequest,
  CreateRouteEntryRequest,
  CreateRouterInterfaceRequest,
  DescribeRouterInterfacesRequest,
  DescribeRouterInterfacesRequestFilter,
  ModifyRouterInterfaceAttributeRequest,
} from "@alicloud/vpc20160428";
import { describe, expect, test } from "vitest";
import { sdkClients, type VpcClient } from "./clients.ts";
import { connectPair, createPair, letIn, peer, ping, repliesTo, route, sideOf, tutorialSides } from "./peering.ts";
import { startSandbox } from "./sandbox.ts";

async function statusOf(vpc: VpcClient, regionId: string, interfaceId: string): Promise<string | undefined> {
  const filter = [new DescribeRouterInterfacesRequestFilter({ key: "RouterInterfaceId", value: [interfaceId] })];
  const request = new DescribeRouterInterfacesRequest({ regionId, filter });
  const { body } = await vpc.describeRouterInterfaces(request);
  return body?.routerInterfaceSet?.routerInterfaceType?.[0]?.status;
}

describe("the tutorial by hand, through the SDK", () => {
  test("two VPCs are connected, routed, opened and answer each other's ping", async () => {
    const sandbox = await startSandbox();
    const { vpc, ecs } = sdkClients(sandbox.cloud);
    const { initiator, acceptor } = await tutorialSides(sandbox);

    const common = { routerType: "VRouter", instanceChargeType: "PostPaid" };
    const first = await vpc.createRouterInterface(
      new CreateRouterInterfaceRequest({
        ...common,
        regionId: "cn-qingdao",
        role: "InitiatingSide",
        spec: "Mini.2",
        routerId: initiator.vRouterId,
        oppositeRegionId: "cn-beijing",
      }),
    );
    const second = await vpc.createRouterInterface(
      new CreateRouterInterfaceRequest({
        ...common,
        regionId: "cn-beijing",
        role: "AcceptingSide",
        spec: "Negative",
        routerId: acceptor.vRouterId,
        oppositeRegionId: "cn-qingdao",
      }),
    );
    const ri1 = first.body?.routerInterfaceId ?? "";
    const ri2 = second.body?.routerInterfaceId ?? "";
    expect([ri1.slice(0, 6), ri2.slice(0, 6)]).toEqual(["ri-m5e", "ri-2ze"]);
    await sandbox.step(2_250);
    expect(await statusOf(vpc, "cn-qingdao", ri1)).toBe("Idle");
    expect(await statusOf(vpc, "cn-beijing", ri1)).toBeUndefined();

    const opposite = { oppositeRouterType: "VRouter", oppositeInterfaceOwnerId: Number(sandbox.cloud.accountId) };
    await vpc.modifyRouterInterfaceAttribute(
      new ModifyRouterInterfaceAttributeRequest({
        ...opposite,
        regionId: "cn-beijing",
        routerInterfaceId: ri2,
        oppositeInterfaceId: ri1,
        oppositeRouterId: initiator.vRouterId,
      }),
    );
    await vpc.modifyRouterInterfaceAttribute(
      new ModifyRouterInterfaceAttributeRequest({
        ...opposite,
        regionId: "cn-qingdao",
        routerInterfaceId: ri1,
        oppositeInterfaceId: ri2,
        oppositeRouterId: acceptor.vRouterId,
      }),
    );
    await vpc.connectRouterInterface(
      new ConnectRouterInterfaceRequest({ regionId: "cn-qingdao", routerInterfaceId: ri1 }),
    );
    expect(await statusOf(vpc, "cn-qingdao", ri1)).toBe("Connecting");
    expect(await statusOf(vpc, "cn-beijing", ri2)).toBe("AcceptingConnecting");
    await sandbox.step(12_250);
    expect(await statusOf(vpc, "cn-qingdao", ri1)).toBe("Active");
    expect(await statusOf(vpc, "cn-beijing", ri2)).toBe("Active");

    for (const { own, to, ri } of [
      { own: initiator, to: acceptor, ri: ri1 },
      { own: acceptor, to: initiator, ri: ri2 },
    ]) {
      await vpc.createRouteEntry(
        new CreateRouteEntryRequest({
          regionId: own.regionId,
          routeTableId: own.routeTableId,
          destinationCidrBlock: to.cidrBlock,
          nextHopType: "RouterInterface",
          nextHopId: ri,
        }),
      );
      await ecs.authorizeSecurityGroup(
        new AuthorizeSecurityGroupRequest({
          regionId: own.regionId,
          securityGroupId: own.securityGroupId,
          permissions: [
            new AuthorizeSecurityGroupRequestPermissions({
              ipProtocol: "icmp",
              portRange: "-1/-1",
              sourceCidrIp: to.cidrBlock,
              priority: "100",
            }),
          ],
        }),
      );
    }
    await sandbox.step(4_250);

    const run = await ecs.runCommand(
      new RunCommandRequest({
        regionId: "cn-qingdao",
        type: "RunShellScript",
        commandContent: `ping -c 10 ${acceptor.privateIp}`,
        contentEncoding: "PlainText",
        instanceId: [initiator.instanceId],
      }),
    );
    await sandbox.step(12_000);
    const results = await ecs.describeInvocationResults(
      new DescribeInvocationResultsRequest({
        regionId: "cn-qingdao",
        invokeId: run.body?.invokeId ?? "",
        contentEncoding: "PlainText",
      }),
    );
    const [result] = results.body?.invocation?.invocationResults?.invocationResult ?? [];
    expect(result).toMatchObject({ invocationStatus: "Success", exitCode: 0, errorCode: "" });
    expect(result?.output).toContain("10 packets transmitted, 10 received, 0% packet loss");
  });

  test("the ping answers in both directions and takes about as long as light through the distance", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    await peer(sandbox, sides);

    const { Output } = await ping(sandbox, sides.initiator, sides.acceptor.privateIp);
    const average = Number(/= [\d.]+\/([\d.]+)\//.exec(Output)?.[1]);
    expect(average).toBeGreaterThan(11);
    expect(average).toBeLessThan(15);
    expect(await repliesTo(sandbox, sides.acceptor, sides.initiator.privateIp)).toBe(10);
  });
});

describe("whatever is forgotten, the ping fails", () => {
  test("without the route there", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const { initiator, acceptor } = sides;
    const pair = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, pair);
    await route(sandbox, { own: acceptor, opposite: initiator }, pair.acceptor);
    await letIn(sandbox, { own: acceptor, opposite: initiator });

    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(0);
  });

  test("without the route back, and it ends with exit code 1", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const { initiator, acceptor } = sides;
    const pair = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, pair);
    await route(sandbox, { own: initiator, opposite: acceptor }, pair.initiator);
    await letIn(sandbox, { own: acceptor, opposite: initiator });

    const result = await ping(sandbox, initiator, acceptor.privateIp);
    expect(result).toMatchObject({ InvocationStatus: "Failed", ExitCode: 1, ErrorCode: "ExitCodeNonzero" });
    expect(result["Output"]).toContain("10 packets transmitted, 0 received, 100% packet loss");
  });

  test("without the rule at the target", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const { initiator, acceptor } = sides;
    const pair = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, pair);
    await route(sandbox, { own: initiator, opposite: acceptor }, pair.initiator);
    await route(sandbox, { own: acceptor, opposite: initiator }, pair.acceptor);
    await letIn(sandbox, { own: initiator, opposite: acceptor });

    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(0);
    expect(await repliesTo(sandbox, acceptor, initiator.privateIp)).toBe(10);
  });

  test("with the other side's interface as next hop the route is refused", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, pair);

    const wrong = route(sandbox, { own: sides.initiator, opposite: sides.acceptor }, pair.acceptor);
    await expect(wrong).rejects.toMatchObject({ code: "InvalidNextHopId.NotFound" });
  });

  test("when the target is stopped, or one side is deactivated", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const { initiator, acceptor } = sides;
    const pair = await peer(sandbox, sides);
    const target = { regionId: "cn-beijing", kind: "instance", id: acceptor.instanceId };

    await sandbox.control("POST", "edit", { ...target, set: { status: "Stopped" } });
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(0);
    await sandbox.control("POST", "edit", { ...target, set: { status: "Running" } });
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(10);
    await sandbox.vpc("DeactivateRouterInterface", { RegionId: "cn-beijing", RouterInterfaceId: pair.acceptor });
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(0);
  });

  test("when the route is only in the system table and a custom table serves the host", async () => {
    const sandbox = await startSandbox();
    const initiator = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "orders-prod" });
    const acceptor = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "custom-table" });
    await peer(sandbox, { initiator, acceptor });
    const { instances } = await sandbox.state("cn-beijing");
    const other = instances.find(({ instanceName }) => instanceName === "custom-table-2");

    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(10);
    expect(await repliesTo(sandbox, initiator, other?.privateIp ?? "")).toBe(0);
  });

  test("but only until the missing route has become available halfway", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const { initiator, acceptor } = sides;
    const pair = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, pair);
    await route(sandbox, { own: initiator, opposite: acceptor }, pair.initiator);
    await letIn(sandbox, { own: acceptor, opposite: initiator });

    // Answered after 250 ms, begun 1.5 s later; the requests leave at 1.75 s, 2.75 s … 10.75 s.
    const pinging = sandbox.ecs("RunCommand", {
      RegionId: "cn-qingdao",
      Type: "RunShellScript",
      CommandContent: `ping -c 10 -W 1 ${acceptor.privateIp}`,
      ContentEncoding: "PlainText",
      InstanceId: [initiator.instanceId],
    });
    const { InvokeId } = await pinging;
    await route(sandbox, { own: acceptor, opposite: initiator }, pair.acceptor);
    await sandbox.step(20_000);

    const results = await sandbox.ecs("DescribeInvocationResults", {
      RegionId: "cn-qingdao",
      InvokeId,
      ContentEncoding: "PlainText",
    });
    const [result] = results["Invocation"].InvocationResults.InvocationResult;
    // The entry is available after 4.25 s, before the fourth request.
    expect(result.Output).toContain("10 packets transmitted, 7 received, 30% packet loss");
    expect(result.Output).not.toContain("icmp_seq=3 ");
    expect(result.Output).toContain("icmp_seq=4 ");
  });
});
