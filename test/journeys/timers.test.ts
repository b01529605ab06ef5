/**
 * Time limits: they expire on their own, after a restart as well, and a timer that something has overtaken does nothing.
 */
import { expect, test } from "vitest";
import type { PeeringId } from "../../machines/peering/record.ts";
import {
  askFor,
  buttonsOf,
  cardSays,
  cloudState,
  expectNothingLeft,
  newPair,
  openFastWorld,
  press,
  readsThat,
} from "./stories.ts";
import { approve, peeringOf, type World } from "./world.ts";

const HOUR_MS = 3_600_000;
const FAR_TOO_MANY = 1_000_000;

test("nobody decides for three days: the request expires, says so, and the pair is free to be asked for again", async () => {
  const world = await openFastWorld();
  const pair = await newPair(world);
  const before = await cloudState(world);
  const card = await askFor(world, pair);

  await world.clock.putForward(71 * HOUR_MS);
  await world.clock.putForward(2 * HOUR_MS);

  expect(buttonsOf(await cardSays(world, card, "Expired"))).toEqual([]);
  await readsThat(world, /Nobody decided in time, so the request expired\. Nothing was changed/, card.ts);
  await expectNothingLeft(world, before);
  await askFor(world, pair);
});

test.each(["abandon", "stop"] as const)(
  "the time limit of a decision holds through a restart (%s), also when it passes while nothing runs",
  async (how) => {
    const world = await openFastWorld();
    const before = await askFor(world, await newPair(world));
    await world.restart(how);
    const during = await askFor(world, await newPair(world));
    await world.clock.putForward(73 * HOUR_MS);
    await cardSays(world, before, "Expired");
    await cardSays(world, during, "Expired");

    const later = await askFor(world, await newPair(world));
    await world.restart(how, {}, () => world.clock.putForward(73 * HOUR_MS));

    await cardSays(world, later, "Expired");
  },
);

test("an approved plan that cannot start in its time expires, and nothing was written", async () => {
  const world = await openFastWorld({ settings: { START_TIMEOUT_HOURS: "0.1" } });
  const card = await askFor(world, await newPair(world));
  await keepFromStarting(world);
  await approve(world, card);
  await readsThat(world, /check before the start: Alibaba Cloud asks to slow down/, card.ts);

  await world.clock.putForward(0.1 * HOUR_MS);

  await cardSays(world, card, "Expired");
  await readsThat(world, /It was approved but could not start in time, so it expired\. Nothing was changed/, card.ts);
  expect((await world.journal()).filter(({ kind }) => kind === "write")).toEqual([]);
});

test("an approval whose time passes while nothing runs starts nothing afterwards", async () => {
  const world = await openFastWorld();
  const card = await askFor(world, await newPair(world));
  await keepFromStarting(world);
  await approve(world, card);
  await readsThat(world, /check before the start: Alibaba Cloud asks to slow down/, card.ts);

  await world.restart("abandon", {}, async () => {
    await world.clearDials();
    await world.clock.putForward(HOUR_MS);
  });

  await cardSays(world, card, "Expired");
  expect((await world.journal()).filter(({ kind }) => kind === "write")).toEqual([]);
});

test("a time limit that a decision has overtaken does nothing, whether it was met or the peering stopped", async () => {
  const world = await openFastWorld();
  const [met, stopped] = [await askFor(world, await newPair(world)), await askFor(world, await newPair(world))];
  await approve(world, met);
  await cardSays(world, met, "Verified");
  const notAllowed = {
    code: "Forbidden.RAM",
    status: 403,
    message: "User not authorized to operate on the specified resource.",
  };
  await world.cloud("dials", { action: "CreateRouteEntry", fault: notAllowed });
  await approve(world, stopped);
  await cardSays(world, stopped, "Stopped");

  await world.clock.putForward(73 * HOUR_MS);
  // Its own limit passes now: so the looks at the queue have come to those of the others as well.
  const witness = await askFor(world, await newPair(world));
  await world.clock.putForward(73 * HOUR_MS);
  await cardSays(world, witness, "Expired");

  for (const [card, title] of [
    [met, "Verified"],
    [stopped, "Stopped"],
  ] as const) {
    const events = await world.store.events(peeringOf(card) as PeeringId, 0);
    expect(events.filter(({ event }) => event.type.startsWith("xstate.after"))).toEqual([]);
    await cardSays(world, card, title);
  }
  await press(world, await cardSays(world, stopped, "Stopped"), /^Retry step/);
  await cardSays(world, stopped, "Verified");
});

async function keepFromStarting(world: World): Promise<void> {
  await world.cloud("dials", { action: "DescribeVSwitches", fault: "throttle", times: FAR_TOO_MANY });
}
