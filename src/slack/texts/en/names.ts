/**
 * What the card calls states, ends and steps.
 */
import type { AboutSide } from "../../../../machines/network/plan.ts";
import type { Sides } from "../../../../machines/network/side.ts";
import type { StepEffect } from "../../../../machines/peering/effects.ts";
import type { PeeringState } from "../../../../machines/peering/machine.ts";
import { bold, escaped } from "../mrkdwn.ts";
import { routerInterfaceStepName } from "./connections/router-interfaces.ts";
import { vpcPeerStepName } from "./connections/vpc-peer.ts";
import { regionName } from "./regions.ts";

/** `*orders-prod* 192.168.0.0/16 Qingdao`. */
export function end({ vpcName, vpcId, cidrs, regionId }: AboutSide): string {
  const shown = cidrs.slice(0, 3).map((cidr) => escaped(cidr));
  const more = cidrs.length > shown.length ? ` +${cidrs.length - shown.length}` : "";
  return `${bold(vpcName || vpcId)} ${shown.join(", ")}${more} ${regionName(regionId)}`;
}

/** What the state is called at the top of the card. */
export const STATE_TITLES = {
  requested: "Waiting for a decision",
  approved: "Approved, checking once more",
  creating: "Creating the connection",
  activated: "Connected, adding the route entries",
  routed: "Routed, opening the security groups",
  secured: "Secured, testing",
  verified: "Verified",
  failed: "Stopped",
  rollingBack: "Rolling back",
  rolledBack: "Rolled back, nothing is left",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
  expired: "Expired, nobody decided in time",
} as const satisfies Record<PeeringState, string>;

export const SECURED_UNTESTED_TITLE = "Secured, not tested";
/** It was approved, but nothing could start. */
export const EXPIRED_APPROVED_TITLE = "Expired, it could not start in time";
export const VERIFIED_UNTESTED_TITLE = "Accepted without a test";

/** A step as a person names it: `route entry, Beijing`. */
export function stepName(effect: StepEffect, about: Sides<AboutSide>): string {
  if (effect.type === "checkPlan") return "check before the start";
  const region = regionName(about[effect.side].regionId);
  switch (effect.type) {
    case "createRouterInterface":
    case "modifyRouterInterfaceAttribute":
    case "connectRouterInterface":
    case "deactivateRouterInterface":
    case "deleteRouterInterface":
      return routerInterfaceStepName(effect, about);
    case "createVpcPeerConnection":
    case "deleteVpcPeerConnection":
      return vpcPeerStepName(effect);
    case "createRouteEntry":
      return `route entry, ${region}`;
    case "authorizeSecurityGroup":
      return `security group rules, ${region}`;
    case "runConnectivityTest":
      return `test from ${region}`;
    case "deleteRouteEntry":
      return `removing the route entry, ${region}`;
    case "revokeSecurityGroup":
      return `removing the rules, ${region}`;
  }
}

/** `ping`, `TCP 5432`, `TCP 8000-8010`. */
export function portText(protocol: "TCP" | "ICMP", portRange: string): string {
  if (protocol === "ICMP") return "ping";
  const [from, to] = portRange.split("/");
  return from === to ? `TCP ${from}` : `TCP ${from}-${to}`;
}
