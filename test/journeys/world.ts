/**
 * A whole world in one process: the simulated cloud and the local Slack over HTTP, and the bot between them with the real
 * SDKs, the real Bolt and a real database. Cloud time runs fast; nothing is mocked.
 */
import { createServer, type AddressInfo } from "node:net";
import type { AttachableClock } from "pg-boss";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { startAlibaba, type RunningAlibaba } from "../../src/sandbox/alibaba/start.ts";
import { channelAt, personAt, workspaceAt, type PersonAt } from "../../src/sandbox/slack/client.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { startSlack, type RunningSlack } from "../../src/sandbox/slack/start.ts";
import { createBot, type Bot, type BotConfig, type BotPorts } from "../../src/bot.ts";
import { createCloud } from "../../src/cloud/cloud.ts";
import { readConfig, type Config } from "../../src/config.ts";
import { randomIds } from "../../src/ids.ts";
import type { Clock, Log, LogFields, Store } from "../../src/ports.ts";
import { connectSlack } from "../../src/slack/connect.ts";
import { openStore } from "../../src/store/open.ts";
import { copyDataDirectory } from "../data-directory.ts";
import { systemClock } from "../../src/clock.ts";
import { createPictures } from "../../src/pictures/pictures.ts";
import { PICTURE_WORDS, pictureInWords } from "../../src/slack/texts/en/picture.ts";

export const CHANNEL = "network-requests";

interface LogLine extends LogFields {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly msg: string;
}

export interface WorldOptions {
  /** Seconds of cloud time in one real second; 40 when left out: the tutorial takes a second. */
  readonly speed?: number;
  /** Settings beside those that point the bot at the fakes. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Slack's rate limits, off when left out: they have journeys of their own. */
  readonly rateLimits?: boolean;
  readonly delivery?: "socket" | "http";
  /** The bot's; the system's when left out. */
  readonly clock?: BotClock;
  /** How long the bot waits for an answer of the cloud, ms of real time; 2 s when left out. */
  readonly timeoutMs?: number;
  /** Stands between the bot and its ports, in every life of it. */
  readonly between?: (ports: BotPorts) => BotPorts;
}

/** `boss` gives pg-boss and the database the same time; without it they have the real one. */
type BotClock = Clock & { readonly boss?: AttachableClock };

export interface World {
  readonly alibaba: RunningAlibaba;
  readonly slack: RunningSlack;
  readonly store: Store;
  /** Where the bot listens when Slack delivers over HTTP. */
  readonly port: number;
  readonly log: readonly LogLine[];
  /** Asks for peerings. */
  readonly mei: PersonAt;
  /** Leads. */
  readonly arjun: PersonAt;
  readonly sofia: PersonAt;
  /** Neither. */
  readonly tomek: PersonAt;
  as(name: string): PersonAt;
  /** Turns dials and clocks of the simulated cloud. */
  cloud(path: string, body?: object): Promise<unknown>;
  journal(): Promise<readonly CloudCall[]>;
  /** Drops the bot as a kill would, or stops it, and starts another on the same data, with other settings if need be. */
  restart(how: "abandon" | "stop", settings?: WorldOptions["settings"], meanwhile?: () => Promise<void>): Promise<void>;
}

export interface CloudCall {
  readonly action: string;
  readonly regionId: string;
  readonly kind: "read" | "write";
  readonly status: number;
  readonly code?: string;
  readonly params: Readonly<Record<string, string>>;
  /** Wire time of arrival, epoch ms. */
  readonly at: number;
  readonly requestId: string;
  readonly answer: unknown;
  /** The dial that struck. */
  readonly fault?: string;
}

/** Closed when the test ends, whatever happens. */
export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { world, close } = await startWorld(options);
  onTestFinished(close);
  return world;
}

/** One world for all tests of a file; each of them leaves behind nothing that another would trip over. */
export function sharedWorld(options: WorldOptions = {}): () => World {
  let started: Awaited<ReturnType<typeof startWorld>> | undefined;
  beforeAll(async () => {
    started = await startWorld(options);
  });
  afterAll(() => started?.close());
  return () => {
    if (!started) throw new Error("the shared world is there once the tests run");
    return started.world;
  };
}

async function startWorld(
  options: WorldOptions,
): Promise<{ readonly world: World; readonly close: () => Promise<void> }> {
  const closers: Array<() => Promise<void> | void> = [];
  const close = async () => {
    while (closers.length > 0) await closers.pop()?.();
  };
  try {
    return { world: await assembleWorld(options, closers), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Puts a closer down for everything that it opens. */
async function assembleWorld(options: WorldOptions, closers: Array<() => Promise<void> | void>): Promise<World> {
  const alibaba = await startAlibaba({ speed: options.speed ?? 40, latency: false });
  closers.push(() => alibaba.close());
  const slack = await startSlack({ rateLimits: options.rateLimits ?? false });
  closers.push(() => slack.close());
  const log: LogLine[] = [];
  const dataDirectory = copyDataDirectory();
  closers.push(() => dataDirectory.remove());
  const port = await freePort();
  if (options.delivery === "http") {
    await workspaceAt(slack.url).edit({
      edit: "delivery",
      delivery: { kind: "http", url: `http://127.0.0.1:${port}/slack/events` },
    });
  }
  const places = { alibaba, slack, dataDirectory: dataDirectory.path, port };
  let running = await startBotIn(configFor(places, options), slack, collect(log), options);
  closers.push(() => running.bot.stop());
  const { url } = slack;
  return {
    alibaba,
    slack,
    get store() {
      return running.store;
    },
    port,
    log,
    mei: personAt(url, "Mei Lin"),
    arjun: personAt(url, "Arjun Rao"),
    sofia: personAt(url, "Sofia Marti"),
    tomek: personAt(url, "Tomek Baran"),
    as: (name) => personAt(url, name),
    cloud: (path, body) => control(alibaba.url, path, body),
    journal: async () => ((await control(alibaba.url, "journal?since=0")) as { entries: readonly CloudCall[] }).entries,
    async restart(how, settings, meanwhile) {
      if (how === "stop") await running.bot.stop();
      else running.bot.abandon();
      await meanwhile?.();
      const changed = { ...options, settings: { ...options.settings, ...settings } };
      running = await startBotIn(configFor(places, changed), slack, collect(log), options);
    },
  };
}

interface Places {
  readonly alibaba: RunningAlibaba;
  readonly slack: RunningSlack;
  readonly dataDirectory: string;
  readonly port: number;
}

function configFor(
  { alibaba, slack, dataDirectory, port }: Places,
  { settings = {}, delivery = "socket" }: WorldOptions,
): Config {
  const read = readConfig({
    MODE: "operate",
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_TRANSPORT: delivery,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    PORT: String(port),
    SLACK_CHANNEL: slack.channels.find(({ name }) => name === CHANNEL)?.id,
    NETWORK_LEADS_GROUP: slack.groups.find(({ handle }) => handle === "network-leads")?.id,
    ALIBABA_ENDPOINT: alibaba.endpoint,
    MAY_OPEN_CDT: "yes",
    CROSS_BORDER_PAIRS: "cn-qingdao/ap-southeast-1=REF-2026-17",
    DATA_DIR: dataDirectory,
    // They have journeys of their own; drawing takes a share of two cores.
    PICTURES: "off",
    ...settings,
  });
  if ("problems" in read) throw new Error(read.problems.join("\n"));
  return read.config;
}

async function startBotIn(
  config: Config & BotConfig,
  slack: RunningSlack,
  log: Log,
  { clock = systemClock, timeoutMs = 2_000, between = (ports) => ports }: WorldOptions,
): Promise<{ readonly bot: Bot; readonly store: Store }> {
  const accessKey = { accessKeyId: "sandbox-access-key-id", accessKeySecret: "sandbox-access-key-secret" };
  const cloud = await createCloud({
    mode: config.mode,
    accessKey,
    endpoint: { host: config.alibabaEndpoint, protocol: "http" },
    homeRegion: config.homeRegion,
    testTag: config.testTag,
    timeoutMs,
    clock,
    log,
  });
  const connection = await connectSlack({
    botToken: slack.botToken,
    transport: config.transport,
    apiUrl: slack.apiUrl,
    log,
  });
  const testClock = clock.boss ? { testClock: clock.boss } : {};
  const { store, queue } = await openStore({ dataDirectory: config.dataDirectory }, { clock, log, ...testClock });
  const ports: BotPorts = {
    store,
    queue,
    ...cloud,
    slack: connection,
    pictures: config.pictures ? createPictures(PICTURE_WORDS, pictureInWords, log) : null,
    clock,
    random: { fraction: Math.random },
    ids: randomIds,
    log,
    botVersion: "test",
  };
  const bot = createBot(between(ports), config);
  await bot.start();
  return { bot, store };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo; // A string only for pipes.
      server.close(() => resolve(port));
    });
  });
}

function collect(lines: LogLine[]): Log {
  const at =
    (level: LogLine["level"]) =>
    (msg: string, fields: LogFields = {}) =>
      void lines.push({ level, msg, ...fields });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

async function control(url: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(
    `${url}/_sandbox/${path}`,
    body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {},
  );
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

// ── What people do and see ───────────────────────────────────────────────────────────────────────────────────────────

export interface Wish {
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
}

/** Opens the form and fills it in, as far as choosing both VPCs and the reason; the proposals stay as they are. */
export async function fillForm(
  { slack }: World,
  who: PersonAt,
  { from = "orders-prod", to = "shared-data", reason = "orders reads the ledger replica" }: Wish = {},
): Promise<void> {
  await who.command(CHANNEL, "/peer-vpcs");
  await who.waitForView((view) => view.title === "Peer two VPCs");
  await chooseVpc(slack, who, "From", from);
  await chooseVpc(slack, who, "To", to);
  await who.type({ block_id: "reason", text: reason });
}

/** Until the form shows what was read of both networks. */
export async function untilRead(who: PersonAt): Promise<void> {
  await who.waitForView((view) => /checks are ok|cannot be peered|could not be read/.test(JSON.stringify(view.blocks)));
}

async function chooseVpc({ url }: RunningSlack, who: PersonAt, label: string, query: string): Promise<void> {
  const value = await workspaceAt(url).waitFor(async () => {
    const { options = [], option_groups = [] } = await who.suggest({ label, query });
    return [...options, ...option_groups.flatMap((group) => group.options)][0]?.value;
  });
  await who.choose({ label, value });
}

/** Asks for the tutorial's peering and waits for its card. */
export async function ask(world: World, wish: Wish = {}, who: PersonAt = world.mei): Promise<SeenMessage> {
  await fillForm(world, who, wish);
  await untilRead(who);
  const { outcome, errors } = await who.submit();
  if (outcome !== "updated") throw new Error(`the form was not taken: ${outcome} ${JSON.stringify(errors)}`);
  const sent = await who.waitForView(({ title }) => title === "Request sent");
  return cardOf(world, /P-[0-9A-Z]+/.exec(JSON.stringify(sent.blocks))?.[0] ?? "", "Waiting for a decision");
}

export async function approve({ arjun }: World, card: SeenMessage, who: PersonAt = arjun): Promise<void> {
  await who.press({ channel: CHANNEL, ts: card.ts, action_id: "approve", confirm: true });
}

/** The newest card once its headline starts with these words. */
export function cardThat({ slack }: World, title: string, waitMs = 15_000): Promise<SeenMessage> {
  return channelAt(slack.url, CHANNEL).waitForMessage(
    (message) => message.user.isApp && titleOf(message).startsWith(title),
    waitMs,
  );
}

/** The card of one peering once its headline starts with these words. */
export function cardOf({ slack }: World, peeringId: string, title: string, waitMs = 15_000): Promise<SeenMessage> {
  const isIt = (message: SeenMessage) => peeringOf(message) === peeringId && titleOf(message).startsWith(title);
  return channelAt(slack.url, CHANNEL).waitForMessage(isIt, waitMs);
}

/** The peering that a card is about; empty for other messages. */
export function peeringOf({ blocks }: SeenMessage): string {
  return /^peering:(.+)$/.exec(blocks[0]?.block_id ?? "")?.[1] ?? "";
}

export function titleOf(card: SeenMessage): string {
  const text = card.blocks[0] && "text" in card.blocks[0] ? card.blocks[0]["text"] : null;
  return typeof text === "object" && text !== null && "text" in text && typeof text.text === "string"
    ? text.text.replaceAll("*", "")
    : "";
}

/** The channel as a person reads it. */
export function channelText({ slack }: World): Promise<string> {
  return channelAt(slack.url, CHANNEL).text();
}

/** The thread under a card once it says something. */
export async function threadThat({ slack }: World, says: RegExp, waitMs = 15_000): Promise<string> {
  return workspaceAt(slack.url).waitFor(async () => {
    const text = await channelAt(slack.url, CHANNEL).text();
    return says.test(text) ? text : null;
  }, waitMs);
}
