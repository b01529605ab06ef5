/**
 * The only file that runs the machine: a stored snapshot and an event in, a decision out, as data.
 */
import { initialTransition, transition, type ExecutableActionsFrom } from "xstate";
import { isSamePerson, may, type Actor, type Policy } from "./authority.ts";
import type { Command, Request } from "./commands.ts";
import { peeringMachine, type PeeringEvent, type PeeringState, type TimerEvent } from "./machine.ts";
import type { Outcome } from "./outcomes.ts";
import { stageSteps } from "./progress.ts";
import { approvedRun, connectRun, currentRun, type Peering } from "./record.ts";
import type { Refusal } from "./refusal.ts";

/** All there is to store of a peering's machine. */
export interface Snapshot {
  readonly state: PeeringState;
  readonly peering: Peering;
}

export type Decided = Accepted | Refused | Ignored;

export interface Accepted {
  readonly kind: "accepted";
  readonly next: Snapshot;
  readonly steps: readonly StepAsk[];
  readonly armed: readonly TimerAsk[];
  readonly disarmed: readonly TimerId[];
}

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
}

/** An answer nobody waits for any more, or a timer that a transition has overtaken. */
export interface Ignored {
  readonly kind: "ignored";
}

/** Carry out a step of the current run, `delayMs` from now. */
interface StepAsk {
  readonly run: number;
  readonly step: string;
  readonly delayMs: number;
}

export type TimerId = TimerEvent["type"];

/** Bring the timer's event `delayMs` from now, unless it is disarmed before. */
interface TimerAsk {
  readonly id: TimerId;
  readonly delayMs: number;
}

/** The first decision about a peering. */
export function decideRequest(request: Request, actor: Actor, policy: Policy): Accepted | Refused {
  assertOwnName(request, actor);
  const decision = may(actor, "request", null, policy);
  if (!decision.allowed) return { kind: "refused", refusal: decision.refusal };
  const [snapshot, actions] = initialTransition(peeringMachine, request);
  return accepted({ state: snapshot.value, peering: snapshot.context }, actions);
}

/** A person's command: first who asks, then whether it fits the state; a no always has its reason. */
export function decideCommand(
  now: Snapshot,
  command: Exclude<Command, Request>,
  actor: Actor,
  policy: Policy,
): Accepted | Refused {
  assertOwnName(command, actor);
  const decision = may(actor, command.type, now.peering, policy);
  if (!decision.allowed) return { kind: "refused", refusal: decision.refusal };
  const decided = step(now, command);
  return decided.kind === "ignored" ? { kind: "refused", refusal: whyNot(now, command) } : decided;
}

/** An answer of the world, or a timer. What nobody waits for is ignored. */
export function decideOutcome(now: Snapshot, event: Outcome | TimerEvent): Accepted | Ignored {
  return step(now, event);
}

/** Authority is asked for the actor and the record keeps the command's author: a difference would be a way around both. */
function assertOwnName({ type, by }: Command, { person }: Actor): void {
  if (!isSamePerson(by, person)) throw new Error(`${type} came from ${person.userId} in the name of ${by.userId}`);
}

function step(now: Snapshot, event: PeeringEvent): Accepted | Ignored {
  const before = peeringMachine.resolveState({ value: now.state, context: now.peering });
  if (before.status === "done" || !before.can(event)) return { kind: "ignored" };
  const [after, actions] = transition(peeringMachine, before, event);
  return accepted({ state: after.value, peering: after.context }, actions);
}

/** Sorts what the machine asked for. Only the three action types below can occur: the machine has no inline actions. */
function accepted(next: Snapshot, actions: ReadonlyArray<ExecutableActionsFrom<typeof peeringMachine>>): Accepted {
  const steps: StepAsk[] = [];
  const armed: TimerAsk[] = [];
  const disarmed: TimerId[] = [];
  for (const { type, params } of actions as readonly Asked[]) {
    switch (type) {
      case "runStep":
        steps.push(params);
        break;
      case "xstate.raise":
        armed.push({ id: params.id, delayMs: params.delay });
        break;
      case "xstate.cancel":
        disarmed.push(params.sendId);
        break;
    }
  }
  return { kind: "accepted", next, steps, armed, disarmed };
}

/** What `transition` returns for this machine; XState's own type leaves the parameters of built-in actions open. */
type Asked =
  | { readonly type: "runStep"; readonly params: StepAsk }
  | { readonly type: "xstate.raise"; readonly params: { readonly id: TimerId; readonly delay: number } }
  | { readonly type: "xstate.cancel"; readonly params: { readonly sendId: TimerId } };

/** The reason behind a command that the state does not take. */
function whyNot({ state, peering }: Snapshot, command: Exclude<Command, Request>): Refusal {
  const planHash = currentRun(peering).plan.hash;
  if (command.type === "approve" || command.type === "reject" || command.type === "withdraw") {
    if (state === "requested") return { reason: "planChanged", planHash };
    const { ending } = peering;
    if (ending) return { reason: "alreadyDecided", how: ending.how, by: ending.by, at: ending.at, planHash, state };
    const vote = approvedRun(peering).votes.at(-1);
    if (vote)
      return { reason: "alreadyDecided", how: "approved", by: vote.by, at: vote.at, planHash: vote.planHash, state };
  }
  const isTested = stageSteps(connectRun(peering), "verify").length > 0;
  if (command.type === "test" && state === "verified" && !isTested) return { reason: "nothingToTest" };
  return { reason: "notNow", command: command.type, state };
}
