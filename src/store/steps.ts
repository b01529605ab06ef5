/**
 * Steps that were asked and not answered, and the lanes they go through one at a time.
 *
 * Whoever asks or ends a step in a lane holds the lane's row until the end of the transaction. So the next in line is
 * chosen with everybody in view who was there before, and nobody gets in line behind a lane that has just been emptied.
 */
import type { PeeringId } from "../../machines/peering/record.ts";
import type { AskedStep, StepKey } from "../ports.ts";
import type { Db } from "./schema.ts";

const KEY = ["peeringId", "run", "step"] as const satisfies ReadonlyArray<keyof StepKey>;
const ASKED = [...KEY, "generation", "attempt", "lane", "askedAt"] as const satisfies ReadonlyArray<keyof AskedStep>;

/** Waits for a transaction that is at the same lane. */
export async function askStep(trx: Db, step: AskedStep): Promise<{ readonly granted: boolean }> {
  const { peeringId, run, step: name, generation, attempt, lane, askedAt } = step;
  const holder = lane === null ? step : await takeLane(trx, lane, step);
  await trx
    .insertInto("askedStep")
    .values({ peeringId, run, step: name, generation, attempt, lane, askedAt })
    // A retry keeps its place.
    .onConflict((conflict) => conflict.columns(KEY).doUpdateSet({ generation, attempt }))
    .execute();
  return { granted: isSame(holder, step) };
}

/** Null as well when the step was not there, or had no lane to pass on. */
export async function endStep(trx: Db, key: StepKey): Promise<AskedStep | null> {
  const { peeringId, run, step } = key;
  const ended = await trx
    .deleteFrom("askedStep")
    .where((eb) => eb.and({ peeringId, run, step }))
    .returning("lane")
    .executeTakeFirst();
  const lane = ended?.lane ?? null;
  if (lane === null) return null;
  const holder = await trx.selectFrom("lane").select(KEY).where("name", "=", lane).forUpdate().executeTakeFirst();
  return holder && isSame(holder, key) ? await passLane(trx, lane) : null;
}

/** Steps of a peering that stand in line, in the order in which they were asked. */
export async function queuedSteps(
  db: Db,
  id: PeeringId,
): Promise<ReadonlyArray<{ readonly step: string; readonly holder: PeeringId }>> {
  return await db
    .selectFrom("askedStep as asked")
    .innerJoin("lane", "lane.name", "asked.lane")
    .select(["asked.step", "lane.peeringId as holder"])
    .where("asked.peeringId", "=", id)
    .where((eb) =>
      eb(
        eb.refTuple("asked.peeringId", "asked.run", "asked.step"),
        "!=",
        eb.refTuple("lane.peeringId", "lane.run", "lane.step"),
      ),
    )
    .orderBy("asked.askedAt")
    .orderBy("asked.position")
    .execute();
}

/** Steps that a job must exist for: they may start, and nothing that they began is being waited for. */
export async function stepsUnderWay(db: Db): Promise<readonly AskedStep[]> {
  return await db
    .selectFrom("askedStep as asked")
    .leftJoin("lane", (join) =>
      join
        .onRef("lane.name", "=", "asked.lane")
        .onRef("lane.peeringId", "=", "asked.peeringId")
        .onRef("lane.run", "=", "asked.run")
        .onRef("lane.step", "=", "asked.step"),
    )
    .leftJoin("wait", (join) =>
      join
        .onRef("wait.peeringId", "=", "asked.peeringId")
        .onRef("wait.run", "=", "asked.run")
        .onRef("wait.step", "=", "asked.step"),
    )
    .select(ASKED.map((column) => `asked.${column}` as const))
    .where("wait.key", "is", null)
    .where((eb) => eb.or([eb("asked.lane", "is", null), eb("lane.name", "is not", null)]))
    .orderBy("asked.askedAt")
    .orderBy("asked.position")
    .execute();
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

/** Gives the lane to the first in line; an empty lane has no row. */
async function passLane(trx: Db, lane: string): Promise<AskedStep | null> {
  const next = await trx
    .selectFrom("askedStep")
    .select(ASKED)
    .where("lane", "=", lane)
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

function isSame(one: StepKey, other: StepKey): boolean {
  return KEY.every((part) => one[part] === other[part]);
}
