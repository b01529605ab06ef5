/** What the cloud takes its time for. */
import type { RegionId } from "../../machines/network/facts.ts";
import type { WaitTarget } from "../../machines/peering/outcomes.ts";
import type { WaitKey } from "../../machines/peering/record.ts";
import type { StepKey, StoredWait } from "../ports.ts";
import { toJson, type Db } from "./schema.ts";

/** Oldest first. */
export async function listWaits(db: Db, regionId: RegionId, kind: WaitTarget["kind"]): Promise<readonly StoredWait[]> {
  return await db
    .selectFrom("wait")
    .select(["peeringId", "run", "step", "key", "generation", "since", "regionId", "target", "giveUpAfterMs"])
    .where("regionId", "=", regionId)
    .where("kind", "=", kind)
    .orderBy("since")
    .execute();
}

/** A wait that is there already stays as it is. */
export async function addWaits(trx: Db, waits: readonly StoredWait[]): Promise<void> {
  if (waits.length === 0) return;
  await trx
    .insertInto("wait")
    .values(waits.map(({ target, ...rest }) => ({ ...rest, kind: target.kind, target: toJson(target) })))
    .onConflict((conflict) => conflict.columns(["peeringId", "run", "step", "key"]).doNothing())
    .execute();
}

/** Nothing happens when it has ended. */
export async function endWait(trx: Db, { peeringId, run, step }: StepKey, key: WaitKey): Promise<void> {
  await trx
    .deleteFrom("wait")
    .where((eb) => eb.and({ peeringId, run, step, key }))
    .execute();
}

/** Ends all of a step. */
export async function endWaits(trx: Db, { peeringId, run, step }: StepKey): Promise<void> {
  await trx
    .deleteFrom("wait")
    .where((eb) => eb.and({ peeringId, run, step }))
    .execute();
}
