/**
 * Looks after everything of one kind in one region that will get somewhere by itself. One job per region and kind
 * describes all of it in one call per round, near the time when it usually is ready, then in short growing gaps.
 */
import type { RegionId } from "../../machines/network/facts.ts";
import { parseTestOutput } from "../../machines/network/test-output.ts";
import type { Failure } from "../../machines/peering/failure.ts";
import type { Outcome, WaitTarget } from "../../machines/peering/outcomes.ts";
import { explainTest } from "./explain-test.ts";
import {
  CloudFailure,
  type Clock,
  type CloudReader,
  type Door,
  type Invocation,
  type Log,
  type Queue,
  type Random,
  type Store,
  type StoredWait,
} from "../ports.ts";

/** A job hands itself on after this long, so that a handler lasts seconds and every region gets its turn. */
const JOB_LASTS_MS = 10_000;

/** Gap between two looks: from the first to the longest, growing with the time waited. Mean lag is half a gap. */
const GAP_FIRST_MS = 250;
const GAP_GROWTH = 0.04;
const GAP_LONGEST_MS = 2_500;

/** Waits that begin while a job sleeps are seen after this long at most. */
const NEW_WAITS_SEEN_MS = 500;

/** The first look comes at this share of the usual time: early enough to learn that it got faster. */
const FIRST_LOOK_AT = 0.8;

/** The usual time follows a faster one at once and a slower one by this factor at most: trouble is not usual. */
const USUAL_GROWTH_MAX = 1.5;

export interface PollPorts {
  readonly store: Store;
  readonly queue: Queue;
  readonly door: Door;
  readonly reader: CloudReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

interface PollKey {
  readonly regionId: RegionId;
  readonly kind: WaitTarget["kind"];
}

export async function poll(ports: PollPorts, key: PollKey, signal: AbortSignal): Promise<void> {
  const { store, queue, clock } = ports;
  const until = clock.now() + JOB_LASTS_MS;
  const due = new Map<string, number>();
  while (clock.now() < until && !signal.aborted) {
    const waits = await store.waits(key.regionId, key.kind);
    if (waits.length === 0) return;
    for (const wait of waits) {
      if (!due.has(textOf(wait))) due.set(textOf(wait), await firstLook(store, wait));
    }
    const next = Math.min(...waits.map((wait) => due.get(textOf(wait)) ?? 0));
    if (next > clock.now()) {
      await clock.sleep(Math.min(next - clock.now(), NEW_WAITS_SEEN_MS), signal);
      continue;
    }
    // Whatever is due soon goes along: one call describes them all.
    const together = waits.filter((wait) => (due.get(textOf(wait)) ?? 0) <= clock.now() + GAP_FIRST_MS);
    await look(ports, key, together);
    for (const wait of together) due.set(textOf(wait), nextLook(wait, ports));
  }
  await queue.send([{ queue: "poll", data: key }]);
}

async function firstLook(store: Store, wait: StoredWait): Promise<number> {
  return wait.since + Math.max(GAP_FIRST_MS, ((await usualMs(store, wait)) ?? 0) * FIRST_LOOK_AT);
}

function nextLook({ since }: StoredWait, { clock, random }: PollPorts): number {
  const gap = Math.min(GAP_LONGEST_MS, GAP_FIRST_MS + GAP_GROWTH * (clock.now() - since));
  return clock.now() + gap * (0.8 + 0.4 * random.fraction());
}

async function look(ports: PollPorts, key: PollKey, waits: readonly StoredWait[]): Promise<void> {
  const found = await observe(ports, key, waits);
  const late = waits
    .filter((wait) => ports.clock.now() - wait.since > wait.giveUpAfterMs && found.every((one) => one.wait !== wait))
    .map((wait): Observation => ({ wait, outcome: { type: "stepFailed", failure: tooLong(wait) } }));
  const reports = await Promise.allSettled(
    [...found, ...late].map(({ wait, outcome }) => report(ports, wait, outcome)),
  );
  // Trouble with one must not keep the others from being told; the job is tried again for it.
  const failed = reports.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

type Observation = { readonly wait: StoredWait; readonly outcome: Observed };
type Observed =
  | { readonly type: "statusReached"; readonly status: string }
  | { readonly type: "testReported"; readonly invocation: Extract<Invocation, { ended: true }> }
  | { readonly type: "stepFailed"; readonly failure: Failure };

/** Those of the waits that have ended, in as few calls as the API allows. */
async function observe(
  { reader, log }: PollPorts,
  { regionId, kind }: PollKey,
  waits: readonly StoredWait[],
): Promise<readonly Observation[]> {
  /** Null when the cloud does not say; the next look asks again. What cannot be read hides nothing else. */
  const reading = async <T>(read: Promise<T>): Promise<T | null> => {
    try {
      return await read;
    } catch (error) {
      if (!(error instanceof CloudFailure)) throw error;
      const { api, code, requestId } = error.failure;
      log.warn("looking after waits", { regionId, kind, api, code, requestId });
      return null;
    }
  };
  const ids = [...new Set(waits.map(({ target }) => target.id))];
  switch (kind) {
    case "routerInterface":
      return reached(waits, await reading(reader.routerInterfaces(regionId, { ids })));
    case "vpcPeerConnection":
      return reached(waits, await reading(reader.vpcPeerConnections(regionId, { ids })));
    case "routeEntry": {
      const byTable = Map.groupBy(waits, ({ target }) => ("routeTableId" in target ? target.routeTableId : ""));
      const found = [...byTable].map(async ([routeTableId, inTable]) =>
        reached(inTable, await reading(reader.routeEntries(regionId, { routeTableId }))),
      );
      return (await Promise.all(found)).flat();
    }
    case "invocation": {
      const found = waits.map(async (wait): Promise<Observation[]> => {
        const invocation = await reading(reader.invocation(regionId, wait.target.id));
        return invocation?.ended ? [{ wait, outcome: { type: "testReported", invocation } }] : [];
      });
      return (await Promise.all(found)).flat();
    }
  }
}

/** What is missing from an answer is gone; without an answer nothing is known. */
function reached(
  waits: readonly StoredWait[],
  answer: ReadonlyArray<{ readonly id: string; readonly status: string }> | null,
): readonly Observation[] {
  if (!answer) return [];
  return waits.flatMap((wait): Observation[] => {
    const { target } = wait;
    const status = answer.find(({ id }) => id === target.id)?.status ?? "gone";
    const isWanted = target.kind !== "invocation" && status === target.wanted;
    return isWanted ? [{ wait, outcome: { type: "statusReached", status } }] : [];
  });
}

async function report(ports: PollPorts, wait: StoredWait, observed: Observed): Promise<void> {
  const { door, clock, store } = ports;
  const { peeringId, run, step, generation, key } = wait;
  const at = clock.now();
  const outcome = await explained(ports, wait, outcomeOf(wait, observed, { at, run, step }));
  await door.outcome(peeringId, outcome, `wait/${run}/${step}/${generation}/${key}`);
  if (observed.type !== "stepFailed") await learn(store, wait, at);
}

function outcomeOf(wait: StoredWait, observed: Observed, place: { at: number; run: number; step: string }): Outcome {
  switch (observed.type) {
    case "statusReached":
      return { ...place, type: "statusReached", wait: wait.key, status: observed.status };
    case "stepFailed":
      return { ...place, type: "stepFailed", failure: observed.failure, attempt: 0 };
    case "testReported":
      return testOutcome(wait, observed.invocation, place);
  }
}

/** What was found is a result, also when everything was lost; without its last line the script itself could not run. */
function testOutcome(
  { key, target }: StoredWait,
  invocation: Extract<Invocation, { ended: true }>,
  place: { at: number; run: number; step: string },
): Outcome {
  const found = parseTestOutput(invocation.output);
  if (found === null || target.kind !== "invocation") {
    const code = invocation.errorCode || invocation.status;
    const failure = {
      kind: "testCouldNotRun",
      api: "RunCommand",
      code,
      requestId: "",
      message: lastLine(invocation.output),
    } as const;
    return { ...place, type: "stepFailed", failure, attempt: 0 };
  }
  return {
    ...place,
    type: "testReported",
    wait: key,
    report: { ...found, from: target.from, to: target.to, at: place.at },
  };
}

/** Nobody should have to ask why nothing came back. */
async function explained(ports: PollPorts, wait: StoredWait, outcome: Outcome): Promise<Outcome> {
  if (outcome.type !== "testReported") return outcome;
  const finding = await explainTest(ports, wait, outcome.report);
  return finding ? { ...outcome, finding } : outcome;
}

const MESSAGE_LENGTH_MAX = 200;

function lastLine(output: string): string {
  return (output.trim().split("\n").at(-1) ?? "").slice(0, MESSAGE_LENGTH_MAX);
}

function tooLong({ target, giveUpAfterMs }: StoredWait): Failure {
  const subject = target.kind === "invocation" ? target.id : `${target.id} ${target.wanted}`;
  return {
    kind: "waitedTooLong",
    api: "",
    code: "",
    requestId: "",
    message: `${subject}, ${Math.round(giveUpAfterMs / 1_000)} s`,
  };
}

async function usualMs(store: Store, wait: StoredWait): Promise<number | null> {
  const known = await store.remembered(usualName(wait));
  return typeof known?.value === "number" ? known.value : null;
}

async function learn(store: Store, wait: StoredWait, at: number): Promise<void> {
  const usual = await usualMs(store, wait);
  const tookMs = at - wait.since;
  await store.remember(usualName(wait), usual === null ? tookMs : Math.min(tookMs, usual * USUAL_GROWTH_MAX), at);
}

/** Durations are learned per region and wish: how long the last one took. */
function usualName({ regionId, target }: StoredWait): string {
  return `usual/${regionId}/${target.kind}/${target.kind === "invocation" ? "ended" : target.wanted}`;
}

function textOf({ peeringId, run, step, key }: StoredWait): string {
  return `${peeringId}/${run}/${step}/${key}`;
}
