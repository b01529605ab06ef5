import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { createClock } from "../../../src/sandbox/alibaba/clock.ts";
import { CONTROL_ROUTES } from "../../../src/sandbox/alibaba/control.ts";
import { sideOf, tutorialSides } from "./peering.ts";
import { type Sandbox, startSandbox, theOne } from "./sandbox.ts";

/** A request whose Host and Origin can be anything; fetch does not allow that. */
function raw(
  sandbox: Sandbox,
  options: { path: string; method?: string; headers?: Record<string, string>; body?: string },
): Promise<{ status: number; body: string }> {
  const [host, port] = sandbox.cloud.endpoint.split(":");
  return new Promise((resolve, reject) => {
    const { path, method = "GET", headers = {} } = options;
    const sent = request({ host, port, path, method, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject);
    sent.end(options.body);
  });
}

describe("the control API", () => {
  test.each([
    [{ host: "rebound.example.com" }, 403],
    [{ host: "127.0.0.1.example.com" }, 403],
    [{ host: "localhost:4566" }, 200],
    [{ host: "[::1]:4566" }, 200],
    [{ origin: "https://example.com" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "http://localhost:3000" }, 200],
    [{ origin: "http://127.0.0.1:3000" }, 200],
  ])("answers a request with %o with %i", async (headers, status) => {
    const sandbox = await startSandbox();
    const answer = await raw(sandbox, { path: "/_sandbox/clock", headers: { host: "127.0.0.1", ...headers } });
    expect(answer.status).toBe(status);
  });

  test("tells what is wrong with a request", async () => {
    const sandbox = await startSandbox();
    const post = (path: string, body: string): Promise<{ status: number; body: string }> =>
      raw(sandbox, { path: `/_sandbox/${path}`, method: "POST", headers: { host: "localhost" }, body });
    expect(await post("dials", "{")).toEqual({ status: 400, body: '{"error":"The body is not JSON."}' });
    expect(await post("dials", '{"action":"*","fault":"explode"}')).toMatchObject({
      status: 400,
      body: expect.stringContaining("fault"),
    });
    expect(await post("dials", '{"action":"*","fault":"slow","mss":5}')).toMatchObject({
      body: expect.stringContaining("mss"),
    });
    expect(await post("clock", '{"speed":-1}')).toMatchObject({ status: 400, body: expect.stringContaining("speed") });
    expect(await post("journal", "{}")).toMatchObject({ status: 405, body: expect.stringContaining("takes GET") });
    expect(await post("weather", "{}")).toMatchObject({ status: 404 });
  });

  test("has a line about each of its routes", () => {
    expect(CONTROL_ROUTES.map(({ method, path }) => `${method} ${path}`)).toMatchInlineSnapshot(`
      [
        "GET /_sandbox/journal",
        "GET /_sandbox/state",
        "GET /_sandbox/dials",
        "POST /_sandbox/dials",
        "DELETE /_sandbox/dials",
        "GET /_sandbox/facts",
        "POST /_sandbox/facts",
        "GET /_sandbox/clock",
        "POST /_sandbox/clock",
        "POST /_sandbox/edit",
      ]
    `);
  });
});

describe("the clocks", () => {
  test("cloud time stands still at speed 0 and goes where it is put", async () => {
    const sandbox = await startSandbox();
    const before = await sandbox.control("GET", "clock");
    await sandbox.step(5_000);
    const after = await sandbox.control("GET", "clock");
    expect(after["cloudMs"] - before["cloudMs"]).toBe(5_000);
    expect(after["speed"]).toBe(0);
  });

  test("cloud time runs at its speed, wire time at its offset from real time", () => {
    let realMs = 1_000_000;
    const clock = createClock(() => realMs, 10);
    realMs += 100;
    expect(clock.now()).toEqual({ wireMs: 1_000_100, cloudMs: 1_001_000 });
    clock.set({ speed: 2, wireOffsetMs: -500 });
    realMs += 100;
    expect(clock.now()).toEqual({ wireMs: 999_700, cloudMs: 1_001_200 });
    clock.set({ advanceCloudMs: 60_000 });
    expect(clock.now()).toEqual({ wireMs: 999_700, cloudMs: 1_061_200 });
    // A computer's clock may be put back; cloud time does not follow.
    realMs -= 5_000;
    expect(clock.now().cloudMs).toBe(1_061_200);
  });

  test("answers take their time, divided by the speed", async () => {
    for (const [speed, atLeastMs] of [
      [1, 79],
      [0.5, 159],
    ] as const) {
      const { endedAt, at, latencyMs } = await firstAnswer({ speed });
      expect(endedAt - at).toBeGreaterThanOrEqual(atLeastMs);
      expect(latencyMs).toBe(80);
    }
  });

  test("answers come at once where latency is switched off", async () => {
    expect(await firstAnswer({ speed: 0.000_1, latency: false })).toMatchObject({ latencyMs: 0 });
  });
});

describe("editing by hand", () => {
  test("changes, adds and removes resources of every kind", async () => {
    const sandbox = await startSandbox();
    const edit = async (kind: string, change: object): Promise<any> =>
      (await sandbox.control("POST", "edit", { regionId: "cn-shenzhen", kind, ...change }))["resource"];

    const vpc = await edit("vpc", { add: { vpcName: "made-by-hand", cidrBlock: "10.99.0.0/16" } });
    expect(vpc).toMatchObject({
      vpcId: expect.stringMatching(/^vpc-wz9/),
      status: "Available",
      ownerId: sandbox.cloud.accountId,
    });
    const table = await edit("routeTable", { add: { vpcId: vpc.vpcId, routeTableName: "by-hand" } });
    const placed = { vpcId: vpc.vpcId, vSwitchName: "by-hand", cidrBlock: "10.99.1.0/24", zoneId: "cn-shenzhen-d" };
    const vSwitch = await edit("vSwitch", { add: placed });
    await edit("vSwitch", { id: vSwitch.vSwitchId, set: { routeTableId: table.routeTableId } });
    const group = await edit("securityGroup", { add: { vpcId: vpc.vpcId, securityGroupName: "by-hand" } });
    const rule = await edit("rule", { add: { securityGroupId: group.securityGroupId, sourceCidrIp: "10.0.0.0/8" } });
    const host = { vSwitchId: vSwitch.vSwitchId, instanceName: "by-hand", privateIp: "10.99.1.5" };
    const instance = await edit("instance", {
      add: { ...host, securityGroupIds: [group.securityGroupId], image: "alpine" },
    });
    expect(instance).toMatchObject({ status: "Running", image: { ping: "busybox" }, zoneId: "cn-shenzhen-d" });
    const side = await edit("routerInterface", {
      add: {
        role: "InitiatingSide",
        routerId: vpc.vRouterId,
        name: "by-hand",
        spec: "Mini.2",
        oppositeRegionId: "cn-beijing",
      },
    });
    const peered = await edit("vpcPeerConnection", {
      add: { vpcId: vpc.vpcId, acceptingRegionId: "cn-beijing", acceptingVpcId: "vpc-2zeelsewhere", name: "by-hand" },
    });
    expect(peered).toMatchObject({ status: "Activated", bandwidth: 1_024, ownerId: sandbox.cloud.accountId });
    const entry = await edit("routeEntry", {
      add: {
        routeTableId: table.routeTableId,
        destinationCidrBlock: "172.16.0.0/12",
        nextHopType: "RouterInterface",
        nextHopId: side.routerInterfaceId,
      },
    });
    await edit("routeEntry", { id: entry.routeEntryId, set: { status: "Pending" } });
    await edit("rule", { id: rule.securityGroupRuleId, set: { policy: "drop" } });
    await edit("routerInterface", { id: side.routerInterfaceId, set: { status: "Inactive" } });
    await edit("vpcPeerConnection", { id: peered.instanceId, set: { bizStatus: "FinancialLocked" } });
    await edit("vpc", { id: vpc.vpcId, set: { tags: [{ key: "owner", value: "network" }] } });

    const state = await sandbox.state("cn-shenzhen");
    expect(state).toMatchObject({
      vpcs: [{ tags: [{ key: "owner", value: "network" }] }],
      vSwitches: [{ routeTableId: table.routeTableId }],
      routeEntries: [{ status: "Pending", routeTableId: table.routeTableId, vpcId: vpc.vpcId }],
      routerInterfaces: [{ status: "Inactive" }],
      vpcPeerConnections: [{ bizStatus: "FinancialLocked", acceptingVpcId: "vpc-2zeelsewhere" }],
      rules: [{ policy: "drop", sourceCidrIp: "10.0.0.0/8", securityGroupId: group.securityGroupId }],
    });
    for (const [kind, id] of [
      ["routeEntry", entry.routeEntryId],
      ["routerInterface", side.routerInterfaceId],
      ["vpcPeerConnection", peered.instanceId],
      ["instance", instance.instanceId],
      ["rule", rule.securityGroupRuleId],
      ["securityGroup", group.securityGroupId],
      ["vSwitch", vSwitch.vSwitchId],
      ["routeTable", table.routeTableId],
      ["vpc", vpc.vpcId],
    ]) {
      await edit(kind, { id, remove: true });
      await expect(edit(kind, { id, remove: true })).rejects.toThrow(`There is no ${kind} ${id} in cn-shenzhen.`);
    }
  });

  test("an interface that is deleted by hand is gone for the other side", async () => {
    const sandbox = await startSandbox();
    const { routerInterfaces } = await sandbox.state("cn-shanghai");
    const side = theOne(routerInterfaces, ({ name }) => name === "peered-east-to-west");
    const change = { regionId: "cn-shanghai", kind: "routerInterface", id: side.routerInterfaceId, remove: true };
    await sandbox.control("POST", "edit", change);
    const list = await sandbox.vpc("DescribeRouterInterfaces", { RegionId: "cn-hangzhou" });
    expect(list["RouterInterfaceSet"].RouterInterfaceType[0]).toMatchObject({ OppositeInterfaceStatus: "Deleted" });
  });

  test("a peering connection may be named in either of its regions", async () => {
    const sandbox = await startSandbox();
    const { vpcPeerConnections } = await sandbox.state("cn-hangzhou");
    const { instanceId, regionId } = theOne(vpcPeerConnections, ({ name }) => name === "linked-east-to-west");
    expect(regionId).toBe("cn-shanghai");
    const remove = (from: string): Promise<unknown> =>
      sandbox.control("POST", "edit", { regionId: from, kind: "vpcPeerConnection", id: instanceId, remove: true });
    await expect(remove("cn-beijing")).rejects.toThrow(`There is no vpcPeerConnection ${instanceId} in cn-beijing.`);
    await remove("cn-hangzhou");
    expect((await sandbox.state("cn-shanghai")).vpcPeerConnections).toEqual([]);
  });

  test.each([
    [{ kind: "openedServices", set: { cdt: false } }, "openedServices take none"],
    [{ kind: "openedServices", regionId: undefined, set: { weather: true } }, "weather"],
    [{ kind: "openedServices", regionId: undefined, id: "cdt", set: { cdt: true } }, "only set"],
    [{ kind: "openedServices", regionId: undefined, remove: true }, "only set"],
    [{ kind: "vpc", regionId: undefined, id: "vpc-1", remove: true }, "needs a regionId"],
    [{ kind: "planet" }, "kind"],
    [{ kind: "vpc", id: "vpc-1" }, "exactly one of set, add and remove"],
    [{ kind: "vpc", id: "vpc-1", set: {}, remove: true }, "exactly one of set, add and remove"],
    [{ kind: "vpc", set: { vpcName: "x" } }, "need an id"],
    [{ kind: "vpc", id: "vpc-1", set: { colour: "blue" } }, "colour"],
    [{ kind: "vpc", id: "vpc-1", set: { status: "Broken" } }, "status"],
    [{ kind: "vpc", id: "vpc-1", set: { vpcName: "x" } }, "There is no vpc vpc-1"],
    [
      { kind: "vSwitch", add: { vpcId: "vpc-1", vSwitchName: "x", cidrBlock: "10.0.0.0/24", zoneId: "z" } },
      "no VPC vpc-1",
    ],
    [{ kind: "rule", add: { securityGroupId: "sg-1", priority: 101 } }, "priority"],
    [{ kind: "vpc", regionId: "cn-atlantis", id: "vpc-1", remove: true }, "no region cn-atlantis"],
  ])("%o is refused: %s", async (change, why) => {
    const sandbox = await startSandbox();
    const edit = sandbox.control("POST", "edit", { regionId: "cn-qingdao", ...change });
    await expect(edit).rejects.toThrow(why);
  });

  test("a tag that is taken away hides an instance from a search by tag", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const tagged = async (): Promise<number> => {
      const Tag = [{ Key: "peer-vpcs-test", Value: "allow" }];
      return (await sandbox.ecs("DescribeInstances", { RegionId: "cn-qingdao", VpcId: initiator.vpcId, Tag }))[
        "TotalCount"
      ];
    };
    expect(await tagged()).toBe(2);
    const change = { regionId: "cn-qingdao", kind: "instance", id: initiator.instanceId };
    await sandbox.control("POST", "edit", { ...change, set: { tags: [] } });
    expect(await tagged()).toBe(1);
    const stopped = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "stopped-host" });
    const status = { RegionId: "cn-beijing", InstanceId: [stopped.instanceId] };
    expect(await sandbox.ecs("DescribeInstanceStatus", status)).toMatchObject({
      InstanceStatuses: { InstanceStatus: [{ Status: "Stopped" }] },
    });
  });
});

/** The journal's record of one read. */
async function firstAnswer(options: {
  speed: number;
  latency?: boolean;
}): Promise<{ at: number; endedAt: number; latencyMs: number }> {
  const sandbox = await startSandbox(options);
  await sandbox.vpc("DescribeRegions", {});
  return (await sandbox.control("GET", "journal"))["entries"][0];
}
