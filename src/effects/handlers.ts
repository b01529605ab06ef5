/**
 * Carries out one step: finds its handler, and turns what happened into an outcome. A handler reads before it writes,
 * writes only what is missing, and returns; it never waits for the cloud to get somewhere.
 */
import type { PlanRules } from "../../machines/connections/connection.ts";
import type { StepEffect, StepEffectType } from "../../machines/peering/effects.ts";
import { clientTokenOf } from "../../machines/peering/mark.ts";
import type { Outcome } from "../../machines/peering/outcomes.ts";
import { approvedRun, progressOf, stepOf, type Peering, type Run } from "../../machines/peering/record.ts";
import { CloudFailure, type Clock, type CloudReader, type CloudWriter, type Grant } from "../ports.ts";
import { checkPlan } from "./check-plan.ts";
import { runConnectivityTest } from "./connectivity-test.ts";
import { createRouteEntry, deleteRouteEntry } from "./route-entries.ts";
import {
  connectRouterInterface,
  createRouterInterface,
  deactivateRouterInterface,
  deleteRouterInterface,
  modifyRouterInterfaceAttribute,
} from "./router-interfaces.ts";
import { authorizeSecurityGroup, revokeSecurityGroup } from "./security-groups.ts";
import type { StepAnswer, StepContext, StepHandler } from "./step.ts";
import { createVpcPeerConnection, deleteVpcPeerConnection } from "./vpc-peers.ts";

const HANDLERS: { readonly [T in StepEffectType]: StepHandler<Extract<StepEffect, { type: T }>> } = {
  checkPlan,
  createRouterInterface,
  modifyRouterInterfaceAttribute,
  connectRouterInterface,
  createVpcPeerConnection,
  createRouteEntry,
  authorizeSecurityGroup,
  runConnectivityTest,
  deleteRouteEntry,
  deactivateRouterInterface,
  deleteRouterInterface,
  deleteVpcPeerConnection,
  revokeSecurityGroup,
};

export interface StepPorts {
  readonly reader: CloudReader;
  readonly writer: CloudWriter;
  readonly clock: Clock;
  readonly planRules: PlanRules;
}

/** Rejects only on a bug: whatever the cloud does is an outcome. */
export async function carryOut(
  { reader, writer, clock, planRules }: StepPorts,
  peering: Peering,
  run: Run,
  stepId: string,
): Promise<Outcome> {
  const step = stepOf(run, stepId);
  if (!step) throw new Error(`carrying out step ${stepId}, which run ${run.number} of ${peering.id} does not have`);
  const answer = await answerOf(
    { peering, reader, planRules, writer: writer(grantFor(peering, run, stepId, step.effect)) },
    step.effect,
  );
  const place = { at: clock.now(), run: run.number, step: stepId };
  return answer.type === "stepFailed"
    ? { ...answer, ...place, attempt: progressOf(run, stepId).attempts }
    : { ...answer, ...place };
}

async function answerOf(context: StepContext, effect: StepEffect): Promise<StepAnswer> {
  // The table is typed by effect type; TypeScript cannot follow the pairing through an index.
  const handler = HANDLERS[effect.type] as StepHandler<StepEffect>;
  try {
    return await handler(context, effect);
  } catch (error) {
    if (error instanceof CloudFailure) return { type: "stepFailed", failure: error.failure };
    throw error;
  }
}

function grantFor(peering: Peering, run: Run, step: string, effect: StepEffect): Grant {
  const approved = approvedRun(peering);
  return {
    peeringId: peering.id,
    run: run.number,
    step,
    planHash: approved.plan.hash,
    approvedBy: approved.votes.map(({ by }) => by),
    effect,
    clientToken: clientTokenOf(peering.id, run.number, step, progressOf(run, step).generation),
  };
}
