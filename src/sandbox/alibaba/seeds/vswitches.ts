import { type Site, buildVSwitch } from "../build.ts";
import { routeTablesOf } from "../lookup.ts";
import { regionFacts } from "../regions.ts";

/** vSwitches of a VPC that a custom table serves instead of the system table, by the table's name. */
const CUSTOM_TABLE_BY_VSWITCH: Readonly<Record<string, string>> = { "custom-table-b": "custom-table-app" };

/** Builds two vSwitches per VPC, `<vpc>-a` x.y.1.0/24 and `<vpc>-b` x.y.2.0/24, in the region's two zones. */
export function seedVSwitches(site: Site): void {
  const zoneIds = regionFacts(site.region.regionId).zoneIds;
  for (const vpc of site.region.vpcs.values()) {
    for (const [index, zoneId] of zoneIds.entries()) {
      const vSwitchName = `${vpc.vpcName}-${index === 0 ? "a" : "b"}`;
      const tableName = CUSTOM_TABLE_BY_VSWITCH[vSwitchName] ?? "";
      const tables = routeTablesOf(site.region, vpc.vpcId);
      const table = tables.find((candidate) => candidate.routeTableName === tableName) ?? tables[0];
      buildVSwitch(site, {
        vpcId: vpc.vpcId,
        vSwitchName,
        cidrBlock: vpc.cidrBlock.replace(/\.0\.0\/16$/, `.${index + 1}.0/24`),
        zoneId,
        routeTableId: table?.routeTableId ?? "",
      });
    }
  }
}
