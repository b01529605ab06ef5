/**
 * Somebody works on the same network in the console while a peering is being built. What they did is found and said, and
 * when it is mended the story goes on.
 */
import { describe, expect, test, vi } from "vitest";
import { markOf } from "../../machines/peering/mark.ts";
import type { Peering, PeeringId } from "../../machines/peering/record.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { add, NOT_ALLOWED, removeRule, stopBefore } from "./hands.ts";
import {
  askFor,
  buttonsOf,
  cardSays,
  cloudState,
  CLOUD_SPEED,
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
  type Pair,
} from "./stories.ts";
import { approve, peeringOf, type World } from "./world.ts";

/** What somebody does, what the card says of it, and what mends it. */
interface Tampering {
  readonly what: string;
  readonly hand: (at: Place) => Promise<unknown>;
  readonly says: RegExp;
  readonly mend: (at: Place) => Promise<unknown>;
}

interface Place {
  readonly world: World;
  readonly pair: Pair;
  readonly peering: Peering;
}

const set = (kind: string, id: (at: Place) => string, fields: object) => (at: Place) =>
  at.world.cloud("edit", { regionId: at.pair.acceptor.regionId, kind, id: id(at), set: fields });
const acceptorInterface = ({ peering }: Place): string => made(peering, "routerInterface");
const acceptorEntry = ({ peering }: Place): string => made(peering, "routeEntry");
const acceptorInstance = ({ pair }: Place): string => pair.acceptor.instanceId;

/** Done after the connection and the routes are there and before the tests run. */
const BEFORE_THE_TEST: readonly Tampering[] = [
  {
    what: "a drop rule is placed before ours",
    hand: ({ world, pair: { acceptor } }) =>
      add(world, acceptor.regionId, "rule", {
        securityGroupId: acceptor.securityGroupId,
        policy: "drop",
        priority: 1,
        ipProtocol: "ICMP",
        sourceCidrIp: "0.0.0.0/0",
        description: "no ping",
      }),
    says: /nothing of 10 came back/,
    mend: ({ world, pair: { acceptor } }) => removeRule(world, acceptor.regionId, acceptor.securityGroupId, "no ping"),
  },
  {
    what: "a route entry of ours is sent elsewhere",
    hand: set("routeEntry", acceptorEntry, { nextHopId: "ri-2zeelsewhere0000000000" }),
    says: /nothing of 10 came back/,
    mend: (at) => set("routeEntry", acceptorEntry, { nextHopId: acceptorInterface(at) })(at),
  },
  {
    what: "an interface is deactivated",
    hand: set("routerInterface", acceptorInterface, { status: "Inactive" }),
    says: /nothing of 10 came back/,
    mend: set("routerInterface", acceptorInterface, { status: "Active" }),
  },
  {
    what: "a test instance is stopped",
    hand: set("instance", acceptorInstance, { status: "Stopped" }),
    says: /The test could not run on i-\w+ \(notRunning\)/,
    mend: set("instance", acceptorInstance, { status: "Running" }),
  },
  {
    what: "the tag that opts an instance in is removed",
    hand: set("instance", acceptorInstance, { tags: [] }),
    says: /The test could not run on i-\w+ \(notOptedIn\)/,
    mend: set("instance", acceptorInstance, { tags: [{ key: "peer-vpcs-test", value: "allow" }] }),
  },
  {
    what: "the agent of an instance goes offline",
    hand: set("instance", acceptorInstance, { agentOnline: false }),
    says: /The test could not run on i-\w+ \(assistantOffline\)/,
    mend: set("instance", acceptorInstance, { agentOnline: true }),
  },
];

describe("somebody changes the network by hand", () => {
  const shared = sharedFastWorld();

  test.each(BEFORE_THE_TEST)(
    "$what: the test says what it found, and after mending Test again verifies",
    async ({ hand, says, mend }) => {
      const world = shared();
      const pair = await newPair(world);
      const before = await cloudState(world);
      const card = await stopBefore(world, pair, "AuthorizeSecurityGroup");
      const place = { world, pair, peering: await peeringAt(world, card) };

      await hand(place);
      await press(world, card, /^Retry step/);
      const failed = await cardSays(world, card, "Stopped at step", (shown) => buttonsOf(shown).includes("Test again"));
      const thread = await readsThat(world, says, card.ts);
      await mend(place);
      await testAgain(world, failed);

      await cardSays(world, card, "Verified");
      expect(thread).toContain("2 router interfaces, 2 route entries and 2 rules exist; the interfaces are connected");
      await expectBuilt(world, before, await peeringAt(world, card));
    },
  );

  test("a rule of ours is removed: nothing comes back, and once it is there again Test again verifies", async () => {
    const world = shared();
    const pair = await newPair(world);
    const { regionId, securityGroupId } = pair.acceptor;
    const card = await stopBefore(world, pair, "RunCommand");
    const { id } = await peeringAt(world, card);

    const removed = await removeRule(world, regionId, securityGroupId, `peer-vpcs-${id}`);
    await press(world, card, "Test again");
    await cardSays(world, card, "Stopped", (shown) => JSON.stringify(shown.blocks).includes("every packet was lost"));
    await add(world, regionId, "rule", { ...removed, securityGroupId });
    await press(world, card, "Test again");

    await cardSays(world, card, "Verified");
  });

  test("an entry is added in the way: the card names it, nothing of it is touched, and once it is gone a retry ends verified", async () => {
    const world = shared();
    const pair = await newPair(world);
    const { regionId, routeTableId, instanceId } = pair.acceptor;
    const before = await cloudState(world);
    const card = await stopBefore(world, pair, "ConnectRouterInterface");

    const inTheWay = {
      routeTableId,
      destinationCidrBlock: pair.initiator.cidr,
      nextHopType: "Instance",
      nextHopId: instanceId,
    };
    const { routeEntryId = "" } = await add(world, regionId, "routeEntry", inTheWay);
    await press(world, card, /^Retry step/);
    const stopped = await cardSays(world, card, "Stopped at step", (shown) =>
      JSON.stringify(shown.blocks).includes(routeEntryId),
    );
    const text = await readsThat(world, /Something of others is in the way/, card.ts);
    const during = regionOf(await cloudState(world), regionId).routeEntries.find(
      (entry) => entry.routeEntryId === routeEntryId,
    );
    await world.cloud("edit", { regionId, kind: "routeEntry", id: routeEntryId, remove: true });
    await press(world, stopped, /^Retry step/);

    await cardSays(world, card, "Verified");
    expect(text).toContain(`${pair.initiator.cidr} already goes to Instance ${instanceId} (${routeEntryId})`);
    expect(during).toMatchObject({ nextHopId: instanceId, status: "Available" });
    await expectBuilt(world, before, await peeringAt(world, card));
  });

  test("an interface that was given up, removed by hand and made again is the one that is connected, and Roll back leaves nothing", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const { card, givenUp } = await stuckInterface(world, pair);
    const { regionId } = pair.acceptor;

    await world.cloud("edit", { regionId, kind: "routerInterface", id: givenUp, remove: true });
    await retryAndStopAtTheTest(world, pair, card);
    const stopped = await cardSays(world, card, "Stopped at step 12 of 12");

    expect(await interfacesOf(world, card, regionId)).toEqual([expect.objectContaining({ status: "Active" })]);
    await press(world, stopped, "Roll back");
    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("an interface that was given up and came to be after another was made is removed with it", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const { card } = await stuckInterface(world, pair);

    await retryAndStopAtTheTest(world, pair, card);
    const stopped = await cardSays(world, card, "Stopped at step 12 of 12");

    expect(await interfacesOf(world, card, pair.acceptor.regionId)).toHaveLength(2);
    await press(world, stopped, "Roll back");
    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("an interface is deleted before it is connected: the card says so, and Roll back leaves nothing", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await stopBefore(world, pair, "ConnectRouterInterface");
    const gone = made(await peeringAt(world, card), "routerInterface");

    await world.cloud("edit", { regionId: pair.acceptor.regionId, kind: "routerInterface", id: gone, remove: true });
    await press(world, card, /^Retry step/);
    const stopped = await cardSays(world, card, "Stopped", (shown) =>
      JSON.stringify(shown.blocks).includes("removed by hand"),
    );
    await readsThat(world, new RegExp(`│ .*changed or removed by hand.*${gone}`), card.ts);
    await press(world, stopped, "Roll back");

    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("an interface is deleted after it was routed: Roll back removes the entry that it left behind", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await stopBefore(world, pair, "RunCommand");
    const gone = made(await peeringAt(world, card), "routerInterface");

    await world.cloud("edit", { regionId: pair.acceptor.regionId, kind: "routerInterface", id: gone, remove: true });
    await press(world, card, "Roll back");

    await cardSays(world, card, "Rolled back, nothing is left");
    await expectNothingLeft(world, before);
  });

  test("a VPC is deleted between request and approval: it stops before the first write, and nothing has to be undone", async () => {
    const world = shared();
    const pair = await newPair(world);
    const card = await askFor(world, pair);
    await world.cloud("edit", { regionId: pair.acceptor.regionId, kind: "vpc", id: pair.acceptor.vpcId, remove: true });
    const writes = await writesOf(world);
    const before = await cloudState(world);

    await approve(world, card);
    await press(world, await cardSays(world, card, "Stopped at step 1 of 12"), "Roll back");

    await cardSays(world, card, "Rolled back, nothing is left");
    expect(await writesOf(world)).toBe(writes);
    await expectNothingLeft(world, before);
  });

  test("every write of these stories had an approval", async () => {
    await expectEveryWriteApproved(shared());
  });
});

/** The acceptor's interface takes so long to be made that it is given up. */
async function stuckInterface(
  world: FastWorld,
  pair: Pair,
): Promise<{ readonly card: SeenMessage; readonly givenUp: string }> {
  const card = await askFor(world, pair);
  await world.cloud("clock", { speed: 0 });
  await approve(world, card);
  const { initiator, acceptor } = pair;
  const underWay = (regionId: string) => world.store.waits(regionId, "routerInterface");
  await vi.waitFor(async () =>
    expect([await underWay(initiator.regionId), await underWay(acceptor.regionId)]).toEqual([
      [expect.anything()],
      [expect.anything()],
    ]),
  );
  const [given] = await interfacesOf(world, card, initiator.regionId);
  const fields = { regionId: initiator.regionId, kind: "routerInterface", id: given?.routerInterfaceId };
  await world.cloud("edit", { ...fields, set: { status: "Idle" } });
  await vi.waitFor(async () => expect(await underWay(initiator.regionId)).toEqual([]));
  await world.clock.putForward(3_600_000);
  const stopped = await cardSays(world, card, "Stopped at step 3 of 12");
  const [stuck] = await interfacesOf(world, card, acceptor.regionId);
  return { card: stopped, givenUp: stuck?.routerInterfaceId ?? "" };
}

/** Goes on from there, with time, until everything is built but proved. */
async function retryAndStopAtTheTest(world: FastWorld, pair: Pair, card: SeenMessage): Promise<void> {
  await world.cloud("dials", { action: "RunCommand", regionId: pair.acceptor.regionId, fault: NOT_ALLOWED });
  await press(world, card, "Retry step 3");
  await vi.waitFor(async () =>
    expect(await world.store.waits(pair.acceptor.regionId, "routerInterface")).toHaveLength(1),
  );
  await world.cloud("clock", { speed: CLOUD_SPEED });
}

async function interfacesOf(world: World, card: SeenMessage, regionId: string) {
  const mark = markOf(peeringOf(card) as PeeringId);
  return regionOf(await cloudState(world), regionId).routerInterfaces.filter(({ name }) => name === mark);
}

/** One after the other: while one test runs, the card offers nothing. */
async function testAgain(world: World, failed: SeenMessage): Promise<void> {
  const tests = buttonsOf(failed).filter((label) => label === "Test again").length;
  for (let left = tests; left > 0; left -= 1) {
    const card = await cardSays(
      world,
      failed,
      "Stopped",
      (shown) => buttonsOf(shown).filter((label) => label === "Test again").length === left,
    );
    await press(world, card, "Test again");
  }
}

function made({ resources }: Peering, kind: "routerInterface" | "routeEntry"): string {
  return resources.find((resource) => resource.kind === kind && resource.side === "acceptor")?.id ?? "";
}

async function writesOf(world: World): Promise<number> {
  return (await world.journal()).filter(({ kind }) => kind === "write").length;
}
