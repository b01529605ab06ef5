import type { Block } from "./block-kit/shape.ts";
import type { JsonObject } from "./json.ts";
import { startingValues, type Form, type Values } from "./view-state.ts";
import type { Channel, Workspace } from "./workspace.ts";

/** A message as stored; `ephemeralTo` only on ephemeral ones. */
export interface Message {
  readonly ts: string;
  readonly channel: string;
  /** The person or bot user that wrote it. */
  readonly user: string;
  readonly fromApp: boolean;
  text: string;
  blocks: readonly Block[];
  attachments: readonly JsonObject[];
  metadata: JsonObject | null;
  readonly threadTs: string | null;
  readonly broadcast: boolean;
  readonly ephemeralTo: string | null;
  files: readonly string[];
  /** What people filled into its inputs and menus, by person. */
  readonly values: Map<string, Values>;
  /** Who reacted, by emoji name. */
  readonly reactions: Map<string, Set<string>>;
  /** Time of the last edit that Slack marks as one, in milliseconds: an edit of text without blocks. */
  editedAt: number | null;
  /** Every edit counts, also those that Slack does not mark. */
  edits: number;
}

/** What a new message is made of; everything left out is empty. */
export interface Draft {
  readonly user: string;
  readonly fromApp: boolean;
  readonly text?: string;
  readonly blocks?: readonly Block[];
  readonly attachments?: readonly JsonObject[];
  readonly metadata?: JsonObject | null;
  readonly threadTs?: string | null;
  readonly broadcast?: boolean;
  readonly files?: readonly string[];
}

/** Text of a message is cut here, without an error: https://docs.slack.dev/reference/methods/chat.postMessage (truncating content). */
const TEXT_KEPT_MAX = 40_000;

/** A time that no other message of the channel has, `1700000000.123456`. */
function nextStamp(channel: Channel, now: number): string {
  const micros = Math.max(Math.floor(now) * 1_000, channel.lastStamp + 1);
  channel.lastStamp = micros;
  return microsToStamp(micros);
}

export function microsToStamp(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
}

/** Ephemeral messages kept per channel; a real client forgets them when it reloads. */
const EPHEMERALS_MAX = 1_000;

export function postMessage(workspace: Workspace, channel: Channel, draft: Draft, now: number): Message {
  const message = newMessage(channel, draft, null, now);
  channel.messages.push(message);
  workspace.changes.add({ kind: "messagePosted", channel: channel.id, ts: message.ts, at: now });
  return message;
}

/** Shows a message to one person only. */
export function showEphemeral(
  workspace: Workspace,
  channel: Channel,
  draft: Draft & { readonly to: string },
  now: number,
): Message {
  const message = newMessage(channel, draft, draft.to, now);
  channel.ephemerals.push(message);
  if (channel.ephemerals.length > EPHEMERALS_MAX) channel.ephemerals.shift();
  workspace.changes.add({ kind: "ephemeralShown", channel: channel.id, ts: message.ts, seen: draft.to, at: now });
  return message;
}

function newMessage(channel: Channel, draft: Draft, ephemeralTo: string | null, now: number): Message {
  return {
    ts: nextStamp(channel, now),
    channel: channel.id,
    user: draft.user,
    fromApp: draft.fromApp,
    text: (draft.text ?? "").slice(0, TEXT_KEPT_MAX),
    blocks: draft.blocks ?? [],
    attachments: draft.attachments ?? [],
    metadata: draft.metadata ?? null,
    threadTs: draft.threadTs ?? null,
    broadcast: draft.broadcast ?? false,
    ephemeralTo,
    files: draft.files ?? [],
    values: new Map(),
    reactions: new Map(),
    editedAt: null,
    edits: 0,
  };
}

/** What an edit sets; what it leaves out stays. */
export interface Edit {
  readonly text?: string;
  readonly blocks?: readonly Block[];
  readonly attachments?: readonly JsonObject[];
  readonly metadata?: JsonObject | null;
}

export function editMessage(workspace: Workspace, message: Message, edit: Edit, now: number): void {
  Object.assign(message, edit, { edits: message.edits + 1 });
  // "If blocks are used and a message is being updated, the edited flag will not be displayed":
  // https://docs.slack.dev/reference/methods/chat.update
  if (edit.blocks === undefined || edit.blocks.length === 0) message.editedAt = now;
  noteMessage(workspace, message, "Updated", now);
}

export function deleteMessage(workspace: Workspace, message: Message, now: number): void {
  const channel = workspace.channels.get(message.channel);
  const held = message.ephemeralTo === null ? channel?.messages : channel?.ephemerals;
  held?.splice(held.indexOf(message), 1);
  noteMessage(workspace, message, "Deleted", now);
}

function noteMessage(workspace: Workspace, message: Message, what: "Updated" | "Deleted", now: number): void {
  const place = { channel: message.channel, ts: message.ts, at: now };
  if (message.ephemeralTo === null) workspace.changes.add({ kind: `message${what}`, ...place });
  else {
    const kind = what === "Updated" ? "ephemeralUpdated" : "ephemeralGone";
    workspace.changes.add({ kind, seen: message.ephemeralTo, ...place });
  }
}

/** A message of the channel by its stamp, ephemeral ones too when `viewer` sees them. */
export function findMessage(channel: Channel, ts: string, viewer?: string): Message | undefined {
  return (
    channel.messages.find((message) => message.ts === ts) ??
    channel.ephemerals.find((message) => message.ts === ts && message.ephemeralTo === viewer)
  );
}

/** The message as a form that this person may have filled in partly. */
export function messageAsForm(message: Message, user: string): Form {
  const values = startingValues(message.blocks, message.values.get(user));
  message.values.set(user, values);
  return { blocks: message.blocks, values };
}

/** The message as the Web API and payloads give it. */
export function messageToWire(
  workspace: Workspace,
  message: Message,
  options: { withMetadata?: boolean } = {},
): JsonObject {
  const { app, team } = workspace;
  const replies = repliesTo(workspace, message);
  return {
    type: "message",
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: workspace.people.get(message.user)?.teamId ?? team.id,
    ...(message.fromApp ? { bot_id: app.botId, app_id: app.id, bot_profile: botProfile(workspace) } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...(message.broadcast ? { subtype: "thread_broadcast" } : {}),
    ...(replies.length > 0 ? threadFacts(message, replies) : {}),
    ...(message.editedAt === null
      ? {}
      : { edited: { user: message.user, ts: microsToStamp(message.editedAt * 1_000) } }),
    ...(message.files.length > 0 ? { files: message.files.map((id) => ({ id })) } : {}),
    ...(message.reactions.size > 0 ? { reactions: reactionsToWire(message) } : {}),
    ...(options.withMetadata === true && message.metadata !== null ? { metadata: message.metadata } : {}),
  };
}

/** Replies in the thread of this message, oldest first. */
export function repliesTo(workspace: Workspace, root: Message): readonly Message[] {
  const channel = workspace.channels.get(root.channel);
  return (channel?.messages ?? []).filter((message) => message.threadTs === root.ts && message.ts !== root.ts);
}

function threadFacts(root: Message, replies: readonly Message[]): JsonObject {
  return {
    thread_ts: root.ts,
    reply_count: replies.length,
    reply_users: [...new Set(replies.map((reply) => reply.user))],
    reply_users_count: new Set(replies.map((reply) => reply.user)).size,
    latest_reply: replies.at(-1)?.ts,
  };
}

function reactionsToWire(message: Message): readonly JsonObject[] {
  return [...message.reactions].map(([name, users]) => ({ name, users: [...users], count: users.size }));
}

function botProfile({ app, team }: Workspace): JsonObject {
  return { id: app.botId, app_id: app.id, user_id: app.botUserId, name: app.name, team_id: team.id, deleted: false };
}
