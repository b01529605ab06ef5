import { isJsonObject, type JsonObject } from "../json.ts";

/** Blocks that passed the checks, as one loose shape: which fields are there depends on `type`. */

export interface Text {
  readonly type: "plain_text" | "mrkdwn";
  readonly text: string;
}

export interface Option {
  readonly text: Text;
  readonly value: string;
  readonly description?: Text;
  readonly url?: string;
}

export interface OptionGroup {
  readonly label: Text;
  readonly options: readonly Option[];
}

export interface Confirmation {
  readonly title: Text;
  readonly text: Text;
  readonly confirm: Text;
  readonly deny: Text;
}

export interface Element {
  readonly type: string;
  readonly action_id: string;
  readonly text?: Text;
  readonly value?: string;
  readonly url?: string;
  readonly style?: string;
  readonly confirm?: Confirmation;
  readonly placeholder?: Text;
  readonly options?: readonly Option[];
  readonly option_groups?: readonly OptionGroup[];
  readonly initial_option?: Option;
  readonly initial_options?: readonly Option[];
  readonly initial_value?: unknown;
  readonly initial_user?: string;
  readonly initial_users?: readonly string[];
  readonly initial_conversation?: string;
  readonly initial_conversations?: readonly string[];
  readonly initial_channel?: string;
  readonly initial_channels?: readonly string[];
  readonly initial_date?: string;
  readonly initial_time?: string;
  readonly initial_date_time?: number;
  readonly min_query_length?: number;
  readonly max_selected_items?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly min_value?: string;
  readonly max_value?: string;
  readonly is_decimal_allowed?: boolean;
  readonly default_to_current_conversation?: boolean;
  readonly response_url_enabled?: boolean;
  readonly dispatch_action_config?: { readonly trigger_actions_on: readonly string[] };
  readonly alt_text?: string;
}

export interface Block {
  readonly type: string;
  readonly block_id: string;
  /** A text object, or markdown as a string. */
  readonly text?: Text | string;
  readonly fields?: readonly Text[];
  readonly accessory?: Element;
  readonly element?: Element;
  /** Elements, texts, cards or rich text parts. */
  readonly elements?: readonly Element[];
  readonly label?: Text;
  readonly hint?: Text;
  readonly optional?: boolean;
  readonly dispatch_action?: boolean;
  readonly title?: Text | string;
  readonly subtitle?: Text;
  readonly body?: Text;
  readonly level?: string | number;
  readonly alt_text?: string;
  readonly image_url?: string;
  readonly caption?: string;
  readonly rows?: readonly (readonly JsonObject[])[];
  readonly child_blocks?: readonly Block[];
  readonly actions?: readonly Element[];
  readonly tasks?: readonly JsonObject[];
  readonly status?: string;
  readonly rich_text_title?: Block;
}

/** Elements that a person can act on, in the order they are shown. */
export function elementsOf(block: Block): readonly Element[] {
  const held = block.type === "actions" || block.type === "context_actions" ? (block.elements ?? []) : [];
  const cards = block.type === "carousel" ? (block.elements ?? []).flatMap((card) => actionsOf(card)) : [];
  const inside = (block.child_blocks ?? []).flatMap(elementsOf);
  const beside = [block.accessory, block.element].filter((one) => one !== undefined && one.type !== "image");
  return [...beside.filter((one) => one !== undefined), ...held, ...(block.actions ?? []), ...cards, ...inside];
}

function actionsOf(card: object): readonly Element[] {
  // A carousel's elements are cards, which carry their buttons as `actions`.
  return (card as Block).actions ?? [];
}

/**
 * The blocks as Slack stores them: what an app left out (ids, `emoji`, `verbatim`) is filled in.
 *
 * The blocks must have passed the checks.
 */
export function storedBlocks(blocks: readonly unknown[], nextId: () => string): readonly Block[] {
  // The checks saw to the shape; filling in the ids completes it.
  return blocks.map((block) => filled(block, nextId, true) as Block);
}

function filled(value: unknown, nextId: () => string, isBlock = false): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(item, nextId, isBlock));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([, held]) => held !== undefined)
    .map(([key, held]) => [key, filled(held, nextId, key === "child_blocks")]);
  const type = value["type"];
  const ids = {
    ...(isBlock && value["block_id"] === undefined ? { block_id: nextId() } : {}),
    ...(isInteractive(value, type) && value["action_id"] === undefined ? { action_id: nextId() } : {}),
    ...(type === "plain_text" && value["emoji"] === undefined ? { emoji: true } : {}),
    ...(type === "mrkdwn" && value["verbatim"] === undefined ? { verbatim: false } : {}),
  };
  return { ...Object.fromEntries(entries), ...ids };
}

function isInteractive(value: JsonObject, type: unknown): boolean {
  return (
    typeof type === "string" &&
    /(_select|button|buttons|_input|picker|^overflow|^checkboxes)$/.test(type) &&
    value["elements"] === undefined
  );
}
