/**
 * The open form of a draft, from the background: shows what has been read, and how a submit ended.
 */
import type { webApi } from "@slack/bolt";
import type { PlanRules } from "../../machines/connections/connection.ts";
import { planRequest } from "../../machines/connections/plan-request.ts";
import { sizeFor } from "../../machines/connections/sizes.ts";
import type { Check } from "../../machines/network/checks.ts";
import { isOneRegion } from "../../machines/network/facts.ts";
import { proposeSide } from "../../machines/network/propose.ts";
import { firstRevision, type RequestValues } from "../../machines/network/request.ts";
import { bothSides } from "../../machines/network/side.ts";
import { ChatFailure, type Catalogue, type Clock, type Draft, type DraftEnd, type Forms, type Log } from "../ports.ts";
import { calling } from "./call.ts";
import { renderForm, type FormData } from "./render/form.ts";
import { noticeView } from "./render/views.ts";
import { failureFact, readingCure, SEND_AGAIN } from "./texts/en/failures.ts";
import * as say from "./texts/en/form.ts";
import { refusal } from "./texts/en/refusals.ts";

export interface FormsOptions {
  readonly client: webApi.WebClient;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly log: Log;
  readonly channel: string;
  /** How an instance opts in to tests, as people write it. */
  readonly testTag: string;
  readonly planRules: PlanRules;
}

export function createForms(options: FormsOptions): Forms {
  const { client, clock, channel, log } = options;

  /** False when the person has closed it, or Slack no longer knows it. */
  async function show(draft: Draft, view: Parameters<typeof client.views.update>[0]["view"]): Promise<boolean> {
    if (draft.viewId === "") return false;
    try {
      await calling(client.views.update({ view_id: draft.viewId, view }));
      return true;
    } catch (error) {
      if (error instanceof ChatFailure && error.code === "not_found") return false;
      throw error;
    }
  }

  async function tellDirectly(draft: Draft, text: string): Promise<void> {
    const message = { text, unfurl_links: false, unfurl_media: false, parse: "none" } as const;
    await calling(client.chat.postMessage({ channel: draft.owner.userId, ...message }));
  }

  return {
    async refresh(draft) {
      await show(draft, renderForm(await formData(options, draft)));
    },

    async progress(draft, progress) {
      const view = async () =>
        draft.submitted
          ? noticeView(say.CHECKING_TITLE, `${say.readingNow(progress)}\n${say.CHECKING}`)
          : renderForm({ ...(await formData(options, draft)), progress });
      // What is shown in between may be lost; what comes of the reading is shown all the same.
      await view()
        .then((shown) => show(draft, shown))
        .catch((error: unknown) => log.debug("progress not shown", { draftId: draft.id, error: String(error) }));
    },

    async conclude(draft: Draft, ended: DraftEnd) {
      switch (ended.end) {
        case "requested":
          await show(draft, noticeView(say.SENT_TITLE, say.sent(ended.peeringId, channel)));
          return;
        case "refused": {
          // What can be mended in the form is shown in the form.
          const isMendable = ended.refusal.reason === "checksStop";
          const text = refusal(ended.refusal, clock.now(), draft.owner);
          const view = isMendable ? renderForm(await formData(options, draft)) : noticeView(say.NOT_SENT_TITLE, text);
          if (!(await show(draft, view))) await tellDirectly(draft, say.notSent(text));
          return;
        }
        case "failed": {
          // The form comes back with what was filled in, and with why.
          const view = renderForm(await formData(options, { ...draft, failure: ended.failure }));
          const text = `${failureFact(ended.failure)}\n${readingCure(ended.failure, SEND_AGAIN)}`;
          if (!(await show(draft, view))) await tellDirectly(draft, say.notSent(text));
        }
      }
    },
  };
}

export async function formData(
  { catalogue, testTag, planRules }: Pick<FormsOptions, "catalogue" | "testTag" | "planRules">,
  draft: Draft,
): Promise<FormData> {
  const [initiator, acceptor] = await Promise.all([
    draft.pair.initiator ? catalogue.find(draft.pair.initiator.vpcId) : null,
    draft.pair.acceptor ? catalogue.find(draft.pair.acceptor.vpcId) : null,
  ]);
  const chosen = { initiator, acceptor };
  return { draft, chosen, checks: checksOf(draft, planRules), testTag, connections: planRules.connections };
}

/** The checks as they stand for what is filled in, or for what the form proposes. Null without facts. */
function checksOf({ facts, pair, values, connection }: Draft, rules: PlanRules): readonly Check[] | null {
  if (!facts) return null;
  const request = firstRevision(pair, values?.sides ? values : proposedValues(facts, connection));
  if (!request) return null;
  const planned = planRequest(request, facts, rules);
  return "plan" in planned ? planned.plan.checks : planned.stopped;
}

function proposedValues(facts: NonNullable<Draft["facts"]>, connection: Draft["connection"]): RequestValues {
  const sides = bothSides((side) => {
    const { testInstance, securityGroups } = proposeSide(facts[side]);
    return {
      vSwitchIds: [],
      ports: [],
      securityGroupIds: securityGroups.map(({ id }) => id),
      testInstanceId: testInstance?.id ?? null,
    };
  });
  return { connection, size: sizeFor(connection, isOneRegion(facts)), icmp: true, reason: "", sides };
}
