/**
 * Slack's payloads, as much of each as we read, and the way from one to what is kept of it.
 * Shapes: https://docs.slack.dev/reference/interaction-payloads/ (read 2026-08-22).
 */
import { z } from "zod";
import type { Person } from "../../../machines/peering/record.ts";

const User = z.object({ id: z.string(), team_id: z.string().optional() });
const Team = z.object({ id: z.string() });

export const CommandPayload = z.object({
  trigger_id: z.string(),
  team_id: z.string(),
  user_id: z.string(),
  channel_id: z.string(),
  text: z.string().default(""),
  response_url: z.string(),
});

const Option = z.object({ value: z.string() });
/** The answers of a form: by block id, then by action id. */
export const StateValues = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.string().nullish(),
      selected_option: Option.nullish(),
      selected_options: z.array(Option).nullish(),
    }),
  ),
);
export type StateValues = z.infer<typeof StateValues>;

const View = z.object({
  id: z.string(),
  callback_id: z.string().default(""),
  private_metadata: z.string().default(""),
  state: z.object({ values: StateValues }).default({ values: {} }),
});

export const ActionPayload = z.object({
  trigger_id: z.string(),
  user: User,
  team: Team,
  response_url: z.string().default(""),
  container: z.object({ channel_id: z.string().optional(), message_ts: z.string().optional() }).default({}),
  view: View.nullish(),
  actions: z
    .array(z.object({ action_id: z.string(), action_ts: z.string().default(""), value: z.string().default("") }))
    .min(1),
});

export const ViewPayload = z.object({ trigger_id: z.string(), user: User, team: Team, view: View });
export type ViewPayload = z.infer<typeof ViewPayload>;

export const ShortcutPayload = z.object({
  trigger_id: z.string(),
  user: User,
  team: Team,
  response_url: z.string().default(""),
  message: z.object({ blocks: z.array(z.object({ block_id: z.string().default("") })).default([]) }).optional(),
});

export const SuggestionPayload = z.object({
  user: User,
  team: Team,
  action_id: z.string(),
  value: z.string().default(""),
  view: View.nullish(),
});

export const GroupEventPayload = z.object({
  event_id: z.string(),
  team_id: z.string(),
  event: z.object({ subteam_id: z.string().optional(), subteam: z.object({ id: z.string() }).optional() }),
});

/** The team is the person's own: who comes through a shared channel has another one than the payload. */
export function personOf({
  user,
  team,
}: {
  readonly user: z.infer<typeof User>;
  readonly team: z.infer<typeof Team>;
}): Person {
  return { teamId: user.team_id ?? team.id, userId: user.id };
}

/** What a button carries; null when it is no JSON, so that a schema refuses it. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
