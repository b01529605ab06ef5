import { cpSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";

export interface DataDirectory {
  readonly path: string;
  readonly remove: () => void;
}

/** Room for the copies of all tests at once; a container's shared memory may be far smaller. */
const MEMORY_BYTES_MIN = 4 * 2 ** 30;

/** A data directory of a test's own, with an empty database in it. */
export function copyDataDirectory(): DataDirectory {
  const directory = emptyDataDirectory();
  cpSync(inject("preparedDataDirectory"), directory.path, { recursive: true });
  return directory;
}

export function emptyDataDirectory(): DataDirectory {
  const path = mkdtempSync(join(scratch(), "peer-vpcs-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** In memory where there is enough, since a database is a thousand files. */
function scratch(): string {
  const memory = "/dev/shm";
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > MEMORY_BYTES_MIN ? memory : tmpdir();
}
