/**
 * The parts of README that are made from the code: each stands between two markers, and a test holds README to them.
 */
import { toDirectedGraph } from "xstate/graph";
import { peeringMachine } from "../../machines/peering/machine.ts";
import { SETTINGS } from "../../src/config.ts";

/** README with every generated part as the code has it now. Throws when a marker is missing. */
export function withGeneratedParts(readme: string): string {
  const parts = { states: stateDiagram(), settings: settingsTable() };
  return Object.entries(parts).reduce((text, [name, part]) => replaced(text, name, part), readme);
}

function replaced(readme: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name}: made from the code by \`npm run docs\` -->`, `<!-- /${name} -->`];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README has no part between ${start} and ${end}`);
  return `${readme.slice(0, from + start.length)}\n\n${part}\n\n${readme.slice(to)}`;
}

/** The lifecycle as Mermaid; answers that leave the state as it is are left out. */
function stateDiagram(): string {
  const labels = new Map<string, Set<string>>();
  const add = (source: string, target: string, label: string) => {
    const key = `${source} --> ${target}`;
    labels.set(key, (labels.get(key) ?? new Set()).add(label));
  };
  for (const { stateNode, edges } of toDirectedGraph(peeringMachine).children) {
    for (const { target, label } of edges) {
      if (target.key !== stateNode.key)
        add(stateNode.key, target.key, label.text.replace(/^xstate\.after\.(\w+)\..*$/, "$1"));
    }
    for (const { target = [], guard } of stateNode.always ?? []) {
      const stuck = guard === "stuck";
      for (const { key } of target) add(stateNode.key, key, stuck ? "a step failed" : "stage done");
    }
  }
  const lines = [...labels].map(([edge, texts]) => `  ${edge}: ${[...texts].join(" / ")}`);
  const ends = Object.entries(peeringMachine.states).flatMap(([key, { type }]) =>
    type === "final" ? [`  ${key} --> [*]`] : [],
  );
  return ["```mermaid", "stateDiagram-v2", "  [*] --> requested: request", ...lines, ...ends, "```"].join("\n");
}

function settingsTable(): string {
  const rows = Object.values(SETTINGS).map(({ name, default: standard, meaning }) => {
    const shown = standard === null ? "**required**" : standard === "" ? "" : `\`${standard}\``;
    return `| \`${name}\` | ${shown} | ${meaning} |`;
  });
  return ["| setting | default | what it is for |", "|---|---|---|", ...rows].join("\n");
}
