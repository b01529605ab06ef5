/**
 * The bot as a child process, started by its real command and told of the two fakes by its settings. The sandbox imports
 * nothing of the bot; they meet over HTTP.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { RunningAlibaba } from "./alibaba/start.ts";
import type { RunningSlack } from "./slack/start.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** The first start of an embedded database takes seconds, and more on a machine that is busy. */
const READY_TIMEOUT_MS = 60_000;

/** Enough of the log to see why it did not start. */
const LINES_KEPT_MAX = 200;

export interface BotProcess {
  readonly pid: number;
  /** From the start of the process to its first readiness, ms. */
  readonly readyMs: number;
  /** The most memory it has had so far, MB; null where the system does not tell (anything but Linux). */
  peakMemoryMb(): number | null;
  /** The last lines it logged, JSON each. */
  readonly lines: readonly string[];
  /** Resolves with the exit code, or null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Asks it to stop and waits until it has; kills it when it takes too long. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

/** The settings that point the bot at the two fakes. */
export function botSettings(
  alibaba: RunningAlibaba,
  slack: RunningSlack,
  dataDirectory: string,
): Readonly<Record<string, string>> {
  return {
    MODE: "operate",
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_CHANNEL: slack.channels.find(({ name }) => name === "network-requests")?.id ?? "",
    NETWORK_LEADS_GROUP: slack.groups.find(({ handle }) => handle === "network-leads")?.id ?? "",
    ALIBABA_ENDPOINT: alibaba.endpoint,
    ALIBABA_CLOUD_ACCESS_KEY_ID: alibaba.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: alibaba.accessKeySecret,
    // Nothing is billed here.
    MAY_OPEN_CDT: "yes",
    DATA_DIR: dataDirectory,
    LOG_LEVEL: "info",
  };
}

/** Rejects with the bot's own words when it ends before it is ready. */
export async function startBot(
  settings: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => {},
): Promise<BotProcess> {
  const begun = performance.now();
  const child = spawn(process.execPath, [MAIN, "start"], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...settings },
    // An operator's .env lies where the command is typed, and is not for this bot.
    cwd: import.meta.dirname,
    // By the last one the bot knows when this process is gone, also by a kill.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
  });
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream)
        createInterface({ input: stream }).on("line", (line) => {
          lines.push(line);
          if (lines.length > LINES_KEPT_MAX) lines.shift();
          if (line.includes('"msg":"bot ready"')) resolve();
          onLine(line);
        });
    }
  });
  await readyInTime(child, ready, ended, lines);
  const readyMs = Math.round(performance.now() - begun);
  const pid = child.pid ?? 0;
  return {
    pid,
    readyMs,
    lines,
    ended,
    peakMemoryMb: () => peakMemoryMb(pid),
    stop: () => stop(child, ended),
    kill: () => kill(child, ended),
  };
}

function peakMemoryMb(pid: number): number | null {
  try {
    const [, kb] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kb ? Math.round(Number(kb) / 1_024) : null;
  } catch {
    return null;
  }
}

async function readyInTime(
  child: ChildProcess,
  ready: Promise<void>,
  ended: Promise<number | null>,
  lines: readonly string[],
): Promise<void> {
  const timeout = AbortSignal.timeout(READY_TIMEOUT_MS);
  const tooLate = new Promise<"late">((resolve) => {
    timeout.addEventListener("abort", () => resolve("late"));
  });
  const first = await Promise.race([ready.then(() => "ready" as const), ended.then(() => "ended" as const), tooLate]);
  if (first === "ready") return;
  child.kill("SIGKILL");
  const why =
    first === "late" ? `it was not ready after ${READY_TIMEOUT_MS / 1_000} s` : "it ended before it was ready";
  throw new Error(`starting the bot: ${why}. Its last words:\n${lines.slice(-20).join("\n")}`);
}

/** The bot gives its work ten seconds to end. */
const STOP_TIMEOUT_MS = 15_000;

async function stop(child: ChildProcess, ended: Promise<number | null>): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

async function kill(child: ChildProcess, ended: Promise<number | null>): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}
