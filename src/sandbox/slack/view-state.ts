import { elementsOf, type Block, type Element } from "./block-kit/shape.ts";
import type { JsonObject } from "./json.ts";

/** What one input holds, as `state.values` gives it: `{ type, value }`, `{ type, selected_option }`, … */
export type StateValue = JsonObject & { readonly type: string };

/** Values by `block_id` and `action_id`, joined by `valueKey`. */
export type Values = Map<string, StateValue>;

/** Something a person fills in: a view, or a message with inputs or menus. */
export interface Form {
  readonly blocks: readonly Block[];
  readonly values: Values;
}

export function valueKey(blockId: string, actionId: string): string {
  return `${blockId}\n${actionId}`;
}

/**
 * The values a form shows: its initial ones, or what was typed before.
 *
 * Typed input survives only where `block_id`, `action_id` and type stay: https://docs.slack.dev/surfaces/modals (updating views).
 */
export function startingValues(blocks: readonly Block[], before: Values = new Map()): Values {
  const values: Values = new Map();
  for (const { block, element } of elementsByBlock(blocks)) {
    const key = valueKey(block.block_id, element.action_id);
    const initial = initialValue(element);
    const typed = before.get(key);
    if (initial !== null) values.set(key, typed?.type === element.type ? typed : initial);
  }
  return values;
}

/** `state` of a form, as payloads carry it. */
export function stateOf({ blocks, values }: Form): JsonObject {
  const byBlock: Record<string, Record<string, StateValue>> = {};
  for (const { block, element } of elementsByBlock(blocks)) {
    const value = values.get(valueKey(block.block_id, element.action_id));
    if (value !== undefined) byBlock[block.block_id] = { ...byBlock[block.block_id], [element.action_id]: value };
  }
  return { values: byBlock };
}

/** Every element a person can act on, with the block that has it; blocks inside a container count themselves. */
export function elementsByBlock(
  blocks: readonly Block[],
): readonly { readonly block: Block; readonly element: Element }[] {
  return blocks.flatMap((block) =>
    block.type === "container"
      ? elementsByBlock(block.child_blocks ?? [])
      : elementsOf(block).map((element) => ({ block, element })),
  );
}

/** The field of a state value that holds what was chosen or typed; null for elements that keep nothing. */
export function heldIn(type: string): string | null {
  return HELD_IN[type] ?? null;
}

const HELD_IN: Readonly<Record<string, string>> = {
  plain_text_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  number_input: "value",
  rich_text_input: "rich_text_value",
  file_input: "files",
  static_select: "selected_option",
  external_select: "selected_option",
  radio_buttons: "selected_option",
  users_select: "selected_user",
  conversations_select: "selected_conversation",
  channels_select: "selected_channel",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  checkboxes: "selected_options",
  multi_users_select: "selected_users",
  multi_conversations_select: "selected_conversations",
  multi_channels_select: "selected_channels",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
};

function initialValue(element: Element): StateValue | null {
  const field = heldIn(element.type);
  if (field === null) return null;
  const initial =
    element.initial_option ??
    element.initial_options ??
    element.initial_value ??
    element.initial_user ??
    element.initial_users ??
    element.initial_conversation ??
    element.initial_conversations ??
    element.initial_channel ??
    element.initial_channels ??
    element.initial_date ??
    element.initial_time ??
    element.initial_date_time;
  const nothing = field === "files" || field.endsWith("s") ? [] : null;
  return { type: element.type, [field]: initial ?? nothing };
}

/** True when a person left the input as good as untouched: nothing typed, nothing chosen. */
export function isEmptyValue(value: StateValue | undefined): boolean {
  if (value === undefined) return true;
  const held = value[heldIn(value.type) ?? "value"];
  return held === null || held === undefined || held === "" || (Array.isArray(held) && held.length === 0);
}
