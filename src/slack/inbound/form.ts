/**
 * The request form from the person's side: opened, a pair chosen, sent.
 */
import { sizeFor } from "../../../machines/connections/sizes.ts";
import type { ConnectionId } from "../../../machines/network/request.ts";
import { may } from "../../../machines/peering/authority.ts";
import type { Person } from "../../../machines/peering/record.ts";
import { catalogueJob } from "../../jobs.ts";
import type { Draft, DraftId, DraftPair } from "../../ports.ts";
import { renderForm } from "../render/form.ts";
import { cannotShow, EXPIRED_TRIGGER } from "../texts/en/commands.ts";
import { refusal } from "../texts/en/refusals.ts";
import { formData } from "../forms.ts";
import { isSamePair } from "./form-values.ts";
import type { InboundPorts } from "./handle.ts";
import type { InboundOf } from "./inbound.ts";

/** An opened form asks for a fresh list of VPCs, at most this often. */
export const CATALOGUE_SLOT_MS = 20_000;

export interface FormWish {
  readonly by: Person;
  readonly triggerId: string;
  readonly pair: DraftPair;
  /** Empty where Slack gives none: shortcuts. */
  readonly responseUrl: string;
  readonly channel?: string;
}

/** Opens the form, or says why this person cannot ask for anything. */
export async function openForm(
  ports: InboundPorts,
  { by, triggerId, pair, responseUrl, channel = "" }: FormWish,
): Promise<void> {
  const { store, queue, directory, rules, thread, answers, clock, ids } = ports;
  const to = { by, triggerId, responseUrl };
  const decision = may(await directory.actor(by), "request", null, await rules.policy());
  if (!decision.allowed) return answers.refuse(to, refusal(decision.refusal, clock.now(), by));
  const problem = await thread.problem();
  if (problem) return answers.refuse(to, cannotShow(problem, ports.channel));
  const draft: Draft = {
    id: ids.draft(),
    owner: by,
    createdAt: clock.now(),
    viewId: "",
    channel,
    pair,
    connection: ports.planRules.connections[0],
    facts: null,
    failure: null,
    values: null,
    submitted: false,
  };
  // Before the form opens: the first choice in it must find its draft.
  await store.transaction((tx) => tx.insertDraft(draft));
  const viewId = await answers.open(triggerId, renderForm(await formData(ports, draft)));
  if (viewId === null) return answers.refuse({ ...to, triggerId: "" }, EXPIRED_TRIGGER);
  await changeDraft(ports, draft.id, by, (known) => ({ ...known, viewId }));
  await queue.send([catalogueJob(clock.now(), 0, CATALOGUE_SLOT_MS)]);
}

/** Both sides may be known now: their facts are read in the background. */
export async function choosePair(
  ports: InboundPorts,
  { by, draftId, viewId, initiator, acceptor, connection: chosen }: InboundOf<"pairChosen">,
): Promise<void> {
  await changeDraft(ports, draftId, by, (draft) => {
    const pair = { initiator, acceptor };
    const connection = chosen ?? draft.connection;
    const values = draft.values && { ...draft.values, connection, size: sizeOf(pair, connection, draft.values.size) };
    if (isSamePair(draft.pair, pair)) return { ...draft, viewId, connection, values };
    // What was filled in for the other VPC proposes nothing for this one.
    const anew = values && { ...values, sides: null };
    return { ...draft, viewId, pair, connection, facts: null, failure: null, values: anew, submitted: false };
  });
}

function sizeOf({ initiator, acceptor }: DraftPair, connection: ConnectionId, wanted: string): string {
  return sizeFor(connection, initiator?.regionId === acceptor?.regionId, wanted);
}

export async function sendForm(ports: InboundPorts, inbound: InboundOf<"formSent">): Promise<void> {
  const { by, draftId, viewId, initiator, acceptor, values } = inbound;
  await changeDraft(ports, draftId, by, (draft) => {
    const pair = { initiator, acceptor };
    const facts = isSamePair(draft.pair, pair) ? draft.facts : null;
    const { connection, sides } = values;
    return { ...draft, viewId, pair, connection, facts, failure: null, values, submitted: sides !== null };
  });
}

/** Only the owner's own draft; somebody else's id changes nothing. */
async function changeDraft(
  { store, log }: InboundPorts,
  id: DraftId,
  by: Person,
  change: (draft: Draft) => Draft,
): Promise<void> {
  await store.transaction(async (tx) => {
    const draft = await tx.lockDraft(id);
    if (!draft || draft.owner.userId !== by.userId || draft.owner.teamId !== by.teamId) {
      log.warn("draft not found or not theirs", { draftId: id });
      return;
    }
    await tx.updateDraft(change(draft));
    await tx.send([draftJob(id)]);
  });
}

function draftJob(draftId: DraftId): {
  readonly queue: "draft";
  readonly data: { readonly draftId: DraftId };
  readonly delayMs: 0;
} {
  return { queue: "draft", data: { draftId }, delayMs: 0 };
}
