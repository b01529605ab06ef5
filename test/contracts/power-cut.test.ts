/**
 * A power cut, simulated: of every file only what was synced to the disk survives. PGlite as it comes does not pass; see
 * `src/store/durable-files.ts`.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { openStore } from "../../src/store/open.ts";
import { copyDataDirectory, emptyDataDirectory } from "../data-directory.ts";
import { quietLog } from "../quiet-log.ts";
import { storedPeering } from "./stored.ts";

const real = { openSync: fs.openSync, fsyncSync: fs.fsyncSync };

/** Keeps a copy of `directory` that gets a file's content when that is synced. Files are created and removed at once. */
function diskOf(directory: string): string {
  const disk = emptyDataDirectory();
  fs.cpSync(directory, disk.path, { recursive: true });
  const paths = new Map<number, string>();
  Object.assign(fs, {
    openSync(...args: Parameters<typeof fs.openSync>) {
      const file = real.openSync(...args);
      paths.set(file, String(args[0]));
      return file;
    },
    fsyncSync(file: number) {
      real.fsyncSync(file);
      const path = paths.get(file) ?? "";
      if (path.startsWith(directory) && fs.statSync(path).isFile())
        fs.cpSync(path, join(disk.path, relative(directory, path)));
    },
  });
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, real);
    syncBuiltinESMExports();
    disk.remove();
  });
  return disk.path;
}

test("what was committed is there after a power cut, and the database opens", async () => {
  const directory = copyDataDirectory();
  onTestFinished(directory.remove);
  const disk = diskOf(directory.path);
  const { store, queue } = await openStore({ dataDirectory: directory.path }, { clock: systemClock, log: quietLog });
  const ids = Array.from({ length: 50 }, (_, number) => `P-CUT${number}` as const);
  for (const id of ids) await store.transaction((tx) => tx.insertPeering(storedPeering(id)));
  queue.abandon();

  const after = await openStore({ dataDirectory: disk }, { clock: systemClock, log: quietLog });
  const kept = await Promise.all(ids.map((id) => after.store.peering(id)));
  expect(kept.filter((peering) => peering === null)).toEqual([]);
  await after.store.close();
});
