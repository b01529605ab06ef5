/**
 * What the renderers make, as text for snapshots: markup as it goes to Slack, one block under the other.
 */
import { expect } from "vitest";
import type { types } from "@slack/bolt";
import { checkBlocks, textIn } from "../../src/sandbox/slack/block-kit/check-blocks.ts";
import { checkView } from "../../src/sandbox/slack/block-kit/check-view.ts";
import { DIALS_DEFAULT } from "../../src/sandbox/slack/dials.ts";
import type { Card } from "../../src/ports.ts";
import type { Message } from "../../src/slack/render/blocks.ts";
import type { Snapshot } from "../../machines/peering/transition.ts";
import { POLICY } from "../machines/tutorial.ts";

export function cardOf(snapshot: Snapshot, change: Partial<Card> = {}): Card {
  return { snapshot, waitingFor: [], leads: POLICY.leads, ...change };
}

export function asText(blocks: readonly types.KnownBlock[]): string {
  return blocks.map(blockText).join("\n");
}

function blockText(block: types.KnownBlock): string {
  switch (block.type) {
    case "section":
      return block.text?.text ?? "";
    case "context":
      return `(${block.elements.map((element) => ("text" in element ? element.text : "")).join(" ")})`;
    case "actions":
      return block.elements
        .map((element) => (element.type === "button" ? `[${element.text.text}]` : element.type))
        .join(" ");
    case "table":
      return block.rows.map((row) => row.map((cell) => ("text" in cell ? cell.text : "")).join(" | ")).join("\n");
    case "alert":
      return `! ${block.text.text}`;
    case "input":
      return inputText(block);
    // Told by their kind: no snapshot rests on what is in them.
    case "card":
    case "carousel":
    case "container":
    case "context_actions":
    case "data_table":
    case "divider":
    case "file":
    case "header":
    case "image":
    case "markdown":
    case "plan":
    case "rich_text":
    case "task_card":
    case "video":
      return block.type;
  }
}

function inputText({ label, hint, optional, element }: types.InputBlock): string {
  const initial =
    "initial_option" in element && element.initial_option
      ? element.initial_option.text.text
      : "initial_options" in element && element.initial_options
        ? element.initial_options.map(({ text }) => text.text).join(", ")
        : "initial_value" in element && typeof element.initial_value === "string"
          ? element.initial_value
          : "";
  const placeholder = "placeholder" in element ? element.placeholder?.text : "";
  return `${label.text}${optional ? "" : " *"}: ${initial || `(${placeholder ?? ""})`}${hint ? `  — ${hint.text}` : ""}`;
}

/** Slack takes this message: its own checks, and a text in all blocks that has been seen to pass. */
export function expectMessage({ text, blocks }: Message): void {
  expect(checkBlocks(blocks, { pointer: "", surface: "message", dials: DIALS_DEFAULT })).toEqual([]);
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(textIn(blocks)).toBeLessThanOrEqual(12_000);
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThanOrEqual(600);
}

export function expectView(view: types.ModalView): void {
  expect(checkView(view, "modal", { ...DIALS_DEFAULT, optionValueMax: 75 })).toEqual([]);
  expect(view.blocks.length).toBeLessThanOrEqual(100);
  expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThanOrEqual(250 * 1_024);
}

/** Every text that Slack reads as markup, wherever it stands. */
export function markupIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const { type, text } = value as { readonly type?: unknown; readonly text?: unknown };
  const own = type === "mrkdwn" && typeof text === "string" ? [text] : [];
  return [...own, ...Object.values(value).flatMap(markupIn)];
}
