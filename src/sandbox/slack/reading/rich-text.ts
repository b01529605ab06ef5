import { isJsonObject, wordsIn, type JsonObject } from "../json.ts";
import { dateToText } from "./dates.ts";
import { emojiToText } from "./mrkdwn.ts";
import { channelName, groupName, personName, type Reader } from "./reader.ts";

/** A rich_text block as lines. */
export function richTextLines(block: { readonly elements?: unknown }, reader: Reader): readonly string[] {
  return objectsIn(block.elements).flatMap((part) => partLines(part, reader));
}

function partLines(part: JsonObject, reader: Reader): readonly string[] {
  const lines = (): readonly string[] => leavesToText(part["elements"], reader).replace(/\n$/, "").split("\n");
  switch (part["type"]) {
    case "rich_text_list":
      return listLines(part, reader);
    case "rich_text_quote":
      return lines().map((line) => `│ ${line}`);
    case "rich_text_preformatted":
      return lines().map((line) => `    ${reader.paint.code(line)}`);
    default:
      return lines();
  }
}

function listLines(list: JsonObject, reader: Reader): readonly string[] {
  const indent = "  ".repeat(Number(list["indent"] ?? 0));
  const first = Number(list["offset"] ?? 0) + 1;
  return objectsIn(list["elements"]).map((item, index) => {
    const bullet = list["style"] === "ordered" ? `${first + index}.` : "•";
    return `${indent}${bullet} ${leavesToText(item["elements"], reader)}`;
  });
}

function leavesToText(leaves: unknown, reader: Reader): string {
  return objectsIn(leaves)
    .map((leaf) => styled(leaf, leafToText(leaf, reader), reader))
    .join("");
}

function leafToText(leaf: JsonObject, reader: Reader): string {
  const field = (name: string): string => wordsIn(leaf[name]);
  switch (leaf["type"]) {
    case "text":
      return field("text");
    case "link":
      return leaf["text"] === undefined ? field("url") : `${field("text")} (${field("url")})`;
    case "user":
      return personName(reader, field("user_id"));
    case "usergroup":
      return groupName(reader, field("usergroup_id"));
    case "channel":
      return channelName(reader, field("channel_id"));
    case "broadcast":
      return `@${field("range")}`;
    case "emoji":
      return emojiToText(`:${field("name")}:`);
    case "date":
      return dateToText(Number(leaf["timestamp"]), field("format"), reader.tz);
    default:
      return field("value");
  }
}

function styled(leaf: JsonObject, text: string, { paint }: Reader): string {
  const style = isJsonObject(leaf["style"]) ? leaf["style"] : {};
  const bold = style["bold"] === true ? paint.bold(text) : text;
  const struck = style["strike"] === true ? paint.strike(bold) : bold;
  return style["code"] === true ? paint.code(struck) : struck;
}

function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
