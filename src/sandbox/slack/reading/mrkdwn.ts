import { dateToText } from "./dates.ts";
import { channelName, groupName, personName, type Reader } from "./reader.ts";

/**
 * Slack's mrkdwn as a person reads it: mentions as names, links as their words, dates as dates, no markup.
 *
 * `*Opens* <@U0MEILIN01> <https://a.example|the plan> &amp; more` → `Opens @Mei Lin the plan (https://a.example) & more`.
 *
 * Syntax: https://docs.slack.dev/messaging/formatting-message-text
 */
export function mrkdwnToText(text: string, reader: Reader): string {
  // Code is taken apart first: nothing inside it is markup.
  return text
    .split(/(```[\s\S]+?```|`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? code(part, reader) : words(part, reader)))
    .join("");
}

function code(part: string, reader: Reader): string {
  const isBlock = part.startsWith("```");
  const inside = unescape(part.slice(isBlock ? 3 : 1, isBlock ? -3 : -1)).replace(/^\n/, "");
  return inside
    .split("\n")
    .map((line) => reader.paint.code(line))
    .join("\n");
}

function words(part: string, reader: Reader): string {
  const { paint } = reader;
  return part
    .split(/(<[^<>\n]+>)/)
    .map((piece, index) => (index % 2 === 1 ? reference(piece.slice(1, -1), reader) : emojiToText(piece)))
    .join("")
    .replaceAll(/(?<![\p{L}\p{N}*])\*(\S(?:[^*\n]*\S)?)\*(?![\p{L}\p{N}*])/gu, (_, inside: string) =>
      paint.bold(inside),
    )
    .replaceAll(/(?<![\p{L}\p{N}_])_(\S(?:[^_\n]*\S)?)_(?![\p{L}\p{N}_])/gu, "$1")
    .replaceAll(/(?<![\p{L}\p{N}~])~(\S(?:[^~\n]*\S)?)~(?![\p{L}\p{N}~])/gu, (_, inside: string) =>
      paint.strike(inside),
    )
    .replaceAll(/^&gt; ?/gm, "│ ")
    .replaceAll(/&(amp|lt|gt);/g, unescape);
}

/** What stands between angle brackets. */
function reference(inside: string, reader: Reader): string {
  const [target = "", label] = inside.split("|");
  if (target.startsWith("@")) return personName(reader, target.slice(1));
  if (target.startsWith("#")) return channelName(reader, target.slice(1));
  if (target.startsWith("!subteam^")) return groupName(reader, target.slice("!subteam^".length));
  if (target.startsWith("!date^")) {
    const [, seconds = "", format = ""] = target.split("^");
    return dateToText(Number(seconds), format, reader.tz);
  }
  if (target.startsWith("!")) return `@${target.slice(1)}`;
  const url = target.replace(/^mailto:/, "");
  return label === undefined || label === url ? url : `${label} (${url})`;
}

function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Emoji names that a bot of this kind uses; any other stays `:name:`. */
const EMOJI: Readonly<Record<string, string>> = {
  arrow_right: "→",
  arrows_counterclockwise: "🔄",
  bulb: "💡",
  hourglass_flowing_sand: "⏳",
  information_source: "ℹ️",
  large_blue_circle: "🔵",
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  lock: "🔒",
  no_entry: "⛔",
  red_circle: "🔴",
  rotating_light: "🚨",
  warning: "⚠️",
  white_check_mark: "✅",
  white_circle: "⚪",
  x: "❌",
};

export function emojiToText(text: string): string {
  return text.replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) => EMOJI[name] ?? whole);
}
