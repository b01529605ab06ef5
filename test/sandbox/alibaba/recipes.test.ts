/** The README's recipes are run as they stand there, so that nobody copies one that is refused. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startSandbox } from "./sandbox.ts";

const README = readFileSync(new URL("../../../src/sandbox/alibaba/README.md", import.meta.url), "utf8");

/** The README's changes by hand, by what one meets after them. */
const RECIPES = [...README.matchAll(/^\| (.+) \| `(\{ "regionId".*\})` \|$/gm)].map(([, what = "", edit = ""]) => ({
  what,
  edit,
}));

test.each(RECIPES)("the recipe works as it stands there: $what", async ({ edit }) => {
  const sandbox = await startSandbox();

  expect(await sandbox.control("POST", "edit", JSON.parse(edit))).toHaveProperty("resource");
});

test("there is one for each thing that the checks look at by hand", () => {
  expect(RECIPES.length).toBeGreaterThanOrEqual(10);
});
