import type { Region, World } from "./world.ts";

/**
 * What the account holds, for assertions and for a look from outside: regions with nothing in them are left out, and so
 * are system route entries. Times are ms of cloud time.
 */
export function shownState(
  world: World,
  onlyRegionId?: string,
): { readonly regions: Readonly<Record<string, unknown>> } {
  const inUse = [...world.regions.values()].filter(
    (region) => region.vpcs.size > 0 && region.regionId === (onlyRegionId ?? region.regionId),
  );
  return { regions: Object.fromEntries(inUse.map((region) => [region.regionId, shownRegion(region)])) };
}

function shownRegion(region: Region): Readonly<Record<string, unknown>> {
  const tables = [...region.routeTables.values()];
  const groups = [...region.securityGroups.values()];
  return {
    regionId: region.regionId,
    vpcs: [...region.vpcs.values()],
    vSwitches: [...region.vSwitches.values()],
    routeTables: tables.map(({ entries: _entries, ...table }) => table),
    routeEntries: tables.flatMap(({ routeTableId, vpcId, entries }) =>
      [...entries.values()]
        .filter((entry) => entry.type === "Custom")
        .map((entry) => ({ routeTableId, vpcId, ...entry })),
    ),
    routerInterfaces: [...region.routerInterfaces.values()],
    securityGroups: groups.map(({ rules: _rules, ...group }) => group),
    rules: groups.flatMap(({ securityGroupId, rules }) => rules.map((rule) => ({ securityGroupId, ...rule }))),
    instances: [...region.instances.values()],
    invocations: [...region.invocations.values()],
  };
}
