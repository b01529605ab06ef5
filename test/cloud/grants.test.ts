/** What a grant covers: every method of the writer under a grant for every type of effect, and every field changed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StepEffect, StepEffectType } from "../../machines/peering/effects.ts";
import { CloudFailure, type GrantedWriter } from "../../src/ports.ts";
import { failureOf, grantFor, MARK, startSandboxedCloud, type SandboxedCloud } from "./sandboxed-cloud.ts";

type Method = keyof GrantedWriter;
type Orders = { readonly [M in Method]: Parameters<GrantedWriter[M]>[0] };

const REGION = "cn-qingdao";
const ROUTE = { regionId: REGION, routeTableId: "vtb-1", destination: "172.16.0.0/16" } as const;
const GROUP = { regionId: REGION, securityGroupId: "sg-1", direction: "ingress" } as const;
const RULE = { protocol: "TCP", portRange: "5432/5432", peerCidr: "172.16.0.0/16" } as const;
const TEST = { regionId: REGION, instanceId: "i-1" } as const;
const TRIES = { ping: true, ports: [5432] };
const PAIR = {
  regionId: REGION,
  role: "InitiatingSide",
  routerId: "vrt-1",
  spec: "Mini.2",
  oppositeRegionId: "cn-beijing",
  oppositeRouterId: "vrt-2",
} as const;
const PEERS = { regionId: REGION, vpcId: "vpc-1", acceptingRegionId: "cn-beijing", acceptingVpcId: "vpc-2" } as const;
const LINK = { bandwidthMbps: 100, type: "Gold" } as const;
const PEER_TARGET = { regionId: REGION, vpcPeerConnectionId: "pcc-1" };
const TARGET = { regionId: REGION, routerInterfaceId: "ri-1" };

const SIDE = { side: "initiator", regionId: REGION } as const;
const EFFECTS: { readonly [T in StepEffectType]: Extract<StepEffect, { type: T }> } = {
  checkPlan: { type: "checkPlan" },
  createRouterInterface: { type: "createRouterInterface", side: "initiator", ...PAIR },
  modifyRouterInterfaceAttribute: { type: "modifyRouterInterfaceAttribute", ...SIDE, oppositeRouterId: "vrt-2" },
  connectRouterInterface: { type: "connectRouterInterface", ...SIDE, oppositeRegionId: "cn-beijing" },
  createVpcPeerConnection: { type: "createVpcPeerConnection", side: "initiator", ...PEERS, link: LINK },
  deleteVpcPeerConnection: {
    type: "deleteVpcPeerConnection",
    side: "initiator",
    regionId: REGION,
    vpcId: "vpc-1",
    acceptingVpcId: "vpc-2",
  },
  createRouteEntry: { type: "createRouteEntry", side: "initiator", vpcId: "vpc-1", ...ROUTE },
  authorizeSecurityGroup: { type: "authorizeSecurityGroup", side: "initiator", ...GROUP, rules: [RULE] },
  runConnectivityTest: {
    type: "runConnectivityTest",
    side: "initiator",
    ...TEST,
    targetRegionId: "cn-beijing",
    targetInstanceId: "i-2",
    ...TRIES,
  },
  deleteRouteEntry: { type: "deleteRouteEntry", side: "initiator", vpcId: "vpc-1", ...ROUTE },
  deactivateRouterInterface: { type: "deactivateRouterInterface", ...SIDE },
  deleteRouterInterface: { type: "deleteRouterInterface", ...SIDE, routerId: "vrt-1" },
  revokeSecurityGroup: { type: "revokeSecurityGroup", side: "initiator", ...GROUP, rules: [RULE] },
};

const ORDERS: Orders = {
  createRouterInterface: { ...PAIR, name: MARK, description: "a test" },
  modifyRouterInterfaceAttribute: {
    ...TARGET,
    oppositeInterfaceId: "ri-2",
    oppositeRouterId: "vrt-2",
    oppositeOwnerId: "1234567890123456",
  },
  connectRouterInterface: TARGET,
  deactivateRouterInterface: TARGET,
  deleteRouterInterface: TARGET,
  createVpcPeerConnection: {
    ...PEERS,
    acceptingAccountId: "1234567890123456",
    link: LINK,
    name: MARK,
    description: "a test",
  },
  deleteVpcPeerConnection: PEER_TARGET,
  createRouteEntry: { ...ROUTE, nextHop: { type: "RouterInterface", id: "ri-1" }, name: MARK },
  deleteRouteEntry: { ...ROUTE, nextHop: { type: "VpcPeer", id: "pcc-1" }, name: MARK },
  authorizeSecurityGroup: { ...GROUP, rules: [{ ...RULE, description: MARK }] },
  revokeSecurityGroup: { ...GROUP, ruleIds: ["sgr-1"] },
  runTest: { ...TEST, osType: "linux", username: "nobody", targetIp: "172.16.1.11", tries: TRIES, name: MARK },
};

const EFFECT_OF: { readonly [M in Method]: StepEffectType } = {
  createRouterInterface: "createRouterInterface",
  modifyRouterInterfaceAttribute: "modifyRouterInterfaceAttribute",
  connectRouterInterface: "connectRouterInterface",
  deactivateRouterInterface: "deactivateRouterInterface",
  deleteRouterInterface: "deleteRouterInterface",
  createVpcPeerConnection: "createVpcPeerConnection",
  deleteVpcPeerConnection: "deleteVpcPeerConnection",
  createRouteEntry: "createRouteEntry",
  deleteRouteEntry: "deleteRouteEntry",
  authorizeSecurityGroup: "authorizeSecurityGroup",
  revokeSecurityGroup: "revokeSecurityGroup",
  runTest: "runConnectivityTest",
};

// Object.keys widens to string.
const METHODS = Object.keys(ORDERS) as readonly Method[];
const TYPES = Object.keys(EFFECTS) as readonly StepEffectType[];

let cloud: SandboxedCloud;
beforeAll(async () => {
  cloud = await startSandboxedCloud();
});
afterAll(() => cloud.close());
beforeEach(() => cloud.arrived());

function write(method: Method, effect: StepEffect, order: unknown): Promise<unknown> {
  // The pairs of method and order are the tables' above; TypeScript cannot follow them through an index.
  const call = cloud.writer(grantFor(effect))[method] as (order: unknown) => Promise<unknown>;
  return call(order);
}

async function isLetOut(method: Method, effect: StepEffect, order: unknown): Promise<boolean> {
  await cloud.arrived();
  let thrown: unknown;
  try {
    await write(method, effect, order);
  } catch (error) {
    thrown = error;
  }
  const calls = await cloud.arrived();
  // What the cloud says to these ids is beside the point.
  expect(thrown === undefined || thrown instanceof CloudFailure).toBe(calls.length === 1);
  return calls.length === 1;
}

describe("a grant", () => {
  const pairs = METHODS.flatMap((method) => TYPES.map((type) => ({ method, type })));

  it.each(pairs)("for $type and $method", async ({ method, type }) => {
    expect(await isLetOut(method, EFFECTS[type], ORDERS[method])).toBe(EFFECT_OF[method] === type);
  });

  const changes: ReadonlyArray<{ readonly method: Method; readonly fields: readonly string[] }> = [
    {
      method: "createRouterInterface",
      fields: ["regionId", "role", "routerId", "spec", "oppositeRegionId", "oppositeRouterId", "name"],
    },
    { method: "modifyRouterInterfaceAttribute", fields: ["regionId", "oppositeRouterId"] },
    { method: "connectRouterInterface", fields: ["regionId"] },
    { method: "deactivateRouterInterface", fields: ["regionId"] },
    { method: "deleteRouterInterface", fields: ["regionId"] },
    {
      method: "createVpcPeerConnection",
      fields: ["regionId", "vpcId", "acceptingRegionId", "acceptingVpcId", "link", "name"],
    },
    { method: "deleteVpcPeerConnection", fields: ["regionId"] },
    { method: "createRouteEntry", fields: ["regionId", "routeTableId", "destination", "name"] },
    { method: "deleteRouteEntry", fields: ["regionId", "routeTableId", "destination"] },
    { method: "authorizeSecurityGroup", fields: ["regionId", "securityGroupId", "direction"] },
    { method: "revokeSecurityGroup", fields: ["regionId", "securityGroupId", "direction"] },
    { method: "runTest", fields: ["regionId", "instanceId", "name"] },
  ];

  it.each(changes.flatMap(({ method, fields }) => fields.map((field) => ({ method, field }))))(
    "does not cover a $method with another $field",
    async ({ method, field }) => {
      const order = { ...ORDERS[method], [field]: "another" };
      expect(await isLetOut(method, EFFECTS[EFFECT_OF[method]], order)).toBe(false);
    },
  );

  it.each(["protocol", "portRange", "peerCidr", "description"])(
    "does not cover a rule with another %s",
    async (field) => {
      const rules = [
        { ...RULE, description: MARK },
        { ...RULE, description: MARK, [field]: "another" },
      ];
      const order = { ...ORDERS.authorizeSecurityGroup, rules };
      expect(await isLetOut("authorizeSecurityGroup", EFFECTS.authorizeSecurityGroup, order)).toBe(false);
    },
  );

  it.each([
    { what: "another bandwidth", granted: LINK, asked: { ...LINK, bandwidthMbps: 200 } },
    { what: "another type", granted: LINK, asked: { ...LINK, type: "Platinum" } },
    { what: "no link where one was approved", granted: LINK, asked: null },
    { what: "a link where none was approved", granted: null, asked: LINK },
  ])("does not cover a peering connection with $what", async ({ granted, asked }) => {
    const effect = { ...EFFECTS.createVpcPeerConnection, link: granted };
    const order = { ...ORDERS.createVpcPeerConnection, link: asked };
    expect(await isLetOut("createVpcPeerConnection", effect, order)).toBe(false);
  });

  it("covers a peering connection without a link where none was approved", async () => {
    const effect = { ...EFFECTS.createVpcPeerConnection, link: null };
    const order = { ...ORDERS.createVpcPeerConnection, link: null };
    expect(await isLetOut("createVpcPeerConnection", effect, order)).toBe(true);
  });

  it("covers no empty list and none that is longer than the API takes", async () => {
    for (const rules of [[], Array.from({ length: 101 }, () => ({ ...RULE, description: MARK }))]) {
      const order = { ...ORDERS.authorizeSecurityGroup, rules };
      expect(await isLetOut("authorizeSecurityGroup", EFFECTS.authorizeSecurityGroup, order)).toBe(false);
    }
    const order = { ...ORDERS.revokeSecurityGroup, ruleIds: [] };
    expect(await isLetOut("revokeSecurityGroup", EFFECTS.revokeSecurityGroup, order)).toBe(false);
  });

  it("without anybody's approval covers nothing", async () => {
    const grant = { ...grantFor(EFFECTS.connectRouterInterface), approvedBy: [] };

    await expect(cloud.writer(grant).connectRouterInterface(TARGET)).rejects.toThrow(/under the grant of/);
    expect(await cloud.arrived()).toEqual([]);
  });

  it("that is overstepped says which, and for what", async () => {
    await expect(write("deleteRouteEntry", EFFECTS.createRouteEntry, ORDERS.deleteRouteEntry)).rejects.toThrow(
      /^calling DeleteRouteEntry under the grant of P-4F7K2M9Q createRouteEntry, which is for createRouteEntry: \{/,
    );
  });

  it.each([
    { what: "another port", granted: TRIES, asked: { ping: true, ports: [5432, 22] }, covered: false },
    { what: "no ping", granted: TRIES, asked: { ping: false, ports: [5432] }, covered: true },
    { what: "a ping where none was approved", granted: { ...TRIES, ping: false }, asked: TRIES, covered: false },
    {
      what: "a port that is none",
      granted: { ping: true, ports: [0] },
      asked: { ping: true, ports: [0] },
      covered: false,
    },
  ])("of a test with $what: $covered", async ({ granted, asked, covered }) => {
    const effect = { ...EFFECTS.runConnectivityTest, ...granted };
    expect(await isLetOut("runTest", effect, { ...ORDERS.runTest, tries: asked })).toBe(covered);
  });

  it("covers testing an address, and nothing else that looks like one", async () => {
    for (const targetIp of ["172.16.1.11; reboot", "100.100.100.200", "127.0.0.1", ""]) {
      const order = { ...ORDERS.runTest, targetIp };
      expect(await isLetOut("runTest", EFFECTS.runConnectivityTest, order)).toBe(false);
    }
  });
});

describe("an account id that is no exact number", () => {
  it("is not sent", async () => {
    const order = { ...ORDERS.modifyRouterInterfaceAttribute, oppositeOwnerId: "9999999999999999" };
    expect(await isLetOut("modifyRouterInterfaceAttribute", EFFECTS.modifyRouterInterfaceAttribute, order)).toBe(false);
  });

  it("is sent where it goes as its digits", async () => {
    const order = { ...ORDERS.createVpcPeerConnection, acceptingAccountId: "9999999999999999" };
    expect(await isLetOut("createVpcPeerConnection", EFFECTS.createVpcPeerConnection, order)).toBe(true);
  });
});

describe("a bot that is installed read-only", () => {
  it("writes nothing, whatever the grant", async () => {
    const readOnly = await startSandboxedCloud({ mode: "read-only" });
    await readOnly.reader.regions();
    await readOnly.arrived();
    for (const method of METHODS) {
      const granted = readOnly.writer(grantFor(EFFECTS[EFFECT_OF[method]]));
      const call = granted[method] as (order: unknown) => Promise<unknown>;
      expect(await failureOf(call(ORDERS[method]))).toMatchObject({ kind: "readOnly", code: "", requestId: "" });
    }
    expect(await readOnly.arrived()).toEqual([]);
    await readOnly.close();
  });
});
