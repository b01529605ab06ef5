/**
 * `npm run demo`: the tutorial's story in the terminal, from the command to the ping figures.
 */
import { parseArgs } from "node:util";
import { startParts, untilStopped, type Parts } from "../parts.ts";
import { measure, type Figures } from "./figures.ts";
import { CONNECTIONS, playStory, type Connection, type StoryEnd, type StoryEvents } from "./story.ts";

const USAGE = `Usage: npm run demo -- [options]
  --speed <n>          seconds of cloud time in one real second (default 10; 1 is real time)
  --connection <kind>  router-interfaces (default) or vpc-peer
  --refuse <api>       let the cloud refuse this API, such as CreateRouteEntry, to see how a failure looks
  --json               print one JSON object with the figures instead of the story`;

const SPEED = 10;

/** The story takes about 35 s of cloud time; five times that and a start are a story that hangs, ms. */
const CLOUD_LIMIT_MS = 180_000;
const REAL_LIMIT_MS = 60_000;

/** As shells say it of a command that was interrupted. */
const EXIT_STOPPED = 130;

/** Resolves with the exit code: 0 only when the peering ended verified. */
export async function demo(words: readonly string[]): Promise<number> {
  if (words.includes("--help")) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const options = readOptions(words);
  if (typeof options === "string") {
    process.stderr.write(`${options}\n${USAGE}\n`);
    return 2;
  }
  const { speed, json, refuse, connection } = options;
  const begun = performance.now();
  const say = (text: string) => void (json || process.stdout.write(`${text}\n`));
  say("Starting the local Slack, the simulated Alibaba Cloud and the bot…\n");
  // From the beginning on: what has been started by then is stopped.
  const stopping = untilStopped();
  let parts: Parts | null = null;
  try {
    parts = await startParts({ alibabaPort: 0, slackPort: 0, speed, withBot: true });
    if (refuse) await refuseOnce(parts.alibaba.url, refuse);
    const limitMs = CLOUD_LIMIT_MS / speed + REAL_LIMIT_MS;
    const story = playStory(parts.slack, { connection, limitMs }, told(say));
    const end = await Promise.race([stopping, story]);
    if (end === "stopped") return EXIT_STOPPED;
    const figures = await measure(parts, end, speed);
    const durationMs = Math.round(performance.now() - begun);
    process.stdout.write(json ? `${JSON.stringify({ ...figures, durationMs })}\n` : closing(end, figures, durationMs));
    return end.isVerified ? 0 : 1;
  } catch (error) {
    process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
    if (parts?.bot) process.stderr.write(`The bot's last words:\n${parts.bot.lines.slice(-10).join("\n")}\n`);
    return 1;
  } finally {
    await parts?.close();
  }
}

/** The refusal that operators know best. */
async function refuseOnce(url: string, action: string): Promise<void> {
  const fault = { code: "QuotaExceeded", status: 400, message: "The quota is exceeded." };
  const response = await fetch(`${url}/_sandbox/dials`, {
    method: "POST",
    body: JSON.stringify({ action, fault, times: 1 }),
  });
  if (!response.ok) throw new Error(`--refuse ${action}: the cloud has no such API`);
}

function told(say: (text: string) => void): StoryEvents {
  return {
    onAct: (text) => say(`▸ ${text}`),
    onCard: (text) => say(`\n${text}\n`),
    onThread: (lines) => say(lines.join("\n")),
  };
}

function closing(end: StoryEnd, figures: Figures, durationMs: number): string {
  if (!end.isVerified) return `\n${end.title}\n`;
  const ratio = (figures.wallMs / figures.criticalPathMs).toFixed(2);
  return `\n${figures.pings.join("\n")}

From approval to the last ping: ${seconds(figures.wallMs)}, ${ratio} × the ${seconds(figures.criticalPathMs)} that the cloud itself needed (speed ${figures.speed}).
${figures.cloudWrites} cloud writes, ${figures.cloudReads} cloud reads, ${figures.slackCalls} Slack calls; ${seconds(durationMs)} in all.
`;
}

interface DemoOptions {
  readonly speed: number;
  readonly json: boolean;
  readonly refuse: string | undefined;
  readonly connection: Connection;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function readOptions(words: readonly string[]): DemoOptions | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        speed: { type: "string", default: String(SPEED) },
        json: { type: "boolean", default: false },
        refuse: { type: "string" },
        connection: { type: "string", default: CONNECTIONS[0] },
      },
    });
    const speed = Number(values.speed);
    if (!(speed > 0)) return "--speed takes a number above 0.";
    const connection = CONNECTIONS.find((known) => known === values.connection);
    if (!connection) return `--connection takes ${CONNECTIONS.join(" or ")}.`;
    return { speed, json: values.json, refuse: values.refuse, connection };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
