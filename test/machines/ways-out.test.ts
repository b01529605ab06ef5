/**
 * What `xstate/graph` finds when it walks the machine with every event that could come, real guards and all.
 */
import { expect, test } from "vitest";
import type { SnapshotFrom } from "xstate";
import { getAdjacencyMap } from "xstate/graph";
import { peeringMachine, type PeeringEvent } from "../../machines/peering/machine.ts";
import { currentRun } from "../../machines/peering/record.ts";
import { approval, failure, fixPlan, timer } from "./peering-in.ts";
import { LEAD, requestCommand, REQUESTER, T0 } from "./tutorial.ts";

type State = SnapshotFrom<typeof peeringMachine>;

/** Everything that people and the world can say to a peering as it stands. */
function events(state: State): PeeringEvent[] {
  const run = currentRun(state.context);
  const at = T0 + 1;
  const commands: PeeringEvent[] = [
    approval({ state: state.value, peering: state.context }),
    { type: "reject", at, by: LEAD, run: run.number, reason: "no" },
    { type: "withdraw", at, by: REQUESTER },
    { type: "rollBack", at, by: LEAD },
    { type: "acceptUntested", at, by: LEAD, reason: "fine" },
    { type: "test", at, by: LEAD },
    { type: "proposeFix", at, by: LEAD, run: run.number, plan: fixPlan() },
    timer("decisionTimeout", "requested"),
    timer("startTimeout", "approved"),
  ];
  const answers = Object.entries(run.steps).flatMap(([step, { state: progress }]): PeeringEvent[] => {
    const place = { at, run: run.number, step };
    if (progress === "failed") return [{ ...place, type: "retry", by: LEAD }];
    if (progress !== "running") return [];
    return [
      { ...place, type: "stepDone", calls: [], resources: [] },
      { ...place, type: "stepFailed", failure: failure(), attempt: 0 },
    ];
  });
  return [...commands, ...answers];
}

/** Two snapshots are the same place when the state and the progress of every step are. */
function placeOf({ value, context }: State): string {
  const run = currentRun(context);
  return JSON.stringify([value, run.kind, Object.values(run.steps).map(({ state }) => state)]);
}

const map = getAdjacencyMap(peeringMachine, {
  input: requestCommand(),
  events,
  serializeState: (state) => placeOf(state),
});
/** XState's own type brands the keys and forgets the rest. */
const places = Object.entries(map) as ReadonlyArray<[string, Place]>;
interface Place {
  readonly state: State;
  readonly transitions: Readonly<Record<string, { readonly state: State }>>;
}

const byPlace = new Map(places);
/** `verified` is the steady state: more can be asked of it, and nothing has to be. */
const isFinal = ({ value }: State) => value === "verified" || peeringMachine.states[value]?.type === "final";
const nextPlaces = (place: string) =>
  Object.values(byPlace.get(place)?.transitions ?? {}).map(({ state }) => placeOf(state));

test("every place that is not final has a way out", () => {
  const stuck = places.filter(
    ([place, { state }]) => !isFinal(state) && nextPlaces(place).every((next) => next === place),
  );

  expect(places.length).toBeGreaterThan(100);
  expect(stuck.map(([place]) => place)).toEqual([]);
});

test("from every place an end can be reached", () => {
  const ending = new Set(places.filter(([, { state }]) => isFinal(state)).map(([place]) => place));
  for (let grown = true; grown;) {
    const before = ending.size;
    for (const [place] of places) if (nextPlaces(place).some((next) => ending.has(next))) ending.add(place);
    grown = ending.size > before;
  }

  expect(places.map(([place]) => place).filter((place) => !ending.has(place))).toEqual([]);
});

test("every state of the machine is reached, and the ends are the ones that people are told of", () => {
  const reached = new Set(places.map(([, { state }]) => state.value));
  const ends = new Set(places.filter(([, { state }]) => isFinal(state)).map(([, { state }]) => state.value));

  expect([...reached].toSorted()).toEqual(Object.keys(peeringMachine.states).toSorted());
  expect([...ends].toSorted()).toEqual(["expired", "rejected", "rolledBack", "verified", "withdrawn"]);
});

test("nothing is ever under way in a state that has failed or ended", () => {
  const settled = places.filter(
    ([, { state }]) =>
      state.value === "failed" || (isFinal(state) && !["withdrawn", "expired", "verified"].includes(state.value)),
  );
  const underWay = settled.filter(([, { state }]) =>
    Object.values(currentRun(state.context).steps).some((step) => step.state === "running" || step.state === "waiting"),
  );

  expect(underWay.map(([place]) => place)).toEqual([]);
});
