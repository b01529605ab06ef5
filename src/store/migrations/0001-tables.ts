/**
 * The first tables.
 *
 * Documents are `json`, not `jsonb`: they come back as they were written, with every string that JSON can spell (`jsonb`
 * refuses NUL and half a surrogate pair), so a hash over what is read is the hash over what was written. Nothing is
 * searched inside them; what is searched has a column. Times are epoch ms.
 *
 * There are no foreign keys: peerings are never deleted, and the rows around one are written in the door's transaction,
 * where a key would only add locks.
 */
import { sql, type CreateTableBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Runs once; later changes are migrations of their own. */
export const tables: Migration = {
  async up(db: Kysely<unknown>) {
    await createPeering(db);
    await createEvent(db);
    await createSteps(db);
    await createDrafts(db);
    await createNotes(db);
  },
};

async function createPeering(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("peering")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("requesterTeamId", "text", (column) => column.notNull())
    .addColumn("requesterUserId", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("open", "boolean", (column) => column.notNull())
    .addColumn("version", "integer", (column) => column.notNull())
    .addColumn("headHash", "text", (column) => column.notNull())
    .addColumn("machineVersion", "integer", (column) => column.notNull())
    .addColumn("snapshot", "json", (column) => column.notNull())
    .addColumn("timers", "json", (column) => column.notNull())
    .addColumn("createdAt", "bigint", (column) => column.notNull())
    .addColumn("updatedAt", "bigint", (column) => column.notNull())
    .execute();
  // A page of one person's peerings, newest first.
  await db.schema
    .createIndex("peering_of_requester")
    .on("peering")
    .columns(["requesterTeamId", "requesterUserId", "createdAt", "id"])
    .execute();
  // A page of open peerings, newest first, and the armed timers at start.
  await db.schema
    .createIndex("peering_open")
    .on("peering")
    .columns(["createdAt", "id"])
    .where(sql.ref("open"), "is", true)
    .execute();
  // A page of all peerings, newest first.
  await db.schema.createIndex("peering_by_age").on("peering").columns(["createdAt", "id"]).execute();

  await db.schema
    .createTable("claim")
    .addColumn("vpcPair", "text", (column) => column.primaryKey())
    .addColumn("peeringId", "text", (column) => column.notNull())
    .execute();
  // Freeing what a peering claimed.
  await db.schema.createIndex("claim_of_peering").on("claim").column("peeringId").execute();
}

async function createEvent(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("event")
    .addColumn("peeringId", "text", (column) => column.notNull())
    .addColumn("seq", "integer", (column) => column.notNull())
    .addColumn("cause", "text", (column) => column.notNull())
    .addColumn("type", "text", (column) => column.notNull())
    .addColumn("event", "json", (column) => column.notNull())
    .addColumn("byTeamId", "text")
    .addColumn("byUserId", "text")
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("previousHash", "text", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull())
    // The log of a peering in order.
    .addPrimaryKeyConstraint("event_in_order", ["peeringId", "seq"])
    // A cause happens once; also its look-up.
    .addUniqueConstraint("event_of_cause", ["peeringId", "cause"])
    .execute();
  // Counting one person's refusals lately.
  await db.schema
    .createIndex("event_refusal")
    .on("event")
    .columns(["peeringId", "byUserId", "at"])
    .where(sql.ref("type"), "=", sql.lit("refused"))
    .execute();
  await sql`
    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the event log is append-only';
    end $$`.execute(db);
  await sql`
    create trigger event_append_only before update or delete or truncate on event
    for each statement execute function refuse_change()`.execute(db);
}

async function createSteps(db: Kysely<unknown>): Promise<void> {
  await stepTable(db, "askedStep")
    .addColumn("generation", "integer", (column) => column.notNull())
    .addColumn("attempt", "integer", (column) => column.notNull())
    .addColumn("lanes", "json", (column) => column.notNull())
    .addColumn("inLineFor", "text")
    .addColumn("askedAt", "bigint", (column) => column.notNull())
    .addColumn("position", "bigint", (column) => column.generatedAlwaysAsIdentity())
    .addPrimaryKeyConstraint("asked_step_key", ["peeringId", "run", "step"])
    .execute();
  // The line of a lane, first come first served.
  await db.schema
    .createIndex("asked_step_in_line")
    .on("askedStep")
    .columns(["inLineFor", "askedAt", "position"])
    .execute();

  await stepTable(db, "lane")
    .addColumn("name", "text", (column) => column.primaryKey())
    .execute();

  await stepTable(db, "wait")
    .addColumn("key", "text", (column) => column.notNull())
    .addColumn("generation", "integer", (column) => column.notNull())
    .addColumn("since", "bigint", (column) => column.notNull())
    .addColumn("regionId", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("target", "json", (column) => column.notNull())
    .addColumn("giveUpAfterMs", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("wait_key", ["peeringId", "run", "step", "key"])
    .execute();
  // All that one poller looks at, oldest first.
  await db.schema.createIndex("wait_of_poller").on("wait").columns(["regionId", "kind", "since"]).execute();
}

function stepTable(db: Kysely<unknown>, name: string): CreateTableBuilder<string, "peeringId" | "run" | "step"> {
  return db.schema
    .createTable(name)
    .addColumn("peeringId", "text", (column) => column.notNull())
    .addColumn("run", "integer", (column) => column.notNull())
    .addColumn("step", "text", (column) => column.notNull());
}

async function createDrafts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("draft")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("ownerTeamId", "text", (column) => column.notNull())
    .addColumn("ownerUserId", "text", (column) => column.notNull())
    .addColumn("createdAt", "bigint", (column) => column.notNull())
    .addColumn("viewId", "text", (column) => column.notNull())
    .addColumn("channel", "text", (column) => column.notNull())
    .addColumn("pair", "json", (column) => column.notNull())
    .addColumn("connection", "text", (column) => column.notNull())
    .addColumn("facts", "json", (column) => column.notNull())
    .addColumn("failure", "json", (column) => column.notNull())
    .addColumn("values", "json", (column) => column.notNull())
    .addColumn("submitted", "boolean", (column) => column.notNull())
    .execute();
  // Removing those that are too old.
  await db.schema.createIndex("draft_by_age").on("draft").column("createdAt").execute();
}

async function createNotes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("telling")
    .addColumn("peeringId", "text", (column) => column.primaryKey())
    .addColumn("cardChannel", "text")
    .addColumn("cardTs", "text")
    .addColumn("cardHash", "text", (column) => column.notNull())
    .addColumn("toldSeq", "integer", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("turn")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("usedUntil", "double precision", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("catalogue")
    .addColumn("regionId", "text", (column) => column.primaryKey())
    .addColumn("vpcs", "json", (column) => column.notNull())
    .addColumn("readAt", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("memory")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("value", "json", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .execute();
}
