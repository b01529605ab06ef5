/** The memory store carries the simulations, so it has to answer as the database does, whatever is asked in which order. */
import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { PeeringId } from "../../machines/peering/record.ts";
import type { Store, Transaction } from "../../src/ports.ts";
import { copyDataDirectory } from "../data-directory.ts";
import { databaseBench, modelBench, T0 } from "./bench.ts";
import { askedStep, keyOf, storedWait } from "./stored.ts";

const RUNS = 40;
const QUESTIONS_MAX = 40;

type Question = (tx: Transaction, prefix: string) => Promise<unknown>;

/** Few names, so that the questions get in each other's way. */
const number = fc.integer({ min: 0, max: 3 });
const whichLanes = fc.nat({ max: 5 });
const peering = (prefix: string, of: number): PeeringId => `P-${prefix}${of}`;
/** Out of order and twice as well: the stores put them in order. */
const LANES = [[], ["0"], ["1"], ["2", "0"], ["0", "1", "0"], ["2", "1", "0"]] as const;
const step = (prefix: string, of: number, which: number) =>
  askedStep(peering(prefix, of), `s${which}`, { lanes: LANES[which]?.map((lane) => `${prefix}${lane}`) ?? [] });

const question: fc.Arbitrary<Question> = fc.oneof(
  fc.record({ of: number, which: whichLanes, askedAt: number, attempt: number }).map(
    ({ of, which, askedAt, attempt }): Question =>
      (tx, prefix) =>
        tx.askStep({ ...step(prefix, of, which), askedAt: T0 + askedAt, attempt }),
  ),
  fc.record({ of: number, which: whichLanes }).map(
    ({ of, which }): Question =>
      (tx, prefix) =>
        tx.endStep(keyOf(step(prefix, of, which))),
  ),
  fc.record({ of: number, one: number, other: number }).map(
    ({ of, one, other }): Question =>
      (tx, prefix) =>
        tx.claimPair([`vpc-${prefix}${one}`, `vpc-${prefix}${other}`], peering(prefix, of)),
  ),
  number.map(
    (of): Question =>
      (tx, prefix) =>
        tx.freePair(peering(prefix, of)),
  ),
  fc.record({ of: number, which: whichLanes, wait: number, since: number }).map(
    ({ of, which, wait, since }): Question =>
      (tx, prefix) =>
        tx.addWaits([
          storedWait(keyOf(step(prefix, of, which)), `ri-${wait}`, { regionId: prefix, since: T0 + since }),
        ]),
  ),
  fc.record({ of: number, which: whichLanes, wait: number }).map(
    ({ of, which, wait }): Question =>
      (tx, prefix) =>
        tx.endWait(keyOf(step(prefix, of, which)), `routerInterface:ri-${wait}:Active`),
  ),
);

/** What a store answers, and how it looks in the end. */
async function interview(store: Store, prefix: string, questions: readonly Question[]): Promise<unknown> {
  const answers: unknown[] = [];
  for (const ask of questions) answers.push(await store.transaction((tx) => ask(tx, prefix)));
  const queued = await Promise.all([0, 1, 2, 3].map((of) => store.queuedSteps(peering(prefix, of))));
  const { steps, waits } = await store.unfinished();
  return {
    answers,
    queued,
    steps: steps.filter(({ peeringId }) => peeringId.startsWith(`P-${prefix}`)),
    pollers: waits.filter(({ regionId }) => regionId === prefix),
    waiting: (await store.waits(prefix, "routerInterface")).map((wait) => JSON.stringify(wait)).toSorted(),
  };
}

test("the memory store answers as the database does", async () => {
  const { path, remove } = copyDataDirectory();
  const benches = [await modelBench(), await databaseBench({ dataDirectory: path }, remove)];
  onTestFinished(async () => {
    for (const bench of benches) await bench.remove();
  });
  const processes = await Promise.all(benches.map((bench) => bench.open()));
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(question, { maxLength: QUESTIONS_MAX }), async (questions) => {
      runs += 1;
      const [model, database] = await Promise.all(
        processes.map(({ store }) => interview(store, `RUN${runs}-`, questions)),
      );
      expect(model).toEqual(database);
    }),
    { numRuns: RUNS },
  );
});
