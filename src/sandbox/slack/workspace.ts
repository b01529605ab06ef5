import type { Option } from "./block-kit/shape.ts";
import { CHANGES_MAX, type Change } from "./changes.ts";
import { DIALS_DEFAULT, type Dials } from "./dials.ts";
import type { Fault } from "./faults.ts";
import { createIds, type Ids } from "./ids.ts";
import { JOURNAL_MAX, type JournalEntry } from "./journal.ts";
import { createLog, type Log } from "./log.ts";
import type { Message } from "./messages.ts";
import type { ResponseUrl } from "./response-urls.ts";
import { SEEDS, type SeedPerson, type Seeds } from "./seeds.ts";
import type { Trigger } from "./triggers.ts";
import type { View } from "./views.ts";
import type { StoredFile } from "./files.ts";

/** Someone in the workspace; the bot user is one too. */
export interface Person {
  readonly id: string;
  teamId: string;
  readonly name: string;
  readonly realName: string;
  readonly title: string;
  readonly tz: string;
  kind: SeedPerson["kind"];
  deleted: boolean;
  /** Milliseconds. */
  updatedAt: number;
}

/** A channel or a direct message with the app. */
export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: "public" | "private" | "im";
  readonly members: Set<string>;
  isExtShared: boolean;
  isArchived: boolean;
  readonly messages: Message[];
  /** Ephemeral messages, each for one person. */
  readonly ephemerals: Message[];
  /** Microseconds of the last stamp given out here. */
  lastStamp: number;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  members: readonly string[];
  /** Seconds. */
  updatedAt: number;
}

/** A whole Slack workspace with one app installed, as data. Every function over it takes the wire time. */
export interface Workspace {
  readonly team: Seeds["team"];
  readonly otherTeamId: string;
  readonly app: Seeds["app"];
  /** `http://127.0.0.1:PORT`; response URLs, upload URLs and permalinks start with it. */
  baseUrl: string;
  dials: Dials;
  rateLimits: boolean;
  /** What the installed app was granted. */
  scopes: readonly string[];
  /** Events the app is subscribed to. */
  events: readonly string[];
  /** Whether commands arrive with mentions as `<@U…|name>`, as `should_escape` in a manifest says. */
  escapeCommands: boolean;
  tokenRevoked: boolean;
  appTokenRevoked: boolean;
  readonly people: Map<string, Person>;
  readonly channels: Map<string, Channel>;
  readonly groups: Map<string, UserGroup>;
  readonly views: Map<string, View>;
  /** Open modals by person, the topmost last. */
  readonly stacks: Map<string, string[]>;
  /** Published App Home views by person. */
  readonly homes: Map<string, string>;
  /** Options seen last in selects that load them, by person, block and action. */
  readonly suggested: Map<string, readonly Option[]>;
  readonly triggers: Map<string, Trigger>;
  readonly responseUrls: Map<string, ResponseUrl>;
  readonly files: Map<string, StoredFile>;
  /** Times of calls in the last minute, by method; message posts also by channel. */
  readonly callTimes: Map<string, number[]>;
  readonly faults: Fault[];
  /** Single-use tickets for Socket Mode addresses, with the time they expire. */
  readonly tickets: Map<string, number>;
  readonly ids: Ids;
  readonly changes: Log<Change>;
  readonly journal: Log<JournalEntry>;
}

/** Scopes that let an app do everything that is simulated, but for reading history and posting where it is no member. */
export const SCOPES_DEFAULT: readonly string[] = [
  "channels:read",
  "chat:write",
  "commands",
  "files:write",
  "groups:read",
  "im:read",
  "im:write",
  "reactions:write",
  "usergroups:read",
  "users:read",
  "users:read.email",
];

const EVENTS_DEFAULT: readonly string[] = [
  "app_home_opened",
  "subteam_members_changed",
  "subteam_updated",
  "user_change",
];

/** How a workspace starts. */
export interface WorkspaceOptions {
  /** People, channels and groups; the demo's by default. */
  readonly seeds?: Seeds;
  /** Scopes granted to the app; `SCOPES_DEFAULT` by default. */
  readonly scopes?: readonly string[];
  /** Events the app is subscribed to; `EVENTS_DEFAULT` by default. */
  readonly events?: readonly string[];
  /** Whether calls over the limits are answered 429; true by default. */
  readonly rateLimits?: boolean;
  /** What is not known for sure; see `Dials`. */
  readonly dials?: Partial<Dials>;
}

/** A workspace with its seeds, nothing said in it yet. */
export function createSlackWorkspace(options: WorkspaceOptions = {}): Workspace {
  const seeds = options.seeds ?? SEEDS;
  return {
    team: seeds.team,
    otherTeamId: seeds.otherTeamId,
    app: seeds.app,
    baseUrl: "http://127.0.0.1:0",
    dials: { ...DIALS_DEFAULT, ...options.dials },
    rateLimits: options.rateLimits ?? true,
    scopes: options.scopes ?? SCOPES_DEFAULT,
    events: options.events ?? EVENTS_DEFAULT,
    escapeCommands: true,
    tokenRevoked: false,
    appTokenRevoked: false,
    people: seededPeople(seeds),
    channels: seededChannels(seeds),
    groups: new Map(seeds.groups.map((group) => [group.id, { ...group, updatedAt: 0 }])),
    views: new Map(),
    stacks: new Map(),
    homes: new Map(),
    suggested: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    files: new Map(),
    callTimes: new Map(),
    faults: [],
    tickets: new Map(),
    ids: createIds(),
    changes: createLog(CHANGES_MAX),
    journal: createLog(JOURNAL_MAX),
  };
}

function seededPeople(seeds: Seeds): Map<string, Person> {
  const bot = { id: seeds.app.botUserId, name: seeds.app.botName, realName: seeds.app.name, title: "", tz: "UTC" };
  return new Map(
    [...seeds.people, { ...bot, kind: "bot" as const }].map((person) => [
      person.id,
      {
        deleted: false,
        ...person,
        teamId: person.kind === "stranger" ? seeds.otherTeamId : seeds.team.id,
        updatedAt: 0,
      },
    ]),
  );
}

function seededChannels(seeds: Seeds): Map<string, Channel> {
  return new Map(
    seeds.channels.map(({ hasBot, isExtShared = false, members, ...channel }) => [
      channel.id,
      {
        ...channel,
        members: new Set(hasBot ? [...members, seeds.app.botUserId] : members),
        isExtShared,
        isArchived: false,
        messages: [],
        ephemerals: [],
        lastStamp: 0,
      },
    ]),
  );
}

/** The direct message between the app and this person, made when there is none. */
export function directMessage(workspace: Workspace, personId: string): Channel {
  const held = [...workspace.channels.values()].find((one) => one.kind === "im" && one.members.has(personId));
  if (held !== undefined) return held;
  const channel: Channel = {
    id: workspace.ids.next("D"),
    name: "directmessage",
    kind: "im",
    members: new Set([personId, workspace.app.botUserId]),
    isExtShared: false,
    isArchived: false,
    messages: [],
    ephemerals: [],
    lastStamp: 0,
  };
  workspace.channels.set(channel.id, channel);
  return channel;
}
