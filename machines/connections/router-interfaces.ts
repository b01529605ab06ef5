/**
 * The connection type *router interfaces* (Express Connect): one interface on each VPC's VRouter, connected to each
 * other. Everything that is particular to this type is in this file: what it must know, its steps, their order and undo.
 *
 * Order of creation: https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-connectrouterinterface (read 2026-08-22).
 */
import type { Check } from "../network/checks.ts";
import { vpcCidrs, type NetworkFacts, type RouterInterface, type Vpc } from "../network/facts.ts";
import type { Plan, Precondition, Step, StepId } from "../network/plan.ts";
import { openings, openingSteps, routeSteps, verifySteps } from "../network/plan-steps.ts";
import type { RequestRevision } from "../network/request.ts";
import { ACCEPTOR_SPEC } from "../network/rules.ts";
import { routedCidrs, servingTables } from "../network/scope.ts";
import { opposite, SIDES, type Side } from "../network/side.ts";

/** At most one pair may join two routers (`Forbidden.OnlyOneConnection`), whatever its status. */
export function routerInterfaceChecks(facts: NetworkFacts): readonly Check[] {
  const existing = existingPair(facts);
  return [
    {
      level: existing ? "stop" : "ok",
      check: "noExistingPair",
      existing: existing
        ? {
            side: existing.side,
            routerInterfaceId: existing.found.id,
            status: existing.found.status,
            name: existing.found.name,
          }
        : null,
    },
  ];
}

function existingPair(facts: NetworkFacts): { readonly side: Side; readonly found: RouterInterface } | null {
  for (const side of SIDES) {
    const oppositeRouterId = facts[opposite(side)].vpc?.vRouterId;
    const found = facts[side].routerInterfaces.find((candidate) => candidate.oppositeRouterId === oppositeRouterId);
    if (found) return { side, found };
  }
  return null;
}

/** The steps from nothing to proof. Call only when no check says stop. */
export function routerInterfaceSteps(
  request: RequestRevision,
  facts: NetworkFacts,
): Pick<Plan, "steps" | "preconditions" | "opens"> {
  const opens = openings(request, facts);
  return {
    steps: [
      { id: "checkPlan", stage: "check", needs: [], lane: null, effect: { type: "checkPlan" } },
      ...connectionSteps(request, facts),
      ...routeSteps(request, facts),
      ...openingSteps(request, facts, opens),
      ...verifySteps(request),
    ],
    preconditions: SIDES.flatMap((side) => preconditions(side, request, facts)),
    opens,
  };
}

function connectionSteps(request: RequestRevision, facts: NetworkFacts): readonly Step[] {
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
      lane: null,
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

function create(side: Side, request: RequestRevision, facts: NetworkFacts): Step {
  const other = opposite(side);
  return {
    id: createId(side),
    stage: "create",
    needs: [],
    lane: null,
    effect: {
      type: "createRouterInterface",
      side,
      regionId: facts[side].regionId,
      role: side === "initiator" ? "InitiatingSide" : "AcceptingSide",
      routerId: vpcOf(side, facts).vRouterId,
      spec: side === "initiator" ? request.spec : ACCEPTOR_SPEC,
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
    lane: null,
    effect: {
      type: "modifyRouterInterfaceAttribute",
      side,
      regionId: facts[side].regionId,
      oppositeRouterId: vpcOf(opposite(side), facts).vRouterId,
    },
  };
}

/** The smallest facts under which the steps stay right. Counters, names and other tables' entries are not among them. */
function preconditions(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Precondition[] {
  const vpc = vpcOf(side, facts);
  const chosen = facts[side].securityGroups.filter(({ id }) => request[side].securityGroupIds.includes(id));
  const groupTypes = chosen.map(({ id, type }) => ({ subject: `${id} type`, fact: type }));
  return [
    { subject: `${vpc.id} account`, fact: vpc.ownerId },
    { subject: `${vpc.id} router`, fact: vpc.vRouterId },
    { subject: `${vpc.id} blocks`, fact: vpcCidrs(vpc).toSorted().join(" ") },
    { subject: `${vpc.id} routed blocks`, fact: routedCidrs(request[side], facts[side]).toSorted().join(" ") },
    {
      subject: `${vpc.id} route tables`,
      fact: servingTables(request[side], facts[side])
        .map(({ id }) => id)
        .toSorted()
        .join(" "),
    },
    ...groupTypes.toSorted((a, b) => (a.subject < b.subject ? -1 : 1)),
  ];
}

function vpcOf(side: Side, facts: NetworkFacts): Vpc {
  const { vpc } = facts[side];
  if (vpc === null) throw new Error(`planning with a ${side} VPC that does not exist: the preflight must stop first`);
  return vpc;
}

/**
 * The inverse of what a plan may have made, in the order that the cloud accepts: route entries, then deactivate both,
 * then delete both (an interface with a route entry through it cannot be deleted), and the rules beside it.
 *
 * `begun` are the steps that were ever started: one that failed without an answer may still have made something, so its
 * inverse looks for it by our mark and finds nothing when there is nothing.
 */
export function undoRouterInterfaceSteps(begun: readonly Step[]): readonly Step[] {
  const routes = begun.flatMap(({ effect }): Step[] =>
    effect.type === "createRouteEntry"
      ? [
          {
            id: `deleteRouteEntry:${effect.routeTableId}:${effect.destination}`,
            stage: "undo",
            needs: [],
            lane: `routes:${effect.vpcId}`,
            effect: { ...effect, type: "deleteRouteEntry" },
          },
        ]
      : [],
  );
  const created = begun.flatMap(({ effect }) => (effect.type === "createRouterInterface" ? [effect] : []));
  const deactivations = created.map(({ side, regionId }): Step => ({
    id: `deactivateRouterInterface:${side}`,
    stage: "undo",
    needs: routes.map(({ id }) => id),
    lane: null,
    effect: { type: "deactivateRouterInterface", side, regionId },
  }));
  const deletions = created.map(({ side, regionId, routerId }): Step => ({
    id: `deleteRouterInterface:${side}`,
    stage: "undo",
    needs: deactivations.map(({ id }) => id),
    lane: null,
    effect: { type: "deleteRouterInterface", side, regionId, routerId },
  }));
  const rules = begun.flatMap(({ id, effect }): Step[] =>
    effect.type === "authorizeSecurityGroup"
      ? [
          {
            id: id.replace("authorize", "revoke"),
            stage: "undo",
            needs: [],
            lane: `security-group:${effect.securityGroupId}`,
            effect: { ...effect, type: "revokeSecurityGroup" },
          },
        ]
      : [],
  );
  return [...routes, ...deactivations, ...deletions, ...rules];
}
