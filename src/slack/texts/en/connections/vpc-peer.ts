/**
 * The words for VPC peering connections.
 */
import { linkOf } from "../../../../../machines/connections/vpc-peer.ts";
import { isOneRegion } from "../../../../../machines/network/facts.ts";
import type { AboutSide } from "../../../../../machines/network/plan.ts";
import type { Sides } from "../../../../../machines/network/side.ts";
import type { CreateVpcPeerConnection, VpcPeerEffect } from "../../../../../machines/peering/effects.ts";
import { bold, code } from "../../mrkdwn.ts";
import { regionName } from "../regions.ts";
import type { StepWords } from "../step-words.ts";
import type { ConnectionWords } from "./words.ts";

export const VPC_PEER_WORDS: ConnectionWords = {
  name: "VPC peering connection",
  when: "What new accounts are sold; free in one region, else billed by traffic",
  creating: "Creating the peering connection",
  size: linkText,
  costs: (size, about) =>
    isOneRegion(about)
      ? "peering connection, free within one region, no limit of bandwidth"
      : `peering connection up to ${linkText(size)}; traffic between regions is billed by Cloud Data Transfer, price not configured`,
  part: { one: "peering connection", many: "peering connections" },
  standing: (_, isConnected) =>
    `the VPCs are ${isConnected ? "connected" : "not connected"}. The connection itself costs nothing; traffic between regions does.`,
  nextHop: "the peering connection",
};

/** `100 Mbit/s, Gold`. */
function linkText(size: string): string {
  const link = linkOf(size);
  return link ? `${link.bandwidthMbps.toLocaleString("en")} Mbit/s, ${link.type}` : "no limit of bandwidth";
}

export function vpcPeerStepName({ type }: VpcPeerEffect): string {
  return type === "createVpcPeerConnection" ? "peering connection" : "deleting the peering connection";
}

/** `existing`: how many connections of this kind the initiator's VPC has already; null where nobody has counted. */
export function vpcPeerStepWords(
  effect: CreateVpcPeerConnection,
  about: Sides<AboutSide>,
  existing: number | null,
): StepWords {
  const region = regionName(about.initiator.regionId);
  const { link, vpcId, acceptingVpcId, acceptingRegionId } = effect;
  const size = link ? `, ${linkText(`${link.type}.${link.bandwidthMbps}`)}` : "";
  const other = bold(about.acceptor.vpcName || acceptingVpcId);
  return {
    title: `*CreateVpcPeerConnection* ${region}, from ${code(vpcId)}`,
    before: existing === null ? null : existing === 0 ? "no peering connection" : `${existing} there, none to ${other}`,
    after: `one to ${other}, ${code(acceptingVpcId)} in ${regionName(acceptingRegionId)}${size}`,
    why: "one serves both sides; within the account it is accepted by itself",
  };
}
