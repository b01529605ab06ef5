/** How far the people have been told. */
import type { PeeringId } from "../../machines/peering/record.ts";
import type { Telling } from "../ports.ts";
import type { Db } from "./schema.ts";

/** Null when nothing was told yet. */
export async function findTelling(db: Db, id: PeeringId): Promise<Telling | null> {
  const row = await db.selectFrom("telling").selectAll().where("peeringId", "=", id).executeTakeFirst();
  if (!row) return null;
  const { cardChannel: channel, cardTs: ts, ...rest } = row;
  return { ...rest, card: channel === null || ts === null ? null : { channel, ts } };
}

/** The last one written is kept. */
export async function saveTelling(db: Db, { peeringId, card, cardHash, toldSeq }: Telling): Promise<void> {
  const told = { cardChannel: card?.channel ?? null, cardTs: card?.ts ?? null, cardHash, toldSeq };
  await db
    .insertInto("telling")
    .values({ peeringId, ...told })
    .onConflict((conflict) => conflict.column("peeringId").doUpdateSet(told))
    .execute();
}
