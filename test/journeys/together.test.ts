/**
 * Many peerings at once in one bot: a VPC's route tables take one change at a time, everything else goes side by side.
 */
import { expect, test } from "vitest";
import type { ConnectionId } from "../../machines/network/request.ts";
import type { PeeringId } from "../../machines/peering/record.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { writeCallsOf } from "./people.ts";
import {
  askFor,
  buttonsOf,
  cardSays,
  cloudState,
  expectBuilt,
  expectEveryWriteApproved,
  newNetwork,
  newPair,
  openFastWorld,
  peeringAt,
  press,
  type FastWorld,
  type Network,
  type Pair,
} from "./stories.ts";
import { approve, peeringOf, type CloudCall } from "./world.ts";

/** A router takes five interfaces. */
const SPOKES = 5;

const NOT_ALLOWED = {
  code: "Forbidden.RAM",
  status: 403,
  message: "User not authorized to operate on the specified resource.",
};
/** Longer than it takes all of them to get there on a busy machine. */
const HELD_MS = 5_000;
const PATIENT = { timeoutMs: 2 * HELD_MS };

test("peerings that share a VPC write its routes one after another, in the order in which they came, and the cards say who has the turn", async () => {
  const world = await openFastWorld(PATIENT);
  const { hub, pairs } = await hubAndSpokes(world, SPOKES);
  const before = await cloudState(world);
  const cards = await askAll(world, pairs);
  // Whoever is first holds the turn for long enough to be seen.
  await world.cloud("dials", {
    action: "CreateRouteEntry",
    when: { RouteTableId: hub.routeTableId },
    fault: "slow",
    ms: HELD_MS,
  });

  await Promise.all(cards.map((card) => approve(world, card)));
  const waiting = await Promise.any(
    cards.map((card) =>
      cardSays(world, card, "Connected", (shown) => /waiting for `P-\w+`/.test(JSON.stringify(shown.blocks))),
    ),
  );
  await Promise.all(cards.map((card) => cardSays(world, card, "Verified")));

  const holder = /waiting for `(P-\w+)`/.exec(JSON.stringify(waiting.blocks))?.[1];
  expect(cards.map((card) => peeringOf(card))).toContain(holder);
  expect(holder).not.toBe(peeringOf(waiting));
  const written = await writeCallsOf(world);
  const routed = written.filter(
    ({ action, params }) => action === "CreateRouteEntry" && params["RouteTableId"] === hub.routeTableId,
  );
  expect(routed.map(({ params }) => params["RouteEntryName"]?.replace("peer-vpcs-", ""))).toEqual(
    await inOrderOfAsking(world, cards),
  );
  expect((await world.journal()).filter(isRefusal)).toEqual([]);
  await expectBuilt(world, before, ...(await Promise.all(cards.map((card) => peeringAt(world, card)))));
  await expectEveryWriteApproved(world);
});

test("a peering that stops gives its turn to the next one, and gets another when it is retried", async () => {
  const world = await openFastWorld();
  const { hub, pairs } = await hubAndSpokes(world, 3);
  const before = await cloudState(world);
  const cards = await askAll(world, pairs);
  const full = {
    code: "QuotaExceeded",
    status: 400,
    message: "The number of route entries in the table exceeds the quota.",
  };
  await world.cloud("dials", { action: "CreateRouteEntry", when: { RouteTableId: hub.routeTableId }, fault: full });

  await Promise.all(cards.map((card) => approve(world, card)));
  const stopped = await Promise.any(cards.map((card) => cardSays(world, card, "Stopped")));
  const others = cards.filter((card) => peeringOf(card) !== peeringOf(stopped));
  await Promise.all(others.map((card) => cardSays(world, card, "Verified")));
  expect(buttonsOf(stopped)).toContain("Roll back");
  await press(world, stopped, /^Retry step/);
  await cardSays(world, stopped, "Verified");

  await expectBuilt(world, before, ...(await Promise.all(cards.map((card) => peeringAt(world, card)))));
});

test("of several route entries in one VPC none is written after one has failed for good, and after a retry all are", async () => {
  const world = await openFastWorld();
  const pair = await newPair(world);
  const { regionId, vpcId } = pair.acceptor;
  for (const routeTableName of ["one", "two", "three"])
    await world.cloud("edit", { regionId, kind: "routeTable", add: { vpcId, routeTableName } });
  const before = await cloudState(world);
  const card = await askFor(world, pair);
  await world.cloud("dials", { action: "CreateRouteEntry", regionId, fault: NOT_ALLOWED });

  await approve(world, card);
  const stopped = await cardSays(world, card, "Stopped at step");
  const entries = async () =>
    (await writeCallsOf(world)).filter((call) => call.action === "CreateRouteEntry" && call.regionId === regionId);
  expect(await entries()).toHaveLength(1);
  await press(world, stopped, /^Retry step/);
  await cardSays(world, card, "Verified");

  expect(await entries()).toHaveLength(5);
  await expectBuilt(world, before, await peeringAt(world, card));
});

test("one is rolled back while another on the same VPC is built: neither gets in the other's way", async () => {
  const world = await openFastWorld();
  const { hub, pairs } = await hubAndSpokes(world, 3);
  const before = await cloudState(world);
  const cards = await askAll(world, pairs);
  const [first, ...rest] = cards;
  await world.cloud("dials", {
    action: "RunCommand",
    when: { "InstanceId.1": pairs[0]?.initiator.instanceId ?? "" },
    fault: NOT_ALLOWED,
  });
  if (!first) throw new Error("three were asked for");
  await approve(world, first);
  const stopped = await cardSays(world, first, "Stopped");

  await Promise.all([press(world, stopped, "Roll back"), ...rest.map((card) => approve(world, card))]);
  await Promise.all([
    cardSays(world, first, "Rolled back, nothing is left"),
    ...rest.map((card) => cardSays(world, card, "Verified")),
  ]);

  const conflicts = (await writeCallsOf(world)).filter(
    ({ params, code }) => code === "TaskConflict" && params["RouteTableId"] === hub.routeTableId,
  );
  expect(conflicts).toEqual([]);
  await expectBuilt(world, before, ...(await Promise.all(rest.map((card) => peeringAt(world, card)))));
});

test("peering connections that share a VPC are created one after the other, whichever end it is, and the card says who has the turn", async () => {
  const world = await openFastWorld(PATIENT);
  const { hub, pairs } = await hubAndSpokes(world, 1);
  const onwards = { initiator: hub, acceptor: await newNetwork(world, { regionId: "cn-shanghai" }) };
  const before = await cloudState(world);
  const cards = [...(await askAll(world, pairs, "vpc-peer")), ...(await askAll(world, [onwards], "vpc-peer"))];
  // Whoever is first holds the turn for long enough to be seen.
  await world.cloud("dials", { action: "CreateVpcPeerConnection", fault: "slow", ms: HELD_MS });

  await Promise.all(cards.map((card) => approve(world, card)));
  const waiting = await Promise.any(
    cards.map((card) =>
      cardSays(world, card, "Creating the peering connection", (shown) =>
        /peering connection \(waiting for `P-\w+` on the same network\)/.test(JSON.stringify(shown.blocks)),
      ),
    ),
  );
  await Promise.all(cards.map((card) => cardSays(world, card, "Verified")));

  const holder = /waiting for `(P-\w+)`/.exec(JSON.stringify(waiting.blocks))?.[1];
  expect(cards.map((card) => peeringOf(card)).filter((id) => id !== peeringOf(waiting))).toEqual([holder]);
  const written = await writeCallsOf(world);
  const [first, second, ...more] = written.filter(({ action }) => action === "CreateVpcPeerConnection");
  expect(more).toEqual([]);
  expect(second?.at).toBeGreaterThanOrEqual((first?.at ?? Infinity) + HELD_MS);
  expect((await world.journal()).filter(isRefusal)).toEqual([]);
  await expectBuilt(world, before, ...(await Promise.all(cards.map((card) => peeringAt(world, card)))));
  await expectEveryWriteApproved(world);
});

test("ten peerings of twenty VPCs at once all end verified", async () => {
  // The more there is to do, the less may the bot's time run away from the machine.
  const world = await openFastWorld({ botSpeed: 3 });
  const pairs: Pair[] = [];
  for (let number = 0; number < 10; number += 1) pairs.push(await newPair(world));
  const before = await cloudState(world);
  const cards = await askAll(world, pairs);

  await Promise.all(cards.map((card) => approve(world, card)));
  await Promise.all(cards.map((card) => cardSays(world, card, "Verified")));

  await expectBuilt(world, before, ...(await Promise.all(cards.map((card) => peeringAt(world, card)))));
  await expectEveryWriteApproved(world);
});

async function hubAndSpokes(
  world: FastWorld,
  spokes: number,
): Promise<{ readonly hub: Network; readonly pairs: readonly Pair[] }> {
  const hub = await newNetwork(world, { regionId: "cn-beijing" });
  const pairs: Pair[] = [];
  for (let number = 0; number < spokes; number += 1)
    pairs.push({ initiator: await newNetwork(world, { regionId: "cn-qingdao" }), acceptor: hub });
  return { hub, pairs };
}

async function askAll(
  world: FastWorld,
  pairs: readonly Pair[],
  connection?: ConnectionId,
): Promise<readonly SeenMessage[]> {
  const cards: SeenMessage[] = [];
  for (const pair of pairs) cards.push(await askFor(world, pair, {}, connection));
  return cards;
}

/** The event that asks for the route entries is the second interface's `Active`. */
async function inOrderOfAsking(world: FastWorld, cards: readonly SeenMessage[]): Promise<readonly string[]> {
  const asked = await Promise.all(
    cards.map(async (card) => {
      const events = await world.store.events(peeringOf(card) as PeeringId, 0);
      const connected = events.findLast(
        ({ event }) => event.type === "statusReached" && event.step === "connectRouterInterface",
      );
      return { id: peeringOf(card), at: connected?.at ?? 0 };
    }),
  );
  return asked.toSorted((one, other) => one.at - other.at).map(({ id }) => id);
}

/** A dry run ends in one even when all is well. */
function isRefusal({ code, params }: CloudCall): boolean {
  return code !== undefined && params["DryRun"] === undefined;
}
