import { expect, test } from "vitest";
import { channelAt, workspaceAt } from "../../src/sandbox/slack/client.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import type { BotPorts } from "../../src/bot.ts";
import { approve, ask, cardThat, CHANNEL, openWorld, peeringOf, type World } from "./world.ts";

const ON = { settings: { PICTURES: "on" } };

/** The picture at the end of a card; null when it has none. */
function pictureOn({ blocks }: SeenMessage): { readonly fileId: string; readonly words: string } | null {
  const block = blocks.find(({ type }) => type === "image") as
    | { readonly slack_file: { readonly id: string }; readonly alt_text: string }
    | undefined;
  return block ? { fileId: block.slack_file.id, words: block.alt_text } : null;
}

function cardWithPicture({ slack }: World, words: string): Promise<SeenMessage> {
  return channelAt(slack.url, CHANNEL).waitForMessage((card) => pictureOn(card)?.words.startsWith(words) === true);
}

const filesOf = ({ slack }: World) => workspaceAt(slack.url).files();

async function callsOf({ slack }: World, method: string): Promise<number> {
  const entries = await workspaceAt(slack.url).journal();
  return entries.filter((entry) => entry.kind === "call" && entry.method === method).length;
}

test("card and plan get a picture that Slack has, with all of it in words, and it changes with the peering", async () => {
  const world = await openWorld(ON);
  await ask(world);

  const planned = await cardWithPicture(world, "Planned.");
  expect(planned.blocks.at(-1)?.type).toBe("image");
  expect(pictureOn(planned)?.words).toMatch(
    /orders-prod in Qingdao: 192\.168\.0\.0\/16\..*Routes to 172\.16\.0\.0\/16/,
  );
  expect(pictureOn(planned)?.words).toMatch(/Router interfaces, 2 Mbit\/s \(Mini\.2\) \(new\)\.$/);
  await world.arjun.press({ channel: CHANNEL, ts: planned.ts, action_id: "review_plan" });
  const plan = await world.arjun.waitForView();
  expect(plan.blocks[1]).toMatchObject({ type: "image", slack_file: { id: pictureOn(planned)?.fileId } });

  await approve(world, planned);
  const connected = await cardWithPicture(world, "Connected.");
  expect(pictureOn(connected)?.words).not.toContain("(new)");

  const files = await filesOf(world);
  expect(files.every(({ type, name }) => type === "image/png" && name === `${peeringOf(planned)}.png`)).toBe(true);
  expect(files.map(({ id }) => id)).toEqual(
    expect.arrayContaining([pictureOn(planned)?.fileId, pictureOn(connected)?.fileId]),
  );
  // People see the picture in the card and nowhere else.
  expect(await channelAt(world.slack.url, CHANNEL).text()).not.toContain("📎");
  const shown = await fetch(files.find(({ id }) => id === pictureOn(connected)?.fileId)?.link ?? "");
  expect(shown.headers.get("content-type")).toBe("image/png");
});

test("a picture that looks the same is not uploaded again, after a restart or an edit of the card", async () => {
  const world = await openWorld(ON);
  await ask(world);
  const before = await cardWithPicture(world, "Planned.");

  await world.restart("stop");
  await world.mei.command(CHANNEL, "/peer-vpcs", `status ${peeringOf(before)}`);
  await approve(world, before);
  await cardWithPicture(world, "Connected.");

  const uploads = (await filesOf(world)).length;
  // Planned, building (when there was time for it) and connected.
  expect(uploads).toBeGreaterThanOrEqual(2);
  expect(uploads).toBeLessThanOrEqual(3);
});

test("an upload that fails leaves the card as it is, and is logged", async () => {
  const world = await openWorld(ON);
  await workspaceAt(world.slack.url).fault({
    method: "files.getUploadURLExternal",
    fault: { error: "missing_scope" },
    times: 99,
  });
  const card = await ask(world);
  await approve(world, card);

  const verified = await cardThat(world, "Verified");

  expect(pictureOn(verified)).toBeNull();
  expect(await filesOf(world)).toEqual([]);
  expect(world.log.filter(({ msg }) => msg === "picture not uploaded")[0]).toMatchObject({
    level: "warn",
    code: "missing_scope",
  });
});

test("a file that Slack is slow with comes onto the card once Slack is done", async () => {
  const world = await openWorld(ON);
  await workspaceAt(world.slack.url).edit({ edit: "dials", dials: { fileReadyMs: 3_500 } });
  await ask(world);

  await cardWithPicture(world, "Planned.");

  const [refused] = world.log.filter(({ msg }) => msg === "slack does not take the picture yet");
  expect(refused).toMatchObject({ level: "info" });
  expect(await filesOf(world)).toHaveLength(1);
});

test("while Slack does not take the file, card and thread go on without it", async () => {
  const world = await openWorld(ON);
  await workspaceAt(world.slack.url).edit({ edit: "dials", dials: { fileReadyMs: 3_600_000 } });
  const card = await ask(world);
  await approve(world, card);

  const verified = await cardThat(world, "Verified");

  expect(pictureOn(verified)).toBeNull();
});

function failSlowly(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("no renderer here")), 1_000));
}

function withoutRenderer(ports: BotPorts): BotPorts {
  return { ...ports, pictures: ports.pictures && { ...ports.pictures, png: failSlowly } };
}

test("a renderer that is slow or not there keeps nobody waiting", async () => {
  const world = await openWorld({ ...ON, between: withoutRenderer });
  const card = await ask(world);
  await approve(world, card);

  expect(pictureOn(await cardThat(world, "Verified"))).toBeNull();
});

test("without the switch nothing is drawn or uploaded", async () => {
  const world = await openWorld({ settings: { PICTURES: "off" } });
  await approve(world, await ask(world));

  expect(pictureOn(await cardThat(world, "Verified"))).toBeNull();
  expect(await callsOf(world, "files.getUploadURLExternal")).toBe(0);
});
