import { beforeEach, expect, test } from "vitest";

import { findMessage } from "../../../src/sandbox/slack/messages.ts";
import { newResponseUrl, RESPONSE_URL_TTL_MS } from "../../../src/sandbox/slack/response-urls.ts";
import { respond, type Responded } from "../../../src/sandbox/slack/respond.ts";
import type { Channel } from "../../../src/sandbox/slack/workspace.ts";
import { calling, MEI, RANDOM, REQUESTS, type Calling } from "./calling.ts";

let on: Calling;
let channel: Channel;

beforeEach(() => {
  on = calling();
  channel = on.workspace.channels.get(REQUESTS) as Channel;
});

function urlFor(message: string | null = null, where = REQUESTS): string {
  const about = { kind: "actions", user: MEI, channel: where, message } as const;
  return newResponseUrl(on.workspace, about, on.now).slice(on.workspace.baseUrl.length);
}

function post(path: string, body: unknown): Responded {
  return respond(on.workspace, path, body, on.now);
}

test("an answer is for the one person unless it says in_channel", () => {
  const path = urlFor();
  expect(post(path, { text: "only you" })).toEqual({ status: 200, body: "ok" });
  expect(post(path, { text: "everyone", response_type: "in_channel" })).toEqual({ status: 200, body: "ok" });
  expect(channel.ephemerals).toMatchObject([{ text: "only you", ephemeralTo: MEI }]);
  expect(channel.messages).toMatchObject([{ text: "everyone", fromApp: true }]);
});

test("it works where the app is no member", () => {
  expect(post(urlFor(null, RANDOM), { text: "hi", response_type: "in_channel" }).status).toBe(200);
});

test("it works five times", () => {
  const path = urlFor();
  for (let use = 0; use < 5; use += 1) expect(post(path, { text: "hi" }).status).toBe(200);
  expect(post(path, { text: "hi" })).toEqual({ status: 404, body: { ok: false, error: "used_url" } });
});

test("it works for half an hour", () => {
  const path = urlFor();
  on.now += RESPONSE_URL_TTL_MS - 1;
  expect(post(path, { text: "hi" }).status).toBe(200);
  on.now += 1;
  expect(post(path, { text: "hi" })).toEqual({ status: 404, body: { ok: false, error: "expired_url" } });
});

test("a guessed address is refused", () => {
  expect(post("/actions/T0HARBOUR1/1/guess", { text: "hi" }).status).toBe(404);
});

test("the message acted on is replaced only when told so", () => {
  const { ts } = on.call("chat.postMessage", { channel: REQUESTS, text: "before" });
  const path = urlFor(String(ts));
  post(path, { text: "beside" });
  expect(findMessage(channel, String(ts))?.text).toBe("before");
  post(path, { text: "after", replace_original: true });
  expect(findMessage(channel, String(ts))).toMatchObject({ text: "after", edits: 1 });
});

test("an ephemeral message can be replaced and deleted this way, and no other", () => {
  const { message_ts } = on.call("chat.postEphemeral", { channel: REQUESTS, user: MEI, text: "before" });
  const path = urlFor(String(message_ts));
  post(path, { text: "after", replace_original: true });
  expect(channel.ephemerals).toMatchObject([{ text: "after" }]);
  post(path, { delete_original: true });
  expect(channel.ephemerals).toEqual([]);
  expect(post(path, { delete_original: true }).status).toBe(400);
});

test("an answer can go to a thread", () => {
  const { ts } = on.call("chat.postMessage", { channel: REQUESTS, text: "root" });
  post(urlFor(), { text: "reply", thread_ts: ts, response_type: "in_channel" });
  expect(channel.messages).toMatchObject([{ text: "root" }, { text: "reply", threadTs: ts }]);
});

test("blocks are checked here too, and a refused answer costs no use", () => {
  const path = urlFor();
  for (let use = 0; use < 9; use += 1) expect(post(path, { blocks: [{ type: "nope" }] }).status).toBe(400);
  expect(post(path, {})).toEqual({ status: 400, body: { ok: false, error: "no_text" } });
  expect(post(path, "not json").status).toBe(400);
  expect(post(path, { text: "hi" }).status).toBe(200);
});
