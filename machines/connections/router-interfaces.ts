/**
 * The connection type *router interfaces* (Express Connect): one interface on each VPC's VRouter, connected to each
 * other. Everything that is particular to this type is in this file.
 *
 * Order of creation: https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-connectrouterinterface (read 2026-08-22).
 */
import type { Check } from "../network/checks.ts";
import { vpcOf, type NetworkFacts } from "../network/facts.ts";
import type { Step, StepId } from "../network/plan.ts";
import { outsideCen } from "../network/preflight-neighbours.ts";
import type { RequestRevision } from "../network/request.ts";
import { ACCEPTOR_SPEC, isSpec, roomFor, SPECS } from "../network/rules.ts";
import { opposite, SIDES, type Side } from "../network/side.ts";
import type { ConnectionType, PlanRules } from "./connection.ts";

export const ROUTER_INTERFACES: ConnectionType = {
  id: "router-interfaces",
  nextHopType: "RouterInterface",
  sizes: () => SPECS,
  checks: (_, facts, rules) => SIDES.flatMap((side) => sideChecks(side, facts, rules)),
  connectSteps,
  preconditions(side, facts) {
    const { id, vRouterId } = vpcOf(side, facts);
    return [{ subject: `${id} router`, fact: vRouterId }];
  },
  undoSteps,
  takesApart: ["deactivateRouterInterface", "deleteRouterInterface"],
  // Each side leads to its own, the one that was made last: an earlier one may have been given up.
  nextHopOf: (resources, side) =>
    resources.findLast((resource) => resource.kind === "routerInterface" && resource.side === side),
};

/** What CreateRouterInterface would refuse: in a CEN, over the quota, or while an interface is overdue (`BillsOutstanding`). */
function sideChecks(side: Side, facts: NetworkFacts, { routerInterfacesMax: max }: PlanRules): readonly Check[] {
  const { vpcId, routerInterfaces } = facts[side];
  const existing = routerInterfaces.length;
  // An answer without a business status says nothing about bills.
  const overdue = routerInterfaces.filter(({ businessStatus }) => !["", "Normal"].includes(businessStatus));
  return [
    outsideCen(side, facts[side], "stop"),
    {
      level: roomFor(existing, max),
      check: "connectionRoom",
      side,
      connection: "router-interfaces",
      vpcId,
      existing,
      max,
    },
    {
      level: overdue.length > 0 ? "stop" : "ok",
      check: "noOverdueInterface",
      side,
      overdue: overdue.map(({ id, businessStatus }) => ({ id, businessStatus })),
    },
  ];
}

function connectSteps(request: RequestRevision, facts: NetworkFacts): readonly Step[] {
  const modifyAcceptor = modify("acceptor", facts, SIDES.map(createId));
  // The acceptor must know its opposite before the initiator is told: https://github.com/aliyun/terraform-provider-alicloud resource_alicloud_router_interface_connection.go (read 2026-08-21).
  const modifyInitiator = modify("initiator", facts, [modifyAcceptor.id]);
  return [
    create("initiator", request, facts),
    create("acceptor", request, facts),
    modifyAcceptor,
    modifyInitiator,
    {
      id: "connectRouterInterface",
      stage: "create",
      needs: [modifyInitiator.id],
      lanes: [],
      effect: {
        type: "connectRouterInterface",
        side: "initiator",
        regionId: facts.initiator.regionId,
        oppositeRegionId: facts.acceptor.regionId,
      },
    },
  ];
}

function createId(side: Side): StepId {
  return `createRouterInterface:${side}`;
}

function create(side: Side, { size }: RequestRevision, facts: NetworkFacts): Step {
  if (!isSpec(size)) throw new Error(`planning router interfaces of size ${size}: the checks must stop first`);
  const other = opposite(side);
  return {
    id: createId(side),
    stage: "create",
    needs: [],
    lanes: [],
    effect: {
      type: "createRouterInterface",
      side,
      regionId: facts[side].regionId,
      role: side === "initiator" ? "InitiatingSide" : "AcceptingSide",
      routerId: vpcOf(side, facts).vRouterId,
      spec: side === "initiator" ? size : ACCEPTOR_SPEC,
      oppositeRegionId: facts[other].regionId,
      oppositeRouterId: vpcOf(other, facts).vRouterId,
    },
  };
}

function modify(side: Side, facts: NetworkFacts, needs: readonly StepId[]): Step {
  return {
    id: `modifyRouterInterfaceAttribute:${side}`,
    stage: "create",
    needs,
    lanes: [],
    effect: {
      type: "modifyRouterInterfaceAttribute",
      side,
      regionId: facts[side].regionId,
      oppositeRouterId: vpcOf(opposite(side), facts).vRouterId,
    },
  };
}

/** Deactivates both, then deletes both. */
function undoSteps(begun: readonly Step[], routes: readonly StepId[]): readonly Step[] {
  const created = begun.flatMap(({ effect }) => (effect.type === "createRouterInterface" ? [effect] : []));
  const deactivations = created.map(({ side, regionId }): Step => ({
    id: `deactivateRouterInterface:${side}`,
    stage: "undo",
    needs: routes,
    lanes: [],
    effect: { type: "deactivateRouterInterface", side, regionId },
  }));
  const deletions = created.map(({ side, regionId, routerId }): Step => ({
    id: `deleteRouterInterface:${side}`,
    stage: "undo",
    needs: deactivations.map(({ id }) => id),
    lanes: [],
    effect: { type: "deleteRouterInterface", side, regionId, routerId },
  }));
  return [...deactivations, ...deletions];
}
