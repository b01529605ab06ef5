/**
 * Whether a payload is really for this app in this workspace. Checked on every kind of payload: a check that one entry
 * has and another lacks is no check.
 */
import { z } from "zod";

/** Who we are, as `auth.test` and `bots.info` say. */
export interface Identity {
  readonly appId: string;
  readonly teamId: string;
  /** Null outside of Enterprise Grid. */
  readonly enterpriseId: string | null;
  readonly botUserId: string;
}

/** Slash commands and events carry flat ids, interactions nested ones. */
const Origin = z.object({
  type: z.string().optional(),
  api_app_id: z.string().optional(),
  team_id: z.string().optional(),
  team: z.object({ id: z.string(), enterprise_id: z.string().nullish() }).nullish(),
  enterprise_id: z.string().nullish(),
  enterprise: z.object({ id: z.string() }).nullish(),
});

/**
 * Shortcuts name no app: https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload (read
 * 2026-11-23). The signing secret and the app token that they came by are ours alone.
 */
const NAME_NO_APP: ReadonlyArray<string | undefined> = ["shortcut", "message_action"];

/** False for everything that does not say where it is from. */
export function isForUs(body: unknown, { appId, teamId, enterpriseId }: Identity): boolean {
  const origin = Origin.safeParse(body);
  if (!origin.success) return false;
  const { type, api_app_id, team_id, team, enterprise_id, enterprise } = origin.data;
  const isForThisApp = api_app_id === appId || (api_app_id === undefined && NAME_NO_APP.includes(type));
  const fromEnterprise = enterprise_id ?? enterprise?.id ?? team?.enterprise_id ?? null;
  return (
    isForThisApp && (team?.id ?? team_id) === teamId && (fromEnterprise === null || fromEnterprise === enterpriseId)
  );
}

/** Slack signs the time of sending; Bolt refuses old ones but lets future ones pass: https://docs.slack.dev/authentication/verifying-requests-from-slack (read 2026-08-22). */
const CLOCK_SKEW_MAX_S = 300;

export function isTimely(timestampHeader: unknown, now: number): boolean {
  const sentAt = Number(timestampHeader);
  return Number.isFinite(sentAt) && Math.abs(now / 1_000 - sentAt) <= CLOCK_SKEW_MAX_S;
}
