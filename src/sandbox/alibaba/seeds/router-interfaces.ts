import { buildRouterInterface, type Site } from "../build.ts";
import type { RouterInterface, Vpc } from "../world.ts";
import { seedRoute } from "./route-tables.ts";
import { vpcNamed } from "./vpcs.ts";

/** Builds what somebody made by hand before: one connected pair with its routes, and four interfaces on one router. */
export function seedRouterInterfaces(siteOf: (regionId: string) => Site, accountId: string): void {
  const [east, west] = [siteOf("cn-shanghai"), siteOf("cn-hangzhou")];
  const eastVpc = vpcNamed(east, "peered-east");
  const westVpc = vpcNamed(west, "peered-west");
  const eastId = east.id("ri", "peered-east-to-west");
  const westId = west.id("ri", "peered-west-to-east");
  connected(
    east,
    { vpc: eastVpc, name: "peered-east-to-west", role: "InitiatingSide", spec: "Small.1", towards: west },
    {
      interfaceId: westId,
      routerId: westVpc.vRouterId,
      routerType: "VRouter",
      ownerId: accountId,
    },
  );
  connected(
    west,
    { vpc: westVpc, name: "peered-west-to-east", role: "AcceptingSide", spec: "Negative", towards: east },
    {
      interfaceId: eastId,
      routerId: eastVpc.vRouterId,
      routerType: "VRouter",
      ownerId: accountId,
    },
  );
  const nextHopType = "RouterInterface";
  seedRoute(east, { vpcName: "peered-east", destination: westVpc.cidrBlock, nextHopType, nextHopId: eastId });
  seedRoute(west, { vpcName: "peered-west", destination: eastVpc.cidrBlock, nextHopType, nextHopId: westId });
  seedFourInterfaces(east);
}

function seedFourInterfaces(site: Site): void {
  const vpc = vpcNamed(site, "four-interfaces");
  for (const oppositeRegionId of ["cn-qingdao", "cn-beijing", "cn-hangzhou", "cn-shenzhen"]) {
    buildRouterInterface(site, {
      role: "InitiatingSide",
      routerId: vpc.vRouterId,
      vpcId: vpc.vpcId,
      name: `four-interfaces-to-${oppositeRegionId}`,
      spec: "Mini.2",
      oppositeRegionId,
    });
  }
}

function connected(
  site: Site,
  side: Pick<RouterInterface, "name" | "role" | "spec"> & { readonly vpc: Vpc; readonly towards: Site },
  opposite: RouterInterface["opposite"],
): void {
  const { vpc, towards, ...given } = side;
  buildRouterInterface(site, {
    ...given,
    routerId: vpc.vRouterId,
    vpcId: vpc.vpcId,
    oppositeRegionId: towards.region.regionId,
    opposite,
    status: "Active",
    connectedAt: site.at,
  });
}
