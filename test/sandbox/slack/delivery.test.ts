import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";

import { personAt, workspaceAt, type PersonAt, type WorkspaceAt } from "../../../src/sandbox/slack/client.ts";
import { signatureOf } from "../../../src/sandbox/slack/http-delivery.ts";
import { startSlack, type RunningSlack } from "../../../src/sandbox/slack/start.ts";
import { startAnswering } from "./bolt-app.ts";
import { connect, connectionUrl } from "./raw-app.ts";

const REQUESTS = "network-requests";
const ACK_MS = 3_000;

let slack: RunningSlack;
let mei: PersonAt;
let workspace: WorkspaceAt;

beforeEach(async () => {
  slack = await startSlack();
  mei = personAt(slack.url, "mei.lin");
  workspace = workspaceAt(slack.url);
});
afterEach(async () => await slack.close());

const advance = async (advanceMs: number): Promise<unknown> => await workspace.edit({ edit: "clock", advanceMs });
const deliveries = async () => (await workspace.journal()).filter((entry) => entry.kind === "delivery");

describe("Socket Mode", () => {
  test("a connection is greeted with how many there are and whose they are", async () => {
    expect((await connect(slack)).hello).toMatchObject({
      type: "hello",
      num_connections: 1,
      connection_info: { app_id: slack.appId },
      debug_info: { host: expect.any(String), approximate_connection_time: expect.any(Number) },
    });
    expect((await connect(slack)).hello.num_connections).toBe(2);
  });

  test("an address works once, and not after half a minute", async () => {
    const url = await connectionUrl(slack);
    const app = await connect(slack, url);
    await expect(connect(slack, url)).rejects.toThrow("404");
    const old = await connectionUrl(slack);
    await advance(30_000);
    await expect(connect(slack, old)).rejects.toThrow("404");
    await expect(connect(slack, old.replace(/ticket=\w+/, "ticket=guess"))).rejects.toThrow("404");
    await app.close();
  });

  test("an eleventh connection is told that there are too many, and closed", async () => {
    const apps = await Promise.all(Array.from({ length: 10 }, async () => await connect(slack)));
    const eleventh = await connect(slack);
    expect(eleventh.hello).toMatchObject({ type: "disconnect", reason: "too_many_websockets" });
    await eleventh.closed;
    expect(apps.every((app) => app.isOpen())).toBe(true);
  });

  test("one envelope goes to one connection, in turn", async () => {
    const [one, other] = [await connect(slack), await connect(slack)];
    const took: string[] = [];
    for (const app of [one, other, one, other]) {
      const acting = mei.command(REQUESTS, "/request");
      const frame = await app.frame();
      took.push(String(frame.envelope_id));
      app.ack(frame);
      await acting;
    }
    expect(new Set(took).size).toBe(4);
  });

  test("what an ack carries is taken from commands and forms, and announced so", async () => {
    const app = await connect(slack);
    const acting = mei.command(REQUESTS, "/request");
    const frame = await app.frame();
    expect(frame).toMatchObject({ type: "slash_commands", accepts_response_payload: true });
    expect(frame).not.toHaveProperty("retry_attempt");
    app.ack(frame, { text: "hello" });
    expect(await acting).toMatchObject({ says: "hello" });
    const shortcut = mei.shortcut("x");
    const second = await app.frame();
    expect(second).toMatchObject({ type: "interactive", accepts_response_payload: false });
    app.ack(second);
    await shortcut;
  });

  test("an envelope that nobody acks is sent again with the same payload, three times at most", async () => {
    const app = await connect(slack);
    const acting = mei.command(REQUESTS, "/request", "x");
    const first = await app.frame();
    await advance(ACK_MS);
    expect(await acting).toMatchObject({ says: "/request failed. The app did not respond in time." });
    for (const attempt of [1, 2, 3]) {
      const again = await app.frame();
      expect(again).toEqual({ ...first, retry_attempt: attempt, retry_reason: "timeout" });
      await advance(ACK_MS);
    }
    await advance(10 * ACK_MS);
    expect((await deliveries()).map(({ outcome, attempt }) => [outcome, attempt])).toEqual(
      [0, 1, 2, 3].map((attempt) => ["noAnswer", attempt]),
    );
  });

  test("an ack ends the repeating, also when it comes late", async () => {
    const app = await connect(slack);
    const acting = mei.command(REQUESTS, "/request");
    await app.frame();
    await advance(ACK_MS);
    await acting;
    const again = await app.frame();
    app.ack(again);
    await workspace.waitForEntry((entry) => entry.kind === "delivery" && entry.outcome === "acked");
    await advance(10 * ACK_MS);
    expect((await deliveries()).map(({ outcome }) => outcome)).toEqual(["noAnswer", "acked"]);
  });

  test("with redelivery off an envelope is sent once, and a late ack is only noted", async () => {
    await workspace.edit({ edit: "dials", dials: { redelivery: false } });
    const app = await connect(slack);
    const acting = mei.command(REQUESTS, "/request");
    const frame = await app.frame();
    await advance(ACK_MS);
    await acting;
    app.ack(frame, { text: "too late" });
    await workspace.waitForEntry((entry) => entry.kind === "delivery" && entry.outcome === "ackedLate");
    expect((await deliveries()).map(({ outcome }) => outcome)).toEqual(["noAnswer", "ackedLate"]);
    expect(await mei.messages()).toEqual([]);
  });

  test("an envelope of a process that died goes to the next one", async () => {
    const dying = await connect(slack);
    const acting = mei.shortcut("x");
    const first = await dying.frame();
    await dying.close();
    await advance(ACK_MS);
    expect(await acting).toMatchObject({ says: "The app did not respond in time." });
    const next = await connect(slack);
    await advance(ACK_MS);
    expect(await next.frame()).toMatchObject({ envelope_id: first.envelope_id, payload: first.payload });
  });

  test("the time to ack can be another", async () => {
    await workspace.edit({ edit: "dials", dials: { ackTimeoutMs: 10 } });
    await connect(slack);
    expect(await mei.shortcut("x")).toMatchObject({ says: "The app did not respond in time." });
  });

  test("with nobody connected a person hears so at once, and nothing is kept for later", async () => {
    expect(await mei.command(REQUESTS, "/request")).toMatchObject({
      says: "/request failed. The app did not respond.",
    });
    expect(await mei.shortcut("x")).toMatchObject({ says: "The app did not respond." });
    await workspace.edit({ edit: "person", person: "tomek", deleted: true });
    const app = await connect(slack);
    const acting = mei.shortcut("later");
    const frame = await app.frame();
    expect(frame.payload).toMatchObject({ callback_id: "later" });
    app.ack(frame);
    await acting;
    expect((await deliveries()).map(({ outcome }) => outcome)).toEqual([
      "noConnection",
      "noConnection",
      "noConnection",
      "acked",
    ]);
  });

  test("an event that is not acked comes again, with its number", async () => {
    const app = await connect(slack);
    const editing = workspace.edit({ edit: "person", person: "tomek", deleted: true });
    const first = await app.frame();
    expect(first).toMatchObject({ type: "events_api", retry_attempt: 0, retry_reason: "" });
    await advance(ACK_MS);
    await editing;
    expect(await app.frame()).toMatchObject({ retry_attempt: 1, payload: first.payload });
  });

  test.each(["refresh_requested", "warning", "link_disabled"] as const)(
    "a connection told to go (%s) gets no more envelopes",
    async (how) => {
      const app = await connect(slack);
      expect(await workspace.edit({ edit: "sockets", how })).toMatchObject({ connections: 1 });
      expect(await app.frame()).toMatchObject({ type: "disconnect", reason: how });
      expect(app.isOpen()).toBe(true);
      expect(await mei.shortcut("x")).toMatchObject({ says: "The app did not respond." });
    },
  );

  test("connections can be cut, some or all", async () => {
    const apps = [await connect(slack), await connect(slack), await connect(slack)];
    expect(await workspace.edit({ edit: "sockets", how: "drop", count: 2 })).toMatchObject({ connections: 2 });
    await Promise.all([apps[0]?.closed, apps[1]?.closed]);
    expect(apps[2]?.isOpen()).toBe(true);
    expect(await workspace.edit({ edit: "sockets", how: "drop" })).toMatchObject({ connections: 1 });
  });

  test("nonsense on the socket is ignored, a ping is answered", async () => {
    const socket = new WebSocket(await connectionUrl(slack));
    await new Promise((resolve) => socket.once("message", resolve));
    for (const text of ["", "null", "[]", "{}", '{"envelope_id":"none"}']) socket.send(text);
    const pong = new Promise<string>((resolve) => socket.once("pong", (data) => resolve(data.toString())));
    socket.ping("still there?");
    expect(await pong).toBe("still there?");
    socket.close();
  });
});

describe("signed HTTP", () => {
  test("every request is signed over its time and raw body", async () => {
    const got: { headers: Readonly<Record<string, unknown>>; body: string }[] = [];
    const app = await startAnswering((headers, body) => {
      got.push({ headers, body });
      return { status: 200 };
    });
    await workspace.edit({ edit: "delivery", delivery: { kind: "http", url: app.url } });
    await mei.command(REQUESTS, "/request", "a&b");
    await mei.shortcut("x");
    await workspace.edit({ edit: "person", person: "tomek", deleted: true });
    for (const { headers, body } of got) {
      const at = Number(headers["x-slack-request-timestamp"]) * 1_000;
      expect(headers).toMatchObject(signatureOf(slack.signingSecret, body, at));
    }
    expect(got.map(({ headers }) => headers["content-type"])).toEqual([
      "application/x-www-form-urlencoded",
      "application/x-www-form-urlencoded",
      "application/json",
    ]);
    expect(Object.fromEntries(new URLSearchParams(got[0]?.body))).toMatchObject({
      command: "/request",
      text: "a&amp;b",
    });
    await app.close();
  });

  test("the signature of Slack's own example comes out the same", () => {
    // https://docs.slack.dev/authentication/verifying-requests-from-slack (step by step)
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    expect(signatureOf("8f742231b10e8888abcd99yyyzzz85a5", body, 1_531_420_618_000)).toEqual({
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    });
  });

  test("an event is sent again at once, after a minute and after five, with number and reason", async () => {
    const retries: unknown[] = [];
    const app = await startAnswering((headers) => {
      retries.push([headers["x-slack-retry-num"], headers["x-slack-retry-reason"]]);
      return { status: 500 };
    });
    await workspace.edit({ edit: "delivery", delivery: { kind: "http", url: app.url } });
    await workspace.edit({ edit: "person", person: "tomek", deleted: true });
    const sent = async (attempt: number): Promise<unknown> =>
      await workspace.waitForEntry((entry) => entry.kind === "delivery" && entry.attempt === attempt);
    await sent(1);
    await advance(60_000);
    await sent(2);
    await advance(300_000);
    await sent(3);
    expect(retries).toEqual([
      [undefined, undefined],
      ["1", "http_error"],
      ["2", "http_error"],
      ["3", "http_error"],
    ]);
    await app.close();
  });

  test("an app can say that it wants no retries", async () => {
    const app = await startAnswering(() => ({ status: 500, headers: { "x-slack-no-retry": "1" } }));
    await workspace.edit({ edit: "delivery", delivery: { kind: "http", url: app.url } });
    await workspace.edit({ edit: "person", person: "tomek", deleted: true });
    await advance(400_000);
    expect(await deliveries()).toHaveLength(1);
    await app.close();
  });

  test("commands and clicks are not sent again: the person sees that they failed", async () => {
    const app = await startAnswering(() => ({ status: 500 }));
    await workspace.edit({ edit: "delivery", delivery: { kind: "http", url: app.url } });
    expect(await mei.command(REQUESTS, "/request")).toMatchObject({
      says: "/request failed. The app did not respond in time.",
    });
    expect(await deliveries()).toHaveLength(1);
    await app.close();
    expect(await mei.shortcut("x")).toMatchObject({ says: "The app did not respond." });
  });

  test("an app that does not answer is given up after three seconds", async () => {
    const arrived = Promise.withResolvers<void>();
    const app = await startAnswering(() => {
      arrived.resolve();
      return null;
    });
    await workspace.edit({ edit: "delivery", delivery: { kind: "http", url: app.url } });
    const acting = mei.shortcut("x");
    await arrived.promise;
    await advance(ACK_MS);
    expect(await acting).toMatchObject({ says: "The app did not respond in time." });
    await app.close();
  });

  test("an old signature and a wrong one do not pass the check of Bolt", async () => {
    // What an app refuses is the app's business; that ours passes is shown with a whole Bolt app elsewhere.
    const { verifySlackRequest } = await import("@slack/bolt");
    const verify = (secret: string, at: number): void => {
      const signed = signatureOf(secret, "body", at);
      const headers = {
        "x-slack-signature": String(signed["x-slack-signature"]),
        "x-slack-request-timestamp": Number(signed["x-slack-request-timestamp"]),
      };
      verifySlackRequest({ signingSecret: slack.signingSecret, body: "body", headers });
    };
    expect(() => verify(slack.signingSecret, Date.now())).not.toThrow();
    expect(() => verify("another", Date.now())).toThrow("signature mismatch");
    expect(() => verify(slack.signingSecret, Date.now() - 6 * 60_000)).toThrow("stale");
  });
});
