import { z } from "zod";

import { refuse } from "../answers.ts";
import { readContent, saysNothing } from "../content.ts";
import { findConversation, findPlaceToPost } from "../conversations.ts";
import { lengthOf } from "../json.ts";
import { deleteMessage, editMessage, findMessage, messageToWire, postMessage, showEphemeral } from "../messages.ts";
import type { Workspace } from "../workspace.ts";
import { method, structure, words, yesNo } from "./method.ts";

/** https://docs.slack.dev/reference/methods/chat.update (`msg_too_long`) */
const UPDATE_TEXT_MAX = 4_000;

const said = {
  text: words.optional(),
  markdown_text: words.optional(),
  blocks: structure.optional(),
  attachments: structure.optional(),
};

const target = { channel: words, ts: words };

export const chatMethods = {
  "chat.postMessage": method({
    scopes: ["chat:write"],
    tier: "special",
    arguments: z.object({
      channel: words,
      thread_ts: words.optional(),
      reply_broadcast: yesNo.optional(),
      metadata: structure.optional(),
      ...said,
    }),
    handle: ({ workspace, args, now }) => {
      const place = findPlaceToPost(workspace, args.channel);
      if (!place.ok) return place;
      const read = readContent(workspace, args, now);
      if (!read.ok) return read;
      if (saysNothing(read.content)) return refuse("no_text");
      const { channel } = place;
      const root = args.thread_ts === undefined ? undefined : findMessage(channel, args.thread_ts);
      if (args.thread_ts !== undefined && root === undefined) return refuse("thread_not_found");
      const message = postMessage(
        workspace,
        channel,
        {
          ...read.content,
          ...byApp(workspace),
          // A reply to a reply lands in the thread of its root.
          threadTs: root === undefined ? null : (root.threadTs ?? root.ts),
          broadcast: args.reply_broadcast === true,
        },
        now,
      );
      const wire = messageToWire(workspace, message, { withMetadata: true });
      return { ok: true, channel: channel.id, ts: message.ts, message: wire };
    },
  }),

  "chat.update": method({
    scopes: ["chat:write"],
    tier: 3,
    arguments: z.object({ ...target, metadata: structure.optional(), ...said }),
    handle: ({ workspace, args, now }) => {
      const found = findConversation(workspace, args.channel);
      if (!found.ok) return found;
      const message = found.channel.messages.find((one) => one.ts === args.ts);
      if (message === undefined) return refuse("message_not_found");
      if (!message.fromApp) return refuse("cant_update_message");
      if (isTooLong(workspace, args.text ?? "")) return refuse("msg_too_long");
      const read = readContent(workspace, args, now);
      if (!read.ok) return read;
      const { content } = read;
      if (saysNothing(content)) return refuse("no_text");
      // "If the text argument is provided and blocks are not provided, the blocks will be removed."
      const blocks = content.blocks ?? (content.text === undefined ? message.blocks : []);
      editMessage(workspace, message, { ...content, blocks }, now);
      const wire = messageToWire(workspace, message, { withMetadata: true });
      return { ok: true, channel: found.channel.id, ts: message.ts, text: message.text, message: wire };
    },
  }),

  "chat.delete": method({
    scopes: ["chat:write"],
    tier: 3,
    arguments: z.object(target),
    handle: ({ workspace, args, now }) => {
      const found = findConversation(workspace, args.channel);
      if (!found.ok) return found;
      const message = found.channel.messages.find((one) => one.ts === args.ts);
      if (message === undefined) return refuse("message_not_found");
      if (!message.fromApp) return refuse("cant_delete_message");
      deleteMessage(workspace, message, now);
      return { ok: true, channel: found.channel.id, ts: message.ts };
    },
  }),

  "chat.postEphemeral": method({
    scopes: ["chat:write"],
    tier: 4,
    arguments: z.object({ channel: words, user: words, thread_ts: words.optional(), ...said }),
    handle: ({ workspace, args, now }) => {
      const place = findPlaceToPost(workspace, args.channel);
      if (!place.ok) return place;
      const person = workspace.people.get(args.user);
      if (person === undefined || person.deleted || !place.channel.members.has(person.id)) {
        return refuse("user_not_in_channel");
      }
      const read = readContent(workspace, args, now);
      if (!read.ok) return read;
      if (saysNothing(read.content)) return refuse("no_text");
      const draft = { ...read.content, ...byApp(workspace), threadTs: args.thread_ts ?? null, to: person.id };
      const message = showEphemeral(workspace, place.channel, draft, now);
      return { ok: true, message_ts: message.ts };
    },
  }),

  "chat.getPermalink": method({
    scopes: [],
    tier: "special",
    arguments: z.object({ channel: words, message_ts: words }),
    handle: ({ workspace, args }) => {
      const found = findConversation(workspace, args.channel);
      if (!found.ok) return found;
      const message = found.channel.messages.find((one) => one.ts === args.message_ts);
      if (message === undefined) return refuse("message_not_found");
      const thread = message.threadTs === null ? "" : `?thread_ts=${message.threadTs}&cid=${found.channel.id}`;
      const path = `/archives/${found.channel.id}/p${message.ts.replace(".", "")}${thread}`;
      return { ok: true, channel: found.channel.id, permalink: workspace.baseUrl + path };
    },
  }),
};

function byApp({ app }: Workspace): { readonly user: string; readonly fromApp: true } {
  return { user: app.botUserId, fromApp: true };
}

function isTooLong(workspace: Workspace, text: string): boolean {
  const inBytes = workspace.dials.updateTextCountedIn === "bytes";
  return (inBytes ? Buffer.byteLength(text) : lengthOf(text)) > UPDATE_TEXT_MAX;
}
