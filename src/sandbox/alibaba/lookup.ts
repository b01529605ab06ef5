import type { Region, RouterInterface, RouteTable, Vpc, World } from "./world.ts";

/** The tables of a VPC, the system table first. */
export function routeTablesOf(region: Region, vpcId: string): ReadonlyArray<RouteTable> {
  const tables = [...region.routeTables.values()].filter((table) => table.vpcId === vpcId);
  return tables.toSorted((a, b) => Number(b.routeTableType === "System") - Number(a.routeTableType === "System"));
}

/** The VPC that a VRouter belongs to; undefined when the region has no such VRouter. */
export function vpcOfRouter(region: Region, vRouterId: string): Vpc | undefined {
  return [...region.vpcs.values()].find((vpc) => vpc.vRouterId === vRouterId);
}

/** The router interface that this one names as its other side, wherever it is; undefined when there is none. */
export function oppositeOf(world: World, side: RouterInterface): RouterInterface | undefined {
  return world.regions.get(side.oppositeRegionId)?.routerInterfaces.get(side.opposite.interfaceId);
}

/** Every router interface of the account. */
export function allRouterInterfaces(world: World): ReadonlyArray<RouterInterface> {
  return [...world.regions.values()].flatMap((region) => [...region.routerInterfaces.values()]);
}

/** The region that holds a resource with this id; undefined when none does. */
export function regionHolding(world: World, resourceId: string): Region | undefined {
  return [...world.regions.values()].find((region) =>
    [
      region.vpcs,
      region.vSwitches,
      region.networkAcls,
      region.routeTables,
      region.routerInterfaces,
      region.vpcPeerConnections,
      region.securityGroups,
      region.instances,
      region.invocations,
    ].some((resources) => resources.has(resourceId)),
  );
}
