import { expect, test } from "vitest";
import { firstBrokenLink } from "../../machines/peering/chain.ts";
import { approve, ask, cardThat, openWorld, threadThat } from "./world.ts";

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

test("the same story over signed HTTP", async () => {
  const world = await openWorld({ delivery: "http" });

  await approve(world, await ask(world));

  await cardThat(world, "Verified");
});
