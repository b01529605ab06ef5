/**
 * The picture of a peering: drawn, uploaded, and shown by the next edit of the card. It has a queue of its own, so that
 * neither a slow upload nor one that fails keeps anything from being told.
 */
import type { Snapshot } from "../../machines/peering/transition.ts";
import {
  ChatFailure,
  type Album,
  type Clock,
  type Job,
  type Log,
  type Pictures,
  type Queue,
  type Store,
} from "../ports.ts";
import { pictureJob, tellJob } from "../jobs.ts";

export interface PicturePorts {
  readonly store: Store;
  readonly queue: Queue;
  /** Null when none are wanted. */
  readonly pictures: Pictures | null;
  readonly album: Album;
  readonly clock: Clock;
  readonly log: Log;
}

type PictureJob = Extract<Job, { queue: "picture" }>["data"];

/** Sends a job when the peering looks otherwise than the last time: one for each look, whatever becomes of it. */
export async function askForPicture(
  { store, queue, pictures, clock }: PicturePorts,
  snapshot: Snapshot,
): Promise<void> {
  if (!pictures) return;
  const { id } = snapshot.peering;
  const drawing = pictures.drawing(snapshot);
  const asked = `picture/${id}/asked`;
  if (!drawing || (await store.remembered(asked))?.value === drawing.hash) return;
  await queue.send([pictureJob(id, 0)]);
  await store.remember(asked, drawing.hash, clock.now());
}

export async function drawPicture(ports: PicturePorts, { peeringId }: PictureJob): Promise<void> {
  const { store, queue, pictures, album, log } = ports;
  const stored = await store.peering(peeringId);
  const drawing = stored && pictures?.drawing(stored.snapshot);
  if (!pictures || !drawing) return;
  try {
    const readyMs =
      (await album.readyInMs(peeringId, drawing)) ?? (await album.put(peeringId, drawing, await pictures.png(drawing)));
    await queue.send([tellJob(peeringId, 0, readyMs)]);
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    log.warn("picture not uploaded", { peeringId, code: error.code });
    if (error.retryAfterMs === null) throw error;
    await queue.send([pictureJob(peeringId, error.retryAfterMs)]);
  }
}

/** The card does without, until the peering looks otherwise. */
export async function givePictureUp(
  { store, pictures, album }: PicturePorts,
  { peeringId }: PictureJob,
): Promise<void> {
  const stored = await store.peering(peeringId);
  const drawing = stored && pictures?.drawing(stored.snapshot);
  if (drawing) await album.giveUp(peeringId, drawing);
}
