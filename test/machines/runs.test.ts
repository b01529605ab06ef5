/**
 * The runs after the first: a fix that is proposed and decided, a test that is repeated, a rollback of all that was built.
 */
import { describe, expect, test } from "vitest";
import {
  approvedRun,
  currentRun,
  failedSteps,
  hasFailedTest,
  progressOf,
  type Person,
} from "../../machines/peering/record.ts";
import { decideCommand, decideOutcome } from "../../machines/peering/transition.ts";
import {
  approval,
  approved,
  failedAtTest,
  fixPlan,
  member,
  peeringIn,
  pinged,
  requested,
  timer,
  type Driven,
} from "./peering-in.ts";
import { asking } from "./networks.ts";
import { COLLEAGUE, LEAD, POLICY, REQUESTER, SECOND_LEAD, T0 } from "./tutorial.ts";

const proposed = (by: Person = REQUESTER): Driven =>
  failedAtTest().ask({ type: "proposeFix", run: 1, plan: fixPlan() }, by);

const fixing = (): Driven => {
  const { next } = proposed();
  return approvedBy(proposed(), approval(next).run);
};

function approvedBy(from: Driven, run: number): Driven {
  return from.ask(approval(from.next, { run }), LEAD);
}

describe("a fix", () => {
  test("is proposed from a failed test, waits for a decision of its own, and is a run of its own", () => {
    const { state, next, armed, steps } = proposed();

    expect(state).toBe("requested");
    expect(currentRun(next.peering)).toMatchObject({
      number: 2,
      kind: "fix",
      status: "proposed",
      votes: [],
      by: REQUESTER,
    });
    expect(armed.map(({ id }) => id)).toEqual(["xstate.after.decisionTimeout.peering.requested"]);
    expect(steps).toEqual([]);
  });

  test("goes through the same states with its own steps, and makes the peering verified", () => {
    const routing = fixing().until("activated");
    const end = routing.until("verified");

    expect(routing.steps.map(({ run, step }) => [run, step])).toEqual([
      [2, "createRouteEntry:vtb-m5e1:172.16.0.0/16"],
      [2, "createRouteEntry:vtb-2ze1:192.168.0.0/16"],
    ]);
    expect(currentRun(end.next.peering)).toMatchObject({ kind: "fix", status: "done" });
    expect(end.next.peering.runs.map(({ status }) => status)).toEqual(["failed", "done"]);
  });

  test("is covered by its own approval", () => {
    const { peering } = fixing().next;

    expect(approvedRun(peering).votes).toMatchObject([{ by: LEAD, planHash: fixPlan().hash }]);
  });

  test("is not proposed for what failed before there was a test, nor for a run that is over", () => {
    const plan = fixPlan();
    const early = decideCommand(
      peeringIn("failed").next,
      { type: "proposeFix", at: T0, by: LEAD, run: 1, plan },
      member(LEAD),
      POLICY,
    );
    const stale = decideCommand(
      failedAtTest().next,
      { type: "proposeFix", at: T0, by: LEAD, run: 7, plan },
      member(LEAD),
      POLICY,
    );

    expect([early, stale]).toMatchObject([{ refusal: { reason: "notNow" } }, { refusal: { reason: "notNow" } }]);
  });

  test.each([
    ["the requester", REQUESTER, REQUESTER, "peering"],
    ["the requester of the peering, whoever proposed it", REQUESTER, SECOND_LEAD, "peering"],
    ["the lead who proposed it", SECOND_LEAD, SECOND_LEAD, "fix"],
  ] as const)("cannot be decided by %s", (_, voter, proposer, what) => {
    const { next } = proposed(proposer);
    const decided = [
      decideCommand(next, approval(next, { by: voter }), member(voter), POLICY),
      decideCommand(next, { type: "reject", at: T0, by: voter, run: 2, reason: "no" }, member(voter), POLICY),
    ];

    for (const refused of decided) expect(refused).toMatchObject({ refusal: { reason: "ownRequest", what } });
  });

  test("can be proposed by the requester and by leads, and by nobody else", () => {
    const decided = decideCommand(
      failedAtTest().next,
      { type: "proposeFix", at: T0, by: COLLEAGUE, run: 1, plan: fixPlan() },
      member(COLLEAGUE),
      POLICY,
    );

    expect(decided).toMatchObject({ refusal: { reason: "neitherRequesterNorLead" } });
  });

  const ends: ReadonlyArray<
    readonly [string, (from: Driven) => ReturnType<typeof decideOutcome | typeof decideCommand>]
  > = [
    [
      "rejected",
      ({ next }) =>
        decideCommand(next, { type: "reject", at: T0, by: LEAD, run: 2, reason: "no" }, member(LEAD), POLICY),
    ],
    [
      "withdrawn",
      ({ next }) => decideCommand(next, { type: "withdraw", at: T0, by: REQUESTER }, member(REQUESTER), POLICY),
    ],
    ["not decided in time", ({ next }) => decideOutcome(next, timer("decisionTimeout", "requested"))],
  ];
  test.each(ends)(
    "that is %s leaves the peering as it stood: failed, with its first run to retry or roll back",
    (_, end) => {
      const before = failedAtTest();
      const dropped = end(proposed());
      if (dropped.kind !== "accepted") throw new Error(JSON.stringify(dropped));
      const { state, peering } = dropped.next;

      expect(state).toBe("failed");
      expect(peering.ending).toBeNull();
      expect(peering.runs[1]).toMatchObject({ status: "dropped", endedAt: expect.any(Number) });
      expect(currentRun(peering)).toEqual(currentRun(before.next.peering));
      expect(hasFailedTest(currentRun(peering))).toBe(true);
      const step = failedSteps(currentRun(peering))[0]?.id ?? "";
      const retried = decideCommand(
        dropped.next,
        { type: "retry", at: T0, by: LEAD, run: 1, step },
        member(LEAD),
        POLICY,
      );
      expect(retried).toMatchObject({ kind: "accepted", next: { state: "secured" } });
    },
  );

  test("that was approved and cannot start in time leaves it failed as well", () => {
    const dropped = decideOutcome(fixing().next, timer("startTimeout", "approved"));

    expect(dropped).toMatchObject({ kind: "accepted", next: { state: "failed" } });
  });

  test("whose check failed long after its approval is dropped by a retry, not expired: something is built", () => {
    const stopped = fixing().answer({
      type: "stepFailed",
      step: "checkPlan",
      failure: { kind: "planStopped", api: "", code: "", requestId: "", message: "" },
      attempt: 0,
    });
    const late = stopped.ask({ type: "retry", run: 2, step: "checkPlan", at: T0 + 90 * 60_000 });

    expect([stopped.state, late.state]).toEqual(["failed", "failed"]);
    expect(currentRun(late.next.peering)).toMatchObject({ number: 1, kind: "connect" });
  });

  test("that the network has overtaken waits for another decision as a fix", () => {
    const again = fixing().answer({ type: "planChanged", step: "checkPlan", plan: fixPlan(), changes: [] });

    expect(again.state).toBe("requested");
    expect(currentRun(again.next.peering)).toMatchObject({ number: 3, kind: "fix", status: "proposed" });
  });

  test("can be followed by another one, when its own test fails", () => {
    const second = failedAtTest(fixing()).ask({ type: "proposeFix", run: 2, plan: fixPlan() });

    expect(currentRun(second.next.peering)).toMatchObject({ number: 3, kind: "fix" });
  });

  test("is rolled back together with what the first run built, each thing once", () => {
    const rollback = failedAtTest(fixing()).ask({ type: "rollBack" });
    const ids = currentRun(rollback.next.peering).plan.steps.map(({ id }) => id);

    expect(rollback.state).toBe("rollingBack");
    expect(ids.filter((id) => id.startsWith("deleteRouteEntry"))).toHaveLength(2);
    expect(ids).toContain("deleteRouterInterface:initiator");
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const verified = (): Driven => approved().until("verified");

test("both directions of a failed test can be tested again at once", () => {
  const failed = failedAtTest(approved(), [0, 0]);
  const [first, second] = failedSteps(currentRun(failed.next.peering)).map(({ id }) => id);
  const retrying = failed
    .ask({ type: "retry", run: 1, step: first ?? "" })
    .ask({ type: "retry", run: 1, step: second ?? "" });

  expect([retrying.state, ...retrying.steps.map(({ step }) => step)]).toEqual(["secured", second]);
});

describe("another test of a verified peering", () => {
  test("runs the tests of the plan and nothing else, and the peering stays verified", () => {
    const testing = verified().ask({ type: "test" }, REQUESTER);

    expect(testing.state).toBe("verified");
    expect(testing.steps.map(({ run, step }) => [run, step])).toEqual([
      [2, "runConnectivityTest:initiator"],
      [2, "runConnectivityTest:acceptor"],
    ]);
    expect(currentRun(testing.next.peering)).toMatchObject({ kind: "test", status: "running" });
  });

  test("that succeeds is done, and another one can follow", () => {
    const tested = reported(verified().ask({ type: "test" }), 10);

    expect(currentRun(tested.next.peering)).toMatchObject({ status: "done" });
    expect(currentRun(tested.ask({ type: "test" }).next.peering).number).toBe(3);
  });

  test("that loses everything has failed, and the peering stays verified: what stands is what the card says", () => {
    const tested = reported(verified().ask({ type: "test" }), 0);

    expect(tested.state).toBe("verified");
    expect(currentRun(tested.next.peering)).toMatchObject({ kind: "test", status: "failed" });
    expect(tested.ask({ type: "test" }).state).toBe("verified");
  });

  test("does not begin while one is under way", () => {
    const testing = verified().ask({ type: "test" });
    const again = decideCommand(testing.next, { type: "test", at: T0, by: LEAD }, member(LEAD), POLICY);

    expect(again).toMatchObject({ kind: "refused", refusal: { reason: "notNow" } });
  });

  test("needs something to test with", () => {
    const untested = approved(requested(asking("acceptor", { testInstanceId: null })))
      .until("secured")
      .ask({ type: "acceptUntested", reason: "known good" });
    const decided = decideCommand(untested.next, { type: "test", at: T0, by: LEAD }, member(LEAD), POLICY);

    expect(decided).toMatchObject({ refusal: { reason: "nothingToTest" } });
  });
});

const failedLater = () => reported(verified().ask({ type: "test" }), 0);
const proposedLater = () => failedLater().ask({ type: "proposeFix", run: 2, plan: fixPlan() }, REQUESTER);
const fixingLater = () => approvedBy(proposedLater(), 3);

describe("a fix of a verified peering whose last test failed", () => {
  test("waits for a decision, is carried out, and makes it verified again", () => {
    const end = fixingLater().until("verified");

    expect([proposedLater().state, end.state]).toEqual(["requested", "verified"]);
    expect(end.next.peering.runs.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      "connect done",
      "test failed",
      "fix done",
    ]);
  });

  test("is not proposed while the last test found nothing wrong", () => {
    const fine = reported(verified().ask({ type: "test" }), 10);
    const command = { type: "proposeFix", at: T0, by: LEAD, run: 2, plan: fixPlan() } as const;

    expect(decideCommand(fine.next, command, member(LEAD), POLICY)).toMatchObject({ refusal: { reason: "notNow" } });
  });

  test.each([
    ["rejected", () => proposedLater().ask({ type: "reject", run: 3, reason: "no" })],
    ["withdrawn", () => proposedLater().ask({ type: "withdraw" }, REQUESTER)],
    ["not decided in time", () => decideOutcome(proposedLater().next, timer("decisionTimeout", "requested"))],
    ["approved and withdrawn", () => fixingLater().ask({ type: "withdraw" }, REQUESTER)],
    ["approved and not started in time", () => decideOutcome(fixingLater().next, timer("startTimeout", "approved"))],
  ])("that is %s leaves it verified, with what its last test found", (_, drop) => {
    const dropped = drop();
    if (dropped.kind !== "accepted") throw new Error(JSON.stringify(dropped));
    const { state, peering } = dropped.next;

    expect(state).toBe("verified");
    expect(peering.ending).toBeNull();
    expect(currentRun(peering)).toEqual(currentRun(failedLater().next.peering));
    expect(peering.runs[2]).toMatchObject({ kind: "fix", status: "dropped" });
  });

  test("whose own test fails has failed, and a second fix that is dropped leaves it so", () => {
    const failed = failedAtTest(fixingLater());
    const dropped = failed
      .ask({ type: "proposeFix", run: 3, plan: fixPlan() }, REQUESTER)
      .ask({ type: "withdraw" }, REQUESTER);

    expect([failed.state, dropped.state]).toEqual(["failed", "failed"]);
    expect(currentRun(dropped.next.peering)).toMatchObject({ number: 3, kind: "fix", status: "failed" });
  });
});

/** All tests under way end with so many replies. */
function reported(from: Driven, received: number): Driven {
  const run = currentRun(from.next.peering);
  const under = run.plan.steps.filter(({ id }) => progressOf(run, id).state === "running");
  return under.reduce((now, { id }) => {
    const end = { instanceId: "i-1", ip: "192.168.1.10" };
    const target = { kind: "invocation", id: "t-1", from: end, to: end } as const;
    const waits = [{ key: "invocation:t-1", regionId: "cn-qingdao", target, giveUpAfterMs: 60_000 }];
    return now
      .answer({ type: "stepStarted", step: id, calls: [], resources: [], waits })
      .answer({ type: "testReported", step: id, wait: "invocation:t-1", report: pinged(received) });
  }, from);
}
