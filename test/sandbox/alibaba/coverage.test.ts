import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CONTROL_ROUTES } from "../../../src/sandbox/alibaba/control.ts";
import { COVERAGE, type Coverage } from "../../../src/sandbox/alibaba/coverage.ts";
import { FACTS } from "../../../src/sandbox/alibaba/facts.ts";
import { OPERATIONS } from "../../../src/sandbox/alibaba/operations/registry.ts";
import { API_METADATA, type ParameterSpec, type Product } from "../../../src/sandbox/alibaba/parameters.ts";
import { seedWorld } from "../../../src/sandbox/alibaba/seeds/seed-world.ts";
import { VPCS } from "../../../src/sandbox/alibaba/seeds/vpcs.ts";
import { TIMES } from "../../../src/sandbox/alibaba/times.ts";
import { startSandbox } from "./sandbox.ts";

const FOLDER = new URL("../../../src/sandbox/alibaba/", import.meta.url);
const README = readFileSync(new URL("README.md", FOLDER), "utf8");

const ACTIONS = (Object.keys(OPERATIONS) as Product[]).flatMap((product) =>
  Object.entries(COVERAGE[product] as Record<string, Coverage>).map(([action, coverage]) => ({
    product,
    action,
    coverage,
  })),
);

describe("the coverage table", () => {
  test("has exactly the actions that are implemented, and these have metadata", () => {
    for (const product of Object.keys(OPERATIONS) as Product[]) {
      const implemented = Object.keys(OPERATIONS[product]).toSorted();
      expect(Object.keys(COVERAGE[product]).toSorted()).toEqual(implemented);
      expect(Object.keys(API_METADATA.products[product].actions).toSorted()).toEqual(implemented);
    }
  });

  test.each(ACTIONS)(
    "$product $action: every parameter is read, refused, or said to be ignored",
    ({ product, action, coverage }) => {
      const patterns = (API_METADATA.products[product].actions[action] ?? []).flatMap((spec) =>
        parameterPatterns(spec),
      );
      const named = [...(coverage.refused ?? []), ...(coverage.ignored ?? [])];
      expect(named.filter((pattern) => !patterns.includes(pattern))).toEqual([]);
      const unread = patterns.filter((pattern) => !named.includes(pattern) && !isRead(pattern));
      expect(unread).toEqual([]);
    },
  );
});

describe("the README", () => {
  test.each(ACTIONS)("has $product $action as the coverage table has it", ({ product, action, coverage }) => {
    const { simulated, different, notSimulated } = coverage;
    const refused = coverage.refused ?? [];
    const missing = [
      notSimulated,
      refused.length === 0 ? undefined : `parameters ${refused.map((name) => `\`${name}\``).join(", ")}`,
    ];
    const cells = [
      `${product} \`${action}\``,
      simulated,
      different ?? "",
      missing.filter((text) => text !== undefined).join("; "),
    ];
    expect(README).toContain(row(cells));
  });

  test("has the facts with their answers, the default first, and no others", () => {
    const rows = Object.entries(FACTS).map(([name, { sentence, section, answers }]) =>
      row([`\`${name}\``, sentence, section, answers.map((answer) => `\`${answer}\``).join(" · ")]),
    );
    expect(tableUnder("## Unsure facts")).toEqual(rows);
  });

  test("has the recipes with their ids, and no others", () => {
    const world = seedWorld(0);
    const rows = VPCS.map(({ vpcName, regionId, cidrBlock, shows }) => {
      const vpc = [...(world.regions.get(regionId)?.vpcs.values() ?? [])].find((found) => found.vpcName === vpcName);
      return row([`\`${vpcName}\``, `\`${vpc?.vpcId}\``, regionId, cidrBlock, shows]);
    });
    expect(tableUnder("## Recipes")).toEqual(rows);
  });

  test("has the routes of the control API, and no others", () => {
    const rows = CONTROL_ROUTES.map(({ method, path, does }) => row([`\`${method} ${path}\``, does]));
    expect(tableUnder("## Control API")).toEqual(rows);
  });

  test("shows dials that can be set as they stand there", async () => {
    const sandbox = await startSandbox();
    const examples = README.split("\n").flatMap((line) => /\| `(\{ "action".*\})` \|$/.exec(line)?.[1] ?? []);
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples) await sandbox.control("POST", "dials", JSON.parse(example));
  });

  test("has the times", () => {
    const rows = Object.entries(TIMES).map(([name, ms]) => row([`\`${name}\``, `${ms} ms`]));
    expect(tableUnder("### Times")).toEqual(rows);
  });
});

/** Whether the parameter's own name, without the lists it is in, stands somewhere in the sources. */
function isRead(pattern: string): boolean {
  const name = pattern.split(".").findLast((part) => part !== "N");
  return SOURCES.includes(`"${name}"`);
}

const SOURCES = ["operations/", ""]
  .flatMap((folder) => readdirSync(new URL(folder, FOLDER)).map((name) => new URL(`${folder}${name}`, FOLDER)))
  .filter((file) => file.pathname.endsWith(".ts") && !file.pathname.endsWith("coverage.ts"))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

function parameterPatterns(spec: ParameterSpec): string[] {
  const name = spec.name.replaceAll(/\.\d+(?=\.)/g, ".N");
  if (spec.sub !== undefined)
    return spec.sub.flatMap((sub) => parameterPatterns(sub).map((inner) => `${name}.N.${inner}`));
  return [spec.type === "RepeatList" ? `${name}.N` : name];
}

function row(cells: ReadonlyArray<string>): string {
  return `| ${cells.join(" | ")} |`;
}

/** The rows of the first table under a heading, without its head. */
function tableUnder(heading: string): string[] {
  const lines = README.slice(README.indexOf(`${heading}\n`)).split("\n");
  const start = lines.findIndex((line) => line.startsWith("| ---"));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 1, end);
}
