/**
 * Vitest's global set-up: an empty embedded database, made once and copied by every test that needs one. Making it takes
 * seconds. It is kept in `node_modules/.cache` until the store or its libraries change.
 */
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { systemClock } from "../src/clock.ts";
import { openStore } from "../src/store/open.ts";
import { quietLog } from "./quiet-log.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What `copyDataDirectory` copies. */
    readonly preparedDataDirectory: string;
  }
}

const CACHE = "node_modules/.cache/peer-vpcs";
const MADE_FROM = ["src/store/**/*.ts", "node_modules/{@electric-sql/pglite,pg-boss,kysely}/package.json"];

/** Those of earlier versions; a younger one may be in use by another run. */
const CACHED_MS = 3_600_000;

export async function setup({ provide, config }: TestProject): Promise<void> {
  const cache = join(config.root, CACHE);
  const prepared = join(cache, hashOf(config.root));
  mkdirSync(cache, { recursive: true });
  if (!existsSync(prepared)) {
    for (const old of globSync(join(cache, "*"))) {
      if (statSync(old).mtimeMs < Date.now() - CACHED_MS) rmSync(old, { recursive: true });
    }
    await prepare(cache, prepared);
  }
  provide("preparedDataDirectory", prepared);
}

/** Several runs may do this at once; one of them is kept. */
async function prepare(cache: string, prepared: string): Promise<void> {
  const own = mkdtempSync(join(cache, "unfinished-"));
  const { store } = await openStore({ dataDirectory: own }, { clock: systemClock, log: quietLog });
  await store.close();
  try {
    renameSync(own, prepared);
  } catch (error) {
    rmSync(own, { recursive: true });
    if (!existsSync(prepared)) throw error;
  }
}

function hashOf(root: string): string {
  const hash = createHash("sha256");
  for (const file of globSync(MADE_FROM, { cwd: root }).toSorted()) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}
