/**
 * Every setting of the bot in one table: name, default, meaning, and what a value must look like. The environment is read
 * here and nowhere else, and everything that is wrong with it is said at once.
 */
import { z } from "zod";
import { CONNECTION_IDS } from "../machines/connections/types.ts";
import type { BorderCrossing } from "../machines/network/preflight-vpcs.ts";
import { ROUTER_INTERFACES_MAX } from "../machines/network/rules.ts";

interface Setting<T> {
  readonly name: string;
  readonly meaning: string;
  /** Shown in the documentation; null when the setting must be given. */
  readonly default: string | null;
  readonly schema: z.ZodType<T>;
}

function setting<T>(name: string, defaultValue: string | null, meaning: string, schema: z.ZodType<T>): Setting<T> {
  return { name, meaning, default: defaultValue, schema };
}

const text = (shape: RegExp, must: string) => z.string().regex(shape, must);
const list = (shape: RegExp, must: string) =>
  z
    .string()
    .transform((value) => value.split(/[\s,]+/).filter(Boolean))
    .refine((values) => values.every((value) => shape.test(value)), must);
const hours = z.coerce
  .number("must be a number of hours")
  .positive("must be more than 0")
  .max(24 * 365, "must be a year at most");
const port = z.coerce
  .number("must be a port")
  .int("must be a port")
  .min(0, "must be a port")
  .max(65_535, "must be a port");

const BORDER_CROSSING = /^([a-z]{2}-[a-z0-9-]+)\/([a-z]{2}-[a-z0-9-]+)=([^\s,=]{1,64})$/;

function borderCrossing(written: string): BorderCrossing {
  const [, first = "", second = "", reference = ""] = BORDER_CROSSING.exec(written) ?? [];
  return { regions: [first, second], reference };
}

export const SETTINGS = {
  mode: setting(
    "MODE",
    "read-only",
    "`read-only` changes nothing in the cloud and takes no requests; `operate` carries out approved plans",
    z.enum(["read-only", "operate"], "must be read-only or operate"),
  ),
  slackBotToken: setting(
    "SLACK_BOT_TOKEN",
    null,
    "bot token of the Slack app, under *OAuth & Permissions*",
    text(/^xoxb-/, "must start with xoxb-"),
  ),
  slackTransport: setting(
    "SLACK_TRANSPORT",
    "socket",
    "how Slack reaches the bot: `socket` (no inbound port) or `http`",
    z.enum(["socket", "http"], "must be socket or http"),
  ),
  slackAppToken: setting(
    "SLACK_APP_TOKEN",
    "",
    "app-level token with `connections:write`, for `socket`",
    text(/^(xapp-.*)?$/, "must start with xapp-"),
  ),
  slackSigningSecret: setting("SLACK_SIGNING_SECRET", "", "signing secret of the Slack app, for `http`", z.string()),
  port: setting("PORT", "3000", "port to listen on, for `http`", port),
  slackChannel: setting(
    "SLACK_CHANNEL",
    null,
    "id of the channel that gets the cards; the bot must be a member",
    text(/^[CG][A-Z0-9]{2,}$/, "must be a channel id such as C0123456789"),
  ),
  slackApiUrl: setting(
    "SLACK_API_URL",
    "https://slack.com/api/",
    "another Slack, such as the sandbox's",
    z.url("must be a URL"),
  ),
  leadsGroup: setting(
    "NETWORK_LEADS_GROUP",
    "",
    "id of the Slack user group whose members decide",
    text(/^(S[A-Z0-9]{2,})?$/, "must be a user group id such as S0123456789"),
  ),
  leads: setting(
    "NETWORK_LEADS",
    "",
    "user ids of network leads beside the group, separated by commas",
    list(/^[UW][A-Z0-9]{2,}$/, "must be user ids such as U0123456789"),
  ),
  regions: setting(
    "REGIONS",
    "",
    "regions whose VPCs the form offers, separated by commas; empty means all",
    list(/^[a-z]{2}-[a-z0-9-]+$/, "must be region ids such as cn-qingdao"),
  ),
  homeRegion: setting(
    "HOME_REGION",
    "cn-hangzhou",
    "region asked for the account and the list of regions",
    text(/^[a-z]{2}-[a-z0-9-]+$/, "must be a region id such as cn-hangzhou"),
  ),
  testTag: setting(
    "TEST_TAG",
    "peer-vpcs-test=allow",
    "tag, key=value, of instances that take part in connectivity tests",
    text(/^[^=\s]{1,64}=[^=\s]{1,64}$/, "must be key=value"),
  ),
  connections: setting(
    "CONNECTIONS",
    CONNECTION_IDS.join(","),
    "kinds of connection that the form offers, the first one proposed: `router-interfaces`, `vpc-peer`",
    list(new RegExp(`^(${CONNECTION_IDS.join("|")})$`), `must be out of ${CONNECTION_IDS.join(", ")}`).pipe(
      z.tuple([z.enum(CONNECTION_IDS)], z.enum(CONNECTION_IDS)),
    ),
  ),
  mayOpenCdt: setting(
    "MAY_OPEN_CDT",
    "no",
    "`yes` lets a VPC peering connection between regions open Cloud Data Transfer, a paid service of the account",
    z.enum(["yes", "no"], "must be yes or no").transform((value) => value === "yes"),
  ),
  sensitiveTags: setting(
    "SENSITIVE_TAGS",
    "pci,sensitive",
    "tags of hosts that are named before anybody decides, such as `pci,data-class=restricted`, separated by commas; a key alone takes any value but `false` and `no`",
    list(/^[^=,\s]+(=[^=,\s]+)?$/, "must be tags, such as pci,data-class=restricted").transform((tags) =>
      tags.map((tag) => ({ key: tag.split("=")[0] ?? "", value: tag.split("=")[1] ?? null })),
    ),
  ),
  crossBorder: setting(
    "CROSS_BORDER_PAIRS",
    "",
    "pairs of regions on two sides of the border of mainland China that may be joined, each with the reference that allows it, such as `cn-qingdao/ap-southeast-1=REF-2026-17`, separated by commas",
    list(
      BORDER_CROSSING,
      "must be pairs of regions with a reference, such as cn-qingdao/ap-southeast-1=REF-2026-17",
    ).transform((pairs) => pairs.map(borderCrossing)),
  ),
  routerInterfacesMax: setting(
    "ROUTER_INTERFACES_MAX",
    String(ROUTER_INTERFACES_MAX),
    "router interfaces that one VPC's router takes in this account (Quota Center, `ec_quota_vroute_ri_num`)",
    z.coerce
      .number("must be a number of interfaces")
      .int("must be a number of interfaces")
      .min(1, "must be 1 at least")
      .max(100, "must be 100 at most"),
  ),
  pictures: setting(
    "PICTURES",
    "on",
    "`on` draws the two networks under each card and plan; needs the scope `files:write`",
    z.enum(["on", "off"], "must be on or off").transform((value) => value === "on"),
  ),
  alibabaEndpoint: setting(
    "ALIBABA_ENDPOINT",
    "",
    "host:port of another Alibaba Cloud, such as the sandbox's; plain HTTP on this machine, else HTTPS",
    text(/^([a-z0-9.-]+:\d+)?$/, "must be host:port"),
  ),
  databaseUrl: setting(
    "DATABASE_URL",
    "",
    "a PostgreSQL, postgres://…; without it the bot keeps its own in DATA_DIR",
    text(/^(postgres(ql)?:\/\/.+)?$/, "must start with postgres://"),
  ),
  dataDirectory: setting(
    "DATA_DIR",
    "data",
    "directory of the embedded database; one process at a time",
    z.string().min(1, "must not be empty"),
  ),
  decisionHours: setting("DECISION_TIMEOUT_HOURS", "72", "how long the leads have before a request expires", hours),
  startHours: setting("START_TIMEOUT_HOURS", "1", "how long an approved plan may wait for its start", hours),
  logLevel: setting(
    "LOG_LEVEL",
    "info",
    "least level that is logged: `debug`, `info`, `warn`, `error`",
    z.enum(["debug", "info", "warn", "error"], "must be debug, info, warn or error"),
  ),
} as const;

type Values = { readonly [K in keyof typeof SETTINGS]: z.infer<(typeof SETTINGS)[K]["schema"]> };

export interface Config extends Omit<
  Values,
  "slackTransport" | "slackAppToken" | "slackSigningSecret" | "port" | "testTag"
> {
  readonly transport:
    | { readonly transport: "socket"; readonly appToken: string }
    | { readonly transport: "http"; readonly signingSecret: string; readonly port: number };
  readonly testTag: { readonly key: string; readonly value: string };
}

/** The settings, or every problem with them: each names its setting, what is wrong, and what the setting is for. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): { readonly config: Config } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const entries = Object.entries(SETTINGS).map(([key, { name, meaning, default: standard, schema }]) => {
    const given = environment[name]?.trim() || standard;
    if (given === null) {
      problems.push(`${name} is missing: ${meaning}.`);
      return [key, undefined];
    }
    const parsed = schema.safeParse(given);
    if (!parsed.success) problems.push(`${name} ${parsed.error.issues[0]?.message ?? "is wrong"}: ${meaning}.`);
    return [key, parsed.data];
  });
  // Every entry parsed, or a problem says that it did not.
  const values = Object.fromEntries(entries) as Values;
  const transport = transportOf(values, problems);
  if (problems.length > 0) return { problems };
  const [key = "", value = ""] = values.testTag.split("=");
  return { config: { ...values, transport, testTag: { key, value } } };
}

function transportOf(
  { slackTransport, slackAppToken, slackSigningSecret, port: listenOn }: Values,
  problems: string[],
): Config["transport"] {
  if (slackTransport === "http") {
    if (!slackSigningSecret) problems.push(`SLACK_SIGNING_SECRET is missing: ${SETTINGS.slackSigningSecret.meaning}.`);
    return { transport: "http", signingSecret: slackSigningSecret, port: listenOn };
  }
  if (slackTransport === "socket" && slackAppToken === "")
    problems.push(`SLACK_APP_TOKEN is missing: ${SETTINGS.slackAppToken.meaning}.`);
  return { transport: "socket", appToken: slackAppToken };
}
