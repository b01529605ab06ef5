import { beforeEach, describe, expect, test } from "vitest";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { closeAll, hasty, peerings, toldThat, viewThat } from "./people.ts";
import { ask, cardOf, CHANNEL, openWorld, peeringOf, sharedWorld } from "./world.ts";

describe("typed commands", () => {
  const world = sharedWorld(hasty());

  /** The newest thing that only this person sees, after typing. */
  async function answerTo(text: string, who = world().tomek): Promise<string> {
    const before = (await who.messages()).length;
    await who.command(CHANNEL, "/peer-vpcs", text);
    const message = await who.waitForMessage((seen) => seen.isEphemeral);
    await workspaceAt(world().slack.url).waitFor(async () => ((await who.messages()).length > before ? true : null));
    const newest = (await who.messages()).at(-1) ?? message;
    return [
      newest.text,
      ...newest.blocks.flatMap((block) => (typeof block.text === "object" ? [block.text.text] : [])),
    ].join("\n");
  }

  beforeEach(async () => {
    await closeAll(world().tomek);
  });

  test("help lists every word with what it does, angle brackets and all", async () => {
    expect(await answerTo("help")).toMatchInlineSnapshot(`
      "\`/peer-vpcs\` opens the request form.
      \`/peer-vpcs &lt;vpc-a&gt; &lt;vpc-b&gt;\` opens it with both VPCs filled in.
      \`/peer-vpcs list [mine|open|all]\` lists peerings.
      \`/peer-vpcs status &lt;id&gt;\` tells how one stands.
      \`/peer-vpcs test &lt;id&gt;\` tests one again.
      \`/peer-vpcs why &lt;ip&gt; &lt;ip&gt; [port]\` says whether one address reaches another, and what stops it.
      \`/peer-vpcs help\` shows this."
    `);
  });

  test.each([
    ["lst", "I do not know `lst`. Did you mean `/peer-vpcs list`?"],
    ["stats P-1", "I do not know `stats`. Did you mean `/peer-vpcs status`?"],
    ["list min", "I do not know `min`. Did you mean `/peer-vpcs list mine`?"],
    ["helpme", "I do not know `helpme`. Did you mean `/peer-vpcs help`?"],
    ["zebra", "I do not know `zebra`. VPCs are given by their ids; the form finds them by name.\n"],
    ["`<!channel>`", "I do not know `&lt;!channel&gt;`. VPCs are given"],
    ["vpc-m5e1", "That is one VPC. Name two: `/peer-vpcs &lt;vpc-a&gt; &lt;vpc-b&gt;`."],
    ["status", "Which one? `/peer-vpcs status &lt;id&gt;`"],
    ["status P-NOBODY00", "There is no peering `P-NOBODY00`. `/peer-vpcs list` shows those there are."],
    ["status '; drop table peering", "There is no peering"],
    ["list", "No peering is open. `/peer-vpcs` opens the form."],
    ["list mine", "You have not asked for a peering yet."],
    ["list all", "There is no peering yet."],
  ])("to `/peer-vpcs %s` the answer says what to type instead, or what there is", async (text, says) => {
    expect(await answerTo(text)).toContain(says);
  });

  test("lists show whose, which and how they stand; an ended one is in none but all and mine", async () => {
    const { mei, arjun } = world();
    const first = peeringOf(await ask(world(), { to: "custom-table" }));
    const second = await ask(world(), { from: "alpine-host", to: "shared-data" }, arjun);
    await arjun.press({ channel: CHANNEL, ts: second.ts, action_id: "withdraw", confirm: true });
    await cardOf(world(), peeringOf(second), "Withdrawn");

    expect(await answerTo("list")).toMatch(
      new RegExp(
        `\\*Peerings that wait, are under way or stand\\*\\n\`${first}\` \\*Waiting for a decision\\* · \\*orders-prod\\* 192\\.168\\.0\\.0/16 Qingdao → \\*custom-table\\* 10\\.14\\.0\\.0/16 Beijing · <@U0MEILIN01>$`,
      ),
    );
    expect(await answerTo("list all")).toMatch(new RegExp(`${peeringOf(second)}. \\*Withdrawn\\*[^]*${first}`));
    expect(await answerTo("LIST Mine", mei)).toContain(first);
    expect(await answerTo("list mine", mei)).not.toContain(peeringOf(second));
    expect(await answerTo("list mine", arjun)).toContain(peeringOf(second));
  });

  test("status tells how one stands, without the buttons, in either spelling of the id", async () => {
    const [newest] = (await peerings(world())).filter(({ snapshot }) => snapshot.state === "requested");
    const id = newest?.snapshot.peering.id ?? "";
    const { tomek } = world();

    await tomek.command(CHANNEL, "/peer-vpcs", `status ${id.toLowerCase()}`);

    const message = await tomek.waitForMessage(({ blocks }) => blocks[0]?.block_id === `peering:${id}`);
    expect(message.blocks.map(({ type }) => type)).not.toContain("actions");
    expect(await toldThat(world(), tomek, /Waiting for a decision/)).toContain(
      "*Why* “orders reads the ledger replica”",
    );
  });

  test.each(["list", "list all", "status P-4F7K2M9Q", "help", ""])(
    "guests, bots and people of other workspaces get no answer to `/peer-vpcs %s` but why",
    async (text) => {
      const slack = workspaceAt(world().slack.url);
      await slack.edit({ edit: "member", channel: CHANNEL, person: "Kenji Mori", isMember: true });
      for (const [name, why] of [
        ["Priya Nair", "Guests"],
        ["Kenji Mori", "People of other workspaces"],
        ["Deploys", "Bots"],
      ] as const) {
        const who = world().as(name);
        await who.command(CHANNEL, "/peer-vpcs", text);
        expect(await viewThat(world(), who, /did not happen/)).toContain(
          `${why} cannot use this bot. Ask a full member of this workspace to do it.`,
        );
        expect(await who.messages()).toEqual([]);
        await closeAll(who);
      }
    },
  );
});

describe("shortcuts", () => {
  const world = sharedWorld(hasty());

  test("the global shortcut opens the form", async () => {
    const { mei } = world();

    expect(await mei.shortcut("peer_vpcs_new")).toMatchObject({ says: null });

    expect(await viewThat(world(), mei, /Peer two VPCs/)).toContain("Send request");
  });

  test("the shortcut on a card and on a line of its thread tells how that peering stands", async () => {
    const { mei, tomek, arjun } = world();
    await closeAll(mei);
    const card = await ask(world());
    await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "approve", confirm: true });
    const verified = await cardOf(world(), peeringOf(card), "Verified");
    const line = await workspaceAt(world().slack.url).waitFor(
      async () => verified.replies.at(-1) ?? (await cardOf(world(), peeringOf(card), "Verified")).replies.at(-1),
    );

    for (const { ts } of [verified, line] as readonly SeenMessage[]) {
      expect(await tomek.messageShortcut("peer_vpcs_status_from_message", CHANNEL, ts)).toMatchObject({ says: null });
    }

    await workspaceAt(world().slack.url).waitFor(async () => {
      const told = (await tomek.messages()).filter(
        ({ blocks }) => blocks[0]?.block_id === `peering:${peeringOf(card)}`,
      );
      return told.length === 2 ? told : null;
    });
    expect(await toldThat(world(), tomek, /Verified/)).toContain("10 back");
  });

  test("the shortcut on anything else says what it is for", async () => {
    const { tomek } = world();
    const { ts = "" } = await tomek.say(CHANNEL, "lunch?");

    await tomek.messageShortcut("peer_vpcs_status_from_message", CHANNEL, ts);

    expect(await toldThat(world(), tomek, /not about/)).toContain(
      "This message is not about a peering. Use it on a card or in its thread.",
    );
  });
});

test("installed read-only, the bot takes no requests and says who can change that", async () => {
  const world = await openWorld({ settings: { MODE: "" } });
  const { mei, tomek } = world;

  await mei.command(CHANNEL, "/peer-vpcs");
  expect(await viewThat(world, mei, /did not happen/)).toMatch(
    /This bot is installed read-only: it changes nothing in the cloud and takes no requests\. The operator can set MODE=operate\./,
  );
  await tomek.shortcut("peer_vpcs_new");
  expect(await viewThat(world, tomek, /did not happen/)).toContain("read-only");
  await mei.command(CHANNEL, "/peer-vpcs", "list");
  await toldThat(world, mei, /No peering is open/);
  expect(await peerings(world)).toEqual([]);
});
