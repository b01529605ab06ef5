/**
 * The runs after the first, in words: a fix that is proposed and decided, a test that is repeated.
 */
import { shortHash, type Plan } from "../../../../machines/network/plan.ts";
import type { Person, Run } from "../../../../machines/peering/record.ts";
import { code, escaped, listed, person, timeOfDay } from "../mrkdwn.ts";
import { stepName } from "./names.ts";

export const FIX_WAITS_TITLE = "A fix waits for a decision";
export const FIX_CHECKED_TITLE = "Fix approved, checking once more";
export const TESTING_AGAIN_TITLE = "Verified, testing again";
export const LAST_TEST_FAILED_TITLE = "Verified, but the last test failed";

/** What a fix changes, by the names of its steps. */
function changes({ steps, about }: Plan): string {
  const changing = steps.filter(({ stage }) => stage !== "check" && stage !== "verify");
  return listed(changing.map(({ effect }) => stepName(effect, about)));
}

/** On the card, while a fix waits. */
export function fixAsked({ by, plan }: Run): string {
  return `*To mend it* ${person(by.userId)} proposes: ${changes(plan)}. Then the test is repeated.`;
}

export function fixProposed(by: Person, plan: Plan, leads: string): string {
  return `${person(by.userId)} proposes a fix, plan ${code(shortHash(plan.hash))}: ${changes(plan)}. ${leads}: it waits for your decision on the card.`;
}

export function fixRejected(by: Person, reason: string, proposer: Person): string {
  return `${person(proposer.userId)}: ${person(by.userId)} rejected the fix: “${escaped(reason, 500)}”. What the test found still stands.`;
}

export function fixWithdrawn(by: Person): string {
  return `${person(by.userId)} withdrew the fix. What the test found still stands.`;
}

export const FIX_EXPIRED = "Nobody decided on the fix in time, so it was dropped. What the test found still stands.";
export const FIX_START_EXPIRED = "The fix was approved but could not start in time, so it was dropped.";

export function testedAgain(by: Person): string {
  return `${person(by.userId)} tests it again.`;
}

/** On the card of a peering whose last test failed. */
export function lastTestFailed({ endedAt }: Run): string {
  return `The test at ${timeOfDay(endedAt ?? 0)} found what follows; nothing was changed. Test again, or look at what changed since it was verified.`;
}

export const TEST_STARTED = "The test runs now. Its results come in the thread under the card.";
