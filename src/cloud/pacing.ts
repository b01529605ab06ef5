import type { Clock } from "../ports.ts";

/**
 * The smallest quota of the calls we make is 300 in 60 s per region, API and account (VPC 2016-04-28:
 * https://www.alibabacloud.com/help/tc/vpc/developer-reference/api-vpc-2016-04-28-quota, read 2026-08-22; ECS publishes
 * its own only in Quota Center). VpcPeer 2022-01-01 allows 360
 * (https://www.alibabacloud.com/help/tc/vpc/developer-reference/api-vpcpeer-2022-01-01-quota, read 2026-11-25). 50 at once and 240 a minute stay below it and leave a little for people in the console.
 */
const BURST = 50;
const GAP_MS = 250;

/**
 * After a refusal for too many calls, one call a second for a minute, as ECS asks for:
 * https://help.aliyun.com/zh/ecs/developer-reference/api-throttling (read 2026-08-22).
 */
const SLOW_GAP_MS = 1_000;
const SLOW_FOR_MS = 60_000;

/** Longer than this nobody stands in line: a handler lasts seconds, and the machine knows how to come back. */
const WAIT_MAX_MS = 10_000;

/** Keeps the calls of each lane (one API in one region; a central API in all of them) below the cloud's quota. */
export interface Pacing {
  /** Waits for a turn and answers 0, or answers at once how long the wait would be, in ms, when that is too long. */
  turn(lane: string): Promise<number>;
  /** The cloud refused a call of this lane; `retryAfterMs` when it said for how long. */
  slowDown(lane: string, retryAfterMs?: number): void;
}

interface Lane {
  /** When the next call is due, epoch ms; in the past by as much as has been saved up. */
  readonly nextAt: number;
  readonly slowUntil: number;
}

/** Lanes that all have their burst saved up. */
export function createPacing(clock: Clock): Pacing {
  // As many lanes as APIs times regions, some hundreds.
  const lanes = new Map<string, Lane>();
  const laneOf = (name: string): Lane => lanes.get(name) ?? { nextAt: 0, slowUntil: 0 };
  return {
    async turn(name) {
      const now = clock.now();
      const { nextAt, slowUntil } = laneOf(name);
      const isSlow = now < slowUntil;
      const at = Math.max(nextAt, isSlow ? now : now - (BURST - 1) * GAP_MS);
      const waitMs = at - now;
      if (waitMs > WAIT_MAX_MS) return waitMs;
      lanes.set(name, { nextAt: at + (isSlow ? SLOW_GAP_MS : GAP_MS), slowUntil });
      if (waitMs > 0) await clock.sleep(waitMs);
      return 0;
    },
    slowDown(name, retryAfterMs = SLOW_GAP_MS) {
      const now = clock.now();
      lanes.set(name, { nextAt: Math.max(laneOf(name).nextAt, now + retryAfterMs), slowUntil: now + SLOW_FOR_MS });
    },
  };
}
