import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { withGeneratedParts } from "./parts.ts";

const ROOT = new URL("../../", import.meta.url);
const readme = readFileSync(new URL("README.md", ROOT), "utf8");

test("state diagram and settings are the ones of the code (`npm run docs` writes them)", () => {
  expect(withGeneratedParts(readme)).toBe(readme);
});

test("every npm script that README names exists", () => {
  const named = [...readme.matchAll(/npm (?:run )?(start|test|demo|sandbox|check|docs|bench)\b/g)].map(
    ([, script = ""]) => script,
  );

  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((script) => !(script in packageJson.scripts))).toEqual([]);
});

test("every file that README links to exists", () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = ""]) => path);

  expect(links.filter((path) => !existsSync(new URL(path, ROOT)))).toEqual([]);
});
