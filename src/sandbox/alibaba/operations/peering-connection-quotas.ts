import { joins, type PeeringConnectionEnd, presentPeeringConnections } from "../peering-connection.ts";
import { refuse } from "../refusal.ts";
import type { Call } from "../simulation.ts";

/** Peering connections of one VPC, whichever end it is, and those that an account requested in one region; defaults. */
const WITHIN_REGION_PER_VPC_MAX = 10;
const CROSS_REGION_PER_VPC_MAX = 20;
const PER_REGION_MAX = 20;

/** Refuses a connection between two VPCs when either has as many of its kind as it may, or the account has in the region. */
export function refuseBeyondQuotas(call: Call, ends: readonly [PeeringConnectionEnd, PeeringConnectionEnd]): void {
  const isCrossRegion = ends[0].regionId !== ends[1].regionId;
  const connections = presentPeeringConnections(call.world);
  const ofKind = connections.filter(
    (connection) => (connection.regionId !== connection.acceptingRegionId) === isCrossRegion,
  );
  const perVpc = isCrossRegion ? CROSS_REGION_PER_VPC_MAX : WITHIN_REGION_PER_VPC_MAX;
  for (const { vpcId } of ends) {
    const used = ofKind.filter((connection) => joins(connection, vpcId)).length;
    if (used >= perVpc) refuseQuota(perVpcCode(call, isCrossRegion), { used, max: perVpc });
  }
  const requestedHere = connections.filter(({ regionId }) => regionId === ends[0].regionId).length;
  if (requestedHere >= PER_REGION_MAX) {
    refuseQuota("QuotaExceeded.VpcPeerCountPerUserPerRegion", { used: requestedHere, max: PER_REGION_MAX });
  }
}

function perVpcCode(call: Call, isCrossRegion: boolean): string {
  const code = call.facts.answer("peering-connection-quota-code");
  return code.replace("<Kind>", isCrossRegion ? "CrossRegion" : "IntraRegion");
}

function refuseQuota(code: string, { used, max }: { readonly used: number; readonly max: number }): never {
  refuse({ status: 400, code, message: `The quota of vpcPeer is exceeded, usage ${used}/${max}.` });
}
