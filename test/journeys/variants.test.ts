/**
 * Other shapes of the same story. Whether the ping comes back is computed from the cloud's state, so a route or a rule
 * that is forgotten anywhere fails these.
 */
import { describe, expect, test } from "vitest";
import { CONNECTION_IDS } from "../../machines/connections/types.ts";
import type { SecurityGroupId, VSwitchId } from "../../machines/network/facts.ts";
import type { ConnectionId } from "../../machines/network/request.ts";
import { markOf } from "../../machines/peering/mark.ts";
import type { PeeringId } from "../../machines/peering/record.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import {
  askFor,
  cardSays,
  cloudState,
  expectBuilt,
  expectEveryWriteApproved,
  expectNothingLeft,
  newPair,
  peeringAt,
  press,
  sharedFastWorld,
  withoutOurs,
  type Network,
  type Pair,
} from "./stories.ts";
import { approve, peeringOf, type World } from "./world.ts";

const NOT_ALLOWED = {
  code: "Forbidden.RAM",
  status: 403,
  message: "User not authorized to operate on the specified resource.",
};

describe("other networks than the tutorial's", () => {
  const shared = sharedFastWorld();

  test("two VPCs of one region", async () => {
    await verifiedAndUndone(shared(), () => newPair(shared(), { regionId: "cn-qingdao" }));
  });

  test("hosts with Alpine Linux: BusyBox's ping, as root", async () => {
    const world = shared();
    const card = await verifiedAndUndone(world, () => newPair(world, { image: "alpine" }));

    const pings = (await world.journal()).filter(
      ({ action, params }) =>
        action === "RunCommand" && params["Name"]?.endsWith((card.blocks[0]?.block_id ?? "").slice("peering:".length)),
    );
    expect(pings.map(({ params }) => params["Username"])).toEqual(["root", "root"]);
  });

  test("enterprise groups: rules out as well as in, on both sides", async () => {
    const world = shared();
    const card = await verifiedAndUndone(world, () => newPair(world, { groupType: "enterprise" }));

    const { resources } = await peeringAt(world, card);
    const rules = resources.filter((resource) => resource.kind === "securityGroupRule");
    expect(rules.map(({ side, direction }) => `${side} ${direction}`).toSorted()).toEqual([
      "acceptor egress",
      "acceptor ingress",
      "initiator egress",
      "initiator ingress",
    ]);
  });

  test("custom route tables beside the system table: an entry in every one that serves vSwitches, and none in a gateway's", async () => {
    const world = shared();
    const made: Network[] = [];
    const card = await verifiedAndUndone(world, async () => {
      const pair = await newPair(world);
      const acceptor = await withCustomTable(world, pair.acceptor);
      made.push(acceptor);
      await add(world, pair.acceptor, "routeTable", {
        vpcId: pair.acceptor.vpcId,
        routeTableName: "ingress",
        associateType: "Gateway",
      });
      return { ...pair, acceptor };
    });

    const entries = (await peeringAt(world, card)).resources.filter((resource) => resource.kind === "routeEntry");
    const acceptorTables: readonly string[] = entries
      .filter(({ side }) => side === "acceptor")
      .map(({ routeTableId }) => routeTableId);
    expect(acceptorTables).toHaveLength(2);
    expect(acceptorTables).toContain(made[0]?.routeTableId);
  });

  test("chosen vSwitches: only their blocks are routed, in their own tables alone", async () => {
    const world = shared();
    const pair = await newPair(world);
    const acceptor = await withCustomTable(world, pair.acceptor);
    const before = await cloudState(world);
    const card = await askFor(
      world,
      { ...pair, acceptor },
      { acceptor: { vSwitchIds: [acceptor.vSwitchId as VSwitchId] } },
    );

    await approve(world, card);
    await cardSays(world, card, "Verified");

    const peering = await peeringAt(world, card);
    const entries = peering.resources.filter((resource) => resource.kind === "routeEntry");
    expect(entries.map(({ routeTableId, destination }) => ({ routeTableId, destination }))).toEqual([
      { routeTableId: pair.initiator.routeTableId, destination: acceptor.cidr },
      { routeTableId: acceptor.routeTableId, destination: pair.initiator.cidr },
    ]);
    await expectBuilt(world, before, peering);
  });

  test("several groups and several ports: every rule once, in one call per group", async () => {
    const world = shared();
    const pair = await newPair(world);
    const second = await add(world, pair.acceptor, "securityGroup", {
      vpcId: pair.acceptor.vpcId,
      securityGroupName: "second",
    });
    const groups = [pair.acceptor.securityGroupId, second["securityGroupId"] as SecurityGroupId];
    const before = await cloudState(world);
    const ports = [
      { from: 5432, to: 5432 },
      { from: 8000, to: 8010 },
      { from: 9000, to: 9000 },
    ];
    const card = await askFor(world, pair, { acceptor: { securityGroupIds: groups, ports } });

    await approve(world, card);
    await cardSays(world, card, "Verified");

    const peering = await peeringAt(world, card);
    const calls = (await world.journal()).filter(
      ({ action, params }) =>
        action === "AuthorizeSecurityGroup" && groups.includes(params["SecurityGroupId"] as SecurityGroupId),
    );
    expect(calls).toHaveLength(2);
    expect(peering.resources.filter(({ kind }) => kind === "securityGroupRule")).toHaveLength(
      1 + 2 * (1 + ports.length),
    );
    await expectBuilt(world, before, peering);
  });

  test("secondary blocks: each is routed and let in from the other side", async () => {
    const world = shared();
    const card = await verifiedAndUndone(world, async () => {
      const pair = await newPair(world);
      const { regionId, vpcId } = pair.initiator;
      await world.cloud("edit", { regionId, kind: "vpc", id: vpcId, set: { secondaryCidrBlocks: ["172.30.0.0/16"] } });
      return pair;
    });

    const entries = (await peeringAt(world, card)).resources.filter((resource) => resource.kind === "routeEntry");
    expect(entries.map(({ side, destination }) => `${side} ${destination}`)).toContain("acceptor 172.30.0.0/16");
    expect(entries).toHaveLength(3);
  });

  test("a peering connection within one region: no bandwidth is asked for and none is sent, and the card says that it is free", async () => {
    const world = shared();
    const card = await verifiedAndUndone(world, () => newPair(world, { regionId: "cn-qingdao" }), "vpc-peer");

    const [created] = await creationsOf(world, card);
    expect(created).not.toHaveProperty("Bandwidth");
    expect(created).not.toHaveProperty("LinkType");
    expect(JSON.stringify(card.blocks)).toContain("peering connection, free within one region, no limit of bandwidth");
  });

  test("a peering connection between regions has the bandwidth and the link that were chosen, and the card says what bills it", async () => {
    const world = shared();
    const pair = await newPair(world);
    const before = await cloudState(world);
    const card = await askFor(world, pair, {}, "vpc-peer", "Platinum.200");
    await approve(world, card);
    await cardSays(world, card, "Verified");

    expect(await creationsOf(world, card)).toMatchObject([{ Bandwidth: "200", LinkType: "Platinum" }]);
    expect(JSON.stringify(card.blocks)).toContain(
      "peering connection up to 200 Mbit/s, Platinum; traffic between regions is billed by Cloud Data Transfer",
    );
    await expectBuilt(world, before, await peeringAt(world, card));
  });

  test("a peering connection between hosts with Alpine Linux, enterprise groups and a custom route table", async () => {
    const world = shared();
    const card = await verifiedAndUndone(
      world,
      async () => {
        const pair = await newPair(world, { image: "alpine", groupType: "enterprise" });
        return { ...pair, acceptor: await withCustomTable(world, pair.acceptor, "alpine") };
      },
      "vpc-peer",
    );

    const { resources } = await peeringAt(world, card);
    const sidesOf = (kind: string): readonly string[] =>
      resources.filter((resource) => resource.kind === kind).map(({ side }) => side);
    expect(sidesOf("vpcPeerConnection")).toEqual(["initiator"]);
    expect(sidesOf("routeEntry").toSorted()).toEqual(["acceptor", "acceptor", "initiator"]);
    expect(sidesOf("securityGroupRule")).toHaveLength(4);
  });

  test.each(CONNECTION_IDS)(
    "a VPC with an IPv6 block, joined by %s: the card says that only IPv4 gets through",
    async (connection) => {
      const world = shared();
      const pair = await newPair(world);
      const { regionId, vpcId } = pair.acceptor;
      const set = { ipv6CidrBlock: "2408:4005:3c5:6e00::/56" };
      await world.cloud("edit", { regionId, kind: "vpc", id: vpcId, set });

      const card = await askFor(world, pair, {}, connection);

      expect(JSON.stringify(card.blocks)).toContain(
        "IPv6 is not peered (`2408:4005:3c5:6e00::/56`): only IPv4 gets through.",
      );
    },
  );

  test("every write of these stories had an approval", async () => {
    await expectEveryWriteApproved(shared());
  });
});

/**
 * One peering of this shape ends verified; another, whose last test is refused, is rolled back without a trace. Answers
 * with the first one's card.
 */
async function verifiedAndUndone(
  world: World,
  make: () => Promise<Pair>,
  connection: ConnectionId = "router-interfaces",
): Promise<SeenMessage> {
  const [kept, undone] = [await make(), await make()];
  const before = await cloudState(world);
  const [keptCard, undoneCard] = [
    await askFor(world, kept, {}, connection),
    await askFor(world, undone, {}, connection),
  ];
  await world.cloud("dials", {
    action: "RunCommand",
    when: { "InstanceId.1": undone.acceptor.instanceId },
    fault: NOT_ALLOWED,
  });
  await Promise.all([approve(world, keptCard), approve(world, undoneCard)]);

  const verified = await cardSays(world, keptCard, "Verified");
  const stopped = await cardSays(world, undoneCard, "Stopped");
  await expectBuilt(world, before, await peeringAt(world, keptCard), await peeringAt(world, undoneCard));
  const built = await cloudState(world);
  await press(world, stopped, "Roll back");
  await cardSays(world, undoneCard, "Rolled back, nothing is left");

  await expectBuilt(world, before, await peeringAt(world, keptCard));
  await expectNothingLeft(world, withoutOurs(built, [peeringOf(undoneCard)]));
  return verified;
}

/** What the peering connection of this card was asked for with. */
async function creationsOf(world: World, card: SeenMessage): Promise<ReadonlyArray<Readonly<Record<string, string>>>> {
  const mark = markOf(peeringOf(card) as PeeringId);
  return (await world.journal())
    .filter(({ action, params }) => action === "CreateVpcPeerConnection" && params["Name"] === mark)
    .map(({ params }) => params);
}

/** A second vSwitch with a custom table and a host of its own: what is tested there needs the entry in that table. */
async function withCustomTable(world: World, network: Network, image: "linux" | "alpine" = "linux"): Promise<Network> {
  const { vpcId, vpcName, regionId, securityGroupId, cidr } = network;
  const { routeTableId = "" } = await add(world, network, "routeTable", { vpcId, routeTableName: `${vpcName}-app` });
  const block = cidr.replace(".0.0/16", ".2.0/24");
  const { vSwitchId = "" } = await add(world, network, "vSwitch", {
    vpcId,
    vSwitchName: `${vpcName}-b`,
    cidrBlock: block,
    zoneId: `${regionId}-b`,
  });
  await world.cloud("edit", { regionId, kind: "vSwitch", id: vSwitchId, set: { routeTableId } });
  const { instanceId = "" } = await add(world, network, "instance", {
    vSwitchId,
    instanceName: `${vpcName}-2`,
    privateIp: block.replace(".0/24", ".12"),
    securityGroupIds: [securityGroupId],
    image,
    tags: [{ key: "peer-vpcs-test", value: "allow" }],
  });
  return { ...network, vSwitchId, routeTableId, cidr: block, instanceId: instanceId as Network["instanceId"] };
}

async function add(
  world: World,
  { regionId }: Network,
  kind: string,
  fields: object,
): Promise<Readonly<Record<string, string>>> {
  return (
    (await world.cloud("edit", { regionId, kind, add: fields })) as { resource: Readonly<Record<string, string>> }
  ).resource;
}
