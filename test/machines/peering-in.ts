/**
 * Peerings in every state, reached the way a real one gets there.
 */
import type { NetworkFacts } from "../../machines/network/facts.ts";
import { planRequest } from "../../machines/connections/plan-request.ts";
import { planHash, type Plan } from "../../machines/network/plan.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import type { Actor, Policy } from "../../machines/peering/authority.ts";
import type { Approve, Command, Request } from "../../machines/peering/commands.ts";
import type { Failure, FailureKind } from "../../machines/peering/failure.ts";
import type { PeeringState, TimerEvent } from "../../machines/peering/machine.ts";
import type { Outcome } from "../../machines/peering/outcomes.ts";
import type { TestTries } from "../../machines/network/test-output.ts";
import { currentRun, stepOf, type Person, type Run, type TestReport } from "../../machines/peering/record.ts";
import {
  decideCommand,
  decideOutcome,
  decideRequest,
  type Accepted,
  type Decided,
  type Snapshot,
} from "../../machines/peering/transition.ts";
import { facts, LEAD, plan, POLICY, requestCommand, requestRevision, REQUESTER, T0, RULES } from "./tutorial.ts";

export const member = (person: Person): Actor => ({ person, standing: "member" });

/** A peering that is being driven: every method asserts that the step is accepted and returns the next. */
export interface Driven extends Accepted {
  readonly state: PeeringState;
  answer(outcome: DistributiveOmit<Outcome, "at" | "run"> & { readonly at?: number }): Driven;
  ask(
    command: DistributiveOmit<Exclude<Command, Request>, "at" | "by"> & { readonly at?: number },
    by?: Person,
  ): Driven;
  /** Answers every asked step with success, stage after stage, until the state is reached. */
  until(state: PeeringState): Driven;
}
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export function requested(request: RequestRevision = requestRevision(), network: NetworkFacts = facts()): Driven {
  const planned = planRequest(request, network, RULES);
  if ("stopped" in planned) throw new Error(`stopped: ${JSON.stringify(planned.stopped)}`);
  return driven(decideRequest(requestCommand({ request, plan: planned.plan }), member(REQUESTER), POLICY));
}

export function approval(snapshot: Snapshot, change: Partial<Approve> = {}): Approve {
  const { number, plan: proposed } = currentRun(snapshot.peering);
  const shown = { text: "the card", language: "en", policyHash: "0", leads: [LEAD.userId], botVersion: "0.1.0" };
  return { type: "approve", at: T0 + 60_000, by: LEAD, run: number, planHash: proposed.hash, shown, ...change };
}

export function approved(from: Driven = requested()): Driven {
  return driven(decideCommand(from.next, approval(from.next), member(LEAD), POLICY));
}

/** What a failed test may lead to: the route entries once more, and the test. */
export function fixPlan(): Plan {
  const connect = plan();
  const steps = connect.steps.filter(({ stage }) => ["check", "route", "verify"].includes(stage));
  return { ...connect, steps, hash: planHash({ ...connect, steps }) };
}

/** A peering whose test from the initiator's side lost everything, or so many came back from each side. */
export function failedAtTest(from: Driven = approved(), received: readonly number[] = [0, 10]): Driven {
  const securing = from.until("secured");
  const run = currentRun(securing.next.peering);
  const tests = run.plan.steps.filter(({ stage }) => stage === "verify").map(({ id }) => id);
  return tests.reduce((now, step, index) => {
    const wait = `invocation:${step}`;
    const end = { instanceId: "i-1", ip: "192.168.1.10" };
    const target = { kind: "invocation", id: "t-1", from: end, to: end } as const;
    const waits = [{ key: wait, regionId: "cn-qingdao", target, giveUpAfterMs: 60_000 }];
    return now
      .answer({ type: "stepStarted", step, calls: [], resources: [], waits })
      .answer({ type: "testReported", step, wait, report: pinged(received[index] ?? 10) });
  }, securing);
}

export function failure(kind: FailureKind = "refused", code = "SomeCode"): Failure {
  return { kind, api: "CreateRouterInterface", code, requestId: "7B2C", message: "no" };
}

function driven(decided: Decided): Driven {
  if (decided.kind !== "accepted") throw new Error(`expected to be accepted: ${JSON.stringify(decided)}`);
  const { next } = decided;
  const run = currentRun(next.peering).number;
  return {
    ...decided,
    state: next.state,
    answer: (outcome) => driven(decideOutcome(next, { at: T0 + 120_000, run, ...outcome })),
    ask: (command, by = LEAD) => driven(decideCommand(next, { at: T0 + 180_000, by, ...command }, member(by), POLICY)),
    until: (state) => advance(driven(decided), state),
  };
}

function advance(from: Driven, state: PeeringState): Driven {
  let now = from;
  while (now.state !== state) {
    const running = Object.entries(currentRun(now.next.peering).steps).find(
      ([, progress]) => progress.state === "running",
    );
    if (!running) throw new Error(`nothing under way in ${now.state}, so it will not become ${state}`);
    const [step] = running;
    if (!step.startsWith("runConnectivityTest")) {
      now = now.answer({ type: "stepDone", step, calls: [], resources: [] });
      continue;
    }
    const wait = `invocation:${step}`;
    const target = {
      kind: "invocation",
      id: "t-1",
      from: { instanceId: "i-1", ip: "192.168.1.10" },
      to: { instanceId: "i-2", ip: "172.16.1.10" },
    } as const;
    now = now.answer({
      type: "stepStarted",
      step,
      calls: [],
      resources: [],
      waits: [{ key: wait, regionId: "cn-qingdao", target, giveUpAfterMs: 60_000 }],
    });
    const run = currentRun(now.next.peering);
    now = now.answer({ type: "testReported", step, wait, report: pinged(10, portsOf(run, step)) });
  }
  return now;
}

/** What the tutorial's test tries towards the acceptor. */
const TRIES: TestTries = { ping: true, ports: [5432] };

function portsOf(run: Run, step: string): readonly number[] {
  const effect = stepOf(run, step)?.effect;
  return effect?.type === "runConnectivityTest" ? effect.ports : [];
}

/** So many of ten pings came back, and the ports are open or, when none did, silent. */
export function pinged(received: number, ports: readonly number[] = TRIES.ports): TestReport {
  return {
    from: { instanceId: "i-m5e1", ip: "192.168.1.10" },
    to: { instanceId: "i-2ze1", ip: "172.16.1.10" },
    ping: {
      sent: 10,
      received,
      lossPercent: 100 - received * 10,
      rttMs: received > 0 ? { min: 11.9, avg: 12.4, max: 14 } : null,
    },
    ports: ports.map((port) => ({ port, verdict: received > 0 ? "open" : "noAnswer" })),
    mtu: received > 0 ? 1_500 : null,
    at: T0 + 120_000,
  };
}

/** One peering in each state. */
export function peeringIn(state: PeeringState): Driven {
  const withoutTests = requestRevision({ acceptor: { ...requestRevision().acceptor, testInstanceId: null } });
  switch (state) {
    case "requested":
      return requested();
    case "approved":
      return approved();
    case "creating":
    case "activated":
    case "routed":
    case "verified":
      return approved().until(state);
    case "secured":
      return approved(requested(withoutTests)).until("secured");
    case "failed": {
      const creating = approved().until("creating");
      const half = creating.answer({
        type: "stepFailed",
        step: "createRouterInterface:initiator",
        failure: failure(),
        attempt: 0,
      });
      return half.answer({ type: "stepDone", step: "createRouterInterface:acceptor", calls: [], resources: [] });
    }
    case "rollingBack":
      return peeringIn("failed").ask({ type: "rollBack" });
    case "rolledBack":
      return peeringIn("rollingBack").until("rolledBack");
    case "rejected":
      return requested().ask({ type: "reject", run: 1, reason: "not now" });
    case "withdrawn":
      return requested().ask({ type: "withdraw" }, REQUESTER);
    case "expired":
      return driven(decideOutcome(requested().next, timer("decisionTimeout", "requested")));
  }
}

export function timer(delay: "decisionTimeout" | "startTimeout", state: PeeringState): TimerEvent {
  return { type: `xstate.after.${delay}.peering.${state}`, at: T0 + 72 * 3_600_000 };
}

export const READ_ONLY: Policy = { ...POLICY, mode: "read-only" };
