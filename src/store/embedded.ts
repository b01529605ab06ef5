/**
 * The embedded home: PGlite in a data directory, kept by one process.
 *
 * PostgreSQL in single-user mode has no background processes, so what they would do is done here: the lock on the
 * directory, checkpoints and vacuuming.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { PGlite } from "@electric-sql/pglite";
import { PGliteDialect, sql } from "kysely";
import { fromPglite } from "pg-boss";
import type { Clock, Log } from "../ports.ts";
import { lockDirectory } from "./directory-lock.ts";
import { durableFiles } from "./durable-files.ts";
import { errorText } from "./error-text.ts";
import type { Home } from "./home.ts";
import { tablesOn, type Db } from "./schema.ts";

/** Without it the log of changes grows without end, and a start after a crash has all of it to read. */
const CHECKPOINT_EVERY_MS = 60_000;
const CHECKPOINTS_PER_VACUUM = 60;

/**
 * V8 compiles WebAssembly a second time while it runs, to make it faster. For PostgreSQL that takes 0.6 GB, and gains
 * nothing that could be measured: what is waited for is the disk.
 */
const COMPILE_ONCE = ["--liftoff-only", "--no-wasm-tier-up", "--no-wasm-dynamic-tiering"];

/** Rejects with a sentence for the operator when another process has the directory. */
export async function openEmbedded(dataDirectory: string, { clock, log }: { clock: Clock; log: Log }): Promise<Home> {
  for (const flag of COMPILE_ONCE) setFlagsFromString(flag);
  mkdirSync(dataDirectory, { recursive: true });
  const unlock = lockDirectory(dataDirectory);
  const pglite = await startPglite(dataDirectory).catch((cause: unknown) => {
    unlock();
    throw new Error(`opening the database in ${dataDirectory}`, { cause });
  });
  const db = tablesOn(new PGliteDialect({ pglite }));
  const closing = new AbortController();
  const housekeeping = keepHouse(db, { clock, log, signal: closing.signal });

  return {
    db,
    boss: {
      db: bossDatabase(db, pglite),
      backend: "pglite",
      // Nobody else's jobs could be lost; this is for handlers that hang.
      superviseIntervalSeconds: 10,
      monitorIntervalSeconds: 10,
      // For tables that PGlite never has, and by swapping files, at which its file system is weak.
      reindex: false,
      monitorVacuum: false,
    },
    alone: true,
    async close() {
      closing.abort();
      await housekeeping;
      await db.destroy();
      unlock();
    },
    drop() {
      closing.abort();
      // Every statement and every step of one passes here; a dead process takes none.
      pglite.execProtocolRaw = () => new Promise(() => {});
      // The kernel would close the files.
      pglite.Module.FS.quit();
      unlock();
    },
  };
}

/**
 * The first start makes the database in memory and copies it to disk. A copy that was interrupted is made anew: the
 * mark stands until the disk has all of it.
 */
async function startPglite(dataDirectory: string): Promise<PGlite> {
  const directory = join(dataDirectory, "postgres");
  const unfinished = join(dataDirectory, "postgres.unfinished");
  if (existsSync(unfinished)) rmSync(directory, { recursive: true, force: true });
  const isNew = !existsSync(directory);
  if (isNew) writeFileSync(unfinished, "");
  const { options, started } = durableFiles(directory);
  const pglite = await PGlite.create({ dataDir: directory, ...options });
  started();
  if (isNew) {
    for (const path of [...readdirSync(directory, { recursive: true, encoding: "utf8" }), ""])
      syncToDisk(join(directory, path));
    syncToDisk(dataDirectory);
    rmSync(unfinished);
  }
  return pglite;
}

/** A file, or the names in a directory. */
function syncToDisk(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}

/**
 * pg-boss runs whole scripts, and rolls back itself when one fails. Both happen while it has Kysely's only connection, or
 * else a transaction could start between the two, inside the failed script.
 */
function bossDatabase(db: Db, pglite: PGlite): ReturnType<typeof fromPglite> {
  const direct = fromPglite(pglite);
  return { ...direct, executeSql: (text, values) => db.connection().execute(() => direct.executeSql(text, values)) };
}

async function keepHouse(
  db: Db,
  { clock, log, signal }: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<void> {
  for (let checkpoints = 1; ; checkpoints += 1) {
    await clock.sleep(CHECKPOINT_EVERY_MS, signal);
    if (signal.aborted) return;
    try {
      await sql`checkpoint`.execute(db);
      if (checkpoints % CHECKPOINTS_PER_VACUUM === 0) await sql`vacuum (analyze)`.execute(db);
    } catch (error) {
      log.error("database housekeeping stopped half-way", { error: errorText(error) });
    }
  }
}
