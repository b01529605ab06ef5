/**
 * What a step's handler gets and gives.
 */
import type { PlanRules } from "../../machines/connections/connection.ts";
import type { StepEffect } from "../../machines/peering/effects.ts";
import type {
  ApiCall,
  Outcome,
  PlanChanged,
  StepDone,
  StepFailed,
  StepStarted,
  Wait,
} from "../../machines/peering/outcomes.ts";
import type { Peering, Resource } from "../../machines/peering/record.ts";
import type { CloudReader, GrantedWriter } from "../ports.ts";

/** What a handler works with. */
export interface StepContext {
  readonly peering: Peering;
  readonly reader: CloudReader;
  readonly planRules: PlanRules;
  /** May do this step and nothing else. */
  readonly writer: GrantedWriter;
}

/** A handler's answer: an outcome but for where it belongs. Failures of the cloud are thrown as `CloudFailure`. */
export type StepAnswer = OutcomeBody<StepStarted | StepDone | StepFailed | PlanChanged>;
type OutcomeBody<O> = O extends Outcome ? Omit<O, "at" | "run" | "step" | "attempt"> : never;

export type StepHandler<E extends StepEffect> = (context: StepContext, effect: E) => Promise<StepAnswer>;

/** The cloud is, or by one call now is, as the step wants it. */
export function done(calls: readonly ApiCall[] = [], resources: readonly Resource[] = []): StepAnswer {
  return { type: "stepDone", calls, resources };
}

/** The cloud accepted and takes its time. */
export function started(
  waits: readonly Wait[],
  calls: readonly ApiCall[] = [],
  resources: readonly Resource[] = [],
): StepAnswer {
  return { type: "stepStarted", calls, resources, waits };
}
