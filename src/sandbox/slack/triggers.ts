import { remember } from "./bounded-map.ts";
import type { Workspace } from "./workspace.ts";

/** The right to open one view for one person, for a moment. */
export interface Trigger {
  readonly user: string;
  readonly expiresAt: number;
  /** The modal the person acted in, when it came from one; a view can only be pushed then. */
  readonly view: string | null;
  exchanged: boolean;
}

/** Slack trigger ids expire after 3 s: https://docs.slack.dev/interactivity/handling-user-interaction (read 2026-08). */
export const TRIGGER_TTL_MS = 3_000;

/** Triggers kept to tell an old one from an unknown one. */
const TRIGGERS_MAX = 1_000;

export function newTrigger(workspace: Workspace, from: { user: string; view: string | null }, now: number): string {
  const id = workspace.ids.trigger(now);
  const trigger = { ...from, expiresAt: now + TRIGGER_TTL_MS, exchanged: false };
  remember(workspace.triggers, id, trigger, TRIGGERS_MAX);
  return id;
}

type Exchange =
  | { readonly ok: true; readonly trigger: Trigger }
  | { readonly ok: false; readonly error: "invalid_trigger_id" | "exchanged_trigger_id" | "expired_trigger_id" };

/** The trigger, if it may still be used. Using it up is a second step, so that a refused view does not cost it. */
export function checkTrigger(workspace: Workspace, id: string, now: number): Exchange {
  const trigger = workspace.triggers.get(id);
  if (trigger === undefined) return { ok: false, error: "invalid_trigger_id" };
  if (trigger.exchanged) return { ok: false, error: "exchanged_trigger_id" };
  if (now >= trigger.expiresAt) return { ok: false, error: "expired_trigger_id" };
  return { ok: true, trigger };
}
