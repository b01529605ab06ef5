/**
 * The words for router interfaces (Express Connect).
 */
import { isOneRegion } from "../../../../../machines/network/facts.ts";
import type { AboutSide } from "../../../../../machines/network/plan.ts";
import { BANDWIDTH_MBPS_BY_SPEC, isSpec } from "../../../../../machines/network/rules.ts";
import { opposite, type Sides } from "../../../../../machines/network/side.ts";
import type {
  ConnectRouterInterface,
  CreateRouterInterface,
  ModifyRouterInterfaceAttribute,
  RouterInterfaceEffect,
} from "../../../../../machines/peering/effects.ts";
import { bold, code } from "../../mrkdwn.ts";
import { regionName } from "../regions.ts";
import type { StepWords } from "../step-words.ts";
import type { ConnectionWords } from "./words.ts";

export const ROUTER_INTERFACE_WORDS: ConnectionWords = {
  name: "Router interfaces",
  when: "Express Connect, bandwidth by spec; not sold to every account any more",
  creating: "Creating the router interfaces",
  size: (spec) => `${mbps(spec)} (${spec})`,
  costs: (spec, about) =>
    isOneRegion(about)
      ? `${bandwidth(spec)}, free within one region`
      : `${bandwidth(spec)}, ${regionName(about.initiator.regionId)} side pays, price not configured`,
  part: { one: "router interface", many: "router interfaces" },
  standing: (parts, isConnected) =>
    `the interfaces are ${isConnected ? "connected" : "not connected"}.${parts > 0 ? " The initiator's interface is billed while it exists." : ""}`,
  nextHop: "the new interface",
};

/** `2 Mbit/s (`Mini.2`)`. */
function bandwidth(spec: string): string {
  return `${mbps(spec)} (${code(spec)})`;
}

function mbps(spec: string): string {
  const amount = isSpec(spec) ? BANDWIDTH_MBPS_BY_SPEC[spec] : 0;
  return amount >= 1_000 ? `${amount / 1_000} Gbit/s` : `${amount} Mbit/s`;
}

export function routerInterfaceStepName(effect: RouterInterfaceEffect, about: Sides<AboutSide>): string {
  const region = regionName(about[effect.side].regionId);
  switch (effect.type) {
    case "createRouterInterface":
      return `router interface, ${region}`;
    case "modifyRouterInterfaceAttribute":
      return `opposite interface, ${region}`;
    case "connectRouterInterface":
      return "connecting the interfaces";
    case "deactivateRouterInterface":
      return `deactivating, ${region}`;
    case "deleteRouterInterface":
      return `deleting the router interface, ${region}`;
  }
}

/** `existing`: how many interfaces the VRouter has already; null where nobody has counted. */
export function routerInterfaceStepWords(
  effect: CreateRouterInterface | ModifyRouterInterfaceAttribute | ConnectRouterInterface,
  about: Sides<AboutSide>,
  existing: number | null,
): StepWords {
  const region = regionName(about[effect.side].regionId);
  const { regionId, vpcName, vpcId } = about[opposite(effect.side)];
  const other = bold(vpcName || vpcId);
  switch (effect.type) {
    case "createRouterInterface":
      return {
        title: `*CreateRouterInterface* ${region}, on ${code(effect.routerId)}`,
        before: existing === null ? null : existing === 0 ? "no interface" : `${existing} there, none to ${other}`,
        after: `one to ${other}: ${effect.role === "InitiatingSide" ? `initiator, ${bandwidth(effect.spec)}, pays` : "acceptor, free"}`,
        why: "each side needs an end of its own",
      };
    case "modifyRouterInterfaceAttribute":
      return {
        title: `*ModifyRouterInterfaceAttribute* ${region}`,
        before: "the new interface has no opposite",
        after: `its opposite is the one in ${regionName(regionId)}`,
        why: "only two that name each other can be connected",
      };
    case "connectRouterInterface":
      return {
        title: `*ConnectRouterInterface* ${region}`,
        before: "both `Idle`",
        after: "both `Active`",
        why: "from here on they carry traffic, but no entry leads to them yet",
      };
  }
}
