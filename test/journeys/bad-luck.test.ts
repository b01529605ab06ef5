/**
 * The cloud has bad luck and mends itself: nobody has to do anything, nothing is made twice, and the thread says so.
 */
import { describe, expect, test, vi } from "vitest";
import { CONNECTION_IDS } from "../../machines/connections/types.ts";
import type { ConnectionId } from "../../machines/network/request.ts";
import { writes } from "./people.ts";
import {
  askFor,
  buttonsOf,
  cardSays,
  cloudState,
  expectBuilt,
  expectEveryWriteApproved,
  expectNothingLeft,
  FAULTS,
  newPair,
  openFastWorld,
  peeringAt,
  press,
  readsThat,
  sharedFastWorld,
  type FastWorld,
} from "./stories.ts";
import { approve } from "./world.ts";

/** Every action that writes on the way to a peering. */
const WRITES = {
  "router-interfaces": [
    "CreateRouterInterface",
    "ModifyRouterInterfaceAttribute",
    "ConnectRouterInterface",
    "CreateRouteEntry",
    "AuthorizeSecurityGroup",
    "RunCommand",
  ],
  "vpc-peer": ["CreateVpcPeerConnection", "CreateRouteEntry", "AuthorizeSecurityGroup", "RunCommand"],
} as const satisfies Readonly<Record<ConnectionId, readonly string[]>>;

/**
 * Seven stories of each kind of connection in which every write goes wrong, each in another way; in all of them every
 * write in every way.
 */
const STORIES = CONNECTION_IDS.flatMap((connection) =>
  Object.keys(FAULTS).map((first, shift, faults) => ({
    connection,
    first,
    dials: WRITES[connection].map((action, index) => {
      const happens = faults[(index + shift) % faults.length] ?? first;
      return { action, ...FAULTS[happens] };
    }),
  })),
);

describe("every write goes wrong", () => {
  const shared = sharedFastWorld({ timeoutMs: 500 });

  test.each(STORIES)(
    "the story of $connection ends verified, with no double, when the cloud $first, and then does worse",
    async ({ connection, dials }) => {
      const world = shared();
      const pair = await newPair(world);
      const before = await cloudState(world);
      const card = await askFor(world, pair, {}, connection);
      const struck = await strikes(world);
      for (const dial of dials) await world.cloud("dials", dial);

      await approve(world, card);
      await cardSays(world, card, "Verified");

      await expectBuilt(world, before, await peeringAt(world, card));
      const wanted = dials.map(({ action, times = 1 }) => [action, (struck[action] ?? 0) + times]);
      expect(await strikes(world)).toEqual({ ...struck, ...Object.fromEntries(wanted) });
    },
  );

  test("every write of these stories had an approval", async () => {
    await expectEveryWriteApproved(shared());
  });
});

describe("in detail", () => {
  test("the cloud throttles everything for a minute: the thread says so once, and the story ends verified", async () => {
    const world = await openFastWorld({ botSpeed: 20 });
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair);
    // Three seconds of the wire are a minute of the bot's.
    await world.cloud("dials", { action: "*", fault: "throttle", forMs: 3_000 });

    await approve(world, card);
    await cardSays(world, card, "Verified");

    const thread = await readsThat(world, /Verified\. Every ping/, card.ts);
    expect(
      thread.match(
        /check before the start: Alibaba Cloud asks to slow down \(Throttling\.User, request [\w-]+\)\. Trying again\./g,
      ),
    ).toHaveLength(1);
    await expectBuilt(world, before, await peeringAt(world, card));
  });

  test("the answer to ConnectRouterInterface is lost: it is looked up and not asked for again", async () => {
    const world = await openFastWorld();
    const pair = await newPair(world);
    const card = await askFor(world, pair);
    await world.cloud("dials", { action: "ConnectRouterInterface", fault: "resetAfter" });

    await approve(world, card);
    await cardSays(world, card, "Verified");

    expect((await world.journal()).filter(({ action }) => action === "ConnectRouterInterface")).toHaveLength(1);
    await readsThat(
      world,
      /connecting the interfaces: No answer that can be trusted came back\. Trying again\./,
      card.ts,
    );
  });

  test("the answer to CreateRouterInterface is lost: the interface is found by our mark and adopted", async () => {
    const world = await openFastWorld();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair);
    await world.cloud("dials", {
      action: "CreateRouterInterface",
      regionId: pair.initiator.regionId,
      fault: "resetAfter",
    });

    await approve(world, card);
    await cardSays(world, card, "Verified");

    const created = (await world.journal()).filter(
      ({ action, regionId }) => action === "CreateRouterInterface" && regionId === pair.initiator.regionId,
    );
    expect(created).toHaveLength(1);
    await readsThat(world, /Router interface, Qingdao: ri-m5e\w+ is already ours, found again/, card.ts);
    await expectBuilt(world, before, await peeringAt(world, card));
  });

  test("the answer is lost and the new interface is not listed yet: the client token brings the same one", async () => {
    const world = await openFastWorld();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair);
    await world.cloud("dials", {
      action: "CreateRouterInterface",
      regionId: pair.initiator.regionId,
      fault: "resetAfter",
    });
    const creations = async () =>
      (await world.journal()).filter(
        ({ action, regionId }) => action === "CreateRouterInterface" && regionId === pair.initiator.regionId,
      );
    // Cloud time stands still, so the interface is not Idle, and not listed, whenever the next attempt comes.
    await world.cloud("clock", { speed: 0 });

    await approve(world, card);
    await vi.waitFor(async () => expect(await creations()).toHaveLength(2), { timeout: 30_000 });
    await world.cloud("clock", { speed: 400 });
    await cardSays(world, card, "Verified");

    const created = await creations();
    expect(created).toHaveLength(2);
    expect(new Set(created.map(({ params }) => params["ClientToken"])).size).toBe(1);
    await expectBuilt(world, before, await peeringAt(world, card));
  });

  test("the answer to CreateVpcPeerConnection is lost: the connection is found by our mark and adopted", async () => {
    const world = await openFastWorld();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair, {}, "vpc-peer");
    await world.cloud("dials", { action: "CreateVpcPeerConnection", fault: "resetAfter" });

    await approve(world, card);
    await cardSays(world, card, "Verified");

    expect((await writes(world)).filter((action) => action === "CreateVpcPeerConnection")).toHaveLength(1);
    await readsThat(world, /Peering connection, Qingdao: pcc-\w+ is already ours, found again/, card.ts);
    await expectBuilt(world, before, await peeringAt(world, card));
  });

  test("a neighbour's route entry is on its way: ours waits until the VPC takes changes again", async () => {
    const world = await openFastWorld();
    const pair = await newPair(world);
    const { regionId, routeTableId, instanceId } = pair.initiator;
    const entry = { routeTableId, destinationCidrBlock: "10.9.0.0/16", nextHopType: "Instance", nextHopId: instanceId };
    const { resource } = (await world.cloud("edit", { regionId, kind: "routeEntry", add: entry })) as {
      resource: { routeEntryId: string };
    };
    const setStatus = (status: string): Promise<unknown> =>
      world.cloud("edit", { regionId, kind: "routeEntry", id: resource.routeEntryId, set: { status } });
    const before = await cloudState(world);
    const card = await askFor(world, pair);
    await setStatus("Pending");

    await approve(world, card);
    await readsThat(
      world,
      /route entry, Qingdao: Another change is under way there \(TaskConflict, request [\w-]+\)\. Trying again\./,
      card.ts,
    );
    await setStatus("Available");
    await cardSays(world, card, "Verified");

    await expectBuilt(world, before, await peeringAt(world, card));
  });

  test("the last request with our client token is still being processed: we wait for its answer", async () => {
    const world = await openFastWorld();
    const card = await askFor(world, await newPair(world));
    const fault = {
      code: "LastTokenProcessing",
      status: 403,
      message: "The last request with this ClientToken is still being processed.",
    };
    await world.cloud("dials", { action: "RunCommand", fault, times: 2 });

    await approve(world, card);
    await cardSays(world, card, "Verified");

    await readsThat(
      world,
      /Another change is under way there \(LastTokenProcessing, request [\w-]+\)\. Trying again\./,
      card.ts,
    );
  });

  test("a client token that meant something else stops the story: the card explains it and offers Roll back, and no retry", async () => {
    const world = await openFastWorld();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair);
    await world.cloud("dials", { action: "CreateRouteEntry", fault: MISMATCH });

    await approve(world, card);
    const stopped = await cardSays(world, card, "Stopped");
    expect(JSON.stringify(stopped.blocks)).toContain(
      "An earlier attempt was sent with other parameters (`IdempotentParameterMismatch`",
    );
    expect(buttonsOf(stopped)).toEqual(["Roll back", "Review plan"]);
    await press(world, stopped, "Roll back");

    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });
});

const MISMATCH = {
  code: "IdempotentParameterMismatch",
  status: 400,
  message: "The request uses the same client token as a previous, but non-identical request.",
};

async function strikes(world: FastWorld): Promise<Readonly<Record<string, number>>> {
  const struck = (await world.journal()).filter((call) => call.fault !== undefined);
  return Object.fromEntries(
    [...Map.groupBy(struck, ({ action }) => action)].map(([action, { length }]) => [action, length]),
  );
}
