/**
 * Tells people what has been committed: edits the card, then writes the thread. Never the other way round: nothing that
 * happens here changes a peering.
 *
 * Edits and posts are scarce for the whole workspace, so one job tells all that is new since the last one.
 */
import type { PeeringId } from "../../machines/peering/record.ts";
import {
  CARD_IS_GONE,
  ChatFailure,
  type Card,
  type Clock,
  type Directory,
  type Log,
  type Queue,
  type Store,
  type Telling,
  type Thread,
} from "../ports.ts";
import { tellJob } from "../jobs.ts";

/** chat.update is tier 3, 50 and more a minute for the workspace: https://docs.slack.dev/apis/web-api/rate-limits/ (read 2026-08-22). */
const EDITS = { everyMs: 1_250, burst: 8 } as const;

/** chat.postMessage takes one message a second per channel, short bursts tolerated (same page). */
const POSTS = { everyMs: 1_000, burst: 2 } as const;

/** For mentioning them on a card; decisions ask for fresher ones. */
const LEADS_SHOWN_MAX_AGE_MS = 24 * 3_600_000;

/** Shorter waits are slept through; longer ones give the slot back. */
const SLEEP_MAX_MS = 2_500;

/** How long until another try: Slack gave no answer, or refused in a way that somebody has to mend. */
const NO_ANSWER_RETRY_MS = 3_000;
const REFUSED_RETRY_MS = 30_000;

export interface TellPorts {
  readonly store: Store;
  readonly queue: Queue;
  readonly thread: Thread;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
}

export async function tell(ports: TellPorts, peeringId: PeeringId, signal: AbortSignal): Promise<void> {
  try {
    const laterMs = (await tellCard(ports, peeringId, signal)) ?? (await tellThread(ports, peeringId, signal));
    if (laterMs !== null) await ports.queue.send([tellJob(peeringId, 0, laterMs)]);
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    await ports.queue.send([tellJob(peeringId, 0, await retryMs(ports, peeringId, error))]);
  }
}

/** Both answer null when all is told, else how long to wait for a turn. */
async function tellCard(ports: TellPorts, id: PeeringId, signal: AbortSignal): Promise<number | null> {
  const { store, thread } = ports;
  if (!(await isCardOld(ports, id))) return null;
  const { card: place } = await tellingOf(store, id);
  const laterMs = await turn(ports, place ? "edit" : "post", place ? EDITS : POSTS, signal);
  if (laterMs !== null) return laterMs;
  const card = await cardOf(ports, id);
  const shown = await thread.showCard(card, place);
  await store.saveTelling({ ...(await tellingOf(store, id)), card: shown, cardHash: thread.cardHash(card) });
  return null;
}

async function tellThread(ports: TellPorts, id: PeeringId, signal: AbortSignal): Promise<number | null> {
  const { store, thread } = ports;
  for (;;) {
    const telling = await tellingOf(store, id);
    if (!telling.card) return null;
    const { isNews } = thread.portion(await store.events(id, telling.toldSeq), await cardOf(ports, id));
    const laterMs = isNews ? await turn(ports, "post", POSTS, signal) : null;
    if (laterMs !== null) return laterMs;
    // What happened while it waited for its turn goes along.
    const [happened, card] = await Promise.all([store.events(id, telling.toldSeq), cardOf(ports, id)]);
    const { events } = thread.portion(happened, card);
    const [now, later] = [happened.slice(0, events), happened.slice(events)];
    if (isNews) await thread.tell(now, later, card, telling.card);
    const toldSeq = now.at(-1)?.seq ?? telling.toldSeq;
    if (toldSeq > telling.toldSeq) await store.saveTelling({ ...telling, toldSeq });
    if (later.length === 0) return null;
  }
}

async function isCardOld(ports: TellPorts, id: PeeringId): Promise<boolean> {
  const { cardHash } = await tellingOf(ports.store, id);
  return ports.thread.cardHash(await cardOf(ports, id)) !== cardHash;
}

async function cardOf({ store, directory }: TellPorts, id: PeeringId): Promise<Card> {
  const [stored, waitingFor, leads] = await Promise.all([
    store.peering(id),
    store.queuedSteps(id),
    directory.leads(LEADS_SHOWN_MAX_AGE_MS),
  ]);
  if (!stored) throw new Error(`telling people about ${id}, which is not in the store`);
  return { snapshot: stored.snapshot, waitingFor, leads };
}

async function tellingOf(store: Store, peeringId: PeeringId): Promise<Telling> {
  return (await store.telling(peeringId)) ?? { peeringId, card: null, cardHash: "", toldSeq: 0 };
}

/** Null when the turn is ours, else how long to wait for one. */
async function turn(
  { store, clock }: TellPorts,
  name: string,
  limit: { readonly everyMs: number; readonly burst: number },
  signal: AbortSignal,
): Promise<number | null> {
  for (;;) {
    const waitMs = await store.takeTurn(`slack/${name}`, limit);
    if (waitMs === 0) return null;
    if (waitMs > SLEEP_MAX_MS || signal.aborted) return waitMs;
    await clock.sleep(waitMs, signal);
  }
}

async function retryMs({ store, log }: TellPorts, peeringId: PeeringId, error: ChatFailure): Promise<number> {
  const { code, retryAfterMs } = error;
  if (retryAfterMs !== null) {
    log.info("slack asks to slow down", { peeringId, retryAfterMs });
    return retryAfterMs;
  }
  if (code === "") {
    log.warn("slack gave no answer", { peeringId, cause: String(error.cause) });
    return NO_ANSWER_RETRY_MS;
  }
  if (CARD_IS_GONE.includes(code)) {
    log.warn("the card is gone; posting it again", { peeringId });
    // Its thread went with it, so the new one tells everything.
    await store.saveTelling({ peeringId, card: null, cardHash: "", toldSeq: 0 });
    return 0;
  }
  log.error("slack refuses the card or the thread", { peeringId, code });
  return REFUSED_RETRY_MS;
}
