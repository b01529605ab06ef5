/**
 * The door: the one way in for every change of a peering. One transaction per event: record, event, asked steps, lanes,
 * waits, timers and jobs commit together or not at all.
 */
import type { Actor } from "../machines/peering/authority.ts";
import { CHAIN_START, linkHash } from "../machines/peering/chain.ts";
import type { Request } from "../machines/peering/commands.ts";
import { isEnded, MACHINE_VERSION } from "../machines/peering/machine.ts";
import {
  currentRun,
  progressOf,
  stepOf,
  type Peering,
  type PeeringId,
  type Person,
} from "../machines/peering/record.ts";
import {
  decideCommand,
  decideOutcome,
  decideRequest,
  type Accepted,
  type Decided,
  type Snapshot,
} from "../machines/peering/transition.ts";
import type {
  Admitted,
  AskedStep,
  Cause,
  Clock,
  Door,
  Job,
  LoggedEvent,
  Rules,
  StepKey,
  Store,
  StoredEvent,
  StoredPeering,
  Transaction,
} from "./ports.ts";
import { stepJob, tellJob, timerJob } from "./jobs.ts";

/** Refusals are events too, but a person who presses the same button all day fills no log. */
const REFUSALS_LOGGED_MAX = 10;
const REFUSALS_LOGGED_WINDOW_MS = 3_600_000;

/** Decisions and ends are told before progress when edits are scarce. */
const PRIORITY_URGENT = 10;
const PRIORITY_PROGRESS = 0;

export function createDoor({
  store,
  clock,
  rules,
}: {
  readonly store: Store;
  readonly clock: Clock;
  readonly rules: Rules;
}): Door {
  return {
    async request(request, actor, cause) {
      const policy = await rules.policy();
      return store.transaction(async (tx) => {
        const known = await tx.lockPeering(request.id);
        if (known) return { kind: "repeated", snapshot: known.snapshot };
        const decided = decideRequest(request, actor, policy);
        if (decided.kind === "refused") return decided;
        const { initiator, acceptor } = request.request;
        const holder = await tx.claimPair([initiator.vpcId, acceptor.vpcId], request.id);
        if (holder !== request.id) return { kind: "refused", refusal: { reason: "pairTaken", peeringId: holder } };
        return commit(tx, newborn(decided, request), decided, {
          cause,
          event: request,
          by: actor.person,
          at: request.at,
        });
      });
    },

    async command(id, command, actor, cause) {
      const policy = await rules.policy();
      return store.transaction(async (tx) => {
        const before = await tx.lockPeering(id);
        if (!before) return { kind: "refused", refusal: { reason: "unknownPeering", peeringId: id } };
        if (await tx.hasEvent(id, cause)) return { kind: "repeated", snapshot: before.snapshot };
        const decided = decideCommand(before.snapshot, command, actor, policy);
        const entry = { cause, event: command, by: actor.person, at: command.at };
        if (decided.kind === "accepted") return commit(tx, before, decided, entry);
        const event = {
          type: "refused",
          at: command.at,
          command: command.type,
          refusal: decided.refusal.reason,
        } as const;
        await logRefusal(tx, before, { ...entry, event }, actor);
        return decided;
      });
    },

    outcome: (id, outcome, cause) =>
      store.transaction((tx) => admit(tx, id, cause, outcome, (now) => decideOutcome(now, outcome))),

    timer: (id, timer, armedAt, cause) =>
      store.transaction((tx) => {
        const event = { type: timer, at: clock.now() };
        return admit(tx, id, cause, event, (now, { timers }) =>
          timers[timer]?.armedAt === armedAt ? decideOutcome(now, event) : { kind: "ignored" },
        );
      }),
  };
}

async function admit(
  tx: Transaction,
  id: PeeringId,
  cause: Cause,
  event: Extract<LoggedEvent, { at: number }>,
  decide: (now: Snapshot, stored: StoredPeering) => Decided,
): Promise<Admitted> {
  const before = await tx.lockPeering(id);
  if (!before) return { kind: "ignored" };
  if (await tx.hasEvent(id, cause)) return { kind: "repeated", snapshot: before.snapshot };
  const decided = decide(before.snapshot, before);
  if (decided.kind !== "accepted") return decided;
  return commit(tx, before, decided, { cause, event, by: null, at: event.at });
}

interface LogEntry {
  readonly cause: Cause;
  readonly event: LoggedEvent;
  readonly by: Person | null;
  readonly at: number;
}

/** Writes everything that follows from an accepted event. */
async function commit(tx: Transaction, before: StoredPeering, decided: Accepted, entry: LogEntry): Promise<Admitted> {
  const { next } = decided;
  const { id } = next.peering;
  const version = before.version + 1;
  const event = chained(before, id, entry);
  const stored: StoredPeering = {
    ...before,
    snapshot: next,
    version,
    headHash: event.hash,
    timers: rearmed(before.timers, decided, version, entry.at),
    updatedAt: entry.at,
  };
  await (before.version === 0 ? tx.insertPeering(stored) : tx.updatePeering(stored));
  await tx.appendEvent(event);
  const jobs = [
    ...(await endSteps(tx, before.snapshot, next)),
    ...(await askSteps(tx, decided, entry.at)),
    ...(await keepWaits(tx, next, entry)),
    ...decided.armed.map(({ id: timer, delayMs }): Job => timerJob(id, timer, version, delayMs)),
    tellJob(id, isUrgent(before.snapshot, next) ? PRIORITY_URGENT : PRIORITY_PROGRESS, 0),
  ];
  if (isEnded(next.state)) await tx.freePair(id);
  await tx.send(jobs);
  return { kind: "accepted", snapshot: next };
}

/** What a peering's row is before its first event. */
function newborn({ next }: Accepted, { at }: Request): StoredPeering {
  return {
    snapshot: next,
    version: 0,
    headHash: CHAIN_START,
    machineVersion: MACHINE_VERSION,
    timers: {},
    createdAt: at,
    updatedAt: at,
  };
}

function chained(before: StoredPeering, peeringId: PeeringId, entry: LogEntry): StoredEvent {
  const link = { ...entry, seq: before.version + 1, previousHash: before.headHash };
  return { ...link, peeringId, hash: linkHash(link) };
}

function rearmed(
  timers: StoredPeering["timers"],
  { armed, disarmed }: Accepted,
  version: number,
  at: number,
): StoredPeering["timers"] {
  const kept = Object.entries(timers).filter(([timer]) => !disarmed.some((id) => id === timer));
  return Object.fromEntries([
    ...kept,
    ...armed.map(({ id, delayMs }) => [id, { armedAt: version, dueAt: at + delayMs }]),
  ]);
}

/** Takes answered steps off and hands each of their lanes to the next in line, whichever peering that is of. */
async function endSteps(tx: Transaction, before: Snapshot, next: Snapshot): Promise<readonly Job[]> {
  const still = new Set(underWay(next).map(keyText));
  const jobs: Job[] = [];
  for (const key of underWay(before).filter((candidate) => !still.has(keyText(candidate)))) {
    await tx.endWaits(key);
    for (const successor of await tx.endStep(key)) jobs.push(stepJob(successor, 0));
  }
  return jobs;
}

/** Steps that are asked and not answered. A peering that has ended waits for nothing. */
function underWay({ state, peering }: Snapshot): readonly StepKey[] {
  if (isEnded(state)) return [];
  const run = currentRun(peering);
  return run.plan.steps
    .filter(({ id }) => ["running", "waiting"].includes(progressOf(run, id).state))
    .map(({ id }) => ({ peeringId: peering.id, run: run.number, step: id }));
}

function keyText({ run, step }: StepKey): string {
  return `${run}/${step}`;
}

async function askSteps(tx: Transaction, { next, steps }: Accepted, at: number): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  for (const { step, delayMs } of steps) {
    const asked = askedStep(next.peering, step, at);
    const { granted } = await tx.askStep(asked);
    if (granted) jobs.push(stepJob(asked, delayMs));
  }
  return jobs;
}

function askedStep(peering: Peering, step: string, at: number): AskedStep {
  const run = currentRun(peering);
  const { generation, attempts } = progressOf(run, step);
  return {
    peeringId: peering.id,
    run: run.number,
    step,
    generation,
    attempt: attempts,
    lanes: stepOf(run, step)?.lanes ?? [],
    askedAt: at,
  };
}

/** The rows that pollers look after follow the answers to steps. */
async function keepWaits(tx: Transaction, { peering }: Snapshot, { event, at }: LogEntry): Promise<readonly Job[]> {
  if (event.type === "statusReached") {
    await tx.endWait({ peeringId: peering.id, run: event.run, step: event.step }, event.wait);
  }
  if (event.type === "stepFailed") await tx.endWaits({ peeringId: peering.id, run: event.run, step: event.step });
  if (event.type !== "stepStarted") return [];
  const { generation } = progressOf(currentRun(peering), event.step);
  const { run, step, waits } = event;
  await tx.addWaits(waits.map((wait) => ({ ...wait, peeringId: peering.id, run, step, generation, since: at })));
  return waits.map(({ regionId, target }): Job => ({ queue: "poll", data: { regionId, kind: target.kind } }));
}

async function logRefusal(tx: Transaction, before: StoredPeering, entry: LogEntry, { person }: Actor): Promise<void> {
  const { id } = before.snapshot.peering;
  const logged = await tx.refusalsSince(id, person, entry.at - REFUSALS_LOGGED_WINDOW_MS);
  if (logged >= REFUSALS_LOGGED_MAX) return;
  const event = chained(before, id, entry);
  await tx.updatePeering({ ...before, version: event.seq, headHash: event.hash });
  await tx.appendEvent(event);
}

function isUrgent(before: Snapshot, next: Snapshot): boolean {
  const decisive = ["requested", "approved", "failed", "secured", "verified"];
  return before.state !== next.state && (isEnded(next.state) || decisive.includes(next.state));
}
