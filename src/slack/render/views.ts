/**
 * The small views: what became of a submit, why something did not happen, a reason to give, the whole plan.
 */
import type { types } from "@slack/bolt";
import { REASON_LENGTH_MAX } from "../../../machines/network/request.ts";
import { approvedRun, type Peering } from "../../../machines/peering/record.ts";
import type { Picture } from "../../ports.ts";
import { FIELDS, VIEWS } from "../ids.ts";
import * as say from "../texts/en/form.ts";
import { end, stepLine } from "../texts/en/names.ts";
import { REFUSAL_TITLE } from "../texts/en/refusals.ts";
import { clipped, context, image, linesWithin, MODAL_TITLE_MAX, plain, section, sections } from "./blocks.ts";

/** A view that only tells. */
export function noticeView(title: string, text: string): types.ModalView {
  return {
    type: "modal",
    title: plain(title, MODAL_TITLE_MAX),
    close: plain(say.CLOSE, 24),
    blocks: sections(text.split("\n")),
  };
}

export function refusalView(text: string): types.ModalView {
  return noticeView(REFUSAL_TITLE, text);
}

/** What a reason is asked for, and of which peering. */
export interface ReasonFor {
  readonly command: "reject" | "acceptUntested";
  readonly peeringId: string;
  readonly run: number;
}

export function reasonView(about: ReasonFor): types.ModalView {
  return {
    type: "modal",
    callback_id: VIEWS.reason,
    private_metadata: JSON.stringify(about),
    title: plain(say.REASON_TITLES[about.command], MODAL_TITLE_MAX),
    submit: plain(say.REASON_SUBMITS[about.command], 24),
    close: plain(say.CANCEL, 24),
    blocks: [
      {
        type: "input",
        block_id: FIELDS.reason,
        label: plain(say.REASON_QUESTIONS[about.command], 2_000),
        element: { type: "plain_text_input", action_id: FIELDS.reason, multiline: true, max_length: REASON_LENGTH_MAX },
      },
    ],
  };
}

/** A view takes 100 blocks and 250 KB: https://docs.slack.dev/reference/methods/views.open (read 2026-11-23). */
const PLAN_TEXT_MAX = 150_000;
/** A group can get 100 rules in one step; nobody reads on. */
const STEP_LINE_MAX = 1_000;

/** Every step of the plan with what it does and why, under a picture of it all. */
export function planView(peering: Peering, picture: Picture | null = null): types.ModalView {
  const { plan } = approvedRun(peering);
  const steps = plan.steps.map(({ effect }, index) =>
    clipped(`${index + 1}. ${stepLine(effect, plan)}`, STEP_LINE_MAX),
  );
  const { lines, left } = linesWithin(steps, PLAN_TEXT_MAX);
  const more = left > 0 ? [context(say.moreSteps(left))] : [];
  return {
    type: "modal",
    title: plain(say.PLAN_TITLE, MODAL_TITLE_MAX),
    close: plain(say.CLOSE, 24),
    blocks: [
      section(`${end(plan.about.initiator)} → ${end(plan.about.acceptor)}`),
      ...(picture ? [image(picture)] : []),
      ...sections(lines),
      ...more,
    ],
  };
}
