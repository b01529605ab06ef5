import type { Draft, DraftId } from "../ports.ts";
import { toJson, type Db } from "./schema.ts";

const DRAFT_KEPT_MS = 24 * 3_600_000;

/** Null when there never was one, or when it was too old. */
export async function findDraft(db: Db, id: DraftId): Promise<Draft | null> {
  return toDraft(await select(db, id).executeTakeFirst());
}

/** Nobody else changes the draft until the transaction ends. */
export async function lockDraft(trx: Db, id: DraftId): Promise<Draft | null> {
  return toDraft(await select(trx, id).forUpdate().executeTakeFirst());
}

/** Clears away the drafts that are too old, as well. */
export async function insertDraft(trx: Db, draft: Draft): Promise<void> {
  await trx
    .deleteFrom("draft")
    .where("createdAt", "<", draft.createdAt - DRAFT_KEPT_MS)
    .execute();
  await trx.insertInto("draft").values(toRow(draft)).execute();
}

/** Rejects when it is gone. */
export async function updateDraft(trx: Db, draft: Draft): Promise<void> {
  const { id, ...row } = toRow(draft);
  const { numUpdatedRows } = await trx.updateTable("draft").set(row).where("id", "=", id).executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw new Error(`updating draft ${id}: it is not in the store`);
}

function select(db: Db, id: DraftId) {
  return db.selectFrom("draft").selectAll().where("id", "=", id);
}

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof select>["executeTakeFirst"]>>>;

function toDraft(row: Row | undefined): Draft | null {
  if (!row) return null;
  const { ownerTeamId, ownerUserId, ...rest } = row;
  return { ...rest, owner: { teamId: ownerTeamId, userId: ownerUserId } };
}

function toRow({ owner, pair, facts, failure, values, ...rest }: Draft) {
  return {
    ...rest,
    ownerTeamId: owner.teamId,
    ownerUserId: owner.userId,
    pair: toJson(pair),
    facts: toJson(facts),
    failure: toJson(failure),
    values: toJson(values),
  };
}
