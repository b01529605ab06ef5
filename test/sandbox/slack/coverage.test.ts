import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { Act } from "../../../src/sandbox/slack/acting/acts.ts";
import { DIALS_DEFAULT } from "../../../src/sandbox/slack/dials.ts";
import { Edit } from "../../../src/sandbox/slack/editing.ts";
import { METHODS } from "../../../src/sandbox/slack/methods/registry.ts";
import { EVENT_SCOPES } from "../../../src/sandbox/slack/payloads/events.ts";
import { SEEDS } from "../../../src/sandbox/slack/seeds.ts";

const readme = readFileSync(new URL("../../../src/sandbox/slack/README.md", import.meta.url), "utf8");

/** Cells of the table whose header starts with this, without the header. */
function table(header: string): readonly (readonly string[])[] {
  const lines = readme.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${header} |`));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("the README lists every method with its token, scopes and tier", () => {
  const simulated = Object.entries(METHODS).map(([name, { token, scopes, tier }]) => [
    `\`${name}\``,
    token,
    scopes.join(", "),
    String(tier),
  ]);
  expect(table("method")).toEqual(simulated.toSorted(([one = ""], [other = ""]) => (one < other ? -1 : 1)));
});

test("the README lists every payload", () => {
  const interactions = [
    "slash_commands",
    "block_actions",
    "block_suggestion",
    "view_submission",
    "view_closed",
    "shortcut",
    "message_action",
  ];
  const simulated = [...interactions, ...Object.keys(EVENT_SCOPES)].map((name) => `\`${name}\``);
  expect(table("payload").map(([name]) => name)).toEqual(simulated);
});

test("the README lists everybody", () => {
  const everybody = SEEDS.people.map(({ realName, name }) => [realName, `\`${name}\``]);
  expect(table("who").map(([who, handle]) => [who, handle])).toEqual(everybody);
  for (const { name } of SEEDS.channels) expect(readme).toContain(`\`${name}\``);
  for (const { handle } of SEEDS.groups) expect(readme).toContain(`\`${handle}\``);
});

test("the README names every act, edit and dial", () => {
  const acts = Act.options.map((option) => option.shape.do.value);
  for (const act of acts) expect(paragraph("**Acts**")).toMatch(new RegExp(`\`${act}[ \`]`));
  const edits = Edit.options.map((option) => option.shape.edit.value);
  for (const edit of edits) expect(paragraph("**Edits**")).toMatch(new RegExp(`\`${edit}[ \`]`));
  expect(Object.keys(DIALS_DEFAULT)).toHaveLength(7);
  expect(readme).toContain("longest option value (150 · 75), buttons on a card (2 · 3)");
});

function paragraph(start: string): string {
  return readme.split("\n").find((line) => line.startsWith(start)) ?? "";
}

test("the README's example runs", async () => {
  const { startSlack } = await import("../../../src/sandbox/slack/start.ts");
  const { personAt } = await import("../../../src/sandbox/slack/client.ts");
  const slack = await startSlack();
  const acted = await personAt(slack.url, "Mei Lin").command("network-requests", "/peer-vpcs");
  expect(acted.says).toBe("/peer-vpcs failed. The app did not respond.");
  await slack.close();
});
