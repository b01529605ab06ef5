import { expect, test } from "vitest";
import { firstBrokenLink } from "../../machines/peering/chain.ts";
import { measure } from "../../src/sandbox/demo/figures.ts";
import { playStory } from "../../src/sandbox/demo/story.ts";
import { approve, ask, cardThat, fillForm, openWorld, threadThat, untilRead } from "./world.ts";

test("the tutorial's story ends verified, with the pings in the thread and eleven writes in the cloud", async () => {
  const world = await openWorld();

  await approve(world, await ask(world));
  await cardThat(world, "Verified");

  const thread = await threadThat(world, /Verified\. Every ping came through/);
  expect(thread).toMatch(/orders-prod-1 → ledger-1 +│ ping × 10 │ 10 back/);
  expect(thread).toMatch(/ledger-1 → orders-prod-1 +│ ping × 10 │ 10 back/);
  const writes = (await world.journal()).filter(({ kind }) => kind === "write");
  expect(writes.map(({ action }) => action).toSorted()).toEqual([
    "AuthorizeSecurityGroup",
    "AuthorizeSecurityGroup",
    "ConnectRouterInterface",
    "CreateRouteEntry",
    "CreateRouteEntry",
    "CreateRouterInterface",
    "CreateRouterInterface",
    "ModifyRouterInterfaceAttribute",
    "ModifyRouterInterfaceAttribute",
    "RunCommand",
    "RunCommand",
  ]);
});

test("the demo plays the story with a peering connection to its end, with seven writes in the cloud", async () => {
  const world = await openWorld();
  const acts: string[] = [];

  const end = await playStory(
    world.slack,
    { connection: "vpc-peer", limitMs: 20_000 },
    { onAct: (text) => acts.push(text), onCard: () => {}, onThread: () => {} },
  );

  const { state, cloudWrites, resources, pings } = await measure(
    { alibaba: world.alibaba, slack: world.slack, bot: null },
    end,
    40,
  );
  expect(acts).toContain("chooses a VPC peering connection");
  expect({ state, cloudWrites }).toEqual({ state: "verified", cloudWrites: 7 });
  expect(resources.map((id) => id.split("-")[0])).toEqual(["pcc", "rte", "rte"]);
  expect(pings).toHaveLength(2);
});

test("the record of the peering is a chain that holds, and says who approved what they were shown", async () => {
  const world = await openWorld();

  await approve(world, await ask(world));
  await cardThat(world, "Verified");

  const [peering] = await world.store.peerings({ show: "all", person: { teamId: "", userId: "" }, limit: 1 });
  const events = await world.store.events(peering?.snapshot.peering.id ?? "P-", 0);
  const approval = events.find(({ event }) => event.type === "approve");
  expect(firstBrokenLink(events)).toBeNull();
  expect(approval).toMatchObject({
    by: { userId: "U0ARJUN001" },
    event: {
      planHash: peering?.snapshot.peering.runs[0]?.plan.hash,
      shown: { language: "en", text: expect.stringContaining("orders reads the ledger replica") },
    },
  });
});

test("the same story with a peering connection, over signed HTTP: seven writes in the cloud", async () => {
  const world = await openWorld({ delivery: "http" });
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  await mei.choose({ label: "Kind of connection", value: "vpc-peer" });
  await mei.submit();

  await approve(world, await cardThat(world, "Waiting for a decision"));
  await cardThat(world, "Verified");

  const thread = await threadThat(world, /Verified\. Every ping came through/);
  expect(thread).toMatch(/orders-prod-1 → ledger-1 +│ ping × 10 │ 10 back/);
  expect(thread).toMatch(/ledger-1 → orders-prod-1 +│ ping × 10 │ 10 back/);
  const writes = (await world.journal()).filter(({ kind }) => kind === "write");
  expect(writes.map(({ action }) => action)).toEqual([
    "CreateVpcPeerConnection",
    "CreateRouteEntry",
    "CreateRouteEntry",
    "AuthorizeSecurityGroup",
    "AuthorizeSecurityGroup",
    "RunCommand",
    "RunCommand",
  ]);
});

test("the same story over signed HTTP", async () => {
  const world = await openWorld({ delivery: "http" });

  await approve(world, await ask(world));

  await cardThat(world, "Verified");
});
