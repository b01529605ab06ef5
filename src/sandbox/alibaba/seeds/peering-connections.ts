import type { Site } from "../build.ts";
import { buildPeeringConnection } from "../peering-connection.ts";
import { seedRoute } from "./route-tables.ts";
import { vpcNamed } from "./vpcs.ts";

/** Builds what somebody made by hand before: one peering connection with its routes, and a VPC that has all it may have. */
export function seedPeeringConnections(siteOf: (regionId: string) => Site): void {
  const [east, west] = [siteOf("cn-shanghai"), siteOf("cn-hangzhou")];
  const [eastVpc, westVpc] = [vpcNamed(east, "linked-east"), vpcNamed(west, "linked-west")];
  const { instanceId } = buildPeeringConnection(east, {
    name: "linked-east-to-west",
    vpcId: eastVpc.vpcId,
    ownerId: eastVpc.ownerId,
    acceptingRegionId: "cn-hangzhou",
    acceptingVpcId: westVpc.vpcId,
  });
  const nextHop = { nextHopType: "VpcPeer", nextHopId: instanceId } as const;
  seedRoute(east, { vpcName: "linked-east", destination: westVpc.cidrBlock, ...nextHop });
  seedRoute(west, { vpcName: "linked-west", destination: eastVpc.cidrBlock, ...nextHop });
  seedFull(siteOf("ap-southeast-1"));
}

/** The other account's VPCs are not in this world. */
function seedFull(site: Site): void {
  const { vpcId, ownerId } = vpcNamed(site, "linked-out");
  for (let number = 1; number <= 10; number += 1) {
    buildPeeringConnection(site, {
      name: `linked-out-${number}`,
      vpcId,
      ownerId,
      acceptingRegionId: site.region.regionId,
      acceptingVpcId: site.id("vpc", `partner-${number}`),
      acceptingOwnerUid: "6543210987654321",
    });
  }
}
