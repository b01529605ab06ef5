import type { Site } from "../build.ts";
import { seededId } from "../ids.ts";
import { createWorld } from "../create-world.ts";
import { REGIONS } from "../regions.ts";
import type { Region, World } from "../world.ts";
import { ACCOUNT_ID } from "./account.ts";
import { seedInstances } from "./instances.ts";
import { seedNetworkAcls } from "./network-acls.ts";
import { seedPeeringConnections } from "./peering-connections.ts";
import { seedRouteEntries, seedRouteTables } from "./route-tables.ts";
import { seedRouterInterfaces } from "./router-interfaces.ts";
import { seedSecurityGroups } from "./security-groups.ts";
import { seedVpcs } from "./vpcs.ts";
import { seedVSwitches } from "./vswitches.ts";

/** Seeded resources are this much older than the simulation. */
const AGE_MS = 90 * 24 * 3_600_000;

/** The seeded world; the same ids every time, created 90 days before `startsAt`. */
export function seedWorld(startsAt: number): World {
  const world = createWorld({ accountId: ACCOUNT_ID, regionIds: REGIONS.map((region) => region.regionId) });
  const at = startsAt - AGE_MS;
  for (const region of world.regions.values()) {
    const site = siteIn(region, at);
    seedVpcs(site, ACCOUNT_ID);
    seedRouteTables(site);
    seedVSwitches(site);
    seedNetworkAcls(site);
    seedSecurityGroups(site);
    seedInstances(site);
    seedRouteEntries(site);
  }
  const siteOf = (regionId: string): Site => {
    const region = world.regions.get(regionId);
    if (region === undefined) throw new Error(`seeding connections: no region ${regionId}`);
    return siteIn(region, at);
  };
  seedRouterInterfaces(siteOf, ACCOUNT_ID);
  seedPeeringConnections(siteOf);
  return world;
}

function siteIn(region: Region, at: number): Site {
  return { region, at, id: (kind, name) => seededId({ kind, regionId: region.regionId, name }) };
}
