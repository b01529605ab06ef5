import { refuse, refuseFor, type ApiRefusal } from "./answers.ts";
import { checkBlocks, textIn } from "./block-kit/check-blocks.ts";
import type { Complaint, Place } from "./block-kit/rules.ts";
import { storedBlocks, type Block } from "./block-kit/shape.ts";
import { fileComplaints } from "./files.ts";
import { isJsonObject, lengthOf, type JsonObject } from "./json.ts";
import type { Workspace } from "./workspace.ts";

/** What an app wants a message to say, unchecked. */
export interface RawContent {
  readonly text?: string | undefined;
  readonly markdown_text?: string | undefined;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly metadata?: unknown;
}

/** What a message will say; what the app did not name is missing. */
export interface Content {
  readonly text?: string;
  readonly blocks?: readonly Block[];
  readonly attachments?: readonly JsonObject[];
  readonly metadata?: JsonObject | null;
}

/** https://docs.slack.dev/reference/methods/chat.postMessage (`too_many_attachments`, `markdown_text`). */
const ATTACHMENTS_MAX = 100;
const MARKDOWN_TEXT_MAX = 12_000;

/** Text in blocks that a message takes before `msg_blocks_too_long`. Measured by third parties, not documented: unsure. */
const BLOCKS_TEXT_MAX = 13_000;

/** The content if Slack takes it for a message, else why not. */
export function readContent(
  workspace: Workspace,
  raw: RawContent,
  now: number,
): { readonly ok: true; readonly content: Content } | ApiRefusal {
  const refusal =
    refuseMarkdown(raw) ??
    refuseBlocks(workspace, raw.blocks, now) ??
    refuseAttachments(workspace, raw.attachments, now);
  if (refusal !== null) return refusal;
  if (!isMetadata(raw.metadata)) return refuse("invalid_metadata_format");

  const nextId = (): string => workspace.ids.secret().slice(0, 5);
  const text = raw.markdown_text ?? raw.text;
  return {
    ok: true,
    content: {
      ...(text === undefined ? {} : { text }),
      ...(Array.isArray(raw.blocks) ? { blocks: storedBlocks(raw.blocks, nextId) } : {}),
      ...(Array.isArray(raw.attachments)
        ? { attachments: raw.attachments.map((one) => withBlockIds(one, nextId)) }
        : {}),
      ...(isJsonObject(raw.metadata) ? { metadata: Object.keys(raw.metadata).length === 0 ? null : raw.metadata } : {}),
    },
  };
}

/** True when there is nothing to show. */
export function saysNothing(content: Content): boolean {
  const { text = "", blocks = [], attachments = [] } = content;
  return text.trim() === "" && blocks.length === 0 && attachments.length === 0;
}

function refuseMarkdown({ markdown_text, text, blocks }: RawContent): ApiRefusal | null {
  if (markdown_text === undefined) return null;
  if (text !== undefined || blocks !== undefined) return refuse("markdown_text_conflict");
  return lengthOf(markdown_text) > MARKDOWN_TEXT_MAX ? refuse("msg_too_long") : null;
}

function refuseBlocks(workspace: Workspace, blocks: unknown, now: number): ApiRefusal | null {
  if (blocks === undefined) return null;
  if (!Array.isArray(blocks) || !blocks.every(isJsonObject)) return refuse("invalid_blocks_format");
  // An empty list removes the blocks of a message.
  if (blocks.length === 0) return null;
  const place = messagePlace(workspace, "/blocks");
  const complaints = [...checkBlocks(blocks, place), ...fileComplaints(workspace, blocks, place, now)];
  if (complaints.length > 0) return refuseFor(errorFor(complaints), complaints);
  return textIn(blocks) > BLOCKS_TEXT_MAX ? refuse("msg_blocks_too_long") : null;
}

/** A second table is found out later than the rest, where Slack turns tables into attachments. */
function errorFor(complaints: readonly Complaint[]): string {
  return complaints.every(({ why }) => why === "only_one_table_allowed") ? "invalid_attachments" : "invalid_blocks";
}

function refuseAttachments(workspace: Workspace, attachments: unknown, now: number): ApiRefusal | null {
  if (attachments === undefined) return null;
  if (!Array.isArray(attachments) || !attachments.every(isJsonObject)) return refuse("invalid_attachments");
  if (attachments.length > ATTACHMENTS_MAX) return refuse("too_many_attachments");
  const complaints = attachments.flatMap(({ blocks }, index) => {
    const place = messagePlace(workspace, `/attachments/${index}/blocks`);
    return blocks === undefined
      ? []
      : [...checkBlocks(blocks, place), ...fileComplaints(workspace, blocks, place, now)];
  });
  return complaints.length > 0 ? refuseFor("invalid_attachments", complaints) : null;
}

function messagePlace(workspace: Workspace, pointer: string): Place {
  return { pointer, surface: "message", dials: workspace.dials };
}

function withBlockIds(attachment: unknown, nextId: () => string): JsonObject {
  if (!isJsonObject(attachment)) return {};
  const blocks = attachment["blocks"];
  return Array.isArray(blocks) ? { ...attachment, blocks: storedBlocks(blocks, nextId) } : attachment;
}

function isMetadata(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isJsonObject(value)) return false;
  if (Object.keys(value).length === 0) return true;
  return typeof value["event_type"] === "string" && isJsonObject(value["event_payload"]);
}
