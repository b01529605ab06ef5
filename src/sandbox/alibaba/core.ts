import { createAgenda } from "./agenda.ts";
import { findAction, findRegion, refuseNotSimulated } from "./asked.ts";
import { type ClientTokens, createClientTokens } from "./client-tokens.ts";
import { createDials, type Dial, type Dials, refusalOfFault } from "./dials.ts";
import { createFacts } from "./facts.ts";
import { createIds } from "./ids.ts";
import { createJournal, type Journal, type JournalEntry } from "./journal.ts";
import { API_METADATA, isDryRun, type Product, readParameters } from "./parameters.ts";
import { type Refusal, refusalOf, refuse } from "./refusal.ts";
import { bodyOf, type Outcome, replyTo } from "./reply.ts";
import { seedWorld } from "./seeds/seed-world.ts";
import type { Now, Operation, OperationAnswer, Simulation } from "./simulation.ts";
import { TIMES } from "./times.ts";
import { type AccessKey, authenticate } from "./wire/authenticate.ts";
import { createNonces, type Nonces } from "./wire/nonces.ts";
import {
  actionParameters,
  type ReadRequest,
  readRequest,
  type WireReply,
  type WireRequest,
} from "./wire/wire-request.ts";
import type { Region } from "./world.ts";

/** The simulated cloud without network and without timers: time comes in with every request. */
export interface AlibabaCloud {
  readonly accessKey: AccessKey;
  readonly simulation: Simulation;
  readonly dials: Dials;
  readonly journal: Journal;
  /** Verifies a request, runs its operation and answers. Whatever goes wrong is an answer too; it never throws. */
  handle(request: WireRequest, now: Now): WireAnswer;
  /** Lets everything happen that is due up to a cloud time, in order. */
  advance(cloudMs: number): void;
}

/** What goes back over the wire, and when. */
export interface WireAnswer {
  /** Undefined: the connection is reset instead. */
  readonly reply: WireReply | undefined;
  /** How long the answer is held back, in ms: cloud time for the usual latency, wire time for a dial's. */
  readonly after: Now;
  /** The journal's record of it; its `endedAt` is for the server to fill in. */
  readonly entry: JournalEntry;
}

/** A cloud in its seeded state. */
export function createAlibabaCloud(options: {
  /** Cloud time of the beginning, ms since the epoch. */
  readonly startsAt: number;
  /** Whether answers take their time; statuses take theirs in any case. Default true. */
  readonly latency?: boolean;
  /** Two clouds with the same seed give out the same ids. Default "sandbox". */
  readonly seed?: string;
}): AlibabaCloud {
  const facts = createFacts();
  const state: State = {
    accessKey: ACCESS_KEY,
    world: seedWorld(options.startsAt),
    facts,
    agenda: createAgenda(options.startsAt),
    ids: createIds(options.seed ?? "sandbox"),
    dials: createDials(),
    journal: createJournal(),
    nonces: createNonces(),
    tokens: createClientTokens(facts),
    hasLatency: options.latency ?? true,
  };
  return {
    accessKey: state.accessKey,
    simulation: state,
    dials: state.dials,
    journal: state.journal,
    handle: (request, now) => handle(state, readRequest(request), now),
    advance: (cloudMs) => state.agenda.advance(cloudMs),
  };
}

interface State extends Simulation {
  readonly accessKey: AccessKey;
  readonly dials: Dials;
  readonly journal: Journal;
  readonly nonces: Nonces;
  readonly tokens: ClientTokens;
  readonly hasLatency: boolean;
}

/** Obviously not a real key: real ones begin with LTAI. */
const ACCESS_KEY: AccessKey = { id: "sandbox-access-key-id", secret: "sandbox-access-key-secret" };

/** What is known of a request so far; each step of its way adds to it. */
interface Handling {
  readonly request: ReadRequest;
  readonly parameters: ReadonlyMap<string, string>;
  readonly now: Now;
  kind: Operation["kind"];
  isDryRun: boolean;
  regionId: string;
  dial: Dial | undefined;
  /** Set at the end. */
  entry: JournalEntry | undefined;
}

function handle(state: State, request: ReadRequest, now: Now): WireAnswer {
  const parameters = actionParameters(request);
  const unknown = { kind: "read", isDryRun: false, regionId: "", dial: undefined, entry: undefined } as const;
  const handling: Handling = { request, parameters, now, ...unknown };
  try {
    state.agenda.advance(now.cloudMs);
    const { product, operation } = findAction(request);
    handling.isDryRun = isDryRun(API_METADATA.products[product].actions[request.action] ?? [], parameters);
    handling.kind = handling.isDryRun ? "read" : operation.kind;
    authenticate(request, state, now.wireMs);
    return record(state, handling, { answer: perform(state, handling, product, operation) });
  } catch (error) {
    return record(state, handling, { refusal: refusalOf(error) ?? internalError(error) });
  }
}

/** Parameters, region, dials, client token, and then the operation itself. */
function perform(state: State, handling: Handling, product: Product, operation: Operation): OperationAnswer {
  const { request, parameters, now } = handling;
  const specs = API_METADATA.products[product].actions[request.action] ?? [];
  const nested = readParameters(specs, parameters, state.facts);
  refuseNotSimulated(product, request.action, parameters);
  const region = findRegion(state.world, parameters);
  handling.regionId = region?.regionId ?? "";
  const { regionId } = handling;
  handling.dial = state.dials.take(
    { action: request.action, regionId, parameters, isDryRun: handling.isDryRun },
    now.wireMs,
  );
  const fault = handling.dial?.fault;
  if (fault === "resetBefore" || fault === "notJson") return { body: {} };
  const refusal = refusalOfFault(fault, state.facts);
  if (refusal !== undefined) refuse(refusal);
  const isAnswered = (): boolean => handling.entry !== undefined && handling.entry.endedAt !== null;
  return state.tokens.once({ action: `${product}/${request.action}`, parameters, isAnswered }, now.wireMs, () =>
    operation.run({
      world: state.world,
      facts: state.facts,
      agenda: state.agenda,
      ids: state.ids,
      parameters: nested,
      region: region ?? anyRegion(state),
      answeredAt: now.cloudMs + heldBack(state, handling).cloudMs,
    }),
  );
}

function record(state: State, handling: Handling, outcome: Outcome): WireAnswer {
  const { request, parameters, now, dial } = handling;
  const requestId = state.ids.requestId();
  const reply = replyTo(outcome, { requestId, host: request.headers["host"] ?? "", dial });
  const after = heldBack(state, handling);
  const entry = state.journal.add(
    {
      at: now.wireMs,
      cloudAt: now.cloudMs,
      action: request.action,
      version: request.version,
      regionId: handling.regionId,
      kind: handling.kind,
      params: Object.fromEntries(parameters),
      status: reply?.status ?? 0,
      ...("refusal" in outcome ? { code: outcome.refusal.code } : {}),
      requestId,
      answer: reply === undefined ? null : bodyOf(reply),
      latencyMs: after.cloudMs,
      settlesAfterMs: "answer" in outcome ? (outcome.answer.settlesAfterMs ?? 0) : 0,
      ...(dial === undefined ? {} : { fault: typeof dial.fault === "string" ? dial.fault : dial.fault.code }),
    },
    reply?.body.length ?? 0,
  );
  handling.entry = entry;
  return { reply, entry, after };
}

function heldBack(state: State, { kind, dial }: Handling): Now {
  return {
    cloudMs: state.hasLatency ? TIMES[kind] : 0,
    wireMs: dial?.fault === "slow" ? (dial.ms ?? 0) : 0,
  };
}

/** Operations of no region look at no region's resources; they get the first one. */
function anyRegion({ world }: State): Region {
  const [region] = world.regions.values();
  if (region === undefined) throw new Error("handling a request: the world has no regions");
  return region;
}

/** A bug of the simulation: seen in the answer and in the journal, and the server goes on. */
function internalError(error: unknown): Refusal {
  const why = error instanceof Error ? error.message : String(error);
  return { status: 500, code: "InternalError", message: `The request processing has failed due to a bug: ${why}` };
}
