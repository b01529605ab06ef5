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
  type Directory,
  type Job,
  type StoredEvent,
  type Telling,
  type Thread,
} from "../ports.ts";
import { tellJob } from "../jobs.ts";
import { askForPicture, type PicturePorts } from "./picture.ts";

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

export interface TellPorts extends PicturePorts {
  readonly thread: Thread;
  readonly directory: Directory;
}

/** What there is to tell, read together. */
interface News {
  readonly telling: Telling;
  readonly card: Card;
  /** Events that the thread has not told, in order. */
  readonly happened: readonly StoredEvent[];
}

/** No turn is free for so long that the job gives its slot back. */
interface Later {
  readonly laterMs: number;
}

type TellJob = Extract<Job, { queue: "tell" }>["data"];

export async function tell(ports: TellPorts, { peeringId, afresh }: TellJob, signal: AbortSignal): Promise<void> {
  if (afresh) await forgetLooks(ports, peeringId);
  try {
    const shown = await tellCard(ports, await readNews(ports, peeringId), signal);
    const told = "laterMs" in shown ? shown : await tellThread(ports, shown, signal);
    if (told) await ports.queue.send([tellJob(peeringId, 0, told.laterMs)]);
    else if (!("laterMs" in shown)) await askForPicture(ports, shown.card.snapshot);
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    await ports.queue.send([tellJob(peeringId, 0, await retryMs(ports, peeringId, error))]);
  }
}

/** Here and nowhere else: nobody but the one job that tells of a peering may write how far it got. */
async function forgetLooks({ store }: TellPorts, peeringId: PeeringId): Promise<void> {
  const telling = await store.telling(peeringId);
  if (telling) await store.saveTelling({ ...telling, cardHash: "" });
}

async function tellCard(ports: TellPorts, news: News, signal: AbortSignal): Promise<News | Later> {
  const { store, thread } = ports;
  if (thread.cardHash(news.card) === news.telling.cardHash) return news;
  const at = news.telling.card;
  const now = await atTurn(ports, news, at ? { name: "edit", ...EDITS } : { name: "post", ...POSTS }, signal);
  if ("laterMs" in now) return now;
  const { place, card } = await showCard(ports, now.card, at);
  const telling = { ...now.telling, card: place, cardHash: thread.cardHash(card) };
  await store.saveTelling(telling);
  return { ...now, card, telling };
}

/** The card as it was shown: without its picture when Slack does not take that, or not yet. */
async function showCard(
  { thread, album, queue, log }: TellPorts,
  card: Card,
  at: Telling["card"],
): Promise<{ readonly place: NonNullable<Telling["card"]>; readonly card: Card }> {
  try {
    return { place: await thread.showCard(card, at), card };
  } catch (error) {
    const { picture, ...bare } = card;
    if (!picture || !(error instanceof ChatFailure) || error.code !== "invalid_blocks") throw error;
    const place = await thread.showCard(bare, at);
    const { id } = card.snapshot.peering;
    const againMs = await album.refused(id, picture);
    const fields = { peeringId: id, fileId: picture.fileId };
    if (againMs === null) log.error("slack never took the picture; the card does without", fields);
    else log.info("slack does not take the picture yet", fields);
    if (againMs !== null) await queue.send([tellJob(id, 0, againMs)]);
    return { place, card: bare };
  }
}

/** Null when all is told. */
async function tellThread(ports: TellPorts, first: News, signal: AbortSignal): Promise<Later | null> {
  const { store, thread } = ports;
  for (let news = first; ; news = await readNews(ports, first.telling.peeringId)) {
    if (!news.telling.card) return null;
    const { isNews } = thread.portion(news.happened, news.card);
    const turn = isNews ? await atTurn(ports, news, { name: "post", ...POSTS }, signal) : news;
    if ("laterMs" in turn) return turn;
    const { telling, card, happened } = turn;
    const { events } = thread.portion(happened, card);
    const [now, later] = [happened.slice(0, events), happened.slice(events)];
    if (isNews && telling.card) await thread.tell(now, later, card, telling.card);
    const toldSeq = now.at(-1)?.seq ?? telling.toldSeq;
    if (toldSeq > telling.toldSeq) await store.saveTelling({ ...telling, toldSeq });
    if (later.length === 0) return null;
  }
}

/** The news when it is our turn: these, or what they have become while we waited. */
async function atTurn(
  ports: TellPorts,
  news: News,
  { name, ...limit }: { readonly name: string; readonly everyMs: number; readonly burst: number },
  signal: AbortSignal,
): Promise<News | Later> {
  const { store, clock } = ports;
  for (let now = news; ; now = await readNews(ports, news.telling.peeringId)) {
    const waitMs = await store.takeTurn(`slack/${name}`, limit);
    if (waitMs === 0) return now;
    if (waitMs > SLEEP_MAX_MS || signal.aborted) return { laterMs: waitMs };
    await clock.sleep(waitMs, signal);
  }
}

async function readNews({ store, directory, pictures, album }: TellPorts, id: PeeringId): Promise<News> {
  const telling = (await store.telling(id)) ?? { peeringId: id, card: null, cardHash: "", toldSeq: 0 };
  // The events before the record: the card may then know of more than the thread, which is told by the next job.
  const happened = await store.events(id, telling.toldSeq);
  const [stored, waitingFor, leads] = await Promise.all([
    store.peering(id),
    store.queuedSteps(id),
    directory.leads(LEADS_SHOWN_MAX_AGE_MS),
  ]);
  if (!stored) throw new Error(`telling people about ${id}, which is not in the store`);
  const drawing = pictures?.drawing(stored.snapshot);
  const picture = drawing && (await album.shown(id, drawing));
  const card = { snapshot: stored.snapshot, waitingFor, leads, ...(picture && { picture }) };
  return { telling, card, happened };
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
