import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { channelAt, workspaceAt } from "../../../src/sandbox/slack/client.ts";
import { installSocketApp, type Installed } from "./bolt-app.ts";
import { callApi } from "./raw-app.ts";

let installed: Installed;
beforeEach(async () => (installed = await installSocketApp(() => {})));
afterEach(async () => await installed.stop());

const channel_id = "C0NETWORKS";

test("the SDK's upload ends in a message with the file", async () => {
  const { slack, app } = installed;
  const content = "10:58:03 CreateRouterInterface\n".repeat(50);
  await app.client.files.uploadV2({
    channel_id,
    content,
    filename: "run.log",
    title: "Run log",
    initial_comment: "Done",
  });
  const message = await channelAt(slack.url, channel_id).waitForMessage();
  expect(message).toMatchObject({
    text: "Done",
    files: [{ name: "run.log", title: "Run log", bytes: content.length }],
  });
  expect(await channelAt(slack.url, channel_id).text()).toMatch(/Done\n📎 Run log \(run\.log\)$/);
});

test("an upload can go to a thread", async () => {
  const { slack, app } = installed;
  const { ts } = await app.client.chat.postMessage({ channel: channel_id, text: "root" });
  await app.client.files.uploadV2({ channel_id, thread_ts: String(ts), content: "x", filename: "a.txt" });
  const root = await channelAt(slack.url, channel_id).waitForMessage();
  expect(root.replies).toMatchObject([{ files: [{ name: "a.txt" }] }]);
});

test("a plain body can be uploaded too, and an address that was not given out takes nothing", async () => {
  const { slack } = installed;
  const { upload_url, file_id } = await callApi(slack, "files.getUploadURLExternal", {
    filename: "a.txt",
    length: "3",
  });
  expect((await fetch(`${String(upload_url)}x`, { method: "POST", body: "abc" })).status).toBe(404);
  expect((await fetch(String(upload_url), { method: "POST", body: "abc" })).status).toBe(200);
  const files = JSON.stringify([{ id: file_id }]);
  expect(await callApi(slack, "files.completeUploadExternal", { files })).toMatchObject({ files: [{ size: 3 }] });
});

test("what was not uploaded cannot be shared", async () => {
  const { slack } = installed;
  const { file_id } = await callApi(slack, "files.getUploadURLExternal", { filename: "a.txt", length: "3" });
  for (const id of [file_id, "F0NOSUCHONE"]) {
    const files = JSON.stringify([{ id }]);
    expect(await callApi(slack, "files.completeUploadExternal", { files })).toMatchObject({ error: "file_not_found" });
  }
  expect(await callApi(slack, "files.getUploadURLExternal", { filename: "a.txt", length: "0" })).toMatchObject({
    error: "invalid_arguments",
  });
});

const PNG = Buffer.from("89504e470d0a1a0a00000000", "hex");

/** An upload that nobody has been shown. */
async function upload(content: Buffer, filename: string): Promise<string> {
  const { slack } = installed;
  const length = String(content.length);
  const { upload_url, file_id } = await callApi(slack, "files.getUploadURLExternal", { filename, length });
  await fetch(String(upload_url), { method: "POST", body: new Uint8Array(content) });
  await callApi(slack, "files.completeUploadExternal", { files: JSON.stringify([{ id: file_id }]) });
  return String(file_id);
}

async function pass(advanceMs: number): Promise<void> {
  await workspaceAt(installed.slack.url).edit({ edit: "clock", advanceMs });
}

function post(slack_file: object): ReturnType<typeof callApi> {
  return callApi(installed.slack, "chat.postMessage", {
    channel: channel_id,
    text: "x",
    blocks: JSON.stringify([{ type: "image", slack_file, alt_text: "orders-prod and shared-data" }]),
  });
}

describe("a block that shows a file", () => {
  const refused = {
    error: "invalid_blocks",
    response_metadata: { messages: [expect.stringMatching(/invalid slack file/)] },
  };

  test("is taken once Slack is done with it, and people read its words", async () => {
    const { slack } = installed;
    const id = await upload(PNG, "a.png");

    expect(await post({ id })).toMatchObject(refused);
    await pass(1_000);
    expect(await post({ id })).toMatchObject({ ok: true });

    const message = await channelAt(slack.url, channel_id).waitForMessage();
    expect(message.blocks).toMatchObject([{ type: "image", slack_file: { id } }]);
    expect(await channelAt(slack.url, channel_id).text()).toContain("(image: orders-prod and shared-data)");
  });

  test("is not taken when the file is no image, not there, or not wholly uploaded", async () => {
    const { slack } = installed;
    const text = await upload(Buffer.from("10:58:03"), "a.png");
    const { file_id } = await callApi(slack, "files.getUploadURLExternal", { filename: "b.png", length: "3" });
    await pass(60_000);

    for (const id of [text, file_id, "F0NOSUCHONE"]) expect(await post({ id })).toMatchObject(refused);
  });

  test("can be in a view, too", async () => {
    const { slack } = installed;
    const id = await upload(PNG, "a.png");
    const view = { type: "home", blocks: [{ type: "image", slack_file: { id }, alt_text: "two networks" }] };
    const publish = () => callApi(slack, "views.publish", { user_id: "U0MEILIN01", view: JSON.stringify(view) });

    expect(await publish()).toMatchObject({
      error: "invalid_arguments",
      response_metadata: {
        messages: [expect.stringContaining("invalid slack file [json-pointer:/view/blocks/0/slack_file]")],
      },
    });
    await pass(1_000);
    expect(await publish()).toMatchObject({ ok: true });
  });
});
