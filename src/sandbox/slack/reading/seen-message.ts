import type { Block } from "../block-kit/shape.ts";
import type { JsonObject } from "../json.ts";
import { repliesTo, type Message } from "../messages.ts";
import type { Workspace } from "../workspace.ts";

/** A message as a person sees it in a channel. */
export interface SeenMessage {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
  /** Who wrote it. */
  readonly user: { readonly id: string; readonly name: string; readonly isApp: boolean };
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly attachments: readonly JsonObject[];
  readonly files: readonly {
    readonly id: string;
    readonly name: string;
    readonly title: string;
    readonly bytes: number;
  }[];
  readonly reactions: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly isEphemeral: boolean;
  /** True when Slack shows "(edited)": after an edit of text without blocks. */
  readonly isEdited: boolean;
  /** All edits, seen or not. */
  readonly edits: number;
  readonly metadata: JsonObject | null;
  /** The thread under it, oldest first; empty for replies. */
  readonly replies: readonly SeenMessage[];
}

export function seenMessage(workspace: Workspace, message: Message): SeenMessage {
  const author = workspace.people.get(message.user);
  const { channel, ts, threadTs, text, blocks, attachments, edits, metadata } = message;
  return {
    channel,
    ts,
    threadTs,
    user: { id: message.user, name: author?.realName ?? message.user, isApp: message.fromApp },
    text,
    blocks,
    attachments,
    files: message.files.flatMap((id) => {
      const file = workspace.files.get(id);
      return file === undefined ? [] : [{ id, name: file.name, title: file.title, bytes: file.content?.length ?? 0 }];
    }),
    reactions: [...message.reactions].map(([name, users]) => ({ name, users: [...users] })),
    isEphemeral: message.ephemeralTo !== null,
    isEdited: message.editedAt !== null,
    edits,
    metadata,
    replies: repliesTo(workspace, message).map((reply) => seenMessage(workspace, reply)),
  };
}
