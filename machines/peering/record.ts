/**
 * The peering as data: everything the machine knows, and everything a card, a thread or an auditor is told.
 *
 * The record and the name of the state are the whole snapshot; there are no actors and no history states, so an upgrade
 * between machine versions is a pure function of this record.
 */
import type { Cidr } from "../network/cidr.ts";
import type {
  RegionId,
  RouteTableId,
  RouterInterfaceId,
  SecurityGroupId,
  VpcPeerConnectionId,
} from "../network/facts.ts";
import type { Plan, Step, StepId } from "../network/plan.ts";
import type { RequestRevision } from "../network/request.ts";
import type { Side } from "../network/side.ts";
import type { TestFound } from "../network/test-output.ts";
import { CONNECTION_TYPES } from "../connections/types.ts";
import type { StepEffect } from "./effects.ts";
import { nextAfter, type Failure } from "./failure.ts";

/** `P-` and eight characters of Crockford's base 32; derived from the draft, so a repeated submit names the same peering. */
export type PeeringId = `P-${string}`;

/** A person by the ids of a verified payload; names and e-mail addresses identify nobody. */
export interface Person {
  readonly teamId: string;
  readonly userId: string;
}

export interface Peering {
  readonly id: PeeringId;
  readonly requester: Person;
  /** Epoch ms, as all times in the record. */
  readonly requestedAt: number;
  readonly revisions: readonly RequestRevision[];
  readonly runs: readonly Run[];
  /** What this peering made in the cloud, or found there and kept. It stays named when a rollback has removed it: see `madeByUs`. */
  readonly resources: readonly Resource[];
  readonly limits: Limits;
  /** How it ended before anything was built. */
  readonly ending: Ending | null;
  /** Set when a network lead took it without a test. */
  readonly acceptedUntested: { readonly by: Person; readonly at: number; readonly reason: string } | null;
}

/** Time limits of this request, fixed when it was made. */
export interface Limits {
  /** How long the leads have to decide. */
  readonly decisionTimeoutMs: number;
  /** How long an approved plan may wait for its start. */
  readonly startTimeoutMs: number;
}

export interface Ending {
  readonly how: "rejected" | "withdrawn" | "expired";
  readonly by: Person | null;
  readonly at: number;
  readonly reason: string;
}

/**
 * One plan, from proposal to its end. The seven states are the first run, of kind `connect`; a `fix` goes through them
 * again with a plan of its own, a `test` repeats the test of a verified peering, a `rollback` undoes all that was begun.
 */
export interface Run {
  readonly number: number;
  readonly kind: "connect" | "fix" | "test" | "rollback";
  readonly revision: number;
  readonly plan: Plan;
  /** `dropped`: a fix that was not approved; things stand as before it was proposed. */
  readonly status: "proposed" | "approved" | "running" | "done" | "failed" | "stopped" | "superseded" | "dropped";
  readonly votes: readonly Vote[];
  readonly steps: Readonly<Record<StepId, StepProgress>>;
  /** Who set it off: for a rollback, who pressed the button. */
  readonly by: Person;
  readonly proposedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
}

interface Vote {
  readonly by: Person;
  readonly at: number;
  readonly planHash: string;
  readonly vote: "yes" | "no";
}

export interface StepProgress {
  /** `running`: asked, not answered. `waiting`: the cloud accepted and takes its time. */
  readonly state: "pending" | "running" | "waiting" | "done" | "failed";
  /** Answers so far that were failures. A crash is not an attempt. */
  readonly attempts: number;
  /**
   * How often a person pressed *Retry step*. It is part of the client token: a token whose answer was a definite no must
   * not bring that same answer again.
   */
  readonly generation: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly troubleSince: number | null;
  readonly waits: readonly WaitKey[];
  readonly failure: Failure | null;
  readonly report: TestReport | null;
}

/** Names one thing that is waited for, unique within a peering: `routerInterface:ri-…:Active`. */
export type WaitKey = string;

export type Resource =
  | {
      readonly kind: "vpcPeerConnection";
      readonly side: "initiator";
      readonly regionId: RegionId;
      readonly id: VpcPeerConnectionId;
      readonly madeBy: "peering";
    }
  | {
      readonly kind: "routerInterface";
      readonly side: Side;
      readonly regionId: RegionId;
      readonly id: RouterInterfaceId;
      readonly madeBy: "peering";
    }
  | {
      readonly kind: "routeEntry";
      readonly side: Side;
      readonly regionId: RegionId;
      readonly routeTableId: RouteTableId;
      readonly destination: Cidr;
      readonly id: string;
      readonly madeBy: "peering";
    }
  | {
      readonly kind: "securityGroupRule";
      readonly side: Side;
      readonly regionId: RegionId;
      readonly securityGroupId: SecurityGroupId;
      readonly direction: "ingress" | "egress";
      readonly id: string;
      /** `others`: an identical rule was there before; we keep it. */
      readonly madeBy: "peering" | "others";
    };

/** What one test from one instance to another has found. */
export interface TestReport extends TestFound {
  readonly from: TestEnd;
  readonly to: TestEnd;
  readonly at: number;
}

export interface TestEnd {
  readonly instanceId: string;
  readonly ip: string;
}

/** The run that is proposed, under way or last ended. Every peering has one; a proposal that was dropped counts for nothing. */
export function currentRun(peering: Peering): Run {
  const run = peering.runs.findLast(({ status }) => status !== "dropped");
  if (!run) throw new Error(`peering ${peering.id} has no run`);
  return run;
}

/** The run that builds: the last of kind `connect`. */
export function connectRun(peering: Peering): Run {
  const run = peering.runs.findLast(({ kind }) => kind === "connect");
  if (!run) throw new Error(`peering ${peering.id} has no connect run`);
  return run;
}

/** The run whose approval covers what is being done: a fix has its own, test and rollback go with the plan that built. */
export function approvedRun(peering: Peering): Run {
  const run = currentRun(peering);
  return run.kind === "fix" ? run : connectRun(peering);
}

/** What was asked for, as the current run carries it out. */
export function requestOf(peering: Peering): RequestRevision {
  const { number, revision } = currentRun(peering);
  const request = peering.revisions.find((candidate) => candidate.revision === revision);
  if (!request) throw new Error(`run ${number} of ${peering.id} is for revision ${revision}, which is not there`);
  return request;
}

/** The runs that made something, first to last. */
export function buildingRuns(peering: Peering): readonly Run[] {
  return peering.runs.filter(({ kind }) => kind === "connect" || kind === "fix");
}

/** There are instances to test with. */
export function hasTests(run: Run): boolean {
  return run.plan.steps.some(({ stage }) => stage === "verify");
}

/** The run whose test was the last to end or to begin; the first run as long as nothing was tested. */
export function testedRun(peering: Peering): Run {
  const tested = peering.runs.findLast((run) => Object.values(run.steps).some(({ report }) => report !== null));
  return tested ?? connectRun(peering);
}

/** What the first test of this step that proved something has found: what later ones are compared with. */
export function baselineOf(peering: Peering, stepId: StepId): TestReport | null {
  const proving = peering.runs.find(({ steps }) => steps[stepId]?.state === "done" && steps[stepId].report);
  return proving?.steps[stepId]?.report ?? null;
}

/** A test has found that something does not get through, and nothing else is wrong. */
export function hasFailedTest(run: Run): boolean {
  const failed = failedSteps(run);
  return run.kind !== "rollback" && failed.length > 0 && failed.every(({ stage }) => stage === "verify");
}

export function stepOf(run: Run, stepId: StepId): Step | undefined {
  return run.plan.steps.find(({ id }) => id === stepId);
}

export function progressOf(run: Run, stepId: StepId): StepProgress {
  const progress = run.steps[stepId];
  if (!progress) throw new Error(`run ${run.number} has no step ${stepId}`);
  return progress;
}

/** Steps that ended in failure, in the order of the plan. */
export function failedSteps(run: Run): readonly Step[] {
  return run.plan.steps.filter(({ id }) => progressOf(run, id).state === "failed");
}

/**
 * Failed steps that people are offered to try again. In a rollback that is every one, since nothing else leads out of it;
 * a retry goes out with a client token of its own.
 */
export function retryableSteps(run: Run): readonly Step[] {
  return failedSteps(run).filter(({ id }) => {
    const { failure } = progressOf(run, id);
    return failure !== null && (run.kind === "rollback" || nextAfter(failure) !== "stop");
  });
}

/** Where a step stands in its plan, from 1. */
export function positionOf(run: Run, stepId: StepId): number {
  return run.plan.steps.findIndex(({ id }) => id === stepId) + 1;
}

/** The networks were connected, and no rollback has begun to take the connection apart. */
export function isConnected(peering: Peering): boolean {
  const run = currentRun(peering);
  const { plan, steps } = connectRun(peering);
  const connecting = plan.steps.filter(({ stage }) => stage === "create");
  const { takesApart } = CONNECTION_TYPES[plan.connection];
  const isTakenApart = run.plan.steps.some(
    ({ id, effect }) => takesApart.includes(effect.type) && progressOf(run, id).startedAt !== null,
  );
  return connecting.every(({ id }) => steps[id]?.state === "done") && !isTakenApart;
}

/** How much of this peering's own making exists: what a rollback removes. */
export interface Made {
  /** Router interfaces or peering connections. */
  readonly connections: number;
  readonly entries: number;
  readonly rules: number;
}

export function madeByUs({ resources, runs }: Peering): Made {
  const undoing = runs.flatMap((run) =>
    run.plan.steps.map(({ id, effect }) => ({ effect, isDone: progressOf(run, id).state === "done" })),
  );
  const isGone = (resource: Resource) => {
    // More than one where a group's rules are taken back in several calls.
    const takers = undoing.filter(({ effect }) => takesAway(effect, resource));
    return takers.length > 0 && takers.every(({ isDone }) => isDone);
  };
  const left = resources.filter((resource) => resource.madeBy === "peering" && !isGone(resource));
  const amount = (...kinds: ReadonlyArray<Resource["kind"]>) => left.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    connections: amount("routerInterface", "vpcPeerConnection"),
    entries: amount("routeEntry"),
    rules: amount("securityGroupRule"),
  };
}

function takesAway(effect: StepEffect, resource: Resource): boolean {
  switch (resource.kind) {
    case "routerInterface":
      return effect.type === "deleteRouterInterface" && effect.side === resource.side;
    case "vpcPeerConnection":
      return effect.type === "deleteVpcPeerConnection";
    case "routeEntry":
      return (
        effect.type === "deleteRouteEntry" &&
        effect.routeTableId === resource.routeTableId &&
        effect.destination === resource.destination
      );
    case "securityGroupRule":
      return (
        effect.type === "revokeSecurityGroup" &&
        effect.securityGroupId === resource.securityGroupId &&
        effect.direction === resource.direction
      );
  }
}
