import { refuse, type ApiAnswer } from "./answers.ts";
import { readContent, saysNothing } from "./content.ts";
import { isJsonObject, type JsonObject } from "./json.ts";
import { deleteMessage, editMessage, findMessage, postMessage, showEphemeral } from "./messages.ts";
import { RESPONSE_URL_USES_MAX, type ResponseUrl } from "./response-urls.ts";
import type { Workspace } from "./workspace.ts";

/** What a response URL answers; Slack says plain `ok` when all is well. */
export interface Responded {
  readonly status: 200 | 400 | 404;
  readonly body: ApiAnswer | "ok";
}

/**
 * Carries out what an app posts to a response URL.
 *
 * Without instructions the answer is for the one person; it replaces or deletes the message acted on only when told to.
 * https://docs.slack.dev/interactivity/handling-user-interaction (message responses)
 */
export function respond(workspace: Workspace, path: string, body: unknown, now: number): Responded {
  const url = workspace.responseUrls.get(path);
  if (url === undefined) return { status: 404, body: refuse("invalid_url") };
  if (now >= url.expiresAt) return { status: 404, body: refuse("expired_url") };
  if (url.uses >= RESPONSE_URL_USES_MAX) return { status: 404, body: refuse("used_url") };
  if (!isJsonObject(body)) return { status: 400, body: refuse("invalid_payload") };
  const refusal = carryOut(workspace, url, body, now);
  if (refusal !== null) return { status: 400, body: refusal };
  url.uses += 1;
  return { status: 200, body: "ok" };
}

function carryOut(workspace: Workspace, url: ResponseUrl, body: JsonObject, now: number): ApiAnswer | null {
  const channel = workspace.channels.get(url.channel);
  if (channel === undefined) return refuse("channel_not_found");
  const original = url.message === null ? undefined : findMessage(channel, url.message, url.user);
  const isOwn = original?.fromApp === true;
  if (body["delete_original"] === true) {
    if (original === undefined || !isOwn) return refuse("message_not_found");
    deleteMessage(workspace, original, now);
    return null;
  }
  const read = readContent(
    workspace,
    {
      text: typeof body["text"] === "string" ? body["text"] : undefined,
      blocks: body["blocks"],
      attachments: body["attachments"],
      metadata: body["metadata"],
    },
    now,
  );
  if (!read.ok) return read;
  if (saysNothing(read.content)) return refuse("no_text");
  if (body["replace_original"] === true && original !== undefined && isOwn) {
    editMessage(workspace, original, { blocks: [], ...read.content }, now);
    return null;
  }
  const threadTs = typeof body["thread_ts"] === "string" ? body["thread_ts"] : null;
  const draft = { ...read.content, user: workspace.app.botUserId, fromApp: true, threadTs };
  if (body["response_type"] === "in_channel") postMessage(workspace, channel, draft, now);
  else showEphemeral(workspace, channel, { ...draft, to: url.user }, now);
  return null;
}
