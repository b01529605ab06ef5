import type { Block } from "../block-kit/shape.ts";
import type { JsonObject } from "../json.ts";
import { blockLines } from "./blocks-to-text.ts";
import { dateToText } from "./dates.ts";
import { emojiToText, mrkdwnToText } from "./mrkdwn.ts";
import type { Paint } from "./paint.ts";
import { readerOf, type Reader } from "./reader.ts";
import type { SeenMessage } from "./seen-message.ts";

/** How to write messages down. */
export interface TextOptions {
  /** Time zone of clock times; UTC by default. */
  readonly tz?: string;
  /** Colours; none by default. */
  readonly paint?: Paint;
}

/**
 * A message and its thread as a person reads them, in plain text.
 *
 * Like Slack, it shows the blocks and not the text when there are blocks. Replies stand indented under their root.
 */
export function messageToText(message: SeenMessage, workspace: Reader["workspace"], options: TextOptions = {}): string {
  const reader = readerOf(workspace, options);
  return messageLines(message, reader).join("\n");
}

function messageLines(message: SeenMessage, reader: Reader): readonly string[] {
  return [
    headLine(message, reader),
    ...bodyLines(message, reader),
    ...message.attachments.flatMap((attachment) => attachmentLines(attachment, reader)),
    ...message.files.map((file) => `📎 ${file.title}${file.title === file.name ? "" : ` (${file.name})`}`),
    ...reactionLines(message),
    ...message.replies.flatMap((reply) => ["", ...messageLines(reply, reader)].map((line) => `  │ ${line}`.trimEnd())),
  ];
}

function headLine({ user, ts, isEdited, isEphemeral }: SeenMessage, { tz, paint }: Reader): string {
  const parts = [user.isApp ? "APP" : "", dateToText(Number(ts), "{time}", tz)];
  const notes = [isEdited ? "(edited)" : "", isEphemeral ? "· only visible to you" : ""];
  const rest = [...parts, ...notes].filter((part) => part !== "").join(" ");
  return `${paint.bold(user.name)}  ${paint.faint(rest)}`;
}

function bodyLines({ blocks, text }: SeenMessage, reader: Reader): readonly string[] {
  if (blocks.length > 0) return blockLines(blocks, reader);
  return text === "" ? [] : mrkdwnToText(text, reader).split("\n");
}

function attachmentLines(attachment: JsonObject, reader: Reader): readonly string[] {
  // Blocks of an attachment passed the same checks as those of a message.
  const blocks = (attachment["blocks"] ?? []) as readonly Block[];
  const text = [attachment["pretext"], attachment["title"], attachment["text"]].filter(
    (one) => typeof one === "string",
  );
  const said =
    text.length === 0 && blocks.length === 0 ? [attachment["fallback"]].filter((one) => typeof one === "string") : text;
  const lines = [...said.flatMap((one) => mrkdwnToText(one, reader).split("\n")), ...blockLines(blocks, reader)];
  return lines.map((line) => `▌ ${line}`);
}

function reactionLines({ reactions }: SeenMessage): readonly string[] {
  if (reactions.length === 0) return [];
  return [reactions.map(({ name, users }) => `${emojiToText(`:${name}:`)} ${users.length}`).join("  ")];
}
