import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Keeps a data directory to this process until it lets go or dies; answers with how to let go. When another process has
 * it: throws an error whose `code` is `DATA_DIRECTORY_IN_USE` and whose message is the whole sentence for the operator.
 *
 * PGlite takes no lock, and two processes on one directory lose each other's writes. SQLite's file lock is the kernel's:
 * it ends with the process, however that dies, and needs no pid file that could be stale. Nothing else may open the
 * lock file in this process, since closing any handle on a file drops the process's locks on it (POSIX).
 */
export function lockDirectory(directory: string): () => void {
  const file = new DatabaseSync(join(directory, "lock.sqlite"), { timeout: 0 });
  try {
    file.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (cause) {
    file.close();
    if (!isBusy(cause)) throw cause;
    const sentence = `The data directory ${directory} is in use by another peer-vpcs process: stop that one first, or give this one a data directory of its own.`;
    throw Object.assign(new Error(sentence, { cause }), { code: "DATA_DIRECTORY_IN_USE" });
  }
  return () => file.close();
}

/** SQLITE_BUSY: https://sqlite.org/rescode.html#busy (read 2026-11-23). */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}
