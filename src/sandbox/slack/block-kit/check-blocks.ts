import { blocks as blockRules } from "./blocks.ts";
import { byType, complain, inside, list, OK, type Complaint, type Place, type Rule, type Surface } from "./rules.ts";
import { isJsonObject, lengthOf, type JsonObject } from "../json.ts";

/** Most blocks on a surface: https://docs.slack.dev/reference/block-kit/blocks */
const BLOCKS_MAX: Readonly<Record<Surface, number>> = { message: 50, modal: 100, home: 100 };

/** Markdown of a message, summed over its blocks: https://docs.slack.dev/reference/block-kit/blocks/markdown-block */
const MARKDOWN_CHARACTERS_MAX = 12_000;

/** Text of a table, summed over its cells: https://docs.slack.dev/reference/block-kit/blocks/table-block */
const TABLE_CHARACTERS_MAX = 10_000;

/** Where each block type may be shown: the "Surfaces" of each page under https://docs.slack.dev/reference/block-kit/blocks */
export const SURFACES: Readonly<Record<string, readonly Surface[]>> = {
  actions: ["message", "modal", "home"],
  alert: ["modal"],
  card: ["message", "home"],
  carousel: ["message", "home"],
  container: ["message"],
  context: ["message", "modal", "home"],
  context_actions: ["message"],
  data_table: ["message", "home"],
  divider: ["message", "modal", "home"],
  header: ["message", "modal", "home"],
  image: ["message", "modal", "home"],
  input: ["message", "modal", "home"],
  markdown: ["message"],
  plan: ["message"],
  rich_text: ["message", "modal", "home"],
  section: ["message", "modal", "home"],
  table: ["message", "home"],
  task_card: ["message"],
  video: ["message", "modal", "home"],
};

/** Block types of which a message takes one in all. */
const ONE_OF_THESE = [["table", "data_table"], ["plan"]] as const;

/** Everything that Slack would refuse in these blocks on this surface; empty when it takes them. */
export function checkBlocks(value: unknown, at: Place): readonly Complaint[] {
  const shape = list(blockOnSurface, { min: at.surface === "home" ? 0 : 1, max: BLOCKS_MAX[at.surface] })(value, at);
  if (shape.length > 0 || !Array.isArray(value)) return shape;
  const blocks = value.filter(isJsonObject);
  return [
    ...repeatedIds(blocks, at),
    ...oneTable(blocks, at),
    ...markdownTooLong(blocks, at),
    ...tableTooLong(blocks, at),
    ...focusedTwice(blocks, at),
  ];
}

const anyBlock = byType(blockRules);

const blockOnSurface: Rule = (value, at) => {
  const type = isJsonObject(value) ? value["type"] : undefined;
  const surfaces = typeof type === "string" ? SURFACES[type] : undefined;
  if (surfaces !== undefined && !surfaces.includes(at.surface)) {
    return complain(inside(at, "type"), `unsupported type: ${String(type)}`);
  }
  return [...anyBlock(value, at), ...(isJsonObject(value) ? repeatedActionIds(value, at) : OK)];
};

function repeatedIds(blocks: readonly JsonObject[], at: Place): readonly Complaint[] {
  return repeated(blocks.map((block) => block["block_id"])).map(({ index, id }) => ({
    pointer: `${at.pointer}/${index}/block_id`,
    why: `block_id \`${id}\` already exists`,
  }));
}

/** Two elements of one block must not share an action_id; elements of two blocks may. */
function repeatedActionIds(block: JsonObject, at: Place): readonly Complaint[] {
  const elements = Array.isArray(block["elements"]) ? block["elements"].filter(isJsonObject) : [];
  return repeated(elements.map((element) => element["action_id"])).map(({ index, id }) => ({
    pointer: `${at.pointer}/elements/${index}/action_id`,
    why: `action_id \`${id}\` already exists for block`,
  }));
}

function repeated(ids: readonly unknown[]): readonly { readonly index: number; readonly id: string }[] {
  return ids.flatMap((id, index) => (typeof id === "string" && ids.indexOf(id) < index ? [{ index, id }] : []));
}

function oneTable(blocks: readonly JsonObject[], at: Place): readonly Complaint[] {
  return ONE_OF_THESE.flatMap((types) => {
    const held = blocks.flatMap((block, index) => (types.some((type) => type === block["type"]) ? [index] : []));
    const why = types[0] === "table" ? "only_one_table_allowed" : `no more than 1 ${types[0]} block allowed`;
    return held.slice(1).map((index) => ({ pointer: `${at.pointer}/${index}`, why }));
  });
}

function markdownTooLong(blocks: readonly JsonObject[], at: Place): readonly Complaint[] {
  return textIn(blocks.filter((block) => block["type"] === "markdown")) > MARKDOWN_CHARACTERS_MAX
    ? complain(at, `markdown blocks must be less than ${MARKDOWN_CHARACTERS_MAX + 1} characters in all`)
    : OK;
}

function tableTooLong(blocks: readonly JsonObject[], at: Place): readonly Complaint[] {
  return blocks.flatMap((block, index) =>
    (block["type"] === "table" || block["type"] === "data_table") && textIn(block["rows"]) > TABLE_CHARACTERS_MAX
      ? complain(inside(inside(at, index), "rows"), `must be less than ${TABLE_CHARACTERS_MAX + 1} characters in all`)
      : OK,
  );
}

/** Characters a reader sees in a value: every `text` in it, however deep. */
export function textIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textIn(item), 0);
  if (!isJsonObject(value)) return 0;
  return Object.entries(value).reduce((sum, [key, held]) => {
    return sum + (key === "text" && typeof held === "string" ? lengthOf(held) : textIn(held));
  }, 0);
}

function focusedTwice(blocks: readonly JsonObject[], at: Place): readonly Complaint[] {
  const focused = blocks.flatMap((block, index) => (hasFocus(block) ? [index] : []));
  return focused.slice(1).map((index) => ({
    pointer: `${at.pointer}/${index}`,
    why: "only one element may have focus_on_load",
  }));
}

function hasFocus(block: JsonObject): boolean {
  const elements = [
    block["element"],
    block["accessory"],
    ...(Array.isArray(block["elements"]) ? block["elements"] : []),
  ];
  return elements.some((element) => isJsonObject(element) && element["focus_on_load"] === true);
}
