/** What the reader makes of the sandbox's VPCs, and of answers as documented that the sandbox does not give. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NetworkFacts, SideFacts } from "../../machines/network/facts.ts";
import { answering, startCannedCloud } from "./canned-cloud.ts";
import {
  failureOf,
  found,
  instanceIdOf,
  placeOf,
  startSandboxedCloud,
  type SandboxedCloud,
} from "./sandboxed-cloud.ts";

let cloud: SandboxedCloud;
beforeAll(async () => {
  cloud = await startSandboxedCloud();
});
afterAll(() => cloud.close());

/** Both sides are asked; the one of interest is the acceptor. */
async function factsOf(regionId: string, vpcName: string): Promise<SideFacts> {
  const initiator = await placeOf(cloud, "cn-qingdao", "orders-prod");
  const { acceptor } = await cloud.reader.networkFacts({
    initiator,
    acceptor: await placeOf(cloud, regionId, vpcName),
  });
  return acceptor;
}

/** One of each, and one more for every further table and group. */
const SIDE_READS = [
  "DescribeVpcAttribute",
  "DescribeVSwitches",
  "DescribeRouteTableList",
  "DescribeSecurityGroups",
  "DescribeInstances",
  "DescribeRouteEntryList",
  "DescribeRouterInterfaces",
  "DescribeCloudAssistantStatus",
  "ListVpcPeerConnections",
  "DescribeSecurityGroupAttribute",
];

describe("the facts of the tutorial's pair", () => {
  let facts: NetworkFacts;
  let reads: readonly string[];
  beforeAll(async () => {
    const initiator = await placeOf(cloud, "cn-qingdao", "orders-prod");
    const acceptor = await placeOf(cloud, "cn-beijing", "shared-data");
    await cloud.arrived();
    facts = await cloud.reader.networkFacts({ initiator, acceptor });
    reads = (await cloud.arrived()).map(({ action, regionId }) => `${action} ${regionId}`.trim());
  });

  it("are 22 reads: one for the account, ten a side, and one for the second group of shared-data", () => {
    const side = ["cn-qingdao", "cn-beijing"].flatMap((regionId) =>
      SIDE_READS.map((action) => `${action} ${regionId}`),
    );
    expect(reads.toSorted()).toEqual(
      ["GetCallerIdentity", ...side, "DescribeSecurityGroupAttribute cn-beijing"].toSorted(),
    );
    expect(reads).toHaveLength(22);
  });

  it("name account, VPC, blocks and tables", () => {
    expect(facts.accountId).toBe("1234567890123456");
    const { initiator } = facts;
    expect(initiator.vpc).toEqual({
      id: initiator.vpcId,
      name: "orders-prod",
      regionId: "cn-qingdao",
      status: "Available",
      ownerId: "1234567890123456",
      vRouterId: expect.stringMatching(/^vrt-/),
      cidr: "192.168.0.0/16",
      secondaryCidrs: [],
      ipv6Cidr: "",
      userCidrs: [],
      cenIds: [],
      services: expect.any(Array),
      tags: [{ key: "owner", value: "orders" }],
    });
    const [table] = initiator.routeTables;
    expect(table).toMatchObject({ type: "System", associateType: "VSwitch" });
    expect(table?.entries).toContainEqual({
      id: expect.any(String),
      destination: "192.168.1.0/24",
      status: "Available",
      type: "System",
      nextHopType: "local",
      nextHopId: "",
    });
    expect(initiator.vSwitches).toMatchObject([
      { name: "orders-prod-a", cidr: "192.168.1.0/24", zoneId: "cn-qingdao-b", routeTableId: table?.id },
      { name: "orders-prod-b", cidr: "192.168.2.0/24", zoneId: "cn-qingdao-c", routeTableId: table?.id },
    ]);
    expect(initiator.routerInterfaces).toEqual([]);
    expect(initiator.vpcPeerConnections).toEqual([]);
  });

  it("name hosts, their groups, and who may be tested", () => {
    const { initiator, acceptor } = facts;
    expect(initiator.securityGroups).toEqual([
      {
        id: expect.stringMatching(/^sg-/),
        name: "orders-prod-hosts",
        type: "normal",
        serviceManaged: false,
        innerAccess: "accept",
        rules: expect.arrayContaining([expect.objectContaining({ direction: "ingress", policy: "accept" })]),
      },
    ]);
    expect(initiator.instances).toHaveLength(9);
    expect(acceptor.instances).toHaveLength(14);
    expect(initiator.instances[0]).toEqual({
      id: expect.stringMatching(/^i-/),
      name: "orders-prod-1",
      status: "Running",
      osType: "linux",
      osName: expect.stringMatching(/^Alibaba Cloud Linux .* 64 bit$/),
      vSwitchId: initiator.vSwitches[0]?.id,
      privateIp: "192.168.1.11",
      securityGroupIds: [initiator.securityGroups[0]?.id],
      optedIn: true,
      assistantOnline: true,
      tags: expect.arrayContaining([{ key: "peer-vpcs-test", value: "allow" }]),
    });
    const optedIn = [...initiator.instances, ...acceptor.instances].filter((instance) => instance.optedIn);
    expect(optedIn.map(({ name }) => name)).toEqual(["orders-prod-1", "orders-prod-6", "ledger-1", "warehouse-1"]);
  });
});

describe("the facts of", () => {
  it("a VPC that does not exist are empty", async () => {
    const initiator = await placeOf(cloud, "cn-qingdao", "orders-prod");
    const acceptor = { regionId: "cn-beijing", vpcId: "vpc-2zenone" } as const;
    const facts = await cloud.reader.networkFacts({ initiator, acceptor });
    expect(facts.acceptor).toEqual({
      ...acceptor,
      vpc: null,
      vSwitches: [],
      routeTables: [],
      securityGroups: [],
      instances: [],
      routerInterfaces: [],
      vpcPeerConnections: [],
      networkAcls: [],
    });
  });

  it.each(["InvalidVpcID.NotFound", "Forbidden.VpcNotFound"])("a VPC that is gone by %s are empty", async (code) => {
    const fault = { code, status: 400, message: "Specified VPC can not found." };
    await cloud.control("POST", "dials", { action: "DescribeVpcAttribute", regionId: "cn-beijing", fault });
    expect((await factsOf("cn-beijing", "shared-data")).vpc).toBeNull();
  });

  it("a VPC that could not be read do not exist", async () => {
    await cloud.dial({ action: "DescribeVpcAttribute", fault: "unavailable" });
    expect(await failureOf(factsOf("cn-beijing", "shared-data"))).toMatchObject({ api: "DescribeVpcAttribute" });
    await cloud.dial({ action: "DescribeSecurityGroups", fault: "unavailable" });
    expect(await failureOf(factsOf("cn-beijing", "shared-data"))).toMatchObject({ api: "DescribeSecurityGroups" });
  });

  it("a VPC with more blocks, of another account, or not ready yet", async () => {
    const [secondary, others, pending] = await Promise.all([
      factsOf("cn-shanghai", "overlap-secondary"),
      factsOf("cn-hangzhou", "other-account"),
      factsOf("cn-shanghai", "still-pending"),
    ]);
    expect(secondary.vpc?.secondaryCidrs).toEqual(["192.168.64.0/20"]);
    expect(others.vpc?.ownerId).toBe("6543210987654321");
    expect(pending.vpc?.status).toBe("Pending");
  });

  it("custom tables come with their entries, gateway tables without being read", async () => {
    const custom = await factsOf("cn-beijing", "custom-table");
    expect(custom.routeTables.map(({ type }) => type).toSorted()).toEqual(["Custom", "System"]);
    const served = custom.vSwitches.map(({ routeTableId }) => routeTableId);
    expect(served.toSorted()).toEqual(custom.routeTables.map(({ id }) => id).toSorted());

    await cloud.arrived();
    const gateway = await factsOf("cn-hangzhou", "gateway-table");
    const table = found(
      gateway.routeTables.find(({ associateType }) => associateType === "Gateway"),
      "gateway table",
    );
    expect(table.entries).toEqual([]);
    const read = (await cloud.arrived()).filter(({ action }) => action === "DescribeRouteEntryList");
    expect(read.map(({ params }) => params["RouteTableId"])).not.toContain(table.id);
  });

  it("groups that are managed or deny by default", async () => {
    expect((await factsOf("cn-hangzhou", "managed-group")).securityGroups).toMatchObject([{ serviceManaged: true }]);
    expect((await factsOf("cn-hangzhou", "enterprise-group")).securityGroups).toMatchObject([{ type: "enterprise" }]);
  });

  it("hosts that cannot be tested, each for its own reason", async () => {
    const [stopped, offline, notOptedIn, windows, alpine] = await Promise.all([
      factsOf("cn-beijing", "stopped-host"),
      factsOf("cn-beijing", "offline-agent"),
      factsOf("cn-beijing", "no-test-host"),
      factsOf("cn-shanghai", "windows-host"),
      factsOf("cn-qingdao", "alpine-host"),
    ]);
    expect(stopped.instances).toMatchObject([{ status: "Stopped", optedIn: true, assistantOnline: false }]);
    expect(offline.instances).toMatchObject([{ status: "Running", optedIn: true, assistantOnline: false }]);
    expect(notOptedIn.instances).toMatchObject([{ status: "Running", optedIn: false, assistantOnline: true }]);
    expect(windows.instances).toMatchObject([{ osType: "windows" }]);
    expect(alpine.instances).toMatchObject([{ osType: "linux", osName: expect.stringMatching(/alpine/i) }]);
  });

  it("router interfaces that somebody made", async () => {
    const [east, west] = await Promise.all([
      factsOf("cn-shanghai", "peered-east"),
      factsOf("cn-hangzhou", "peered-west"),
    ]);
    expect(east.routerInterfaces).toEqual([
      {
        id: west.routerInterfaces[0]?.oppositeInterfaceId,
        name: "peered-east-to-west",
        status: "Active",
        businessStatus: "Normal",
        role: "InitiatingSide",
        routerId: east.vpc?.vRouterId,
        spec: "Small.1",
        oppositeInterfaceId: west.routerInterfaces[0]?.id,
        oppositeRouterId: west.vpc?.vRouterId,
        oppositeRegionId: "cn-hangzhou",
      },
    ]);
    expect(east.routeTables[0]?.entries).toContainEqual(
      expect.objectContaining({ destination: "10.18.0.0/16", nextHopType: "RouterInterface", type: "Custom" }),
    );
  });
});

describe("one instance", () => {
  it("is read in one round of two calls", async () => {
    const id = await instanceIdOf(cloud, "cn-qingdao", "orders-prod-1");
    await cloud.arrived();
    expect(await cloud.reader.instance("cn-qingdao", id)).toMatchObject({ id, optedIn: true, assistantOnline: true });
    const reads = await cloud.arrived();
    expect(reads.map(({ action }) => action).toSorted()).toEqual(["DescribeCloudAssistantStatus", "DescribeInstances"]);
  });

  it("is null when there is none", async () => {
    expect(await cloud.reader.instance("cn-qingdao", "i-m5enone")).toBeNull();
  });
});

describe("router interfaces", () => {
  it("are asked for by id, by router, or by router and name", async () => {
    const place = await placeOf(cloud, "cn-shanghai", "four-interfaces");
    const all = await cloud.reader.routerInterfaces("cn-shanghai", { routerId: place.vRouterId });
    expect(all).toHaveLength(4);
    const name = "four-interfaces-to-cn-beijing";
    const named = await cloud.reader.routerInterfaces("cn-shanghai", { routerId: place.vRouterId, name });
    expect(named).toMatchObject([{ name }]);
    const ids = all.slice(1, 3).map(({ id }) => id);
    const byId = await cloud.reader.routerInterfaces("cn-shanghai", { ids });
    expect(byId.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it("by no id are none, and nobody is asked: the API would list them all", async () => {
    await cloud.arrived();
    expect(await cloud.reader.routerInterfaces("cn-shanghai", { ids: [] })).toEqual([]);
    expect(await cloud.arrived()).toEqual([]);
  });
});

function hop(id: string): object {
  return { NextHopId: id, NextHopType: "RouterInterface" };
}

function results(result: object): Readonly<Record<string, unknown>> {
  return { DescribeInvocationResults: { Invocation: { InvocationResults: { InvocationResult: [result] } } } };
}

describe("answers that are documented and rare", () => {
  it("entries to IPv6 blocks and prefix lists are left out, several next hops show the first", async () => {
    const entry = { Status: "Available", Type: "Custom", RouteEntryId: "rte-1" };
    const canned = await startCannedCloud(
      answering({
        DescribeRouteEntryList: {
          RouteEntrys: {
            RouteEntry: [
              { ...entry, DestinationCidrBlock: "2408:4004::/56", NextHops: { NextHop: [hop("ipv6gw-1")] } },
              { ...entry, DestinationCidrBlock: "pl-1", NextHops: { NextHop: [hop("ri-1")] } },
              { ...entry, DestinationCidrBlock: "10.0.0.0/8", NextHops: { NextHop: [hop("ri-1"), hop("ri-2")] } },
              { ...entry, DestinationCidrBlock: "10.1.0.0/16", NextHops: { NextHop: [] } },
            ],
          },
        },
      }),
    );
    const entries = await canned.reader.routeEntries("cn-qingdao", { routeTableId: "vtb-1" });
    expect(entries).toMatchObject([
      { destination: "10.0.0.0/8", nextHopId: "ri-1" },
      { destination: "10.1.0.0/16", nextHopId: "", nextHopType: "" },
    ]);
    await canned.close();
  });

  it("rules are compared in one spelling, and say how they are narrowed at the near end", async () => {
    const rule = {
      SecurityGroupRuleId: "sgr-1",
      Direction: "ingress",
      IpProtocol: "tcp",
      PortRange: "22/22",
      Policy: "Accept",
    };
    const permissions = [
      { ...rule, Priority: 1, SourceCidrIp: "10.0.0.0/8", DestCidrIp: "", SourcePortRange: "" },
      { ...rule, Priority: "110", Policy: "Drop", SourceCidrIp: "10.0.0.0/8", DestCidrIp: "0.0.0.0/0" },
      { ...rule, Priority: 1, SourceCidrIp: "10.0.0.0/8", DestCidrIp: "172.16.1.11/32" },
      { ...rule, Priority: 1, SourceCidrIp: "10.0.0.0/8", SourcePortRange: "1024/65535" },
      { ...rule, Priority: 1, SourceCidrIp: "", SourceGroupId: "sg-2" },
      { ...rule, Priority: 1, Direction: "egress", SourceCidrIp: "", DestCidrIp: "10.0.0.0/8", IpProtocol: "ALL" },
    ];
    const canned = await startCannedCloud(
      answering({ DescribeSecurityGroupAttribute: { Permissions: { Permission: permissions } } }),
    );
    const rules = await canned.reader.securityGroupRules("cn-qingdao", "sg-1", "ingress");
    const whole = { policy: "accept", protocol: "TCP", peerCidr: "10.0.0.0/8", ownCidr: "", sourcePortRange: "" };
    expect(rules).toMatchObject([
      { ...whole, priority: 1 },
      { ...whole, policy: "drop", priority: 110 },
      { ...whole, ownCidr: "172.16.1.11/32" },
      { ...whole, sourcePortRange: "1024/65535" },
      { ...whole, peerCidr: "", peerGroupId: "sg-2" },
      { ...whole, protocol: "ALL", direction: "egress" },
    ]);
    await canned.close();
  });

  it("an instance that is tagged otherwise has not opted in", async () => {
    const id = await instanceIdOf(cloud, "cn-qingdao", "orders-prod-2");
    for (const tag of [
      { key: "peer-vpcs-test", value: "deny" },
      { key: "test", value: "allow" },
      { key: "Peer-VPCs-Test", value: "Allow" },
    ]) {
      await cloud.control("POST", "edit", { regionId: "cn-qingdao", kind: "instance", id, set: { tags: [tag] } });
      expect(await cloud.reader.instance("cn-qingdao", id)).toMatchObject({ optedIn: false });
    }
  });

  it("an instance without tags has not opted in, and one that is being made has no address", async () => {
    const canned = await startCannedCloud(
      answering({
        DescribeInstances: {
          Instances: {
            Instance: [
              {
                InstanceId: "i-1",
                Status: "Pending",
                OSType: "linux",
                VpcAttributes: { VSwitchId: "vsw-1", PrivateIpAddress: { IpAddress: [] } },
                SecurityGroupIds: { SecurityGroupId: [] },
              },
            ],
          },
        },
        // The documentation's sample shows a boolean where the text says a string.
        DescribeCloudAssistantStatus: {
          InstanceCloudAssistantStatusSet: {
            InstanceCloudAssistantStatus: [{ InstanceId: "i-1", CloudAssistantStatus: true }],
          },
        },
      }),
    );
    const instance = await canned.reader.instance("cn-qingdao", "i-1");
    expect(instance).toMatchObject({ optedIn: false, privateIp: "", assistantOnline: true });
    await canned.close();
  });

  it("an account id that JSON cannot hold exactly is no answer", async () => {
    const vpc = '{"VpcId":"vpc-1","RegionId":"r","Status":"Available","VRouterId":"vrt-1","CidrBlock":"10.0.0.0/8"';
    const rest = '"SecondaryCidrBlocks":{"SecondaryCidrBlock":[]},"OwnerId":9007199254740993}';
    const body = `{"RequestId":"R-1","TotalCount":1,"Vpcs":{"Vpc":[${vpc},${rest}]}}`;
    const canned = await startCannedCloud(() => ({ body }));
    const failure = await failureOf(canned.reader.vpcs("cn-qingdao"));
    expect(failure.message).toBe("an answer without a proper vpcs.vpc.0.ownerId");
    await canned.close();
  });
});

describe("a command on an instance", () => {
  it.each(["Pending", "Scheduled", "Running", "Stopping"])("has not ended while it is %s", async (status) => {
    const canned = await startCannedCloud(answering(results({ InvocationStatus: status, Output: "" })));
    expect(await canned.reader.invocation("cn-qingdao", "t-1")).toEqual({ ended: false, status });
    await canned.close();
  });

  it.each(["Success", "Failed", "Error", "Timeout", "Aborted", "Invalid", "Cancelled", "Terminated"])(
    "has ended when it is %s",
    async (status) => {
      const output = Buffer.from("PING …\n").toString("base64");
      const canned = await startCannedCloud(
        answering(results({ InvocationStatus: status, Output: output, ExitCode: 1, ErrorCode: "ExitCodeNonzero" })),
      );
      expect(await canned.reader.invocation("cn-qingdao", "t-1")).toEqual({
        ended: true,
        status,
        exitCode: 1,
        output: "PING …\n",
        errorCode: "ExitCodeNonzero",
      });
      await canned.close();
    },
  );

  it("has no exit code when the cloud gives none", async () => {
    const canned = await startCannedCloud(answering(results({ InvocationStatus: "Error" })));
    expect(await canned.reader.invocation("cn-qingdao", "t-1")).toMatchObject({ exitCode: null, output: "" });
    await canned.close();
  });

  it("has not ended when the instance has not heard of it", async () => {
    const body = { Invocation: { InvocationResults: { InvocationResult: [] } } };
    const canned = await startCannedCloud(answering({ DescribeInvocationResults: body }));
    expect(await canned.reader.invocation("cn-qingdao", "t-1")).toEqual({ ended: false, status: "Pending" });
    await canned.close();
  });
});
