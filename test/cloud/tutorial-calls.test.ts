/**
 * The tutorial, call by call, under one grant each: exactly what arrives at the cloud, in the order in which the bot
 * makes the calls.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashOf } from "../../machines/network/plan.ts";
import type { CreateRouterInterface, PlannedRule, StepEffect } from "../../machines/peering/effects.ts";
import { RAM_ACTIONS } from "../../src/cloud/actions.ts";
import { testScript } from "../../src/cloud/test-script.ts";
import type { GrantedWriter, Invocation } from "../../src/ports.ts";
import {
  found,
  grantFor,
  instanceIdOf,
  MARK,
  placeOf,
  startSandboxedCloud,
  type SandboxedCloud,
  type WireCall,
} from "./sandboxed-cloud.ts";

const ICMP: PlannedRule = { protocol: "ICMP", portRange: "-1/-1", peerCidr: "192.168.0.0/16" };
const POSTGRES: PlannedRule = { protocol: "TCP", portRange: "5432/5432", peerCidr: "192.168.0.0/16" };
const EGRESS: PlannedRule = { protocol: "ICMP", portRange: "-1/-1", peerCidr: "172.16.0.0/16" };

const TRIES = { ping: true, ports: [5432] };

interface Story {
  readonly wire: Readonly<Record<string, WireCall>>;
  readonly ids: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, { readonly requestId: string }>>;
  readonly ping: Invocation;
  readonly everyAction: ReadonlySet<string>;
}

let cloud: SandboxedCloud;
let story: Story;

beforeAll(async () => {
  cloud = await startSandboxedCloud();
  story = await carryOutTutorial(cloud);
});
afterAll(() => cloud.close());

async function carryOutTutorial(sandboxed: SandboxedCloud): Promise<Story> {
  const { reader, writer } = sandboxed;
  const ours = await placeOf(sandboxed, "cn-qingdao", "orders-prod");
  const theirs = await placeOf(sandboxed, "cn-beijing", "shared-data");
  const instanceId = await instanceIdOf(sandboxed, "cn-qingdao", "orders-prod-1");
  const ledgerId = await instanceIdOf(sandboxed, "cn-beijing", "ledger-1");
  const wire: Record<string, WireCall> = {};
  const answers: Record<string, { readonly requestId: string }> = {};
  const everyAction = new Set<string>();
  const step = async <Answer extends { readonly requestId: string }>(
    name: string,
    effect: StepEffect,
    write: (granted: GrantedWriter) => Promise<Answer>,
  ): Promise<Answer> => {
    for (const { action } of await sandboxed.arrived()) everyAction.add(action);
    const answer = await write(writer(grantFor(effect, `token-${name}`)));
    const [call, ...more] = await sandboxed.arrived();
    expect(more).toEqual([]);
    wire[name] = found(call, name);
    answers[name] = answer;
    everyAction.add(wire[name].action);
    return answer;
  };

  await reader.accountId();
  await reader.regions();
  await reader.vpcs(ours.regionId);
  await reader.networkFacts({ initiator: ours, acceptor: theirs });

  const createOurs: CreateRouterInterface = {
    type: "createRouterInterface",
    side: "initiator",
    regionId: ours.regionId,
    role: "InitiatingSide",
    routerId: ours.vRouterId,
    spec: "Mini.2",
    oppositeRegionId: theirs.regionId,
    oppositeRouterId: theirs.vRouterId,
  };
  const createTheirs: CreateRouterInterface = {
    type: "createRouterInterface",
    side: "acceptor",
    regionId: theirs.regionId,
    role: "AcceptingSide",
    routerId: theirs.vRouterId,
    spec: "Negative",
    oppositeRegionId: ours.regionId,
    oppositeRouterId: ours.vRouterId,
  };
  const create = (name: string, effect: CreateRouterInterface) => {
    // What an order holds besides its own fields is left behind.
    const order = { ...effect, period: 1, autoPay: true, name: MARK, description: "orders reads the ledger" };
    return step(name, effect, (granted) => granted.createRouterInterface(order));
  };
  const { routerInterfaceId: ourId } = await create("createInitiator", createOurs);
  const { routerInterfaceId: theirId } = await create("createAcceptor", createTheirs);
  await sandboxed.advance(2_000);

  const modify = (name: string, own: typeof ours, ownId: string, other: typeof ours, otherId: string) =>
    step(
      name,
      {
        type: "modifyRouterInterfaceAttribute",
        side: "acceptor",
        regionId: own.regionId,
        oppositeRouterId: other.vRouterId,
      },
      (granted) =>
        granted.modifyRouterInterfaceAttribute({
          regionId: own.regionId,
          routerInterfaceId: ownId,
          oppositeInterfaceId: otherId,
          oppositeRouterId: other.vRouterId,
          oppositeOwnerId: sandboxed.alibaba.accountId,
        }),
    );
  await modify("modifyAcceptor", theirs, theirId, ours, ourId);
  await modify("modifyInitiator", ours, ourId, theirs, theirId);

  const target = { regionId: ours.regionId, routerInterfaceId: ourId };
  const connect = {
    type: "connectRouterInterface",
    side: "initiator",
    ...target,
    oppositeRegionId: "cn-beijing",
  } as const;
  await step("connect", connect, (granted) => granted.connectRouterInterface(target));
  await sandboxed.advance(12_000);

  const route = {
    side: "initiator",
    regionId: ours.regionId,
    vpcId: ours.vpcId,
    routeTableId: ours.routeTableId,
    destination: "172.16.0.0/16",
  } as const;
  const entry = { ...route, nextHop: { type: "RouterInterface", id: ourId }, name: MARK } as const;
  await step("route", { type: "createRouteEntry", ...route }, (granted) => granted.createRouteEntry(entry));
  const back = {
    ...route,
    regionId: theirs.regionId,
    routeTableId: theirs.routeTableId,
    destination: "192.168.0.0/16",
    type: "createRouteEntry",
  } as const;
  await step("routeBack", back, (granted) =>
    granted.createRouteEntry({ ...back, nextHop: { type: "RouterInterface", id: theirId }, name: MARK }),
  );
  await sandboxed.advance(4_000);

  const group = { side: "acceptor", regionId: theirs.regionId, securityGroupId: theirs.securityGroupId } as const;
  const authorize = (name: string, direction: "ingress" | "egress", rules: readonly PlannedRule[]) =>
    step(name, { type: "authorizeSecurityGroup", ...group, direction, rules }, (granted) =>
      granted.authorizeSecurityGroup({
        ...group,
        direction,
        rules: rules.map((rule) => ({ ...rule, description: MARK })),
      }),
    );
  await authorize("authorize", "ingress", [ICMP, POSTGRES]);
  await authorize("authorizeEgress", "egress", [EGRESS]);
  const test = {
    type: "runConnectivityTest",
    side: "initiator",
    regionId: ours.regionId,
    instanceId,
    targetRegionId: theirs.regionId,
    targetInstanceId: ledgerId,
    ...TRIES,
  } as const;
  const { invokeId } = await step("ping", test, (granted) =>
    granted.runTest({
      ...test,
      osType: "linux",
      username: "nobody",
      targetIp: "172.16.1.11",
      tries: TRIES,
      name: MARK,
    }),
  );
  await sandboxed.advance(30_000);
  const ping = await reader.invocation(ours.regionId, invokeId);

  await step("deleteRoute", { type: "deleteRouteEntry", ...route }, (granted) => granted.deleteRouteEntry(entry));
  const backGone = { ...back, type: "deleteRouteEntry" } as const;
  await step("deleteRouteBack", backGone, (granted) =>
    granted.deleteRouteEntry({ ...back, nextHop: { type: "RouterInterface", id: theirId }, name: MARK }),
  );
  await sandboxed.advance(4_000);
  const side = { side: "initiator", regionId: ours.regionId } as const;
  await step("deactivate", { type: "deactivateRouterInterface", ...side }, (granted) =>
    granted.deactivateRouterInterface(target),
  );
  await sandboxed.advance(4_000);
  const removal = { type: "deleteRouterInterface", ...side, routerId: ours.vRouterId } as const;
  await step("delete", removal, (granted) => granted.deleteRouterInterface(target));
  const idsOf = async (direction: "ingress" | "egress"): Promise<readonly string[]> => {
    const rules = await reader.securityGroupRules(theirs.regionId, theirs.securityGroupId, direction);
    return rules.filter(({ description }) => description === MARK).map(({ id }) => id);
  };
  const revoke = async (name: string, direction: "ingress" | "egress"): Promise<readonly string[]> => {
    const ruleIds = await idsOf(direction);
    await step(name, { type: "revokeSecurityGroup", ...group, direction, rules: [] }, (granted) =>
      granted.revokeSecurityGroup({ ...group, direction, ruleIds }),
    );
    expect(await idsOf(direction)).toEqual([]);
    return ruleIds;
  };
  const [icmpId = "", postgresId = ""] = await revoke("revoke", "ingress");
  const [egressId = ""] = await revoke("revokeEgress", "egress");
  for (const { action } of await sandboxed.arrived()) everyAction.add(action);
  const ids = {
    ourId,
    theirId,
    invokeId,
    instanceId,
    icmpId,
    postgresId,
    egressId,
    ourRouter: ours.vRouterId,
    theirRouter: theirs.vRouterId,
    ourTable: ours.routeTableId,
    theirTable: theirs.routeTableId,
    group: theirs.securityGroupId,
  };
  return { wire, ids, answers, ping, everyAction };
}

const arrived = (name: string): WireCall => found(story.wire[name], name);

describe("the tutorial's calls", () => {
  it("creates the initiator with its bandwidth, postpaid, towards a VRouter", () => {
    expect(arrived("createInitiator").action).toBe("CreateRouterInterface");
    expect(arrived("createInitiator").params).toEqual({
      RegionId: "cn-qingdao",
      Role: "InitiatingSide",
      RouterType: "VRouter",
      RouterId: story.ids["ourRouter"],
      Spec: "Mini.2",
      OppositeRegionId: "cn-beijing",
      OppositeRouterId: story.ids["theirRouter"],
      OppositeRouterType: "VRouter",
      InstanceChargeType: "PostPaid",
      Name: MARK,
      Description: "orders reads the ledger",
      ClientToken: "token-createInitiator",
    });
  });

  it("creates the acceptor with spec Negative in its own region", () => {
    expect(arrived("createAcceptor").params).toMatchObject({
      RegionId: "cn-beijing",
      Role: "AcceptingSide",
      RouterId: story.ids["theirRouter"],
      Spec: "Negative",
      OppositeRegionId: "cn-qingdao",
      OppositeRouterId: story.ids["ourRouter"],
      OppositeRouterType: "VRouter",
      InstanceChargeType: "PostPaid",
      ClientToken: "token-createAcceptor",
    });
  });

  it("tells each interface its opposite, router type and owner included, without a client token", () => {
    expect(arrived("modifyAcceptor").params).toEqual({
      RegionId: "cn-beijing",
      RouterInterfaceId: story.ids["theirId"],
      OppositeInterfaceId: story.ids["ourId"],
      OppositeRouterId: story.ids["ourRouter"],
      OppositeRouterType: "VRouter",
      OppositeInterfaceOwnerId: "1234567890123456",
    });
    expect(arrived("modifyInitiator").params).toMatchObject({
      RegionId: "cn-qingdao",
      RouterInterfaceId: story.ids["ourId"],
      OppositeInterfaceId: story.ids["theirId"],
    });
  });

  it("connects and deactivates by id in the interface's own region", () => {
    const target = { RegionId: "cn-qingdao", RouterInterfaceId: story.ids["ourId"] };
    expect(arrived("connect")).toMatchObject({ action: "ConnectRouterInterface", params: target });
    expect(arrived("deactivate")).toMatchObject({ action: "DeactivateRouterInterface", params: target });
    expect(Object.keys(arrived("connect").params)).toHaveLength(2);
    expect(Object.keys(arrived("deactivate").params)).toHaveLength(2);
  });

  it("deletes an interface by id, with a client token of its own: there can be several under one grant", () => {
    const routerInterfaceId = story.ids["ourId"];
    expect(arrived("delete").action).toBe("DeleteRouterInterface");
    expect(arrived("delete").params).toEqual({
      RegionId: "cn-qingdao",
      RouterInterfaceId: routerInterfaceId,
      ClientToken: hashOf({ clientToken: "token-delete", routerInterfaceId }),
    });
  });

  it("routes to the peer's block through this side's own interface", () => {
    expect(arrived("route").action).toBe("CreateRouteEntry");
    expect(arrived("route").params).toEqual({
      RegionId: "cn-qingdao",
      RouteTableId: story.ids["ourTable"],
      DestinationCidrBlock: "172.16.0.0/16",
      NextHopType: "RouterInterface",
      NextHopId: story.ids["ourId"],
      RouteEntryName: MARK,
      ClientToken: "token-route",
    });
    expect(arrived("routeBack").params).toMatchObject({ RegionId: "cn-beijing", NextHopId: story.ids["theirId"] });
  });

  it("deletes a route entry by destination and next hop", () => {
    expect(arrived("deleteRoute").action).toBe("DeleteRouteEntry");
    expect(arrived("deleteRoute").params).toEqual({
      RegionId: "cn-qingdao",
      RouteTableId: story.ids["ourTable"],
      DestinationCidrBlock: "172.16.0.0/16",
      NextHopId: story.ids["ourId"],
    });
  });

  it("opens blocks and ports at the weakest priority, all rules in one call", () => {
    expect(arrived("authorize").action).toBe("AuthorizeSecurityGroup");
    expect(arrived("authorize").params).toEqual({
      RegionId: "cn-beijing",
      SecurityGroupId: story.ids["group"],
      "Permissions.1.Policy": "accept",
      "Permissions.1.Priority": "100",
      "Permissions.1.IpProtocol": "ICMP",
      "Permissions.1.PortRange": "-1/-1",
      "Permissions.1.SourceCidrIp": "192.168.0.0/16",
      "Permissions.1.Description": MARK,
      "Permissions.2.Policy": "accept",
      "Permissions.2.Priority": "100",
      "Permissions.2.IpProtocol": "TCP",
      "Permissions.2.PortRange": "5432/5432",
      "Permissions.2.SourceCidrIp": "192.168.0.0/16",
      "Permissions.2.Description": MARK,
      ClientToken: "token-authorize",
    });
  });

  it("opens the way out with the block as destination", () => {
    expect(arrived("authorizeEgress").action).toBe("AuthorizeSecurityGroupEgress");
    expect(arrived("authorizeEgress").params).toMatchObject({
      "Permissions.1.Policy": "accept",
      "Permissions.1.Priority": "100",
      "Permissions.1.DestCidrIp": "172.16.0.0/16",
      ClientToken: "token-authorizeEgress",
    });
  });

  it("revokes rules by id and nothing else", () => {
    const common = { RegionId: "cn-beijing", SecurityGroupId: story.ids["group"] };
    expect(arrived("revoke").action).toBe("RevokeSecurityGroup");
    expect(arrived("revoke").params).toEqual({
      ...common,
      "SecurityGroupRuleId.1": story.ids["icmpId"],
      "SecurityGroupRuleId.2": story.ids["postgresId"],
      ClientToken: "token-revoke",
    });
    expect(arrived("revokeEgress").action).toBe("RevokeSecurityGroupEgress");
    expect(arrived("revokeEgress").params).toEqual({
      ...common,
      "SecurityGroupRuleId.1": story.ids["egressId"],
      ClientToken: "token-revokeEgress",
    });
  });

  it("tests with the one fixed script, unprivileged, its encoding named", () => {
    const { CommandContent = "", ...params } = arrived("ping").params;
    expect(Buffer.from(CommandContent, "base64").toString()).toBe(testScript("linux", "172.16.1.11", TRIES));
    expect(params).toEqual({
      RegionId: "cn-qingdao",
      "InstanceId.1": story.ids["instanceId"],
      Type: "RunShellScript",
      ContentEncoding: "Base64",
      Username: "nobody",
      WorkingDir: "/tmp",
      Timeout: "60",
      Name: MARK,
      ClientToken: "token-ping",
    });
  });

  it("reads back what the test said", () => {
    expect(story.ping).toMatchObject({ ended: true, status: "Success", exitCode: 0, errorCode: "" });
    expect(story.ping.ended && story.ping.output).toContain("10 packets transmitted, 10 received");
    expect(story.ping.ended && story.ping.output).toMatch(/\npeer-vpcs-test tcp5432=open payload=1472\n$/);
  });

  it("answers with the cloud's request id", () => {
    for (const [name, call] of Object.entries(story.wire)) expect(story.answers[name]?.requestId).toBe(call.requestId);
  });

  it("logs each call once, writes for operators and reads for developers, with whose step it was", () => {
    const writes = cloud.lines.filter(({ level }) => level === "info");
    expect(writes.map(({ fields }) => fields["requestId"])).toEqual(
      Object.values(story.wire).map(({ requestId }) => requestId),
    );
    expect(writes[0]).toEqual({
      level: "info",
      message: "cloud call",
      fields: {
        peeringId: "P-4F7K2M9Q",
        step: "createRouterInterface",
        api: "CreateRouterInterface",
        regionId: "cn-qingdao",
        requestId: arrived("createInitiator").requestId,
        elapsedMs: expect.any(Number),
      },
    });
    expect(cloud.lines.every(({ level }) => level === "info" || level === "debug")).toBe(true);
  });

  it("makes no call that the list for RAM policies does not have, and no entry of it is for nothing", () => {
    const listed = RAM_ACTIONS.map(({ action }) => action.slice(action.indexOf(":") + 1));
    // vpc-peer-calls.test.ts and facts-unseen.test.ts make the others.
    const others = listed.filter((api) => api.includes("VpcPeer") || api === "DescribeNetworkAcls");
    const own = listed.filter((api) => !others.includes(api) || api === "ListVpcPeerConnections");
    expect([...story.everyAction].toSorted()).toEqual(own.toSorted());
  });

  it("lists as writes what changes something", () => {
    const changing = RAM_ACTIONS.filter(({ writes: changes }) => changes).map(({ action }) => action);
    const writes = changing.filter((action) => !action.includes("VpcPeer"));
    const seen = Object.values(story.wire).map(({ action, version }) =>
      version === "2016-04-28" ? `vpc:${action}` : `ecs:${action}`,
    );
    expect(writes.toSorted()).toEqual([...new Set(seen)].toSorted());
  });
});
