import { Migrator } from "kysely/migration";
import type { Db } from "./schema.ts";
import { tables } from "./migrations/0001-tables.ts";

/**
 * Brings the tables up to date. Replicas that start together take turns at it (an advisory lock on PostgreSQL; PGlite
 * has one process and one connection), and all of it commits at once or not at all.
 */
export async function migrate(db: Db): Promise<void> {
  const migrations = { "0001-tables": tables };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error("bringing the tables up to date", { cause: error });
}
