/** What the checks rest on beyond the tutorial: network ACLs, rules, services, and what may not be read. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import type { ReadProgress } from "../../src/ports.ts";
import { answering, startCannedCloud } from "./canned-cloud.ts";
import { failureOf, placeOf, startSandboxedCloud, type SandboxedCloud } from "./sandboxed-cloud.ts";

let cloud: SandboxedCloud;
beforeAll(async () => {
  cloud = await startSandboxedCloud();
});
afterAll(() => cloud.close());
afterEach(async () => {
  cloud.lines.length = 0;
  await cloud.control("DELETE", "dials");
});

async function factsOfTutorial(): Promise<NetworkFacts> {
  const initiator = await placeOf(cloud, "cn-qingdao", "orders-prod");
  return cloud.reader.networkFacts({ initiator, acceptor: await placeOf(cloud, "cn-beijing", "shared-data") });
}

describe("network ACLs", () => {
  it("are read with their entries in order where a vSwitch is behind one, and are none where no vSwitch is", async () => {
    const before = await factsOfTutorial();
    const [vSwitch] = before.acceptor.vSwitches;
    const regionId = "cn-beijing";
    const { resource } = (await cloud.control("POST", "edit", {
      regionId,
      kind: "networkAcl",
      add: {
        vpcId: before.acceptor.vpcId,
        networkAclName: "strict",
        ingress: [
          { policy: "drop", protocol: "tcp", port: "22/22", cidrBlock: "192.168.0.0/16" },
          { policy: "accept", protocol: "all", port: "-1/-1", cidrBlock: "0.0.0.0/0" },
        ],
        egress: [{ policy: "accept", protocol: "all", port: "-1/-1", cidrBlock: "0.0.0.0/0" }],
      },
    })) as { resource: { networkAclId: string } };
    const set = { networkAclId: resource.networkAclId };
    await cloud.control("POST", "edit", { regionId, kind: "vSwitch", id: vSwitch?.id, set });

    const { initiator, acceptor } = await factsOfTutorial();

    expect(initiator.networkAcls).toEqual([]);
    expect(acceptor.vSwitches[0]?.networkAclId).toBe(resource.networkAclId);
    expect(acceptor.networkAcls).toMatchObject([
      {
        id: resource.networkAclId,
        name: "strict",
        ingress: [
          { policy: "drop", protocol: "TCP", portRange: "22/22", peerCidr: "192.168.0.0/16" },
          { policy: "accept", protocol: "ALL", portRange: "-1/-1", peerCidr: "0.0.0.0/0" },
        ],
        egress: [{ policy: "accept", protocol: "ALL", peerCidr: "0.0.0.0/0" }],
      },
    ]);
    await cloud.dial({ action: "DescribeNetworkAcls", fault: { code: "Forbidden.RAM", status: 403, message: "no" } });
    expect((await factsOfTutorial()).acceptor.networkAcls).toBeNull();
  });
});

describe("what may not be read", () => {
  it("is unknown, never none, and the log says what it was", async () => {
    await forbid("DescribeVpcAttribute");
    await forbid("DescribeSecurityGroupAttribute");

    const { acceptor } = await factsOfTutorial();

    // The list of VPCs tells the rest.
    expect(acceptor.vpc).toMatchObject({ name: "shared-data", cidr: "172.16.0.0/16", cenIds: null, services: null });
    expect(acceptor.securityGroups.map(({ rules }) => rules)).toEqual([null, null]);
    const warned = cloud.lines.filter(({ level }) => level === "warn");
    expect(new Set(warned.map(({ message }) => message))).toEqual(
      new Set(["facts may not be read and count as unknown"]),
    );
    expect(warned.map(({ fields }) => String(fields["api"])).toSorted()).toEqual([
      "DescribeSecurityGroupAttribute",
      "DescribeSecurityGroupAttribute",
      "DescribeSecurityGroupAttribute",
      "DescribeVpcAttribute",
      "DescribeVpcAttribute",
    ]);
  });

  it("counts as read: what was refused is answered as well", async () => {
    await forbid("DescribeSecurityGroupAttribute");
    const told: ReadProgress[] = [];
    const initiator = await placeOf(cloud, "cn-qingdao", "orders-prod");
    const acceptor = await placeOf(cloud, "cn-beijing", "shared-data");

    await cloud.reader.networkFacts({ initiator, acceptor }, { onProgress: (now) => told.push(now) });

    expect(told.at(-1)).toMatchObject({ done: told.length, total: told.length });
  });

  it.each(["DescribeVpcAttribute", "DescribeSecurityGroupAttribute"])(
    "is another thing than what could not be read: without an answer of %s there are no facts",
    async (action) => {
      await cloud.dial({ action, fault: "unavailable", times: 9 });
      expect(await failureOf(factsOfTutorial())).toMatchObject({ api: action });
    },
  );
});

describe("ends that are no IPv4 blocks", () => {
  const place = { regionId: "cn-qingdao", vpcId: "vpc-1" } as const;
  const group = { SecurityGroups: { SecurityGroup: [groupAnswer(1)] } };

  it.each([
    { what: "far", ends: { SourceCidrIp: "fe80::/10", DestCidrIp: "" }, unseen: "fe80::/10" },
    { what: "near", ends: { SourceCidrIp: "10.0.0.0/8", DestCidrIp: "a-name" }, unseen: "a-name" },
  ])("make a rule one that cannot be seen into ($what)", async ({ ends, unseen }) => {
    const rule = { SecurityGroupRuleId: "sgr-1", Direction: "ingress", Policy: "Drop", IpProtocol: "ALL" };
    const permission = { ...rule, ...ends, PortRange: "-1/-1", Priority: 1 };
    const canned = await startCannedCloud(
      answering({
        ...EMPTY,
        DescribeSecurityGroups: group,
        DescribeSecurityGroupAttribute: { InnerAccessPolicy: "Accept", Permissions: { Permission: [permission] } },
      }),
    );
    const { initiator } = await canned.reader.networkFacts({ initiator: place, acceptor: place });

    expect(initiator.securityGroups[0]?.rules).toMatchObject([
      { policy: "drop", peerCidr: "", ownCidr: "", peerPrefixListId: unseen },
    ]);
    await canned.close();
  });

  it("are no answer in a network ACL: one that nobody can read may drop anything", async () => {
    const entry = { Policy: "drop", Protocol: "all", Port: "-1/-1", IpVersion: "IPV4", SourceCidrIp: "everywhere" };
    const vSwitch = {
      VSwitchId: "vsw-1",
      CidrBlock: "192.168.1.0/24",
      NetworkAclId: "nacl-1",
      RouteTable: { RouteTableId: "vtb-1" },
    };
    const canned = await startCannedCloud(
      answering({
        ...EMPTY,
        DescribeVSwitches: { TotalCount: 1, VSwitches: { VSwitch: [vSwitch] } },
        DescribeNetworkAcls: {
          TotalCount: "1",
          NetworkAcls: { NetworkAcl: [{ NetworkAclId: "nacl-1", IngressAclEntries: { IngressAclEntry: [entry] } }] },
        },
      }),
    );

    expect(await failureOf(canned.reader.networkFacts({ initiator: place, acceptor: place }))).toMatchObject({
      kind: "unknownResult",
      api: "DescribeNetworkAcls",
    });
    await canned.close();
  });
});

describe("a VPC's attribute", () => {
  it("names the CENs, and the services that no security group guards", async () => {
    const { acceptor } = await factsOfTutorial();
    const vpc = acceptor.vpc;
    expect(vpc?.cenIds).toEqual([]);
    // Hosts, vSwitches and the like are no services.
    expect(vpc?.services?.map(({ type }) => type)).not.toContain("Instance");

    const canned = await startCannedCloud(
      answering({
        ...EMPTY,
        DescribeVpcAttribute: {
          ...EMPTY.DescribeVpcAttribute,
          AssociatedCens: { AssociatedCen: [{ CenId: "cen-1", CenStatus: "Active", CenOwnerId: 1 }] },
          CloudResources: {
            CloudResourceSetType: [
              { ResourceType: "VSwitch", ResourceCount: 3 },
              { ResourceType: "SLB", ResourceCount: 2 },
              { ResourceType: "RDS", ResourceCount: 0 },
            ],
          },
        },
      }),
    );
    const place = { regionId: "cn-qingdao", vpcId: "vpc-1" } as const;
    const { initiator } = await canned.reader.networkFacts({ initiator: place, acceptor: place });
    expect(initiator.vpc).toMatchObject({ cenIds: ["cen-1"], services: [{ type: "SLB", count: 2 }] });
    await canned.close();
  });
});

describe("a large VPC", () => {
  it("is read a few at a time, telling how far it is; groups that guard nothing keep their rules to themselves", async () => {
    let [under, most] = [0, 0];
    const canned = await startCannedCloud((action) => {
      under += 1;
      most = Math.max(most, under);
      setTimeout(() => (under -= 1), 1);
      return answering({
        ...EMPTY,
        DescribeSecurityGroups: {
          SecurityGroups: { SecurityGroup: Array.from({ length: 40 }, (_, at) => groupAnswer(at)) },
        },
        DescribeInstances: { Instances: { Instance: [instanceAnswer("sg-7")] } },
        DescribeCloudAssistantStatus: { InstanceCloudAssistantStatusSet: { InstanceCloudAssistantStatus: [] } },
        DescribeSecurityGroupAttribute: { InnerAccessPolicy: "Drop", Permissions: { Permission: [] } },
      })(action);
    });
    const place = { regionId: "cn-qingdao", vpcId: "vpc-1" } as const;
    const told: ReadProgress[] = [];
    const { initiator } = await canned.reader.networkFacts(
      { initiator: place, acceptor: place },
      { onProgress: (now) => told.push(now) },
    );

    const read = initiator.securityGroups.filter(({ rules }) => rules !== null);
    expect(read.map(({ id, innerAccess }) => [id, innerAccess])).toEqual([["sg-7", "drop"]]);
    expect(most).toBeLessThanOrEqual(9);
    expect(told.at(-1)).toEqual({ done: told.length, total: told.length });
    expect(told.every(({ done, total }) => done <= total)).toBe(true);
    await canned.close();
  });
});

function forbid(action: string): Promise<void> {
  return cloud.dial({ action, fault: { code: "Forbidden.RAM", status: 403, message: "You may not." }, times: 99 });
}

function groupAnswer(index: number): object {
  return { SecurityGroupId: `sg-${index}`, SecurityGroupType: "normal", ServiceManaged: false };
}

function instanceAnswer(groupId: string): object {
  return {
    InstanceId: "i-1",
    Status: "Running",
    OSType: "linux",
    VpcAttributes: { VSwitchId: "vsw-1", PrivateIpAddress: { IpAddress: ["192.168.0.4"] } },
    SecurityGroupIds: { SecurityGroupId: [groupId] },
  };
}

const EMPTY = {
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
  DescribeVSwitches: { TotalCount: 0, VSwitches: { VSwitch: [] } },
  DescribeRouteTableList: { TotalCount: 0, RouterTableList: { RouterTableListType: [] } },
  DescribeSecurityGroups: { SecurityGroups: { SecurityGroup: [] } },
  DescribeInstances: { Instances: { Instance: [] } },
  DescribeRouterInterfaces: { TotalCount: 0, RouterInterfaceSet: { RouterInterfaceType: [] } },
  ListVpcPeerConnections: { VpcPeerConnects: [] },
};
