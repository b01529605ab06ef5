/**
 * Before the first write: reads the network again and makes the plan anew. Only the very plan that was approved may start.
 */
import { changedSteps, planFix } from "../../machines/connections/plan-fix.ts";
import { planRequest } from "../../machines/connections/plan-request.ts";
import { stops } from "../../machines/network/checks.ts";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import { newlyTouched } from "../../machines/network/impact.ts";
import { changedPreconditions, type Plan } from "../../machines/network/plan.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import type { Failure } from "../../machines/peering/failure.ts";
import { approvedRun, connectRun, requestOf } from "../../machines/peering/record.ts";
import { done, type StepAnswer, type StepContext } from "./step.ts";

export async function checkPlan(context: StepContext): Promise<StepAnswer> {
  const { peering, reader, planRules } = context;
  const { kind, plan: approved } = approvedRun(peering);
  const request = requestOf(peering);
  const facts = await reader.networkFacts(request, {
    permissionsFor: { ...planRules, connections: [request.connection] },
  });
  const again = kind === "fix" ? fixAgain(context, request, facts) : connectAgain(context, request, facts);
  if ("failure" in again) return { type: "stepFailed", failure: again.failure };
  const { plan } = again;
  const changes = [
    ...changedPreconditions(approved, plan),
    ...newlyTouched(approved.impact, plan.impact),
    ...(kind === "fix" ? changedSteps(approved, plan) : []),
  ];
  if (plan.hash === approved.hash && changes.length === 0) return done();
  return { type: "planChanged", plan, changes };
}

type Again = { readonly plan: Plan } | { readonly failure: Failure };

function connectAgain({ planRules }: StepContext, request: RequestRevision, facts: NetworkFacts): Again {
  const planned = planRequest(request, facts, planRules);
  return "stopped" in planned ? { failure: { ...STOPPED, checks: stops(planned.stopped) } } : planned;
}

function fixAgain({ peering, planRules }: StepContext, request: RequestRevision, facts: NetworkFacts): Again {
  const planned = planFix(request, connectRun(peering).plan, facts, planRules);
  return "left" in planned ? { failure: { ...STOPPED, finding: planned.left } } : planned;
}

const STOPPED = { kind: "planStopped", api: "", code: "", requestId: "", message: "" } as const;
