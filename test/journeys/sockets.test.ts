import { expect, test } from "vitest";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import { cards, deeds, peerings, toldThat, viewThat, writes } from "./people.ts";
import { approve, ask, cardOf, CHANNEL, openWorld, peeringOf, threadThat, type World } from "./world.ts";

/** Connections that the bot has open at the moment. */
async function connections({ slack }: World): Promise<number> {
  const { changes } = await workspaceAt(slack.url).changes(0);
  const last = changes.findLast((change) => change.kind === "socketOpened" || change.kind === "socketClosed");
  return last && "connections" in last ? last.connections : 0;
}

async function connectionsThat(world: World, amount: number): Promise<void> {
  await workspaceAt(world.slack.url).waitFor(async () => ((await connections(world)) === amount ? true : null));
}

test.each(["refresh_requested", "warning", "drop"] as const)(
  "while one connection ends by %s the other one serves, and no click is lost",
  async (how) => {
    const world = await openWorld({ speed: 100 });
    const { mei } = world;
    const slack = workspaceAt(world.slack.url);
    const card = await ask(world);

    await slack.edit({ edit: "sockets", how, count: 1 });
    expect(await mei.press({ channel: CHANNEL, ts: card.ts, action_id: "review_plan" })).toMatchObject({ says: null });

    await viewThat(world, mei, /The plan/);
    await connectionsThat(world, 2);
  },
);

test.each(["refresh_requested", "link_disabled", "drop"] as const)(
  "when all connections end by %s at once, Slack tells who clicks, nothing is changed or lost, and then it works",
  async (how) => {
    const world = await openWorld({ speed: 100 });
    const { arjun } = world;
    const slack = workspaceAt(world.slack.url);
    const card = await ask(world);
    // The bot is kept out for a moment, as it is when Slack itself is renewing.
    await slack.fault({ method: "apps.connections.open", fault: "serverError", times: 2 });

    await slack.edit({ edit: "sockets", how });
    const pressed = await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "approve", confirm: true });
    const typed = await arjun.command(CHANNEL, "/peer-vpcs", "list");

    expect([pressed.says, typed.says]).toEqual(["The app did not respond.", expect.stringMatching(/did not respond/)]);
    expect(await deeds(world, peeringOf(card))).toEqual(["request by U0MEILIN01"]);
    await connectionsThat(world, 2);
    await approve(world, card);
    await cardOf(world, peeringOf(card), "Verified");
    expect(await writes(world)).toHaveLength(11);
    expect(await cards(world)).toHaveLength(1);
  },
);

test("a build goes on while nobody can reach the bot, and the thread has all of it", async () => {
  const world = await openWorld({ speed: 100 });
  const slack = workspaceAt(world.slack.url);
  const card = await ask(world);
  await approve(world, card);
  await slack.fault({ method: "apps.connections.open", fault: "serverError", times: 4 });

  await slack.edit({ edit: "sockets", how: "refresh_requested" });

  await cardOf(world, peeringOf(card), "Verified");
  await threadThat(world, /Every ping came through/);
  await connectionsThat(world, 2);
  expect(await writes(world)).toHaveLength(11);
});

test("an app token that is revoked while running is said in the log, and once restored the bot comes back by itself", async () => {
  const world = await openWorld({ speed: 100 });
  const { mei } = world;
  const slack = workspaceAt(world.slack.url);
  await slack.edit({ edit: "token", token: "app", revoked: true });
  await slack.edit({ edit: "sockets", how: "refresh_requested" });
  await slack.waitForEntry(
    (entry) =>
      entry.kind === "call" &&
      entry.method === "apps.connections.open" &&
      JSON.stringify(entry.answer).includes("token_revoked"),
  );

  await slack.edit({ edit: "token", token: "app", revoked: false });

  await connectionsThat(world, 2);
  expect(world.log).toContainEqual(
    expect.objectContaining({ level: "error", msg: "slack refuses the connection", code: "token_revoked" }),
  );
  await mei.command(CHANNEL, "/peer-vpcs", "help");
  await toldThat(world, mei, /opens the request form/);
  expect(await peerings(world)).toEqual([]);
});
