/**
 * From a request and the facts to a plan, or to the checks that say why there is none; and from a plan to its inverse.
 * What the connection types have in common is here, what is particular to one is asked of it.
 */
import { beforeOf } from "../network/before.ts";
import { stops, type Check } from "../network/checks.ts";
import { coverageOf } from "../network/coverage.ts";
import { isOneRegion, vpcCidrs, vpcOf, type NetworkFacts, type SideFacts } from "../network/facts.ts";
import { impactOf } from "../network/impact.ts";
import { hashOf, planHash, type AboutSide, type Plan, type Precondition, type Step } from "../network/plan.ts";
import { authorizeSteps, openings, openingSteps, routeSteps, verifySteps } from "../network/plan-steps.ts";
import { preflight } from "../network/preflight.ts";
import { permissions } from "../network/preflight-permissions.ts";
import { longerPrefixes } from "../network/preflight-routes.ts";
import type { RequestRevision, RequestSide } from "../network/request.ts";
import { routedCidrs, runningHosts, servingTables, vSwitchesInScope } from "../network/scope.ts";
import { bothSides, SIDES, type Side } from "../network/side.ts";
import type { PlanRules } from "./connection.ts";
import { CONNECTION_TYPES } from "./types.ts";

export type Planned = { readonly plan: Plan } | { readonly stopped: readonly Check[] };

/**
 * Nobody reads more, and each answer to a step writes the whole record: of 2,000 steps the largest transaction took 4 s,
 * in which nothing else is answered.
 */
const STEPS_MAX = 500;

/** What every plan begins with. */
export const CHECK_PLAN: Step = {
  id: "checkPlan",
  stage: "check",
  needs: [],
  lanes: [],
  effect: { type: "checkPlan" },
};

/** Pure: the same request, facts and rules give the same plan and the same hash. `stopped` holds all checks, not only the stops. */
export function planRequest(request: RequestRevision, facts: NetworkFacts, rules: PlanRules): Planned {
  const general = preflight(request, facts, rules.crossBorder);
  const plannable = stops(general).length > 0 ? general : [...general, ...connectionChecks(request, facts, rules)];
  if (stops(plannable).length > 0) return { stopped: plannable };
  const opens = openings(request, facts);
  const steps: readonly Step[] = [
    CHECK_PLAN,
    ...CONNECTION_TYPES[request.connection].connectSteps(request, facts),
    ...routeSteps(request, facts),
    ...openingSteps(request, facts, opens),
    ...verifySteps(request),
  ];
  const checks = [...plannable, permissions(steps, facts)];
  if (stops(checks).length > 0) return { stopped: checks };
  const rests = SIDES.flatMap((side) => [...preconditions(side, request, facts), ...unseen(side, checks)]);
  const parts = { steps, preconditions: rests, opens };
  const { length } = steps;
  if (length > STEPS_MAX)
    return { stopped: [...checks, { level: "stop", check: "planFits", steps: length, max: STEPS_MAX }] };
  const about = bothSides((side) => aboutSide(side, request, facts));
  const { connection } = request;
  const impact = impactOf(request, facts, { connection, steps }, rules.sensitiveTags);
  const coverage = coverageOf(request, facts, { connection, steps });
  const covered = coverage ? { coverage } : {};
  const before = beforeOf(request, facts, steps);
  return { plan: { connection, hash: planHash(parts), ...parts, checks, impact, before, ...covered, about } };
}

/** Those that the form lets nobody run into are only there when somebody did. */
function connectionChecks(request: RequestRevision, facts: NetworkFacts, rules: PlanRules): readonly Check[] {
  const { connection, size } = request;
  const type = CONNECTION_TYPES[connection];
  const sizes = type.sizes(isOneRegion(facts));
  const misses: readonly Check[] = [
    ...(rules.connections.includes(connection)
      ? []
      : [{ level: "stop", check: "connectionOffered", connection } as const]),
    ...(sizes.length === 0 || sizes.includes(size) ? [] : [{ level: "stop", check: "sizeOffered", size } as const]),
  ];
  return [...misses, ...type.checks(request, facts, rules)];
}

/** The smallest facts under which the steps stay right. Counters, names and entries that lead elsewhere are not among them. */
export function preconditions(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Precondition[] {
  const vpc = vpcOf(side, facts);
  const chosen = facts[side].securityGroups.filter(({ id }) => request[side].securityGroupIds.includes(id));
  const groupTypes = chosen.map(({ id, type }) => ({ subject: `${id} type`, fact: type }));
  return [
    { subject: `${vpc.id} account`, fact: vpc.ownerId },
    ...CONNECTION_TYPES[request.connection].preconditions(side, facts),
    { subject: `${vpc.id} blocks`, fact: vpcCidrs(vpc).toSorted().join(" ") },
    { subject: `${vpc.id} routed blocks`, fact: routedCidrs(request[side], facts[side]).toSorted().join(" ") },
    {
      subject: `${vpc.id} route tables`,
      fact: servingTables(request[side], facts[side])
        .map(({ id }) => id)
        .toSorted()
        .join(" "),
    },
    ...longerPrefixes(side, request, facts).map(({ routeTableId, entries }) => ({
      subject: `${routeTableId} entries within the routed blocks`,
      fact: entries,
    })),
    ...groupTypes.toSorted((a, b) => (a.subject < b.subject ? -1 : 1)),
  ];
}

/** What nobody could see when it was approved must not come to be unseen only afterwards, or the other way round. */
function unseen(side: Side, checks: readonly Check[]): readonly Precondition[] {
  const ids = checks.flatMap((check) => {
    if (!("side" in check) || check.side !== side) return [];
    if (check.check === "noDropWins") return check.unseen.map(({ securityGroupId }) => securityGroupId);
    return check.check === "networkAclsLetThrough" ? check.unread : [];
  });
  const [first] = ids;
  return first ? [{ subject: `not readable, ${side}`, fact: [...new Set(ids)].toSorted().join(" ") }] : [];
}

function aboutSide(side: Side, request: RequestRevision, facts: NetworkFacts): AboutSide {
  const { regionId, vpcId, vpc, instances } = facts[side];
  const wanted = request[side];
  const hosts = runningHosts(wanted, facts[side]);
  const testInstance = instances.find(({ id }) => id === wanted.testInstanceId);
  return {
    regionId,
    vpcId,
    vpcName: vpc?.name ?? "",
    cidrs: routedCidrs(wanted, facts[side]),
    wholeVpc: wanted.vSwitchIds.length === 0,
    vSwitches: vSwitchesToShow(wanted, facts[side]),
    hosts: hosts.length,
    reachableHosts: hosts.filter(({ securityGroupIds }) =>
      securityGroupIds.some((id) => wanted.securityGroupIds.includes(id)),
    ).length,
    testInstance: testInstance
      ? { id: testInstance.id, name: testInstance.name, privateIp: testInstance.privateIp }
      : null,
  };
}

/** A picture has room for so many. */
const VSWITCHES_SHOWN_MAX = 4;

function vSwitchesToShow(wanted: RequestSide, facts: SideFacts): NonNullable<AboutSide["vSwitches"]> {
  const inScope = vSwitchesInScope(wanted, facts).toSorted((a, b) =>
    `${a.name} ${a.id}` < `${b.name} ${b.id}` ? -1 : 1,
  );
  const first = inScope.slice(0, VSWITCHES_SHOWN_MAX).map(({ id, name, cidr }) => ({ id, name, cidr }));
  return { first, count: inScope.length };
}

/** The plan of another test of what a plan has built: its own test and nothing else. */
export function planTest(built: Plan): Plan {
  const { connection, about, coverage } = built;
  const steps = built.steps.filter(({ stage }) => stage === "verify");
  const parts = { steps, preconditions: [], opens: [] };
  return { connection, hash: planHash(parts), ...parts, checks: [], ...(coverage ? { coverage } : {}), about };
}

/**
 * The plan of a rollback: the inverse of the steps that were ever begun, in the order that the cloud accepts, with the
 * hash over those inverse steps. Route entries go first, then the connection; the rules go beside them.
 */
export function planRollback({ connection, about }: Plan, begun: readonly Step[]): Plan {
  // A fix may have put back what the first run had made.
  const once = [...new Map(begun.map((step) => [step.id, step])).values()];
  const routes = once.flatMap(({ effect }): Step[] =>
    effect.type === "createRouteEntry"
      ? [
          {
            id: `deleteRouteEntry:${effect.routeTableId}:${effect.destination}`,
            stage: "undo",
            needs: [],
            lanes: [`routes:${effect.vpcId}`],
            effect: { ...effect, type: "deleteRouteEntry" },
          },
        ]
      : [],
  );
  const rules = rulesOf(begun).flatMap(({ id, lanes, effect }): Step[] =>
    effect.type === "authorizeSecurityGroup"
      ? [
          {
            id: id.replace("authorize", "revoke"),
            stage: "undo",
            needs: [],
            lanes,
            effect: { ...effect, type: "revokeSecurityGroup" },
          },
        ]
      : [],
  );
  const type = CONNECTION_TYPES[connection];
  const undone = type.undoSteps(
    once,
    routes.map(({ id }) => id),
  );
  const parts = { steps: [...routes, ...undone, ...rules], preconditions: [], opens: [] };
  return { connection, hash: planHash(parts), ...parts, checks: [], about };
}

/** All rules of a group that any run added, each once, whichever of them a fix put back. */
function rulesOf(begun: readonly Step[]): readonly Step[] {
  const authorized = begun.flatMap(({ effect }) => (effect.type === "authorizeSecurityGroup" ? [effect] : []));
  const byGroup = Map.groupBy(authorized, ({ securityGroupId, direction }) => `${securityGroupId} ${direction}`);
  return [...byGroup.values()].flatMap(([first, ...more]) => {
    if (!first) return [];
    const rules = new Map([first, ...more].flatMap((effect) => effect.rules).map((rule) => [hashOf(rule), rule]));
    return authorizeSteps({ ...first, rules: [...rules.values()] });
  });
}
