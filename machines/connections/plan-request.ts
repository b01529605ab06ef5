/**
 * From a request and the facts to a plan, or to the checks that say why there is none.
 */
import { stops, type Check } from "../network/checks.ts";
import type { NetworkFacts } from "../network/facts.ts";
import { planHash, type AboutSide, type Plan, type Step } from "../network/plan.ts";
import { preflight } from "../network/preflight.ts";
import type { RequestRevision } from "../network/request.ts";
import { routedCidrs, runningHosts } from "../network/scope.ts";
import { bothSides, type Side } from "../network/side.ts";
import { routerInterfaceChecks, routerInterfaceSteps, undoRouterInterfaceSteps } from "./router-interfaces.ts";

export type Planned = { readonly plan: Plan } | { readonly stopped: readonly Check[] };

/**
 * Nobody reads more, and each answer to a step writes the whole record: of 2,000 steps the largest transaction took 4 s,
 * in which nothing else is answered.
 */
const STEPS_MAX = 500;

/** Pure: the same request and facts give the same plan and the same hash. `stopped` holds all checks, not only the stops. */
export function planRequest(request: RequestRevision, facts: NetworkFacts): Planned {
  const general = preflight(request, facts);
  const checks = stops(general).length > 0 ? general : [...general, ...routerInterfaceChecks(facts)];
  if (stops(checks).length > 0) return { stopped: checks };
  const parts = routerInterfaceSteps(request, facts);
  const { length } = parts.steps;
  if (length > STEPS_MAX)
    return { stopped: [...checks, { level: "stop", check: "planFits", steps: length, max: STEPS_MAX }] };
  const about = bothSides((side) => aboutSide(side, request, facts));
  return { plan: { hash: planHash(parts), ...parts, checks, about } };
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
    hosts: hosts.length,
    reachableHosts: hosts.filter(({ securityGroupIds }) =>
      securityGroupIds.some((id) => wanted.securityGroupIds.includes(id)),
    ).length,
    testInstance: testInstance
      ? { id: testInstance.id, name: testInstance.name, privateIp: testInstance.privateIp }
      : null,
  };
}

/** The plan of a rollback: the inverse of the steps that were ever begun, with the hash over those inverse steps. */
export function planRollback(approved: Plan, begun: readonly Step[]): Plan {
  const parts = { steps: undoRouterInterfaceSteps(begun), preconditions: [], opens: [] };
  return { hash: planHash(parts), ...parts, checks: [], about: approved.about };
}
