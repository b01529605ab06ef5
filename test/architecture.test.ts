/**
 * Who may import whom. This table is the law; README shows the same picture. The longest folder that fits a file decides.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

/** By folder or file: other parts of the project, and packages. `node:` stands for all of Node. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  machines: ["machines", "xstate", "cidr-tools", "@noble/hashes", "canonicalize"],
  "src/ports.ts": ["machines"],
  "src/jobs.ts": ["machines", "src/ports.ts", "uuid"],
  "src/dispatch.ts": ["machines", "src/ports.ts", "src/jobs.ts"],
  "src/worker.ts": ["machines", "src/ports.ts", "src/jobs.ts", "src/effects"],
  "src/effects": ["machines", "src/ports.ts", "src/jobs.ts", "src/effects"],
  "src/catalogue.ts": ["machines", "src/ports.ts"],
  "src/clock.ts": ["src/ports.ts", "node:"],
  "src/ids.ts": ["src/ports.ts", "node:"],
  "src/log.ts": ["src/ports.ts", "pino"],
  "src/config.ts": ["machines", "zod"],
  "src/slack": ["machines", "src/ports.ts", "src/jobs.ts", "src/slack", "@slack/bolt", "zod", "fastest-levenshtein"],
  "src/slack/render": [
    "machines",
    "src/ports.ts",
    "src/slack/render",
    "src/slack/texts",
    "src/slack/ids.ts",
    "@slack/bolt",
  ],
  "src/slack/texts": ["machines", "src/slack/texts"],
  "src/cloud": ["machines", "src/ports.ts", "src/cloud", "@alicloud/", "p-limit", "zod", "node:"],
  "src/pictures": ["machines", "src/ports.ts", "src/pictures", "@resvg/resvg-js", "node:"],
  "src/store": [
    "machines",
    "src/ports.ts",
    "src/store",
    "kysely",
    "pg",
    "pg-boss",
    "@electric-sql/pglite",
    "uuid",
    "zod",
    "node:",
  ],
  "src/sandbox": ["src/sandbox", "node:", "ws", "undici", "zod"],
  // The composition root sees everything but the sandbox; only the command line sees that.
  "src/bot.ts": ["machines", "src"],
  "src/start.ts": ["machines", "src", "node:"],
  "src/main.ts": ["machines", "src", "node:", "package.json"],
};

const FILES = globSync(["machines/**/*.ts", "src/**/*.ts"], { cwd: ROOT }).toSorted();
const IMPORT = /(?:^import\s+|^(?:import|export)\b[^;"'`]*?\bfrom\s+|\bimport\()["']([^"'\n]+)["']/gm;

function source(file: string): string {
  return readFileSync(resolve(ROOT, file), "utf8");
}

function imports(file: string): readonly string[] {
  return [...source(file).matchAll(IMPORT)].map(([, specifier = ""]) =>
    specifier.startsWith(".") ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : specifier,
  );
}

function ruleFor(file: string): string {
  const fitting = Object.keys(MAY_IMPORT).filter((folder) => file === folder || file.startsWith(`${folder}/`));
  return fitting.toSorted((a, b) => b.length - a.length)[0] ?? "";
}

function isAllowed(imported: string, allowed: readonly string[]): boolean {
  return allowed.some(
    (part) => imported === part || imported.startsWith(part.endsWith("/") || part.endsWith(":") ? part : `${part}/`),
  );
}

test.each(FILES)("%s imports only what its place allows", (file) => {
  const rule = ruleFor(file);

  expect(rule, `${file} stands in no folder of the table`).not.toBe("");
  expect(imports(file).filter((imported) => !isAllowed(imported, MAY_IMPORT[rule] ?? []))).toEqual([]);
});

test("nothing but the command line imports the sandbox", () => {
  const importers = FILES.filter(
    (file) => !file.startsWith("src/sandbox/") && imports(file).some((imported) => imported.startsWith("src/sandbox/")),
  );

  expect(importers).toEqual(["src/main.ts"]);
});

describe.each(FILES.filter((file) => file.startsWith("machines/") || file.startsWith("src/slack/render/")))(
  "%s is pure",
  (file) => {
    test("it reads no clock, no chance and no environment", () => {
      const impure =
        /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bsetTimeout\b|\bsetInterval\b|\bfetch\(/;

      expect(
        source(file)
          .split("\n")
          .filter((line) => impure.test(line)),
      ).toEqual([]);
    });
  },
);

test("nothing mutable stands in module scope", () => {
  const mutable = FILES.flatMap((file) =>
    source(file)
      .split("\n")
      .filter((line) => /^(export )?let /.test(line))
      .map((line) => `${file}: ${line}`),
  );

  expect(mutable).toEqual([]);
});
