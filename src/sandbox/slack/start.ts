import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { serveControlApi, type Controlled, type Watched } from "./control-api.ts";
import type { Delivery } from "./delivery.ts";
import type { DeliveryChoice } from "./editing.ts";
import { imageType } from "./files.ts";
import { createHttpDelivery } from "./http-delivery.ts";
import { fileIn, isLoopback, readBody, sendJson, sendText } from "./http.ts";
import { parseJson } from "./json.ts";
import { respond } from "./respond.ts";
import { createSockets } from "./sockets.ts";
import { serveWebApi } from "./web-api-http.ts";
import { createWireClock, type WireClock } from "./wire-clock.ts";
import { createSlackWorkspace, type Workspace, type WorkspaceOptions } from "./workspace.ts";

/** How the local Slack starts. */
export interface SlackOptions extends WorkspaceOptions {
  /** Port on 127.0.0.1; a free one by default. */
  readonly port?: number;
  /** How the app gets what Slack sends; over Socket Mode by default. */
  readonly delivery?: DeliveryChoice;
}

/** A running local Slack and everything an app and its tests need to know of it. */
export interface RunningSlack {
  /** For an app's `slackApiUrl`, with a slash at the end. */
  readonly apiUrl: string;
  /** Root of the control API, without a slash at the end. */
  readonly url: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly realName: string;
    /** In the user group `network-leads` at the start. */
    readonly isLead: boolean;
  }[];
  readonly channels: readonly { readonly id: string; readonly name: string }[];
  readonly groups: readonly { readonly id: string; readonly handle: string; readonly members: readonly string[] }[];
  /** Stops listening, cuts every connection, and leaves no timer behind. */
  readonly close: () => Promise<void>;
}

const LEADS_HANDLE = "network-leads";

/** Starts a workspace with one app installed, on loopback only. */
export async function startSlack(options: SlackOptions = {}): Promise<RunningSlack> {
  const workspace = createSlackWorkspace(options);
  const clock = createWireClock();
  const sockets = createSockets(workspace, clock);
  let http: Delivery | null = null;
  const waits = createWaits();
  const slack: Controlled = {
    workspace,
    clock,
    sockets,
    send: async (outgoing) => await (http ?? sockets).send(outgoing),
    waitForMore: waits.waitForMore,
    async setDelivery(choice) {
      await http?.close();
      http = choice.kind === "http" ? createHttpDelivery(workspace, clock, choice.url) : null;
    },
  };
  if (options.delivery !== undefined) await slack.setDelivery(options.delivery);

  const server = createServer((request, response) => {
    serve(slack, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { ok: false, error: `the sandbox broke: ${String(error)}` });
    });
  });
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head));
  workspace.baseUrl = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  return {
    ...described(workspace),
    async close() {
      waits.close();
      await Promise.all([sockets.close(), http?.close(), closeServer(server)]);
      clock.close();
    },
  };
}

async function serve(slack: Controlled, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { workspace, clock } = slack;
  const path = new URL(request.url ?? "", "http://127.0.0.1").pathname;
  if (!isLoopback(request.headers.host)) return sendText(response, 403, "only this machine");
  if (path.startsWith("/api/")) return await serveWebApi(workspace, clock, request, response);
  if (path.startsWith("/_sandbox/")) return await serveControlApi(slack, request, response);
  if (path.startsWith("/upload/")) return await serveUpload(workspace, clock, request, response);
  if (path.startsWith("/files/")) return serveFile(workspace, path, response);
  if (/^\/(commands|actions|app)\//.test(path)) return await serveResponseUrl(workspace, clock, request, response);
  return sendText(response, 404, "not found");
}

async function serveResponseUrl(
  workspace: Workspace,
  clock: WireClock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const posted = await readBody(request);
  const body = parseJson(posted?.toString() ?? "");
  const { status, body: answer } = respond(workspace, request.url ?? "", body, clock.now());
  workspace.journal.add({ kind: "responseUrl", at: clock.now(), body, status, answer });
  if (typeof answer === "string") sendText(response, status, answer);
  else sendJson(response, status, answer);
}

async function serveUpload(
  workspace: Workspace,
  clock: WireClock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, id = "", secret] = /^\/upload\/v1\/(\w+)-(\w+)$/.exec(request.url ?? "") ?? [];
  const file = workspace.files.get(id);
  const body = await readBody(request);
  if (file === undefined || file.secret !== secret || body === undefined) return sendText(response, 404, "not found");
  const content = await fileIn(request, body);
  workspace.files.set(id, { ...file, content });
  workspace.journal.add({ kind: "upload", at: clock.now(), file: id, bytes: content.length });
  return sendText(response, 200, `OK - ${content.length}`);
}

/** What people see when they look at a file. Whoever is on this machine may. */
function serveFile(workspace: Workspace, path: string, response: ServerResponse): void {
  const file = workspace.files.get(/^\/files\/\w+\/(\w+)\//.exec(path)?.[1] ?? "");
  if (!file?.content || file.completedAt === null) return sendText(response, 404, "not found");
  response.writeHead(200, { "content-type": imageType(file) ?? "application/octet-stream" });
  response.end(file.content);
}

/** Long polls, which wait in real time. */
function createWaits() {
  const open = new Set<() => void>();
  return {
    waitForMore: async (log: Watched, seq: number, waitMs: number): Promise<void> => {
      if (log.latest() > seq || waitMs <= 0) return;
      await new Promise<void>((resolve) => {
        const stop = (): void => {
          clearTimeout(timer);
          unwatch();
          open.delete(stop);
          resolve();
        };
        const timer = setTimeout(stop, waitMs);
        const unwatch = log.watch(() => (log.latest() > seq ? stop() : undefined));
        open.add(stop);
      });
    },
    close: (): void => {
      for (const stop of open) stop();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  // A server that listens on a port has an address with one.
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

function described(workspace: Workspace): Omit<RunningSlack, "close"> {
  const { app, team, baseUrl } = workspace;
  const groups = [...workspace.groups.values()].map(({ id, handle, members }) => ({ id, handle, members }));
  const leads = groups.find(({ handle }) => handle === LEADS_HANDLE)?.members ?? [];
  return {
    apiUrl: `${baseUrl}/api/`,
    url: baseUrl,
    botToken: app.botToken,
    appToken: app.appToken,
    signingSecret: app.signingSecret,
    teamId: team.id,
    appId: app.id,
    botUserId: app.botUserId,
    people: [...workspace.people.values()]
      .filter(({ id }) => id !== app.botUserId)
      .map(({ id, name, realName }) => ({ id, name, realName, isLead: leads.includes(id) })),
    channels: [...workspace.channels.values()].map(({ id, name }) => ({ id, name })),
    groups,
  };
}
