import type { IncomingMessage, ServerResponse } from "node:http";

import { refuse } from "./answers.ts";
import { takeFault, type Fault } from "./faults.ts";
import { fieldsOf, readBody, sendJson, sendText } from "./http.ts";
import { wordsIn, type JsonObject } from "./json.ts";
import { callMethod, rateLimited, type ApiReply } from "./web-api.ts";
import type { WireClock } from "./wire-clock.ts";
import type { Workspace } from "./workspace.ts";

/** Answers one `POST /api/<method>`, or lets it go wrong as the faults say; writes it into the journal. */
export async function serveWebApi(
  workspace: Workspace,
  clock: WireClock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const at = clock.now();
  const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
  const method = pathname.slice("/api/".length);
  const body = await readBody(request);
  if (body === undefined) return sendJson(response, 200, refuse("request_too_large"));
  const { token: tokenInBody, ...given }: JsonObject = {
    ...Object.fromEntries(searchParams),
    ...(await fieldsOf(request, body)),
  };
  const token = request.headers.authorization?.replace(/^Bearer /i, "") ?? (wordsIn(tokenInBody) || null);

  const fault = takeFault(workspace.faults, method, at);
  if (fault?.fault === "slow") await new Promise<void>((resolve) => void clock.alarm(clock.now() + fault.ms, resolve));
  const call = { method, token, arguments: given };
  const reply = faultReply(fault) ?? callMethod(workspace, call, clock.now());

  const isCut = fault?.fault === "resetBefore" || fault?.fault === "resetAfter";
  const about = { kind: "call", method, arguments: given, at, ms: clock.now() - at } as const;
  workspace.journal.add({ ...about, status: isCut ? 0 : reply.status, answer: reply.body });
  if (isCut) request.socket.destroy();
  else if (typeof reply.body === "string") sendText(response, reply.status, reply.body, reply.headers);
  else sendJson(response, reply.status, reply.body, reply.headers);
}

/** The answer that a fault gives in place of the method's; null when the method is carried out. */
function faultReply(fault: Fault | undefined): ApiReply | null {
  const kind = fault?.fault;
  if (fault === undefined || kind === undefined || kind === "slow" || kind === "resetAfter") return null;
  if (kind === "ratelimited") return rateLimited(fault.retryAfterSeconds);
  if (kind === "serverError" || kind === "resetBefore")
    return { status: 500, headers: {}, body: "Internal Server Error" };
  return { status: 200, headers: {}, body: refuse(kind.error) };
}
