/**
 * From a peering whose test failed and the facts of now to a plan that mends it, for a decision of its own.
 */
import { beforeOf } from "../network/before.ts";
import { coverageOf } from "../network/coverage.ts";
import type { NetworkFacts } from "../network/facts.ts";
import { impactOf } from "../network/impact.ts";
import { mend } from "../network/mend.ts";
import { planHash, type Opening, type Plan, type PreconditionChange, type Step } from "../network/plan.ts";
import { verifySteps } from "../network/plan-steps.ts";
import type { Finding } from "../network/reachability.ts";
import type { RequestRevision } from "../network/request.ts";
import { SIDES } from "../network/side.ts";
import type { PlanRules } from "./connection.ts";
import { CHECK_PLAN, preconditions } from "./plan-request.ts";

export type PlannedFix = { readonly plan: Plan } | { readonly left: Finding };

/**
 * Pure, as `planRequest`. The plan mends, then tests again what `built` tested; where nothing stops the test it only tests.
 * `left`: what stops the test and is not the peering's to mend.
 */
export function planFix(
  request: RequestRevision,
  built: Plan,
  facts: NetworkFacts,
  { sensitiveTags }: Pick<PlanRules, "sensitiveTags">,
): PlannedFix {
  const mending = mend(facts, built);
  if ("left" in mending) return mending;
  const { connection, about } = built;
  const steps = [CHECK_PLAN, ...mending.steps, ...verifySteps(request)];
  const rests = SIDES.flatMap((side) => preconditions(side, request, facts));
  const parts = { steps, preconditions: rests, opens: opened(mending.steps) };
  const impact = impactOf(request, facts, { connection, steps }, sensitiveTags);
  const coverage = coverageOf(request, facts, { connection, steps });
  const covered = coverage ? { coverage } : {};
  const before = beforeOf(request, facts, steps);
  return { plan: { connection, hash: planHash(parts), ...parts, checks: [], impact, before, ...covered, about } };
}

/** Its steps but for checking and testing. */
export function changingSteps({ steps }: Plan): readonly Step[] {
  return steps.filter(({ stage }) => stage !== "check" && stage !== "verify");
}

/** What is to be done no longer, or in addition, as differences that people can read. */
export function changedSteps(before: Plan, after: Plan): readonly PreconditionChange[] {
  return [
    ...beyond(before, after).map(({ id }) => ({ subject: id, before: "needed", after: "not needed" })),
    ...beyond(after, before).map(({ id }) => ({ subject: id, before: "not needed", after: "needed" })),
  ];
}

function beyond(plan: Plan, { steps }: Plan): readonly Step[] {
  return changingSteps(plan).filter(({ id }) => steps.every((step) => step.id !== id));
}

function opened(steps: readonly Step[]): readonly Opening[] {
  return steps.flatMap(({ effect }) => {
    if (effect.type !== "authorizeSecurityGroup" || effect.direction !== "ingress") return [];
    const { side, securityGroupId, rules } = effect;
    return rules.map(({ protocol, portRange, peerCidr }) => ({
      side,
      from: [peerCidr],
      securityGroupIds: [securityGroupId],
      protocol,
      portRange,
    }));
  });
}
