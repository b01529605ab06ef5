/** What is kept with its age, and read again when that is too old. */
import type { CatalogueRegion } from "../ports.ts";
import { toJson, type Db } from "./schema.ts";

/** By region id. */
export async function listCatalogue(db: Db): Promise<readonly CatalogueRegion[]> {
  return await db.selectFrom("catalogue").selectAll().orderBy("regionId").execute();
}

/** The last one written is kept. */
export async function saveCatalogue(db: Db, { regionId, vpcs, readAt }: CatalogueRegion): Promise<void> {
  const read = { vpcs: toJson(vpcs), readAt };
  await db
    .insertInto("catalogue")
    .values({ regionId, ...read })
    .onConflict((conflict) => conflict.column("regionId").doUpdateSet(read))
    .execute();
}

/** Null when nothing was remembered under the name. */
export async function remembered(
  db: Db,
  name: string,
): Promise<{ readonly value: unknown; readonly at: number } | null> {
  return (await db.selectFrom("memory").select(["value", "at"]).where("name", "=", name).executeTakeFirst()) ?? null;
}

/** The last one written is kept. */
export async function remember(db: Db, name: string, value: unknown, at: number): Promise<void> {
  const kept = { value: toJson(value), at };
  await db
    .insertInto("memory")
    .values({ name, ...kept })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(kept))
    .execute();
}
