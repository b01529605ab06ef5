/**
 * Random walks: from a new request, whatever people and the world may say next, plausible or not, in any order. After each
 * word the same sentences must hold.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan } from "../../machines/network/plan.ts";
import { planRollback } from "../../machines/connections/plan-request.ts";
import {
  isEnded,
  peeringMachine,
  STAGE_BY_STATE,
  type PeeringState,
  type TimerEvent,
} from "../../machines/peering/machine.ts";
import type { Command } from "../../machines/peering/commands.ts";
import type { FailureKind } from "../../machines/peering/failure.ts";
import type { Outcome } from "../../machines/peering/outcomes.ts";
import {
  approvedRun,
  buildingRuns,
  connectRun,
  currentRun,
  failedSteps,
  progressOf,
  type Peering,
  type Person,
  type Resource,
  type Run,
  type StepProgress,
} from "../../machines/peering/record.ts";
import {
  decideCommand,
  decideOutcome,
  decideRequest,
  type Accepted,
  type Decided,
  type Snapshot,
  type TimerId,
} from "../../machines/peering/transition.ts";
import { asking, group, table, withSide } from "./networks.ts";
import { approval, failure, fixPlan, member, pinged, timer } from "./peering-in.ts";
import { holds, RUNS_ARE_FEW } from "./seeded.ts";
import {
  COLLEAGUE,
  LEAD,
  plan,
  POLICY,
  requestCommand,
  REQUESTER,
  requestRevision,
  SECOND_LEAD,
  T0,
} from "./tutorial.ts";

/** By name, so that a failure prints a word and not a plan. */
const PLANS = {
  tutorial: plan(),
  untested: plan(asking("acceptor", { testInstanceId: null })),
  fix: fixPlan(),
  withoutPing: plan({ ...requestRevision(), icmp: false }),
  wide: plan(
    requestRevision(),
    withSide("initiator", {
      routeTables: [table("vtb-m5e1", { type: "System" }), table("vtb-m5e2")],
      securityGroups: [group("sg-m5e1", { type: "enterprise" })],
    }),
  ),
} as const satisfies Record<string, Plan>;

const plans = fc.constantFrom(...(Object.keys(PLANS) as Array<keyof typeof PLANS>));

const PEOPLE: readonly Person[] = [LEAD, REQUESTER, SECOND_LEAD, COLLEAGUE];

/** What the shell would know beside the peering: what was accepted, asked and armed. */
interface Shell {
  readonly approvals: Array<{ readonly run: number; readonly planHash: string }>;
  /** Steps of each run that were ever asked. */
  readonly asked: Map<number, Set<string>>;
  timers: readonly TimerId[];
  readonly seen: Set<PeeringState>;
}

interface Walk {
  now: Snapshot;
}

/** Something that is said, made for the peering as it stands: the same draw says something else elsewhere. */
class Say implements fc.Command<Shell, Walk> {
  readonly #what: string;
  readonly #say: (now: Snapshot) => Decided | null;

  constructor(what: string, say: (now: Snapshot) => Decided | null) {
    this.#what = what;
    this.#say = say;
  }

  check(): boolean {
    return true;
  }

  run(shell: Shell, walk: Walk): void {
    const before = deepFreeze(walk.now);
    // A mutation of the record before would throw: it is frozen.
    const decided = this.#say(before);
    if (decided?.kind !== "accepted") return;
    remember(shell, before, decided);
    expectSound(shell, before, decided);
    walk.now = decided.next;
  }

  toString(): string {
    return this.#what;
  }
}

/** The process was restarted: what is not in the stored text is gone. */
class Restart implements fc.Command<Shell, Walk> {
  check(): boolean {
    return true;
  }

  run(_: Shell, walk: Walk): void {
    walk.now = readBack(walk.now);
  }

  toString(): string {
    return "restart";
  }
}

const picks = fc.nat({ max: 1_000 });
const times = fc.nat({ max: 20 * 60_000 }).map((later) => T0 + later);

/** A success that somebody waits for: what moves a peering on. */
const success = fc.record({ pick: picks, at: times, accepted: fc.boolean() }).map(
  ({ pick, at, accepted }) =>
    new Say(`success ${pick}`, (now) => {
      const [step, progress] = pickOf(pick, underWay(now)) ?? [];
      if (!step || !progress) return null;
      const place = { at, run: currentRun(now.peering).number, step };
      const [wait] = progress.waits;
      if (wait?.startsWith("invocation"))
        return decideOutcome(now, { ...place, type: "testReported", wait, report: pinged(1 + (pick % 10)) });
      if (wait) return decideOutcome(now, { ...place, type: "statusReached", wait, status: "Active" });
      if (accepted || step.startsWith("runConnectivityTest"))
        return decideOutcome(now, { ...place, ...accepting(step, pick) });
      return decideOutcome(now, { ...place, type: "stepDone", calls: [], resources: resources(pick) });
    }),
);

/** Any answer to any step of any run, awaited or not. */
const answer = fc
  .record({
    pick: picks,
    at: times,
    run: fc.constantFrom(0, 0, 0, 1, -1),
    type: fc.constantFrom(
      "stepStarted",
      "stepDone",
      "stepFailed",
      "stepFailed",
      "statusReached",
      "testReported",
      "planChanged",
    ),
    failure: fc.constantFrom<FailureKind>(
      "busy",
      "throttled",
      "unknownResult",
      "refused",
      "conflict",
      "tokenMismatch",
      "waitedTooLong",
    ),
    where: fc.constantFrom("underWay", "underWay", "underWay", "anywhere", "nowhere"),
    amount: fc.nat({ max: 3 }),
  })
  .map(
    (drawn) =>
      new Say(`${drawn.type} ${drawn.where} ${drawn.pick}`, (now) => {
        const run = currentRun(now.peering);
        const [awaited, progress] = pickOf(drawn.pick, underWay(now)) ?? [];
        const any = pickOf(drawn.pick, run.plan.steps)?.id ?? "";
        const step = { underWay: awaited ?? any, anywhere: any, nowhere: "createVpc" }[drawn.where] ?? "";
        const place = { at: drawn.at, run: run.number + drawn.run, step };
        const wait = progress?.waits[drawn.pick % Math.max(1, progress.waits.length)] ?? "routerInterface:ri-9:Idle";
        return decideOutcome(now, outcome(drawn.type, place, { ...drawn, wait }));
      }),
  );

/** Any command by anybody, fitting or not. */
const command = fc
  .record({
    pick: picks,
    at: times,
    by: fc.constantFrom(...PEOPLE, LEAD, LEAD),
    type: fc.constantFrom<Command["type"]>(
      "approve",
      "reject",
      "withdraw",
      "retry",
      "rollBack",
      "rollBack",
      "acceptUntested",
      "proposeFix",
      "test",
    ),
    right: fc.constantFrom(true, true, true, false),
  })
  .map(
    ({ pick, at, by, type, right }) =>
      new Say(`${type} by ${by.userId} ${right ? "" : "wrong "}${pick}`, (now) => {
        const run = currentRun(now.peering);
        const failed = pickOf(pick, failedSteps(run))?.id ?? "";
        const any = pickOf(pick, run.plan.steps)?.id ?? "";
        const number = right ? run.number : run.number + 1 - 2 * (pick % 2);
        switch (type) {
          case "request":
            return null;
          case "approve": {
            const wrong =
              pick % 2 === 0 ? { run: number } : { planHash: pickOf(pick, Object.values(PLANS))?.hash ?? "" };
            return decideCommand(now, approval(now, { at, by, ...(right ? {} : wrong) }), member(by), POLICY);
          }
          case "reject":
            // Rarely, so that the walk goes on.
            return pick % 4 > 0
              ? null
              : decideCommand(now, { type, at, by, run: number, reason: "no" }, member(by), POLICY);
          case "withdraw":
            return pick % 4 > 0 ? null : decideCommand(now, { type, at, by: REQUESTER }, member(REQUESTER), POLICY);
          case "retry":
            return decideCommand(now, { type, at, by, run: number, step: right ? failed : any }, member(by), POLICY);
          case "rollBack":
            return decideCommand(now, { type, at, by }, member(by), POLICY);
          case "acceptUntested":
            return decideCommand(now, { type, at, by, reason: "tested by hand" }, member(by), POLICY);
          case "proposeFix":
            return decideCommand(now, { type, at, by, run: number, plan: fixPlan() }, member(by), POLICY);
          case "test":
            return decideCommand(now, { type, at, by }, member(by), POLICY);
        }
      }),
  );

/** What a lead presses who wants it to go on. */
const goAhead = fc.record({ pick: picks, at: times }).map(
  ({ pick, at }) =>
    new Say(`go ahead ${pick}`, (now) => {
      const run = currentRun(now.peering);
      if (now.state !== "failed") return decideCommand(now, approval(now, { at }), member(LEAD), POLICY);
      const step = pickOf(pick, failedSteps(run))?.id ?? "";
      return decideCommand(now, { type: "retry", at, by: LEAD, run: run.number, step }, member(LEAD), POLICY);
    }),
);

const timers = fc
  .record({
    pick: picks,
    delay: fc.constantFrom("decisionTimeout" as const, "startTimeout" as const),
    state: fc.constantFrom<PeeringState>("requested", "approved", "creating", "failed"),
  })
  .map(
    ({ pick, delay, state }) =>
      new Say(`${delay} of ${state}`, (now) => (pick % 5 > 0 ? null : decideOutcome(now, timer(delay, state)))),
  );

const walks = fc.commands(
  [success, success, success, success, success, answer, answer, command, goAhead, timers, fc.constant(new Restart())],
  {
    maxCommands: 90,
    size: "max",
  },
);

describe("wherever a walk leads", () => {
  test("the sentences hold after each word, and the walks go far enough to see every state", () => {
    const seen = new Set<PeeringState>();
    const states = Object.keys(peeringMachine.states) as PeeringState[];

    holds(
      fc.property(plans, walks, (first, words) => {
        const { shell, walk } = setOut(first);

        fc.modelRun(() => ({ model: shell, real: walk }), words);

        for (const state of shell.seen) seen.add(state);
      }),
      200,
    );

    if (RUNS_ARE_FEW) return;
    expect(states.filter((state) => !seen.has(state))).toEqual([]);
  });

  test("patient people and a world that has mended bring it to an end", () => {
    holds(
      fc.property(plans, walks, (first, words) => {
        const { shell, walk } = setOut(first);
        fc.modelRun(() => ({ model: shell, real: walk }), words);

        const end = heal(shell, walk.now);

        expect(isEnded(end.state) || end.state === "verified").toBe(true);
      }),
      100,
    );
  });
});

function setOut(first: keyof typeof PLANS): { readonly shell: Shell; readonly walk: Walk } {
  const decided = decideRequest(requestCommand({ plan: PLANS[first] }), member(REQUESTER), POLICY);
  if (decided.kind !== "accepted") throw new Error("the request was refused");
  const shell: Shell = {
    approvals: [],
    asked: new Map(),
    timers: decided.armed.map(({ id }) => id),
    seen: new Set([decided.next.state]),
  };
  return { shell, walk: { now: decided.next } };
}

function remember(shell: Shell, before: Snapshot, { next, steps, armed, disarmed }: Accepted): void {
  const [was, is] = [currentRun(before.peering), currentRun(next.peering)];
  if (before.state === "requested" && next.state === "approved")
    shell.approvals.push({ run: was.number, planHash: was.plan.hash });
  shell.seen.add(next.state);
  for (const { run, step } of steps) shell.asked.set(run, (shell.asked.get(run) ?? new Set()).add(step));
  expect(disarmed.filter((id) => !shell.timers.includes(id))).toEqual([]);
  shell.timers = [...shell.timers.filter((id) => !disarmed.includes(id)), ...armed.map(({ id }) => id)];
  if (is.kind === "rollback" && was.kind !== "rollback") expectUndo(shell, before.peering, is);
}

function expectSound(shell: Shell, before: Snapshot, { next, steps }: Accepted): void {
  const { state, peering } = next;
  const run = currentRun(peering);
  expectAsked(shell, next, steps);
  expectUnderWay(state, run);
  for (const { id } of run.plan.steps) expectProgress(progressOf(run, id));
  expectHistory(before.peering, peering);
  expectRuns(state, peering);
  // A vote is counted once, and only for the plan of its run.
  expect(peering.runs.flatMap(({ number, votes }) => votes.map(({ planHash }) => ({ run: number, planHash })))).toEqual(
    shell.approvals,
  );
  const voters = peering.runs.flatMap(({ votes }) => votes.map(({ by }) => by));
  expect(voters.filter((by) => !POLICY.leads.userIds.includes(by.userId))).toEqual([]);
  expect(shell.timers).toEqual(TIMERS[state] ?? []);
  expect(peering.ending?.how ?? null).toBe(["rejected", "withdrawn", "expired"].includes(state) ? state : null);
  expect(peering.acceptedUntested === null || state === "verified").toBe(true);
}

const TIMERS: Partial<Record<PeeringState, readonly TimerEvent["type"][]>> = {
  requested: ["xstate.after.decisionTimeout.peering.requested"],
  approved: ["xstate.after.startTimeout.peering.approved"],
};

/** What is asked belongs to the state, has what it needs, and no write goes out without a yes to its very plan. */
function expectAsked(shell: Shell, { state, peering }: Snapshot, asked: Accepted["steps"]): void {
  const run = currentRun(peering);
  const approved = approvedRun(peering);
  for (const { run: number, step, delayMs } of asked) {
    const planned = run.plan.steps.find(({ id }) => id === step);
    expect(planned?.stage).toBe(stageOf(state, run));
    expect(number).toBe(run.number);
    expect(progressOf(run, step).state).toBe("running");
    expect(planned?.needs.filter((needed) => progressOf(run, needed).state !== "done")).toEqual([]);
    expect(delayMs >= 0 && delayMs <= 30_000).toBe(true);
    expect(shell.approvals).toContainEqual({ run: approved.number, planHash: approved.plan.hash });
  }
  expect(new Set(asked.map(({ step }) => step)).size).toBe(asked.length);
}

/** What is under way belongs to the state; where something must go on, something does; where all has settled, nothing is. */
function expectUnderWay(state: PeeringState, run: Run): void {
  const going = run.plan.steps.filter(({ id }) => ["running", "waiting"].includes(progressOf(run, id).state));
  const settled: PeeringState[] = ["requested", "failed", "rolledBack", "rejected"];
  expect(going.filter(({ stage }) => !isEnded(state) && stage !== stageOf(state, run))).toEqual([]);
  if (settled.includes(state)) expect(going).toEqual([]);
  const isUntested = state === "secured" && !run.plan.steps.some(({ stage }) => stage === "verify");
  if (stageOf(state, run) !== null && !isUntested) expect(going).not.toEqual([]);
}

/** The fields of a step's progress agree with each other. */
function expectProgress({ state, waits, failure: trouble, startedAt, endedAt }: StepProgress): void {
  expect(waits.length > 0).toBe(state === "waiting");
  expect(startedAt !== null || state === "pending").toBe(true);
  expect(endedAt !== null).toBe(state === "done" || state === "failed");
  if (state === "done" || state === "waiting" || state === "pending") expect(trouble).toBeNull();
  if (state === "failed") expect(trouble).not.toBeNull();
}

/** What has been is not rewritten: runs, plans, votes, resources, and steps that are done. */
function expectHistory(before: Peering, after: Peering): void {
  expect(after.runs.length).toBeGreaterThanOrEqual(before.runs.length);
  expect(after.resources.slice(0, before.resources.length)).toEqual(before.resources);
  expect(new Set(after.resources.map(({ kind, id }) => `${kind} ${id}`)).size).toBe(after.resources.length);
  for (const [index, was] of before.runs.entries()) {
    const is = after.runs[index];
    expect([is?.plan.hash, is?.kind, is?.by]).toEqual([was.plan.hash, was.kind, was.by]);
    expect(is?.votes.slice(0, was.votes.length)).toEqual(was.votes);
    for (const [step, progress] of Object.entries(was.steps)) {
      const later = is?.steps[step];
      if (progress.state === "done") expect(later).toEqual(progress);
      const [was1, is1] = [
        progress.generation * 1e6 + progress.attempts,
        (later?.generation ?? 0) * 1e6 + (later?.attempts ?? 0),
      ];
      expect(is1).toBeGreaterThanOrEqual(was1);
    }
  }
}

/** Only the last run that was not dropped goes on; how it stands is what the state says. */
function expectRuns(state: PeeringState, peering: Peering): void {
  const { runs } = peering;
  const last = currentRun(peering);
  expect(runs.map(({ number }) => number)).toEqual(runs.map((_, index) => index + 1));
  expect(runs.filter((run) => run !== last && run.endedAt === null)).toEqual([]);
  const wanted =
    { requested: "proposed", failed: "failed", rolledBack: "done" }[state as string] ??
    (state === "verified" && last.kind !== "test" ? "done" : undefined) ??
    (stageOf(state, last) === null ? last.status : "running");
  // Without a test to run, `secured` is reached by the run's own steps and left by a person.
  expect(last.status).toBe(wanted);
  if (stageOf(state, last) !== null || state === "requested") expect(last.endedAt).toBeNull();
}

/** A rollback undoes just the steps that were ever asked. */
function expectUndo(shell: Shell, before: Peering, rollback: Run): void {
  const begun = buildingRuns(before).flatMap((run) =>
    run.plan.steps.filter(({ id }) => shell.asked.get(run.number)?.has(id)),
  );
  const once = begun.filter(({ id }, index) => begun.findIndex((step) => step.id === id) === index);
  expect(rollback.plan).toEqual(planRollback(connectRun(before).plan, once));
}

/** A verified peering works only while it is tested once more. */
function stageOf(state: PeeringState, run?: Run): string | null {
  if (state === "verified") return run?.kind === "test" && run.status === "running" ? "verify" : null;
  const stages: Partial<Record<PeeringState, string>> = STAGE_BY_STATE;
  return stages[state] ?? null;
}

/** Says yes, retries, accepts and answers with success, until there is nothing left to say. */
function heal(shell: Shell, from: Snapshot): Snapshot {
  const at = T0 + 30 * 60_000;
  let now = from;
  for (let word = 0; word < 200; word += 1) {
    const decided = healing(now, at);
    if (decided === null) return now;
    if (decided.kind !== "accepted")
      throw new Error(`in ${now.state} a word that should help was ${JSON.stringify(decided)}`);
    remember(shell, now, decided);
    expectSound(shell, now, decided);
    now = decided.next;
  }
  throw new Error(`200 words and still ${now.state}`);
}

function healing(now: Snapshot, at: number): Decided | null {
  const run = currentRun(now.peering);
  if (now.state === "requested") {
    const by = run.by.userId === LEAD.userId ? SECOND_LEAD : LEAD;
    return decideCommand(now, approval(now, { at, by }), member(by), POLICY);
  }
  if (now.state === "failed")
    return decideCommand(
      now,
      { type: "retry", at, by: LEAD, run: run.number, step: failedSteps(run)[0]?.id ?? "" },
      member(LEAD),
      POLICY,
    );
  if (stageOf(now.state, run) === null) return null;
  const [first] = underWay(now);
  if (!first)
    return decideCommand(now, { type: "acceptUntested", at, by: LEAD, reason: "known good" }, member(LEAD), POLICY);
  const [step, { waits }] = first;
  const place = { at, run: run.number, step };
  const [wait] = waits;
  if (wait?.startsWith("invocation"))
    return decideOutcome(now, { ...place, type: "testReported", wait, report: pinged(10) });
  if (wait) return decideOutcome(now, { ...place, type: "statusReached", wait, status: "Active" });
  return decideOutcome(now, { ...place, type: "stepDone", calls: [], resources: [] });
}

function underWay({ state, peering }: Snapshot): ReadonlyArray<readonly [string, StepProgress]> {
  if (isEnded(state)) return [];
  const { steps } = currentRun(peering);
  return Object.entries(steps).filter(([, progress]) => progress.state === "running" || progress.state === "waiting");
}

type Place = { readonly at: number; readonly run: number; readonly step: string };

function outcome(
  type: Outcome["type"],
  place: Place,
  drawn: { readonly pick: number; readonly amount: number; readonly failure: FailureKind; readonly wait: string },
): Outcome {
  const { pick, amount, wait } = drawn;
  switch (type) {
    case "stepStarted":
      return { ...place, ...accepting(place.step, pick, amount) };
    case "stepDone":
      return { ...place, type, calls: [], resources: resources(pick) };
    case "stepFailed":
      return { ...place, type, failure: failure(drawn.failure), attempt: amount };
    case "stepHeld":
      return { ...place, type };
    case "statusReached":
      return { ...place, type, wait, status: "Active" };
    case "testReported":
      return { ...place, type, wait, report: pinged(pick % 3) };
    case "planChanged":
      return { ...place, type, plan: pickOf(pick, Object.values(PLANS)) ?? plan(), changes: [] };
  }
}

function accepting(
  step: string,
  pick: number,
  amount = 1 + (pick % 2),
): Pick<Extract<Outcome, { type: "stepStarted" }>, "type" | "calls" | "resources" | "waits"> {
  const isTest = step.startsWith("runConnectivityTest");
  const end = { instanceId: "i-1", ip: "192.168.1.10" };
  const waits = Array.from({ length: isTest ? 1 : amount }, (_, index) => ({
    key: isTest ? `invocation:t-${pick}` : `routerInterface:ri-${pick + index}:Idle`,
    regionId: "cn-qingdao",
    target: isTest
      ? ({ kind: "invocation", id: `t-${pick}`, from: end, to: end } as const)
      : ({ kind: "routerInterface", id: `ri-${pick + index}`, wanted: "Idle" } as const),
    giveUpAfterMs: 60_000,
  }));
  return { type: "stepStarted", calls: [], resources: resources(pick), waits };
}

/** Few ids, so that many are named again. */
function resources(pick: number): readonly Resource[] {
  return [[], [made(pick)], [made(pick), made(pick)], [made(pick), made(pick + 1)]][pick % 4] ?? [];
}

function made(id: number): Resource {
  return { kind: "routerInterface", side: "initiator", regionId: "cn-qingdao", id: `ri-${id % 5}`, madeBy: "peering" };
}

function readBack(now: Snapshot): Snapshot {
  const stored = JSON.parse(JSON.stringify(now)) as Snapshot;
  expect(stored).toEqual(now);
  return stored;
}

function pickOf<T>(pick: number, items: readonly T[]): T | undefined {
  return items[pick % Math.max(1, items.length)];
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
