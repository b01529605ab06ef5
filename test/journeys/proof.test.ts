/**
 * What a test proves and how it is told: ports that are open, refused or silent, packets' size, Windows, and what has changed
 * since the first test.
 */
import { describe, expect, test } from "vitest";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import type { RequestSide } from "../../machines/network/request.ts";
import type { Sides } from "../../machines/network/side.ts";
import { add } from "./hands.ts";
import {
  askFor,
  cardSays,
  expectEveryWriteApproved,
  newNetwork,
  newPair,
  peeringAt,
  press,
  readsThat,
  sharedFastWorld,
  type FastWorld,
  type Network,
  type NetworkWish,
  type Pair,
} from "./stories.ts";
import { approve } from "./world.ts";

const shared = sharedFastWorld();

const PORTS: Partial<Sides<Partial<RequestSide>>> = { acceptor: { ports: [{ from: 5432, to: 5432 }] } };

/** Asked for with ping both ways and TCP 5432 to the acceptor, and approved. */
async function built(pair: Pair): Promise<SeenMessage> {
  const card = await askFor(shared(), pair, PORTS);
  await approve(shared(), card);
  return card;
}

/** A host as somebody may find it. */
function set(world: FastWorld, { regionId, instanceId }: Network, fields: object): Promise<unknown> {
  return world.cloud("edit", { regionId, kind: "instance", id: instanceId, set: fields });
}

async function windowsPair(): Promise<Pair> {
  const wish: NetworkWish = { regionId: "cn-beijing", image: "windows" };
  return {
    initiator: await newNetwork(shared(), { regionId: "cn-qingdao" }),
    acceptor: await newNetwork(shared(), wish),
  };
}

describe("ports", () => {
  test("that something takes are open, and the largest packet is measured", async () => {
    const pair = await newPair(shared());
    await set(shared(), pair.acceptor, { listening: [5432] });

    const card = await cardSays(shared(), await built(pair), "Verified");

    const thread = await readsThat(shared(), /Every ping came through and every port answers/, card.ts);
    expect(thread).toMatch(/│ TCP 5432 +│ open/);
    expect(thread.match(/│ path MTU +│ 1500 bytes/g)).toHaveLength(2);
    expect(thread).toContain("Covered: 2 of 2 route tables by packets.");
  });

  test("at which nothing listens are refused, which proves the path", async () => {
    const card = await cardSays(shared(), await built(await newPair(shared())), "Verified");

    const thread = await readsThat(shared(), /every port answers/, card.ts);
    expect(thread).toMatch(/│ TCP 5432 +│ refused: path works, nothing listens/);
  });

  test("that do not answer any more fail another test, although ping came back, and what stops them is named", async () => {
    const pair = await newPair(shared());
    const verified = await cardSays(shared(), await built(pair), "Verified");
    const { regionId, vpcId, vSwitchId } = pair.acceptor;
    await add(shared(), regionId, "networkAcl", {
      vpcId,
      networkAclName: "no-postgres",
      vSwitchIds: [vSwitchId],
      ingress: [{ policy: "drop", protocol: "tcp", port: "5432/5432" }, { policy: "accept" }],
      egress: [{ policy: "accept" }],
    });

    await press(shared(), verified, "Test again");

    const card = await cardSays(shared(), verified, "Verified, but the last test failed");
    const thread = await readsThat(shared(), /compared with the first test/, card.ts);
    expect(thread).toContain("TCP 5432 did not answer.");
    expect(thread).toMatch(/at network ACL nacl-\w+: entry \S+ drops it/);
    expect(thread).toMatch(/│ ping × 10 +│ 10 back/);
    expect(thread).toMatch(/│ TCP 5432 +│ no answer/);
    expect(thread).toMatch(/compared with the first test at .*: TCP 5432 no answer, refused then\./);
  });

  test("prove the path where a host drops ping, and it is said", async () => {
    const pair = await newPair(shared());
    await set(shared(), pair.acceptor, { dropsPing: true });

    const card = await cardSays(shared(), await built(pair), "Verified");

    const thread = await readsThat(shared(), /Every port answers and ping does not/, card.ts);
    expect(thread).toMatch(/│ ping × 10 +│ nothing of 10 came back/);
  });
});

describe("Windows", () => {
  test("tests and is tested as any other", async () => {
    const pair = await windowsPair();
    await set(shared(), pair.acceptor, { listening: [5432] });

    const card = await cardSays(shared(), await built(pair), "Verified");

    const thread = await readsThat(shared(), /Every ping came through and every port answers/, card.ts);
    expect(thread.match(/│ ping × 10 +│ 10 back/g)).toHaveLength(2);
    expect(thread.match(/│ path MTU +│ 1500 bytes/g)).toHaveLength(2);
  });

  test("that answers no ping is told from a path that lets nothing through", async () => {
    const pair = await windowsPair();
    await set(shared(), pair.initiator, { dropsPing: true });

    const card = await cardSays(shared(), await built(pair), "Stopped at step");

    const thread = await readsThat(shared(), /every packet was lost/, card.ts);
    expect(thread).toContain("Look at the firewall of the host that is tested");
  });
});

test("another test is compared with the first: what is worse, and ports that answer otherwise", async () => {
  const pair = await newPair(shared());
  await set(shared(), pair.acceptor, { listening: [5432] });
  const verified = await cardSays(shared(), await built(pair), "Verified");
  await set(shared(), pair.acceptor, { listening: [] });

  await press(shared(), verified, "Test again");

  const thread = await readsThat(shared(), /compared with the first test/, verified.ts);
  expect(thread).toMatch(/compared with the first test at .*: TCP 5432 refused, open then\./);
  expect((await peeringAt(shared(), verified)).runs).toMatchObject([
    { kind: "connect" },
    { kind: "test", status: "done" },
  ]);
});

test("every write of these stories had an approval", () => expectEveryWriteApproved(shared()));
