/**
 * Every way the world can say no to a step, and what follows from it.
 */
import type { Check } from "../network/checks.ts";
import { hashOf } from "../network/plan.ts";
import type { Missing } from "../network/test-verdict.ts";
import type { Finding } from "../network/reachability.ts";

export type FailureKind = keyof typeof FAILURES;

/**
 * What happens next: `retry` by itself with growing waits, `ask` somebody to mend it and press *Retry step*, or `stop`,
 * where a retry would give the same answer and only *Roll back* helps.
 */
export type Next = "retry" | "ask" | "stop";

type FailureRule =
  | { readonly next: Exclude<Next, "retry"> }
  /** First wait, longest wait, and how long to go on before a person is asked. */
  | {
      readonly next: "retry";
      readonly firstWaitMs: number;
      readonly longestWaitMs: number;
      readonly giveUpAfterMs: number;
    };

const MINUTE_MS = 60_000;

/** The waits follow the classes of https://www.alibabacloud.com/help/en/ecs/developer-reference/ (common errors) and what terraform-provider-alicloud retries (read 2026-08-22). */
const FAILURES = {
  /** The account's or the API's flow control. */
  throttled: { next: "retry", firstWaitMs: 1_000, longestWaitMs: 30_000, giveUpAfterMs: 15 * MINUTE_MS },
  /** Another change is under way, or the resource is between two statuses. */
  busy: { next: "retry", firstWaitMs: 3_000, longestWaitMs: 15_000, giveUpAfterMs: 10 * MINUTE_MS },
  /** The opposite interface does not show its settings yet. */
  notReady: { next: "retry", firstWaitMs: 1_000, longestWaitMs: 10_000, giveUpAfterMs: 2 * MINUTE_MS },
  /** No answer that can be trusted: time-out, reset, 5xx, a body that is not JSON. The next attempt reads back first. */
  unknownResult: { next: "retry", firstWaitMs: 500, longestWaitMs: 15_000, giveUpAfterMs: 10 * MINUTE_MS },
  /** The account's owner must act: permission, bill, quota, access key. */
  ownerMustAct: { next: "ask" },
  /** A refusal of the cloud that no rule of ours knows. */
  refused: { next: "ask" },
  /** Something of others is where ours should go. */
  conflict: { next: "ask" },
  /** Something of ours is gone or different from how we left it. */
  changedByHand: { next: "ask" },
  /** The same client token came back with other parameters: the plan and the attempt disagree. */
  tokenMismatch: { next: "stop" },
  /**
   * The account cannot buy what the plan is made of: router interfaces between VPCs, which Alibaba Cloud stopped selling
   * on 2019-06-20 by the FAQ of Express Connect. Unsure: with which code the API refuses them is documented nowhere, so
   * that the adapter goes by what such codes look like. Another try gets the same answer; a peering connection instead of
   * router interfaces is another plan.
   */
  notSold: { next: "stop" },
  /** The cloud did not get there in the time it normally needs many times over. */
  waitedTooLong: { next: "ask" },
  /** The test ran and nothing answered. */
  noReply: { next: "ask" },
  /** The test could not run: instance stopped, agent offline, no ping there. */
  testCouldNotRun: { next: "ask" },
  /** The checks before the start say stop. */
  planStopped: { next: "ask" },
  /** The bot is installed read-only. */
  readOnly: { next: "ask" },
  /** Our fault; the log has the details. */
  internal: { next: "ask" },
} as const satisfies Record<string, FailureRule>;

export interface Failure {
  readonly kind: FailureKind;
  /** The API that refused, such as `CreateRouteEntry`; our own step's name when no call went out. */
  readonly api: string;
  /** The cloud's code, such as `QuotaExceeded`; empty when there is none. */
  readonly code: string;
  /** The cloud's request id; empty when no answer came. */
  readonly requestId: string;
  /** The cloud's or our own words; foreign text. */
  readonly message: string;
  /** How long the cloud asked us to wait, ms. */
  readonly retryAfterMs?: number;
  /** For `planStopped`: the checks that say stop. */
  readonly checks?: readonly Check[];
  /** What of a test did not answer (`noReply`), or could not be tried on its instance (`testCouldNotRun`). */
  readonly missing?: Missing;
  /** For `noReply`, and for `planStopped` of a fix: what a walk through the configuration found. */
  readonly finding?: Finding;
}

export function nextAfter(failure: Failure): Next {
  return FAILURES[failure.kind].next;
}

/**
 * How long to wait before the next attempt, in ms, or null when it is time to ask a person.
 *
 * `attempt` counts the answers so far, from 1; `troubleSince` is the first of them. Doubles from the first wait to the
 * longest, with up to a quarter taken off by a hash of `seed`, so that many peerings do not knock in step; longer when the
 * cloud asks for more. A wait that would outlast the patience is not begun.
 */
export function retryWaitMs(
  failure: Failure,
  attempt: number,
  troubleSince: number,
  now: number,
  seed: string,
): number | null {
  const rule: FailureRule = FAILURES[failure.kind];
  if (rule.next !== "retry") return null;
  const doubled = Math.min(rule.firstWaitMs * 2 ** (attempt - 1), rule.longestWaitMs);
  const jitter = Number.parseInt(hashOf({ seed, attempt }).slice(0, 4), 16) / 0xffff;
  const wait = Math.max(Math.round(doubled * (1 - jitter / 4)), failure.retryAfterMs ?? 0);
  return now + wait - troubleSince <= rule.giveUpAfterMs ? wait : null;
}
