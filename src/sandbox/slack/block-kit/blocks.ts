import { accessories, button, contextActions, image, inputs, interactive } from "./elements.ts";
import { richText } from "./rich-text.ts";
import {
  atLeastOne,
  byType,
  complain,
  exactlyOne,
  flag,
  integer,
  list,
  must,
  number,
  object,
  OK,
  oneOf,
  string,
  type Complaint,
  type Fields,
  type Place,
  type Rule,
} from "./rules.ts";
import { anyText, id, plainText, url } from "./texts.ts";
import { isJsonObject, type JsonObject } from "../json.ts";

/** The block types. Limits: https://docs.slack.dev/reference/block-kit/blocks */

function block(type: string, fields: Fields, also?: (value: JsonObject, at: Place) => readonly Complaint[]): Rule {
  return object({ type: must(oneOf(type)), block_id: id, ...fields }, also);
}

const rawText = object({ type: must(oneOf("raw_text")), text: must(string({ min: 0 })) });
const rawNumber = object({ type: must(oneOf("raw_number")), value: must(number), text: string() });
const tableCell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richText });
const column = object({ align: oneOf("left", "center", "right"), is_wrapped: flag });
const columnOrNothing: Rule = (value, at) => (value === null ? OK : column(value, at));

const fileInputWithoutDispatch = (value: JsonObject, at: Place): readonly Complaint[] => {
  const element = value["element"];
  const isFileInput = isJsonObject(element) && element["type"] === "file_input";
  return isFileInput && value["dispatch_action"] === true ? complain(at, "file_input cannot dispatch actions") : OK;
};

const section = block(
  "section",
  {
    text: anyText(3_000),
    fields: list(anyText(2_000), { max: 10 }),
    accessory: byType(accessories),
    expand: flag,
  },
  atLeastOne("text", "fields"),
);

const imageBlock = block(
  "image",
  {
    alt_text: must(string({ max: 2_000 })),
    image_url: url,
    slack_file: object({ id: string(), url }, exactlyOne("id", "url")),
    title: plainText(2_000),
  },
  exactlyOne("image_url", "slack_file"),
);

const video = block("video", {
  alt_text: must(string()),
  title: must(plainText(199)),
  thumbnail_url: must(url),
  video_url: must(string({ like: /^https:\/\// })),
  author_name: string({ min: 0, max: 49 }),
  description: plainText(199),
  provider_icon_url: url,
  provider_name: string(),
  title_url: string({ like: /^https:\/\// }),
});

const table = block("table", {
  rows: must(list(list(tableCell, { max: 20 }), { max: 100 })),
  column_settings: list(columnOrNothing, { min: 0, max: 20 }),
});

/** Blocks that may also stand inside a container. */
const plainBlocks: Readonly<Record<string, Rule>> = {
  actions: block("actions", { elements: must(list(byType(interactive), { max: 25 })) }),
  context: block("context", {
    elements: must(list(byType({ image, plain_text: anyText(), mrkdwn: anyText() }), { max: 10 })),
  }),
  divider: block("divider", {}),
  header: block("header", { text: must(plainText(150)), level: integer({ min: 1, max: 4 }) }),
  image: imageBlock,
  input: block(
    "input",
    {
      label: must(plainText(2_000)),
      element: must(byType(inputs)),
      dispatch_action: flag,
      hint: plainText(2_000),
      optional: flag,
    },
    fileInputWithoutDispatch,
  ),
  rich_text: richText,
  section,
  table,
  video,
};

const card = block(
  "card",
  {
    hero_image: image,
    icon: image,
    title: anyText(150),
    subtitle: anyText(150),
    body: anyText(200),
    actions: list(button, { max: (dials) => dials.cardActionsMax }),
  },
  atLeastOne("hero_image", "title", "actions", "body"),
);

const source = object({ type: must(oneOf("url")), url: must(url), text: must(string()) });
const task = {
  task_id: must(string()),
  title: must(string()),
  details: richText,
  output: richText,
  sources: list(source, { min: 0 }),
  status: oneOf("pending", "in_progress", "complete", "error"),
  block_id: id,
};
const planTitle: Rule = (value, at) => (typeof value === "string" ? string()(value, at) : plainText()(value, at));

const collapsedNeedsCollapsible = (value: JsonObject, at: Place): readonly Complaint[] =>
  value["default_collapsed"] === true && value["is_collapsible"] !== true
    ? complain(at, "default_collapsed needs is_collapsible")
    : atLeastOne("title", "rich_text_title")(value, at);

/** Every block type that Slack takes from an app, by type. */
export const blocks: Readonly<Record<string, Rule>> = {
  ...plainBlocks,
  alert: block("alert", {
    text: must(anyText(200)),
    level: oneOf("default", "info", "warning", "error", "success"),
  }),
  markdown: block("markdown", { text: must(string({ max: 12_000 })) }),
  card,
  carousel: block("carousel", { elements: must(list(card, { max: 10 })) }),
  container: block(
    "container",
    {
      title: plainText(150),
      rich_text_title: richText,
      subtitle: anyText(150),
      icon: image,
      width: oneOf("narrow", "standard", "wide", "full"),
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
      child_blocks: must(list(byType(plainBlocks), { max: 10 })),
    },
    collapsedNeedsCollapsible,
  ),
  context_actions: block("context_actions", { elements: must(list(byType(contextActions), { max: 5 })) }),
  data_table: block("data_table", {
    caption: must(string()),
    page_size: integer({ min: 1, max: 100 }),
    row_header_column_index: integer({ min: 0, max: 19 }),
    rows: must(list(list(tableCell, { max: 20 }), { min: 2, max: 101 })),
  }),
  plan: block("plan", {
    title: must(planTitle),
    tasks: list(object({ type: oneOf("task_card"), ...task }), { min: 0 }),
  }),
  task_card: block("task_card", task),
};
