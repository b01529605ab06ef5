import { z } from "zod";
import type { Clock } from "./clock.ts";
import type { AlibabaCloud } from "./core.ts";
import { Edit, edit } from "./edit.ts";
import { isAction } from "./operations/registry.ts";
import { refusalOf, refuse } from "./refusal.ts";
import { shownState } from "./shown-state.ts";
import type { WireRequest } from "./wire/wire-request.ts";

/** Where the control API begins. */
export const CONTROL_PREFIX = "/_sandbox/";

/** The control API: unsigned JSON, for tests and for people, on loopback only. */
export interface Control {
  handle(request: WireRequest): { readonly status: number; readonly body: unknown };
}

interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly does: string;
  readonly run: (parts: { readonly cloud: AlibabaCloud; readonly clock: Clock }, input: Input) => unknown;
}

interface Input {
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when there is no body. */
  readonly body: unknown;
}

const DialRequest = z.strictObject({
  action: z.string().refine((name) => name === "*" || isAction(name), "no action of that name is simulated"),
  regionId: z.string().optional(),
  fault: z.union([
    z.enum(["throttle", "unavailable", "slow", "resetBefore", "resetAfter", "notJson", "notJsonAfter"]),
    z.strictObject({
      code: z.string().min(1),
      status: z.int().min(400).max(599),
      message: z.string(),
      extra: z.record(z.string(), z.unknown()).exactOptional(),
    }),
  ]),
  times: z.int().min(1).optional(),
  ms: z.number().min(0).max(600_000).optional(),
  forMs: z.number().min(0).optional(),
  when: z.record(z.string(), z.string()).optional(),
});

const FactRequest = z.strictObject({ name: z.string(), answer: z.string() });

const ClockRequest = z.strictObject({
  speed: z.number().min(0).max(10_000).optional(),
  advanceCloudMs: z.number().min(0).optional(),
  wireOffsetMs: z.number().optional(),
});

/** Every route, with one line about it. */
export const CONTROL_ROUTES: ReadonlyArray<Route> = [
  {
    method: "GET",
    path: "/_sandbox/journal",
    does: "requests and answers, oldest first; `?since=<seq>` leaves out what is known",
    run: ({ cloud }, { query }) => ({ entries: cloud.journal.since(Number(query.get("since") ?? 0)) }),
  },
  {
    method: "GET",
    path: "/_sandbox/state",
    does: "what exists at present, region by region; `?regionId=` for one region",
    run: ({ cloud }, { query }) => shownState(cloud.simulation.world, query.get("regionId") ?? undefined),
  },
  {
    method: "GET",
    path: "/_sandbox/dials",
    does: "the dials that are set",
    run: ({ cloud, clock }) => ({ dials: cloud.dials.list(clock.now().wireMs) }),
  },
  {
    method: "POST",
    path: "/_sandbox/dials",
    does: "sets a dial: `{ action, fault, regionId?, times?, ms?, forMs?, when? }`",
    run: ({ cloud, clock }, { body }) => {
      const { forMs, times, ...dial } = DialRequest.parse(body);
      const { wireMs } = clock.now();
      const untilWireMs = forMs === undefined ? undefined : wireMs + forMs;
      cloud.dials.set({ ...dial, untilWireMs, times: times ?? (forMs === undefined ? 1 : undefined) });
      return { dials: cloud.dials.list(wireMs) };
    },
  },
  {
    method: "DELETE",
    path: "/_sandbox/dials",
    does: "clears all dials",
    run: ({ cloud }) => {
      cloud.dials.clear();
      return { dials: [] };
    },
  },
  {
    method: "GET",
    path: "/_sandbox/facts",
    does: "the unsure facts with their answers",
    run: ({ cloud }) => ({ facts: cloud.simulation.facts.list() }),
  },
  {
    method: "POST",
    path: "/_sandbox/facts",
    does: "answers a fact: `{ name, answer }`",
    run: ({ cloud }, { body }) => {
      const { name, answer } = FactRequest.parse(body);
      const wrong = cloud.simulation.facts.set(name, answer);
      if (wrong !== undefined) refuse({ status: 400, code: "UnknownFact", message: wrong });
      return { facts: cloud.simulation.facts.list() };
    },
  },
  {
    method: "GET",
    path: "/_sandbox/clock",
    does: "both clocks and the speed",
    run: ({ clock }) => ({ ...clock.now(), speed: clock.speed() }),
  },
  {
    method: "POST",
    path: "/_sandbox/clock",
    does: "changes the clocks: `{ speed?, advanceCloudMs?, wireOffsetMs? }`",
    run: ({ cloud, clock }, { body }) => {
      clock.set(ClockRequest.parse(body));
      cloud.advance(clock.now().cloudMs);
      return { ...clock.now(), speed: clock.speed() };
    },
  },
  {
    method: "POST",
    path: "/_sandbox/edit",
    does: "changes the world by hand: `{ regionId?, kind, id?, set?, add?, remove? }`",
    run: ({ cloud }, { body }) => edit(cloud.simulation, Edit.parse(body)),
  },
];

/** The control API in front of a cloud and its clocks. */
export function createControl(parts: { cloud: AlibabaCloud; clock: Clock }): Control {
  return {
    handle(request) {
      if (!comesFromThisMachine(request)) {
        return failed(403, "The control API answers only requests to and from this machine.");
      }
      const { pathname, searchParams } = new URL(request.target, "http://localhost");
      const routes = CONTROL_ROUTES.filter((route) => route.path === pathname);
      const route = routes.find(({ method }) => method === request.method);
      if (routes.length === 0) return failed(404, `There is no ${pathname}.`);
      if (route === undefined)
        return failed(405, `${pathname} takes ${routes.map(({ method }) => method).join(", ")}.`);
      return run(parts, route, { query: searchParams, text: request.body.toString("utf8") });
    },
  };
}

function run(
  parts: { cloud: AlibabaCloud; clock: Clock },
  route: Route,
  given: { readonly query: URLSearchParams; readonly text: string },
): { readonly status: number; readonly body: unknown } {
  // What is due by now belongs to what is shown and changed.
  parts.cloud.advance(parts.clock.now().cloudMs);
  try {
    const body: unknown = given.text === "" ? undefined : JSON.parse(given.text);
    return { status: 200, body: route.run(parts, { query: given.query, body }) };
  } catch (error) {
    if (error instanceof SyntaxError) return failed(400, "The body is not JSON.");
    if (error instanceof z.ZodError) return failed(400, z.prettifyError(error));
    const refusal = refusalOf(error);
    if (refusal !== undefined) return failed(refusal.status, refusal.message);
    return failed(500, `The sandbox has a bug: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Whether a request was sent to a loopback name, and by no web page of another origin: a page on the web can reach
 * loopback servers, by a name of its own that it points to 127.0.0.1 or by a cross-origin request.
 */
function comesFromThisMachine({ headers }: WireRequest): boolean {
  const origin = headers["origin"];
  return isLoopback(`http://${headers["host"] ?? ""}`) && (origin === undefined || isLoopback(origin));
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && ["127.0.0.1", "localhost", "[::1]"].includes(new URL(origin).hostname);
}

function failed(status: number, error: string): { readonly status: number; readonly body: unknown } {
  return { status, body: { error } };
}
