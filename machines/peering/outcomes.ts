/**
 * What the world answers. Every outcome names its run and step, so that a late or repeated one finds its place or none.
 */
import type { RegionId } from "../network/facts.ts";
import type { Plan, PreconditionChange } from "../network/plan.ts";
import type { Finding } from "../network/reachability.ts";
import type { Failure } from "./failure.ts";
import type { Resource, TestEnd, TestReport, WaitKey } from "./record.ts";

export type Outcome = StepStarted | StepDone | StepFailed | StepHeld | StatusReached | TestReported | PlanChanged;

interface StepOutcome {
  readonly at: number;
  readonly run: number;
  readonly step: string;
}

/** The cloud accepted the call and takes its time: the step is done when every wait has been reached. */
export interface StepStarted extends StepOutcome {
  readonly type: "stepStarted";
  readonly calls: readonly ApiCall[];
  readonly resources: readonly Resource[];
  readonly waits: readonly Wait[];
}

/** Nothing more to wait for. `calls` is empty when the cloud already was as the step wants it. */
export interface StepDone extends StepOutcome {
  readonly type: "stepDone";
  readonly calls: readonly ApiCall[];
  readonly resources: readonly Resource[];
}

export interface StepFailed extends StepOutcome {
  readonly type: "stepFailed";
  readonly failure: Failure;
  /** Which attempt of its kind this was, from 0. */
  readonly attempt: number;
}

/** It stood in line or in the queue while another step failed, so it was not begun. */
interface StepHeld extends StepOutcome {
  readonly type: "stepHeld";
}

interface StatusReached extends StepOutcome {
  readonly type: "statusReached";
  readonly wait: WaitKey;
  readonly status: string;
}

/** A connectivity test ended with figures. Losing everything is a result, too. */
interface TestReported extends StepOutcome {
  readonly type: "testReported";
  readonly wait: WaitKey;
  readonly report: TestReport;
  /** When something did not answer: what stops it by the configuration of that moment. Left out when that could not be read. */
  readonly finding?: Finding;
}

/** The network is no longer what the approved plan was made for; here is the plan for what it is now. */
export interface PlanChanged extends StepOutcome {
  readonly type: "planChanged";
  readonly plan: Plan;
  readonly changes: readonly PreconditionChange[];
}

/** One write that went out, for the thread and the record. */
export interface ApiCall {
  readonly api: string;
  readonly regionId: RegionId;
  readonly requestId: string;
  /** What it made or changed: a resource id. */
  readonly subject: string;
}

/** Something in the cloud that will get to a status by itself; a row that pollers look after. */
export interface Wait {
  readonly key: WaitKey;
  readonly regionId: RegionId;
  readonly target: WaitTarget;
  /** A person is asked when it takes longer, ms. */
  readonly giveUpAfterMs: number;
}

export type WaitTarget =
  | { readonly kind: "routerInterface"; readonly id: string; readonly wanted: "Idle" | "Active" | "Inactive" | "gone" }
  | { readonly kind: "vpcPeerConnection"; readonly id: string; readonly wanted: "Activated" | "gone" }
  | {
      readonly kind: "routeEntry";
      readonly routeTableId: string;
      readonly destination: string;
      readonly id: string;
      readonly wanted: "Available" | "gone";
    }
  | {
      readonly kind: "invocation";
      readonly id: string;
      readonly from: TestEnd;
      readonly to: TestEnd;
    };
