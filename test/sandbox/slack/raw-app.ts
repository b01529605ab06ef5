import { once } from "node:events";
import { WebSocket } from "ws";

import type { RunningSlack } from "../../../src/sandbox/slack/start.ts";

/** A frame as Slack sends it. */
export interface Frame {
  readonly type: string;
  readonly envelope_id?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  readonly retry_attempt?: number;
  readonly retry_reason?: string;
  readonly accepts_response_payload?: boolean;
  readonly num_connections?: number;
  readonly connection_info?: { readonly app_id: string };
  readonly [key: string]: unknown;
}

/** A bare Socket Mode connection, for what a framework hides. */
export interface RawApp {
  /** The next frame that was not taken yet, as soon as there is one. */
  readonly frame: () => Promise<Frame>;
  readonly ack: (frame: Frame, payload?: unknown) => void;
  readonly isOpen: () => boolean;
  readonly closed: Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Calls a method as the app, without retries. */
export async function callApi(
  slack: RunningSlack,
  method: string,
  args: Readonly<Record<string, string>> = {},
  token = slack.botToken,
): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(slack.apiUrl + method, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: new URLSearchParams(args),
  });
  return (await response.json()) as Readonly<Record<string, unknown>>;
}

export async function connectionUrl(slack: RunningSlack): Promise<string> {
  return String((await callApi(slack, "apps.connections.open", {}, slack.appToken))["url"]);
}

/** Connects and takes the `hello`, unless another address is given. */
export async function connect(slack: RunningSlack, url?: string): Promise<RawApp & { readonly hello: Frame }> {
  const socket = new WebSocket(url ?? (await connectionUrl(slack)));
  const frames: Frame[] = [];
  const takers: ((frame: Frame) => void)[] = [];
  socket.on("message", (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Frame;
    const taker = takers.shift();
    if (taker === undefined) frames.push(frame);
    else taker(frame);
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const app: RawApp = {
    frame: async () => frames.shift() ?? (await new Promise((resolve) => takers.push(resolve))),
    ack: ({ envelope_id }, payload) => socket.send(JSON.stringify({ envelope_id, payload })),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    closed,
    close: async () => {
      socket.close();
      await closed;
    },
  };
  await once(socket, "open");
  return { ...app, hello: await app.frame() };
}
