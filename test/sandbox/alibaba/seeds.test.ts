import { describe, expect, test } from "vitest";
import { createIds, type IdKind } from "../../../src/sandbox/alibaba/ids.ts";
import { REGIONS, regionFacts } from "../../../src/sandbox/alibaba/regions.ts";
import { seedWorld } from "../../../src/sandbox/alibaba/seeds/seed-world.ts";
import { VPCS } from "../../../src/sandbox/alibaba/seeds/vpcs.ts";
import { startSandbox } from "./sandbox.ts";

const WORLD = seedWorld(Date.parse("2026-08-22T10:00:00Z"));

describe("the seeds", () => {
  test("have ids of the real shapes: kind, region, and as long as printed ones", () => {
    for (const region of WORLD.regions.values()) {
      const { idPrefix } = regionFacts(region.regionId);
      const vpcFamily = [
        ...region.vpcs.keys(),
        ...region.vSwitches.keys(),
        ...region.routeTables.keys(),
        ...region.routerInterfaces.keys(),
        ...[...region.vpcs.values()].map(({ vRouterId }) => vRouterId),
        ...[...region.routeTables.values()].flatMap(({ entries }) => [...entries.keys()]),
      ];
      const ecsFamily = [
        ...region.instances.keys(),
        ...region.securityGroups.keys(),
        ...[...region.instances.values()].map(({ networkInterfaceId }) => networkInterfaceId),
        ...[...region.securityGroups.values()].flatMap(({ rules }) => rules.map((rule) => rule.securityGroupRuleId)),
      ];
      expect([...region.vpcPeerConnections.keys()].filter((id) => !/^pcc-[0-9a-z]{18}$/.test(id))).toEqual([]);
      const vpcShape = new RegExp(`^(vpc|vsw|vrt|vtb|rte|ri)-${idPrefix}[0-9a-z]{18}$`);
      const ecsShape = new RegExp(`^(i|sg|sgr|eni)-${idPrefix}[0-9a-z]{17}$`);
      expect(vpcFamily.filter((id) => !vpcShape.test(id))).toEqual([]);
      expect(ecsFamily.filter((id) => !ecsShape.test(id))).toEqual([]);
      expect(new Set([...vpcFamily, ...ecsFamily]).size).toBe(vpcFamily.length + ecsFamily.length);
    }
  });

  test("are the same every time, and new ids never meet them", () => {
    const again = seedWorld(0);
    const idsOf = (world: typeof WORLD): string[] =>
      [...world.regions.values()].flatMap(({ vpcs }) => [...vpcs.keys()]);
    expect(idsOf(again)).toEqual(idsOf(WORLD));
    const ids = createIds("sandbox");
    const kinds: IdKind[] = ["vpc", "ri", "rte", "i", "sgr", "t", "c"];
    const made = kinds.flatMap((kind) => Array.from({ length: 50 }, () => ids.next(kind, "cn-qingdao")));
    expect(new Set([...made, ...idsOf(WORLD)]).size).toBe(made.length + idsOf(WORLD).length);
  });

  test("hang together: every reference leads somewhere in the same region", () => {
    for (const region of WORLD.regions.values()) {
      for (const vSwitch of region.vSwitches.values()) {
        expect(region.vpcs.has(vSwitch.vpcId)).toBe(true);
        expect(region.routeTables.get(vSwitch.routeTableId)?.vpcId).toBe(vSwitch.vpcId);
        expect(regionFacts(region.regionId).zoneIds).toContain(vSwitch.zoneId);
      }
      for (const instance of region.instances.values()) {
        expect(region.vSwitches.get(instance.vSwitchId)?.vpcId).toBe(instance.vpcId);
        expect(instance.securityGroupIds.length).toBeGreaterThan(0);
        for (const id of instance.securityGroupIds) {
          expect(region.securityGroups.get(id)?.vpcId).toBe(instance.vpcId);
        }
      }
    }
  });

  test("have peering connections with different ids, and routes that lead to them", () => {
    const ids = [...WORLD.regions.values()].flatMap((region) => [...region.vpcPeerConnections.keys()]);
    expect([ids.length, new Set(ids).size]).toEqual([11, 11]);
    const nextHops = [...WORLD.regions.values()].flatMap((region) =>
      [...region.routeTables.values()].flatMap(({ entries }) => [...entries.values()].map((entry) => entry.nextHopId)),
    );
    expect(nextHops.filter((id) => id.startsWith("pcc-")).map((id) => ids.indexOf(id))).toEqual([0, 0]);
  });

  test("have the tutorial's pair with fourteen servers on one side and nine on the other", () => {
    expect([count("cn-qingdao", "orders-prod"), count("cn-beijing", "shared-data")]).toEqual([9, 14]);
  });

  test("use every VPC name once, in a region that exists", () => {
    expect(new Set(VPCS.map(({ vpcName }) => vpcName)).size).toBe(VPCS.length);
    const regionIds = REGIONS.map(({ regionId }) => regionId);
    expect(VPCS.filter(({ regionId }) => !regionIds.includes(regionId))).toEqual([]);
  });

  test("are listed by the API, whatever their peculiarity", async () => {
    const sandbox = await startSandbox();
    for (const { regionId, vpcName, cidrBlock, more } of VPCS) {
      const answer = await sandbox.vpc("DescribeVpcs", { RegionId: regionId, VpcName: vpcName });
      expect(answer["Vpcs"].Vpc).toMatchObject([
        {
          VpcName: vpcName,
          CidrBlock: cidrBlock,
          Status: more?.status ?? "Available",
          OwnerId: Number(more?.ownerId ?? sandbox.cloud.accountId),
          SecondaryCidrBlocks: { SecondaryCidrBlock: more?.secondaryCidrBlocks ?? [] },
          CenStatus: more?.cenIds === undefined ? "" : "Attached",
        },
      ]);
      const attribute = await sandbox.vpc("DescribeVpcAttribute", {
        RegionId: regionId,
        VpcId: answer["Vpcs"].Vpc[0].VpcId,
      });
      expect(attribute["AssociatedCens"].AssociatedCen).toHaveLength(more?.cenIds?.length ?? 0);
      expect(attribute["VSwitchIds"].VSwitchId).toHaveLength(2);
    }
  });
});

function count(regionId: string, vpcName: string): number {
  const region = WORLD.regions.get(regionId);
  const vpc = [...(region?.vpcs.values() ?? [])].find((candidate) => candidate.vpcName === vpcName);
  return [...(region?.instances.values() ?? [])].filter(({ vpcId }) => vpcId === vpc?.vpcId).length;
}
