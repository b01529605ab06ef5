/**
 * Roll back: from wherever it stopped, what the peering made is removed, and only that.
 */
import { describe, expect, test } from "vitest";
import { createKiller } from "./killer.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { CONNECTION_IDS } from "../../machines/connections/types.ts";
import type { ConnectionId } from "../../machines/network/request.ts";
import {
  askFor,
  buttonsOf,
  cardSays,
  cloudState,
  expectEveryWriteApproved,
  expectNothingLeft,
  FAULTS,
  newPair,
  openFastWorld,
  peeringAt,
  press,
  readsThat,
  regionOf,
  sharedFastWorld,
  untilRefused,
  type Pair,
} from "./stories.ts";
import { approve, type World } from "./world.ts";

const BOTH = ["cn-qingdao", "cn-beijing"] as const;

/** Every step of the tutorial's plan that can be refused, in its order. */
const STEPS = {
  "router-interfaces": [
    { action: "DescribeVSwitches", regionId: "cn-qingdao" },
    ...onBothSides("CreateRouterInterface"),
    ...onBothSides("ModifyRouterInterfaceAttribute").toReversed(),
    { action: "ConnectRouterInterface", regionId: "cn-qingdao" },
    ...onBothSides("CreateRouteEntry"),
    ...onBothSides("AuthorizeSecurityGroup"),
    ...onBothSides("RunCommand"),
  ],
  "vpc-peer": [
    { action: "CreateVpcPeerConnection", regionId: "cn-qingdao" },
    ...onBothSides("CreateRouteEntry"),
    ...onBothSides("AuthorizeSecurityGroup"),
    ...onBothSides("RunCommand"),
  ],
} as const satisfies Readonly<Record<ConnectionId, unknown>>;
const REFUSED_STEPS = CONNECTION_IDS.flatMap((connection) =>
  STEPS[connection].map((step) => ({ connection, ...step })),
);

function onBothSides(action: string): ReadonlyArray<{ readonly action: string; readonly regionId: string }> {
  return BOTH.map((regionId) => ({ action, regionId }));
}

const NOT_ALLOWED = {
  code: "Forbidden.RAM",
  status: 403,
  message: "User not authorized to operate on the specified resource.",
};

const REMOVALS = {
  "router-interfaces": [
    "DeleteRouteEntry",
    "DeactivateRouterInterface",
    "DeleteRouterInterface",
    "RevokeSecurityGroup",
  ],
  "vpc-peer": ["DeleteRouteEntry", "DeleteVpcPeerConnection", "RevokeSecurityGroup"],
} as const satisfies Readonly<Record<ConnectionId, readonly string[]>>;
const BAD_LUCK = CONNECTION_IDS.flatMap((connection) =>
  Object.entries(FAULTS).map(([happens, dial]) => ({ connection, happens, dial })),
);

describe("a story that stops is rolled back", () => {
  const shared = sharedFastWorld({ timeoutMs: 500 });

  test.each(REFUSED_STEPS)(
    "nothing is left of $connection after $action in $regionId was refused",
    async ({ connection, action, regionId }) => {
      const world = shared();
      const pair = await newPair(world);
      const before = await cloudState(world);
      const card = await askFor(world, pair, {}, connection);
      await world.cloud("dials", { action, regionId, fault: NOT_ALLOWED });
      await approve(world, card);

      await press(world, await cardSays(world, card, "Stopped"), "Roll back");
      await cardSays(world, card, "Rolled back, nothing is left");

      await expectNothingLeft(world, before);
      await readsThat(world, /Rolled back\. Nothing of this peering is left/, card.ts);
    },
  );

  test.each(BAD_LUCK)(
    "a rollback of $connection ends well when the cloud $happens, for every removal",
    async ({ connection, dial }) => {
      const world = shared();
      const pair = await newPair(world);
      const before = await cloudState(world);
      const card = await stoppedAtTheTest(world, pair, connection);
      const struck = await strikesOf(world);
      for (const action of REMOVALS[connection]) await world.cloud("dials", { action, ...dial });

      await press(world, card, "Roll back");
      await cardSays(world, card, "Rolled back, nothing is left");

      await expectNothingLeft(world, before);
      expect((await strikesOf(world)) - struck).toBe(REMOVALS[connection].length * (dial.times ?? 1));
    },
  );

  test("a removal that is refused stops the rollback: the card says what is left, and a retry removes it", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await stoppedAtTheTest(world, pair);
    await world.cloud("dials", {
      action: "DeleteRouterInterface",
      regionId: pair.acceptor.regionId,
      fault: NOT_ALLOWED,
    });

    await press(world, card, "Roll back");
    const stopped = await cardSays(world, card, "Stopped at step 6 of 8: deleting the router interface, Beijing");

    expect(buttonsOf(stopped)).toEqual(["Retry step 6", "Review plan"]);
    expect(JSON.stringify(stopped.blocks)).toContain(
      "1 router interface, 0 route entries and 0 rules exist; the interfaces are not connected.",
    );
    await press(world, stopped, "Retry step 6");
    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("a peering connection that somebody else's route entry leads to is not taken away under them: the rollback waits until they removed it", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await stoppedAtTheTest(world, pair, "vpc-peer");
    const { regionId, routeTableId } = pair.acceptor;
    const [ours] = (await peeringAt(world, card)).resources.filter(({ kind }) => kind === "vpcPeerConnection");
    const nextHop = { nextHopType: "VpcPeer", nextHopId: ours?.id ?? "" };
    const { resource } = (await world.cloud("edit", {
      regionId,
      kind: "routeEntry",
      add: { routeTableId, destinationCidrBlock: "10.9.0.0/16", ...nextHop },
    })) as { resource: { routeEntryId: string } };

    await press(world, card, "Roll back");
    await readsThat(
      world,
      /deleting the peering connection: Another change is under way there \(OperationDenied\.RouteEntryExist, request [\w-]+\)\. Trying again\./,
      card.ts,
    );
    const { routeEntries } = regionOf(await cloudState(world), regionId);
    expect(routeEntries.filter(({ nextHopId }) => nextHopId === ours?.id)).toMatchObject([resource]);
    await world.cloud("edit", { regionId, kind: "routeEntry", id: resource.routeEntryId, remove: true });

    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("a peering connection whose removal is refused is what is left: the card says so, and a retry removes it", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await stoppedAtTheTest(world, pair, "vpc-peer");
    await world.cloud("dials", { action: "DeleteVpcPeerConnection", fault: NOT_ALLOWED });

    await press(world, card, "Roll back");
    const stopped = await cardSays(world, card, "Stopped at step 3 of 5: deleting the peering connection");

    expect(buttonsOf(stopped)).toEqual(["Retry step 3", "Review plan"]);
    expect(JSON.stringify(stopped.blocks)).toContain(
      "1 peering connection, 0 route entries and 0 rules exist; the VPCs are not connected.",
    );
    await press(world, stopped, "Retry step 3");
    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("a rollback whose client token meant something else can be retried: nothing else leads out of it", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await stoppedAtTheTest(world, pair);
    const mismatch = {
      code: "IdempotentParameterMismatch",
      status: 400,
      message: "The request uses the same client token as a previous request.",
    };
    await world.cloud("dials", { action: "RevokeSecurityGroup", regionId: pair.acceptor.regionId, fault: mismatch });

    await press(world, card, "Roll back");
    const stopped = await cardSays(world, card, "Stopped", (shown) =>
      JSON.stringify(shown.blocks).includes("IdempotentParameterMismatch"),
    );
    expect(JSON.stringify(stopped.blocks)).toContain("Retry the step: it goes out as a new request.");
    await press(world, stopped, /^Retry step/);

    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("one side is refused while nobody knows yet whether the other was made: it is found out before anybody decides", async () => {
    // Nothing is listed before it is Idle, and with the cloud as slow as the bot a rollback could come before that.
    const world = await openFastWorld({ speed: 10, timeoutMs: 1_000 });
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair);
    await world.cloud("dials", {
      action: "CreateRouterInterface",
      regionId: pair.acceptor.regionId,
      fault: NOT_ALLOWED,
    });
    await world.cloud("dials", {
      action: "CreateRouterInterface",
      regionId: pair.initiator.regionId,
      fault: "slow",
      ms: 2_500,
    });
    await world.cloud("clock", { speed: 0 });

    await approve(world, card);
    await readsThat(
      world,
      /router interface, Qingdao: No answer that can be trusted came back\. Trying again\./,
      card.ts,
    );
    await untilRefused(world, "LastTokenProcessing");
    await world.cloud("clock", { speed: 400 });
    const stopped = await cardSays(world, card, "Stopped at step 3 of 12: router interface, Beijing");
    expect(JSON.stringify(stopped.blocks)).toContain("1 router interface, 0 route entries and 0 rules exist");
    await press(world, stopped, "Roll back");

    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("what was written when the process died is removed, though another step had failed and it was not begun again", async () => {
    const killer = createKiller(
      (moment) => moment.at === "written" && moment.step === "createRouterInterface:initiator",
    );
    const world = await openFastWorld({ between: killer.between });
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair);
    const action = "CreateRouterInterface";
    await world.cloud("dials", { action, regionId: pair.acceptor.regionId, fault: NOT_ALLOWED });
    await world.cloud("dials", { action, regionId: pair.initiator.regionId, fault: "slow", ms: 1_000 });
    killer.arm();

    await approve(world, card);
    const stopping = cardSays(world, card, "Stopped at step 3 of 12");
    expect(await killer.killUntil(world, stopping)).toBe(1);
    await press(world, await stopping, "Roll back");

    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("a rule that was there before is kept, and said so", async () => {
    const world = shared();
    const pair = await newPair(world);
    const { regionId, securityGroupId } = pair.acceptor;
    const rule = {
      securityGroupId,
      priority: 100,
      ipProtocol: "ICMP",
      sourceCidrIp: pair.initiator.cidr,
      description: "by hand",
    };
    const { resource } = (await world.cloud("edit", { regionId, kind: "rule", add: rule })) as {
      resource: { securityGroupRuleId: string };
    };
    const before = await cloudState(world);
    const card = await stoppedAtTheTest(world, pair);

    await press(world, card, "Roll back");
    await cardSays(world, card, "Rolled back, nothing is left");

    await expectNothingLeft(world, before);
    expect(regionOf(before, regionId).rules.some(({ description }) => description === "by hand")).toBe(true);
    const thread = await readsThat(world, /Rolled back\. Nothing/, card.ts);
    expect(thread).toContain(
      `this rule existed before (${resource.securityGroupRuleId}). Kept; we will not remove it.`,
    );
  });

  test("every write of these stories had an approval, and no peering connection was taken away by force", async () => {
    await expectEveryWriteApproved(shared());
  });
});

/** Everything is built, and the last ping is refused. */
async function stoppedAtTheTest(
  world: World,
  pair: Pair,
  connection: ConnectionId = "router-interfaces",
): Promise<SeenMessage> {
  const card = await askFor(world, pair, {}, connection);
  await world.cloud("dials", { action: "RunCommand", regionId: pair.acceptor.regionId, fault: NOT_ALLOWED });
  await approve(world, card);
  return cardSays(world, card, connection === "vpc-peer" ? "Stopped at step 8 of 8" : "Stopped at step 12 of 12");
}

async function strikesOf(world: World): Promise<number> {
  return (await world.journal()).filter(({ fault }) => fault !== undefined).length;
}
