/**
 * The bot, put together from its ports. No state outside of what it is given, so that several live in one process and
 * each can be dropped as a kill would drop it.
 */
import { createCatalogue } from "./catalogue.ts";
import { createDoor } from "./dispatch.ts";
import { catalogueJob } from "./jobs.ts";
import type { PlanRules } from "../machines/connections/connection.ts";
import type { Clock, CloudReader, CloudWriter, Ids, Log, Pictures, Queue, Random, Rules, Store } from "./ports.ts";
import { createAlbum } from "./slack/album.ts";
import { createAnswers } from "./slack/answer.ts";
import type { SlackConnection } from "./slack/connect.ts";
import { createDirectory } from "./slack/directory.ts";
import { createForms } from "./slack/forms.ts";
import { giveInboundUp, handleInbound } from "./slack/inbound/handle.ts";
import { createIntake } from "./slack/inbound/intake.ts";
import { listen } from "./slack/inbound/listeners.ts";
import { regionName } from "./slack/texts/en/regions.ts";
import { createThread } from "./slack/thread.ts";
import type { Config } from "./config.ts";
import { createHandlers, resume } from "./worker.ts";

/** Everything that is not ours to make. */
export interface BotPorts {
  readonly store: Store;
  readonly queue: Queue;
  readonly reader: CloudReader;
  readonly writer: CloudWriter;
  readonly slack: SlackConnection;
  /** Null when the cards show none. */
  readonly pictures: Pictures | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: Log;
  readonly botVersion: string;
}

export type BotConfig = Pick<
  Config,
  | "mode"
  | "slackChannel"
  | "slackApiUrl"
  | "leadsGroup"
  | "leads"
  | "regions"
  | "testTag"
  | "connections"
  | "mayOpenCdt"
  | "sensitiveTags"
  | "crossBorder"
  | "routerInterfacesMax"
  | "decisionHours"
  | "startHours"
>;

export interface Bot {
  /** Takes up work that was left, then begins to take payloads. */
  start(): Promise<void>;
  /** Intake first, then the work under way, then the database. */
  stop(): Promise<void>;
  /** Drops everything as a kill would. */
  abandon(): void;
}

/** Work under way gets this long to end. */
const STOP_GRACE_MS = 10_000;

/** How old the list of leads may be when somebody decides. */
const LEADS_DECIDE_MAX_AGE_MS = 60_000;

const HOUR_MS = 3_600_000;

export function createBot(ports: BotPorts, config: BotConfig): Bot {
  const { store, queue, slack, clock, log } = ports;
  const { client, identity } = slack;
  const testTag = `${config.testTag.key}=${config.testTag.value}`;
  const planRules = planRulesOf(config);
  const catalogue = createCatalogue({ store, clock, regionName, regions: config.regions });
  const directory = createDirectory({
    client,
    identity,
    store,
    clock,
    leadsGroup: config.leadsGroup || null,
    leadsListed: config.leads,
  });
  const rules: Rules = {
    botVersion: ports.botVersion,
    policy: async () => ({ mode: config.mode, leads: await directory.leads(LEADS_DECIDE_MAX_AGE_MS) }),
  };
  const door = createDoor({ store, clock, rules });
  const thread = createThread({ client, store, clock, channel: config.slackChannel });
  const album = createAlbum({ client, store, clock, problem: () => thread.problem() });
  const forms = createForms({ client, catalogue, clock, log, channel: config.slackChannel, testTag, planRules });
  const answers = createAnswers({ client, apiUrl: config.slackApiUrl, log });
  const limits = { decisionTimeoutMs: config.decisionHours * HOUR_MS, startTimeoutMs: config.startHours * HOUR_MS };
  const parts = { ...ports, door, directory, thread, album, forms, planRules };
  const inbound = { ...parts, rules, catalogue, answers, testTag, channel: config.slackChannel };
  const handlers = createHandlers({
    ...parts,
    limits,
    regions: config.regions,
    inbound: (data) => handleInbound(inbound, data),
    inboundGaveUp: (data) => giveInboundUp(inbound, data),
  });
  listen(slack.app, { store, catalogue, clock, log, identity, planRules, commit: createIntake(queue) });

  return {
    async start() {
      await queue.start(handlers);
      await resume({ store, queue, clock });
      await queue.send([catalogueJob(clock.now(), 0, 1)]);
      await slack.start();
      if (isWithoutLeads(config)) log.warn("there are no network leads, so every request is refused");
      log.info("bot ready", { mode: config.mode });
    },
    async stop() {
      await slack.stop();
      await queue.stop(STOP_GRACE_MS);
      await store.close();
      log.info("bot stopped");
    },
    abandon() {
      queue.abandon();
      void slack.stop();
    },
  };
}

function isWithoutLeads({ mode, leadsGroup, leads }: BotConfig): boolean {
  return mode === "operate" && !leadsGroup && leads.length === 0;
}

function planRulesOf(config: BotConfig): PlanRules {
  const { connections, mayOpenCdt, crossBorder, routerInterfacesMax, sensitiveTags } = config;
  return { connections, mayOpenCdt, crossBorder, routerInterfacesMax, sensitiveTags };
}
