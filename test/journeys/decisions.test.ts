import { describe, expect, test } from "vitest";
import { channelAt, workspaceAt } from "../../src/sandbox/slack/client.ts";
import {
  cardSaying,
  closeAll,
  deeds,
  hasty,
  holdCards,
  peerings,
  storedThat,
  toldThat,
  viewThat,
  vpcNamed,
  writes,
} from "./people.ts";
import { approve, ask, cardOf, CHANNEL, openWorld, peeringOf, sharedWorld, threadThat } from "./world.ts";

const [MEI, ARJUN, SOFIA] = ["U0MEILIN01", "U0ARJUN001", "U0SOFIA001"];

describe("a request that waits", () => {
  const world = sharedWorld(hasty());

  test("only the network leads decide it, nobody their own, and everybody is told why", async () => {
    const { mei, tomek } = world();
    const card = await ask(world(), { to: "custom-table" });
    const id = peeringOf(card);
    await workspaceAt(world().slack.url).edit({
      edit: "member",
      channel: CHANNEL,
      person: "Kenji Mori",
      isMember: true,
    });

    const told = async (name: string, action_id: string) => {
      const who = world().as(name);
      await who.press({ channel: CHANNEL, ts: card.ts, action_id, confirm: true });
      const text = await viewThat(world(), who, /That did not happen/);
      await closeAll(who);
      return text.split("\n").slice(1, -1).join(" ").replaceAll("│ ", "");
    };

    const notALead = "Only network leads decide. Waiting for @network-leads.";
    for (const action of ["approve", "reject"]) {
      expect(await told("Mei Lin", action)).toBe(
        "Somebody else must decide. You asked for this peering. Waiting for @network-leads.",
      );
      expect(await told("Tomek Baran", action)).toBe(notALead);
      expect(await told("Hana Sato", action)).toBe(notALead);
    }
    for (const action of ["approve", "reject", "withdraw", "review_plan"]) {
      expect(await told("Priya Nair", action)).toBe(
        "Guests cannot use this bot. Ask a full member of this workspace to do it.",
      );
      expect(await told("Kenji Mori", action)).toBe(
        "People of other workspaces cannot use this bot. Ask a full member of this workspace to do it.",
      );
      expect(await told("Deploys", action)).toBe(
        "Bots cannot use this bot. Ask a full member of this workspace to do it.",
      );
    }
    for (const name of ["Tomek Baran", "Arjun Rao"]) {
      expect(await told(name, "withdraw")).toBe(
        "Only the person who asked can withdraw it. A network lead can reject it.",
      );
    }
    expect((await peerings(world()))[0]?.snapshot.state).toBe("requested");
    expect(await deeds(world(), id)).toContain(`refused approve by ${MEI}`);
    expect((await deeds(world(), id)).filter((deed) => !deed.startsWith("refused"))).toEqual([`request by ${MEI}`]);

    await tomek.press({ channel: CHANNEL, ts: card.ts, action_id: "review_plan" });
    expect(await viewThat(world(), tomek, /The plan/)).toContain("CreateRouteEntry");
    await mei.press({ channel: CHANNEL, ts: card.ts, action_id: "withdraw", confirm: true });
    await cardOf(world(), id, "Withdrawn");
    expect(await cardSaying(world(), card, /withdrew the request/)).toMatch(
      /@Mei Lin withdrew the request\. Nothing was changed\./,
    );
    expect(await writes(world())).toEqual([]);
  });

  test("a rejection needs a reason, which the requester reads, and frees the pair", async () => {
    const { mei, arjun } = world();
    const card = await ask(world(), { to: "gateway-table" });

    await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "reject" });
    await viewThat(world(), arjun, /Why\? The person who asked reads this\./);
    await arjun.type({ block_id: "reason", text: "   " });
    expect(await arjun.submit()).toMatchObject({
      outcome: "errors",
      errors: { "Why? The person who asked reads this.": "Write a few words." },
    });
    await arjun.type({ block_id: "reason", text: "use the read replica in Qingdao" });
    expect(await arjun.submit()).toMatchObject({ outcome: "closed" });

    await cardOf(world(), peeringOf(card), "Rejected");
    const text = await cardSaying(world(), card, /rejected it:/);
    expect(text).toMatch(
      /Rejected\n.*\n@Arjun Rao rejected it: “use the read replica in Qingdao”\. Nothing was changed\./,
    );
    expect(text).toMatch(/@Arjun Rao rejected it: “use the read replica in Qingdao”/);
    expect(text).not.toContain("[Approve");
    expect(await writes(world())).toEqual([]);
    const again = await ask(world(), { to: "gateway-table" });
    await mei.press({ channel: CHANNEL, ts: again.ts, action_id: "withdraw", confirm: true });
    await cardOf(world(), peeringOf(again), "Withdrawn");
  });

  test("a lead who asks needs another lead", async () => {
    const { arjun, sofia } = world();
    const card = await ask(world(), { from: "alpine-host", to: "no-test-host" }, arjun);

    await approve(world(), card, arjun);
    expect(await viewThat(world(), arjun, /did not happen/)).toContain(
      "Somebody else must decide. You asked for this peering.",
    );
    expect(await writes(world())).toEqual([]);
    await approve(world(), card, sofia);

    await cardOf(world(), peeringOf(card), "Secured, not tested");
    expect(await deeds(world(), peeringOf(card))).toEqual([
      `request by ${ARJUN}`,
      `refused approve by ${ARJUN}`,
      `approve by ${SOFIA}`,
    ]);
  });
});

test("a double click by one lead approves once and says so", async () => {
  const world = await openWorld(hasty());
  const { arjun } = world;
  const card = await ask(world);

  await Promise.all([approve(world, card, arjun), approve(world, card, arjun)]);

  expect(await viewThat(world, arjun, /did not happen/)).toMatch(
    /You approved plan \w{4} at .*\. This click changed nothing\. It is now: /,
  );
  await cardOf(world, peeringOf(card), "Verified");
  expect(await writes(world)).toHaveLength(11);
  expect((await deeds(world, peeringOf(card))).filter((deed) => deed.startsWith("approve"))).toHaveLength(1);
});

test("of two leads who approve at once, the second is told who was first, when, and what it does now", async () => {
  const world = await openWorld(hasty());
  const { arjun, sofia } = world;
  const card = await ask(world);

  await Promise.all([approve(world, card, arjun), approve(world, card, sofia)]);

  const { slack } = world;
  const told = await workspaceAt(slack.url).waitFor(async () => {
    const texts = await Promise.all([arjun.viewText().catch(() => ""), sofia.viewText().catch(() => "")]);
    return texts.find((text) => text.includes("did not happen"));
  });
  expect(told).toMatch(
    /@(Arjun Rao|Sofia Marti) approved plan \w{4} at \d\d:\d\d:\d\d, (\d+ s|a moment) before you\. This click changed nothing\. It is now: /,
  );
  await cardOf(world, peeringOf(card), "Verified");
  expect(await writes(world)).toHaveLength(11);
});

test("an approval from a card that was left open is told what happened meanwhile", async () => {
  const world = await openWorld(hasty());
  const { arjun, sofia, mei } = world;
  const card = await ask(world);
  const cards = await holdCards(world);
  await approve(world, card, arjun);
  await storedThat(world, ({ snapshot }) => snapshot.state === "verified");

  await approve(world, card, sofia);
  expect(await viewThat(world, sofia, /did not happen/)).toMatch(
    /@Arjun Rao approved plan \w{4} at \d\d:\d\d:\d\d, .*before you\. This click changed nothing\. It is now: /,
  );
  await mei.press({ channel: CHANNEL, ts: card.ts, action_id: "withdraw", confirm: true });
  expect(await viewThat(world, mei, /did not happen/)).toMatch(/@Arjun Rao approved plan \w{4}/);

  await cards.release();
  await cardOf(world, peeringOf(card), "Verified");
  expect(await writes(world)).toHaveLength(11);
});

test("a lead who leaves the group a moment before the click does not decide", async () => {
  const world = await openWorld(hasty());
  const { arjun, sofia } = world;
  const card = await ask(world);
  const slack = workspaceAt(world.slack.url);

  for (let round = 0; round < 3; round += 1) {
    await slack.edit({ edit: "group", group: "network-leads", members: ["Sofia Marti"] });
    await approve(world, card, arjun);
    expect(await viewThat(world, arjun, /did not happen/)).toContain(
      "Only network leads decide. Waiting for @network-leads.",
    );
    await closeAll(arjun);
    await slack.edit({ edit: "group", group: "network-leads", members: ["Sofia Marti", "Arjun Rao"] });
  }

  expect((await peerings(world))[0]?.snapshot.state).toBe("requested");
  await approve(world, card, sofia);
  await cardOf(world, peeringOf(card), "Verified");
});

test("leads who all leave after the request leave a sentence for the operator", async () => {
  const world = await openWorld(hasty());
  const { arjun } = world;
  const card = await ask(world);
  await workspaceAt(world.slack.url).edit({ edit: "group", group: "network-leads", members: [] });

  await approve(world, card, arjun);

  expect(await viewThat(world, arjun, /did not happen/)).toMatch(
    /Only network leads decide\. There is none: the operator must set NETWORK_LEADS_GROUP or NETWORK_LEADS\./,
  );
});

test("without network leads nobody can ask, and the operator's settings are named", async () => {
  const world = await openWorld(hasty({ settings: { NETWORK_LEADS_GROUP: "" } }));
  const { mei } = world;

  await mei.command(CHANNEL, "/peer-vpcs");

  expect(await viewThat(world, mei, /did not happen/)).toMatch(
    /Nobody could decide this request: there are no network leads\. The operator must set NETWORK_LEADS_GROUP or NETWORK_LEADS\./,
  );
  expect(await peerings(world)).toEqual([]);
});

test("the only network lead cannot ask, but others can", async () => {
  const world = await openWorld(hasty({ settings: { NETWORK_LEADS_GROUP: "", NETWORK_LEADS: ARJUN ?? "" } }));
  const { arjun } = world;

  await arjun.command(CHANNEL, "/peer-vpcs");

  expect(await viewThat(world, arjun, /did not happen/)).toMatch(
    /You are the only network lead, and nobody decides their own request\. The operator must name another one/,
  );
  const card = await ask(world);
  expect(await channelAt(world.slack.url, CHANNEL).text({ ts: card.ts })).toContain("@Arjun Rao may decide");
});

test("a group that somebody deleted is a workspace without leads", async () => {
  const world = await openWorld(hasty({ settings: { NETWORK_LEADS_GROUP: "S0DELETED1" } }));
  const { mei } = world;

  await mei.command(CHANNEL, "/peer-vpcs");

  expect(await viewThat(world, mei, /did not happen/)).toContain("there are no network leads");
});

test("a network that changed under the button voids the vote, shows the difference, and refuses the old button", async () => {
  const world = await openWorld(hasty());
  const { arjun, sofia } = world;
  const card = await ask(world);
  const id = peeringOf(card);
  const { regionId, vpcId } = await vpcNamed(world, "shared-data");
  await world.cloud("edit", { regionId, kind: "routeTable", add: { vpcId, routeTableName: "added-by-hand" } });
  const cards = await holdCards(world);

  await approve(world, card, arjun);

  await storedThat(world, ({ snapshot }) => snapshot.peering.runs.length === 2);
  await approve(world, card, sofia);
  expect(await viewThat(world, sofia, /did not happen/)).toMatch(
    /The plan changed while you looked at it; it is \w{4} now\. Read the card again and decide on that one\./,
  );
  await sofia.press({ channel: CHANNEL, ts: card.ts, action_id: "reject" });
  await viewThat(world, sofia, /Why\?/);
  await sofia.type({ block_id: "reason", text: "too late" });
  await sofia.submit();
  expect(await viewThat(world, sofia, /did not happen/)).toMatch(/The plan changed while you looked at it/);
  expect(await writes(world)).toEqual([]);
  await cards.release();

  const [first, second] =
    (await peerings(world))[0]?.snapshot.peering.runs.map(({ plan }) => plan.hash.slice(0, 4)) ?? [];
  expect(await threadThat(world, /The network changed/)).toMatch(
    new RegExp(
      `The network changed, so the vote of @Arjun Rao no longer counts\\. The plan is ${second} now\\. Changed:\\n.*• ${vpcId} route tables: vtb-\\S+ → vtb-\\S+ vtb-\\S+`,
    ),
  );
  const fresh = await cardOf(world, id, "Waiting for a decision");
  expect(await cardSaying(world, fresh, new RegExp(`Approve plan ${second}`))).not.toContain(`Approve plan ${first}`);
  await approve(world, fresh, sofia);
  await cardOf(world, id, "Verified");
  expect((await writes(world)).filter((action) => action === "CreateRouteEntry")).toHaveLength(3);
});

test("whoever is refused without a window gets a message instead", async () => {
  const world = await openWorld(hasty());
  const { tomek } = world;
  const card = await ask(world);
  await workspaceAt(world.slack.url).fault({ method: "views.open", fault: { error: "expired_trigger_id" }, times: 3 });

  await approve(world, card, tomek);

  expect(await toldThat(world, tomek, /network leads/)).toContain("Only network leads decide.");
});
