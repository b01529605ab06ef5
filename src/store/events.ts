/** The event log. The database refuses to change or remove what is in it. */
import type { PeeringId, Person } from "../../machines/peering/record.ts";
import type { Cause, StoredEvent } from "../ports.ts";
import { toJson, type Db } from "./schema.ts";

/** Rejects when the place in the log is taken, or when the cause was there before. */
export async function appendEvent(trx: Db, { event, by, ...rest }: StoredEvent): Promise<void> {
  await trx
    .insertInto("event")
    .values({
      ...rest,
      type: event.type,
      event: toJson(event),
      byTeamId: by?.teamId ?? null,
      byUserId: by?.userId ?? null,
    })
    .execute();
}

/** Everything that the hash chain runs over, in order of `seq`. */
export async function listEvents(db: Db, id: PeeringId, afterSeq: number): Promise<readonly StoredEvent[]> {
  const rows = await db
    .selectFrom("event")
    .select(["peeringId", "seq", "cause", "event", "byTeamId", "byUserId", "at", "previousHash", "hash"])
    .where("peeringId", "=", id)
    .where("seq", ">", afterSeq)
    .orderBy("seq")
    .execute();
  return rows.map(({ byTeamId, byUserId, ...row }) => ({
    ...row,
    by: byTeamId === null || byUserId === null ? null : { teamId: byTeamId, userId: byUserId },
  }));
}

/** Whether the cause was there before. */
export async function hasEvent(trx: Db, id: PeeringId, cause: Cause): Promise<boolean> {
  const found = await trx
    .selectFrom("event")
    .select("seq")
    .where("peeringId", "=", id)
    .where("cause", "=", cause)
    .executeTakeFirst();
  return found !== undefined;
}

/** Of one person, about one peering, at `since` or later. */
export async function refusalsSince(trx: Db, id: PeeringId, by: Person, since: number): Promise<number> {
  const { refusals } = await trx
    .selectFrom("event")
    .select((eb) => eb.fn.countAll<number>().as("refusals"))
    .where("peeringId", "=", id)
    .where("type", "=", "refused")
    .where("byTeamId", "=", by.teamId)
    .where("byUserId", "=", by.userId)
    .where("at", ">=", since)
    .executeTakeFirstOrThrow();
  return refusals;
}
