/**
 * What the bot never does: write while it is installed read-only, whatever waits, and tell a secret.
 */
import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import {
  askFor,
  buttonsOf,
  cardSays,
  cloudState,
  expectBuilt,
  expectEveryWriteApproved,
  newPair,
  openFastWorld,
  peeringAt,
  press,
  readsThat,
  untilStruck,
  type FastWorld,
  type Pair,
} from "./stories.ts";
import { approve, channelText } from "./world.ts";

const NOT_ALLOWED = {
  code: "Forbidden.RAM",
  status: 403,
  message: "User not authorized to operate on the specified resource.",
};
const FAR_TOO_MANY = 1_000_000;

/** Where a story can be when the operator makes the bot read-only: it waits to do one of these on its own resources. */
const HELD_AT: ReadonlyArray<{
  readonly action: string;
  readonly when?: (pair: Pair) => Readonly<Record<string, string>>;
}> = [
  { action: "DescribeVSwitches", when: ({ initiator }) => ({ VpcId: initiator.vpcId }) },
  { action: "CreateRouterInterface", when: ({ initiator }) => ({ RouterId: initiator.vRouterId }) },
  { action: "ModifyRouterInterfaceAttribute", when: ({ acceptor }) => ({ OppositeRouterId: acceptor.vRouterId }) },
  { action: "CreateRouteEntry", when: ({ initiator }) => ({ RouteTableId: initiator.routeTableId }) },
  { action: "AuthorizeSecurityGroup", when: ({ initiator }) => ({ SecurityGroupId: initiator.securityGroupId }) },
  { action: "RunCommand", when: ({ initiator }) => ({ "InstanceId.1": initiator.instanceId }) },
  // Last, because its interface has no id before: this dial strikes whoever comes.
  { action: "ConnectRouterInterface" },
];

test("made read-only, the bot writes nothing whatever waits; it says so, and goes on when it may write again", async () => {
  const world = await openFastWorld();
  const pairs: Pair[] = [];
  for (let number = 0; number <= HELD_AT.length; number += 1) pairs.push(await newPair(world));
  const before = await cloudState(world);
  const undone = await heldInRollback(world, pairs[HELD_AT.length]);
  const built: SeenMessage[] = [];
  for (const [index, held] of HELD_AT.entries()) built.push(await heldAt(world, held, pairs[index]));
  const cards = [...built, undone];

  await world.restart("stop", { MODE: "read-only" });
  await world.clearDials();
  const written = await writesOf(world);
  const stopped = await Promise.all(cards.map((card) => cardSays(world, card, "Stopped at step", saysReadOnly)));
  await press(world, stopped[0] ?? undone, /^Retry step/);
  await world.arjun.waitForView((view) => JSON.stringify(view.blocks).includes("installed read-only"));
  expect(await writesOf(world)).toBe(written);

  await world.restart("stop", { MODE: "operate" });
  await Promise.all(built.map((card) => retryUntil(world, card, "Verified")));
  await retryUntil(world, undone, "Rolled back, nothing is left");

  await expectBuilt(world, before, ...(await Promise.all(built.map((card) => peeringAt(world, card)))));
  await expectEveryWriteApproved(world);
});

test("no secret is in any log line, message or record, also when the cloud repeats one in a refusal", async () => {
  const world = await openFastWorld();
  const card = await askFor(world, await newPair(world));
  const echo = `server string to sign is:GET&%2F&AccessKeySecret%3D${world.alibaba.accessKeySecret}`;
  await world.cloud("dials", {
    action: "CreateRouteEntry",
    fault: { code: "SignatureDoesNotMatch", status: 400, message: echo },
  });
  await world.cloud("dials", { action: "CreateRouterInterface", fault: "resetAfter" });
  await world.cloud("dials", { action: "ModifyRouterInterfaceAttribute", fault: "notJson" });
  await approve(world, card);
  await press(world, await cardSays(world, card, "Stopped"), /^Retry step/);
  await cardSays(world, card, "Verified");
  await readsThat(world, /Verified\. Every ping/, card.ts);

  const peering = await peeringAt(world, card);
  const told = {
    log: inspect(world.log, { depth: 10, maxArrayLength: null, maxStringLength: null }),
    channel: await channelText(world),
    record: JSON.stringify([peering, await world.store.events(peering.id, 0)]),
  };
  const { accessKeySecret } = world.alibaba;
  const { botToken, appToken, signingSecret } = world.slack;
  for (const [where, text] of Object.entries(told)) {
    // What is told on purpose is found by the same search.
    expect(text).toContain(peering.id);
    for (const secret of [accessKeySecret, botToken, appToken, signingSecret])
      expect(text.includes(secret), `a secret in the ${where}`).toBe(false);
  }
  expect(told.log).not.toMatch(/Signature=|authorization:|response_?url/i);
});

async function heldAt(
  world: FastWorld,
  { action, when }: (typeof HELD_AT)[number],
  pair: Pair | undefined,
): Promise<SeenMessage> {
  if (!pair) throw new Error(`no pair to be held at ${action}`);
  const card = await askFor(world, pair);
  await world.cloud("dials", { action, ...(when && { when: when(pair) }), fault: "throttle", times: FAR_TOO_MANY });
  await approve(world, card);
  await untilStruck(world, action);
  return card;
}

async function heldInRollback(world: FastWorld, pair: Pair | undefined): Promise<SeenMessage> {
  if (!pair) throw new Error("no pair to be held in a rollback");
  const card = await askFor(world, pair);
  await world.cloud("dials", { action: "RunCommand", fault: NOT_ALLOWED });
  await world.cloud("dials", { action: "DeleteRouteEntry", fault: "throttle", times: FAR_TOO_MANY });
  await approve(world, card);
  await press(world, await cardSays(world, card, "Stopped"), "Roll back");
  await untilStruck(world, "DeleteRouteEntry");
  return card;
}

function saysReadOnly(card: SeenMessage): boolean {
  return JSON.stringify(card.blocks).includes("The bot is installed read-only and writes nothing.");
}

const AGAIN = /^Retry|^Test again/;

/** Presses Retry as often as the card offers it. */
async function retryUntil(world: FastWorld, card: SeenMessage, title: string): Promise<void> {
  for (let pressed = ""; ;) {
    const now = await cardSays(
      world,
      card,
      "",
      (shown) =>
        JSON.stringify(shown.blocks) !== pressed &&
        (isOver(shown, title) || buttonsOf(shown).some((label) => AGAIN.test(label))),
    );
    if (isOver(now, title)) return;
    pressed = JSON.stringify(now.blocks);
    await press(world, now, AGAIN);
  }
}

function isOver({ blocks }: SeenMessage, title: string): boolean {
  return JSON.stringify(blocks[0]).includes(title);
}

async function writesOf(world: FastWorld): Promise<number> {
  return (await world.journal()).filter(({ kind }) => kind === "write").length;
}
