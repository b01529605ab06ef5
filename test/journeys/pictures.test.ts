import { expect, test } from "vitest";
import { channelAt, workspaceAt } from "../../src/sandbox/slack/client.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import type { BotPorts } from "../../src/bot.ts";
import { approve, ask, cardThat, CHANNEL, channelText, openWorld, peeringOf, threadThat, type World } from "./world.ts";

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

/** What the bot called this method with, each time. */
async function callsOf({ slack }: World, method: string): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> {
  const entries = await workspaceAt(slack.url).journal();
  return entries.flatMap((entry) => (entry.kind === "call" && entry.method === method ? [entry.arguments] : []));
}

test("card and plan get a picture that Slack has, with all of it in words, and another one when it looks otherwise", async () => {
  const world = await openWorld(ON);
  await ask(world);

  const planned = await cardWithPicture(world, "Planned.");
  expect(planned.blocks.at(-1)?.type).toBe("image");
  const { fileId, words } = pictureOn(planned) ?? { fileId: "", words: "" };
  expect(words).toMatch(/orders-prod in Qingdao: 192\.168\.0\.0\/16\..*Routes to 172\.16\.0\.0\/16/);
  expect(words).toMatch(/Router interfaces, 2 Mbit\/s \(Mini\.2\) \(new\)\.$/);
  await world.arjun.press({ channel: CHANNEL, ts: planned.ts, action_id: "review_plan" });
  const plan = await world.arjun.waitForView();
  expect(plan.blocks[1]).toMatchObject({ type: "image", slack_file: { id: fileId } });

  await world.restart("stop");
  await world.mei.command(CHANNEL, "/peer-vpcs", `status ${peeringOf(planned)}`);
  await approve(world, planned);
  const connected = await cardWithPicture(world, "Connected.");
  expect(pictureOn(connected)?.words).not.toContain("(new)");

  const files = await filesOf(world);
  expect(files.every(({ type, name }) => type === "image/png" && name === `${peeringOf(planned)}.png`)).toBe(true);
  expect(files.map(({ id }) => id)).toEqual(expect.arrayContaining([fileId, pictureOn(connected)?.fileId]));
  // Planned, connected and, when there was time for it, building: none twice.
  expect(files.length).toBeLessThanOrEqual(3);
  const shown = await fetch(files.find(({ id }) => id === fileId)?.link ?? "");
  expect(shown.headers.get("content-type")).toBe("image/png");
  // People see the picture in the card and nowhere else.
  expect(await channelText(world)).not.toContain("📎");
  // At no time did a picture say something else than the card that it was on.
  const pictured = (await callsOf(world, "chat.update")).flatMap(({ blocks }) => {
    const card = JSON.stringify(blocks);
    const [, status] = /\\?"alt_text\\?":\\?"([^.]+)/.exec(card) ?? [];
    return status ? [`${status}: ${/\*([^*]+)\*/.exec(card)?.[1]}`] : [];
  });
  expect(pictured).toEqual(expect.arrayContaining(["Planned: Waiting for a decision", "Connected: Verified"]));
  const built = pictured.filter((one) => one.startsWith("Building: "));
  for (const one of built) expect(one).not.toMatch(/Waiting for a decision|Verified/);
  expect(new Set(pictured).size - new Set(built).size).toBe(2);
});

test("a view whose picture Slack does not take is opened without", async () => {
  const world = await openWorld(ON);
  await ask(world);
  const { ts } = await cardWithPicture(world, "Planned.");
  await workspaceAt(world.slack.url).fault({ method: "views.open", fault: { error: "invalid_arguments" } });

  await world.arjun.press({ channel: CHANNEL, ts, action_id: "review_plan" });

  const plan = await world.arjun.waitForView();
  expect(JSON.stringify(plan.blocks)).toContain("CreateRouterInterface");
  expect(plan.blocks.filter(({ type }) => type === "image")).toEqual([]);
});

test("an upload that fails leaves card and thread as they are, and is logged and not tried for ever", async () => {
  const world = await openWorld(ON);
  const fault = { error: "missing_scope" };
  await workspaceAt(world.slack.url).fault({ method: "files.getUploadURLExternal", fault, times: 99 });
  const card = await ask(world);
  await approve(world, card);

  const verified = await cardThat(world, "Verified");
  await threadThat(world, /Verified\. Every ping came through/);

  expect(pictureOn(verified)).toBeNull();
  expect(await filesOf(world)).toEqual([]);
  expect(world.log.filter(({ msg }) => msg === "picture not uploaded")[0]).toMatchObject({
    level: "warn",
    code: "missing_scope",
  });
  // Three looks at most, each tried four times at most.
  expect((await callsOf(world, "files.getUploadURLExternal")).length).toBeLessThanOrEqual(12);
});

test("Slack asking for fewer uploads puts the picture off", async () => {
  const world = await openWorld(ON);
  const fault = { method: "files.getUploadURLExternal", fault: "ratelimited", retryAfterSeconds: 1 } as const;
  await workspaceAt(world.slack.url).fault(fault);
  await ask(world);

  await cardWithPicture(world, "Planned.");

  expect(await callsOf(world, "files.getUploadURLExternal")).toHaveLength(2);
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
  await threadThat(world, /Verified\. Every ping came through/);

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
  await threadThat(world, /Verified\. Every ping came through/);
});

test("without the switch nothing is drawn or uploaded", async () => {
  const world = await openWorld({ settings: { PICTURES: "off" } });
  await approve(world, await ask(world));

  expect(pictureOn(await cardThat(world, "Verified"))).toBeNull();
  expect(await callsOf(world, "files.getUploadURLExternal")).toEqual([]);
});
