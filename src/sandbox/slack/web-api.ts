import type { z } from "zod";

import { refuse, type ApiAnswer, type ApiRefusal } from "./answers.ts";
import type { JsonObject } from "./json.ts";
import type { Method } from "./methods/method.ts";
import { findMethod } from "./methods/registry.ts";
import { overLimit } from "./rate-limits.ts";
import type { Workspace } from "./workspace.ts";

/** A call of the Web API as it came in. */
export interface ApiRequest {
  readonly method: string;
  /** From the Authorization header, or `token` of the body. */
  readonly token: string | null;
  readonly arguments: JsonObject;
}

/** What goes back: HTTP 200 also for a refusal, 429 for one call too many, 500 when Slack is broken. */
export interface ApiReply {
  readonly status: 200 | 429 | 500;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ApiAnswer | string;
}

/** Scopes of an app-level token. */
const APP_TOKEN_SCOPES = ["connections:write"];

/** Carries out one call: token, scope, rate limit, arguments, then the method itself. */
export function callMethod(workspace: Workspace, request: ApiRequest, now: number): ApiReply {
  const method = findMethod(request.method);
  if (method === undefined) return reply(refuse("unknown_method", { req_method: request.method }));
  const kind = tokenKind(workspace, request.token);
  const granted = kind === "app" ? APP_TOKEN_SCOPES : workspace.scopes;
  const refusal = refuseToken(workspace, request.token, method) ?? refuseScope(method, granted);
  if (refusal !== null) return reply(refusal, method, granted);

  const channel = request.method === "chat.postMessage" ? { channel: String(request.arguments["channel"]) } : {};
  const tier = request.method === "apps.connections.open" ? workspace.dials.connectionsOpenTier : method.tier;
  const wait = overLimit(workspace, { method: request.method, tier, ...channel }, now);
  if (wait !== null) return rateLimited(wait);

  const parsed = method.arguments.safeParse(request.arguments);
  if (!parsed.success) return reply(refuseArguments(parsed.error), method, granted);
  return reply(method.handle({ workspace, args: parsed.data, now }), method, granted);
}

/** The answer to one call too many. */
export function rateLimited(retryAfterSeconds: number): ApiReply {
  return { status: 429, headers: { "retry-after": String(retryAfterSeconds) }, body: "ratelimited" };
}

function reply(body: ApiAnswer, method?: Method, granted: readonly string[] = []): ApiReply {
  const accepted = (method?.scopes ?? []).join(",");
  const scopes = method === undefined ? {} : { "x-oauth-scopes": granted.join(",") };
  return {
    status: 200,
    headers: { ...scopes, ...(accepted === "" ? {} : { "x-accepted-oauth-scopes": accepted }) },
    body,
  };
}

function tokenKind({ app }: Workspace, token: string | null): "bot" | "app" | null {
  if (token === app.botToken) return "bot";
  return token === app.appToken ? "app" : null;
}

function refuseToken(workspace: Workspace, token: string | null, method: Method): ApiRefusal | null {
  if (token === null || token === "") return refuse("not_authed");
  const kind = tokenKind(workspace, token);
  if (kind === null) return refuse("invalid_auth");
  if (kind === "bot" ? workspace.tokenRevoked : workspace.appTokenRevoked) return refuse("token_revoked");
  return method.token === "any" || method.token === kind ? null : refuse("not_allowed_token_type");
}

function refuseScope({ scopes }: Method, granted: readonly string[]): ApiRefusal | null {
  if (scopes.length === 0 || scopes.some((scope) => granted.includes(scope))) return null;
  return refuse("missing_scope", { needed: scopes.join(","), provided: granted.join(",") });
}

function refuseArguments(error: z.ZodError): ApiRefusal {
  const messages = error.issues.map((issue) => {
    const field = issue.path.join("/");
    const isMissing = issue.code === "invalid_type" || issue.code === "invalid_union";
    return `[ERROR] ${isMissing ? `missing required field: ${field}` : `${issue.message}: ${field}`} [json-pointer:/${field}]`;
  });
  return refuse("invalid_arguments", { response_metadata: { messages } });
}
