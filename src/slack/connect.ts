/**
 * Joins the bot to Slack: one client for everything that goes out, and the receivers for what comes in.
 */
import { App, HTTPReceiver, type Logger, type Receiver } from "@slack/bolt";
import type { webApi } from "@slack/bolt";
import type { Log } from "../ports.ts";
import { calling, clientOptions } from "./call.ts";
import type { Identity } from "./inbound/origin.ts";
import { createBoltLogger } from "./logger.ts";
import { createSockets } from "./sockets.ts";

/** How Slack reaches us. */
type Transport =
  | { readonly transport: "socket"; readonly appToken: string }
  | { readonly transport: "http"; readonly signingSecret: string; readonly port: number };

export interface SlackOptions {
  readonly botToken: string;
  readonly transport: Transport;
  /** `https://slack.com/api/`, or a local one. */
  readonly apiUrl: string;
  readonly log: Log;
}

export interface SlackConnection {
  readonly app: App;
  readonly client: webApi.WebClient;
  readonly identity: Identity;
  /** Begins to take payloads; call it when everything behind the listeners is ready. */
  start(): Promise<void>;
  /** Takes no more. */
  stop(): Promise<void>;
}

/** Without an answer by then the connection is not coming: Bolt itself would wait for ever. */
const START_TIMEOUT_MS = 30_000;

/** What takes longer is not waited for: there is work to end and a database to close. */
const STOP_TIMEOUT_MS = 3_000;

/** A payload of a form is a few kB. */
const BODY_LIMIT_BYTES = 1_000_000;

/** Checks the token and finds out who we are. Rejects with `ChatFailure` when Slack does not take the token. */
export async function connectSlack(options: SlackOptions): Promise<SlackConnection> {
  const { botToken, transport, apiUrl, log } = options;
  const logger = createBoltLogger(log);
  const receiver = receiverFor(options, logger);
  const app = new App({
    token: botToken,
    receiver,
    logger,
    clientOptions: clientOptions(apiUrl),
    convoStore: false,
    deferInitialization: true,
  });
  app.error(async (error) => log.error("slack listener failed", { error: error.message }));
  await calling(app.init());
  const identity = await whoWeAre(app.client);
  let listening = false;
  return {
    app,
    client: app.client,
    identity,
    async start() {
      await withTimeout(app.start(transport.transport === "http" ? transport.port : 0));
      listening = true;
    },
    async stop() {
      // A server that never listened refuses to be stopped; of two connections one may be open all the same.
      if (!listening && transport.transport === "http") return;
      // A connection that somebody keeps half open would keep the server from closing for ever.
      await Promise.race([app.stop(), new Promise((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref())]);
    },
  };
}

async function whoWeAre(client: webApi.WebClient): Promise<Identity> {
  const { team_id, enterprise_id, user_id, bot_id } = await calling(client.auth.test());
  const { bot } = await calling(client.bots.info({ bot: bot_id ?? "" }));
  if (!team_id || !user_id || !bot?.app_id)
    throw new Error("asking slack who we are: the answer names no team, user or app");
  return { appId: bot.app_id, teamId: team_id, enterpriseId: enterprise_id ?? null, botUserId: user_id };
}

function receiverFor({ transport, apiUrl, log }: SlackOptions, logger: Logger): Receiver {
  switch (transport.transport) {
    case "socket":
      return createSockets({ appToken: transport.appToken, apiUrl, logger, log });
    case "http":
      return new HTTPReceiver({
        signingSecret: transport.signingSecret,
        port: transport.port,
        bodyLimit: BODY_LIMIT_BYTES,
        logger,
        customPropertiesExtractor: ({ headers }) => ({ sentAt: headers["x-slack-request-timestamp"] }),
      });
  }
}

async function withTimeout(starting: Promise<unknown>): Promise<void> {
  const timeout = AbortSignal.timeout(START_TIMEOUT_MS);
  const expired = new Promise<never>((_, reject) => {
    timeout.addEventListener("abort", () =>
      reject(new Error(`connecting to slack: no connection after ${START_TIMEOUT_MS / 1_000} s`)),
    );
  });
  await Promise.race([starting, expired]);
}
