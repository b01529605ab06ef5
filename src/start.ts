/**
 * `npm start`: the bot for real, from the environment.
 */
import { createBot, type Bot } from "./bot.ts";
import { systemClock } from "./clock.ts";
import { createCloud } from "./cloud/cloud.ts";
import { readConfig, type Config } from "./config.ts";
import { randomIds } from "./ids.ts";
import { createLog } from "./log.ts";
import { createPictures } from "./pictures/pictures.ts";
import { ChatFailure, CloudFailure, type Clock, type CloudReader, type Log } from "./ports.ts";
import { connectSlack, type SlackConnection } from "./slack/connect.ts";
import { groupProblem } from "./slack/directory.ts";
import { channelProblem } from "./slack/thread.ts";
import { PICTURE_WORDS, pictureInWords } from "./slack/texts/en/picture.ts";
import { openStore } from "./store/open.ts";

/** Wrong settings, found when reading them or when Slack and Alibaba Cloud were asked. */
const EXIT_SETTINGS = 2;

/** What somebody must mend before the bot can start; its message is the whole sentence for them. */
class CannotStart extends Error {
  override readonly name = "CannotStart";
}

/** Runs until SIGTERM or SIGINT. Resolves with the exit code. */
export async function start(
  environment: Readonly<Record<string, string | undefined>>,
  version: string,
): Promise<number> {
  const read = readConfig(environment);
  if ("problems" in read)
    return refuse(["peer-vpcs cannot start. Mend these settings:", ...read.problems.map((problem) => `  ${problem}`)]);
  const { config } = read;
  const log = createLog(config.logLevel);
  try {
    const bot = await assemble(config, log, version);
    await begin(bot, config);
    const signal = await new Promise<string>((resolve) => {
      for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(name, () => resolve(name));
      // Only a bot that another program has started for itself has this, and ends with it.
      process.once("disconnect", () => resolve("disconnect"));
    });
    log.info("stopping", { signal });
    await bot.stop();
    return 0;
  } catch (error) {
    if (error instanceof CannotStart) return refuse([`peer-vpcs cannot start: ${error.message}`]);
    throw error;
  }
}

async function assemble(config: Config, log: Log, version: string): Promise<Bot> {
  const clock = systemClock;
  const endpoint = config.alibabaEndpoint === "" ? undefined : endpointAt(config.alibabaEndpoint);
  const cloud = await createCloud({
    mode: config.mode,
    endpoint,
    homeRegion: config.homeRegion,
    testTag: config.testTag,
    clock,
    log,
  }).catch((error: unknown) => {
    throw new CannotStart(
      `no Alibaba Cloud credentials were found (${messageOf(error)}). Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or give the machine a RAM role.`,
    );
  });
  const connecting = connectSlack({
    botToken: config.slackBotToken,
    transport: config.transport,
    apiUrl: config.slackApiUrl,
    log,
  }).catch((error: unknown) => {
    throw new CannotStart(slackProblem(error));
  });
  const [slack] = await Promise.all([
    connecting.then((joined) => checkPlaces(joined, config)),
    checkCloud(cloud.reader, config, log),
  ]);
  const { store, queue } = await open(config, clock, log);
  return createBot(
    {
      store,
      queue,
      ...cloud,
      slack,
      pictures: config.pictures ? createPictures(PICTURE_WORDS, pictureInWords, log) : null,
      clock,
      random: { fraction: Math.random },
      ids: randomIds,
      log,
      botVersion: version,
    },
    config,
  );
}

/** Plain HTTP never leaves this machine: whoever is on the way could read and answer it. */
function endpointAt(host: string): { readonly host: string; readonly protocol: "http" | "https" } {
  const isHere = /^(127\.0\.0\.1|localhost|\[::1\]):/.test(host);
  return { host, protocol: isHere ? "http" : "https" };
}

/** Ends what it began when Slack does not let it in. */
async function begin(bot: Bot, { transport }: Config): Promise<void> {
  try {
    await bot.start();
  } catch (error) {
    await bot.stop();
    if (transport.transport === "http") {
      throw new CannotStart(
        `nothing can listen on PORT ${transport.port} (${messageOf(error)}). Free it, or choose another.`,
      );
    }
    if (!(error instanceof ChatFailure)) throw error;
    if (error.code === "") throw new CannotStart(NO_SLACK);
    throw new CannotStart(
      `Slack does not take SLACK_APP_TOKEN (${error.code}). Make an app-level token with connections:write, under *Basic Information* of the Slack app.`,
    );
  }
}

/** Without a channel for the cards and leads to decide on them, every request would wait for ever. */
async function checkPlaces(slack: SlackConnection, { slackChannel, leadsGroup }: Config): Promise<SlackConnection> {
  const problems = await Promise.all([
    channelProblem(slack.client, slackChannel),
    leadsGroup === "" ? null : groupProblem(slack.client, leadsGroup),
  ]).catch((error: unknown) => {
    throw new CannotStart(slackProblem(error));
  });
  const [channel, group] = problems;
  const said = [
    ...(channel
      ? [
          `SLACK_CHANNEL ${slackChannel} cannot take the cards (${channel}). ${CHANNEL_CURES[channel] ?? "Choose another."}`,
        ]
      : []),
    ...(group
      ? [
          `NETWORK_LEADS_GROUP ${leadsGroup} is no user group of this workspace (${group}). Copy the id of the group, such as S0123456789.`,
        ]
      : []),
  ];
  if (said.length > 0) throw new CannotStart(said.join("\n"));
  return slack;
}

const CHANNEL_CURES: Readonly<Record<string, string>> = {
  not_in_channel: "Type /invite @peer-vpcs in it.",
  channel_not_found: "Check the id; when the channel is private, type /invite @peer-vpcs in it.",
  channel_is_shared: "It is shared with people of other companies; choose one of your own.",
  is_archived: "It is archived; choose another.",
};

/** The data directory may be in use, the database away or newer than this bot. */
async function open(config: Config, clock: Clock, log: Log): ReturnType<typeof openStore> {
  const { databaseUrl, dataDirectory } = config;
  try {
    return await openStore(databaseUrl === "" ? { dataDirectory } : { databaseUrl }, { clock, log });
  } catch (error) {
    log.error("opening the database", { error: chainOf(error) });
    const setting = databaseUrl === "" ? `DATA_DIR ${dataDirectory}` : "DATABASE_URL";
    throw new CannotStart(`the database of ${setting} does not open. ${chainOf(error)}`);
  }
}

/** A wrong key and an unknown region are found now; a cloud that does not answer may answer later. */
async function checkCloud(reader: CloudReader, { regions }: Config, log: Log): Promise<void> {
  try {
    const [accountId, known] = await Promise.all([reader.accountId(), reader.regions()]);
    const unknown = regions.filter((regionId) => !known.includes(regionId));
    if (unknown.length > 0)
      throw new CannotStart(
        `REGIONS names ${unknown.join(", ")}, which Alibaba Cloud does not know. It knows: ${known.join(", ")}.`,
      );
    log.info("alibaba cloud answers", { accountId });
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    const { kind, code, api } = error.failure;
    if (kind === "ownerMustAct")
      throw new CannotStart(
        `Alibaba Cloud does not take the access key (${api}: ${code}). Check ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, and that the key is enabled.`,
      );
    log.warn("alibaba cloud does not answer yet", { api, code, kind });
  }
}

const NO_SLACK = "Slack did not answer. Check the network and SLACK_API_URL.";

function slackProblem(error: unknown): string {
  if (!(error instanceof ChatFailure)) return messageOf(error);
  if (error.code === "") return NO_SLACK;
  if (error.code === "missing_scope")
    return "the Slack app lacks a permission (missing_scope). Update the app from manifest.yml and install it again.";
  return `Slack does not take SLACK_BOT_TOKEN (${error.code}). Install the app again and copy the new bot token.`;
}

function refuse(lines: readonly string[]): number {
  process.stderr.write(`${lines.join("\n")}\n`);
  return EXIT_SETTINGS;
}

/** From what was being done to what was in the way of it. */
function chainOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? `: ${chainOf(error.cause)}` : "";
  return `${messageOf(error)}${cause}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
