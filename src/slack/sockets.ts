/**
 * Socket Mode over two connections: Slack renews each of them every few hours, and uses the other meanwhile.
 *
 * The client (socket-mode 3.1.0) would come back by itself, but only after 5 s without a connection, and when Slack
 * refuses it gives up for good with a rejection that nobody can handle. So it is told not to, and this does.
 */
import { SocketModeReceiver, type Logger, type Receiver } from "@slack/bolt";
import { ChatFailure, type Log } from "../ports.ts";
import { calling } from "./call.ts";

export interface SocketsOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly logger: Logger;
  readonly log: Log;
}

/** Waits between attempts to come back: doubled from the first to the longest. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;

/** Asking for an address takes no longer, nor does connecting to it. */
const CONNECT_TIMEOUT_MS = 10_000;

/** One that ends sooner counts as one that did not come about. */
const LASTING_MS = 10_000;

export function createSockets(options: SocketsOptions): Receiver {
  const sockets = [createSocket(options), createSocket(options)];
  return {
    init: (app) => {
      for (const { init } of sockets) init(app);
    },
    start: () => Promise.all(sockets.map(({ start }) => start())),
    stop: () => Promise.all(sockets.map(({ stop }) => stop())),
  };
}

interface Socket {
  readonly init: Receiver["init"];
  /** Rejects with `ChatFailure` when Slack refuses the first connection. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

function createSocket({ appToken, apiUrl, logger, log }: SocketsOptions): Socket {
  const clientOptions = {
    slackApiUrl: apiUrl,
    timeout: CONNECT_TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  };
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions },
  });
  const stopping = new AbortController();
  let failures = 0;
  let connectedAt = 0;

  async function connect(): Promise<void> {
    // Half of a broken path lets nothing through and refuses nothing.
    const timeout = AbortSignal.timeout(2 * CONNECT_TIMEOUT_MS);
    const tooLate = new Promise<never>((_, reject) => {
      timeout.addEventListener("abort", () => reject(new ChatFailure("", null)));
    });
    try {
      await Promise.race([calling(receiver.client.start()), tooLate]);
    } catch (error) {
      if (timeout.aborted) await receiver.client.disconnect();
      throw error;
    }
    connectedAt = performance.now();
  }

  async function comeBack(): Promise<void> {
    failures = performance.now() - connectedAt < LASTING_MS ? failures + 1 : 0;
    while (!stopping.signal.aborted) {
      if (failures > 0) await rest(Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS), stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        await connect();
        return;
      } catch (error) {
        failures += 1;
        log.error("slack refuses the connection", {
          code: error instanceof ChatFailure ? error.code : String(error),
          failures,
        });
      }
    }
  }

  return {
    init: (app) => receiver.init(app),
    async start() {
      await connect();
      let comingBack: Promise<void> | null = null;
      receiver.client.on("disconnected", () => {
        comingBack ??= comeBack().finally(() => {
          comingBack = null;
        });
      });
    },
    async stop() {
      stopping.abort();
      await receiver.stop();
    },
  };
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
