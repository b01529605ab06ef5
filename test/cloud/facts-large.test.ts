/** A pair of large networks: 50 vSwitches, 20 tables with 200 entries each and 100 groups on each side. */
import { expect, it } from "vitest";
import type { Clock, ReadProgress } from "../../src/ports.ts";
import { startCannedCloud, type CannedAnswer, type CannedCall } from "./canned-cloud.ts";

const VSWITCHES = 50;
const TABLES = 20;
const ENTRIES = 200;
const GROUPS = 100;

const pair = {
  initiator: { regionId: "cn-qingdao", vpcId: "vpc-1" },
  acceptor: { regionId: "cn-qingdao", vpcId: "vpc-2" },
} as const;

it("is read at the pace that the cloud allows, a few at a time, and nothing of it is refused", async () => {
  const clock = clockAt(50);
  const startedAt = clock.now();
  let [under, most] = [0, 0];
  const canned = await startCannedCloud(
    (action, _, call) => {
      under += 1;
      most = Math.max(most, under);
      setTimeout(() => (under -= 1), 1);
      return largeNetwork(action, call);
    },
    { clock },
  );
  const told: ReadProgress[] = [];

  const facts = await canned.reader.networkFacts(pair, {
    permissionsFor: { connections: ["router-interfaces", "vpc-peer"], mayOpenCdt: false },
    onProgress: (now) => told.push(now),
  });

  for (const { vSwitches, routeTables, securityGroups } of [facts.initiator, facts.acceptor]) {
    expect(vSwitches).toHaveLength(VSWITCHES);
    expect(routeTables.map(({ entries }) => entries.length)).toEqual(Array.from({ length: TABLES }, () => ENTRIES));
    expect(securityGroups.filter(({ rules }) => rules !== null)).toHaveLength(GROUPS);
  }
  expect(facts.permissions.map(({ state }) => state)).toEqual(["allowed", "allowed", "allowed"]);
  // On each side 8 that every VPC takes, a second fifty of agents, 2 pages of each table, and one per group; the account and
  // three dry runs.
  expect(canned.calls).toHaveLength(2 * (8 + 1 + 2 * TABLES + GROUPS) + 1 + 3);
  // Neither the account nor a dry run is of the networks.
  const reads = canned.calls.length - 1 - 3;
  expect(told.at(-1)).toEqual({ done: reads, total: reads });
  expect(most).toBeLessThanOrEqual(9);
  // 200 groups in one region: 50 at once, then four a second.
  const tookMs = clock.now() - startedAt;
  expect(tookMs).toBeGreaterThan((2 * GROUPS - 50) * 250 - 2_500);
  await canned.close();
});

/** So many times as fast as time: who waits beside others waits no longer than they do. */
function clockAt(speed: number): Clock {
  const startedAt = performance.now();
  return {
    now: () => Date.UTC(2026, 10, 26) + (performance.now() - startedAt) * speed,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / speed)),
  };
}

function largeNetwork(action: string, { query, form }: CannedCall): CannedAnswer {
  const asked = { ...query, ...form };
  const { VpcId: vpcId = "", SecurityGroupId: groupId = "", NextToken: token = "" } = asked;
  if (action.startsWith("Create")) return { status: 400, body: { Code: "DryRunOperation", Message: "passed" } };
  return { body: { RequestId: "R-1", ...ANSWERS[action]?.({ vpcId, groupId, token }) } };
}

interface Asked {
  readonly vpcId: string;
  readonly groupId: string;
  readonly token: string;
}

const ANSWERS: Readonly<Record<string, (asked: Asked) => object>> = {
  GetCallerIdentity: () => ({ AccountId: "1234567890123456" }),
  DescribeVpcAttribute: ({ vpcId }) => ({
    VpcId: vpcId,
    RegionId: "cn-qingdao",
    Status: "Available",
    OwnerId: 1_234_567_890_123_456,
    VRouterId: `vrt-${vpcId.slice(4)}`,
    CidrBlock: "10.0.0.0/8",
    SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
  }),
  DescribeVSwitches: () => ({
    TotalCount: VSWITCHES,
    VSwitches: {
      VSwitch: several(VSWITCHES, (at) => ({
        VSwitchId: `vsw-${at}`,
        CidrBlock: `10.${at}.0.0/16`,
        RouteTable: { RouteTableId: `vtb-${at % TABLES}` },
      })),
    },
  }),
  DescribeRouteTableList: () => ({
    TotalCount: TABLES,
    RouterTableList: {
      RouterTableListType: several(TABLES, (at) => ({
        RouteTableId: `vtb-${at}`,
        RouteTableType: at === 0 ? "System" : "Custom",
        AssociateType: "VSwitch",
      })),
    },
  }),
  DescribeRouteEntryList: ({ token }) => ({
    NextToken: token === "" ? "more" : "",
    RouteEntrys: {
      RouteEntry: several(ENTRIES / 2, (at) => ({
        RouteEntryId: `rte-${token}${at}`,
        DestinationCidrBlock: `172.${token === "" ? 16 : 17}.${at}.0/24`,
        Status: "Available",
        Type: "Custom",
        NextHops: { NextHop: [{ NextHopType: "Instance", NextHopId: "i-1" }] },
      })),
    },
  }),
  DescribeSecurityGroups: () => ({
    SecurityGroups: {
      SecurityGroup: several(GROUPS, (at) => ({
        SecurityGroupId: `sg-${at}`,
        SecurityGroupType: "normal",
        ServiceManaged: false,
      })),
    },
  }),
  DescribeSecurityGroupAttribute: () => ({ InnerAccessPolicy: "Accept", Permissions: { Permission: [] } }),
  // One of each group.
  DescribeInstances: () => ({
    Instances: {
      Instance: several(GROUPS, (at) => ({
        InstanceId: `i-${at}`,
        Status: "Running",
        OSType: "linux",
        VpcAttributes: { VSwitchId: "vsw-0", PrivateIpAddress: { IpAddress: [`10.0.0.${at + 1}`] } },
        SecurityGroupIds: { SecurityGroupId: [`sg-${at}`] },
      })),
    },
  }),
  DescribeCloudAssistantStatus: () => ({ InstanceCloudAssistantStatusSet: { InstanceCloudAssistantStatus: [] } }),
  DescribeRouterInterfaces: () => ({ TotalCount: 0, RouterInterfaceSet: { RouterInterfaceType: [] } }),
  ListVpcPeerConnections: () => ({ VpcPeerConnects: [] }),
};

function several(amount: number, make: (at: number) => object): readonly object[] {
  return Array.from({ length: amount }, (_, at) => make(at));
}
