import { peeringConnectionsIn } from "./peering-connection.ts";
import type { Region, World } from "./world.ts";

/**
 * What the account holds, for assertions and for a look from outside: regions with nothing in them are left out, and so
 * are system route entries. A VPC peering connection is in the regions of both its ends. Times are ms of cloud time.
 */
export function shownState(
  world: World,
  onlyRegionId?: string,
): { readonly openedServices: unknown; readonly regions: Readonly<Record<string, unknown>> } {
  const inUse = [...world.regions.values()].filter(
    (region) => region.vpcs.size > 0 && region.regionId === (onlyRegionId ?? region.regionId),
  );
  return {
    openedServices: world.openedServices,
    regions: Object.fromEntries(inUse.map((region) => [region.regionId, shownRegion(world, region)])),
  };
}

function shownRegion(world: World, region: Region): Readonly<Record<string, unknown>> {
  const tables = [...region.routeTables.values()];
  const groups = [...region.securityGroups.values()];
  return {
    regionId: region.regionId,
    vpcs: [...region.vpcs.values()],
    vSwitches: [...region.vSwitches.values()],
    networkAcls: [...region.networkAcls.values()],
    routeTables: tables.map(({ entries: _entries, ...table }) => table),
    routeEntries: tables.flatMap(({ routeTableId, vpcId, entries }) =>
      [...entries.values()]
        .filter((entry) => entry.type !== "System")
        .map((entry) => ({ routeTableId, vpcId, ...entry })),
    ),
    routerInterfaces: [...region.routerInterfaces.values()],
    vpcPeerConnections: peeringConnectionsIn(world, region),
    securityGroups: groups.map(({ rules: _rules, ...group }) => group),
    rules: groups.flatMap(({ securityGroupId, rules }) => rules.map((rule) => ({ securityGroupId, ...rule }))),
    instances: [...region.instances.values()],
    invocations: [...region.invocations.values()],
  };
}
