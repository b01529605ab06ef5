/**
 * Runs before `npm version`: refuses while the changes of this version still stand under "Pending".
 */
import { readFileSync } from "node:fs";

const changelog = readFileSync(new URL("../CHANGELOG.md", import.meta.url), "utf8");
if (/^## Pending/m.test(changelog)) {
  process.stderr.write("CHANGELOG.md still says Pending: give the newest section its version and date first.\n");
  process.exitCode = 1;
}
