import type { Workspace } from "./workspace.ts";

/** How often a method may be called. */
export type Tier = 1 | 2 | 3 | 4 | "special";

/** Calls per minute, method and workspace: https://docs.slack.dev/apis/web-api/rate-limits; "special" is several hundred. */
export const CALLS_PER_MINUTE: Readonly<Record<Tier, number>> = { 1: 1, 2: 20, 3: 50, 4: 100, special: 300 };

/** One message a second and channel, in short bursts: https://docs.slack.dev/apis/web-api/rate-limits. How short is not said. */
export const POSTS_PER_CHANNEL_BURST = 5;

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/**
 * Seconds to wait when this call is one too many, else null; the call is counted either way it is let through.
 *
 * A tier allows that many calls in any 60 s. A channel takes a message a second, and a few more after a silence.
 */
export function overLimit(
  workspace: Workspace,
  call: { readonly method: string; readonly tier: Tier; readonly channel?: string },
  now: number,
): number | null {
  if (!workspace.rateLimits) return null;
  const byMethod = recent(workspace, call.method, now);
  const oldest = byMethod.at(-CALLS_PER_MINUTE[call.tier]);
  if (oldest !== undefined) return seconds(oldest + MINUTE_MS - now);

  if (call.channel !== undefined) {
    const byChannel = recent(workspace, `${call.method} ${call.channel}`, now);
    const wait = waitForPost(byChannel, now);
    if (wait > 0) return seconds(wait);
    byChannel.push(now);
  }
  byMethod.push(now);
  return null;
}

/** A bucket of a few posts that refills by one a second, worked out from the times of the posts. */
function waitForPost(times: readonly number[], now: number): number {
  let full = POSTS_PER_CHANNEL_BURST;
  let at = times[0] ?? now;
  for (const time of times) {
    full = Math.min(POSTS_PER_CHANNEL_BURST, full + (time - at) / SECOND_MS) - 1;
    at = time;
  }
  full = Math.min(POSTS_PER_CHANNEL_BURST, full + (now - at) / SECOND_MS);
  return full >= 1 ? 0 : (1 - full) * SECOND_MS;
}

function recent(workspace: Workspace, key: string, now: number): number[] {
  const times = (workspace.callTimes.get(key) ?? []).filter((time) => time > now - MINUTE_MS);
  workspace.callTimes.set(key, times);
  return times;
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / SECOND_MS));
}
