import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";

import { actAs } from "./acting/act.ts";
import { Act } from "./acting/acts.ts";
import { cannot, type Cannot } from "./acting/acted.ts";
import { edit, Edit, type Editable } from "./editing.ts";
import { addFault, FaultRequest } from "./faults.ts";
import { isLoopback, readBody, sendJson, sendText } from "./http.ts";
import { parseJson } from "./json.ts";
import type { Log } from "./log.ts";
import {
  readChannel,
  readFiles,
  readPersonMessages,
  readPersonViews,
  readWorkspace,
  type Reading,
} from "./reading/readings.ts";

/** Longest that one look at the changes or the journal waits, in real time. */
const WAIT_MS_MAX = 30_000;

/** What the control API works on. */
export interface Controlled extends Editable {
  /** Waits in real time until the log grows past `seq`, the time is over, or the sandbox closes. */
  readonly waitForMore: (log: Watched, seq: number, waitMs: number) => Promise<void>;
}

/** The part of a log that waiting needs. */
export type Watched = Pick<Log<object>, "latest" | "watch">;

/** Answers one request under `/_sandbox/`, from this machine only. */
export async function serveControlApi(
  slack: Controlled,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin } = request.headers;
  if (origin !== undefined && !isLoopback(origin)) return sendJson(response, 403, cannot("only pages of this machine"));
  const headers = origin === undefined ? {} : { "access-control-allow-origin": origin, vary: "origin" };
  const allowed = { "access-control-allow-headers": "content-type", "access-control-allow-methods": "GET,POST,DELETE" };
  if (request.method === "OPTIONS") return sendText(response, 204, "", { ...headers, ...allowed });

  const url = new URL(request.url ?? "", "http://127.0.0.1");
  const answer = await answerTo(slack, request, url);
  if (answer === undefined)
    return sendJson(response, 404, cannot(`${request.method} ${url.pathname}: no such thing`), headers);
  if ("asText" in answer) {
    const style = url.searchParams.get("as");
    if (style === "text" || style === "ansi") return sendText(response, 200, answer.asText(style), headers);
    return sendJson(response, 200, answer.asJson, headers);
  }
  return sendJson(response, "ok" in answer && answer.ok === false ? 400 : 200, answer, headers);
}

async function answerTo(slack: Controlled, request: IncomingMessage, url: URL): Promise<Reading | object | undefined> {
  const { workspace, clock } = slack;
  const path = url.pathname.slice("/_sandbox".length);
  switch (`${request.method} ${path}`) {
    case "POST /act":
      return await posted(request, z.looseObject({ as: z.string() }), async ({ as, ...act }) => {
        const parsed = Act.safeParse(act);
        return parsed.success ? await actAs(slack, as, parsed.data) : cannot(z.prettifyError(parsed.error));
      });
    case "POST /workspace":
      return await posted(request, Edit, async (one) => await edit(slack, one));
    case "GET /workspace":
      return readWorkspace(workspace, clock.now());
    case "GET /files":
      return { files: readFiles(workspace) };
    case "POST /faults":
      return await posted(request, FaultRequest, (fault) => {
        addFault(workspace.faults, fault, clock.now());
        return { ok: true };
      });
    case "GET /faults":
      return { faults: workspace.faults };
    case "DELETE /faults":
      workspace.faults.length = 0;
      return { ok: true };
    case "GET /journal": {
      const since = await waited(slack, workspace.journal, url);
      return { seq: workspace.journal.latest(), entries: workspace.journal.since(since) };
    }
    case "GET /changes": {
      const since = await waited(slack, workspace.changes, url);
      return { seq: workspace.changes.latest(), changes: workspace.changes.since(since) };
    }
    default:
      return request.method === "GET" ? read(slack, path, url) : undefined;
  }
}

/** Waits as long as the query says for something after its `since`, and returns that number. */
async function waited(slack: Controlled, log: Watched, url: URL): Promise<number> {
  const since = numberIn(url, "since");
  await slack.waitForMore(log, since, Math.min(numberIn(url, "waitMs"), WAIT_MS_MAX));
  return since;
}

function read({ workspace }: Controlled, path: string, url: URL): Reading | Cannot | undefined {
  const [, kind, name = "", what] = path.split("/").map(decodeURIComponent);
  const options = { tz: url.searchParams.get("tz") ?? "UTC", ts: url.searchParams.get("ts") };
  if (kind === "people" && what === "views") return readPersonViews(workspace, name, options);
  if (kind === "people" && what === "messages") return readPersonMessages(workspace, name, options);
  if (kind === "channels" && what === "messages") return readChannel(workspace, name, options);
  return undefined;
}

/** Runs an answer over the body when it has the right shape; else says everything that is wrong with it. */
async function posted<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
  answer: (body: z.infer<Schema>) => object | Promise<object>,
): Promise<object> {
  const body = await readBody(request);
  const parsed = schema.safeParse(parseJson(body?.toString() ?? ""));
  return parsed.success ? await answer(parsed.data) : cannot(z.prettifyError(parsed.error));
}

function numberIn(url: URL, name: string): number {
  return Math.max(0, Number(url.searchParams.get(name) ?? 0) || 0);
}
