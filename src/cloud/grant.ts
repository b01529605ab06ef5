import { PERMISSIONS_PER_CALL_MAX } from "../../machines/network/rules.ts";
import type { CreateVpcPeerConnection, StepEffect, StepEffectType } from "../../machines/peering/effects.ts";
import { markOf } from "../../machines/peering/mark.ts";
import type { Grant, GrantedWriter } from "../ports.ts";

/** What a writer's method is called with. */
type Order<Method extends keyof GrantedWriter> = Parameters<GrantedWriter[Method]>[0];

type Link = CreateVpcPeerConnection["link"];

/** Whether a grant covers a call. Nothing is covered that is not named here, and what we make must carry our mark. */
export const COVERS: {
  readonly [Method in keyof GrantedWriter]: (grant: Grant, order: Order<Method>) => boolean;
} = {
  createRouterInterface: (grant, order) =>
    isFor(grant, "createRouterInterface", (effect) =>
      agree(effect, order, ["regionId", "role", "routerId", "spec", "oppositeRegionId", "oppositeRouterId"]),
    ) && isMarked(grant, order.name),
  modifyRouterInterfaceAttribute: (grant, order) =>
    isFor(grant, "modifyRouterInterfaceAttribute", (effect) => agree(effect, order, ["regionId", "oppositeRouterId"])),
  connectRouterInterface: (grant, order) =>
    isFor(grant, "connectRouterInterface", (effect) => agree(effect, order, ["regionId"])),
  deactivateRouterInterface: (grant, order) =>
    isFor(grant, "deactivateRouterInterface", (effect) => agree(effect, order, ["regionId"])),
  deleteRouterInterface: (grant, order) =>
    isFor(grant, "deleteRouterInterface", (effect) => agree(effect, order, ["regionId"])),
  createVpcPeerConnection: (grant, order) =>
    isFor(
      grant,
      "createVpcPeerConnection",
      (effect) =>
        agree(effect, order, ["regionId", "vpcId", "acceptingRegionId", "acceptingVpcId"]) &&
        agreeOnLink(effect.link, order.link),
    ) && isMarked(grant, order.name),
  deleteVpcPeerConnection: (grant, order) =>
    isFor(grant, "deleteVpcPeerConnection", (effect) => agree(effect, order, ["regionId"])),
  createRouteEntry: (grant, order) =>
    isFor(grant, "createRouteEntry", (effect) => agree(effect, order, ["regionId", "routeTableId", "destination"])) &&
    isMarked(grant, order.name),
  deleteRouteEntry: (grant, order) =>
    isFor(grant, "deleteRouteEntry", (effect) => agree(effect, order, ["regionId", "routeTableId", "destination"])),
  authorizeSecurityGroup: (grant, order) =>
    isFor(
      grant,
      "authorizeSecurityGroup",
      (effect) =>
        agree(effect, order, ["regionId", "securityGroupId", "direction"]) &&
        order.rules.every((rule) =>
          effect.rules.some(
            (planned) =>
              agree(planned, rule, ["protocol", "portRange", "peerCidr"]) && planned.ownCidr === rule.ownCidr,
          ),
        ),
    ) &&
    isSomeButFew(order.rules) &&
    order.rules.every(({ description }) => isMarked(grant, description)),
  revokeSecurityGroup: (grant, order) =>
    isFor(grant, "revokeSecurityGroup", (effect) =>
      agree(effect, order, ["regionId", "securityGroupId", "direction"]),
    ) && isSomeButFew(order.ruleIds),
  runTest: (grant, order) =>
    isFor(
      grant,
      "runConnectivityTest",
      (effect) =>
        agree(effect, order, ["regionId", "instanceId"]) &&
        (effect.ping || !order.tries.ping) &&
        order.tries.ports.every((port) => effect.ports.includes(port)),
    ) && isMarked(grant, order.name),
};

function isFor<Type extends StepEffectType>(
  { effect }: Grant,
  type: Type,
  fits: (effect: Extract<StepEffect, { type: Type }>) => boolean,
): boolean {
  // Narrowing by a generic type parameter is beyond TypeScript; the comparison is the narrowing.
  return effect.type === type && fits(effect as Extract<StepEffect, { type: Type }>);
}

function agree<Key extends string>(
  granted: Readonly<Record<Key, unknown>>,
  asked: Readonly<Record<Key, unknown>>,
  keys: readonly Key[],
): boolean {
  return keys.every((key) => granted[key] === asked[key]);
}

/** What it costs hangs on the link. */
function agreeOnLink(granted: Link, asked: Link): boolean {
  if (!granted || !asked) return granted === asked;
  return agree(granted, asked, ["bandwidthMbps", "type"]);
}

function isMarked({ peeringId }: Grant, text: string): boolean {
  return text === markOf(peeringId);
}

/** An empty list of rules or ids means something else to the API than doing nothing. */
function isSomeButFew(list: readonly unknown[]): boolean {
  return list.length > 0 && list.length <= PERMISSIONS_PER_CALL_MAX;
}
