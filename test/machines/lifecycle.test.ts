import { describe, expect, test } from "vitest";
import { connectRun, currentRun, failedSteps, progressOf } from "../../machines/peering/record.ts";
import { decideCommand, decideOutcome } from "../../machines/peering/transition.ts";
import { approval, approved, failure, member, peeringIn, pinged, requested, timer } from "./peering-in.ts";
import { LEAD, plan, POLICY, REQUESTER, requestRevision, SECOND_LEAD, T0 } from "./tutorial.ts";

const CREATE_BOTH = ["createRouterInterface:initiator", "createRouterInterface:acceptor"];

describe("a plan is run as a graph", () => {
  test("an approval starts the check of the plan and nothing else", () => {
    const { state, steps, disarmed } = approved();

    expect(state).toBe("approved");
    expect(steps.map(({ step }) => step)).toEqual(["checkPlan"]);
    expect(disarmed).toEqual(["xstate.after.decisionTimeout.peering.requested"]);
  });

  test("both interfaces are created side by side", () => {
    const { steps } = approved().until("creating");

    expect(steps.map(({ step }) => step)).toEqual(CREATE_BOTH);
  });

  test("the acceptor is modified when both interfaces are there, the initiator after it, and then they are connected", () => {
    const one = approved()
      .until("creating")
      .answer({ type: "stepDone", step: "createRouterInterface:initiator", calls: [], resources: [] });
    const both = one.answer({ type: "stepDone", step: "createRouterInterface:acceptor", calls: [], resources: [] });
    const acceptor = both.answer({
      type: "stepDone",
      step: "modifyRouterInterfaceAttribute:acceptor",
      calls: [],
      resources: [],
    });
    const initiator = acceptor.answer({
      type: "stepDone",
      step: "modifyRouterInterfaceAttribute:initiator",
      calls: [],
      resources: [],
    });

    expect([one, both, acceptor, initiator].map(({ steps }) => steps.map(({ step }) => step))).toEqual([
      [],
      ["modifyRouterInterfaceAttribute:acceptor"],
      ["modifyRouterInterfaceAttribute:initiator"],
      ["connectRouterInterface"],
    ]);
  });

  test("a step that waits for two things is done when both have been reached", () => {
    const connecting = approved().until("creating").until("activated");
    expect(connecting.state).toBe("activated");

    let creating = approved().until("creating");
    for (const step of [
      ...CREATE_BOTH,
      "modifyRouterInterfaceAttribute:acceptor",
      "modifyRouterInterfaceAttribute:initiator",
    ]) {
      creating = creating.answer({ type: "stepDone", step, calls: [], resources: [] });
    }
    const waits = ["ri-1", "ri-2"].map((id) => ({
      key: `routerInterface:${id}:Active`,
      regionId: "cn-qingdao",
      target: { kind: "routerInterface", id, wanted: "Active" } as const,
      giveUpAfterMs: 300_000,
    }));
    const waiting = creating.answer({
      type: "stepStarted",
      step: "connectRouterInterface",
      calls: [],
      resources: [],
      waits,
    });
    const first = waiting.answer({
      type: "statusReached",
      step: "connectRouterInterface",
      wait: "routerInterface:ri-1:Active",
      status: "Active",
    });
    const second = first.answer({
      type: "statusReached",
      step: "connectRouterInterface",
      wait: "routerInterface:ri-2:Active",
      status: "Active",
    });

    expect([waiting.state, first.state, second.state]).toEqual(["creating", "creating", "activated"]);
  });

  test("a status that was reached already is ignored the second time", () => {
    const creating = approved().until("creating");
    const wait = {
      key: "routerInterface:ri-1:Idle",
      regionId: "cn-qingdao",
      target: { kind: "routerInterface", id: "ri-1", wanted: "Idle" },
      giveUpAfterMs: 1,
    } as const;
    const step = "createRouterInterface:initiator";
    const reached = creating
      .answer({ type: "stepStarted", step, calls: [], resources: [], waits: [wait] })
      .answer({ type: "statusReached", step, wait: wait.key, status: "Idle" });

    const again = decideOutcome(reached.next, {
      type: "statusReached",
      at: T0,
      run: 1,
      step,
      wait: wait.key,
      status: "Idle",
    });

    expect(again.kind).toBe("ignored");
  });
});

describe("trouble", () => {
  const step = "createRouterInterface:initiator";

  test("throttling asks for the same step again later and stays in the state", () => {
    const throttled = approved()
      .until("creating")
      .answer({ type: "stepFailed", step, failure: failure("throttled", "Throttling.User"), attempt: 0 });

    expect(throttled.state).toBe("creating");
    expect(throttled.steps).toHaveLength(1);
    expect(throttled.steps[0]).toMatchObject({ step, run: 1 });
    expect(throttled.steps[0]?.delayMs).toBeGreaterThanOrEqual(750);
  });

  test("waits grow with each attempt and end when it has gone on for too long", () => {
    let now = approved().until("creating");
    const delays: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      now = now.answer({
        type: "stepFailed",
        step,
        failure: failure("throttled"),
        attempt,
        at: T0 + 120_000 + attempt,
      });
      delays.push(now.steps[0]?.delayMs ?? -1);
    }
    const late = now.answer({
      type: "stepFailed",
      step,
      failure: failure("throttled"),
      attempt: 6,
      at: T0 + 120_000 + 16 * 60_000,
    });

    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(late.steps).toEqual([]);
  });

  test("one failed step lets what is under way end, starts nothing new, and only then is the peering failed", () => {
    const half = approved().until("creating").answer({ type: "stepFailed", step, failure: failure(), attempt: 0 });
    const settled = half.answer({ type: "stepDone", step: "createRouterInterface:acceptor", calls: [], resources: [] });

    expect([half.state, half.steps]).toEqual(["creating", []]);
    expect([settled.state, settled.steps]).toEqual(["failed", []]);
    expect(currentRun(settled.next.peering).status).toBe("failed");
  });

  test("a step that would be retried is not once another has failed for good", () => {
    const half = approved().until("creating").answer({ type: "stepFailed", step, failure: failure(), attempt: 0 });
    const other = half.answer({
      type: "stepFailed",
      step: "createRouterInterface:acceptor",
      failure: failure("throttled"),
      attempt: 0,
    });

    expect(other.state).toBe("failed");
    expect(failedSteps(currentRun(other.next.peering))).toHaveLength(2);
  });

  test("retry asks for the failed step alone, with a new generation, and goes on from there", () => {
    const retried = peeringIn("failed").ask({ type: "retry", run: 1, step });

    expect(retried.state).toBe("creating");
    expect(retried.steps).toEqual([{ run: 1, step, delayMs: 0 }]);
    expect(progressOf(currentRun(retried.next.peering), step).generation).toBe(1);
    expect(retried.until("verified").state).toBe("verified");
  });

  test("each stage that can fail goes back to its own state when the step is retried", () => {
    const stages = { approved: "approved", creating: "creating", activated: "activated", routed: "routed" } as const;
    for (const state of Object.values(stages)) {
      let now = approved().until(state);
      for (const { step: asked } of now.steps)
        now = now.answer({ type: "stepFailed", step: asked, failure: failure(), attempt: 0 });
      expect(now.state).toBe("failed");
      const [failed] = failedSteps(currentRun(now.next.peering));
      expect(now.ask({ type: "retry", run: 1, step: failed?.id ?? "" }).state).toBe(state);
    }
  });

  test("a retry of the check goes on as long as the approval may start something, and after that ends the peering", () => {
    const stopped = approved().answer({ type: "stepFailed", step: "checkPlan", failure: failure(), attempt: 0 });
    const votedAt = T0 + 60_000;
    const { startTimeoutMs } = stopped.next.peering.limits;
    const retryAt = (at: number) => stopped.ask({ type: "retry", run: 1, step: "checkPlan", at });

    const intime = retryAt(votedAt + startTimeoutMs);
    const late = retryAt(votedAt + startTimeoutMs + 1);

    expect([intime.state, intime.steps.map(({ step: asked }) => asked)]).toEqual(["approved", ["checkPlan"]]);
    expect([late.state, late.steps, late.armed]).toEqual(["expired", [], []]);
    expect(late.next.peering).toEqual({
      ...stopped.next.peering,
      ending: { how: "expired", by: null, at: votedAt + startTimeoutMs + 1, reason: "" },
    });
  });

  test("a retry of what was begun goes on whenever it comes", () => {
    const late = peeringIn("failed").ask({ type: "retry", run: 1, step, at: T0 + 365 * 24 * 3_600_000 });

    expect(late.state).toBe("creating");
  });

  test("the plan that was overtaken loses its vote, and the new one waits for a decision", () => {
    const wider = requestRevision({ acceptor: { ...requestRevision().acceptor, ports: [{ from: 80, to: 80 }] } });
    const now = approved().answer({
      type: "planChanged",
      step: "checkPlan",
      plan: plan(wider),
      changes: [{ subject: "x", before: "a", after: "b" }],
    });

    expect(now.state).toBe("requested");
    expect(currentRun(now.next.peering)).toMatchObject({
      number: 2,
      status: "proposed",
      votes: [],
      plan: { hash: plan(wider).hash },
    });
    expect(now.next.peering.runs[0]?.status).toBe("superseded");
    expect(now.armed.map(({ id }) => id)).toContain("xstate.after.decisionTimeout.peering.requested");
    expect(approved(now).until("verified").state).toBe("verified");
  });

  test("a yes to the plan before is refused with the plan that stands now", () => {
    const wider = requestRevision({ acceptor: { ...requestRevision().acceptor, ports: [{ from: 80, to: 80 }] } });
    const now = approved().answer({ type: "planChanged", step: "checkPlan", plan: plan(wider), changes: [] });

    const late = decideCommand(now.next, approval(requested().next), member(LEAD), POLICY);

    expect(late).toEqual({ kind: "refused", refusal: { reason: "planChanged", planHash: plan(wider).hash } });
  });
});

describe("proof", () => {
  const tests = ["runConnectivityTest:initiator", "runConnectivityTest:acceptor"];

  function testing() {
    let now = approved().until("secured");
    for (const step of tests) {
      const target = { kind: "invocation", id: `t-${step}`, from: pinged(0).from, to: pinged(0).to } as const;
      now = now.answer({
        type: "stepStarted",
        step,
        calls: [],
        resources: [],
        waits: [{ key: `invocation:${step}`, regionId: "cn-qingdao", target, giveUpAfterMs: 60_000 }],
      });
    }
    return now;
  }

  test("answers both ways are verified", () => {
    const end = tests.reduce(
      (now, step) => now.answer({ type: "testReported", step, wait: `invocation:${step}`, report: pinged(10) }),
      testing(),
    );

    expect(end.state).toBe("verified");
  });

  test("a few lost packets are a result, and verified", () => {
    const end = tests.reduce(
      (now, step) => now.answer({ type: "testReported", step, wait: `invocation:${step}`, report: pinged(9) }),
      testing(),
    );

    expect(end.state).toBe("verified");
  });

  test("all packets lost one way fail the test step, with the figures kept", () => {
    const [first = "", second = ""] = tests;
    const end = testing()
      .answer({ type: "testReported", step: first, wait: `invocation:${first}`, report: pinged(0) })
      .answer({ type: "testReported", step: second, wait: `invocation:${second}`, report: pinged(10) });

    expect(end.state).toBe("failed");
    expect(progressOf(currentRun(end.next.peering), first)).toMatchObject({
      state: "failed",
      failure: { kind: "noReply", missing: { ping: true, ports: [5432] } },
      report: { ping: { lossPercent: 100 } },
    });
  });

  test("nothing to test with stays secured until a lead takes it as it is", () => {
    const secured = peeringIn("secured");
    const accepted = secured.ask({ type: "acceptUntested", reason: "tested by hand" });

    expect([secured.state, secured.steps]).toEqual(["secured", []]);
    expect(accepted.state).toBe("verified");
    expect(accepted.next.peering.acceptedUntested).toMatchObject({ by: LEAD, reason: "tested by hand" });
  });
});

describe("rollback", () => {
  test("undoes every step that was begun, routes before interfaces, also one that failed without an answer", () => {
    const routing = approved().until("activated");
    const [first, second] = routing.steps;
    const failed = routing
      .answer({ type: "stepDone", step: first?.step ?? "", calls: [], resources: [] })
      .answer({ type: "stepFailed", step: second?.step ?? "", failure: failure(), attempt: 0 });

    const rollingBack = failed.ask({ type: "rollBack" });
    const run = currentRun(rollingBack.next.peering);

    expect(rollingBack.state).toBe("rollingBack");
    expect(run.kind).toBe("rollback");
    expect(run.plan.steps.map(({ id }) => id)).toEqual([
      "deleteRouteEntry:vtb-m5e1:172.16.0.0/16",
      "deleteRouteEntry:vtb-2ze1:192.168.0.0/16",
      "deactivateRouterInterface:initiator",
      "deactivateRouterInterface:acceptor",
      "deleteRouterInterface:initiator",
      "deleteRouterInterface:acceptor",
    ]);
    expect(rollingBack.steps.map(({ step }) => step)).toEqual(run.plan.steps.slice(0, 2).map(({ id }) => id));
    expect(rollingBack.until("rolledBack").state).toBe("rolledBack");
  });

  test("interfaces are deactivated when the entries are gone and deleted when both are inactive", () => {
    const rollingBack = peeringIn("verified");
    expect(rollingBack.state).toBe("verified");

    const { plan: undo } = currentRun(approvedThenFailedAtTest().ask({ type: "rollBack" }).next.peering);
    const needs = Object.fromEntries(undo.steps.map((step) => [step.id, step.needs]));

    expect(needs["deactivateRouterInterface:initiator"]).toEqual([
      "deleteRouteEntry:vtb-m5e1:172.16.0.0/16",
      "deleteRouteEntry:vtb-2ze1:192.168.0.0/16",
    ]);
    expect(needs["deleteRouterInterface:acceptor"]).toEqual([
      "deactivateRouterInterface:initiator",
      "deactivateRouterInterface:acceptor",
    ]);
    expect(needs["revokeSecurityGroup:ingress:sg-m5e1"]).toEqual([]);
  });

  test("with nothing begun but the check it is rolled back at once", () => {
    const failed = approved().answer({
      type: "stepFailed",
      step: "checkPlan",
      failure: failure("planStopped"),
      attempt: 0,
    });
    const rolledBack = failed.ask({ type: "rollBack" });

    expect([failed.state, rolledBack.state]).toEqual(["failed", "rolledBack"]);
  });

  test("a failed rollback is retried, not begun a second time", () => {
    const rollingBack = peeringIn("rollingBack");
    const failed = rollingBack.steps.reduce(
      (now, { step }) => now.answer({ type: "stepFailed", step, failure: failure(), attempt: 0 }),
      rollingBack,
    );

    expect(failed.state).toBe("failed");
    expect(decideCommand(failed.next, { type: "rollBack", at: T0, by: LEAD }, member(LEAD), POLICY)).toMatchObject({
      kind: "refused",
      refusal: { reason: "notNow" },
    });
    const [step] = failedSteps(currentRun(failed.next.peering));
    expect(failed.ask({ type: "retry", run: 2, step: step?.id ?? "" }).state).toBe("rollingBack");
  });

  test("a late answer of the first run changes nothing in the rollback", () => {
    const { next } = peeringIn("rollingBack");

    expect(
      decideOutcome(next, {
        type: "stepDone",
        at: T0,
        run: 1,
        step: "connectRouterInterface",
        calls: [],
        resources: [],
      }).kind,
    ).toBe("ignored");
  });
});

describe("decisions", () => {
  test("a second approval says who was first, when, and for which plan", () => {
    const { next } = approved();
    const second = decideCommand(
      next,
      approval(next, { by: SECOND_LEAD, at: T0 + 64_000 }),
      member(SECOND_LEAD),
      POLICY,
    );

    expect(second).toMatchObject({
      kind: "refused",
      refusal: {
        reason: "alreadyDecided",
        how: "approved",
        by: LEAD,
        at: T0 + 60_000,
        planHash: connectRun(next.peering).plan.hash,
        state: "approved",
      },
    });
  });

  test("nobody decided in time: it expires, and says so to whoever comes later", () => {
    const { next } = peeringIn("expired");

    expect(next.peering.ending).toMatchObject({ how: "expired", by: null });
    expect(decideCommand(next, approval(next), member(LEAD), POLICY)).toMatchObject({
      refusal: { reason: "alreadyDecided", how: "expired" },
    });
  });

  test("an approved plan that could not start in time expires", () => {
    const { next } = approved();
    const decided = decideOutcome(next, timer("startTimeout", "approved"));

    expect(decided).toMatchObject({ kind: "accepted", next: { state: "expired" } });
  });

  test("the record keeps the vote with the plan it was for", () => {
    const { next } = approved();

    expect(currentRun(next.peering).votes).toEqual([
      { by: LEAD, at: T0 + 60_000, planHash: currentRun(next.peering).plan.hash, vote: "yes" },
    ]);
  });

  test("a snapshot survives the way through JSON", () => {
    const { next } = approved().until("routed");
    const stored = JSON.parse(JSON.stringify(next)) as typeof next;
    const [step] = Object.entries(currentRun(stored.peering).steps).filter(([, { state }]) => state === "running");

    const outcome = { type: "stepDone", at: T0, run: 1, step: step?.[0] ?? "", calls: [], resources: [] } as const;

    expect(decideOutcome(stored, outcome)).toEqual(decideOutcome(next, outcome));
  });

  test("the requester can withdraw before a decision", () => {
    expect(requested().ask({ type: "withdraw" }, REQUESTER).next).toMatchObject({
      state: "withdrawn",
      peering: { ending: { how: "withdrawn", by: REQUESTER } },
    });
  });
});

function approvedThenFailedAtTest() {
  let now = approved().until("secured");
  for (const { step } of now.steps)
    now = now.answer({ type: "stepFailed", step, failure: failure("testCouldNotRun"), attempt: 0 });
  return now;
}
