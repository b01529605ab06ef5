/**
 * What nobody could confirm about the real service is a dial of the sandbox. The bot works with every answer, one changed
 * at a time: a peering is built and proved, and where the answer can show there another is built and taken away again.
 */
import { describe, expect, test, vi } from "vitest";
import type { ConnectionId } from "../../machines/network/request.ts";
import { FACTS } from "../../src/sandbox/alibaba/facts.ts";
import { VPC_PEER_FACTS } from "../../src/sandbox/alibaba/vpc-peer-facts.ts";
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
  type Network,
  type Pair,
} from "./stories.ts";
import { approve, type CloudCall, type World } from "./world.ts";

/**
 * Every answer that is not the default: with the defaults all the other journeys run. What is about VPC peering
 * connections is tried with one, everything else with router interfaces.
 */
const OTHER_ANSWERS = Object.entries(FACTS).flatMap(([name, { answers }]) => {
  const connection: ConnectionId = name in VPC_PEER_FACTS ? "vpc-peer" : "router-interfaces";
  return answers.slice(1).map((answer) => ({ name, answer, usual: answers[0], connection }));
});

/** What is about reading, making and testing alone: taking something away asks none of these. */
const ONLY_ON_THE_WAY_THERE: ReadonlyArray<keyof typeof FACTS> = [
  "acceptor-passes-activating",
  "batch-destination-around-vswitch",
  "cen-status-value",
  "charge-type-default",
  "command-content-limit",
  "command-instances-limit",
  "cross-border-connect",
  "destination-inside-100-64",
  "duplicate-destination-code",
  "idle-next-hop-code",
  "interface-before-idle",
  "interfaces-per-router",
  "modify-initiator-first",
  "opposite-ids-at-create",
  "rules-per-group",
  "same-rule-priority",
  "source-group-across-vpcs",
  "spec-change-status",
  "vpc-in-cen",
  "vpc-route-table-order",
  "cdt-not-opened",
  "cross-border-cdt-not-opened",
  "interface-beside-peering-connection-code",
  "peering-connection-busy-code",
  "peering-connection-quota-code",
];

/** A world gets slower with everything that was ever built in it. */
const ANSWERS_PER_WORLD = 12;

const WORLDS = Array.from({ length: Math.ceil(OTHER_ANSWERS.length / ANSWERS_PER_WORLD) }, (_, index) => ({
  number: index + 1,
  answers: OTHER_ANSWERS.slice(index * ANSWERS_PER_WORLD, (index + 1) * ANSWERS_PER_WORLD),
}));

describe.each(WORLDS)("unsure facts, part $number", ({ answers }) => {
  const shared = sharedFastWorld();

  test.each(answers)("$name is $answer: a peering ends verified, and none leaves a trace", async (fact) => {
    const { name, answer, usual, connection } = fact;
    const world = shared();
    await world.cloud("facts", { name, answer });
    const kept = await newPair(world);
    await olderRule(world, kept);
    const undone = ONLY_ON_THE_WAY_THERE.some((known) => known === name) ? null : await newPair(world);
    const before = await cloudState(world);
    const passes = await BAD_LUCK[connection](world, kept);
    const keptCard = await askFor(world, kept, {}, connection);

    await approve(world, keptCard);
    const rolledBack = undone && builtAndUndone(world, undone, connection);
    await passes();
    await Promise.all([cardSays(world, keptCard, "Verified"), rolledBack]);

    await expectBuilt(world, before, await peeringAt(world, keptCard));
    expect(await facts(world)).toContainEqual({ name, answer });
    await world.cloud("facts", { name, answer: usual });
  });

  test("every write of these stories had an approval", async () => {
    await expectEveryWriteApproved(shared());
  });
});

async function builtAndUndone(world: World, pair: Pair, connection: ConnectionId): Promise<void> {
  const card = await askFor(world, pair, {}, connection);
  await refuseTest(world, pair);
  await approve(world, card);
  await press(world, await cardSays(world, card, "Stopped"), "Roll back");
  await cardSays(world, card, "Rolled back, nothing is left");
}

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

/**
 * What many of the facts are about: throttling, a lost answer and its client token, and a network that is busy for a
 * moment. Answers with what makes it pass, once the peering is under way.
 */
const BAD_LUCK: Readonly<Record<ConnectionId, (world: World, pair: Pair) => Promise<() => Promise<void>>>> = {
  async "router-interfaces"(world, { initiator, acceptor }) {
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
    await busyTable(world, acceptor);
    return async () => {};
  },

  async "vpc-peer"(world, { initiator: { regionId, vpcId }, acceptor }) {
    const ours = { action: "CreateVpcPeerConnection", when: { VpcId: vpcId } };
    await world.cloud("dials", { ...ours, fault: "throttle" });
    await busyTable(world, acceptor);
    // Somebody else's, which takes as long as the test wants; a VPC takes one at a time.
    const neighbour = { vpcId, acceptingRegionId: "cn-shanghai", acceptingVpcId: "vpc-uf6neighbour", name: "by-hand" };
    const { resource } = (await world.cloud("edit", {
      regionId,
      kind: "vpcPeerConnection",
      add: { ...neighbour, status: "Creating" },
    })) as { resource: { instanceId: string } };
    return async () => {
      await untilBusy(world, vpcId);
      await world.cloud("dials", { ...ours, fault: "resetAfter" });
      await world.cloud("edit", { regionId, kind: "vpcPeerConnection", id: resource.instanceId, remove: true });
    };
  },
};

async function busyTable(world: World, { routeTableId }: Network): Promise<void> {
  const busy = {
    code: "TaskConflict",
    status: 400,
    message: "The operation is too frequent, please wait a moment and try again.",
  };
  await world.cloud("dials", { action: "CreateRouteEntry", when: { RouteTableId: routeTableId }, fault: busy });
}

/** Until the cloud has refused a peering connection because another one of the VPC is on its way. */
async function untilBusy(world: World, vpcId: string): Promise<void> {
  const codes: readonly string[] = VPC_PEER_FACTS["peering-connection-busy-code"].answers;
  const isBusy = ({ action, kind, params, code = "" }: CloudCall): boolean =>
    kind === "write" && action === "CreateVpcPeerConnection" && params["VpcId"] === vpcId && codes.includes(code);
  await vi.waitFor(async () => expect((await world.journal()).some(isBusy)).toBe(true), { timeout: 20_000 });
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
