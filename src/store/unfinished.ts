/** What the rows say is still to be done. */
import type { PeeringId } from "../../machines/peering/record.ts";
import type { TimerId } from "../../machines/peering/transition.ts";
import type { Unfinished } from "../ports.ts";
import type { Db } from "./schema.ts";
import { stepsUnderWay } from "./steps.ts";

/** Steps that may run and wait for nothing, pollers with something to look at, timers of open peerings. */
export async function listUnfinished(db: Db): Promise<Unfinished> {
  const [steps, waits, timers, untold] = await Promise.all([
    stepsUnderWay(db),
    pollers(db),
    armedTimers(db),
    untoldPeerings(db),
  ]);
  return { steps, waits, timers, untold };
}

async function pollers(db: Db): Promise<Unfinished["waits"]> {
  return await db
    .selectFrom("wait")
    .select(["regionId", "kind"])
    .distinct()
    .orderBy("regionId")
    .orderBy("kind")
    .execute();
}

async function armedTimers(db: Db): Promise<Unfinished["timers"]> {
  const peerings = await db
    .selectFrom("peering")
    .select(["id", "timers"])
    .where("open", "is", true)
    .orderBy("createdAt")
    .orderBy("id")
    .execute();
  return peerings.flatMap(({ id, timers }) =>
    Object.entries(timers).map(([timer, { armedAt, dueAt }]) => ({
      peeringId: id,
      // The keys of a Record<TimerId, …>.
      timer: timer as TimerId,
      armedAt,
      dueAt,
    })),
  );
}

/** Peerings whose newest event nobody was told of. */
async function untoldPeerings(db: Db): Promise<readonly PeeringId[]> {
  const rows = await db
    .selectFrom("peering")
    .leftJoin("telling", "telling.peeringId", "peering.id")
    .select("peering.id")
    .where((eb) => eb.or([eb("telling.toldSeq", "is", null), eb("telling.toldSeq", "<", eb.ref("peering.version"))]))
    .orderBy("peering.createdAt")
    .orderBy("peering.id")
    .execute();
  return rows.map(({ id }) => id);
}
