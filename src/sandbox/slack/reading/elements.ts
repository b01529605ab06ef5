import type { Element, Option } from "../block-kit/shape.ts";
import { heldIn, type StateValue } from "../view-state.ts";
import { isJsonObject } from "../json.ts";
import { emojiToText, mrkdwnToText } from "./mrkdwn.ts";
import { channelName, personName, type Reader } from "./reader.ts";
import { richTextLines } from "./rich-text.ts";
import { dateToText } from "./dates.ts";

/** A button, menu or picker as one would draw it in text: `[Approve]`, `[⋯ Edit │ Withdraw]`, `[Choose a VPC ▾]`. */
export function elementToText(element: Element, value: StateValue | undefined, reader: Reader): string {
  const { paint } = reader;
  switch (element.type) {
    case "button":
    case "workflow_button":
    case "icon_button":
      return paint.button(`[${emojiToText(element.text?.text ?? "")}]`);
    case "overflow":
      return paint.button(`[⋯ ${(element.options ?? []).map((option) => emojiToText(option.text.text)).join(" │ ")}]`);
    case "feedback_buttons":
      return paint.button("[👍] [👎]");
    case "image":
      return paint.faint(`(image: ${element.alt_text ?? ""})`);
    case "checkboxes":
    case "radio_buttons":
      return choiceLines(element, value, reader).join("  ");
    default:
      return fieldToText(element, value, reader);
  }
}

/** Checkboxes or radio buttons, one a line. */
export function choiceLines(element: Element, value: StateValue | undefined, reader: Reader): readonly string[] {
  const chosen = [value?.["selected_option"] ?? value?.["selected_options"] ?? []].flat();
  const [on, off] = element.type === "checkboxes" ? ["[x]", "[ ]"] : ["(•)", "( )"];
  return (element.options ?? []).map((option) => {
    const isChosen = chosen.some((one) => isJsonObject(one) && one["value"] === option.value);
    const more = option.description === undefined ? "" : `  ${mrkdwnToText(option.description.text, reader)}`;
    return `${isChosen ? on : off} ${mrkdwnToText(option.text.text, reader)}${reader.paint.faint(more)}`;
  });
}

function fieldToText(element: Element, value: StateValue | undefined, reader: Reader): string {
  const isMenu = element.type.includes("select");
  const held = heldToText(element, value, reader);
  const shown =
    held === "" ? reader.paint.faint(emojiToText(element.placeholder?.text ?? (isMenu ? "Choose" : "…"))) : held;
  return `[${shown}${isMenu ? " ▾" : ""}]`;
}

function heldToText(element: Element, value: StateValue | undefined, reader: Reader): string {
  const held = value?.[heldIn(element.type) ?? ""];
  const all: readonly unknown[] = Array.isArray(held) ? held : held === null || held === undefined ? [] : [held];
  return all.map((one) => oneToText(element.type, one, reader)).join(", ");
}

function oneToText(type: string, one: unknown, reader: Reader): string {
  if (type === "datetimepicker") return dateToText(Number(one), "{date_num} {time}", reader.tz);
  if (type.includes("users_select")) return personName(reader, String(one));
  if (type.includes("conversations_select") || type.includes("channels_select"))
    return channelName(reader, String(one));
  if (type === "rich_text_input" && isJsonObject(one)) return richTextLines(one, reader).join("\n");
  // Only options are objects from here on.
  return isJsonObject(one) ? emojiToText((one as unknown as Option).text.text) : String(one);
}
