/**
 * How the record keeps count: answers that belong nowhere, resources, attempts and generations, runs and their ends.
 */
import { constantFrom, nat, property, string, uniqueArray } from "fast-check";
import { describe, expect, test } from "vitest";
import { clientTokenOf, markOf } from "../../machines/peering/mark.ts";
import type { Outcome, Wait } from "../../machines/peering/outcomes.ts";
import {
  connectRun,
  currentRun,
  failedSteps,
  isConnected,
  madeByUs,
  positionOf,
  progressOf,
  retryableSteps,
  stepOf,
  type Peering,
  type Resource,
} from "../../machines/peering/record.ts";
import { isToBeHeld } from "../../machines/peering/progress.ts";
import { decideCommand, decideOutcome } from "../../machines/peering/transition.ts";
import { asking, vSwitch, withSide } from "./networks.ts";
import { approval, approved, failure, member, peeringIn, pinged, requested, type Driven } from "./peering-in.ts";
import { holds } from "./seeded.ts";
import { LEAD, plan, POLICY, REQUESTER, T0 } from "./tutorial.ts";

const INITIATOR = "createRouterInterface:initiator";
const ACCEPTOR = "createRouterInterface:acceptor";

const ownInterface: Resource = {
  kind: "routerInterface",
  side: "initiator",
  regionId: "cn-qingdao",
  id: "ri-1",
  madeBy: "peering",
};
const wait: Wait = {
  key: "routerInterface:ri-1:Idle",
  regionId: "cn-qingdao",
  target: { kind: "routerInterface", id: "ri-1", wanted: "Idle" },
  giveUpAfterMs: 300_000,
};

const started = (step: string, waits: readonly Wait[] = [wait], resources: readonly Resource[] = []) =>
  ({ type: "stepStarted", step, calls: [], resources, waits }) as const;
const done = (step: string, resources: readonly Resource[] = []) =>
  ({ type: "stepDone", step, calls: [], resources }) as const;
const failed = (step: string, kind: Parameters<typeof failure>[0] = "refused") =>
  ({ type: "stepFailed", step, failure: failure(kind), attempt: 0 }) as const;
const progress = ({ next }: Driven, step: string) => progressOf(currentRun(next.peering), step);

const held = (from: Driven) => from.answer({ type: "stepHeld", step: ACCEPTOR });

describe("a step that waited in line while another failed", () => {
  const stopped = held(approved().until("creating").answer(failed(INITIATOR)));

  test("is as if it had not been asked, but that its next asking is another job", () => {
    expect([stopped.state, stopped.steps]).toEqual(["failed", []]);
    expect(progress(stopped, ACCEPTOR)).toEqual({ ...progress(requested(), ACCEPTOR), attempts: 1 });
    expect(failedSteps(currentRun(stopped.next.peering)).map(({ id }) => id)).toEqual([INITIATOR]);
  });

  test("is asked again when the one that failed is retried", () => {
    const retried = stopped.ask({ type: "retry", run: 1, step: INITIATOR });

    expect(retried.steps.map(({ step }) => step)).toEqual([INITIATOR, ACCEPTOR]);
    expect(progress(retried, ACCEPTOR)).toMatchObject({ state: "running", attempts: 1, generation: 0 });
    expect(retried.until("verified").state).toBe("verified");
  });

  test("is not undone by a rollback", () => {
    const undone = stopped.ask({ type: "rollBack" });

    expect(currentRun(undone.next.peering).plan.steps.map(({ id }) => id)).toEqual([
      "deactivateRouterInterface:initiator",
      "deleteRouterInterface:initiator",
    ]);
    expect(undone.until("rolledBack").state).toBe("rolledBack");
  });

  test("is to be held only while another has failed, nothing of it is on record and nobody retries it", () => {
    const creating = approved().until("creating");
    const throttled = creating.answer(failed(ACCEPTOR, "throttled"));
    const both = creating.answer(failed(INITIATOR)).answer(failed(ACCEPTOR));
    const cases = [
      creating,
      creating.answer(failed(INITIATOR)),
      throttled.answer(failed(INITIATOR)),
      both.ask({ type: "retry", run: 1, step: ACCEPTOR }),
    ];

    expect(cases.map(({ next }) => isToBeHeld(currentRun(next.peering), ACCEPTOR))).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});

describe("an answer that belongs nowhere is ignored and leaves the record as it was", () => {
  const creating = approved().until("creating");

  test.each([
    "",
    "createRouterInterface",
    "createRouterInterface:Initiator",
    "constructor",
    "__proto__",
    "toString",
    "deleteRouterInterface:initiator",
  ])("for a step that the plan does not have: %j", (step) => {
    expect(answers(step).map((outcome) => decideOutcome(creating.next, outcome).kind)).toEqual(
      Array(6).fill("ignored"),
    );
  });

  test.each([0, 2, -1, 1.5, Number.NaN])("for run %s, which is not the current one", (run) => {
    expect(answers(INITIATOR, run).map((outcome) => decideOutcome(creating.next, outcome).kind)).toEqual(
      Array(6).fill("ignored"),
    );
  });

  test.each(["modifyRouterInterfaceAttribute:acceptor", "createRouteEntry:vtb-m5e1:172.16.0.0/16", "checkPlan"])(
    "for a step that is not under way: %s",
    (step) => {
      expect(answers(step).map((outcome) => decideOutcome(creating.next, outcome).kind)).toEqual(
        Array(6).fill("ignored"),
      );
    },
  );

  test("for a step that is asked and has not been accepted by the cloud: no status can have been reached", () => {
    expect(answers(INITIATOR).map((outcome) => decideOutcome(creating.next, outcome).kind)).toEqual([
      "accepted",
      "accepted",
      "accepted",
      "ignored",
      "ignored",
      "ignored",
    ]);
  });

  test("for a step that waits: it is not begun or done a second time, and only its own waits count", () => {
    const waiting = creating.answer(started(INITIATOR));
    const other = {
      at: T0,
      run: 1,
      step: INITIATOR,
      type: "statusReached",
      wait: "routerInterface:ri-9:Idle",
      status: "Idle",
    } as const;

    expect(answers(INITIATOR).map((outcome) => decideOutcome(waiting.next, outcome).kind)).toEqual([
      "ignored",
      "ignored",
      "accepted",
      "accepted",
      "accepted",
      "ignored",
    ]);
    expect(decideOutcome(waiting.next, other).kind).toBe("ignored");
  });

  test("whatever step, run and state it comes from and to", () => {
    const states = ["requested", "failed", "verified", "rolledBack", "rejected", "withdrawn", "expired"] as const;
    holds(
      property(constantFrom(...states), nat(), nat({ max: 3 }), (state, pick, run) => {
        const { next } = peeringIn(state);
        const before = JSON.stringify(next);
        const step =
          currentRun(next.peering).plan.steps[pick % Math.max(1, currentRun(next.peering).plan.steps.length)]?.id ?? "";

        expect(answers(step, run).filter((outcome) => decideOutcome(next, outcome).kind !== "ignored")).toEqual([]);
        expect(JSON.stringify(next)).toBe(before);
      }),
      100,
    );
  });
});

describe("resources", () => {
  const creating = approved().until("creating");

  test("are kept with the answer that names them, accepted or done", () => {
    const other: Resource = { ...ownInterface, side: "acceptor", id: "ri-2" };

    const both = creating.answer(started(INITIATOR, [wait], [ownInterface])).answer(done(ACCEPTOR, [other]));

    expect(both.next.peering.resources).toEqual([ownInterface, other]);
  });

  test("that a step names again are kept once", () => {
    const again = creating
      .answer(started(INITIATOR, [wait], [ownInterface]))
      .answer(failed(INITIATOR))
      .answer(done(ACCEPTOR))
      .ask({ type: "retry", run: 1, step: INITIATOR })
      .answer(done(INITIATOR, [ownInterface]));

    expect(again.next.peering.resources).toEqual([ownInterface]);
  });

  test("that one answer names twice are kept once", () => {
    const twice = creating.answer(done(INITIATOR, [ownInterface, ownInterface]));

    expect(twice.next.peering.resources).toEqual([ownInterface]);
  });

  test("of two kinds may have the same id", () => {
    const entry: Resource = {
      kind: "routeEntry",
      side: "initiator",
      regionId: "cn-qingdao",
      routeTableId: "vtb-m5e1",
      destination: "172.16.0.0/16",
      id: "ri-1",
      madeBy: "peering",
    };

    expect(creating.answer(done(INITIATOR, [ownInterface, entry])).next.peering.resources).toHaveLength(2);
  });

  test("that were there before are kept apart from what we made: a rollback removes none of them", () => {
    const made = creating.answer(done(INITIATOR, [ownInterface, rule("sgr-1", "peering"), rule("sgr-2", "others")]));

    expect(madeByUs(made.next.peering)).toEqual({ connections: 1, entries: 0, rules: 1 });
  });
});

describe("a step that waits", () => {
  const creating = approved().until("creating");

  test("for nothing is done at once: there is no status whose arrival could end it", () => {
    const answered = creating.answer(started(INITIATOR, [], [ownInterface]));

    expect(progress(answered, INITIATOR)).toMatchObject({ state: "done", waits: [] });
    expect(answered.next.peering.resources).toEqual([ownInterface]);
  });

  test("for the same thing twice is done when it has come once", () => {
    const reached = creating
      .answer(started(INITIATOR, [wait, wait]))
      .answer({ type: "statusReached", step: INITIATOR, wait: wait.key, status: "Idle" });

    expect(progress(reached, INITIATOR).state).toBe("done");
  });

  test("and fails, waits for nothing any more", () => {
    const late = creating.answer(started(INITIATOR)).answer(failed(INITIATOR, "waitedTooLong"));

    expect(progress(late, INITIATOR)).toMatchObject({ state: "failed", waits: [], failure: { kind: "waitedTooLong" } });
  });
});

describe("attempts and generations", () => {
  const creating = approved().until("creating");

  test("every failure counts, and success ends the trouble", () => {
    const twice = creating
      .answer({ ...failed(INITIATOR, "busy"), at: T0 + 1_000 })
      .answer({ ...failed(INITIATOR, "throttled"), at: T0 + 5_000 });
    const through = twice.answer(done(INITIATOR));

    expect(progress(twice, INITIATOR)).toMatchObject({
      state: "running",
      attempts: 2,
      generation: 0,
      troubleSince: T0 + 1_000,
      failure: { kind: "throttled" },
    });
    expect(progress(through, INITIATOR)).toMatchObject({
      state: "done",
      attempts: 2,
      troubleSince: null,
      failure: null,
    });
  });

  test("a repeat is asked for with the same run and step, after a wait", () => {
    const busy = creating.answer(failed(INITIATOR, "busy"));

    expect(busy.steps).toEqual([{ run: 1, step: INITIATOR, delayMs: expect.any(Number) }]);
  });

  test("trouble that lasts too long is a failure, counted from its beginning", () => {
    const busy = creating.answer({ ...failed(INITIATOR, "busy"), at: T0 });
    const late = busy.answer({ ...failed(INITIATOR, "busy"), at: T0 + 10 * 60_000 });

    expect(progress(late, INITIATOR)).toMatchObject({ state: "failed", attempts: 2, endedAt: T0 + 10 * 60_000 });
    expect(late.steps).toEqual([]);
  });

  test("Retry step begins a new generation with a clean count, one more each time", () => {
    let now = peeringIn("failed");
    for (const generation of [1, 2, 3]) {
      now = now.ask({ type: "retry", run: 1, step: INITIATOR });
      expect(progress(now, INITIATOR)).toMatchObject({
        state: "running",
        generation,
        attempts: 0,
        troubleSince: null,
        failure: null,
        endedAt: null,
      });
      now = now.answer(failed(INITIATOR));
    }
  });

  test("only a failed step is retried", () => {
    const { next } = peeringIn("failed");
    const retry = (step: string, run = 1) =>
      decideCommand(next, { type: "retry", at: T0, by: LEAD, run, step }, member(LEAD), POLICY);

    expect(
      [retry(ACCEPTOR), retry("connectRouterInterface"), retry("constructor"), retry(""), retry(INITIATOR, 2)].map(
        ({ kind }) => kind,
      ),
    ).toEqual(Array(5).fill("refused"));
    expect(retry(INITIATOR).kind).toBe("accepted");
  });
});

describe("several failed steps", () => {
  const bothFailed = [INITIATOR, ACCEPTOR].reduce(
    (now, step) => now.answer(failed(step)),
    approved().until("creating"),
  );

  test("are all named, in the order of the plan", () => {
    expect(failedSteps(currentRun(bothFailed.next.peering)).map(({ id }) => id)).toEqual([INITIATOR, ACCEPTOR]);
  });

  test.each([
    [INITIATOR, ACCEPTOR],
    [ACCEPTOR, INITIATOR],
  ])("are retried one after the other: %s first", (first, second) => {
    const one = bothFailed.ask({ type: "retry", run: 1, step: first });
    const stopped = one.answer(done(first));
    const other = stopped.ask({ type: "retry", run: 1, step: second });

    expect([one.state, one.steps.map(({ step }) => step)]).toEqual(["creating", [first]]);
    expect([stopped.state, stopped.steps]).toEqual(["failed", []]);
    expect(other.steps.map(({ step }) => step)).toEqual([second]);
    expect(other.until("verified").state).toBe("verified");
  });

  test("do not take the patience from the one that is retried: what goes away by itself is waited for", () => {
    const busy = bothFailed.ask({ type: "retry", run: 1, step: INITIATOR }).answer(failed(INITIATOR, "busy"));

    expect(busy.state).toBe("creating");
    expect(busy.steps).toEqual([{ run: 1, step: INITIATOR, delayMs: expect.any(Number) }]);
  });

  test("stay failed while one of them is retried and fails again", () => {
    const again = bothFailed.ask({ type: "retry", run: 1, step: INITIATOR }).answer(failed(INITIATOR));

    expect(again.state).toBe("failed");
    expect(failedSteps(currentRun(again.next.peering))).toHaveLength(2);
  });
});

test("in a rollback, too, nothing new begins once a step has failed", () => {
  const secured = approved().until("secured");
  const testing = secured.steps.reduce((now, { step }) => now.answer(failed(step, "testCouldNotRun")), secured);
  const rollingBack = testing.ask({ type: "rollBack" });
  const [revocation, ...others] = rollingBack.steps
    .map(({ step }) => step)
    .toSorted()
    .toReversed();

  const stuck = rollingBack.answer(failed(revocation ?? ""));
  const ended = others.reduce((now, step) => now.answer(done(step)), stuck);
  const retried = ended.ask({ type: "retry", run: 2, step: revocation ?? "" });

  expect(revocation).toMatch(/^revokeSecurityGroup/);
  expect([ended.state, ended.steps]).toEqual(["failed", []]);
  expect(retried.steps.map(({ step }) => step)).toEqual([
    "deactivateRouterInterface:initiator",
    "deactivateRouterInterface:acceptor",
    revocation,
  ]);
});

describe("runs", () => {
  test("a new peering has one, proposed and not begun, and nothing in the cloud", () => {
    const { peering } = requested().next;
    const blank = {
      attempts: 0,
      generation: 0,
      startedAt: null,
      endedAt: null,
      troubleSince: null,
      waits: [],
      failure: null,
    };

    expect(peering).toMatchObject({
      requester: REQUESTER,
      requestedAt: T0,
      resources: [],
      ending: null,
      acceptedUntested: null,
    });
    expect(peering.runs).toMatchObject([
      {
        number: 1,
        kind: "connect",
        revision: 1,
        status: "proposed",
        votes: [],
        by: REQUESTER,
        proposedAt: T0,
        startedAt: null,
        endedAt: null,
      },
    ]);
    for (const { id } of currentRun(peering).plan.steps) {
      expect(progressOf(currentRun(peering), id)).toEqual({ ...blank, state: "pending", report: null });
    }
  });

  test("the connect run is the one that builds, whatever came after it", () => {
    const { next } = peeringIn("rollingBack");

    expect([currentRun(next.peering).number, connectRun(next.peering).number]).toEqual([2, 1]);
  });

  test("a run has begun with its first step, whichever begins later", () => {
    const creating = approved().answer({ ...done("checkPlan"), at: T0 + 300_000 });

    expect(progress(creating, INITIATOR).startedAt).toBe(T0 + 300_000);
    expect(currentRun(creating.next.peering).startedAt).toBe(T0 + 60_000);
  });

  test("a run that goes on after Retry step has not ended", () => {
    const [failedRun, retried] = [
      peeringIn("failed"),
      peeringIn("failed").ask({ type: "retry", run: 1, step: INITIATOR }),
    ];

    expect(currentRun(failedRun.next.peering)).toMatchObject({ status: "failed", endedAt: T0 + 120_000 });
    expect(currentRun(retried.next.peering)).toMatchObject({ status: "running", endedAt: null });
  });

  test("a rollback before the end of the connect run ends it: no two runs are under way", () => {
    const rollingBack = peeringIn("secured").ask({ type: "rollBack" });

    expect(connectRun(rollingBack.next.peering)).toMatchObject({ status: "stopped", endedAt: T0 + 180_000 });
    expect(currentRun(rollingBack.next.peering)).toMatchObject({ status: "running", endedAt: null, number: 2 });
  });

  test("a rollback after a failure leaves what the failure said", () => {
    const rollingBack = peeringIn("failed").ask({ type: "rollBack" });

    expect(connectRun(rollingBack.next.peering)).toMatchObject({ status: "failed", endedAt: T0 + 120_000 });
  });

  test("after a changed plan the connect run is the one for the new plan", () => {
    const changed = approved().answer({ type: "planChanged", step: "checkPlan", plan: plan(), changes: [] });

    expect(connectRun(changed.next.peering)).toMatchObject({ number: 2, status: "proposed", votes: [] });
  });

  test.each([0, 2])("a rejection of run %i, which is not the one that stands, is refused", (run) => {
    const { next } = requested();

    const decided = decideCommand(next, { type: "reject", at: T0, by: LEAD, run, reason: "no" }, member(LEAD), POLICY);

    expect(decided).toMatchObject({ kind: "refused", refusal: { reason: "planChanged" } });
  });

  test("who set a run off is kept with it: the requester for the first, who pressed the button for a rollback", () => {
    const { peering } = peeringIn("failed").ask({ type: "rollBack" }, REQUESTER).next;

    expect(peering.runs.map(({ kind, by }) => [kind, by])).toEqual([
      ["connect", REQUESTER],
      ["rollback", REQUESTER],
    ]);
  });

  test("an approval counts once: the same click again is refused and adds no vote", () => {
    const { next } = approved();

    const again = decideCommand(next, approval(next), member(LEAD), POLICY);

    expect(again.kind).toBe("refused");
    expect(currentRun(next.peering).votes).toHaveLength(1);
  });

  test("an approval for the right hash and another run, or the right run and another hash, is refused with the plan that stands", () => {
    const { next } = requested();
    const planHash = currentRun(next.peering).plan.hash;

    expect(decideCommand(next, approval(next, { run: 2 }), member(LEAD), POLICY)).toEqual({
      kind: "refused",
      refusal: { reason: "planChanged", planHash },
    });
    expect(
      decideCommand(next, approval(next, { planHash: planHash.toUpperCase() }), member(LEAD), POLICY),
    ).toMatchObject({ kind: "refused" });
    expect(decideCommand(next, approval(next, { planHash: "" }), member(LEAD), POLICY)).toMatchObject({
      kind: "refused",
    });
  });
});

describe("looking things up", () => {
  const { peering } = requested().next;
  const run = currentRun(peering);

  test("a step stands where the plan has it, from 1; one that is not there stands nowhere", () => {
    expect([positionOf(run, "checkPlan"), positionOf(run, "connectRouterInterface"), positionOf(run, "x")]).toEqual([
      1, 6, 0,
    ]);
    expect(stepOf(run, "x")).toBeUndefined();
  });

  test("the progress of a step that is not there is a bug", () => {
    expect(() => progressOf(run, "x")).toThrow(/no step x/);
  });

  test("a record without runs is a bug", () => {
    const empty: Peering = { ...peering, runs: [] };

    expect(() => currentRun(empty)).toThrow(/no run/);
    expect(() => connectRun(empty)).toThrow(/no connect run/);
  });
});

describe("client tokens", () => {
  test("are 64 ASCII characters, the same for the same attempt", () => {
    const text = string({ unit: constantFrom("a", "-", "\u0000", "\n", "é", "漢", "😀"), maxLength: 80 });
    holds(
      property(text, nat(), text, nat(), (id, run, step, generation) => {
        const token = clientTokenOf(`P-${id}`, run, step, generation);

        expect(token).toMatch(/^[\x21-\x7e]{64}$/);
        expect(clientTokenOf(`P-${id}`, run, step, generation)).toBe(token);
      }),
    );
  });

  test("differ by peering, run, step and generation", () => {
    const one = clientTokenOf("P-1", 1, "a", 0);
    const others = [
      clientTokenOf("P-2", 1, "a", 0),
      clientTokenOf("P-1", 2, "a", 0),
      clientTokenOf("P-1", 1, "b", 0),
      clientTokenOf("P-1", 1, "a", 1),
    ];

    expect(new Set([one, ...others]).size).toBe(5);
  });

  test("cannot be made equal by moving characters from one part to the next", () => {
    holds(
      property(
        uniqueArray(string({ unit: constantFrom("1", "/", ":", '"', ",", "0"), maxLength: 4 }), {
          minLength: 2,
          maxLength: 2,
        }),
        nat({ max: 11 }),
        nat({ max: 11 }),
        ([a = "", b = ""], run, generation) => {
          const all = [
            clientTokenOf(`P-${a}`, run, b, generation),
            clientTokenOf(`P-${b}`, run, a, generation),
            clientTokenOf(`P-${a}${b}`, run, "", generation),
            clientTokenOf("P-", run, `${a}${b}`, generation),
          ];

          expect(new Set(all).size).toBe(new Set([`${a}|${b}`, `${b}|${a}`, `${a}${b}|`, `|${a}${b}`]).size);
        },
      ),
    );
  });
});

test("the mark fits every field that it is written into", () => {
  expect(markOf("P-4F7K2M9Q")).toMatch(/^[a-z][A-Za-z0-9-]{1,127}$/);
});

/** One answer of every kind, for one step of one run. */
function answers(step: string, run = 1): readonly Outcome[] {
  const place = { at: T0, run, step };
  return [
    { ...place, ...started(step) },
    { ...place, ...done(step, [ownInterface]) },
    { ...place, ...failed(step) },
    { ...place, type: "statusReached", wait: wait.key, status: "Idle" },
    { ...place, type: "testReported", wait: wait.key, report: pinged(10) },
    { ...place, type: "planChanged", plan: plan(), changes: [] },
  ];
}

function rule(id: string, madeBy: "peering" | "others"): Resource {
  return {
    kind: "securityGroupRule",
    side: "acceptor",
    regionId: "cn-beijing",
    securityGroupId: "sg-2ze1",
    direction: "ingress",
    id,
    madeBy,
  };
}

describe("what stands in the cloud, as a failed rollback tells it", () => {
  /** Built up to the rules, then rolled back as far as the steps named; the next one fails. */
  const other: Resource = { ...ownInterface, side: "acceptor", id: "ri-2" };
  const entry: Resource = {
    kind: "routeEntry",
    side: "initiator",
    regionId: "cn-qingdao",
    routeTableId: "vtb-m5e1",
    destination: "172.16.0.0/16",
    id: "rte-1",
    madeBy: "peering",
  };
  const rules = [rule("sgr-1", "peering"), rule("sgr-2", "others")];
  const routed = approved()
    .until("creating")
    .answer(done(INITIATOR, [ownInterface]))
    .answer(done(ACCEPTOR, [other]))
    .until("activated")
    .answer(done("createRouteEntry:vtb-m5e1:172.16.0.0/16", [entry]))
    .until("routed")
    .answer(done("authorizeSecurityGroup:ingress:sg-2ze1", rules));
  const rollingBack = routed.answer(failed("authorizeSecurityGroup:ingress:sg-m5e1")).ask({ type: "rollBack" });

  test("is all of it while nothing has been undone", () => {
    expect(madeByUs(rollingBack.next.peering)).toEqual({ connections: 2, entries: 1, rules: 1 });
    expect(isConnected(rollingBack.next.peering)).toBe(true);
  });

  test("is less with each step that is done, and only what we made counts", () => {
    const withoutRules = rollingBack.answer(done("revokeSecurityGroup:ingress:sg-2ze1"));
    const withoutEntries = withoutRules.answer(done("deleteRouteEntry:vtb-m5e1:172.16.0.0/16"));

    expect(madeByUs(withoutRules.next.peering)).toEqual({ connections: 2, entries: 1, rules: 0 });
    expect(madeByUs(withoutEntries.next.peering)).toEqual({ connections: 2, entries: 0, rules: 0 });
    expect(madeByUs(rollingBack.until("rolledBack").next.peering)).toEqual({ connections: 0, entries: 0, rules: 0 });
  });

  test("is told by side: the other side's interface, gone or never made, says nothing of this one", () => {
    const alone = approved()
      .until("creating")
      .answer(done(INITIATOR, [ownInterface]))
      .answer(failed(ACCEPTOR));
    const inactive = ["deactivateRouterInterface:initiator", "deactivateRouterInterface:acceptor"].reduce(
      (now, step) => now.answer(done(step)),
      alone.ask({ type: "rollBack" }),
    );

    const half = inactive.answer(done("deleteRouterInterface:acceptor"));

    expect(madeByUs(half.next.peering).connections).toBe(1);
    expect(madeByUs(half.answer(done("deleteRouterInterface:initiator")).next.peering).connections).toBe(0);
  });

  test("is the same after a step that failed: what was to be removed may still be there", () => {
    const stuck = rollingBack.answer(failed("deleteRouteEntry:vtb-m5e1:172.16.0.0/16"));

    expect(madeByUs(stuck.next.peering)).toEqual({ connections: 2, entries: 1, rules: 1 });
  });

  test("keeps the rules of a group until every call that takes some of them back is done", () => {
    const blocks = Array.from({ length: 60 }, (_, index) =>
      vSwitch(`vsw-${index}`, `192.168.${index}.0/24`, "vtb-m5e1"),
    );
    const wide = asking("initiator", { vSwitchIds: blocks.map(({ id }) => id), testInstanceId: null });
    const securing = approved(requested(wide, withSide("initiator", { vSwitches: blocks }))).until("routed");
    const made = securing.answer(done("authorizeSecurityGroup:ingress:sg-2ze1", rules));
    const undoing = ["authorizeSecurityGroup:ingress:sg-2ze1:2", "authorizeSecurityGroup:ingress:sg-m5e1"]
      .reduce((now, step) => now.answer(failed(step)), made)
      .ask({ type: "rollBack" });

    const half = undoing.answer(done("revokeSecurityGroup:ingress:sg-2ze1"));
    const whole = half.answer(done("revokeSecurityGroup:ingress:sg-2ze1:2"));

    expect(madeByUs(half.next.peering).rules).toBe(1);
    expect(madeByUs(whole.next.peering).rules).toBe(0);
  });

  test("is connected until the rollback begins to take the interfaces apart", () => {
    const entries = currentRun(rollingBack.next.peering).plan.steps.filter(({ id }) =>
      id.startsWith("deleteRouteEntry"),
    );
    const apart = entries.reduce((now, { id }) => now.answer(done(id)), rollingBack);

    expect(apart.steps.map(({ step }) => step)).toContain("deactivateRouterInterface:initiator");
    expect(isConnected(apart.next.peering)).toBe(false);
    expect(isConnected(approved().until("creating").next.peering)).toBe(false);
  });
});

describe("steps that people are offered to try again", () => {
  test("are the failed ones, but for one where only a rollback helps", () => {
    const creating = approved().until("creating").answer(failed(INITIATOR, "tokenMismatch")).answer(failed(ACCEPTOR));

    expect(retryableSteps(currentRun(creating.next.peering)).map(({ id }) => id)).toEqual([ACCEPTOR]);
  });

  test("are all the failed ones of a rollback: nothing else leads out of it", () => {
    const rollingBack = peeringIn("failed").ask({ type: "rollBack" });
    const stuck = rollingBack.steps.reduce((now, { step }) => now.answer(failed(step, "tokenMismatch")), rollingBack);

    expect(retryableSteps(currentRun(stuck.next.peering)).map(({ id }) => id)).toEqual(
      rollingBack.steps.map(({ step }) => step),
    );
  });
});

describe("a step in doubt, of which nobody knows whether it has made something,", () => {
  const creating = approved().until("creating");

  test("is tried again even when another has failed for good, until it is known", () => {
    const doubtful = creating.answer(failed(ACCEPTOR)).answer(failed(INITIATOR, "unknownResult"));
    const settled = doubtful.answer(done(INITIATOR, [ownInterface]));

    expect([doubtful.state, doubtful.steps.map(({ step }) => step)]).toEqual(["creating", [INITIATOR]]);
    expect(settled.state).toBe("failed");
    expect(madeByUs(settled.next.peering).connections).toBe(1);
  });

  test("stays in doubt through what goes away by itself, and is certain after a plain no", () => {
    const throttled = creating.answer(failed(INITIATOR, "unknownResult")).answer(failed(INITIATOR, "throttled"));
    const refused = throttled.answer(failed(INITIATOR, "refused"));

    expect(progress(throttled, INITIATOR)).toMatchObject({ state: "running", failure: { kind: "unknownResult" } });
    expect(progress(refused, INITIATOR)).toMatchObject({ state: "failed", failure: { kind: "refused" } });
  });

  test("is given up like any other when it takes too long", () => {
    const doubtful = creating.answer(failed(ACCEPTOR)).answer({ ...failed(INITIATOR, "unknownResult"), at: T0 });
    const late = doubtful.answer({ ...failed(INITIATOR, "unknownResult"), at: T0 + 10 * 60_000 });

    expect(late.state).toBe("failed");
  });
});
