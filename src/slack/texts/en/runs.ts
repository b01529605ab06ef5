/**
 * The runs after the first, in words: a fix that is proposed and decided, a test that is repeated.
 */
import { changingSteps } from "../../../../machines/connections/plan-fix.ts";
import { shortHash, type Plan } from "../../../../machines/network/plan.ts";
import type { Finding } from "../../../../machines/network/reachability.ts";
import type { Person, PeeringId, Run } from "../../../../machines/peering/record.ts";
import { code, escaped, listed, person, timeOfDay } from "../mrkdwn.ts";
import { stepName } from "./names.ts";
import { findingText } from "./reach.ts";
import { stepTexts } from "./steps.ts";

export const FIX_WAITS_TITLE = "A fix waits for a decision";
export const FIX_CHECKED_TITLE = "Fix approved, checking once more";
export const TESTING_AGAIN_TITLE = "Verified, testing again";
export const LAST_TEST_FAILED_TITLE = "Verified, but the last test failed";

/** What a fix changes, each change as one line of the plan; for the thread, by the names of its steps. */
function changes(plan: Plan): string {
  return listed(changingSteps(plan).map(({ effect }) => stepName(effect, plan.about))) || "nothing but another test";
}

/** On the card, while a fix waits. */
export function fixAsked({ by, plan }: Run, id: PeeringId): string {
  const lines = stepTexts({ ...plan, steps: changingSteps(plan) }, id).flatMap((step) => step.lines);
  if (lines.length === 0) return "*The fix* Nothing is left to mend; what remains is the test.";
  return [`*The fix* ${person(by.userId)} proposes, and then to test again:`, ...lines].join("\n");
}

/** To the one who asked for a fix. */
export function cannotBeFixed(finding: Finding): string {
  return `No fix of this peering would make the test get through. ${findingText(finding)}`;
}

export const NOTHING_TO_FIX =
  "By the configuration of this moment nothing stops the test. Test again; if it fails, look at the firewalls of the two hosts.";

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
  return `The test at ${timeOfDay(endedAt ?? 0)} found what follows; nothing was changed.`;
}

export const TEST_STARTED = "The test runs now. Its results come in the thread under the card.";
