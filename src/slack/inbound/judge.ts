/**
 * What becomes of a sent view, within the ack: errors on the fields that are wrong, or a word on what happens next and
 * the thing to keep. Judged on what the store holds alone.
 */
import type { ViewResponseAction } from "@slack/bolt";
import { z } from "zod";
import type { PlanRules } from "../../../machines/connections/connection.ts";
import { planRequest } from "../../../machines/connections/plan-request.ts";
import { stops } from "../../../machines/network/checks.ts";
import { FACTS_FRESH_MS } from "../../../machines/network/facts.ts";
import { firstRevision } from "../../../machines/network/request.ts";
import { isSamePerson } from "../../../machines/peering/authority.ts";
import { isYoung, type Clock, type Draft, type DraftPair, type Store } from "../../ports.ts";
import { FIELDS, VIEWS } from "../ids.ts";
import { noticeView } from "../render/views.ts";
import * as say from "../texts/en/form.ts";
import { chosenConnection, chosenPair, errorsOf, filledIn, isSamePair, withEarlier } from "./form-values.ts";
import type { Inbound } from "./inbound.ts";
import { personOf, type ViewPayload } from "./payloads.ts";

export interface Judgement {
  /** What Slack is answered; nothing closes the view. */
  readonly answer: ViewResponseAction | null;
  /** What is kept before the answer goes out. */
  readonly keep: Inbound | null;
}

export interface JudgePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly planRules: PlanRules;
}

export async function judgeView(ports: JudgePorts, payload: ViewPayload): Promise<Judgement> {
  switch (payload.view.callback_id) {
    case VIEWS.form:
      return judgeForm(ports, payload);
    case VIEWS.reason:
      return judgeReason(payload);
    default:
      return { answer: null, keep: null };
  }
}

const DraftId = z.templateLiteral(["d_", z.string()]);
const FormMetadata = z.object({ draft: DraftId });

async function judgeForm({ store, clock, planRules }: JudgePorts, payload: ViewPayload): Promise<Judgement> {
  const { view, trigger_id } = payload;
  const draftId = metadata(FormMetadata, view)?.draft ?? null;
  const by = personOf(payload);
  const draft = draftId && (await store.draft(draftId));
  // Kept for a day; and somebody else's reads like none.
  if (!draft || !isSamePerson(draft.owner, by)) return tells(say.FORM_TOO_OLD_TITLE, say.FORM_TOO_OLD);
  const pair = chosenPair(view.state.values);
  const connection = chosenConnection(view.state.values) ?? draft.connection;
  const filled = filledIn(view.state.values, pair, connection);
  if ("errors" in filled) return { answer: { response_action: "errors", errors: { ...filled.errors } }, keep: null };
  const values = withEarlier(filled.values, pair, draft);
  const keep: Inbound = {
    kind: "formSent",
    cause: trigger_id,
    by,
    triggerId: trigger_id,
    draftId: draft.id,
    viewId: view.id,
    ...pair,
    values,
  };
  const facts = freshFacts(draft, pair, clock.now());
  const request = firstRevision(pair, values);
  if (!request) return tells(say.CHECKING_TITLE, say.READING_FIRST, keep);
  if (!facts) return tells(say.CHECKING_TITLE, say.CHECKING, keep);
  const planned = planRequest(request, facts, planRules);
  if ("stopped" in planned)
    return { answer: { response_action: "errors", errors: { ...errorsOf(stops(planned.stopped), pair) } }, keep: null };
  return tells(say.SENDING_TITLE, say.SENDING, keep);
}

/** A notice in place of the form. */
function tells(title: string, text: string, keep: Inbound | null = null): Judgement {
  return { answer: { response_action: "update", view: noticeView(title, text) }, keep };
}

/** What we wrote into the view; null when it is not ours. */
function metadata<T>(schema: z.ZodType<T>, view: ViewPayload["view"]): T | null {
  try {
    return schema.safeParse(JSON.parse(view.private_metadata)).data ?? null;
  } catch {
    return null;
  }
}

/** Facts of another pair, or old ones, decide nothing. */
function freshFacts({ facts, pair }: Draft, chosen: DraftPair, now: number): Draft["facts"] {
  return facts && isSamePair(pair, chosen) && isYoung(facts.readAt, FACTS_FRESH_MS, now) ? facts : null;
}

const ReasonMetadata = z.object({
  command: z.enum(["reject", "acceptUntested"]),
  peeringId: z.string(),
  run: z.number(),
});

function judgeReason(payload: ViewPayload): Judgement {
  const { view, trigger_id } = payload;
  const about = metadata(ReasonMetadata, view);
  if (!about) return { answer: null, keep: null };
  const reason = view.state.values[FIELDS.reason]?.[FIELDS.reason]?.value?.trim() ?? "";
  if (reason === "")
    return { answer: { response_action: "errors", errors: { [FIELDS.reason]: say.REASON_MISSING } }, keep: null };
  return {
    answer: null,
    keep: { kind: "reasonGiven", cause: trigger_id, by: personOf(payload), triggerId: trigger_id, ...about, reason },
  };
}
