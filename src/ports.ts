/**
 * Everything the bot does to the world and everything it needs from it, on one screen. The composition root in
 * `main.ts` joins each port to its adapter; tests join them to others.
 */
import type { PlanRules } from "../machines/connections/connection.ts";
import type { Actor, Leads, Policy } from "../machines/peering/authority.ts";
import type { Command, Request } from "../machines/peering/commands.ts";
import type { CreateVpcPeerConnection, StepEffect } from "../machines/peering/effects.ts";
import type { Failure } from "../machines/peering/failure.ts";
import type { PeeringEvent } from "../machines/peering/machine.ts";
import type { Outcome, Wait, WaitTarget } from "../machines/peering/outcomes.ts";
import type { PeeringId, Person, WaitKey } from "../machines/peering/record.ts";
import type { Refusal } from "../machines/peering/refusal.ts";
import type { Snapshot, TimerId } from "../machines/peering/transition.ts";
import type {
  Instance,
  InstanceId,
  NetworkFacts,
  NextHopType,
  RegionId,
  RouteEntry,
  RouterInterface,
  SecurityGroupId,
  SecurityGroupRule,
  VpcId,
  VpcPeerConnection,
} from "../machines/network/facts.ts";
import type { TestTries } from "../machines/network/test-output.ts";
import type { ConnectionId, RequestValues } from "../machines/network/request.ts";
import type { Sides } from "../machines/network/side.ts";

// ── Time, chance, words ──────────────────────────────────────────────────────────────────────────────────────────────

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** True up to `maxAgeMs`. What seems to be from the future comes from a clock that was wrong, and counts as old. */
export function isYoung(at: number, maxAgeMs: number, now: number): boolean {
  return at <= now && now - at <= maxAgeMs;
}

export interface Random {
  /** 0 inclusive to 1 exclusive. */
  fraction(): number;
}

export interface Ids {
  /** A fresh draft id; the peering's id derives from it. */
  draft(): DraftId;
}

/** One line per fact: a static lower-case message, everything variable in fields. Never a token, a URL to answer to, or a payload. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** Somebody must act. */
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

// ── The cloud ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What every call of a cloud port rejects with when the cloud says no or says nothing. Anything else thrown is a bug. */
export class CloudFailure extends Error {
  override readonly name = "CloudFailure";
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(`calling ${failure.api}: ${failure.code || failure.kind}`, options);
    this.failure = failure;
  }
}

/** Reads; never changes anything. */
export interface CloudReader {
  /** The account behind the credentials (STS GetCallerIdentity). */
  accountId(): Promise<string>;
  regions(): Promise<readonly RegionId[]>;
  /** Every VPC of a region, as the form offers them. */
  vpcs(regionId: RegionId): Promise<readonly CatalogueVpc[]>;
  /** All that the checks and the plan rest on, both sides in parallel. */
  networkFacts(
    pair: Sides<{ readonly regionId: RegionId; readonly vpcId: VpcId }>,
    asked?: FactsAsked,
  ): Promise<NetworkFacts>;
  routerInterfaces(regionId: RegionId, filter: RouterInterfaceFilter): Promise<readonly RouterInterface[]>;
  /** Peering connections by id, or those that a VPC is an end of. */
  vpcPeerConnections(regionId: RegionId, filter: VpcPeerConnectionFilter): Promise<readonly VpcPeerConnection[]>;
  routeEntries(
    regionId: RegionId,
    filter: { readonly routeTableId: string; readonly destination?: string },
  ): Promise<readonly RouteEntry[]>;
  securityGroupRules(
    regionId: RegionId,
    id: SecurityGroupId,
    direction: "ingress" | "egress",
  ): Promise<readonly SecurityGroupRule[]>;
  /** Null when there is no such instance. */
  instance(regionId: RegionId, id: InstanceId): Promise<Instance | null>;
  /** How a command on an instance ended, or that it has not. */
  invocation(regionId: RegionId, invokeId: string): Promise<Invocation>;
}

export interface FactsAsked {
  /**
   * Tests as well, by dry runs, what the credentials may write for plans under these rules. Only where the bot may write at
   * all; without it no permission is tested.
   */
  readonly permissionsFor?: PlannedWrites;
  /** Called after each read, dry runs left out: large networks take a while. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** What of the rules decides which writes plans make. */
export type PlannedWrites = Pick<PlanRules, "connections" | "mayOpenCdt">;

/** How many reads have been answered, of those that are known to be needed so far. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
}

export interface CatalogueVpc {
  readonly regionId: RegionId;
  readonly id: VpcId;
  readonly name: string;
  readonly cidrs: readonly string[];
}

/** By ids (50 at most), or by router and name: our mark. */
export type RouterInterfaceFilter =
  | { readonly ids: readonly string[] }
  | { readonly routerId: string; readonly name?: string };

export type VpcPeerConnectionFilter = { readonly ids: readonly string[] } | { readonly vpcId: VpcId };

export type Invocation =
  | { readonly ended: false; readonly status: string }
  /** `exitCode` is null when the cloud gave none. `output` is text, the tail of it when it was long. */
  | {
      readonly ended: true;
      readonly status: string;
      readonly exitCode: number | null;
      readonly output: string;
      readonly errorCode: string;
    };

/**
 * What an approved step may do in the cloud. A writer is made for one grant and refuses everything else, so that each
 * write can be led back to its approval, and credentials can be narrowed to it.
 */
export interface Grant {
  readonly peeringId: PeeringId;
  readonly run: number;
  readonly step: string;
  /** The plan that was approved; for a rollback, the plan that it undoes. */
  readonly planHash: string;
  readonly approvedBy: readonly Person[];
  readonly effect: StepEffect;
  /** At most 64 ASCII characters, the same for every attempt at this step. */
  readonly clientToken: string;
}

export type CloudWriter = (grant: Grant) => GrantedWriter;

/** Writes, one API call each. Nothing here reads, waits or repeats: that is the handler's and the machine's. */
export interface GrantedWriter {
  createRouterInterface(order: RouterInterfaceOrder): Promise<Answered & { readonly routerInterfaceId: string }>;
  modifyRouterInterfaceAttribute(change: OppositeInterface): Promise<Answered>;
  connectRouterInterface(target: {
    readonly regionId: RegionId;
    readonly routerInterfaceId: string;
  }): Promise<Answered>;
  deactivateRouterInterface(target: {
    readonly regionId: RegionId;
    readonly routerInterfaceId: string;
  }): Promise<Answered>;
  deleteRouterInterface(target: { readonly regionId: RegionId; readonly routerInterfaceId: string }): Promise<Answered>;
  createVpcPeerConnection(order: VpcPeerConnectionOrder): Promise<Answered & { readonly vpcPeerConnectionId: string }>;
  /** Without force: it is refused while a route entry leads to it. */
  deleteVpcPeerConnection(target: {
    readonly regionId: RegionId;
    readonly vpcPeerConnectionId: string;
  }): Promise<Answered>;
  createRouteEntry(entry: RouteEntryOrder): Promise<Answered & { readonly routeEntryId: string }>;
  deleteRouteEntry(entry: RouteEntryOrder): Promise<Answered>;
  authorizeSecurityGroup(order: SecurityGroupOrder): Promise<Answered>;
  revokeSecurityGroup(
    order: Omit<SecurityGroupOrder, "rules"> & { readonly ruleIds: readonly string[] },
  ): Promise<Answered>;
  /** Pings `targetIp` from the instance with the one fixed script. */
  runTest(order: TestOrder): Promise<Answered & { readonly invokeId: string }>;
}

export interface Answered {
  readonly requestId: string;
}

export interface RouterInterfaceOrder {
  readonly regionId: RegionId;
  readonly role: "InitiatingSide" | "AcceptingSide";
  readonly routerId: string;
  readonly spec: string;
  readonly oppositeRegionId: RegionId;
  readonly oppositeRouterId: string;
  /** Our mark: see `markOf`. */
  readonly name: string;
  readonly description: string;
}

export interface OppositeInterface {
  readonly regionId: RegionId;
  readonly routerInterfaceId: string;
  readonly oppositeInterfaceId: string;
  readonly oppositeRouterId: string;
  readonly oppositeOwnerId: string;
}

export interface RouteEntryOrder {
  readonly regionId: RegionId;
  readonly routeTableId: string;
  readonly destination: string;
  readonly nextHop: { readonly type: NextHopType; readonly id: string };
  readonly name: string;
}

export interface VpcPeerConnectionOrder {
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
  readonly acceptingRegionId: RegionId;
  readonly acceptingVpcId: VpcId;
  /** The one account that both VPCs belong to. */
  readonly acceptingAccountId: string;
  /** Null within one region. */
  readonly link: CreateVpcPeerConnection["link"];
  /** Our mark: see `markOf`. */
  readonly name: string;
  readonly description: string;
}

export interface SecurityGroupOrder {
  readonly regionId: RegionId;
  readonly securityGroupId: SecurityGroupId;
  readonly direction: "ingress" | "egress";
  readonly rules: ReadonlyArray<{
    readonly protocol: "TCP" | "ICMP";
    readonly portRange: string;
    readonly peerCidr: string;
    readonly ownCidr?: string;
    readonly description: string;
  }>;
}

export interface TestOrder {
  readonly regionId: RegionId;
  readonly instanceId: InstanceId;
  readonly osType: Instance["osType"];
  /** On Linux: BusyBox needs root to ping; every other system can do it as `nobody`. */
  readonly username: "nobody" | "root";
  /** An address that was just read from the cloud. */
  readonly targetIp: string;
  readonly tries: TestTries;
  readonly name: string;
}

// ── People and their places ──────────────────────────────────────────────────────────────────────────────────────────

export interface Directory {
  /** How the workspace knows them: looked up when what is stored is too old. */
  actor(person: Person): Promise<Actor>;
  /** The network leads, known for no longer than `maxAgeMs`. */
  leads(maxAgeMs: number): Promise<Leads>;
  /** They changed: the next question looks them up. */
  forgetLeads(): Promise<void>;
}

/** Where the peering is told: one card, edited in place, and the thread under it. Rejects with `ChatFailure`. */
export interface Thread {
  /** Slack's word for why no card can be shown in the channel at present, such as `not_in_channel`; null when one can. */
  problem(): Promise<string | null>;
  /** Equal for cards that look the same. */
  cardHash(card: Card): string;
  /** Posts the card, or edits the one at `at`. */
  showCard(card: Card, at: MessagePlace | null): Promise<MessagePlace>;
  /** How many of these events, from the first, one message can tell, and whether they say anything. */
  portion(happened: readonly StoredEvent[], card: Card): { readonly events: number; readonly isNews: boolean };
  /** Writes what happened under the card, in one message; `later` is what the next ones will tell. */
  tell(happened: readonly StoredEvent[], later: readonly StoredEvent[], card: Card, at: MessagePlace): Promise<void>;
  /** Puts a pointer to the live card in place of a second one. */
  retireCard(stray: MessagePlace, live: MessagePlace): Promise<void>;
}

/** What a card is made from: committed state and nothing else. */
export interface Card {
  readonly snapshot: Snapshot;
  /** Left out while there is none to show. */
  readonly picture?: Picture;
  /** Who holds what the peering waits for, by step. */
  readonly waitingFor: ReadonlyArray<{ readonly step: string; readonly holder: PeeringId }>;
  readonly leads: Leads;
}

/** Draws the two networks of a peering and what joins them. */
export interface Pictures {
  /** Quick. Null when it cannot be drawn, which is logged: whoever asks has more to tell than a picture. */
  drawing(snapshot: Snapshot): Drawing | null;
  /** Some tens of milliseconds, most of it on another thread. Rejects when this machine has no renderer. */
  png(drawing: Drawing): Promise<Uint8Array>;
}

export interface Drawing {
  readonly svg: string;
  /** The same in words, plain text: for those who do not see the picture. */
  readonly altText: string;
  /** Equal for drawings that look and say the same. */
  readonly hash: string;
}

/** The pictures as Slack has them: one for each peering, uploaded and shared with nobody but through a card or a view. */
export interface Album {
  /** This drawing, when it can be shown now; null while there is another one or none, or Slack is not done with it. */
  shown(id: PeeringId, drawing: Drawing): Promise<Picture | null>;
  /** How long until this drawing can be shown, ms, 0 also when it was given up; null when it was never put in. */
  readyInMs(id: PeeringId, drawing: Drawing): Promise<number | null>;
  /** Uploads it in place of the last one. Answers how long until it can be shown, ms. Rejects with `ChatFailure`. */
  put(id: PeeringId, drawing: Drawing, png: Uint8Array): Promise<number>;
  /** There will be no picture of this drawing. */
  giveUp(id: PeeringId, drawing: Drawing): Promise<void>;
  /** Slack did not take this one in a message. Answers how long until it may, ms; null when it has been given up. */
  refused(id: PeeringId, picture: Picture): Promise<number | null>;
}

export interface Picture {
  readonly fileId: string;
  readonly altText: string;
}

interface MessagePlace {
  readonly channel: string;
  readonly ts: string;
}

/** Somebody deleted it: what an edit of the card, and a post in its thread, fail with. */
export const CARD_IS_GONE: readonly string[] = ["message_not_found", "thread_not_found"];

/** No answer, and what Slack says of itself: https://docs.slack.dev/reference/methods/chat.postMessage (errors; read 2026-11-23). */
const PASSING = ["", "ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"];

export class ChatFailure extends Error {
  override readonly name = "ChatFailure";
  /** Slack's error, such as `channel_not_found`; `ratelimited`; empty when no answer came. */
  readonly code: string;
  readonly retryAfterMs: number | null;
  constructor(code: string, retryAfterMs: number | null, options?: ErrorOptions) {
    super(`telling people: ${code || "no answer"}`, options);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
  /** True when the same call may well succeed a moment later, without anybody's help. */
  get isPassing(): boolean {
    return PASSING.includes(this.code);
  }
}

/** The VPCs that the form offers, from memory: type-ahead must answer at once. */
export interface Catalogue {
  /** Those whose name, id, address block or region contain every word, or whose block contains the address. */
  search(query: string): Promise<readonly CatalogueVpc[]>;
  /** Null when no region has it. */
  find(vpcId: VpcId): Promise<CatalogueVpc | null>;
  regions(): Promise<readonly RegionId[]>;
}

/** The form that a draft is shown in. */
export interface Forms {
  /** Shows what is now known about the draft, if its form is still open. */
  refresh(draft: Draft): Promise<void>;
  /** Shows how far the reading is. It never rejects: what is shown must not keep anything from being read. */
  progress(draft: Draft, progress: ReadProgress): Promise<void>;
  /** Says in the form's place, or in a message where it is gone, how the submit ended. */
  conclude(draft: Draft, end: DraftEnd): Promise<void>;
}

export type DraftEnd =
  | { readonly end: "requested"; readonly peeringId: PeeringId; readonly card: MessagePlace | null }
  | { readonly end: "refused"; readonly refusal: Refusal }
  | { readonly end: "failed"; readonly failure: Failure };

// ── The door ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The one way in for every change of a peering; `dispatch.ts`. */
export interface Door {
  /** Begins a peering, or says that this draft already did. */
  request(request: Request, actor: Actor, cause: Cause): Promise<Admitted>;
  command(id: PeeringId, command: Exclude<Command, Request>, actor: Actor, cause: Cause): Promise<Admitted>;
  outcome(id: PeeringId, outcome: Outcome, cause: Cause): Promise<Admitted>;
  timer(id: PeeringId, timer: TimerId, armedAt: number, cause: Cause): Promise<Admitted>;
}

/** Names what set an event off (a trigger id, a job, a timer), so that a repeat is known. */
export type Cause = string;

export type Admitted =
  | { readonly kind: "accepted"; readonly snapshot: Snapshot }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** This cause was here before; nothing happened again. */
  | { readonly kind: "repeated"; readonly snapshot: Snapshot }
  | { readonly kind: "ignored" };

// ── The store and its queue ──────────────────────────────────────────────────────────────────────────────────────────

export interface Store {
  /** Commits when `work` resolves, leaves no trace when it rejects. Short: no call to the world inside. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  peering(id: PeeringId): Promise<StoredPeering | null>;
  /** Newest first; `before` is the last id of the page before. */
  peerings(filter: PeeringFilter): Promise<readonly StoredPeering[]>;
  /** In order of `seq`. */
  events(id: PeeringId, afterSeq: number): Promise<readonly StoredEvent[]>;
  draft(id: DraftId): Promise<Draft | null>;
  waits(regionId: RegionId, kind: WaitTarget["kind"]): Promise<readonly StoredWait[]>;
  /** Steps of a peering that stand in line, and who holds their lane. */
  queuedSteps(id: PeeringId): Promise<ReadonlyArray<{ readonly step: string; readonly holder: PeeringId }>>;
  telling(id: PeeringId): Promise<Telling | null>;
  saveTelling(telling: Telling): Promise<void>;
  /**
   * Takes a turn at something that is limited for all replicas together (`everyMs` apart, `burst` saved up at most) and
   * answers 0; when none is free, takes nothing and answers how long until one is, ms.
   */
  takeTurn(name: string, limit: { readonly everyMs: number; readonly burst: number }): Promise<number>;
  catalogue(): Promise<readonly CatalogueRegion[]>;
  saveCatalogue(region: CatalogueRegion): Promise<void>;
  /** Something kept with its age: people, groups. Null when nothing is. */
  remembered(name: string): Promise<{ readonly value: unknown; readonly at: number } | null>;
  remember(name: string, value: unknown, at: number): Promise<void>;
  /** Rows that stand for work not done: what the queue must hold jobs for. */
  unfinished(): Promise<Unfinished>;
  close(): Promise<void>;
}

export interface Transaction {
  /** Locks the peering until the transaction ends. */
  lockPeering(id: PeeringId): Promise<StoredPeering | null>;
  insertPeering(peering: StoredPeering): Promise<void>;
  updatePeering(peering: StoredPeering): Promise<void>;
  /** Unique per peering and cause. */
  appendEvent(event: StoredEvent): Promise<void>;
  hasEvent(id: PeeringId, cause: Cause): Promise<boolean>;
  /** How many refusals of this person are in the log since `since`, epoch ms. */
  refusalsSince(id: PeeringId, by: Person, since: number): Promise<number>;
  /** Takes the pair of VPCs, whichever is named first, for one open peering; answers with who has it. */
  claimPair(pair: readonly [VpcId, VpcId], id: PeeringId): Promise<PeeringId>;
  freePair(id: PeeringId): Promise<void>;
  /**
   * Puts a step down as asked; `granted` when it may start now. It takes its lanes in their order; at one that is taken it
   * stands in line, keeping those before.
   */
  askStep(step: AskedStep): Promise<{ readonly granted: boolean }>;
  /** Takes an answered step off; answers with the steps that have all of their lanes now. */
  endStep(key: StepKey): Promise<readonly AskedStep[]>;
  addWaits(waits: readonly StoredWait[]): Promise<void>;
  endWait(key: StepKey, wait: WaitKey): Promise<void>;
  /** All waits of a step, when it ends otherwise. */
  endWaits(key: StepKey): Promise<void>;
  insertDraft(draft: Draft): Promise<void>;
  /** Locks the draft. */
  lockDraft(id: DraftId): Promise<Draft | null>;
  updateDraft(draft: Draft): Promise<void>;
  /** Jobs that exist if and only if this transaction commits. */
  send(jobs: readonly Job[]): Promise<void>;
}

export interface StoredPeering {
  readonly snapshot: Snapshot;
  /** `seq` of the newest event. */
  readonly version: number;
  /** Hash of the newest event: the head of the chain. */
  readonly headHash: string;
  readonly machineVersion: number;
  /** Armed timers: the version at which each was armed, and when it is due, epoch ms. */
  readonly timers: Readonly<Record<TimerId, { readonly armedAt: number; readonly dueAt: number }>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** `mine` are those a person asked for; `open` those that have not ended. */
export interface PeeringFilter {
  readonly show: "mine" | "open" | "all";
  readonly person: Person;
  readonly limit: number;
  readonly before?: PeeringId;
}

/** What the log holds: every event that was accepted, and the commands that were refused. */
export type LoggedEvent = PeeringEvent | Request | RefusedCommand;

interface RefusedCommand {
  readonly type: "refused";
  readonly at: number;
  readonly command: Command["type"];
  readonly refusal: Refusal["reason"];
}

export interface StoredEvent {
  readonly peeringId: PeeringId;
  readonly seq: number;
  readonly cause: Cause;
  readonly event: LoggedEvent;
  readonly by: Person | null;
  readonly at: number;
  readonly previousHash: string;
  readonly hash: string;
}

export interface StepKey {
  readonly peeringId: PeeringId;
  readonly run: number;
  readonly step: string;
}

/** A step that was asked and not answered. */
export interface AskedStep extends StepKey {
  readonly generation: number;
  readonly attempt: number;
  readonly lanes: readonly string[];
  readonly askedAt: number;
}

export interface StoredWait extends StepKey, Wait {
  readonly generation: number;
  readonly since: number;
}

/** How far the people have been told. */
export interface Telling {
  readonly peeringId: PeeringId;
  readonly card: MessagePlace | null;
  /** Hash of the card as it was last shown. */
  readonly cardHash: string;
  /** `seq` of the last event that the thread tells. */
  readonly toldSeq: number;
}

export type DraftId = `d_${string}`;

/** A request that is being filled in. Kept 24 h. */
export interface Draft {
  readonly id: DraftId;
  readonly owner: Person;
  readonly createdAt: number;
  /** The open form. */
  readonly viewId: string;
  /** Where the command was typed, for an answer when the form is gone; empty for a shortcut. */
  readonly channel: string;
  readonly pair: DraftPair;
  readonly connection: ConnectionId;
  /** The facts of this pair, or why they could not be read. */
  readonly facts: NetworkFacts | null;
  readonly failure: Failure | null;
  /** What was filled in when it was last sent. */
  readonly values: RequestValues | null;
  /** Sent, and not yet answered: the request is made from it as soon as the facts allow. */
  readonly submitted: boolean;
}

export type DraftPair = Sides<{ readonly regionId: RegionId; readonly vpcId: VpcId } | null>;

export interface CatalogueRegion {
  readonly regionId: RegionId;
  readonly vpcs: readonly CatalogueVpc[];
  readonly readAt: number;
}

export interface Unfinished {
  readonly steps: readonly AskedStep[];
  readonly waits: ReadonlyArray<{ readonly regionId: RegionId; readonly kind: WaitTarget["kind"] }>;
  readonly timers: ReadonlyArray<{
    readonly peeringId: PeeringId;
    readonly timer: TimerId;
    readonly armedAt: number;
    readonly dueAt: number;
  }>;
  readonly untold: readonly PeeringId[];
}

export type Job =
  | { readonly queue: "inbound"; readonly id: JobId; readonly data: unknown }
  | {
      readonly queue: "step";
      readonly id: JobId;
      readonly data: StepKey & { readonly generation: number; readonly attempt: number };
      readonly delayMs: number;
    }
  | {
      readonly queue: "timer";
      readonly id: JobId;
      readonly data: { readonly peeringId: PeeringId; readonly timer: TimerId; readonly armedAt: number };
      readonly delayMs: number;
    }
  /** One at a time per region and kind. */
  | { readonly queue: "poll"; readonly data: { readonly regionId: RegionId; readonly kind: WaitTarget["kind"] } }
  /** One at a time per peering; `priority` lets decisions and final states go first. */
  | {
      readonly queue: "tell";
      /** `afresh`: the card is edited also when nothing has changed, which shows whether somebody deleted it. */
      readonly data: { readonly peeringId: PeeringId; readonly afresh?: boolean };
      readonly priority: number;
      readonly delayMs: number;
    }
  /** One at a time per peering. */
  | { readonly queue: "picture"; readonly data: { readonly peeringId: PeeringId }; readonly delayMs: number }
  /** One at a time per draft. */
  | { readonly queue: "draft"; readonly data: { readonly draftId: DraftId }; readonly delayMs: number }
  /** One at a time. */
  | { readonly queue: "catalogue"; readonly id: JobId; readonly data: null; readonly delayMs: number };

export type QueueName = Job["queue"];

/** A UUID that derives from the cause, so that the same cause makes one job. */
export type JobId = string;

export type Handlers = {
  readonly [Q in QueueName]: {
    /**
     * Rejects when the job should be tried again. `isFirst` is true when certainly nobody has begun this job before: not
     * here, and not in a process that has died.
     */
    readonly run: (data: Extract<Job, { queue: Q }>["data"], signal: AbortSignal, isFirst: boolean) => Promise<void>;
    /** The job failed too often. */
    readonly gaveUp: (data: Extract<Job, { queue: Q }>["data"]) => Promise<void>;
  };
};

export interface Queue {
  /** Jobs outside of any transaction, in one insert; those whose id is known already are left out. */
  send(jobs: readonly Job[]): Promise<void>;
  start(handlers: Handlers): Promise<void>;
  /** Takes no more jobs, waits up to `graceMs` for those under way, then lets go. */
  stop(graceMs: number): Promise<void>;
  /** Drops everything as a kill would: nothing is handed back. */
  abandon(): void;
}

/** Settings that decide who may do what. */
export interface Rules {
  readonly policy: () => Promise<Policy>;
  readonly botVersion: string;
}
