/**
 * A test that got no answer: the card says what stops it, whoever may proposes what mends it, and somebody else decides.
 */
import { describe, expect, test } from "vitest";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import type { PeeringId } from "../../machines/peering/record.ts";
import { markOf } from "../../machines/peering/mark.ts";
import { add, removeRule, stopBefore } from "./hands.ts";
import { toldThat, viewThat } from "./people.ts";
import {
  askFor,
  buttonsOf,
  cardSays,
  cloudState,
  expectBuilt,
  expectEveryWriteApproved,
  expectNothingLeft,
  newPair,
  peeringAt,
  press,
  readsThat,
  regionOf,
  sharedFastWorld,
  type FastWorld,
  type Network,
  type Pair,
} from "./stories.ts";
import { approve, peeringOf } from "./world.ts";

const shared = sharedFastWorld();

/** Everything is built, somebody breaks it, and the test finds nothing. */
async function brokenBefore(
  world: FastWorld,
  pair: Pair,
  hand: (card: SeenMessage) => Promise<unknown>,
): Promise<SeenMessage> {
  const card = await stopBefore(world, pair, "RunCommand");
  await hand(card);
  await press(world, card, "Test again");
  return cardSays(world, card, "Stopped", (shown) => JSON.stringify(shown.blocks).includes("every packet was lost"));
}

/** Answers with what it was, to put it back. */
async function deleteEntry(world: FastWorld, { regionId, routeTableId }: Network, card: SeenMessage): Promise<object> {
  const mark = markOf(peeringOf(card) as PeeringId);
  const { routeEntries } = regionOf(await cloudState(world), regionId);
  const entry = routeEntries.find((one) => one.routeTableId === routeTableId && one.routeEntryName === mark);
  if (!entry) throw new Error(`no entry of ours in ${routeTableId}`);
  await world.cloud("edit", { regionId, kind: "routeEntry", id: entry.routeEntryId, remove: true });
  const { destinationCidrBlock, nextHopType, nextHopId } = entry;
  return { routeTableId, destinationCidrBlock, nextHopType, nextHopId };
}

describe("an entry that somebody deleted", () => {
  test("is named, put back by a fix that a lead approves, and the peering is verified", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const failed = await brokenBefore(world, pair, (card) => deleteEntry(world, pair.initiator, card));

    const said = await readsThat(world, /no entry leads to/, failed.ts);
    await press(world, failed, "Propose fix", world.mei);
    const waiting = await cardSays(world, failed, "A fix waits for a decision");
    await press(world, waiting, /^Approve plan/);
    const verified = await cardSays(world, failed, "Verified");

    expect(said).toMatch(/on the way there, at route table vtb-\w+: no entry leads to 10\.\d+\.1\.11/);
    expect(JSON.stringify(waiting.blocks)).toMatch(/The fix\*.*proposes.*CreateRouteEntry/);
    expect(buttonsOf(waiting)).toEqual([expect.stringMatching(/^Approve plan/), "Reject…", "Review plan", "Withdraw"]);
    await expectBuilt(world, before, await peeringAt(world, verified));
    await readsThat(world, /proposes a fix, plan \w+: route entry, Qingdao/, failed.ts);
  });

  test("that somebody puts back while the fix waits leaves only the test to decide on", async () => {
    const world = shared();
    const pair = await newPair(world);
    let entry = {};
    const failed = await brokenBefore(world, pair, async (card) => {
      entry = await deleteEntry(world, pair.initiator, card);
    });
    await press(world, failed, "Propose fix", world.mei);
    const waiting = await cardSays(world, failed, "A fix waits for a decision");
    await add(world, pair.initiator.regionId, "routeEntry", entry);

    await press(world, waiting, /^Approve plan/);
    await readsThat(world, /createRouteEntry:\S+: needed → not needed/, failed.ts);
    const again = await cardSays(world, failed, "A fix waits for a decision", (shown) =>
      JSON.stringify(shown.blocks).includes("Nothing is left to mend"),
    );
    await press(world, again, /^Approve plan/);

    await cardSays(world, failed, "Verified");
  });

  test("and whose fix is withdrawn leaves it as it stood: stopped, and all of it can be rolled back", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const failed = await brokenBefore(world, pair, (card) => deleteEntry(world, pair.acceptor, card));
    await press(world, failed, "Propose fix", world.mei);
    const waiting = await cardSays(world, failed, "A fix waits for a decision");

    await press(world, waiting, "Withdraw", world.mei);
    const stopped = await cardSays(world, failed, "Stopped");
    expect(buttonsOf(stopped)).toContain("Propose fix");
    await press(world, stopped, "Roll back");

    await cardSays(world, failed, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });
});

test("a verified peering whose later test fails says what stops it, and stands while its fix is decided", async () => {
  const world = shared();
  const pair = await newPair(world);
  const before = await cloudState(world);
  const card = await askFor(world, pair);
  await approve(world, card);
  const verified = await cardSays(world, card, "Verified");
  await deleteEntry(world, pair.initiator, card);

  await press(world, verified, "Test again");
  const failed = await cardSays(world, card, "Verified, but the last test failed");
  expect(JSON.stringify(failed.blocks)).toMatch(/no entry leads to .*To mend\* Propose a fix/);
  await press(world, failed, "Propose fix", world.mei);
  await press(world, await cardSays(world, card, "A fix waits for a decision"), "Withdraw", world.mei);
  const standing = await cardSays(world, card, "Verified, but the last test failed");
  await press(world, standing, "Propose fix", world.mei);
  await press(world, await cardSays(world, card, "A fix waits for a decision"), /^Approve plan/);

  await readsThat(world, /withdrew the fix[^]*Verified\. Every ping came through/, card.ts);
  await expectBuilt(world, before, await peeringAt(world, await cardSays(world, card, "Verified")));
});

describe("a rule that is missing", () => {
  test("is put back by a fix as it was approved, beside those that stand", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const { regionId, securityGroupId } = pair.acceptor;
    const failed = await brokenBefore(world, pair, (card) =>
      removeRule(world, regionId, securityGroupId, markOf(peeringOf(card) as PeeringId)),
    );
    await press(world, failed, "Propose fix", world.mei);
    await press(world, await cardSays(world, failed, "A fix waits for a decision"), /^Approve plan/);

    const verified = await cardSays(world, failed, "Verified");

    await expectBuilt(world, before, await peeringAt(world, verified));
  });
});

function dropsPing(world: FastWorld, { regionId, securityGroupId }: Network): Promise<unknown> {
  return add(world, regionId, "rule", {
    securityGroupId,
    policy: "drop",
    priority: 1,
    ipProtocol: "ICMP",
    sourceCidrIp: "0.0.0.0/0",
    description: "no ping",
  });
}

describe("what a fix cannot mend", () => {
  test("is named with who must decide, and no fix is offered", async () => {
    const world = shared();
    const pair = await newPair(world);
    const failed = await brokenBefore(world, pair, () => dropsPing(world, pair.acceptor));

    const said = await readsThat(world, /drops it \(priority 1\)/, failed.ts);

    expect(said).toContain("Whoever placed that rule must decide");
    expect(buttonsOf(failed)).not.toContain("Propose fix");
  });

  test("and came meanwhile is said to who asks, and nothing is proposed", async () => {
    const world = shared();
    const pair = await newPair(world);
    const failed = await brokenBefore(world, pair, (card) => deleteEntry(world, pair.initiator, card));
    await dropsPing(world, pair.acceptor);

    await press(world, failed, "Propose fix", world.mei);

    expect(await toldThat(world, world.mei, /No fix of this peering/)).toMatch(/drops it \(priority 1\)/);
    expect((await peeringAt(world, failed)).runs).toHaveLength(1);
  });

  test("because it was mended by hand is said, and to test again", async () => {
    const world = shared();
    const pair = await newPair(world);
    let entry = {};
    const failed = await brokenBefore(world, pair, async (card) => {
      entry = await deleteEntry(world, pair.initiator, card);
    });
    await add(world, pair.initiator.regionId, "routeEntry", entry);

    await press(world, failed, "Propose fix", world.mei);

    expect(await toldThat(world, world.mei, /nothing stops the test/)).toContain("Test again");
  });
});

test("who neither asked nor leads proposes nothing, and is told who can", async () => {
  const world = shared();
  const pair = await newPair(world);
  const failed = await brokenBefore(world, pair, (card) => deleteEntry(world, pair.initiator, card));

  await press(world, failed, "Propose fix", world.tomek);

  expect(await viewThat(world, world.tomek, /That did not happen/)).toContain("network leads can do that");
});

test("every write of these stories had an approval", async () => {
  await expectEveryWriteApproved(shared());
});
