/**
 * Whether the bot may make the writes of a plan, as far as that can be tested without writing.
 */
import type { StepEffect } from "../peering/effects.ts";
import type { Check } from "./checks.ts";
import type { NetworkFacts } from "./facts.ts";
import type { Step } from "./plan.ts";

/** Stops where a write of these steps is forbidden; what could not be tested is named and stops nothing. */
export function permissions(steps: readonly Step[], facts: Partial<Pick<NetworkFacts, "permissions">>): Check {
  // A draft that was read before permissions were tested has none.
  const { permissions: known = [] } = facts;
  const writes = [...new Set(steps.flatMap(({ effect }) => writeOf(effect)))];
  const statesOf = (api: string) => known.filter((permission) => permission.api === api).map(({ state }) => state);
  const forbidden = known.filter(({ api, state }) => writes.includes(api) && state === "forbidden");
  return {
    level: forbidden.length > 0 ? "stop" : "ok",
    check: "permissions",
    forbidden: forbidden.map(({ api, side }) => ({ api, side })),
    allowed: writes.filter((api) => isAllowed(statesOf(api))),
    untested: writes.filter((api) => !isAllowed(statesOf(api)) && !statesOf(api).includes("forbidden")),
  };
}

/** On each side on which it was tried. */
function isAllowed(states: readonly string[]): boolean {
  return states.length > 0 && states.every((state) => state === "allowed");
}

/** By its name on the wire, which an effect has in common with its API verb but for these. */
function writeOf(effect: StepEffect): readonly string[] {
  switch (effect.type) {
    case "checkPlan":
      return [];
    case "authorizeSecurityGroup":
      return [effect.direction === "ingress" ? "AuthorizeSecurityGroup" : "AuthorizeSecurityGroupEgress"];
    case "revokeSecurityGroup":
      return [effect.direction === "ingress" ? "RevokeSecurityGroup" : "RevokeSecurityGroupEgress"];
    case "runConnectivityTest":
      return ["RunCommand"];
    case "createRouterInterface":
    case "modifyRouterInterfaceAttribute":
    case "connectRouterInterface":
    case "deactivateRouterInterface":
    case "deleteRouterInterface":
    case "createVpcPeerConnection":
    case "deleteVpcPeerConnection":
    case "createRouteEntry":
    case "deleteRouteEntry":
      return [`${effect.type.charAt(0).toUpperCase()}${effect.type.slice(1)}`];
  }
}
