/**
 * The peering connections of a VPC among its facts, for accounts that use router interfaces only and may not even be
 * allowed to ask.
 *
 * - The region does not have peering connections (`UnsupportedRegion`): then none ends in it.
 * - The credentials may not list them, as with a RAM policy from before peering connections: the route tables tell. An
 *   entry that leads to one proves that there is one, and the facts fail as the list did, for the owner to mend. Without
 *   such an entry nothing travels over one; they count as none, and the log says that nobody could look. Should there be
 *   one all the same, the cloud refuses a second (`ResourceAlreadyExist.VpcPeer`, documented for CreateVpcPeerConnection;
 *   what CreateRouterInterface says beside one is not documented).
 * - Anything else, and the facts fail: what could not be read is not nothing.
 */
import type { RouteTable, SideFacts, VpcId, VpcPeerConnection } from "../../machines/network/facts.ts";
import { CloudFailure, type Log } from "../ports.ts";
import { isForbidden } from "./errors.ts";
import { joins } from "./read-vpc-peers.ts";

/** A list, or why there is none. */
export type ListedPeers = readonly VpcPeerConnection[] | CloudFailure;

/** Lets a refusal wait until the route tables are known. */
export async function listedUnlessRefused(list: Promise<readonly VpcPeerConnection[]>): Promise<ListedPeers> {
  try {
    return await list;
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    if (error.failure.code === "UnsupportedRegion") return [];
    if (isForbidden(error.failure)) return error;
    throw error;
  }
}

/** What a refused list means, seen beside the route tables. */
export function peersBesideRoutes(
  listed: ListedPeers,
  routeTables: readonly RouteTable[],
  log: Log,
  vpcId: VpcId,
): readonly VpcPeerConnection[] {
  if (!(listed instanceof CloudFailure)) return listed;
  const isProven = routeTables.some(({ entries }) => entries.some(({ nextHopType }) => nextHopType === "VpcPeer"));
  if (isProven) throw listed;
  const { api, code, requestId } = listed.failure;
  log.warn("peering connections could not be looked for", { vpcId, api, code, requestId });
  return [];
}

/** Whether the list of a region has those that the other end asked for is not documented; so each side has both lists. */
export function seenFromBothEnds(side: SideFacts, other: SideFacts): SideFacts {
  const all = [...side.vpcPeerConnections, ...other.vpcPeerConnections].filter((peer) => joins(peer, side.vpcId));
  return { ...side, vpcPeerConnections: [...new Map(all.map((peer) => [peer.id, peer])).values()] };
}
