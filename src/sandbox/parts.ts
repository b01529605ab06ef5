/**
 * The three parts together: the simulated cloud, the local Slack, and the bot between them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAlibaba, type RunningAlibaba } from "./alibaba/start.ts";
import { botSettings, startBot, type BotProcess } from "./bot-process.ts";
import { startSlack, type RunningSlack } from "./slack/start.ts";

export interface PartsOptions {
  /** 0: any free port. */
  readonly alibabaPort: number;
  readonly slackPort: number;
  /** How many seconds of cloud time pass in one real second. */
  readonly speed: number;
  readonly withBot: boolean;
  /** Each line the bot logs. */
  readonly onBotLine?: (line: string) => void;
}

export interface Parts {
  readonly alibaba: RunningAlibaba;
  readonly slack: RunningSlack;
  readonly bot: BotProcess | null;
  /** Stops all three and removes the bot's data. */
  close(): Promise<void>;
}

export async function startParts({ alibabaPort, slackPort, speed, withBot, onBotLine }: PartsOptions): Promise<Parts> {
  const alibaba = await startAlibaba({ port: alibabaPort, speed }).catch(portProblem("--alibaba-port", alibabaPort));
  const slack = await startSlack({ port: slackPort }).catch(async (error: unknown) => {
    await alibaba.close();
    return portProblem("--slack-port", slackPort)(error);
  });
  const dataDirectory = withBot ? await mkdtemp(join(tmpdir(), "peer-vpcs-sandbox-")) : null;
  const closeFakes = async () => {
    await Promise.all([alibaba.close(), slack.close()]);
    if (dataDirectory) await rm(dataDirectory, { recursive: true, force: true });
  };
  try {
    const bot = dataDirectory ? await startBot(botSettings(alibaba, slack, dataDirectory), onBotLine) : null;
    const close = async () => {
      await bot?.stop();
      await closeFakes();
    };
    return { alibaba, slack, bot, close };
  } catch (error) {
    await closeFakes();
    throw error;
  }
}

/** A sentence for the one who typed the port. */
function portProblem(option: string, port: number): (error: unknown) => never {
  return (error) => {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    throw taken
      ? new Error(`port ${port} is taken; choose another with ${option}, or 0 for any free one`, { cause: error })
      : error;
  };
}

/** Resolves when somebody stops this process, by a key, a command or by closing its terminal. */
export function untilStopped(): Promise<"stopped"> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve("stopped"));
  });
}
