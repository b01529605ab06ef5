/**
 * `npm run bench -- network` prints a table of CPU times; `-- network --json` the same as one line.
 */
import type { Figures } from "./measure.ts";
import { benchNetwork } from "./network.ts";

const BENCHES: Readonly<Record<string, () => readonly Figures[]>> = { network: benchNetwork };

const [name = "", ...options] = process.argv.slice(2);
const bench = BENCHES[name];
if (!bench) throw new Error(`no bench ${name}: there is ${Object.keys(BENCHES).join(", ")}`);
const rows = bench().map((row) =>
  Object.fromEntries(Object.entries(row).map(([figure, value]) => [figure, Math.round(value * 100) / 100])),
);
if (options.includes("--json")) console.log(JSON.stringify({ bench: name, rows }));
else console.table(rows);
