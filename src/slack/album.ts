/**
 * Pictures in Slack: uploaded and shared with no channel, so that people see one only in the card or the view that shows
 * it. Only the app that uploaded a file can show it.
 *
 * Upload: https://docs.slack.dev/messaging/working-with-files (read 2026-11-26). What stands in a message:
 * https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object (read 2026-11-26).
 */
import type { webApi } from "@slack/bolt";
import type { PeeringId } from "../../machines/peering/record.ts";
import { ChatFailure, type Album, type Clock, type Drawing, type Picture, type Store } from "../ports.ts";
import { calling } from "./call.ts";

/** Slack takes about a second until a file can stand in a message: https://github.com/slackapi/python-slack-sdk/issues/1521 (read 2026-11-26). */
const READY_MS = 2_000;

/** How long Slack gets to be done with a file, after each time that it was not. */
const READY_AGAIN_MS = [2_000, 5_000, 15_000, 60_000];

const UPLOAD_TIMEOUT_MS = 15_000;

export interface AlbumOptions {
  readonly client: webApi.WebClient;
  readonly store: Store;
  readonly clock: Clock;
  /** Why the channel gets no card at present: then it gets no picture either. */
  readonly problem: () => Promise<string | null>;
}

/** What is remembered of a peering's picture. */
interface Kept {
  readonly hash: string;
  /** Null when this drawing was given up. */
  readonly picture: Picture | null;
  /** How often Slack did not take it, and the time before which it is not shown again, epoch ms. */
  readonly refusals: number;
  readonly notBefore: number;
}

export function createAlbum({ client, store, clock, problem }: AlbumOptions): Album {
  async function kept(id: PeeringId): Promise<Kept | null> {
    // Nobody else writes under this name.
    return ((await store.remembered(nameOf(id)))?.value ?? null) as Kept | null;
  }

  function keep(id: PeeringId, value: Kept): Promise<void> {
    return store.remember(nameOf(id), value, clock.now());
  }

  return {
    async shown(id, { hash }) {
      const held = await kept(id);
      return held?.hash === hash && held.notBefore <= clock.now() ? held.picture : null;
    },

    async readyInMs(id, { hash }) {
      const held = await kept(id);
      return held?.hash === hash ? Math.max(0, held.notBefore - clock.now()) : null;
    },

    async put(id, { altText, hash }, png) {
      const found = await problem();
      if (found) throw new ChatFailure(found, null);
      const fileId = await upload(client, `${id}.png`, png);
      const picture = { fileId, altText };
      await keep(id, { hash, picture, refusals: 0, notBefore: clock.now() + READY_MS });
      return READY_MS;
    },

    giveUp: (id, { hash }: Drawing) => keep(id, { hash, picture: null, refusals: 0, notBefore: 0 }),

    async refused(id, { fileId }) {
      const held = await kept(id);
      // Another one has come in its place: that one is asked about next.
      if (held?.picture?.fileId !== fileId) return 0;
      const againMs = READY_AGAIN_MS[held.refusals] ?? null;
      if (againMs === null) await keep(id, { ...held, picture: null });
      else await keep(id, { ...held, refusals: held.refusals + 1, notBefore: clock.now() + againMs });
      return againMs;
    },
  };
}

function nameOf(id: PeeringId): string {
  return `picture/${id}`;
}

/** Answers with the id of the file. Rejects with `ChatFailure`. */
async function upload(client: webApi.WebClient, filename: string, png: Uint8Array): Promise<string> {
  const place = await calling(client.files.getUploadURLExternal({ filename, length: png.length }));
  const { upload_url: url = "", file_id: id = "" } = place;
  await post(url, png);
  // Without a channel it stays private.
  await calling(client.files.completeUploadExternal({ files: [{ id, title: filename }] }));
  return id;
}

/** The address is good for this one file and needs no token. */
async function post(url: string, png: Uint8Array): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "image/png" },
    body: new Uint8Array(png),
    signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    redirect: "error",
  }).catch((error: unknown) => {
    throw new ChatFailure("", null, { cause: error });
  });
  if (!answer.ok) throw new ChatFailure("upload_failed", null, { cause: new Error(`status ${answer.status}`) });
}
