/**
 * Every state × every event has an answer. The table is what the product promises; the machine is held against it, and an
 * event that the machine knows and the table does not is a failure.
 */
import { describe, expect, test } from "vitest";
import { currentRun } from "../../machines/peering/record.ts";
import type { Command } from "../../machines/peering/commands.ts";
import { peeringMachine, type PeeringState } from "../../machines/peering/machine.ts";
import type { Outcome } from "../../machines/peering/outcomes.ts";
import type { Refusal } from "../../machines/peering/refusal.ts";
import { decideCommand, decideOutcome, type Decided, type Snapshot } from "../../machines/peering/transition.ts";
import { approval, failure, member, peeringIn, pinged, timer } from "./peering-in.ts";
import { LEAD, POLICY, plan, REQUESTER, T0 } from "./tutorial.ts";

type CommandName = Exclude<Command["type"], "request">;
type TimerName = "decisionTimeout" | "startTimeout";
type EventName = CommandName | Outcome["type"] | TimerName;
type Answer = "accepted" | "ignored" | Refusal["reason"];

const decidedAlready = {
  approve: "alreadyDecided",
  reject: "alreadyDecided",
  withdraw: "alreadyDecided",
  retry: "notNow",
  rollBack: "notNow",
  acceptUntested: "notNow",
  proposeFix: "notNow",
  test: "notNow",
} as const;

const nobodyWaits = {
  stepStarted: "ignored",
  stepDone: "ignored",
  stepFailed: "ignored",
  stepHeld: "ignored",
  statusReached: "ignored",
  testReported: "ignored",
  planChanged: "ignored",
  decisionTimeout: "ignored",
  startTimeout: "ignored",
} as const;

/** Answers to steps that are under way. A status is reached only by a step that waits, which none of these does yet. */
const working = {
  ...decidedAlready,
  ...nobodyWaits,
  stepStarted: "accepted",
  stepDone: "accepted",
  stepFailed: "accepted",
  stepHeld: "accepted",
} as const;
const over = { ...decidedAlready, ...nobodyWaits } as const;

const ANSWERS: Record<PeeringState, Record<EventName, Answer>> = {
  requested: { ...over, approve: "accepted", reject: "accepted", withdraw: "accepted", decisionTimeout: "accepted" },
  approved: { ...working, withdraw: "accepted", planChanged: "accepted", startTimeout: "accepted" },
  creating: working,
  activated: working,
  routed: working,
  // Without a test to run: nothing is under way.
  secured: { ...over, rollBack: "accepted", acceptUntested: "accepted" },
  verified: { ...over, test: "accepted" },
  // It failed before there was anything to test: see `runs.test.ts` for a failed test.
  failed: { ...over, retry: "accepted", rollBack: "accepted" },
  rollingBack: working,
  rolledBack: over,
  rejected: over,
  withdrawn: over,
  expired: over,
};

const STATES = Object.keys(ANSWERS) as PeeringState[];
const EVENTS = Object.keys(ANSWERS.requested) as EventName[];

describe.each(STATES)("in %s", (state) => {
  test.each(EVENTS)("%s has the answer that the table says", (event) => {
    const { next } = peeringIn(state);

    expect(next.state).toBe(state);
    expect(answerOf(send(next, event))).toBe(ANSWERS[state][event]);
  });
});

test("the table knows every event that the machine takes, and every state", () => {
  const known = peeringMachine.events
    .map((event) => event.replace(/^xstate\.after\.(\w+)\..*$/, "$1"))
    .filter((event) => !event.startsWith("xstate."));

  expect(known.filter((event) => !EVENTS.some((name) => name === event))).toEqual([]);
  expect(Object.keys(peeringMachine.states).toSorted()).toEqual(STATES.toSorted());
});

function answerOf(decided: Decided): Answer {
  return decided.kind === "refused" ? decided.refusal.reason : decided.kind;
}

function send(now: Snapshot, event: EventName): Decided {
  const run = currentRun(now.peering);
  const at = T0 + 300_000;
  const place = { at, run: run.number, step: underWay(now) };
  switch (event) {
    case "approve":
      return decideCommand(now, approval(now), member(LEAD), POLICY);
    case "reject":
      return decideCommand(now, { type: "reject", at, by: LEAD, run: run.number, reason: "no" }, member(LEAD), POLICY);
    case "withdraw":
      return decideCommand(now, { type: "withdraw", at, by: REQUESTER }, member(REQUESTER), POLICY);
    case "retry":
      return decideCommand(
        now,
        { type: "retry", at, by: LEAD, run: run.number, step: failedStep(now) },
        member(LEAD),
        POLICY,
      );
    case "rollBack":
      return decideCommand(now, { type: "rollBack", at, by: LEAD }, member(LEAD), POLICY);
    case "acceptUntested":
      return decideCommand(now, { type: "acceptUntested", at, by: LEAD, reason: "known good" }, member(LEAD), POLICY);
    case "proposeFix":
      return decideCommand(
        now,
        { type: "proposeFix", at, by: LEAD, run: run.number, plan: plan() },
        member(LEAD),
        POLICY,
      );
    case "test":
      return decideCommand(now, { type: "test", at, by: LEAD }, member(LEAD), POLICY);
    case "stepStarted":
      return decideOutcome(now, { ...place, type: "stepStarted", calls: [], resources: [], waits: [] });
    case "stepDone":
      return decideOutcome(now, { ...place, type: "stepDone", calls: [], resources: [] });
    case "stepFailed":
      return decideOutcome(now, { ...place, type: "stepFailed", failure: failure(), attempt: 0 });
    case "stepHeld":
      return decideOutcome(now, { ...place, type: "stepHeld" });
    case "statusReached":
      return decideOutcome(now, { ...place, type: "statusReached", wait: "routerInterface:ri-1:Idle", status: "Idle" });
    case "testReported":
      return decideOutcome(now, { ...place, type: "testReported", wait: "invocation:t-1", report: pinged(10) });
    case "planChanged":
      return decideOutcome(now, { ...place, type: "planChanged", plan: plan(), changes: [] });
    case "decisionTimeout":
      return decideOutcome(now, timer("decisionTimeout", "requested"));
    case "startTimeout":
      return decideOutcome(now, timer("startTimeout", "approved"));
  }
}

function underWay({ peering }: Snapshot): string {
  const { steps } = currentRun(peering);
  return Object.keys(steps).find((id) => steps[id]?.state === "running") ?? Object.keys(steps)[0] ?? "";
}

function failedStep({ peering }: Snapshot): string {
  const { steps } = currentRun(peering);
  return Object.keys(steps).find((id) => steps[id]?.state === "failed") ?? "";
}
