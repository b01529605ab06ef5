/**
 * Moves a draft on: reads the facts of its pair in the background, shows them in the form, and once it is submitted makes
 * the request from it. The peering's id derives from the draft's, so that a repeated submit makes no second peering.
 */
import type { PlanRules } from "../../machines/connections/connection.ts";
import { planRequest } from "../../machines/connections/plan-request.ts";
import { FACTS_FRESH_MS, type NetworkFacts } from "../../machines/network/facts.ts";
import { hashOf } from "../../machines/network/plan.ts";
import { firstRevision, type RequestRevision } from "../../machines/network/request.ts";
import type { Failure } from "../../machines/peering/failure.ts";
import type { Limits, PeeringId } from "../../machines/peering/record.ts";
import {
  CloudFailure,
  isYoung,
  type Clock,
  type CloudReader,
  type Directory,
  type Door,
  type Draft,
  type DraftEnd,
  type DraftId,
  type Forms,
  type ReadProgress,
  type Store,
} from "../ports.ts";

export interface DraftPorts {
  readonly store: Store;
  readonly door: Door;
  readonly reader: CloudReader;
  readonly directory: Directory;
  readonly forms: Forms;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly planRules: PlanRules;
}

export async function moveDraftOn(ports: DraftPorts, id: DraftId): Promise<void> {
  const { store, forms } = ports;
  const found = await store.draft(id);
  if (!found) return;
  const draft = isFresh(found.facts, ports.clock.now()) ? found : await withFacts(ports, found);
  if (!draft) return;
  const request = draft.submitted && draft.values ? firstRevision(draft.pair, draft.values) : null;
  if (!request) return forms.refresh(draft);
  const end = await submit(ports, draft, request);
  await forms.conclude(draft, end);
  // Only now: as long as the person has not been told, this is tried again.
  if (end.end !== "requested") await reopen(store, draft);
}

/** It was not made: the person can change it and send it again, which they may have done already. */
function reopen(store: Store, { id, pair, values }: Draft): Promise<void> {
  return store.transaction(async (tx) => {
    const now = await tx.lockDraft(id);
    const isThisSubmit = now !== null && hashOf({ pair, values }) === hashOf({ pair: now.pair, values: now.values });
    if (isThisSubmit) await tx.updateDraft({ ...now, submitted: false });
  });
}

/** It can be sent again. */
export function giveDraftUp({ store }: DraftPorts, id: DraftId): Promise<void> {
  return store.transaction(async (tx) => {
    const draft = await tx.lockDraft(id);
    if (draft) await tx.updateDraft({ ...draft, submitted: false });
  });
}

export function peeringIdOf(draft: DraftId): PeeringId {
  return `P-${draft.slice("d_".length)}`;
}

function isFresh(facts: NetworkFacts | null, now: number): boolean {
  return facts !== null && isYoung(facts.readAt, FACTS_FRESH_MS, now);
}

/** Null when the pair was changed meanwhile: the change sent a job of its own. */
async function withFacts(ports: DraftPorts, draft: Draft): Promise<Draft | null> {
  const { store, reader, planRules } = ports;
  const { id, pair } = draft;
  const { initiator, acceptor } = pair;
  if (!initiator || !acceptor) return store.draft(id);
  const shown = shownProgress(ports, draft);
  const read = await reading(() =>
    reader.networkFacts({ initiator, acceptor }, { permissionsFor: planRules, onProgress: shown.tell }),
  );
  // Nothing that is on its way to the form may arrive after what comes next.
  await shown.last();
  return store.transaction(async (tx) => {
    const now = await tx.lockDraft(id);
    if (!now || now.pair.initiator?.vpcId !== initiator.vpcId || now.pair.acceptor?.vpcId !== acceptor.vpcId)
      return null;
    const known = { ...now, ...read };
    await tx.updateDraft(known);
    return known;
  });
}

/** A quick reading tells nothing on the way, a long one every so often. */
const PROGRESS_EVERY_MS = 2_000;

function shownProgress(
  { forms, clock }: DraftPorts,
  draft: Draft,
): { readonly tell: (progress: ReadProgress) => void; readonly last: () => Promise<void> } {
  let toldAt = clock.now();
  let isTelling = false;
  let isOver = false;
  let last = Promise.resolve();
  async function tell(progress: ReadProgress): Promise<void> {
    isTelling = true;
    await forms.progress(draft, progress);
    isTelling = false;
  }
  return {
    tell: (progress) => {
      // What Slack is slow to take is overtaken by what comes after it.
      if (isOver || isTelling || clock.now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = clock.now();
      last = tell(progress);
    },
    // Where the reading has failed, other reads of it still come to their end.
    last: () => {
      isOver = true;
      return last;
    },
  };
}

async function reading(
  read: () => Promise<NetworkFacts>,
): Promise<{ facts: NetworkFacts | null; failure: Failure | null }> {
  try {
    return { facts: await read(), failure: null };
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    return { facts: null, failure: error.failure };
  }
}

async function submit(ports: DraftPorts, draft: Draft, request: RequestRevision): Promise<DraftEnd> {
  const { store, door, directory, clock, limits, planRules } = ports;
  const id = peeringIdOf(draft.id);
  const existing = await store.peering(id);
  if (existing) return { end: "requested", peeringId: id, card: (await store.telling(id))?.card ?? null };
  if (!draft.facts) return { end: "failed", failure: draft.failure ?? NO_FACTS };
  const planned = planRequest(request, draft.facts, planRules);
  if ("stopped" in planned) return { end: "refused", refusal: { reason: "checksStop", checks: planned.stopped } };
  const actor = await directory.actor(draft.owner);
  const command = {
    type: "request",
    at: clock.now(),
    by: draft.owner,
    id,
    request,
    plan: planned.plan,
    limits,
  } as const;
  const admitted = await door.request(command, actor, draft.id);
  if (admitted.kind === "refused") return { end: "refused", refusal: admitted.refusal };
  return { end: "requested", peeringId: id, card: null };
}

/** A submit without both VPCs; the form does not let it through. */
const NO_FACTS: Failure = {
  kind: "internal",
  api: "",
  code: "",
  requestId: "",
  message: "the draft names no pair of VPCs",
};
