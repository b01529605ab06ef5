/**
 * PGlite on disk such that a commit survives a power cut.
 *
 * As it comes (0.5.16), PGlite runs with `-F`, its file system has no fsync, and its fdatasync does nothing: of the disks
 * of simulated power cuts three of four did not open. See https://github.com/electric-sql/pglite/issues/1107.
 */
import { existsSync, fstatSync, fsyncSync, statSync } from "node:fs";
import { join } from "node:path";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

/** A checkpoint takes less than this from its first file to the control file. */
const CHECKPOINT_TAKES_MAX_MS = 60_000;

interface DurableFiles {
  /** For a PGlite whose `directory` is written through. */
  readonly options: Pick<PGliteOptions, "fs" | "startParams">;
  /** To be called when PGlite has started. */
  readonly started: () => void;
}

/** Lets a start after a crash skip files that are on the disk for certain; from then on everything is synced. */
export function durableFiles(directory: string): DurableFiles {
  let onDiskSince = lastCheckpoint(directory) - CHECKPOINT_TAKES_MAX_MS;
  const files = new NodeFS(directory);
  const init = files.init.bind(files);
  const addFsync = (module: unknown): void => {
    const { NODEFS } = module as EmscriptenModule;
    NODEFS.stream_ops.fsync = ({ nfd }) => {
      if (fstatSync(nfd).ctimeMs >= onDiskSince) fsyncSync(nfd);
      return 0;
    };
  };
  files.init = (pglite, options) => init(pglite, { ...options, preRun: [...(options.preRun ?? []), addFsync] });
  const startParams = [...PGlite.defaultStartParams.filter((param) => param !== "-F"), ...SETTINGS];
  return {
    options: { fs: files, startParams },
    started() {
      onDiskSince = -Infinity;
    },
  };
}

/**
 * When the control file was written last, epoch ms.
 *
 * After a crash PostgreSQL syncs every file there is, twice: 2,000 calls, which take seconds on a busy disk. Files that
 * nobody has touched since well before the last checkpoint were synced by it.
 */
function lastCheckpoint(directory: string): number {
  const control = join(directory, "global", "pg_control");
  return existsSync(control) ? statSync(control).ctimeMs : -Infinity;
}

const SETTINGS = [
  // The one sync call that `addFsync` mends.
  ["-c", "wal_sync_method=fsync"],
  // Small, since everything is in one process: at most 64 MB of log between checkpoints, 32 MB of cache.
  ["-c", "max_wal_size=64MB", "-c", "min_wal_size=32MB"],
  ["-c", "shared_buffers=32MB"],
  // Its timer would run on after the start, and keep a database that was dropped in memory.
  ["-c", "log_startup_progress_interval=0"],
].flat();

/** The part of the running module that is not in PGlite's types. */
interface EmscriptenModule {
  readonly NODEFS: { readonly stream_ops: { fsync?: (stream: { readonly nfd: number }) => number } };
}
