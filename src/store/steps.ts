/**
 * Steps that were asked and not answered, and the lanes they go through one at a time.
 *
 * A step takes its lanes one after another in the order of their names, and keeps those it has while it stands in line at
 * the next. So whoever waits, waits for somebody who is further on, and nobody waits in a ring.
 *
 * Whoever asks or ends a step locks the rows of lanes in the same order, until the end of the transaction: those of the step
 * and, each in its place, those that the next holders go on to. So the next in line is chosen with everybody in view who was
 * there before, and nobody gets in line behind a lane that has just been emptied. A step is moved on by others only under the
 * lock of the lane at which it stands, so its own row is written after its lanes are locked.
 *
 * The order holds for each step asked or ended. Transactions that ask and end several can still cross; then PostgreSQL undoes
 * one of them, and the store begins it again.
 */
import type { ExpressionBuilder } from "kysely";
import type { PeeringId } from "../../machines/peering/record.ts";
import type { AskedStep, StepKey } from "../ports.ts";
import { toJson, type Database, type Db } from "./schema.ts";

const KEY = ["peeringId", "run", "step"] as const satisfies ReadonlyArray<keyof StepKey>;
const ASKED = [...KEY, "generation", "attempt", "lanes", "askedAt"] as const satisfies ReadonlyArray<keyof AskedStep>;

/** Waits for transactions that are at the same lanes. */
export async function askStep(trx: Db, step: AskedStep): Promise<{ readonly granted: boolean }> {
  const { peeringId, run, step: name, generation, attempt, askedAt } = step;
  const lanes = (await findStep(trx, step))?.lanes ?? inOrder(step.lanes);
  const inLineFor = await takeLanes(trx, lanes, step);
  await trx
    .insertInto("askedStep")
    .values({ peeringId, run, step: name, generation, attempt, lanes: toJson(lanes), inLineFor, askedAt })
    // A retry keeps its place.
    .onConflict((conflict) => conflict.columns(KEY).doUpdateSet({ generation, attempt }))
    .execute();
  return { granted: inLineFor === null };
}

/** Answers with nobody as well when the step was not there. */
export async function endStep(trx: Db, key: StepKey): Promise<readonly AskedStep[]> {
  const ended = await findStep(trx, key);
  if (!ended) return [];
  const granted = await passLanes(trx, ended, ended.lanes);
  // Not before its lanes are locked: somebody may be about to move it on.
  await trx.deleteFrom("askedStep").where(isStep(key)).execute();
  return granted;
}

/** Steps of a peering that stand in line, in the order in which they were asked. */
export async function queuedSteps(
  db: Db,
  id: PeeringId,
): Promise<ReadonlyArray<{ readonly step: string; readonly holder: PeeringId }>> {
  return await db
    .selectFrom("askedStep as asked")
    .innerJoin("lane", "lane.name", "asked.inLineFor")
    .select(["asked.step", "lane.peeringId as holder"])
    .where("asked.peeringId", "=", id)
    .orderBy("asked.askedAt")
    .orderBy("asked.position")
    .execute();
}

/** Steps that a job must exist for: they may start, and nothing that they began is being waited for. */
export async function stepsUnderWay(db: Db): Promise<readonly AskedStep[]> {
  return await db
    .selectFrom("askedStep as asked")
    .leftJoin("wait", (join) =>
      join
        .onRef("wait.peeringId", "=", "asked.peeringId")
        .onRef("wait.run", "=", "asked.run")
        .onRef("wait.step", "=", "asked.step"),
    )
    .select(ASKED.map((column) => `asked.${column}` as const))
    .where("wait.key", "is", null)
    .where("asked.inLineFor", "is", null)
    .orderBy("asked.askedAt")
    .orderBy("asked.position")
    .execute();
}

async function findStep(trx: Db, key: StepKey): Promise<AskedStep | undefined> {
  return await trx.selectFrom("askedStep").select(ASKED).where(isStep(key)).executeTakeFirst();
}

/** Takes lanes up to the first that somebody else has, and answers with that one; null when the step has them all. */
async function takeLanes(trx: Db, lanes: readonly string[], step: StepKey): Promise<string | null> {
  for (const lane of lanes) {
    const holder = await takeLane(trx, lane, step);
    if (!isSame(holder, step)) return lane;
  }
  return null;
}

/** Takes the lane if it is free, and answers with who has it. */
async function takeLane(trx: Db, lane: string, { peeringId, run, step }: StepKey): Promise<StepKey> {
  return await trx
    .insertInto("lane")
    .values({ name: lane, peeringId, run, step })
    // An update that changes nothing, since only a row that was written is returned.
    .onConflict((conflict) => conflict.column("name").doUpdateSet({ name: lane }))
    .returning(KEY)
    .executeTakeFirstOrThrow();
}

/**
 * Passes on what the ended step has of these lanes, first to last, and answers with the steps that have all of theirs now.
 * Who gets a lane and needs more goes on to the next, which lies further on: its line moves when its turn comes.
 */
async function passLanes(trx: Db, ended: StepKey, [lane, ...later]: readonly string[]): Promise<readonly AskedStep[]> {
  if (lane === undefined) return [];
  const next = await passLane(trx, lane, ended);
  if (!next) return await passLanes(trx, ended, later);
  const inLineFor = next.lanes[next.lanes.indexOf(lane) + 1] ?? null;
  await trx.updateTable("askedStep").set({ inLineFor }).where(isStep(next)).execute();
  if (inLineFor !== null) return await passLanes(trx, ended, inOrder([...later, inLineFor]));
  return [next, ...(await passLanes(trx, ended, later))];
}

/** Gives the lane to the first in line, unless somebody else than the ended step has it; an empty lane has no row. */
async function passLane(trx: Db, lane: string, ended: StepKey): Promise<AskedStep | null> {
  // A lane that is free is taken in order to be passed on.
  const holder = await takeLane(trx, lane, ended);
  if (!isSame(holder, ended)) return null;
  const next = await trx
    .selectFrom("askedStep")
    .select(ASKED)
    .where("inLineFor", "=", lane)
    .orderBy("askedAt")
    .orderBy("position")
    .limit(1)
    .executeTakeFirst();
  if (!next) {
    await trx.deleteFrom("lane").where("name", "=", lane).execute();
    return null;
  }
  const { peeringId, run, step } = next;
  await trx.updateTable("lane").set({ peeringId, run, step }).where("name", "=", lane).execute();
  return next;
}

/** The one order of lanes for all steps and replicas, whatever order they were asked in. */
function inOrder(lanes: readonly string[]): readonly string[] {
  return [...new Set(lanes)].toSorted();
}

function isStep({ peeringId, run, step }: StepKey) {
  return (eb: ExpressionBuilder<Database, "askedStep">) => eb.and({ peeringId, run, step });
}

function isSame(one: StepKey, other: StepKey): boolean {
  return KEY.every((part) => one[part] === other[part]);
}
