import type { Block, Text } from "../block-kit/shape.ts";
import { valueKey, type Values } from "../view-state.ts";
import { choiceLines, elementToText } from "./elements.ts";
import { emojiToText, mrkdwnToText } from "./mrkdwn.ts";
import { padTo, widthOf } from "./paint.ts";
import type { Reader } from "./reader.ts";
import { richTextLines } from "./rich-text.ts";
import { tableLines } from "./tables.ts";

/** What people filled in and what an app said about it. */
export interface Filled {
  readonly values: Values;
  readonly errors: Readonly<Record<string, string>>;
}

const NOTHING: Filled = { values: new Map(), errors: {} };
const RULE = "─".repeat(40);

/** Blocks as lines that a person reads from top to bottom. */
export function blockLines(blocks: readonly Block[], reader: Reader, filled: Filled = NOTHING): readonly string[] {
  return blocks.flatMap((block) => linesOf(block, reader, filled));
}

function linesOf(block: Block, reader: Reader, filled: Filled): readonly string[] {
  const { paint } = reader;
  switch (block.type) {
    case "header":
      return [paint.bold(textOf(block.text, reader))];
    case "section":
      return sectionLines(block, reader, filled);
    case "context":
      return [(block.elements ?? []).map((one) => paint.faint(contextToText(one, reader))).join("  ")];
    case "divider":
      return [paint.faint(RULE)];
    case "actions":
    case "context_actions":
      return [elementsToText(block, reader, filled)];
    case "rich_text":
      return richTextLines(block, reader);
    case "table":
      return tableLines(block.rows ?? [], reader);
    case "data_table":
      return [paint.bold(block.caption ?? ""), ...tableLines(block.rows ?? [], reader)];
    case "alert":
      return textOf(block.text, reader)
        .split("\n")
        .map((line) => `${SIGNS[String(block.level)] ?? "▌"} ${line}`);
    case "input":
      return inputLines(block, reader, filled);
    case "image":
      return [...(block.title === undefined ? [] : [textOf(block.title, reader)]), `(image: ${block.alt_text ?? ""})`];
    case "video":
      return [`(video: ${textOf(block.title, reader)})`];
    case "carousel":
      return (block.elements ?? []).flatMap((card) => cardLines(card as object as Block, reader));
    case "card":
      return cardLines(block, reader);
    case "container":
      return containerLines(block, reader, filled);
    case "plan":
      return [paint.bold(textOf(block.title, reader)), ...(block.tasks ?? []).map((task) => taskLine(task))];
    case "task_card":
      return [taskLine({ title: textOf(block.title, reader), status: block.status })];
    default:
      return textOf(block.text, reader).split("\n");
  }
}

const SIGNS: Readonly<Record<string, string>> = { info: "ℹ️", warning: "⚠️", error: "❌", success: "✅" };

function textOf(text: Text | string | undefined, reader: Reader): string {
  if (text === undefined) return "";
  if (typeof text === "string") return emojiToText(text);
  return text.type === "mrkdwn" ? mrkdwnToText(text.text, reader) : emojiToText(text.text);
}

function sectionLines(block: Block, reader: Reader, { values }: Filled): readonly string[] {
  const text = block.text === undefined ? [] : textOf(block.text, reader).split("\n");
  const { accessory } = block;
  if (accessory === undefined) return [...text, ...fieldLines(block.fields ?? [], reader)];
  const value = values.get(valueKey(block.block_id, accessory.action_id));
  const beside = elementToText(accessory, value, reader);
  // Slack puts it to the right of the first line.
  const [first = "", ...rest] = text;
  return [[first, beside].filter((one) => one !== "").join("  "), ...rest, ...fieldLines(block.fields ?? [], reader)];
}

/** Fields in two columns, as Slack shows them on a wide screen. */
function fieldLines(fields: readonly Text[], reader: Reader): readonly string[] {
  const cells = fields.map((field) => textOf(field, reader).split("\n"));
  const left = Math.max(0, ...cells.filter((_, index) => index % 2 === 0).flatMap((cell) => cell.map(widthOf)));
  return Array.from({ length: Math.ceil(cells.length / 2) }).flatMap((_, row) => {
    const [one = [], other = []] = [cells[2 * row], cells[2 * row + 1]];
    return Array.from({ length: Math.max(one.length, other.length) }, (__, line) =>
      `${padTo(one[line] ?? "", left)}   ${other[line] ?? ""}`.trimEnd(),
    );
  });
}

function contextToText(element: object, reader: Reader): string {
  // A context block holds texts and images.
  const one = element as { readonly type: string; readonly text?: string; readonly alt_text?: string };
  if (one.type === "image") return `(${one.alt_text ?? ""})`;
  return one.type === "mrkdwn" ? mrkdwnToText(one.text ?? "", reader) : emojiToText(one.text ?? "");
}

function elementsToText(block: Block, reader: Reader, { values }: Filled): string {
  return (block.elements ?? [])
    .map((element) => elementToText(element, values.get(valueKey(block.block_id, element.action_id)), reader))
    .join("  ");
}

function inputLines(block: Block, reader: Reader, { values, errors }: Filled): readonly string[] {
  const { element } = block;
  const { paint } = reader;
  if (element === undefined) return [];
  const value = values.get(valueKey(block.block_id, element.action_id));
  const isChoice = element.type === "checkboxes" || element.type === "radio_buttons";
  const error = errors[block.block_id];
  return [
    paint.bold(textOf(block.label, reader)) + (block.optional === true ? paint.faint(" (optional)") : ""),
    ...(isChoice ? choiceLines(element, value, reader) : [elementToText(element, value, reader)]),
    ...(block.hint === undefined ? [] : [paint.faint(textOf(block.hint, reader))]),
    ...(error === undefined ? [] : [paint.bad(`❌ ${error}`)]),
  ];
}

function cardLines(card: Block, reader: Reader): readonly string[] {
  const texts = [card.title, card.subtitle, card.body].filter((text) => text !== undefined);
  const buttons = (card.actions ?? []).map((button) => elementToText(button, undefined, reader)).join("  ");
  return [...texts.flatMap((text) => textOf(text, reader).split("\n")), ...(buttons === "" ? [] : [buttons])];
}

function containerLines(block: Block, reader: Reader, filled: Filled): readonly string[] {
  const title =
    block.rich_text_title === undefined ? [textOf(block.title, reader)] : richTextLines(block.rich_text_title, reader);
  const subtitle = block.subtitle === undefined ? [] : [textOf(block.subtitle, reader)];
  const inside = blockLines(block.child_blocks ?? [], reader, filled).map((line) => `  ${line}`);
  return [...title.map((line) => reader.paint.bold(line)), ...subtitle, ...inside];
}

const STATUS_SIGNS: Readonly<Record<string, string>> = { in_progress: "◐", complete: "●", error: "✖" };

function taskLine(task: { readonly title?: unknown; readonly status?: unknown }): string {
  return `${STATUS_SIGNS[String(task.status)] ?? "○"} ${String(task.title)}`;
}
