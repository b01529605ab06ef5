/**
 * `npm run sandbox`: starts the parts and stays up, for hand use and for other programs.
 */
import { parseArgs } from "node:util";
import { botSettings } from "./bot-process.ts";
import { startParts, untilStopped, type Parts } from "./parts.ts";

const USAGE = `Usage: npm run sandbox -- [options]
  --no-bot               only the simulated Alibaba Cloud and the local Slack
  --alibaba-port <port>  port of the simulated Alibaba Cloud (default 4566, 0 for any free one)
  --slack-port <port>    port of the local Slack (default 4567, 0 for any free one)
  --speed <n>            seconds of cloud time in one real second (default 1)
  --json                 print one line of JSON when all is ready`;

const ALIBABA_PORT = 4566;
const SLACK_PORT = 4567;

interface SandboxOptions {
  readonly alibabaPort: number;
  readonly slackPort: number;
  readonly speed: number;
  readonly withBot: boolean;
  readonly json: boolean;
}

/** Resolves with the exit code once it is stopped. */
export async function sandbox(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  if (words.includes("--help")) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (typeof options === "string") {
    process.stderr.write(`${options}\n${USAGE}\n`);
    return 2;
  }
  const stopped = untilStopped().then(() => 0);
  let parts: Parts;
  try {
    parts = await startParts(options);
  } catch (error) {
    process.stderr.write(`The sandbox could not start: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  process.stdout.write(options.json ? `${JSON.stringify(described(parts))}\n` : told(parts));
  const botEnded = parts.bot ? parts.bot.ended.then(() => 1) : new Promise<never>(() => {});
  const code = await Promise.race([stopped, botEnded]);
  if (code === 1)
    process.stderr.write(`The bot ended by itself. Its last words:\n${parts.bot?.lines.slice(-10).join("\n")}\n`);
  await parts.close();
  return code;
}

function readOptions(words: readonly string[]): SandboxOptions | string {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        "no-bot": { type: "boolean", default: false },
        "alibaba-port": { type: "string", default: String(ALIBABA_PORT) },
        "slack-port": { type: "string", default: String(SLACK_PORT) },
        speed: { type: "string", default: "1" },
        json: { type: "boolean", default: false },
      },
    });
    const [alibabaPort, slackPort, speed] = [
      Number(values["alibaba-port"]),
      Number(values["slack-port"]),
      Number(values.speed),
    ];
    if (!isPort(alibabaPort) || !isPort(slackPort)) return "A port is a number from 0 to 65535.";
    if (!(speed > 0)) return "--speed takes a number above 0.";
    return { alibabaPort, slackPort, speed, withBot: !values["no-bot"], json: values.json };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

/** Everything that a foreign program needs to be pointed at it; JSON leaves the functions out. */
function described({ alibaba, slack, bot }: Parts): object {
  return { alibaba, slack, bot: bot ? { pid: bot.pid } : null, pid: process.pid, stop: `kill ${process.pid}` };
}

function told({ alibaba, slack, bot }: Parts): string {
  return `The sandbox is up.${bot ? " The bot is ready." : " No bot was started."}

Simulated Alibaba Cloud  ${alibaba.url}
  access key             ${alibaba.accessKeyId} / ${alibaba.accessKeySecret}
  account                ${alibaba.accountId}
  regions                ${alibaba.regions.join(", ")}
  what it was asked      ${alibaba.url}/_sandbox/journal

Local Slack              ${slack.url}
  api                    ${slack.apiUrl}
  bot token              ${slack.botToken}
  app token              ${slack.appToken}
  signing secret         ${slack.signingSecret}
  people                 ${slack.people.map(({ id, realName, isLead }) => `${realName} ${id}${isLead ? " (network lead)" : ""}`).join(", ")}

${bot ? actingHelp(slack) : settingsHelp(alibaba, slack)}
Stop it with Ctrl-C, or: kill ${process.pid}
`;
}

/** What a person does and sees, by hand. */
function actingHelp({ url, people, channels }: Parts["slack"]): string {
  const channel = channels.find(({ name }) => name === "network-requests");
  const requester = people.find(({ isLead }) => !isLead);
  return `Act as a person, for example type the command:
  curl -s ${url}/_sandbox/act -H 'content-type: application/json' \\
    -d '{"as":"${requester?.id}","do":"command","channel":"${channel?.id}","command":"/peer-vpcs"}'
See what this person has open, what only they can read, and the channel:
  curl -s '${url}/_sandbox/people/${requester?.id}/views?as=text'
  curl -s '${url}/_sandbox/people/${requester?.id}/messages?as=text'
  curl -s '${url}/_sandbox/channels/${channel?.id}/messages?as=text'
How to choose, type, press and submit: src/sandbox/slack/README.md
`;
}

/** For a bot that is started by hand. */
function settingsHelp(alibaba: Parts["alibaba"], slack: Parts["slack"]): string {
  const settings = Object.entries(botSettings(alibaba, slack, "data"));
  return `Start a bot against it, here or elsewhere, with this as its .env:
${settings.map(([name, value]) => `  ${name}=${value}`).join("\n")}
`;
}
