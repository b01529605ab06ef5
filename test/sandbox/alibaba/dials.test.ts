import { describe, expect, test } from "vitest";
import { callApi } from "./generic-client.ts";
import { createInterface, tutorialSides } from "./peering.ts";
import { type Answer, refusal, refusedWith, type Sandbox, startSandbox } from "./sandbox.ts";

const describeRegions = (sandbox: Sandbox): Promise<Answer> => sandbox.vpc("DescribeRegions", {});

async function interfaces(sandbox: Sandbox): Promise<number> {
  return (await sandbox.state("cn-qingdao")).routerInterfaces.length;
}

async function creatingWith(
  dial: object,
): Promise<{ sandbox: Sandbox; create: (more?: Record<string, unknown>) => Promise<Answer> }> {
  const sandbox = await startSandbox();
  const { initiator, acceptor } = await tutorialSides(sandbox);
  await sandbox.control("POST", "dials", { action: "CreateRouterInterface", ...dial });
  const sides = { own: initiator, opposite: acceptor, role: "InitiatingSide" } as const;
  return { sandbox, create: (more = {}) => createInterface(sandbox, sides, more) };
}

describe("a dial", () => {
  test("throttles the next n requests, and says when to come back", async () => {
    const { sandbox, create } = await creatingWith({ fault: "throttle", times: 2, ms: 1_500 });
    const throttled = { name: "ThrottlingError", code: "Throttling.User", statusCode: 400, retryAfter: 1_500 };
    await expect(create()).rejects.toMatchObject(throttled);
    await expect(describeRegions(sandbox)).resolves.toBeDefined();
    await expect(create()).rejects.toMatchObject(throttled);
    await expect(create()).resolves.toBeDefined();
    expect(await interfaces(sandbox)).toBe(1);
  });

  test("makes the service unavailable", async () => {
    const { sandbox, create } = await creatingWith({ fault: "unavailable" });
    expect(await refusal(create())).toMatchObject({ code: "ServiceUnavailable", status: 503 });
    expect(await interfaces(sandbox)).toBe(0);
  });

  test("cuts the connection before anything is done", async () => {
    const { sandbox, create } = await creatingWith({ fault: "resetBefore" });
    await expect(create()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await interfaces(sandbox)).toBe(0);
  });

  test("cuts the connection after it is done", async () => {
    const { sandbox, create } = await creatingWith({ fault: "resetAfter" });
    await expect(create()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(await interfaces(sandbox)).toBe(1);
  });

  test("answers with a gateway's page instead of JSON, before or after it is done", async () => {
    for (const [fault, count] of [
      ["notJson", 0],
      ["notJsonAfter", 1],
    ] as const) {
      const { sandbox, create } = await creatingWith({ fault });
      await expect(create()).rejects.toThrow(SyntaxError);
      expect(await interfaces(sandbox)).toBe(count);
    }
  });

  test("holds an answer back past the client's patience, and it is done all the same", async () => {
    const { sandbox } = await creatingWith({ fault: "slow", ms: 60_000 });
    const { initiator } = await tutorialSides(sandbox);
    const query = {
      RegionId: "cn-qingdao",
      Role: "InitiatingSide",
      RouterType: "VRouter",
      RouterId: initiator.vRouterId,
      Spec: "Mini.2",
      OppositeRegionId: "cn-beijing",
      ClientToken: "token",
    };
    const call = { action: "CreateRouterInterface", version: "2016-04-28", query };
    await expect(callApi(sandbox.cloud, call, { timeoutMs: 300 })).rejects.toMatchObject({
      name: "RequestTimeoutError",
    });
    expect(await interfaces(sandbox)).toBe(1);
    // Nobody listens any more, but the request is not answered yet.
    expect(await refusedWith(callApi(sandbox.cloud, call))).toBe("LastTokenProcessing");
  });

  test("refuses with any code, status and message, and with the details of a denied permission", async () => {
    const AccessDeniedDetail = { AuthAction: "vpc:CreateRouterInterface", NoPermissionType: "ImplicitDeny" };
    const fault = {
      code: "Forbidden.RAM",
      status: 403,
      message: "User not authorized.",
      extra: { AccessDeniedDetail },
    };
    const { create } = await creatingWith({ fault });
    await expect(create()).rejects.toMatchObject({
      code: "Forbidden.RAM",
      statusCode: 403,
      data: { Message: "User not authorized.", AccessDeniedDetail },
    });
  });

  test("denies a dry run before anything else of it is looked at, so that permissions can be found out", async () => {
    const sandbox = await startSandbox();
    const { initiator, acceptor } = await tutorialSides(sandbox);
    const attempts: Readonly<Record<string, () => Promise<unknown>>> = {
      CreateRouteEntry: () =>
        sandbox.vpc("CreateRouteEntry", {
          RegionId: initiator.regionId,
          RouteTableId: initiator.routeTableId,
          DestinationCidrBlock: "10.99.0.0/16",
          NextHopType: "RouterInterface",
          NextHopId: "ri-m5enothere",
          DryRun: true,
        }),
      CreateVpcPeerConnection: () =>
        sandbox.vpcPeer("CreateVpcPeerConnection", {
          RegionId: initiator.regionId,
          VpcId: initiator.vpcId,
          AcceptingAliUid: sandbox.cloud.accountId,
          AcceptingRegionId: acceptor.regionId,
          AcceptingVpcId: acceptor.vpcId,
          DryRun: true,
        }),
    };
    const fault = { code: "Forbidden.RAM", status: 403, message: "User not authorized." };
    const answers: Record<string, ReadonlyArray<string>> = {};
    for (const [action, attempt] of Object.entries(attempts)) {
      await sandbox.control("POST", "dials", { action, fault, when: { DryRun: "true" } });
      answers[action] = [await refusedWith(attempt()), await refusedWith(attempt())];
    }
    expect(answers).toEqual({
      CreateRouteEntry: ["Forbidden.RAM", "InvalidNextHopId.NotFound"],
      CreateVpcPeerConnection: ["Forbidden.RAM", "DryRunOperation"],
    });
    expect((await sandbox.state(initiator.regionId)).vpcPeerConnections).toEqual([]);
  });

  test("for an action leaves its dry runs alone, and one for every action does not", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const create = (DryRun: boolean): Promise<string> =>
      refusedWith(
        sandbox.vpc("CreateRouteEntry", {
          RegionId: initiator.regionId,
          RouteTableId: initiator.routeTableId,
          DestinationCidrBlock: "10.99.0.0/16",
          NextHopType: "RouterInterface",
          NextHopId: "ri-m5enothere",
          DryRun,
        }),
      );
    const fault = { code: "Forbidden.RAM", status: 403, message: "User not authorized." };
    await sandbox.control("POST", "dials", { action: "CreateRouteEntry", fault });
    expect([await create(true), await create(false), await create(false)]).toEqual([
      "InvalidNextHopId.NotFound",
      "Forbidden.RAM",
      "InvalidNextHopId.NotFound",
    ]);
    await sandbox.control("POST", "dials", { action: "*", fault });
    expect([await create(true), await create(true)]).toEqual(["Forbidden.RAM", "InvalidNextHopId.NotFound"]);
  });

  test("can be for one region and for parameters of one value", async () => {
    const { create } = await creatingWith({ fault: "unavailable", regionId: "cn-beijing" });
    await expect(create()).resolves.toBeDefined();
    const second = await creatingWith({ fault: "unavailable", when: { Name: "unlucky" } });
    await expect(second.create({ Name: "lucky" })).resolves.toBeDefined();
    expect(await refusedWith(second.create({ Name: "unlucky" }))).toBe("ServiceUnavailable");
  });

  test("can be for every action and for a time", async () => {
    const sandbox = await startSandbox();
    await sandbox.control("POST", "dials", { action: "*", fault: "throttle", forMs: 60_000 });
    expect(await refusedWith(describeRegions(sandbox))).toBe("Throttling.User");
    expect(await refusedWith(sandbox.ecs("DescribeRegions", {}))).toBe("Throttling.User");
    // Half a minute later, by the clock that dates are measured with; the client's own dates are still good.
    await sandbox.control("POST", "clock", { wireOffsetMs: 30_000 });
    expect(await refusedWith(describeRegions(sandbox))).toBe("Throttling.User");
    await sandbox.control("POST", "clock", { wireOffsetMs: 61_000 });
    await expect(describeRegions(sandbox)).resolves.toBeDefined();
  });

  test("is listed until it is used up, and all can be cleared", async () => {
    const { sandbox, create } = await creatingWith({ fault: "unavailable", times: 2 });
    await create().catch(() => {});
    const list = async (): Promise<Answer[]> => (await sandbox.control("GET", "dials"))["dials"];
    expect(await list()).toMatchObject([{ action: "CreateRouterInterface", fault: "unavailable", times: 1 }]);
    await create().catch(() => {});
    expect(await list()).toEqual([]);
    await sandbox.control("POST", "dials", { action: "*", fault: "unavailable", times: 9 });
    await sandbox.control("DELETE", "dials");
    await expect(describeRegions(sandbox)).resolves.toBeDefined();
  });

  test("does not strike requests that are refused anyway", async () => {
    const { sandbox, create } = await creatingWith({ fault: "unavailable" });
    expect(await refusedWith(create({ Colour: "blue" }))).toBe("UnsupportedParameter");
    expect(await refusedWith(create())).toBe("ServiceUnavailable");
    expect(await interfaces(sandbox)).toBe(0);
  });
});
