import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { channelAt, personAt, waitFor, workspaceAt, type WorkspaceAt } from "../../../src/sandbox/slack/client.ts";
import { createLog } from "../../../src/sandbox/slack/log.ts";
import { startSlack, type RunningSlack } from "../../../src/sandbox/slack/start.ts";
import { createWireClock } from "../../../src/sandbox/slack/wire-clock.ts";
import { callApi, connect } from "./raw-app.ts";

let slack: RunningSlack;
let workspace: WorkspaceAt;

beforeEach(async () => {
  slack = await startSlack();
  workspace = workspaceAt(slack.url);
});
afterEach(async () => await slack.close());

const post = async (text = "hi"): Promise<string> =>
  String((await callApi(slack, "chat.postMessage", { channel: "C0NETWORKS", text }))["ts"]);

/** A request with headers that `fetch` would not let through. */
async function status(
  path: string,
  headers: Readonly<Record<string, string>>,
  method = "GET",
): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    const sending = request(slack.url + path, { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.on("error", reject);
    sending.end();
  });
}

describe("who is let in", () => {
  test("a name that is not this machine's is refused, whatever it resolves to", async () => {
    expect(await status("/_sandbox/workspace", { host: "evil.example" })).toBe(403);
    expect(await status("/api/auth.test", { host: "evil.example:80" }, "POST")).toBe(403);
    expect(await status("/_sandbox/workspace", { host: "localhost:1234" })).toBe(200);
    expect(await status("/_sandbox/workspace", { host: "[::1]:1234" })).toBe(200);
  });

  test("a page from elsewhere is refused, one of this machine may ask", async () => {
    expect(await status("/_sandbox/workspace", { origin: "https://evil.example" })).toBe(403);
    expect(await status("/_sandbox/workspace", { origin: "http://127.0.0.1.evil.example" })).toBe(403);
    const origin = "http://localhost:5173";
    const response = await fetch(`${slack.url}/_sandbox/act`, { method: "OPTIONS", headers: { origin } });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([204, origin]);
  });

  test("nothing but what is listed is served", async () => {
    for (const path of ["/", "/_sandbox/", "/_sandbox/nothing", "/upload/v1/x", "/link/"]) {
      expect(await status(path, {})).toBe(404);
    }
    expect(await status("/_sandbox/people/mei.lin/views", {}, "POST")).toBe(404);
  });
});

async function send(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${slack.url}/_sandbox${path}`, { method: "POST", body: JSON.stringify(body) });
  return [response.status, ((await response.json()) as { error?: string }).error];
}

describe("what is asked wrongly", () => {
  test("is answered 400 and why", async () => {
    expect(await send("/act", { as: "mei.lin", do: "dance" })).toEqual([400, expect.stringContaining("do")]);
    expect(await send("/act", { do: "submit" })).toEqual([400, expect.stringContaining("as")]);
    expect(await send("/act", { as: "mei.lin", do: "type", label: "x" })).toEqual([
      400,
      expect.stringContaining("text"),
    ]);
    expect(await send("/act", { as: "mei.lin", do: "submit", now: true })).toEqual([
      400,
      expect.stringContaining("now"),
    ]);
    expect(await send("/workspace", { edit: "weather" })).toEqual([400, expect.stringContaining("edit")]);
    expect(await send("/faults", { method: "*", fault: "boom" })).toEqual([400, expect.stringContaining("fault")]);
    expect(await send("/act", "not an act")).toEqual([400, expect.stringContaining("expected object")]);
    await expect(channelAt(slack.url, "nowhere").messages()).rejects.toThrow("there is no channel nowhere");
    await expect(personAt(slack.url, "bob").views()).rejects.toThrow("nobody is called bob");
  });

  test.each([
    [{ edit: "group", group: "no-leads", members: [] }, "there is no user group no-leads"],
    [{ edit: "group", group: "network-leads", members: ["bob"] }, "nobody is called bob"],
    [{ edit: "person", person: "bob" }, "nobody is called bob"],
    [{ edit: "member", channel: "nowhere", person: "mei.lin", isMember: true }, "there is no channel nowhere"],
    [{ edit: "member", channel: "random", person: "bob", isMember: true }, "nobody is called bob"],
    [{ edit: "channel", channel: "nowhere" }, "there is no channel nowhere"],
  ] as const)("%j: %s", async (edit, why) => {
    await expect(workspace.edit(edit as Parameters<WorkspaceAt["edit"]>[0])).rejects.toThrow(why);
  });
});

async function postingTo(channel: string): Promise<unknown> {
  return (await callApi(slack, "chat.postMessage", { channel, text: "hi" }))["error"] ?? "ok";
}

describe("editing the workspace", () => {
  test("the bot joins and leaves a channel", async () => {
    expect(await postingTo("C0RANDOM01")).toBe("not_in_channel");
    await workspace.edit({ edit: "member", channel: "random", person: "peer-vpcs", isMember: true });
    expect(await postingTo("C0RANDOM01")).toBe("ok");
    await workspace.edit({ edit: "member", channel: "network-requests", person: "peer-vpcs", isMember: false });
    expect(await postingTo("C0NETWORKS")).toBe("not_in_channel");
  });

  test("a channel is shared with another company, or archived", async () => {
    await workspace.edit({ edit: "channel", channel: "network-requests", isExtShared: true });
    expect(await callApi(slack, "conversations.info", { channel: "C0NETWORKS" })).toMatchObject({
      channel: { is_ext_shared: true },
    });
    await workspace.edit({ edit: "channel", channel: "network-requests", isArchived: true });
    expect(await callApi(slack, "chat.postMessage", { channel: "C0NETWORKS", text: "x" })).toMatchObject({
      error: "is_archived",
    });
  });

  test("a person becomes a stranger of the other company", async () => {
    await workspace.edit({ edit: "person", person: "tomek", kind: "stranger" });
    expect(await callApi(slack, "users.info", { user: "U0TOMEK001" })).toMatchObject({
      user: { is_stranger: true, team_id: "T0NORTHWND" },
    });
  });

  test("events go only to an app that subscribed and has the scope", async () => {
    const app = await connect(slack);
    await workspace.edit({ edit: "scopes", scopes: ["commands"] });
    await workspace.edit({ edit: "group", group: "network-leads", members: [] });
    await workspace.edit({ edit: "person", person: "tomek", deleted: true });
    await workspace.edit({ edit: "events", events: [] });
    await personAt(slack.url, "mei.lin").openHome();
    const deliveries = (await workspace.journal()).filter(({ kind }) => kind === "delivery");
    expect(deliveries).toEqual([]);
    await app.close();
  });

  test("settings can be looked at, and never show a token", async () => {
    await workspace.edit({ edit: "dials", dials: { optionValueMax: 75 } });
    await workspace.edit({ edit: "rateLimits", on: false });
    await workspace.edit({ edit: "escapeCommands", on: false });
    const text = await (await fetch(`${slack.url}/_sandbox/workspace`)).text();
    expect(JSON.parse(text)).toMatchObject({
      settings: { rateLimits: false, escapeCommands: false, dials: { optionValueMax: 75, cardActionsMax: 2 } },
      groups: [{ handle: "network-leads" }, { handle: "data-leads" }],
    });
    for (const secret of [slack.botToken, slack.appToken, slack.signingSecret]) expect(text).not.toContain(secret);
  });
});

describe("looking", () => {
  test("a long poll answers at the change, and again at once when there is more", async () => {
    const { seq } = await workspace.changes(0);
    const waiting = workspace.changes(seq, 10_000);
    const ts = await post();
    expect(await waiting).toMatchObject({
      seq: seq + 1,
      changes: [{ kind: "messagePosted", channel: "C0NETWORKS", ts }],
    });
    expect(await workspace.changes(seq, 10_000)).toMatchObject({ seq: seq + 1 });
  });

  test("a long poll ends by itself", async () => {
    const { seq } = await workspace.changes(0);
    expect(await workspace.changes(seq, 1)).toEqual({ seq, changes: [] });
  });

  test("waiting finds what comes later, and says when it does not come", async () => {
    const channel = channelAt(slack.url, "network-requests");
    const waiting = channel.waitForMessage(({ text }) => text === "second");
    await post("first");
    await post("second");
    expect(await waiting).toMatchObject({ text: "second" });
    await expect(channel.waitForMessage(({ text }) => text === "third", 5)).rejects.toThrow("waited 5 ms in vain");
    await expect(waitFor(slack.url, async () => null, 5)).rejects.toThrow("in vain");
    await expect(workspace.waitForEntry(() => false, 5)).rejects.toThrow("in vain");
  });

  test("a channel shows roots with their threads, edits, and not what was deleted", async () => {
    const ts = await post("root");
    await callApi(slack, "chat.postMessage", { channel: "C0NETWORKS", text: "reply", thread_ts: ts });
    const gone = await post("gone");
    await callApi(slack, "chat.delete", { channel: "C0NETWORKS", ts: gone });
    await callApi(slack, "chat.update", { channel: "C0NETWORKS", ts, text: "root, edited" });
    await callApi(slack, "reactions.add", { channel: "C0NETWORKS", timestamp: ts, name: "eyes" });
    expect(await channelAt(slack.url, "#network-requests").messages()).toMatchObject([
      {
        text: "root, edited",
        isEdited: true,
        edits: 1,
        user: { name: "peer-vpcs", isApp: true },
        reactions: [{ name: "eyes", users: ["U0PEERVPCS"] }],
        replies: [{ text: "reply", threadTs: ts }],
      },
    ]);
  });

  test("one thread can be read by itself", async () => {
    const ts = await post("one");
    await post("other");
    expect(await channelAt(slack.url, "network-requests").text({ ts })).toMatch(/^peer-vpcs {2}APP \d\d:\d\d\none$/);
  });

  test("a person reads direct and ephemeral messages in the order they came", async () => {
    await callApi(slack, "chat.postMessage", { channel: "U0MEILIN01", text: "direct" });
    await callApi(slack, "chat.postEphemeral", { channel: "C0NETWORKS", user: "U0MEILIN01", text: "ephemeral" });
    expect(await personAt(slack.url, "mei.lin").messages()).toMatchObject([
      { text: "direct", isEphemeral: false },
      { text: "ephemeral", isEphemeral: true },
    ]);
    const text = await (await fetch(`${slack.url}/_sandbox/people/mei.lin/messages?as=text&tz=Asia/Shanghai`)).text();
    expect(text).toMatch(
      /^peer-vpcs {2}APP \d\d:\d\d\ndirect\n\npeer-vpcs {2}APP \d\d:\d\d · only visible to you\nephemeral$/,
    );
  });

  test("the journal has every call with its answer, and no token", async () => {
    await callApi(slack, "chat.postMessage", { channel: "C0NETWORKS", text: "hi", token: slack.botToken });
    await callApi(slack, "auth.test", {}, "xoxb-wrong");
    const journal = await workspace.journal();
    expect(journal).toMatchObject([
      { kind: "call", method: "chat.postMessage", arguments: { text: "hi" }, status: 200, answer: { ok: true } },
      { kind: "call", method: "auth.test", status: 200, answer: { ok: false, error: "invalid_auth" } },
    ]);
    expect(JSON.stringify(journal)).not.toMatch(/xoxb|xapp|sandbox-signing/);
    expect(await workspace.journal(journal.at(-1)?.seq)).toEqual([]);
  });

  test("a log keeps the newest entries only", () => {
    const log = createLog<{ name: string }>(2);
    for (const name of ["a", "b", "c"]) log.add({ name });
    expect(log.since(0)).toEqual([
      { name: "b", seq: 2 },
      { name: "c", seq: 3 },
    ]);
  });
});

async function error(method: string): Promise<unknown> {
  return (await callApi(slack, method))["error"] ?? "ok";
}

describe("faults", () => {
  test("happen once unless told otherwise, to the method they name", async () => {
    await workspace.fault({ method: "auth.test", fault: { error: "internal_error" } });
    expect(await error("users.list")).toBe("ok");
    expect(await error("auth.test")).toBe("internal_error");
    expect(await error("auth.test")).toBe("ok");
    await workspace.fault({ method: "*", fault: { error: "internal_error" }, times: 2 });
    expect([await error("users.list"), await error("auth.test"), await error("auth.test")]).toEqual([
      "internal_error",
      "internal_error",
      "ok",
    ]);
  });

  test("say how long to wait with a 429", async () => {
    await workspace.fault({ method: "auth.test", fault: "ratelimited", retryAfterSeconds: 30 });
    const headers = { authorization: `Bearer ${slack.botToken}` };
    const response = await fetch(`${slack.apiUrl}auth.test`, { method: "POST", headers });
    expect([response.status, response.headers.get("retry-after"), await response.text()]).toEqual([
      429,
      "30",
      "ratelimited",
    ]);
  });

  test("can be taken back", async () => {
    await workspace.fault({ method: "*", fault: "serverError", forMs: 60_000 });
    await workspace.clearFaults();
    expect(await callApi(slack, "auth.test")).toMatchObject({ ok: true });
  });
});

describe("starting and stopping", () => {
  test("a running Slack says all that an app and its tests need", () => {
    expect(slack.apiUrl).toBe(`${slack.url}/api/`);
    expect(slack.people.filter(({ isLead }) => isLead).map(({ realName }) => realName)).toEqual([
      "Arjun Rao",
      "Sofia Marti",
    ]);
    expect(slack.channels.map(({ name }) => name)).toContain("network-requests");
    for (const { id } of slack.people) expect(id).toMatch(/^U[A-Z0-9]{8,10}$/);
    for (const { id } of slack.channels) expect(id).toMatch(/^C[A-Z0-9]{8,10}$/);
    for (const { id } of slack.groups) expect(id).toMatch(/^S[A-Z0-9]{8,10}$/);
    for (const secret of [slack.botToken, slack.appToken, slack.signingSecret]) expect(secret).toContain("not-a-real");
  });

  test("JSON bodies are taken as well as forms", async () => {
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: "POST",
      headers: { authorization: `Bearer ${slack.botToken}`, "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ channel: "C0NETWORKS", blocks: [{ type: "divider" }] }),
    });
    expect(await response.json()).toMatchObject({ ok: true, message: { blocks: [{ type: "divider" }] } });
  });

  test("closing ends connections, long polls and people that wait", async () => {
    const other = await startSlack();
    const app = await connect(other);
    const acting = personAt(other.url, "mei.lin").shortcut("x");
    await app.frame();
    const polling = workspaceAt(other.url).changes(1_000, 20_000);
    const ends = Promise.allSettled([acting, polling]);
    await other.close();
    await app.closed;
    await ends;
    await expect(fetch(other.url)).rejects.toThrow("fetch failed");
  });

  test("a port that is taken is said so", async () => {
    const port = Number(new URL(slack.url).port);
    await expect(startSlack({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("the wire clock rings what is due, in order, and nothing that was called off", () => {
    const clock = createWireClock(() => 0);
    const rung: string[] = [];
    clock.alarm(20, () => rung.push("b"));
    clock.alarm(10, () => rung.push("a"));
    clock.alarm(15, () => rung.push("never"))();
    clock.advance(19);
    expect(rung).toEqual(["a"]);
    clock.advance(1);
    expect(rung).toEqual(["a", "b"]);
    clock.close();
  });
});
