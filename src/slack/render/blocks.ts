/**
 * The few blocks that everything is made of, kept within Slack's limits:
 * https://docs.slack.dev/reference/block-kit/blocks/ (read 2026-08-22).
 */
import type { types } from "@slack/bolt";
import type { Picture } from "../../ports.ts";

/** A message: the text is what notifications and screen readers get, so it is always a full sentence. */
export interface Message {
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

/** Starts the block id of every message about a peering, so that a shortcut on the message finds which. */
export const PEERING_BLOCK = "peering:";

/** The same blocks, the first of them naming the peering. */
export function named<B extends types.KnownBlock>(blocks: readonly B[], peeringId: string): B[] {
  return blocks.map((block, index) => (index === 0 ? { ...block, block_id: `${PEERING_BLOCK}${peeringId}` } : block));
}

const SECTION_TEXT_MAX = 3_000;
/** Slack shows no more of it in a notification, and `chat.update` takes 4,000. */
export const NOTIFICATION_TEXT_MAX = 600;
/** Blocks of a message: 50. */
const MESSAGE_BLOCKS_MAX = 50;
/** Text in all blocks of a message: a little less than where `msg_blocks_too_long` was met (13,000; not documented). */
export const MESSAGE_TEXT_MAX = 12_000;
export const BUTTON_TEXT_MAX = 75;
export const CONFIRM_TEXT_MAX = 300;
export const OPTION_TEXT_MAX = 75;
export const MODAL_TITLE_MAX = 24;

export function section(text: string): types.SectionBlock {
  // `verbatim` keeps Slack from turning names in foreign text into links.
  return { type: "section", text: { type: "mrkdwn", text: clipped(text, SECTION_TEXT_MAX), verbatim: true } };
}

export function context(text: string): types.ContextBlock {
  return { type: "context", elements: [{ type: "mrkdwn", text: clipped(text, SECTION_TEXT_MAX), verbatim: true }] };
}

const ALT_TEXT_MAX = 2_000;

/** A picture of ours that Slack has. */
export function image({ fileId, altText }: Picture): types.ImageBlock {
  return { type: "image", slack_file: { id: fileId }, alt_text: clipped(altText, ALT_TEXT_MAX) };
}

export function plain(text: string, max: number): types.PlainTextElement {
  return { type: "plain_text", text: clipped(text, max), emoji: false };
}

/**
 * Cuts where a line, a word or a character ends, whichever is nearest: never within an escape sequence (`&amp;`), a
 * mention (`<@U…>`) or a pair of surrogates.
 */
export function clipped(text: string, max: number): string {
  if (text.length <= max) return text;
  const head = withoutHalves(text.slice(0, max - 1));
  const cut = Math.max(head.lastIndexOf("\n"), head.lastIndexOf(" "));
  // A long way back there is more to lose than a word. The words of a mention have spaces, too.
  return `${cut > 0 && cut > head.length - WORD_LENGTH_MAX ? withoutHalves(head.slice(0, cut)) : head}…`;
}

function withoutHalves(text: string): string {
  return text.replace(/&[a-z]*$|<[^<>]*$|[\uD800-\uDBFF]$/, "");
}

const WORD_LENGTH_MAX = 60;

/** True when Slack takes it as one message. */
export function fits(message: Message | null): boolean {
  return message === null || bounded(message.blocks).length === message.blocks.length;
}

/** As many of the blocks, from the first, as one message takes, with room for buttons and a line under them. */
export function bounded(blocks: readonly types.KnownBlock[]): types.KnownBlock[] {
  let room = MESSAGE_TEXT_MAX;
  return blocks.slice(0, MESSAGE_BLOCKS_MAX - 2).filter((block) => {
    room -= JSON.stringify(block).length;
    return room >= 0;
  });
}

/** As many of the lines, from the first, as stay within `max` characters of JSON; `left` says how many did not. */
export function linesWithin(
  lines: readonly string[],
  max: number,
): { readonly lines: readonly string[]; readonly left: number } {
  let room = max;
  const over = lines.findIndex((line) => (room -= JSON.stringify(line).length) < 0);
  const amount = over < 0 ? lines.length : over;
  return { lines: lines.slice(0, amount), left: lines.length - amount };
}

/** Lines in as many sections as their length needs, never cutting a line in two unless it alone is too long. */
export function sections(lines: readonly string[]): types.SectionBlock[] {
  return texts(lines).map((text) => section(text));
}

/** The same in small print. */
export function contexts(lines: readonly string[]): types.ContextBlock[] {
  return texts(lines).map((text) => context(text));
}

function texts(lines: readonly string[]): readonly string[] {
  const made: string[] = [];
  for (const line of lines.flatMap((each) => each.split("\n"))) {
    const last = made.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= SECTION_TEXT_MAX)
      made[made.length - 1] = `${last}\n${line}`;
    else made.push(line);
  }
  return made;
}
