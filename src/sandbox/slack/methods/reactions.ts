import { z } from "zod";

import { refuse } from "../answers.ts";
import { findConversation, isAppMember } from "../conversations.ts";
import { method, words } from "./method.ts";

export const reactionsMethods = {
  "reactions.add": method({
    scopes: ["reactions:write"],
    tier: 3,
    arguments: z.object({ channel: words, timestamp: words, name: words }),
    handle: ({ workspace, args, now }) => {
      const found = findConversation(workspace, args.channel);
      if (!found.ok) return found;
      if (!isAppMember(workspace, found.channel)) return refuse("not_in_channel");
      const message = found.channel.messages.find((one) => one.ts === args.timestamp);
      if (message === undefined) return refuse("message_not_found");
      const by = message.reactions.get(args.name) ?? new Set();
      if (by.has(workspace.app.botUserId)) return refuse("already_reacted");
      message.reactions.set(args.name, by.add(workspace.app.botUserId));
      const at = { channel: found.channel.id, ts: message.ts, emoji: args.name, at: now };
      workspace.changes.add({ kind: "reactionAdded", ...at });
      return { ok: true };
    },
  }),
};
