/**
 * The small views: what became of a submit, why something did not happen, a reason to give, the whole plan.
 */
import type { types } from "@slack/bolt";
import { REASON_LENGTH_MAX } from "../../../machines/network/request.ts";
import { approvedRun, type Peering } from "../../../machines/peering/record.ts";
import type { Picture } from "../../ports.ts";
import { FIELDS, VIEWS } from "../ids.ts";
import * as say from "../texts/en/form.ts";
import { end } from "../texts/en/names.ts";
import { consequences, foundInOrder, NOT_LOOKED_AT, stepsHead } from "../texts/en/plan.ts";
import { REFUSAL_TITLE } from "../texts/en/refusals.ts";
import { stepTexts } from "../texts/en/steps.ts";
import { context, contexts, image, linesWithin, MODAL_TITLE_MAX, plain, section, sections } from "./blocks.ts";

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
const BLOCKS_MAX = 100;
const STEPS_TEXT_MAX = 120_000;
const FOUND_TEXT_MAX = 20_000;

/** The whole plan: a picture, what it comes to, what nobody looked at, each step with before, after and why, and what is ok. */
export function planView(peering: Peering, picture: Picture | null = null): types.ModalView {
  const { plan } = approvedRun(peering);
  const steps = stepTexts(plan, peering.id);
  const { lines, left } = linesWithin(
    steps.map((step) => step.lines.join("\n")),
    STEPS_TEXT_MAX,
  );
  const unsaid = steps.slice(steps.length - left).reduce((sum, step) => sum + step.steps, 0);
  const more = unsaid > 0 ? [context(say.moreSteps(unsaid))] : [];
  return {
    type: "modal",
    title: plain(say.PLAN_TITLE, MODAL_TITLE_MAX),
    close: plain(say.CLOSE, 24),
    blocks: [
      section(`${end(plan.about.initiator)} → ${end(plan.about.acceptor)}`),
      ...(picture ? [image(picture)] : []),
      ...sections(linesWithin(consequences(plan), FOUND_TEXT_MAX).lines),
      ...sections(NOT_LOOKED_AT),
      { type: "divider" },
      ...sections([...stepsHead(plan), ...lines.flatMap((step) => ["", step])]),
      ...more,
      { type: "divider" },
      ...contexts(linesWithin(foundInOrder(plan), FOUND_TEXT_MAX).lines),
    ].slice(0, BLOCKS_MAX),
  };
}
