import { webApi } from "@slack/bolt";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Album, Drawing, Store } from "../../src/ports.ts";
import { startSlack, type RunningSlack } from "../../src/sandbox/slack/start.ts";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import { createAlbum } from "../../src/slack/album.ts";
import { clientOptions } from "../../src/slack/call.ts";

const ID = "P-4F7K2M9Q";
const DRAWING: Drawing = { svg: "<svg/>", altText: "Planned.", hash: "aa" };
const OTHER: Drawing = { ...DRAWING, hash: "bb" };
const PNG = Buffer.from("89504e470d0a1a0a0000", "hex");

let slack: RunningSlack;
beforeEach(async () => (slack = await startSlack()));
afterEach(() => slack.close());

interface Time {
  now: number;
}

function noProblem(): Promise<null> {
  return Promise.resolve(null);
}

/** An album in a workspace of its own, and the clock that it goes by. */
function openAlbum(change: Partial<Parameters<typeof createAlbum>[0]> = {}): {
  readonly album: Album;
  readonly time: Time;
} {
  const time = { now: 1_700_000_000_000 };
  const kept = new Map<string, unknown>();
  // Only what an album asks of the store.
  const store = {
    remembered: async (name: string) => (kept.has(name) ? { value: kept.get(name), at: 0 } : null),
    remember: async (name: string, value: unknown) => void kept.set(name, value),
  } as unknown as Store;
  const client = new webApi.WebClient(slack.botToken, clientOptions(slack.apiUrl));
  const clock = { now: () => time.now, sleep: () => Promise.resolve() };
  return { album: createAlbum({ client, store, clock, problem: noProblem, ...change }), time };
}

test("a picture is there once Slack has had time for it, and nobody has been shown its file", async () => {
  const { album, time } = openAlbum();
  expect(await album.readyInMs(ID, DRAWING)).toBeNull();

  const readyMs = await album.put(ID, DRAWING, PNG);

  expect(await album.shown(ID, DRAWING)).toBeNull();
  // Who has uploaded it and was killed before saying so finds it here.
  expect(await album.readyInMs(ID, DRAWING)).toBe(readyMs);
  time.now += readyMs;
  const [file] = await workspaceAt(slack.url).files();
  expect(await album.shown(ID, DRAWING)).toEqual({ fileId: file?.id, altText: "Planned." });
  expect(await album.readyInMs(ID, DRAWING)).toBe(0);
  expect(file).toMatchObject({ type: "image/png", bytes: PNG.length, name: `${ID}.png` });
  const posted = (await workspaceAt(slack.url).changes(0)).changes.filter(({ kind }) => kind === "messagePosted");
  expect(posted).toEqual([]);
});

test("a picture is not shown of a peering that looks otherwise by now", async () => {
  const { album, time } = openAlbum();
  time.now += await album.put(ID, DRAWING, PNG);

  expect(await album.shown(ID, OTHER)).toBeNull();
  expect(await album.shown(ID, DRAWING)).not.toBeNull();
});

test("a channel that gets no card gets no picture", async () => {
  const { album } = openAlbum({ problem: () => Promise.resolve("channel_is_shared") });

  await expect(album.put(ID, DRAWING, PNG)).rejects.toMatchObject({ code: "channel_is_shared" });

  expect(await workspaceAt(slack.url).journal()).toEqual([]);
});

test("what Slack does not take is shown again later and later, then never, until there is another drawing", async () => {
  const { album, time } = openAlbum();
  time.now += await album.put(ID, DRAWING, PNG);
  const waits: Array<number | null> = [];
  for (let picture = await album.shown(ID, DRAWING); picture; picture = await album.shown(ID, DRAWING)) {
    const againMs = await album.refused(ID, picture);
    waits.push(againMs);
    expect(await album.shown(ID, DRAWING)).toBeNull();
    time.now += againMs ?? 0;
  }

  expect(waits).toEqual([2_000, 5_000, 15_000, 60_000, null]);
  // Nobody draws the same again.
  expect(await album.readyInMs(ID, DRAWING)).toBe(0);
  time.now += await album.put(ID, OTHER, PNG);
  expect(await album.shown(ID, OTHER)).not.toBeNull();
});

test("a refusal of a picture that has been replaced is none of the new one", async () => {
  const { album, time } = openAlbum();
  time.now += await album.put(ID, DRAWING, PNG);
  const old = await album.shown(ID, DRAWING);
  time.now += await album.put(ID, OTHER, PNG);

  expect(await album.refused(ID, old ?? { fileId: "", altText: "" })).toBe(0);
  expect(await album.shown(ID, OTHER)).not.toBeNull();
});

test("an upload that Slack's file server refuses is a failure with a name", async () => {
  const client = new webApi.WebClient(slack.botToken, clientOptions(slack.apiUrl));
  const astray = {
    files: {
      getUploadURLExternal: () =>
        Promise.resolve({ ok: true, upload_url: `${slack.url}/upload/v1/F0-nothing`, file_id: "F0" }),
      completeUploadExternal: client.files.completeUploadExternal.bind(client),
    },
  } as unknown as webApi.WebClient;

  await expect(openAlbum({ client: astray }).album.put(ID, DRAWING, PNG)).rejects.toMatchObject({
    code: "upload_failed",
  });
});
