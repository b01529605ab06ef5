import { afterEach, beforeEach, expect, test } from "vitest";

import { channelAt } from "../../../src/sandbox/slack/client.ts";
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
