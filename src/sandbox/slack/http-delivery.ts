import { createHmac, randomUUID } from "node:crypto";
import { Agent, fetch } from "undici";

import { REDELIVERIES_MAX, type Delivered, type Delivery, type Outgoing } from "./delivery.ts";
import { parseJson } from "./json.ts";
import type { WireClock } from "./wire-clock.ts";
import type { Workspace } from "./workspace.ts";

/** When an event is sent again: at once, after a minute, after five: https://docs.slack.dev/apis/events-api (retries). */
const RETRY_DELAYS_MS: readonly [number, number, number] = [0, 60_000, 300_000];

type RetryReason = "http_timeout" | "http_error" | "connection_failed";

type Attempt =
  | { readonly ok: true; readonly answer: unknown }
  | { readonly ok: false; readonly reason: RetryReason; readonly noRetry: boolean };

/** The way to one address. */
interface Line {
  readonly workspace: Workspace;
  readonly clock: WireClock;
  readonly url: string;
  readonly agent: Agent;
  readonly closing: AbortSignal;
}

/** Signed requests to one address, as an app without Socket Mode gets them. */
export function createHttpDelivery(workspace: Workspace, clock: WireClock, url: string): Delivery {
  const closing = new AbortController();
  const line: Line = { workspace, clock, url, agent: new Agent(), closing: closing.signal };
  return {
    async send(outgoing): Promise<Delivered> {
      const first = await attempt(line, outgoing, { number: 0, because: null });
      if (first.ok) return { outcome: "acked", answer: first.answer };
      // Commands and interactions are not sent again: the person has seen that they failed.
      const isEvent = outgoing.type === "events_api";
      if (isEvent && workspace.dials.redelivery && !first.noRetry) void retry(line, outgoing, first.reason);
      return { outcome: first.reason === "connection_failed" ? "noConnection" : "noAnswer" };
    },
    async close() {
      closing.abort();
      await line.agent.destroy();
    },
  };
}

async function attempt(
  line: Line,
  outgoing: Outgoing,
  retrying: { readonly number: number; readonly because: RetryReason | null },
): Promise<Attempt> {
  const { workspace, clock } = line;
  const at = clock.now();
  const timeout = new AbortController();
  const cancel = clock.alarm(at + workspace.dials.ackTimeoutMs, () => timeout.abort());
  const { number, because } = retrying;
  const retryHeaders = because === null ? {} : { "x-slack-retry-num": String(number), "x-slack-retry-reason": because };
  const result = await post(line, outgoing, retryHeaders, timeout.signal);
  cancel();

  const outcome = result.ok ? "acked" : result.reason === "connection_failed" ? "noConnection" : "noAnswer";
  const { type, payload } = outgoing;
  const about = { kind: "delivery", over: "http", type, payload, envelopeId: randomUUID(), attempt: number } as const;
  workspace.journal.add({ ...about, at, outcome, answer: result.ok ? result.answer : null, ms: clock.now() - at });
  return result;
}

async function post(
  { workspace, clock, url, agent, closing }: Line,
  outgoing: Outgoing,
  retryHeaders: Readonly<Record<string, string>>,
  timeout: AbortSignal,
): Promise<Attempt> {
  const { body, contentType } = bodyOf(outgoing);
  try {
    const response = await fetch(url, {
      method: "POST",
      dispatcher: agent,
      signal: AbortSignal.any([timeout, closing]),
      redirect: "manual",
      headers: {
        "content-type": contentType,
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        ...signatureOf(workspace.app.signingSecret, body, clock.now()),
        ...retryHeaders,
      },
      body,
    });
    const text = await response.text();
    if (response.status === 200) return { ok: true, answer: answerIn(text) };
    return { ok: false, reason: "http_error", noRetry: response.headers.get("x-slack-no-retry") === "1" };
  } catch {
    return { ok: false, reason: timeout.aborted ? "http_timeout" : "connection_failed", noRetry: false };
  }
}

async function retry(line: Line, outgoing: Outgoing, first: RetryReason): Promise<void> {
  let because = first;
  for (let number = 1; number <= REDELIVERIES_MAX; number += 1) {
    await wait(line, RETRY_DELAYS_MS[number - 1] ?? 0);
    if (line.closing.aborted) return;
    const again = await attempt(line, outgoing, { number, because });
    if (again.ok || again.noRetry) return;
    because = again.reason;
  }
}

async function wait({ clock, closing }: Line, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.alarm(clock.now() + ms, resolve);
    const stop = (): void => {
      cancel();
      resolve();
    };
    closing.addEventListener("abort", stop, { once: true });
  });
}

/** `v0` signature over time and raw body: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureOf(secret: string, body: string, now: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1_000));
  const digest = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${digest}` };
}

function bodyOf({ type, payload }: Outgoing): { readonly body: string; readonly contentType: string } {
  // Bolt takes forms only under exactly this type, without a charset.
  const contentType = "application/x-www-form-urlencoded";
  switch (type) {
    case "events_api":
      return { body: JSON.stringify(payload), contentType: "application/json" };
    case "interactive":
      return { body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), contentType };
    case "slash_commands": {
      const fields = Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)]);
      return { body: new URLSearchParams(fields).toString(), contentType };
    }
  }
}

/** JSON when it is, else `{ text }` as Slack reads a plain answer; null when empty. */
function answerIn(text: string): unknown {
  return text === "" ? null : (parseJson(text) ?? { text });
}
