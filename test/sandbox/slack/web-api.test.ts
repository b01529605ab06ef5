import { describe, expect, test } from "vitest";

import { METHODS } from "../../../src/sandbox/slack/methods/registry.ts";
import { callMethod } from "../../../src/sandbox/slack/web-api.ts";
import { calling, DEPLOYS, LEADS_ONLY, LENA, MEI, messagesOf, NOW, RANDOM, REQUESTS } from "./calling.ts";

const post = { channel: REQUESTS, text: "Hello" };

describe("who may call", () => {
  test("a call without a token is not authed, with a made-up one is refused", () => {
    const { error } = calling();
    expect(error("auth.test", {}, null)).toBe("not_authed");
    expect(error("auth.test", {}, "xoxb-of-somebody-else")).toBe("invalid_auth");
  });

  test("only the app-level token opens connections, and it opens nothing else", () => {
    const { error, workspace } = calling();
    expect(error("apps.connections.open")).toBe("not_allowed_token_type");
    expect(error("apps.connections.open", {}, workspace.app.appToken)).toBe("ok");
    expect(error("chat.postMessage", post, workspace.app.appToken)).toBe("not_allowed_token_type");
  });

  test("a revoked token is refused by every method, and works again when restored", () => {
    const { error, workspace } = calling();
    workspace.tokenRevoked = true;
    for (const method of Object.keys(METHODS).filter((name) => name !== "apps.connections.open")) {
      expect(error(method)).toBe("token_revoked");
    }
    expect(error("apps.connections.open", {}, workspace.app.appToken)).toBe("ok");
    workspace.tokenRevoked = false;
    expect(error("auth.test")).toBe("ok");
  });

  test("a method without its scope says what it needs and what the app has", () => {
    const { call } = calling({ scopes: ["commands"] });
    expect(call("chat.postMessage", post)).toEqual({
      ok: false,
      error: "missing_scope",
      needed: "chat:write",
      provided: "commands",
    });
  });

  test.each(Object.entries(METHODS).filter(([, method]) => method.scopes.length > 0))(
    "%s is refused without its scope",
    (name, method) => {
      const { error, workspace } = calling({ scopes: [] });
      const token = method.token === "app" ? workspace.app.appToken : workspace.app.botToken;
      expect(error(name, {}, token)).toBe(method.token === "app" ? "ok" : "missing_scope");
    },
  );

  test("reading a private conversation needs the scope for private ones", () => {
    const { error, workspace } = calling({ scopes: ["channels:read"] });
    workspace.channels.get(LEADS_ONLY)?.members.add(workspace.app.botUserId);
    expect(error("conversations.info", { channel: REQUESTS })).toBe("ok");
    expect(error("conversations.info", { channel: LEADS_ONLY })).toBe("missing_scope");
  });

  test("answers carry the granted scopes, as real answers do", () => {
    const { workspace } = calling({ scopes: ["chat:write"] });
    const request = { method: "chat.postMessage", token: workspace.app.botToken, arguments: post };
    expect(callMethod(workspace, request, NOW).headers).toEqual({
      "x-oauth-scopes": "chat:write",
      "x-accepted-oauth-scopes": "chat:write",
    });
  });

  test("a method that does not exist is unknown", () => {
    expect(calling().error("chat.postMesage", post)).toBe("unknown_method");
  });

  test("a missing argument is named with its pointer", () => {
    const answer = calling().call("chat.postMessage", { text: "x" });
    expect(answer).toMatchObject({ ok: false, error: "invalid_arguments" });
    expect(messagesOf(answer)).toEqual(["[ERROR] missing required field: channel [json-pointer:/channel]"]);
  });
});

describe("posting", () => {
  test("a message gets a stamp of its own, even in the same millisecond", () => {
    const { call } = calling();
    const given = Array.from({ length: 5 }, () => String(call("chat.postMessage", post)["ts"]));
    expect(new Set(given).size).toBe(5);
    for (const stamp of given) expect(stamp).toMatch(/^\d{10}\.\d{6}$/);
    expect(given.toSorted()).toEqual(given);
  });

  test("a channel the app is not in takes no message, a private one does not even exist", () => {
    const { error } = calling();
    expect(error("chat.postMessage", { ...post, channel: RANDOM })).toBe("not_in_channel");
    expect(error("chat.postMessage", { ...post, channel: LEADS_ONLY })).toBe("channel_not_found");
    expect(error("chat.postMessage", { ...post, channel: "C0NOSUCHONE" })).toBe("channel_not_found");
    expect(error("chat.postMessage", { ...post, channel: "#network-requests" })).toBe("ok");
  });

  test("chat:write.public opens public channels", () => {
    const { error } = calling({ scopes: ["chat:write", "chat:write.public"] });
    expect(error("chat.postMessage", { ...post, channel: RANDOM })).toBe("ok");
    expect(error("chat.postMessage", { ...post, channel: LEADS_ONLY })).toBe("channel_not_found");
  });

  test("a person's id is a direct message, a bot's is not", () => {
    const { call, error } = calling();
    expect(String(call("chat.postMessage", { ...post, channel: MEI })["channel"])).toMatch(/^D/);
    expect(call("chat.postMessage", { ...post, channel: MEI })["channel"]).toBe(
      call("chat.postMessage", { ...post, channel: MEI })["channel"],
    );
    expect(error("chat.postMessage", { ...post, channel: DEPLOYS })).toBe("cannot_dm_bot");
    expect(error("chat.postMessage", { ...post, channel: LENA })).toBe("user_disabled");
  });

  test("a message says something", () => {
    const { error } = calling();
    expect(error("chat.postMessage", { channel: REQUESTS })).toBe("no_text");
    expect(error("chat.postMessage", { channel: REQUESTS, text: "  " })).toBe("no_text");
    expect(error("chat.postMessage", { channel: REQUESTS, blocks: [{ type: "divider" }] })).toBe("ok");
  });

  test("an archived channel takes nothing", () => {
    const { error, workspace } = calling();
    Object.assign(workspace.channels.get(REQUESTS) ?? {}, { isArchived: true });
    expect(error("chat.postMessage", post)).toBe("is_archived");
  });

  test("blocks may come as JSON text, as forms carry them", () => {
    const { call } = calling();
    const answer = call("chat.postMessage", { ...post, blocks: JSON.stringify([{ type: "divider" }]) });
    expect(answer).toMatchObject({ ok: true, message: { blocks: [{ type: "divider" }] } });
  });

  test("blocks that are no list are refused as such", () => {
    const { error } = calling();
    expect(error("chat.postMessage", { ...post, blocks: "not json" })).toBe("invalid_blocks_format");
    expect(error("chat.postMessage", { ...post, blocks: { type: "divider" } })).toBe("invalid_blocks_format");
    expect(error("chat.postMessage", { ...post, blocks: ["divider"] })).toBe("invalid_blocks_format");
  });

  test("text over 40,000 characters is cut without a word", () => {
    const { call } = calling();
    const { message } = call("chat.postMessage", { ...post, text: "x".repeat(40_001) }) as {
      message?: { text: string };
    };
    expect(message?.text.length).toBe(40_000);
  });

  test("more than 100 attachments and more text in blocks than a message takes are refused", () => {
    const { error } = calling();
    const attachments = Array.from({ length: 101 }, () => ({ text: "x" }));
    expect(error("chat.postMessage", { ...post, attachments })).toBe("too_many_attachments");
    const long = { type: "section", text: { type: "mrkdwn", text: "x".repeat(2_900) } };
    expect(error("chat.postMessage", { ...post, blocks: Array.from({ length: 4 }, () => long) })).toBe("ok");
    expect(error("chat.postMessage", { ...post, blocks: Array.from({ length: 5 }, () => long) })).toBe(
      "msg_blocks_too_long",
    );
  });

  test("markdown text stands alone and has its own limit", () => {
    const { error } = calling();
    expect(error("chat.postMessage", { channel: REQUESTS, markdown_text: "**hi**" })).toBe("ok");
    expect(error("chat.postMessage", { ...post, markdown_text: "**hi**" })).toBe("markdown_text_conflict");
    expect(error("chat.postMessage", { channel: REQUESTS, markdown_text: "x".repeat(12_001) })).toBe("msg_too_long");
  });

  test("metadata has a type and a payload", () => {
    const { error, call } = calling();
    expect(error("chat.postMessage", { ...post, metadata: { peering: "P-1" } })).toBe("invalid_metadata_format");
    const metadata = { event_type: "peering", event_payload: { id: "P-1" } };
    expect(call("chat.postMessage", { ...post, metadata })).toMatchObject({ ok: true, message: { metadata } });
  });

  test("a reply goes to the thread of its root, also when it answers a reply", () => {
    const { call, error } = calling();
    const root = call("chat.postMessage", post)["ts"];
    const reply = call("chat.postMessage", { ...post, thread_ts: root })["ts"];
    expect(call("chat.postMessage", { ...post, thread_ts: reply })).toMatchObject({ message: { thread_ts: root } });
    expect(error("chat.postMessage", { ...post, thread_ts: "1.000001" })).toBe("thread_not_found");
  });

  test("the link to a reply names its thread", () => {
    const { call, error } = calling();
    const root = call("chat.postMessage", post)["ts"];
    const reply = call("chat.postMessage", { ...post, thread_ts: root })["ts"];
    const link = call("chat.getPermalink", { channel: REQUESTS, message_ts: reply })["permalink"];
    expect(link).toMatch(/\/archives\/C0NETWORKS\/p\d{16}\?thread_ts=\d{10}\.\d{6}&cid=C0NETWORKS$/);
    expect(error("chat.getPermalink", { channel: REQUESTS, message_ts: "1.000001" })).toBe("message_not_found");
  });
});

describe("editing", () => {
  const blocks = [{ type: "section", text: { type: "mrkdwn", text: "Waiting" } }];

  test("text without blocks removes the blocks and marks the message as edited", () => {
    const { call } = calling();
    const { ts } = call("chat.postMessage", { ...post, blocks });
    const answer = call("chat.update", { channel: REQUESTS, ts, text: "Done" });
    expect(answer).toMatchObject({ ok: true, text: "Done", message: { text: "Done", edited: {} } });
    expect(answer["message"]).not.toHaveProperty("blocks");
  });

  test("blocks without text keep the text, and the edit is not marked", () => {
    const { call } = calling();
    const { ts } = call("chat.postMessage", { ...post, blocks });
    const answer = call("chat.update", { channel: REQUESTS, ts, blocks: [{ type: "divider" }] });
    expect(answer).toMatchObject({ message: { text: "Hello", blocks: [{ type: "divider" }] } });
    expect(answer["message"]).not.toHaveProperty("edited");
  });

  test("metadata stays unless it is named", () => {
    const { call } = calling();
    const metadata = { event_type: "peering", event_payload: { id: "P-1" } };
    const { ts } = call("chat.postMessage", { ...post, metadata });
    expect(call("chat.update", { channel: REQUESTS, ts, text: "a" })).toMatchObject({ message: { metadata } });
    expect(call("chat.update", { channel: REQUESTS, ts, text: "a", metadata: {} })["message"]).not.toHaveProperty(
      "metadata",
    );
  });

  test("4,000 characters of text are taken, one more is too long", () => {
    const { call, error } = calling();
    const { ts } = call("chat.postMessage", post);
    expect(error("chat.update", { channel: REQUESTS, ts, text: "x".repeat(4_000) })).toBe("ok");
    expect(error("chat.update", { channel: REQUESTS, ts, text: "x".repeat(4_001) })).toBe("msg_too_long");
    expect(error("chat.update", { channel: REQUESTS, ts, text: "é".repeat(4_000) })).toBe("ok");
  });

  test("with the other answer to an open question the 4,000 are bytes", () => {
    const { call, error } = calling({ dials: { updateTextCountedIn: "bytes" } });
    const { ts } = call("chat.postMessage", post);
    expect(error("chat.update", { channel: REQUESTS, ts, text: "é".repeat(2_000) })).toBe("ok");
    expect(error("chat.update", { channel: REQUESTS, ts, text: "é".repeat(2_001) })).toBe("msg_too_long");
  });

  test("only the app's own messages can be edited or deleted, and only once", () => {
    const { call, error, workspace } = calling();
    const { ts } = call("chat.postMessage", post);
    const message = workspace.channels.get(REQUESTS)?.messages[0];
    workspace.channels.get(REQUESTS)?.messages.push({ ...message!, ts: "1.000001", fromApp: false });
    expect(error("chat.update", { channel: REQUESTS, ts: "1.000001", text: "a" })).toBe("cant_update_message");
    expect(error("chat.delete", { channel: REQUESTS, ts: "1.000001" })).toBe("cant_delete_message");
    expect(error("chat.delete", { channel: REQUESTS, ts })).toBe("ok");
    expect(error("chat.delete", { channel: REQUESTS, ts })).toBe("message_not_found");
    expect(error("chat.update", { channel: REQUESTS, ts, text: "a" })).toBe("message_not_found");
  });

  test("an ephemeral message cannot be edited with chat.update", () => {
    const { call, error } = calling();
    const { message_ts } = call("chat.postEphemeral", { ...post, user: MEI });
    expect(error("chat.update", { channel: REQUESTS, ts: message_ts, text: "a" })).toBe("message_not_found");
  });

  test("an ephemeral message needs its reader in the channel", () => {
    const { error } = calling();
    expect(error("chat.postEphemeral", { ...post, user: MEI })).toBe("ok");
    expect(error("chat.postEphemeral", { ...post, user: LENA })).toBe("user_not_in_channel");
    expect(error("chat.postEphemeral", { ...post, user: "U0NOBODY00" })).toBe("user_not_in_channel");
  });

  test("a reaction counts once", () => {
    const { call, error } = calling();
    const { ts } = call("chat.postMessage", post);
    const reaction = { channel: REQUESTS, timestamp: ts, name: "white_check_mark" };
    expect(error("reactions.add", reaction)).toBe("ok");
    expect(error("reactions.add", reaction)).toBe("already_reacted");
    expect(error("reactions.add", { ...reaction, timestamp: "1.000001" })).toBe("message_not_found");
  });
});

describe("people, groups and conversations", () => {
  test("the bot finds itself and its app", () => {
    const { call, workspace, error } = calling();
    const { botId, botUserId, id } = workspace.app;
    expect(call("auth.test")).toMatchObject({ bot_id: botId, user_id: botUserId, team_id: workspace.team.id });
    expect(call("bots.info", { bot: botId })).toMatchObject({ bot: { app_id: id, user_id: botUserId } });
    expect(error("bots.info", { bot: "B0NOSUCHBOT" })).toBe("bot_not_found");
  });

  test("addresses are shown only with the scope for them", () => {
    const withEmail = calling();
    expect(withEmail.call("users.info", { user: MEI })).toMatchObject({
      user: { profile: { email: "mei.lin@harbour.example" }, tz_offset: 28_800 },
    });
    expect(withEmail.call("users.lookupByEmail", { email: "Mei.Lin@harbour.example" })).toMatchObject({
      user: { id: MEI },
    });
    expect(withEmail.error("users.lookupByEmail", { email: "nobody@harbour.example" })).toBe("users_not_found");
    const without = calling({ scopes: ["users:read"] });
    expect(without.call("users.info", { user: MEI })["user"]).not.toHaveProperty("profile.email");
  });

  test("guests, strangers, bots and people who left can be told apart", () => {
    const { call } = calling();
    const user = (id: string): unknown => call("users.info", { user: id })["user"];
    expect(user("U0PRIYA001")).toMatchObject({ is_restricted: true, is_ultra_restricted: true, is_bot: false });
    expect(user("U0KENJI001")).toMatchObject({ is_stranger: true, team_id: "T0NORTHWND" });
    expect(user(DEPLOYS)).toMatchObject({ is_bot: true });
    expect(user(LENA)).toMatchObject({ deleted: true });
    expect(user(MEI)).toMatchObject({ is_restricted: false, is_bot: false, deleted: false, team_id: "T0HARBOUR1" });
    expect(calling().error("users.info", { user: "U0NOBODY00" })).toBe("user_not_found");
  });

  test("lists come in pages", () => {
    const { call } = calling();
    const seen: unknown[] = [];
    let cursor = "";
    do {
      const answer = call("users.list", { limit: 4, cursor });
      const { members, response_metadata } = answer as unknown as {
        members: readonly { id: string }[];
        response_metadata: { next_cursor: string };
      };
      expect(members.length).toBeLessThanOrEqual(4);
      seen.push(...members.map(({ id }) => id));
      cursor = response_metadata.next_cursor;
    } while (cursor !== "");
    expect(seen).toEqual([...calling().workspace.people.keys()]);
  });

  test("a user group lists its members, an unknown one does not exist", () => {
    const { call, error } = calling();
    expect(call("usergroups.users.list", { usergroup: "S0NETLEADS" })["users"]).toEqual(["U0ARJUN001", "U0SOFIA001"]);
    expect(error("usergroups.users.list", { usergroup: "S0NOSUCHONE" })).toBe("no_such_subteam");
    expect(call("usergroups.list")).toMatchObject({ usergroups: [{ handle: "network-leads", user_count: 2 }, {}] });
    expect(call("usergroups.list", { include_users: "true" })).toMatchObject({
      usergroups: [{ users: ["U0ARJUN001", "U0SOFIA001"] }, { users: ["U0HANA0001"] }],
    });
  });

  test("a channel says whether the app is in it and whether others share it", () => {
    const { call } = calling();
    expect(call("conversations.info", { channel: REQUESTS })).toMatchObject({
      channel: { name: "network-requests", is_member: true, is_ext_shared: false, is_private: false },
    });
    expect(call("conversations.info", { channel: RANDOM })).toMatchObject({ channel: { is_member: false } });
    expect(call("conversations.info", { channel: "C0PARTNERS" })).toMatchObject({ channel: { is_ext_shared: true } });
    expect(calling().error("conversations.info", { channel: LEADS_ONLY })).toBe("channel_not_found");
  });

  test("a list of conversations holds what the app may know of", () => {
    const { call, error } = calling();
    const names = (types?: string): readonly string[] =>
      (call("conversations.list", types === undefined ? {} : { types })["channels"] as readonly { name: string }[]).map(
        ({ name }) => name,
      );
    expect(names()).toEqual(["network-requests", "random", "northwind-project"]);
    expect(names("public_channel,private_channel")).not.toContain("network-leads-only");
    expect(error("conversations.list", { types: "secret_channel" })).toBe("invalid_types");
    expect(error("conversations.list", { types: "im,mpim" })).toBe("ok");
  });

  test("members of a channel include the app when it is one", () => {
    const { call } = calling();
    expect(call("conversations.members", { channel: REQUESTS })["members"]).toContain("U0PEERVPCS");
    expect(call("conversations.members", { channel: RANDOM })["members"]).not.toContain("U0PEERVPCS");
  });

  test("a direct message is opened once and stays the same", () => {
    const { call, error } = calling();
    const { channel } = call("conversations.open", { users: MEI }) as { channel?: { id: string } };
    expect(channel?.id).toMatch(/^D/);
    expect(call("conversations.open", { users: MEI })["channel"]).toEqual(channel);
    expect(call("conversations.open", { users: MEI, return_im: true })).toMatchObject({
      channel: { user: MEI, is_im: true },
    });
    expect(call("conversations.open", { channel: channel?.id })).toMatchObject({ channel });
    expect(error("conversations.open", { users: LENA })).toBe("user_disabled");
    expect(error("conversations.open", { users: DEPLOYS })).toBe("cannot_dm_bot");
    expect(error("conversations.open", { users: "U0NOBODY00" })).toBe("user_not_found");
    expect(error("conversations.open", {})).toBe("users_list_not_supplied");
  });

  test("history needs its own scope and membership, and gives newest first", () => {
    const without = calling();
    expect(without.error("conversations.history", { channel: REQUESTS })).toBe("missing_scope");
    const { call, error } = calling({ scopes: ["channels:history", "chat:write"] });
    const first = call("chat.postMessage", post)["ts"];
    const second = call("chat.postMessage", post)["ts"];
    const reply = call("chat.postMessage", { ...post, thread_ts: first })["ts"];
    expect(stamps(call("conversations.history", { channel: REQUESTS }))).toEqual([second, first]);
    expect(stamps(call("conversations.history", { channel: REQUESTS, oldest: first }))).toEqual([second]);
    expect(stamps(call("conversations.replies", { channel: REQUESTS, ts: first }))).toEqual([first, reply]);
    expect(error("conversations.replies", { channel: REQUESTS, ts: "1.000001" })).toBe("thread_not_found");
    expect(error("conversations.history", { channel: RANDOM })).toBe("not_in_channel");
  });

  test("metadata comes with history only when asked for", () => {
    const { call } = calling({ scopes: ["channels:history", "chat:write"] });
    const metadata = { event_type: "peering", event_payload: { id: "P-1" } };
    call("chat.postMessage", { ...post, metadata });
    const message = (args: object): unknown =>
      (call("conversations.history", { channel: REQUESTS, ...args })["messages"] as readonly unknown[])[0];
    expect(message({})).not.toHaveProperty("metadata");
    expect(message({ include_all_metadata: true })).toMatchObject({ metadata });
  });
});

function stamps(answer: unknown): readonly unknown[] {
  return (answer as { messages: readonly { ts: string }[] }).messages.map(({ ts }) => ts);
}
