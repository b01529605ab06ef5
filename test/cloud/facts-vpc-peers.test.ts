/** Peering connections among the facts of two VPCs, those included that may not be asked for. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import { answering, startCannedCloud } from "./canned-cloud.ts";
import { failureOf, found, placeOf, startSandboxedCloud, type SandboxedCloud } from "./sandboxed-cloud.ts";

let cloud: SandboxedCloud;
beforeAll(async () => {
  cloud = await startSandboxedCloud();
});
afterAll(() => cloud.close());
afterEach(async () => {
  cloud.lines.length = 0;
  await cloud.control("DELETE", "dials");
});

async function factsOf(from: readonly [string, string], to: readonly [string, string]): Promise<NetworkFacts> {
  const [initiator, acceptor] = [await placeOf(cloud, ...from), await placeOf(cloud, ...to)];
  return cloud.reader.networkFacts({ initiator, acceptor });
}

/** A peering connection joins them, with routes both ways; east asked for it. */
const linked = (): Promise<NetworkFacts> => factsOf(["cn-shanghai", "linked-east"], ["cn-hangzhou", "linked-west"]);
/** Router interfaces join them, with routes both ways. */
const peered = (): Promise<NetworkFacts> => factsOf(["cn-shanghai", "peered-east"], ["cn-hangzhou", "peered-west"]);

function refused(code: string, times: number): Promise<void> {
  return cloud.dial({ action: "ListVpcPeerConnections", fault: { code, status: 403, message: "You may not." }, times });
}

const warnings = () => cloud.lines.filter(({ level }) => level === "warn");

describe("the facts of two VPCs", () => {
  it("show the peering connection between them on both sides", async () => {
    const { initiator, acceptor } = await linked();
    expect(initiator.vpcPeerConnections).toEqual([
      {
        id: expect.stringMatching(/^pcc-/),
        name: "linked-east-to-west",
        status: "Activated",
        businessStatus: "Normal",
        regionId: "cn-shanghai",
        vpcId: initiator.vpcId,
        acceptingRegionId: "cn-hangzhou",
        acceptingVpcId: acceptor.vpcId,
      },
    ]);
    expect(acceptor.vpcPeerConnections).toEqual(initiator.vpcPeerConnections);
    const hops = acceptor.routeTables.flatMap(({ entries }) => entries).filter(({ type }) => type === "Custom");
    expect(hops).toMatchObject([{ nextHopType: "VpcPeer", nextHopId: initiator.vpcPeerConnections[0]?.id }]);
  });

  it("show it on both sides where only the one that asked for it lists it", async () => {
    await cloud.control("POST", "facts", { name: "peering-connection-region", answer: "requester-only" });
    const { initiator, acceptor } = await linked();
    expect(initiator.vpcPeerConnections).toMatchObject([{ name: "linked-east-to-west" }]);
    expect(acceptor.vpcPeerConnections).toEqual(initiator.vpcPeerConnections);
    await cloud.control("POST", "facts", { name: "peering-connection-region", answer: "both-ends" });
  });

  it("leave those to other VPCs with the side that has them", async () => {
    const facts = await factsOf(["cn-shanghai", "linked-east"], ["cn-beijing", "shared-data"]);
    expect(facts.initiator.vpcPeerConnections).toHaveLength(1);
    expect(facts.acceptor.vpcPeerConnections).toEqual([]);
  });
});

describe("a list of peering connections that is refused", () => {
  it.each(["Forbidden.RAM", "Forbidden.NoPermission", "NoPermission"])(
    "with %s is none where no route leads to one, and the log says that nobody could look",
    async (code) => {
      await refused(code, 2);
      const { initiator, acceptor } = await peered();
      expect([initiator.vpcPeerConnections, acceptor.vpcPeerConnections]).toEqual([[], []]);
      expect(initiator.routerInterfaces).toHaveLength(1);
      expect(warnings().map(({ message, fields }) => ({ message, fields }))).toEqual(
        [initiator.vpcId, acceptor.vpcId].map((vpcId) => ({
          message: "peering connections could not be looked for",
          fields: { vpcId, api: "ListVpcPeerConnections", code, requestId: expect.stringMatching(/^[0-9A-F-]{36}$/) },
        })),
      );
    },
  );

  it("is a failure where a route leads to one", async () => {
    await refused("Forbidden.RAM", 2);
    expect(await failureOf(linked())).toMatchObject({
      kind: "ownerMustAct",
      api: "ListVpcPeerConnections",
      code: "Forbidden.RAM",
    });
  });

  it("for want of peering connections in the region is none, quietly", async () => {
    await refused("UnsupportedRegion", 2);
    const { initiator, acceptor } = await peered();
    expect([initiator.vpcPeerConnections, acceptor.vpcPeerConnections]).toEqual([[], []]);
    expect(warnings()).toEqual([]);
  });

  it.each(["InvalidAccessKeyId.NotFound", "InvalidAction.NotFound", "Throttling.User", "ServiceUnavailable"])(
    "with %s is a failure: what could not be read is not nothing",
    async (code) => {
      await refused(code, 2);
      expect(await failureOf(peered())).toMatchObject({ api: "ListVpcPeerConnections", code });
    },
  );
});

describe("a VPC with IPv6", () => {
  const VPC = {
    VpcId: "vpc-1",
    RegionId: "cn-qingdao",
    Status: "Available",
    OwnerId: 1_234_567_890_123_456,
    VRouterId: "vrt-1",
    CidrBlock: "192.168.0.0/16",
    SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
  };
  const REST = {
    GetCallerIdentity: { AccountId: "1234567890123456" },
    DescribeVSwitches: { TotalCount: 0, VSwitches: { VSwitch: [] } },
    DescribeRouteTableList: { TotalCount: 0, RouterTableList: { RouterTableListType: [] } },
    DescribeSecurityGroups: { SecurityGroups: { SecurityGroup: [] } },
    DescribeInstances: { Instances: { Instance: [] } },
    DescribeRouterInterfaces: { TotalCount: 0, RouterInterfaceSet: { RouterInterfaceType: [] } },
    ListVpcPeerConnections: { VpcPeerConnects: [] },
  };

  it.each([
    { what: "its block", shown: { Ipv6CidrBlock: "2408:4005:3c5:6e00::/56" }, read: "2408:4005:3c5:6e00::/56" },
    { what: "an empty one", shown: { Ipv6CidrBlock: "" }, read: "" },
    { what: "none", shown: {}, read: "" },
  ])("shows $what", async ({ shown, read }) => {
    const canned = await startCannedCloud(answering({ ...REST, DescribeVpcAttribute: { ...VPC, ...shown } }));
    const place = { regionId: "cn-qingdao", vpcId: "vpc-1" } as const;
    const { initiator } = await canned.reader.networkFacts({ initiator: place, acceptor: place });
    expect(found(initiator.vpc ?? undefined, "VPC").ipv6Cidr).toBe(read);
    await canned.close();
  });
});
