import type { ApiAnswer } from "../../../src/sandbox/slack/answers.ts";
import { newTrigger } from "../../../src/sandbox/slack/triggers.ts";
import { callMethod } from "../../../src/sandbox/slack/web-api.ts";
import { createSlackWorkspace, type Workspace, type WorkspaceOptions } from "../../../src/sandbox/slack/workspace.ts";

/** 2026-11-23 10:00:00 UTC. */
export const NOW = Date.UTC(2026, 10, 23, 10);

export const REQUESTS = "C0NETWORKS";
export const RANDOM = "C0RANDOM01";
export const LEADS_ONLY = "C0NETLEADS";
export const MEI = "U0MEILIN01";
export const LENA = "U0LENA0001";
export const DEPLOYS = "U0DEPLOYS1";

/** A workspace called without a network, at a time of the test's choosing. */
export interface Calling {
  readonly workspace: Workspace;
  now: number;
  /** The answer of a method, as the app's bot unless another token is given. */
  readonly call: (method: string, args?: Readonly<Record<string, unknown>>, token?: string | null) => ApiAnswer;
  /** The `error` of a refusal, or `"ok"`. */
  readonly error: (method: string, args?: Readonly<Record<string, unknown>>, token?: string | null) => string;
  readonly trigger: (view?: string | null) => string;
}

export function calling(options: WorkspaceOptions = {}): Calling {
  const workspace = createSlackWorkspace({ rateLimits: false, ...options });
  const on: Calling = {
    workspace,
    now: NOW,
    call(method, args = {}, token = workspace.app.botToken) {
      const { body } = callMethod(workspace, { method, token, arguments: args }, on.now);
      return typeof body === "string" ? { ok: false, error: body } : body;
    },
    error(method, args, token) {
      const answer = on.call(method, args, token);
      return answer.ok ? "ok" : answer.error;
    },
    trigger: (view = null) => newTrigger(workspace, { user: MEI, view }, on.now),
  };
  return on;
}

/** The sentences of a refusal, with their JSON pointers. */
export function messagesOf(answer: ApiAnswer): readonly string[] {
  const metadata = answer["response_metadata"] as { readonly messages?: readonly string[] } | undefined;
  return metadata?.messages ?? [];
}

export function modal(more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    type: "modal",
    title: { type: "plain_text", text: "Peer two VPCs" },
    blocks: [{ type: "section", text: { type: "mrkdwn", text: "Checking…" } }],
    ...more,
  };
}
