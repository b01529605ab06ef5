import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { workspaceAt } from "../../../src/sandbox/slack/client.ts";
import { startSlack, type RunningSlack, type SlackOptions } from "../../../src/sandbox/slack/start.ts";

/** A local Slack and a real Bolt app in it, until `stop`. */
export interface Installed {
  readonly slack: RunningSlack;
  readonly app: App;
  readonly receiver: SocketModeReceiver | null;
  readonly stop: () => Promise<void>;
}

/** What went wrong inside the app; tests that expect nothing look here. */
export type Failures = unknown[];

const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** Retries that do not slow a test down. */
const retryConfig = { retries: 3, factor: 1, minTimeout: 1, maxTimeout: 5 };

/** Installs a Bolt 5 app over Socket Mode, as an app in production is put together. */
export async function installSocketApp(
  listen: (app: App) => void,
  options: SlackOptions & { readonly reconnectAfterMs?: number; readonly failures?: Failures } = {},
): Promise<Installed> {
  const slack = await startSlack({ rateLimits: false, ...options });
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger: silent,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl, retryConfig } },
    ...(options.reconnectAfterMs === undefined ? {} : { clientPingTimeout: options.reconnectAfterMs }),
  });
  const app = newApp(slack, receiver, options.failures);
  listen(app);
  await app.init();
  await app.start();
  const stop = async (): Promise<void> => {
    await receiver.client.disconnect();
    await app.stop();
    await slack.close();
  };
  return { slack, app, receiver, stop };
}

/** Installs a Bolt 5 app that takes signed requests. */
export async function installHttpApp(
  listen: (app: App) => void,
  options: SlackOptions & { readonly signingSecret?: string } = {},
): Promise<Installed> {
  const slack = await startSlack({ rateLimits: false, ...options });
  const signingSecret = options.signingSecret ?? slack.signingSecret;
  const receiver = new HTTPReceiver({ signingSecret, logger: silent });
  const app = newApp(slack, receiver);
  listen(app);
  await app.init();
  // With port 0 Bolt listens on a free port, on every address.
  const server = (await app.start(0)) as Server;
  const { port } = server.address() as AddressInfo;
  const delivery = { kind: "http", url: `http://127.0.0.1:${port}/slack/events` } as const;
  await workspaceAt(slack.url).edit({ edit: "delivery", delivery });
  const stop = async (): Promise<void> => {
    await slack.close();
    server.closeAllConnections();
    await app.stop();
  };
  return { slack, app, receiver: null, stop };
}

function newApp(slack: RunningSlack, receiver: SocketModeReceiver | HTTPReceiver, failures?: Failures): App {
  const app = new App({
    token: slack.botToken,
    receiver,
    logger: silent,
    convoStore: false,
    deferInitialization: true,
    clientOptions: { slackApiUrl: slack.apiUrl, timeout: 10_000, retryConfig },
  });
  app.error(async (error) => {
    failures?.push(error);
  });
  return app;
}

/** A server that answers every request as it is told, for what Bolt would never do. */
export async function startAnswering(
  answer: (
    headers: Readonly<Record<string, unknown>>,
    body: string,
  ) => { status: number; body?: string; headers?: Record<string, string> } | null,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const told = answer(request.headers, Buffer.concat(chunks).toString());
      // Null: never answer.
      if (told === null) return;
      response.writeHead(told.status, told.headers ?? {});
      response.end(told.body ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/slack/events`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
