import { expect, test } from "vitest";

import { METHODS } from "../../../src/sandbox/slack/methods/registry.ts";
import { CALLS_PER_MINUTE, POSTS_PER_CHANNEL_BURST } from "../../../src/sandbox/slack/rate-limits.ts";
import { callMethod, type ApiReply } from "../../../src/sandbox/slack/web-api.ts";
import { createSlackWorkspace, SCOPES_DEFAULT, type Workspace } from "../../../src/sandbox/slack/workspace.ts";
import { MEI, NOW, REQUESTS } from "./calling.ts";

function call(workspace: Workspace, method: string, now: number, args: object = {}): ApiReply {
  const token = method === "apps.connections.open" ? workspace.app.appToken : workspace.app.botToken;
  return callMethod(workspace, { method, token, arguments: { ...args } }, now);
}

test.each(Object.entries(METHODS).filter(([name]) => name !== "chat.postMessage"))(
  "%s takes its tier of calls a minute, then says 429 and when to come back",
  (name, { tier }) => {
    const workspace = createSlackWorkspace({ scopes: [...SCOPES_DEFAULT, "channels:history"] });
    const most = CALLS_PER_MINUTE[tier];
    for (let index = 0; index < most; index += 1) expect(call(workspace, name, NOW + index).status).toBe(200);
    const over = call(workspace, name, NOW + 10_000);
    expect(over).toEqual({ status: 429, headers: { "retry-after": "50" }, body: "ratelimited" });
    expect(call(workspace, name, NOW + 59_999).status).toBe(429);
    expect(call(workspace, name, NOW + 60_000).status).toBe(200);
  },
);

test("a channel takes a short burst of messages, then one a second", () => {
  const workspace = createSlackWorkspace();
  const post = (now: number, channel = REQUESTS): ApiReply =>
    call(workspace, "chat.postMessage", now, { channel, text: "x" });
  for (let index = 0; index < POSTS_PER_CHANNEL_BURST; index += 1) expect(post(NOW).status).toBe(200);
  expect(post(NOW)).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  expect(post(NOW, MEI).status).toBe(200);
  expect(post(NOW + 999).status).toBe(429);
  expect(post(NOW + 1_000).status).toBe(200);
  expect(post(NOW + 1_001).status).toBe(429);
  expect(post(NOW + 2_000).status).toBe(200);
  for (let index = 0; index < POSTS_PER_CHANNEL_BURST; index += 1) expect(post(NOW + 30_000).status).toBe(200);
  expect(post(NOW + 30_000).status).toBe(429);
});

test("limits of one method do not touch another", () => {
  const workspace = createSlackWorkspace();
  for (let index = 0; index < 20; index += 1) call(workspace, "users.list", NOW);
  expect(call(workspace, "users.list", NOW).status).toBe(429);
  expect(call(workspace, "users.info", NOW, { user: MEI }).status).toBe(200);
});

test("a call over the limit is not carried out", () => {
  const workspace = createSlackWorkspace();
  for (let index = 0; index < 10; index += 1) {
    call(workspace, "chat.postMessage", NOW, { channel: REQUESTS, text: "x" });
  }
  expect(workspace.channels.get(REQUESTS)?.messages.length).toBe(POSTS_PER_CHANNEL_BURST);
});

test("with limits off nothing is too much", () => {
  const workspace = createSlackWorkspace({ rateLimits: false });
  for (let index = 0; index < 500; index += 1) expect(call(workspace, "auth.test", NOW).status).toBe(200);
});

test("with the other answer to an open question a second connection waits a minute", () => {
  const workspace = createSlackWorkspace({ dials: { connectionsOpenTier: 1 } });
  expect(call(workspace, "apps.connections.open", NOW).status).toBe(200);
  expect(call(workspace, "apps.connections.open", NOW)).toMatchObject({
    status: 429,
    headers: { "retry-after": "60" },
  });
});
