import { remember } from "./bounded-map.ts";
import type { Workspace } from "./workspace.ts";

/** The right to answer one interaction a few times. */
export interface ResponseUrl {
  readonly user: string;
  readonly channel: string;
  /** The message that was acted on; null for a command or a form. */
  readonly message: string | null;
  readonly expiresAt: number;
  uses: number;
}

/** 5 uses within 30 minutes: https://docs.slack.dev/interactivity/handling-user-interaction (message responses). */
export const RESPONSE_URL_USES_MAX = 5;
export const RESPONSE_URL_TTL_MS = 30 * 60_000;

/** Response URLs kept, so that an old one can be told from an unknown one. */
const RESPONSE_URLS_MAX = 1_000;

/** A new address under which the app can answer; `kind` is what Slack has in the path. */
export function newResponseUrl(
  workspace: Workspace,
  from: { readonly kind: "commands" | "actions" | "app"; user: string; channel: string; message: string | null },
  now: number,
): string {
  const { kind, ...about } = from;
  const path = `/${kind}/${workspace.team.id}/${now}/${workspace.ids.secret()}`;
  const url = { ...about, expiresAt: now + RESPONSE_URL_TTL_MS, uses: 0 };
  remember(workspace.responseUrls, path, url, RESPONSE_URLS_MAX);
  return workspace.baseUrl + path;
}
