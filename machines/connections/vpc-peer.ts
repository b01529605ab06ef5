/**
 * The connection type *VPC peering connection*: one resource that both VPCs are ends of. In one account it is accepted by
 * itself; route entries on both sides lead to the same id. Everything that is particular to this type is in this file.
 *
 * API: VpcPeer 2022-01-01, https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-createvpcpeerconnection (read 2026-08-22).
 */
import type { Check } from "../network/checks.ts";
import { isOneRegion, type NetworkFacts } from "../network/facts.ts";
import type { Step, StepId } from "../network/plan.ts";
import { isInUse, outsideCen } from "../network/preflight-neighbours.ts";
import { roomFor, VPC_PEER_CONNECTIONS_MAX } from "../network/rules.ts";
import { SIDES, type Side } from "../network/side.ts";
import type { CreateVpcPeerConnection } from "../peering/effects.ts";
import type { ConnectionType } from "./connection.ts";

export const VPC_PEER: ConnectionType = {
  id: "vpc-peer",
  nextHopType: "VpcPeer",
  sizes: (oneRegion) => (oneRegion ? [] : SIZES),

  checks: (_, facts, { mayOpenCdt }) => [
    ...SIDES.flatMap((side) => sideChecks(side, facts)),
    // Traffic between regions is billed by Cloud Data Transfer, which the request may open.
    ...(isOneRegion(facts)
      ? []
      : [{ level: mayOpenCdt ? "warn" : "stop", check: "cdtMayOpen", allowed: mayOpenCdt } as const]),
  ],

  connectSteps(request, { initiator, acceptor }) {
    const effect: CreateVpcPeerConnection = {
      type: "createVpcPeerConnection",
      side: "initiator",
      regionId: initiator.regionId,
      vpcId: initiator.vpcId,
      acceptingRegionId: acceptor.regionId,
      acceptingVpcId: acceptor.vpcId,
      link: linkOf(request.size),
    };
    // A VPC takes one CreateVpcPeerConnection at a time.
    const lanes = [initiator.vpcId, acceptor.vpcId].toSorted().map((vpcId) => `create:${vpcId}` as const);
    return [{ id: CREATE, stage: "create", needs: [], lanes, effect }];
  },

  preconditions: () => [],

  undoSteps: (begun, routes) =>
    begun.flatMap(({ effect }): Step[] => {
      if (effect.type !== "createVpcPeerConnection") return [];
      const { side, regionId, vpcId, acceptingVpcId } = effect;
      return [
        {
          id: "deleteVpcPeerConnection",
          stage: "undo",
          needs: routes,
          lanes: [],
          effect: { type: "deleteVpcPeerConnection", side, regionId, vpcId, acceptingVpcId },
        },
      ];
    }),

  takesApart: ["deleteVpcPeerConnection"],
  // Both sides lead to the one that was made last.
  nextHopOf: (resources) => resources.findLast(({ kind }) => kind === "vpcPeerConnection"),
};

/** A CEN brings entries of its own, now and later, so the two can be joined but want to be looked at. */
function sideChecks(side: Side, facts: NetworkFacts): readonly Check[] {
  const { vpcId, vpcPeerConnections } = facts[side];
  const inRegion = isOneRegion(facts);
  const existing = vpcPeerConnections.filter((peer) => {
    return isInUse(peer) && (peer.regionId === peer.acceptingRegionId) === inRegion;
  }).length;
  const max = inRegion ? VPC_PEER_CONNECTIONS_MAX.inRegion : VPC_PEER_CONNECTIONS_MAX.betweenRegions;
  return [
    outsideCen(side, facts[side], "warn"),
    { level: roomFor(existing, max), check: "connectionRoom", side, connection: "vpc-peer", vpcId, existing, max },
  ];
}

const CREATE: StepId = "createVpcPeerConnection";

/** Mbit/s between regions, up to the API's maximum of 1,024. */
const BANDWIDTHS_MBPS = [10, 20, 50, 100, 200, 500, 1_000, 1_024] as const;

/** Platinum has the better availability, and the higher price. */
const LINK_TYPES = ["Gold", "Platinum"] as const;

const SIZES = LINK_TYPES.flatMap((type) => BANDWIDTHS_MBPS.map((mbps) => `${type}.${mbps}`));

/** `Gold.100` is 100 Mbit/s; null for what is no size, as within one region. */
export function linkOf(size: string): CreateVpcPeerConnection["link"] {
  const [name, mbps] = size.split(".");
  const type = LINK_TYPES.find((known) => known === name);
  return type && SIZES.includes(size) ? { type, bandwidthMbps: Number(mbps) } : null;
}
