/**
 * The buttons of a card: only those that apply now. A value carries opaque ids and the plan hash, nothing to believe.
 */
import type { types } from "@slack/bolt";
import {
  connectRun,
  currentRun,
  failedSteps,
  hasFailedTest,
  hasTests,
  madeByUs,
  positionOf,
  progressOf,
  retryableSteps,
  type Run,
} from "../../../machines/peering/record.ts";
import { isMendable } from "../../../machines/network/mend.ts";
import type { Snapshot } from "../../../machines/peering/transition.ts";
import { BUTTONS, type ButtonId } from "../ids.ts";
import * as say from "../texts/en/card.ts";
import { BUTTON_TEXT_MAX, CONFIRM_TEXT_MAX, plain } from "./blocks.ts";

/** Null when there is nothing to press. */
export function controls(snapshot: Snapshot): types.ActionsBlock | null {
  const elements = buttonsFor(snapshot);
  return elements.length > 0 ? { type: "actions", block_id: "controls", elements } : null;
}

function buttonsFor({ state, peering }: Snapshot): types.Button[] {
  const run = currentRun(peering);
  const value = buttonValue({ peeringId: peering.id, run: run.number });
  const review = button(BUTTONS.reviewPlan, say.BUTTON_LABELS.reviewPlan, value);
  switch (state) {
    case "requested": {
      const { plan } = run;
      const approve = button(
        BUTTONS.approve,
        say.approveButton(plan.hash),
        buttonValue({ peeringId: peering.id, run: run.number, planHash: plan.hash }),
      );
      return [
        { ...approve, style: "primary", confirm: confirm(say.approveButton(plan.hash), say.approveConfirm(plan)) },
        { ...button(BUTTONS.reject, say.BUTTON_LABELS.reject, value), style: "danger" },
        review,
        button(BUTTONS.withdraw, say.BUTTON_LABELS.withdraw, value),
      ];
    }
    case "approved":
      return [button(BUTTONS.withdraw, say.BUTTON_LABELS.withdraw, value)];
    case "failed":
      return [
        ...fixButton(run, value),
        ...retryButtons({ state, peering }),
        ...(run.kind !== "rollback" ? [rollBackButton({ state, peering }, value)] : []),
        review,
      ];
    case "secured":
      if (hasTests(connectRun(peering))) return [];
      return [
        button(BUTTONS.acceptUntested, say.BUTTON_LABELS.acceptUntested, value),
        rollBackButton({ state, peering }, value),
      ];
    case "verified":
      if (!hasTests(connectRun(peering)) || run.status === "running") return [review];
      return [...fixButton(run, value), button(BUTTONS.test, say.BUTTON_LABELS.test, value), review];
    case "creating":
    case "activated":
    case "routed":
    case "rollingBack":
    case "rolledBack":
    case "rejected":
    case "withdrawn":
    case "expired":
      return [];
  }
}

/** Where what stopped the test is of a kind that a peering may mend; reading the network again says whether it can. */
function fixButton(run: Run, value: string): types.Button[] {
  if (!hasFailedTest(run)) return [];
  const findings = failedSteps(run).flatMap(({ id }) => progressOf(run, id).failure?.finding ?? []);
  const isFixable = findings.some((finding) => isMendable(finding));
  return isFixable ? [button(BUTTONS.proposeFix, say.BUTTON_LABELS.proposeFix, value)] : [];
}

/** Slack shows about four buttons in a row on a phone. */
const RETRY_BUTTONS_MAX = 2;

function retryButtons({ peering }: Snapshot): types.Button[] {
  const run = currentRun(peering);
  return retryableSteps(run)
    .slice(0, RETRY_BUTTONS_MAX)
    .map(({ id, stage }, index) => {
      const label = stage === "verify" ? say.BUTTON_LABELS.test : say.retryButton(positionOf(run, id));
      const value = buttonValue({ peeringId: peering.id, run: run.number, step: id });
      // Ids are unique within a message; the listener goes by what stands before the colon.
      return {
        ...button(BUTTONS.retry, label, value),
        action_id: index === 0 ? BUTTONS.retry : `${BUTTONS.retry}:${index}`,
      };
    });
}

function rollBackButton({ peering }: Snapshot, value: string): types.Button {
  const asked = say.rollBackConfirm(madeByUs(peering), connectRun(peering).plan.connection);
  const confirmed = confirm(say.BUTTON_LABELS.rollBack, asked);
  return { ...button(BUTTONS.rollBack, say.BUTTON_LABELS.rollBack, value), style: "danger", confirm: confirmed };
}

function button(action_id: ButtonId, label: string, value: string): types.Button {
  return { type: "button", action_id, text: plain(label, BUTTON_TEXT_MAX), value };
}

function confirm(title: string, text: string): types.ConfirmationDialog {
  return {
    title: plain(title, 100),
    text: plain(text, CONFIRM_TEXT_MAX),
    confirm: plain(say.CONFIRM.yes, 30),
    deny: plain(say.CONFIRM.no, 30),
  };
}

/** What a button names. Everything else is read from the store when it is pressed. */
interface ButtonValue {
  readonly peeringId: string;
  readonly run: number;
  readonly planHash?: string;
  readonly step?: string;
}

function buttonValue(value: ButtonValue): string {
  return JSON.stringify(value);
}
