import { buildRouteEntry, buildRouteTable, type Site } from "../build.ts";
import { routeTablesOf } from "../lookup.ts";
import type { RouteTable } from "../world.ts";

/** Tables besides the system table that every VPC has. */
const MORE_TABLES = [
  { vpcName: "custom-table", routeTableName: "custom-table-app", associateType: "VSwitch", gatewayIds: [] },
  {
    vpcName: "gateway-table",
    routeTableName: "gateway-table-ingress",
    associateType: "Gateway",
    gatewayIds: ["ipv4gw-bp1gatewaytable8x2k1q"],
  },
] as const;

/** Builds the tables that the VPCs have besides their system tables. */
export function seedRouteTables(site: Site): void {
  for (const { vpcName, ...table } of MORE_TABLES) {
    const vpc = [...site.region.vpcs.values()].find((candidate) => candidate.vpcName === vpcName);
    if (vpc !== undefined) buildRouteTable(site, { vpcId: vpc.vpcId, routeTableType: "Custom", ...table });
  }
}

/** Fills the table of `full-table`; its host is the next hop of all entries. */
export function seedRouteEntries(site: Site): void {
  const table = systemTableOf(site, "full-table");
  const host = [...site.region.instances.values()].find((instance) => instance.instanceName === "full-table-1");
  if (table === undefined || host === undefined) return;
  for (let index = 0; index < 200; index += 1) {
    buildRouteEntry(site, table, {
      destinationCidrBlock: `10.200.${index}.0/24`,
      nextHopType: "Instance",
      nextHopId: host.instanceId,
    });
  }
}

/** The system table of a seeded VPC; undefined in other regions. */
function systemTableOf(site: Site, vpcName: string): RouteTable | undefined {
  const vpc = [...site.region.vpcs.values()].find((candidate) => candidate.vpcName === vpcName);
  return vpc === undefined ? undefined : routeTablesOf(site.region, vpc.vpcId)[0];
}

/** Writes an entry to the system table of a seeded VPC. */
export function seedRoute(
  site: Site,
  entry: {
    readonly vpcName: string;
    readonly destination: string;
    readonly nextHopType: "RouterInterface" | "VpcPeer";
    readonly nextHopId: string;
  },
): void {
  const { vpcName, destination, ...nextHop } = entry;
  const table = systemTableOf(site, vpcName);
  if (table === undefined) throw new Error(`seeding routes: no table of ${vpcName}`);
  buildRouteEntry(site, table, { destinationCidrBlock: destination, ...nextHop });
}
