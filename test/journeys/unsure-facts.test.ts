/**
 * What nobody could confirm about the real service is a dial of the sandbox. The bot works with every answer, one changed
 * at a time: a peering is built and proved, and another is built and taken away again.
 */
import { describe, expect, test } from "vitest";
import { FACTS } from "../../src/sandbox/alibaba/facts.ts";
import {
  askFor,
  cardSays,
  cloudState,
  expectBuilt,
  expectEveryWriteApproved,
  newPair,
  peeringAt,
  press,
  sharedFastWorld,
  type Pair,
} from "./stories.ts";
import { approve, type World } from "./world.ts";

/** Every answer that is not the default: with the defaults all the other journeys run. */
const OTHER_ANSWERS = Object.entries(FACTS).flatMap(([name, { answers }]) =>
  answers.slice(1).map((answer) => ({ name, answer, usual: answers[0] })),
);

/** A world gets slower with everything that was ever built in it. */
const ANSWERS_PER_WORLD = 12;

const WORLDS = Array.from({ length: Math.ceil(OTHER_ANSWERS.length / ANSWERS_PER_WORLD) }, (_, index) => ({
  number: index + 1,
  answers: OTHER_ANSWERS.slice(index * ANSWERS_PER_WORLD, (index + 1) * ANSWERS_PER_WORLD),
}));

describe.each(WORLDS)("unsure facts, part $number", ({ answers }) => {
  const shared = sharedFastWorld();

  test.each(answers)(
    "$name is $answer: one peering ends verified, and another is rolled back without a trace",
    async ({ name, answer, usual }) => {
      const world = shared();
      await world.cloud("facts", { name, answer });
      const [kept, undone] = [await newPair(world), await newPair(world)];
      await olderRule(world, kept);
      await someBadLuck(world, kept);
      const before = await cloudState(world);
      const [keptCard, undoneCard] = [await askFor(world, kept), await askFor(world, undone)];
      await refuseTest(world, undone);

      await Promise.all([approve(world, keptCard), approve(world, undoneCard)]);
      await press(world, await cardSays(world, undoneCard, "Stopped"), "Roll back");
      await Promise.all([
        cardSays(world, keptCard, "Verified"),
        cardSays(world, undoneCard, "Rolled back, nothing is left"),
      ]);

      await expectBuilt(world, before, await peeringAt(world, keptCard));
      expect(await facts(world)).toContainEqual({ name, answer });
      await world.cloud("facts", { name, answer: usual });
    },
  );

  test("every write of these stories had an approval", async () => {
    await expectEveryWriteApproved(shared());
  });
});

/** Lets ping through with another priority than ours will have. */
async function olderRule(world: World, { initiator, acceptor: { regionId, securityGroupId } }: Pair): Promise<void> {
  const rule = {
    securityGroupId,
    priority: 50,
    ipProtocol: "ICMP",
    sourceCidrIp: initiator.cidr,
    description: "older",
  };
  await world.cloud("edit", { regionId, kind: "rule", add: rule });
}

/** What many of the facts are about: throttling, a lost answer and its client token, and a network that is busy for a moment. */
async function someBadLuck(world: World, { initiator, acceptor }: Pair): Promise<void> {
  const busy = {
    code: "TaskConflict",
    status: 400,
    message: "The operation is too frequent, please wait a moment and try again.",
  };
  await world.cloud("dials", {
    action: "CreateRouterInterface",
    when: { RouterId: initiator.vRouterId },
    fault: "throttle",
  });
  await world.cloud("dials", {
    action: "CreateRouterInterface",
    when: { RouterId: acceptor.vRouterId },
    fault: "resetAfter",
  });
  await world.cloud("dials", {
    action: "CreateRouteEntry",
    when: { RouteTableId: acceptor.routeTableId },
    fault: busy,
  });
}

async function refuseTest(world: World, { initiator: { instanceId } }: Pair): Promise<void> {
  const fault = {
    code: "Forbidden.RAM",
    status: 403,
    message: "User not authorized to operate on the specified resource.",
  };
  await world.cloud("dials", { action: "RunCommand", when: { "InstanceId.1": instanceId }, fault });
}

async function facts(world: World): Promise<ReadonlyArray<{ readonly name: string; readonly answer: string }>> {
  const { facts: all } = (await world.cloud("facts")) as { facts: ReadonlyArray<{ name: string; answer: string }> };
  return all.map(({ name, answer }) => ({ name, answer }));
}
