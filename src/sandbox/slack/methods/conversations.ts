import { z } from "zod";

import { refuse, type ApiAnswer } from "../answers.ts";
import { findConversation, isAppMember, isKnownToApp, lacksScope } from "../conversations.ts";
import { messageToWire, repliesTo, type Message } from "../messages.ts";
import { channelToWire } from "../profiles.ts";
import { directMessage, type Workspace } from "../workspace.ts";
import { cursorPage, method, page, words, yesNo } from "./method.ts";

const READ = ["channels:read", "groups:read", "im:read", "mpim:read"];
const HISTORY = ["channels:history", "groups:history", "im:history", "mpim:history"];
const KINDS = { public_channel: "public", private_channel: "private", im: "im" } as const;

const span = {
  ...cursorPage,
  oldest: words.optional(),
  latest: words.optional(),
  include_all_metadata: yesNo.optional(),
};

export const conversationsMethods = {
  "conversations.info": method({
    scopes: READ,
    tier: 3,
    arguments: z.object({ channel: words }),
    handle: ({ workspace, args }) => {
      const found = findConversation(workspace, args.channel);
      if (!found.ok) return found;
      const refusal = lacksScope(workspace, found.channel.kind, "read");
      return refusal ?? { ok: true, channel: channelToWire(workspace, found.channel) };
    },
  }),

  "conversations.open": method({
    scopes: ["im:write", "mpim:write", "channels:manage", "groups:write"],
    tier: 3,
    arguments: z.object({ users: words.optional(), channel: words.optional(), return_im: yesNo.optional() }),
    handle: ({ workspace, args }) => {
      const ids = args.users?.split(",") ?? [];
      if (args.channel !== undefined) {
        const found = findConversation(workspace, args.channel);
        return found.ok ? { ok: true, channel: { id: found.channel.id } } : found;
      }
      if (ids.length === 0) return refuse("users_list_not_supplied");
      // Messages among several people are not simulated.
      if (ids.length > 1) return refuse("method_not_supported_for_channel_type");
      const person = workspace.people.get(ids[0] ?? "");
      if (person === undefined) return refuse("user_not_found");
      if (person.deleted) return refuse("user_disabled");
      if (person.kind === "bot") return refuse("cannot_dm_bot");
      const channel = directMessage(workspace, person.id);
      const whole = args.return_im === true ? channelToWire(workspace, channel) : { id: channel.id };
      return { ok: true, channel: whole };
    },
  }),

  "conversations.members": method({
    scopes: READ,
    tier: 4,
    arguments: z.object({ channel: words, ...cursorPage }),
    handle: ({ workspace, args }) => {
      const found = findConversation(workspace, args.channel);
      if (!found.ok) return found;
      const refusal = lacksScope(workspace, found.channel.kind, "read");
      if (refusal !== null) return refusal;
      const { items, response_metadata } = page([...found.channel.members], args);
      return { ok: true, members: items, response_metadata };
    },
  }),

  "conversations.list": method({
    scopes: READ,
    tier: 2,
    arguments: z.object({ types: words.optional(), exclude_archived: yesNo.optional(), ...cursorPage }),
    handle: ({ workspace, args }) => {
      const kinds = kindsIn(args.types ?? "public_channel");
      if (kinds === null) return refuse("invalid_types");
      const refusal = kinds.map((kind) => lacksScope(workspace, kind, "read")).find((one) => one !== null);
      if (refusal !== undefined) return refusal;
      const channels = [...workspace.channels.values()].filter(
        (channel) =>
          kinds.includes(channel.kind) &&
          isKnownToApp(workspace, channel) &&
          !(args.exclude_archived === true && channel.isArchived),
      );
      const { items, response_metadata } = page(channels, args);
      return { ok: true, channels: items.map((channel) => channelToWire(workspace, channel)), response_metadata };
    },
  }),

  "conversations.history": method({
    scopes: HISTORY,
    tier: 3,
    arguments: z.object({ channel: words, ...span }),
    handle: ({ workspace, args }) => {
      const found = findConversation(workspace, args.channel);
      if (!found.ok) return found;
      if (!isAppMember(workspace, found.channel)) return refuse("not_in_channel");
      const refusal = lacksScope(workspace, found.channel.kind, "history");
      if (refusal !== null) return refusal;
      const roots = found.channel.messages.filter((message) => message.threadTs === null || message.broadcast);
      return listed(workspace, roots.toReversed(), args);
    },
  }),

  "conversations.replies": method({
    scopes: HISTORY,
    tier: 3,
    arguments: z.object({ channel: words, ts: words, ...span }),
    handle: ({ workspace, args }) => {
      const found = findConversation(workspace, args.channel);
      if (!found.ok) return found;
      if (!isAppMember(workspace, found.channel)) return refuse("not_in_channel");
      const refusal = lacksScope(workspace, found.channel.kind, "history");
      if (refusal !== null) return refusal;
      const root = found.channel.messages.find((message) => message.ts === args.ts);
      if (root === undefined) return refuse("thread_not_found");
      return listed(workspace, [root, ...repliesTo(workspace, root)], args);
    },
  }),
};

type Span = z.infer<z.ZodObject<typeof span>>;

function listed(workspace: Workspace, messages: readonly Message[], args: Span): ApiAnswer {
  const within = messages.filter(
    ({ ts }) => (args.oldest === undefined || ts > args.oldest) && (args.latest === undefined || ts < args.latest),
  );
  const { items, response_metadata } = page(within, args);
  const options = { withMetadata: args.include_all_metadata === true };
  const wire = items.map((message) => messageToWire(workspace, message, options));
  return { ok: true, messages: wire, has_more: response_metadata["next_cursor"] !== "", response_metadata };
}

function kindsIn(types: string): readonly ("public" | "private" | "im")[] | null {
  const known = new Map(Object.entries(KINDS));
  const kinds = types.split(",").map((type) => known.get(type.trim()));
  // Group messages exist in Slack, and never here.
  const simulated = types.split(",").filter((type) => type.trim() !== "mpim");
  return kinds.filter((kind) => kind !== undefined).length === simulated.length
    ? kinds.filter((kind) => kind !== undefined)
    : null;
}
