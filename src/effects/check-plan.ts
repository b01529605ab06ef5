/**
 * Before the first write: reads the network again and makes the plan anew. Only the very plan that was approved may start.
 */
import { stops } from "../../machines/network/checks.ts";
import { newlyTouched } from "../../machines/network/impact.ts";
import { changedPreconditions } from "../../machines/network/plan.ts";
import { planRequest } from "../../machines/connections/plan-request.ts";
import { connectRun } from "../../machines/peering/record.ts";
import { done, type StepAnswer, type StepContext } from "./step.ts";

export async function checkPlan({ peering, reader, planRules }: StepContext): Promise<StepAnswer> {
  const run = connectRun(peering);
  const request = peering.revisions.find(({ revision }) => revision === run.revision);
  if (!request)
    throw new Error(`run ${run.number} of ${peering.id} is for revision ${run.revision}, which is not there`);
  const facts = await reader.networkFacts(request, {
    permissionsFor: { ...planRules, connections: [request.connection] },
  });
  const planned = planRequest(request, facts, planRules);
  if ("stopped" in planned) {
    const failure = {
      kind: "planStopped",
      api: "",
      code: "",
      requestId: "",
      message: "",
      checks: stops(planned.stopped),
    } as const;
    return { type: "stepFailed", failure };
  }
  const { plan } = planned;
  const changes = [...changedPreconditions(run.plan, plan), ...newlyTouched(run.plan.impact, plan.impact)];
  if (plan.hash === run.plan.hash && changes.length === 0) return done();
  return { type: "planChanged", plan, changes };
}
