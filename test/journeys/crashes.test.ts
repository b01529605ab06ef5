/**
 * The bot is dropped as a kill would drop it, again and again in one story, at the moments that hurt most. Each time it
 * starts again on the same data; nothing is made twice, nothing is left over, and the thread has every line.
 */
import { expect, test } from "vitest";
import { CONNECTION_IDS } from "../../machines/connections/types.ts";
import type { ConnectionId } from "../../machines/network/request.ts";
import { createKiller } from "./killer.ts";
import {
  askFor,
  cardSays,
  cloudState,
  expectBuilt,
  expectEveryWriteApproved,
  expectNothingLeft,
  expectWholeThread,
  newNetwork,
  newPair,
  type Pair,
  openFastWorld,
  peeringAt,
  press,
} from "./stories.ts";
import { approve } from "./world.ts";

/** Every life of the bot costs a start. */
const TIMEOUT_MS = 120_000;

/** One for every commit that no other can stand for. */
const KILLS_MIN: Readonly<Record<ConnectionId, number>> = {
  "router-interfaces": 10,
  "vpc-peer": "approve check create activated route available rules ping".split(" ").length,
};

test.each(CONNECTION_IDS)(
  "killed after every single commit, a peering over %s ends verified",
  { timeout: TIMEOUT_MS },
  async (connection) => {
    const killer = createKiller(({ at }) => at === "committed");
    const world = await openFastWorld({ between: killer.between });
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair, {}, connection);
    killer.arm();
    await approve(world, card);

    const kills = await killer.killUntil(world, cardSays(world, card, "Verified"));

    expect(kills).toBeGreaterThanOrEqual(KILLS_MIN[connection]);
    await expectBuilt(world, before, await peeringAt(world, card));
    await expectEveryWriteApproved(world);
    await expectWholeThread(world, card, kills, connection);
  },
);

test(
  "killed after every write and before its answer is on record, a peering is built and taken away again",
  { timeout: TIMEOUT_MS },
  async () => {
    const written = new Set<string>();
    const killer = createKiller((moment) => {
      if (moment.at !== "written" || written.has(moment.step)) return false;
      written.add(moment.step);
      return true;
    });
    const world = await openFastWorld({ between: killer.between });
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair);
    await world.cloud("dials", {
      action: "RunCommand",
      when: { "InstanceId.1": pair.acceptor.instanceId },
      times: 100,
      fault: {
        code: "Forbidden.RAM",
        status: 403,
        message: "User not authorized to operate on the specified resource.",
      },
    });
    killer.arm();
    await approve(world, card);

    const built = await killer.killUntil(world, cardSays(world, card, "Stopped"));
    await expectBuilt(world, before, await peeringAt(world, card));
    await press(world, await cardSays(world, card, "Stopped"), "Roll back");
    const undone = await killer.killUntil(world, cardSays(world, card, "Rolled back, nothing is left"));

    // Two writes that are under way side by side may share a kill: then neither of them is on record.
    expect(built).toBeGreaterThanOrEqual("create modify modify connect route rule ping".split(" ").length);
    expect(undone).toBeGreaterThanOrEqual("route deactivate delete".split(" ").length);
    await expectNothingLeft(world, before);
    await expectEveryWriteApproved(world);
  },
);

test(
  "killed after every second commit while three peerings share a VPC, all of them get their turn",
  { timeout: TIMEOUT_MS },
  async () => {
    let commits = 0;
    const killer = createKiller(({ at }) => at === "committed" && (commits += 1) % 2 === 0);
    const world = await openFastWorld({ between: killer.between });
    const hub = await newNetwork(world, { regionId: "cn-beijing" });
    const pairs: Pair[] = [];
    while (pairs.length < 3)
      pairs.push({ initiator: await newNetwork(world, { regionId: "cn-qingdao" }), acceptor: hub });
    const before = await cloudState(world);
    const cards = [];
    for (const pair of pairs) cards.push(await askFor(world, pair));
    for (const card of cards) await approve(world, card);
    killer.arm();

    const kills = await killer.killUntil(world, Promise.all(cards.map((card) => cardSays(world, card, "Verified"))));

    expect(kills).toBeGreaterThanOrEqual(10);
    await expectBuilt(world, before, ...(await Promise.all(cards.map((card) => peeringAt(world, card)))));
    await expectEveryWriteApproved(world);
  },
);
