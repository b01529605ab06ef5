import { byType, flag, integer, list, must, object, oneOf, string, type Fields, type Rule } from "./rules.ts";
import { id, url } from "./texts.ts";

/** Rich text. Shapes: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */

const style = object({
  bold: flag,
  italic: flag,
  strike: flag,
  underline: flag,
  code: flag,
  highlight: flag,
  client_highlight: flag,
  unlink: flag,
});

function leaf(type: string, fields: Fields): Rule {
  return object({ type: must(oneOf(type)), style, ...fields });
}

const leaves = byType({
  text: leaf("text", { text: must(string({ min: 0 })) }),
  link: leaf("link", { url: must(url), text: string({ min: 0 }), unsafe: flag }),
  user: leaf("user", { user_id: must(string({ like: /^[UW][A-Z0-9]+$/ })) }),
  usergroup: leaf("usergroup", { usergroup_id: must(string({ like: /^S[A-Z0-9]+$/ })) }),
  channel: leaf("channel", { channel_id: must(string({ like: /^[CG][A-Z0-9]+$/ })) }),
  team: leaf("team", { team_id: must(string({ like: /^T[A-Z0-9]+$/ })) }),
  emoji: leaf("emoji", { name: must(string()), unicode: string(), skin_tone: integer({ min: 1, max: 6 }) }),
  broadcast: leaf("broadcast", { range: must(oneOf("here", "channel", "everyone")) }),
  color: leaf("color", { value: must(string({ like: /^#?[0-9a-fA-F]{6}$/ })) }),
  date: leaf("date", {
    timestamp: must(integer({ min: 0 })),
    format: must(string()),
    url,
    fallback: string({ min: 0 }),
  }),
});

const border = oneOf(0, 1);
const elements = must(list(leaves, { min: 0 }));
const section = object({ type: must(oneOf("rich_text_section")), elements });

const parts = byType({
  rich_text_section: section,
  rich_text_list: object({
    type: must(oneOf("rich_text_list")),
    style: must(oneOf("bullet", "ordered")),
    elements: must(list(section)),
    indent: integer({ min: 0 }),
    offset: integer({ min: 0 }),
    border,
  }),
  rich_text_preformatted: object({
    type: must(oneOf("rich_text_preformatted")),
    elements,
    border,
    language: string(),
  }),
  rich_text_quote: object({ type: must(oneOf("rich_text_quote")), elements, border }),
});

/** A rich_text block, also as the content of a table cell. An empty one is taken. */
export const richText: Rule = object({
  type: must(oneOf("rich_text")),
  block_id: id,
  elements: must(list(parts, { min: 0 })),
});
