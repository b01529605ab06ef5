import type { App, types } from "@slack/bolt";
import { afterEach, expect, test } from "vitest";

import { channelAt, personAt, workspaceAt } from "../../../src/sandbox/slack/client.ts";
import { installHttpApp, installSocketApp, type Installed } from "./bolt-app.ts";

const REQUESTS = "network-requests";

let installed: Installed | undefined;
afterEach(async () => {
  await installed?.stop();
  installed = undefined;
});

/** A promise that the test settles itself. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

const modal: types.ModalView = {
  type: "modal",
  title: { type: "plain_text", text: "T" },
  blocks: [{ type: "divider" }],
};

test("an app that acks late is told on by Slack, and gets the envelope again with its number", async () => {
  const retries: unknown[] = [];
  const called = gate();
  const again = gate();
  installed = await installSocketApp((app) => {
    app.command("/request", async ({ ack, context }) => {
      retries.push(context.retryNum ?? 0);
      if (retries.length === 1) return called.open();
      await ack();
      again.open();
    });
  });
  const { url } = installed.slack;
  const acting = personAt(url, "mei.lin").command(REQUESTS, "/request");
  await called.opened;
  await workspaceAt(url).edit({ edit: "clock", advanceMs: 3_000 });
  expect(await acting).toMatchObject({ says: "/request failed. The app did not respond in time." });
  await again.opened;
  expect(retries).toEqual([0, 1]);
});

test("a view that is opened more than three seconds after the click is refused", async () => {
  const failures: unknown[] = [];
  const called = gate();
  const waited = gate();
  installed = await installSocketApp(
    (app) => {
      app.command("/request", async ({ ack, client, command }) => {
        await ack();
        called.open();
        await waited.opened;
        await client.views.open({ trigger_id: command.trigger_id, view: modal });
      });
    },
    { failures },
  );
  const { url } = installed.slack;
  await personAt(url, "mei.lin").command(REQUESTS, "/request");
  await called.opened;
  await workspaceAt(url).edit({ edit: "clock", advanceMs: 3_000 });
  waited.open();
  const entry = await workspaceAt(url).waitForEntry((one) => one.kind === "call" && one.method === "views.open");
  expect(entry).toMatchObject({ answer: { ok: false, error: "expired_trigger_id" } });
  expect((await personAt(url, "mei.lin").views()).stack).toEqual([]);
});

test("after a refresh there is a hole: clicks in it fail at once, and after it they work", async () => {
  // Socket Mode 3.1 waits its ping timeout (5 s unless set) before it connects again.
  installed = await installSocketApp(
    (app) => {
      app.shortcut("x", async ({ ack }) => await ack());
    },
    { reconnectAfterMs: 300 },
  );
  const { url } = installed.slack;
  const mei = personAt(url, "mei.lin");
  expect(await mei.shortcut("x")).toMatchObject({ says: null });
  const { seq } = await workspaceAt(url).changes(0);
  await workspaceAt(url).edit({ edit: "sockets", how: "refresh_requested" });
  expect(await mei.shortcut("x")).toMatchObject({ says: "The app did not respond." });
  await workspaceAt(url).waitFor(async () => {
    const { changes } = await workspaceAt(url).changes(seq);
    return changes.find(({ kind }) => kind === "socketOpened");
  });
  expect(await mei.shortcut("x")).toMatchObject({ says: null });
});

test("a connection that is cut comes back by itself", async () => {
  installed = await installSocketApp(
    (app) => {
      app.shortcut("x", async ({ ack }) => await ack());
    },
    { reconnectAfterMs: 300 },
  );
  const { url } = installed.slack;
  const { seq } = await workspaceAt(url).changes(0);
  await workspaceAt(url).edit({ edit: "sockets", how: "drop" });
  await workspaceAt(url).waitFor(async () => {
    const { changes } = await workspaceAt(url).changes(seq);
    return changes.find(({ kind }) => kind === "socketOpened");
  });
  expect(await personAt(url, "mei.lin").shortcut("x")).toMatchObject({ says: null });
});

test("with a revoked token an app cannot start, and a running one cannot post", async () => {
  installed = await installSocketApp(() => {});
  const { slack, app } = installed;
  await workspaceAt(slack.url).edit({ edit: "token", token: "bot", revoked: true });
  const post = app.client.chat.postMessage({ channel: REQUESTS, text: "x" });
  await expect(post).rejects.toMatchObject({ data: { error: "token_revoked" } });
  await expect(app.client.auth.test()).rejects.toMatchObject({ data: { error: "token_revoked" } });
  await workspaceAt(slack.url).edit({ edit: "token", token: "bot", revoked: false });
  await expect(app.client.auth.test()).resolves.toMatchObject({ ok: true });
});

test("with a revoked app token no new connection opens, and Bolt keeps trying", async () => {
  installed = await installSocketApp(() => {}, { reconnectAfterMs: 100 });
  const { slack, receiver } = installed;
  const workspace = workspaceAt(slack.url);
  await workspace.edit({ edit: "token", token: "app", revoked: true });
  await receiver?.client.disconnect();
  const starting = receiver?.client.start();
  await workspace.waitForEntry((entry) => JSON.stringify(entry).includes("token_revoked"));
  await workspace.edit({ edit: "token", token: "app", revoked: false });
  await expect(starting).resolves.toMatchObject({ ok: true });
});

test("an app that may not post is told which scope it lacks", async () => {
  installed = await installSocketApp(() => {});
  const { slack, app } = installed;
  await workspaceAt(slack.url).edit({ edit: "scopes", scopes: ["commands"] });
  await expect(app.client.chat.postMessage({ channel: REQUESTS, text: "x" })).rejects.toMatchObject({
    data: { error: "missing_scope", needed: "chat:write", provided: "commands" },
  });
});

const post = async (app: App): Promise<unknown> =>
  await app.client.chat.postMessage({ channel: REQUESTS, text: "once" });

test.each([
  ["a 429", { fault: "ratelimited", retryAfterSeconds: 0 }, 1],
  ["a connection cut before the call", { fault: "resetBefore" }, 1],
  ["a connection cut after the call", { fault: "resetAfter" }, 2],
] as const)("after %s the client tries again by itself, and what it posts is there %#", async (_, fault, times) => {
  installed = await installSocketApp(() => {});
  const { slack, app } = installed;
  await workspaceAt(slack.url).fault({ method: "chat.postMessage", ...fault });
  await post(app);
  // A lost answer leaves a second message: an app has to be able to live with it.
  expect(await channelAt(slack.url, REQUESTS).messages()).toHaveLength(times);
});

test("rate limits are waited for: a burst of posts over the limit all arrive", async () => {
  installed = await installSocketApp(() => {}, { rateLimits: true });
  const { slack, app } = installed;
  await Promise.all(Array.from({ length: 6 }, async () => await post(app)));
  expect(await channelAt(slack.url, REQUESTS).messages()).toHaveLength(6);
  const statuses = (await workspaceAt(slack.url).journal()).flatMap((entry) =>
    entry.kind === "call" && entry.method === "chat.postMessage" ? [entry.status] : [],
  );
  expect(statuses).toContain(429);
});

test("a broken Slack answers 500, which the client reports", async () => {
  installed = await installSocketApp(() => {});
  const { slack, app } = installed;
  await workspaceAt(slack.url).fault({ method: "*", fault: "serverError", times: 10 });
  await expect(post(app)).rejects.toMatchObject({ statusCode: 500 });
  await workspaceAt(slack.url).clearFaults();
  await expect(post(app)).resolves.toMatchObject({ ok: true });
});

test("a fault can be any error of Slack, for a time", async () => {
  installed = await installSocketApp(() => {});
  const { slack, app } = installed;
  await workspaceAt(slack.url).fault({ method: "chat.postMessage", fault: { error: "fatal_error" }, forMs: 60_000 });
  await expect(post(app)).rejects.toMatchObject({ data: { error: "fatal_error" } });
  await expect(post(app)).rejects.toMatchObject({ data: { error: "fatal_error" } });
  await workspaceAt(slack.url).edit({ edit: "clock", advanceMs: 60_000 });
  await expect(post(app)).resolves.toMatchObject({ ok: true });
});

test("a slow call takes its time in wire time", async () => {
  installed = await installSocketApp(() => {});
  const { slack, app } = installed;
  await workspaceAt(slack.url).fault({ method: "auth.test", fault: "slow", ms: 3_600_000 });
  const done: string[] = [];
  const slow = app.client.auth.test().then(() => done.push("slow"));
  await app.client.users.info({ user: "U0MEILIN01" });
  expect(done).toEqual([]);
  // The call may still be on its way when time moves; it is waited for an hour later then.
  for (let hours = 0; hours < 100 && done.length === 0; hours += 1) {
    await workspaceAt(slack.url).edit({ edit: "clock", advanceMs: 3_600_000 });
  }
  await slow;
});

test("an app with another signing secret takes nothing", async () => {
  installed = await installHttpApp(
    (app) => {
      app.command("/request", async ({ ack }) => await ack("hello"));
    },
    { signingSecret: "another" },
  );
  expect(await personAt(installed.slack.url, "mei.lin").command(REQUESTS, "/request")).toMatchObject({
    says: "/request failed. The app did not respond in time.",
  });
});
