import type { Region, World } from "./world.ts";

/** A world with every region and nothing in it; what peering connections within the mainland need is opened. */
export function createWorld(options: { accountId: string; regionIds: ReadonlyArray<string> }): World {
  return {
    accountId: options.accountId,
    openedServices: { cdt: true, crossBorderCdt: false },
    regions: new Map(options.regionIds.map((regionId) => [regionId, emptyRegion(regionId)])),
  };
}

function emptyRegion(regionId: string): Region {
  return {
    regionId,
    vpcs: new Map(),
    vSwitches: new Map(),
    networkAcls: new Map(),
    routeTables: new Map(),
    routerInterfaces: new Map(),
    vpcPeerConnections: new Map(),
    securityGroups: new Map(),
    instances: new Map(),
    invocations: new Map(),
  };
}
