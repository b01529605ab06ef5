/**
 * The bot by its real command, as a child process, and `kill -9` at every stage of a story. After each it is started again
 * on the same data directory.
 */
import { expect, onTestFinished, test, vi } from "vitest";
import type { PeeringId } from "../../machines/peering/record.ts";
import { systemClock } from "../../src/clock.ts";
import { botSettings, startBot, type BotProcess } from "../../src/sandbox/bot-process.ts";
import { startAlibaba } from "../../src/sandbox/alibaba/start.ts";
import { personAt } from "../../src/sandbox/slack/client.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { startSlack } from "../../src/sandbox/slack/start.ts";
import { openStore } from "../../src/store/open.ts";
import { copyDataDirectory } from "../data-directory.ts";
import { quietLog } from "../quiet-log.ts";
import { writeCallsOf } from "./people.ts";
import { cardSays, cloudState, expectBuilt, expectNothingLeft, expectWholeThread, press } from "./stories.ts";
import { approve, cardThat, fillForm, peeringOf, untilRead, type World } from "./world.ts";

const TIMEOUT_MS = 180_000;

/** The cloud answers so late that the kill comes first: what it was asked for is done, and nobody has heard of it. */
const HELD_BACK_MS = 5_000;

/** On the way to the proof, and on the way back. */
const WRITES = [
  "CreateRouterInterface",
  "ConnectRouterInterface",
  "CreateRouteEntry",
  "AuthorizeSecurityGroup",
  "RunCommand",
];
const REMOVALS = ["DeleteRouteEntry"];

test("killed at every stage, the bot carries the story to its proof", { timeout: TIMEOUT_MS }, async () => {
  const { world, bot } = await openChildWorld();
  const before = await cloudState(world);

  await fillForm(world, world.mei);
  await untilRead(world.mei);
  await bot.killAndStart();
  await world.mei.submit();
  await cardThat(world, "Waiting for a decision", TIMEOUT_MS);
  await bot.killAndStart();
  const card = await cardThat(world, "Waiting for a decision", TIMEOUT_MS);
  for (const action of WRITES) await holdBack(world, action);
  await approve(world, card);
  await bot.killAndStart();
  for (const action of WRITES) await killedDuring(world, bot, action);
  await cardSays(world, card, "Verified");

  expect(bot.kills()).toBe(3 + WRITES.length);
  await expectWholeThread(world, card, bot.kills());
  await bot.stop();
  await expectBuilt(world, before, await bot.peering(card));
});

test(
  "told to stop in the middle, the bot ends well and goes on later; killed in a rollback, it leaves nothing",
  { timeout: TIMEOUT_MS },
  async () => {
    const { world, bot } = await openChildWorld();
    const before = await cloudState(world);
    await fillForm(world, world.mei);
    await untilRead(world.mei);
    await world.mei.submit();
    const card = await cardThat(world, "Waiting for a decision", TIMEOUT_MS);
    await world.cloud("dials", {
      action: "RunCommand",
      fault: {
        code: "Forbidden.RAM",
        status: 403,
        message: "User not authorized to operate on the specified resource.",
      },
    });
    await world.cloud("dials", { action: "ConnectRouterInterface", fault: "slow", ms: 1_000 });
    for (const action of REMOVALS) await holdBack(world, action);
    await approve(world, card);
    await until(async () => (await callsOf(world, "ConnectRouterInterface")).length > 0);
    expect(await bot.stop()).toBe(0);
    expect(await callsOf(world, "CreateRouteEntry")).toEqual([]);
    await bot.start();

    await press(world, await cardSays(world, card, "Stopped"), "Roll back");
    for (const action of REMOVALS) await killedDuring(world, bot, action);
    await cardSays(world, card, "Rolled back, nothing is left");

    expect(await callsOf(world, "ConnectRouterInterface")).toHaveLength(1);
    await expectNothingLeft(world, before);
  },
);

test(
  "killed while a peering connection is made and again while it is taken away, the bot makes one and leaves none",
  { timeout: TIMEOUT_MS },
  async () => {
    const { world, bot } = await openChildWorld();
    const before = await cloudState(world);
    await fillForm(world, world.mei);
    await untilRead(world.mei);
    await world.mei.choose({ label: "Kind of connection", value: "vpc-peer" });
    await world.mei.submit();
    const card = await cardThat(world, "Waiting for a decision", TIMEOUT_MS);
    await world.cloud("dials", {
      action: "RunCommand",
      fault: {
        code: "Forbidden.RAM",
        status: 403,
        message: "User not authorized to operate on the specified resource.",
      },
    });
    for (const action of ["CreateVpcPeerConnection", "DeleteVpcPeerConnection"]) await holdBack(world, action);

    await approve(world, card);
    await killedDuring(world, bot, "CreateVpcPeerConnection");
    await press(world, await cardSays(world, card, "Stopped"), "Roll back");
    await killedDuring(world, bot, "DeleteVpcPeerConnection");
    await cardSays(world, card, "Rolled back, nothing is left");

    expect(await callsOf(world, "CreateVpcPeerConnection")).toHaveLength(1);
    await expectNothingLeft(world, before);
  },
);

interface Child {
  killAndStart(): Promise<void>;
  start(): Promise<void>;
  /** Answers with its exit code. */
  stop(): Promise<number | null>;
  kills(): number;
  /** What the store holds, once the bot has stopped. */
  peering(card: SeenMessage): Promise<Parameters<typeof expectBuilt>[2]>;
}

async function openChildWorld(): Promise<{ readonly world: World; readonly bot: Child }> {
  const alibaba = await startAlibaba({ speed: 40, latency: false });
  onTestFinished(() => alibaba.close());
  const slack = await startSlack({ rateLimits: false });
  onTestFinished(() => slack.close());
  const directory = copyDataDirectory();
  onTestFinished(() => directory.remove());
  const settings = botSettings(alibaba, slack, directory.path);
  let running: BotProcess = await startBot(settings);
  onTestFinished(() => running.kill());
  const kills: number[] = [];
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(
      `${alibaba.url}/_sandbox/${path}`,
      body ? { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {},
    );
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  };
  const world = {
    alibaba,
    slack,
    mei: personAt(slack.url, "Mei Lin"),
    arjun: personAt(slack.url, "Arjun Rao"),
    cloud: ask,
    journal: async () => ((await ask("journal?since=0")) as { entries: Awaited<ReturnType<World["journal"]>> }).entries,
    // What the journeys here ask of a world; the rest of it lives in the bot's own process.
  } as World;
  const start = async (): Promise<void> => {
    running = await startBot(settings);
  };
  return {
    world,
    bot: {
      start,
      async killAndStart() {
        await running.kill();
        await start();
        kills.push(running.readyMs);
        process.stdout.write(`ready after ${running.readyMs} ms\n`);
      },
      async stop() {
        await running.stop();
        return running.ended;
      },
      kills: () => kills.length,
      async peering(card) {
        const { store } = await openStore({ dataDirectory: directory.path }, { clock: systemClock, log: quietLog });
        const stored = await store.peering(peeringOf(card) as PeeringId);
        await store.close();
        if (!stored) throw new Error(`there is no peering ${peeringOf(card)}`);
        return stored.snapshot.peering;
      },
    },
  };
}

async function holdBack(world: World, action: string): Promise<void> {
  await world.cloud("dials", { action, fault: "slow", ms: HELD_BACK_MS });
}

/** Once the cloud has carried out one such write, and before it answers. */
async function killedDuring(world: World, bot: Child, action: string): Promise<void> {
  await until(async () => (await callsOf(world, action)).some(({ fault }) => fault === "slow"));
  await bot.killAndStart();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  await vi.waitFor(async () => expect(await holds()).toBe(true), { timeout: TIMEOUT_MS });
}

async function callsOf(world: World, action: string): ReturnType<World["journal"]> {
  return (await writeCallsOf(world)).filter((call) => call.action === action);
}
