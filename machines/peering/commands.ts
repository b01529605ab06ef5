/**
 * What a person can ask of a peering. Who asks comes from a verified payload; when, from the bot's clock.
 */
import type { Plan } from "../network/plan.ts";
import type { RequestRevision } from "../network/request.ts";
import type { Limits, Person, PeeringId } from "./record.ts";

export type Command = Request | Approve | Reject | Withdraw | Retry | RollBack | AcceptUntested | ProposeFix | Test;

/** Begins a peering: the only event of one that does not exist yet. */
export interface Request {
  readonly type: "request";
  readonly at: number;
  readonly by: Person;
  readonly id: PeeringId;
  readonly request: RequestRevision;
  readonly plan: Plan;
  readonly limits: Limits;
}

/** A lead's yes to one plan. It carries what the lead was shown, so that the record can say so a year later. */
export interface Approve {
  readonly type: "approve";
  readonly at: number;
  readonly by: Person;
  readonly run: number;
  readonly planHash: string;
  readonly shown: Shown;
}

/** What an approver saw and under which rules: see the log of events. */
interface Shown {
  /** The card as text, in the language it was shown in. */
  readonly text: string;
  readonly language: string;
  /** Over the rules of approval that were in force (mode, leads' group, listed leads). */
  readonly policyHash: string;
  /** The network leads at that moment, user ids. */
  readonly leads: readonly string[];
  readonly botVersion: string;
}

interface Reject {
  readonly type: "reject";
  readonly at: number;
  readonly by: Person;
  readonly run: number;
  readonly reason: string;
}

interface Withdraw {
  readonly type: "withdraw";
  readonly at: number;
  readonly by: Person;
}

/** Tries one failed step again. */
export interface Retry {
  readonly type: "retry";
  readonly at: number;
  readonly by: Person;
  readonly run: number;
  readonly step: string;
}

/** Asks for a decision on a plan that mends what the failed test of `run` has found. */
interface ProposeFix {
  readonly type: "proposeFix";
  readonly at: number;
  readonly by: Person;
  readonly run: number;
  readonly plan: Plan;
}

/** Tests a verified peering once more, as the approved plan tested it. */
interface Test {
  readonly type: "test";
  readonly at: number;
  readonly by: Person;
}

/** Removes what this peering made, and only that. */
interface RollBack {
  readonly type: "rollBack";
  readonly at: number;
  readonly by: Person;
}

/** A lead takes a secured peering that has nothing to test with. */
export interface AcceptUntested {
  readonly type: "acceptUntested";
  readonly at: number;
  readonly by: Person;
  readonly reason: string;
}
