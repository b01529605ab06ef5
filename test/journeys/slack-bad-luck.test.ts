import { expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import type { PeeringId } from "../../machines/peering/record.ts";
import type { Store } from "../../src/ports.ts";
import { channelAt, workspaceAt } from "../../src/sandbox/slack/client.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { fastClock } from "./fast-clock.ts";
import {
  callsOf,
  cards,
  cardSaying,
  hasty,
  holdCards,
  peerings,
  storedThat,
  toldThat,
  viewThat,
  writes,
} from "./people.ts";
import {
  approve,
  ask,
  cardOf,
  CHANNEL,
  fillForm,
  openWorld,
  peeringOf,
  titleOf,
  untilRead,
  type World,
} from "./world.ts";

const NOT_ALLOWED = {
  code: "Forbidden.RAM",
  status: 403,
  message: "User not authorized to operate on the specified resource.",
};

const WAIT_MS = 10_000;

/** Every API call that the record holds, in its order. */
async function callsOnRecord({ store }: World, card: SeenMessage): Promise<readonly string[]> {
  const events = await store.events(peeringOf(card) as `P-${string}`, 0);
  return events.flatMap(({ event }) =>
    "calls" in event ? event.calls.map(({ api, requestId }) => `${api} ${requestId}`) : [],
  );
}

/** Every API call that the thread tells, in its order. */
function callsTold(thread: string): readonly string[] {
  return [...thread.matchAll(/(\w+), \w+: \S+\. Request (\S+)/g)].map(([, api, request]) => `${api} ${request}`);
}

async function expectWholeStory(world: World, card: SeenMessage): Promise<void> {
  const verified = await cardOf(world, peeringOf(card), "Verified");
  const story = await cardSaying(world, verified, /Every ping came through/);
  const onRecord = await callsOnRecord(world, card);
  expect(onRecord).toHaveLength(11);
  expect(callsTold(story)).toEqual(onRecord);
  expect(story.match(/@Arjun Rao approved plan/g)).toHaveLength(1);
  expect(story.match(/Every ping came through/g)).toHaveLength(1);
  expect(await cards(world)).toHaveLength(1);
  expect(await peerings(world)).toHaveLength(1);
  expect(await writes(world)).toHaveLength(11);
}

test.each([
  { "chat.postMessage": "ratelimited", "chat.update": "serverError" },
  { "chat.postMessage": "serverError", "chat.update": "ratelimited" },
  { "chat.postMessage": "resetBefore", "chat.update": { error: "fatal_error" } },
  { "users.info": "serverError", "conversations.info": "ratelimited", "usergroups.users.list": "resetBefore" },
] as const)("when calls meet %j now and then, the story is told whole, in order and once", async (faults) => {
  // A form that opens is worth three seconds: who asks meets as many as fit in there.
  const times = "users.info" in faults ? 1 : 2;
  const world = await openWorld(hasty());
  const slack = workspaceAt(world.slack.url);
  const upset = () =>
    Promise.all(Object.entries(faults).map(([method, fault]) => slack.fault({ method, fault, times })));
  await upset();

  const card = await ask(world);
  await upset();
  await approve(world, card);

  await expectWholeStory(world, card);
});

test("with Slack's own limits on, two peerings at once are told without one call too many", async () => {
  const world = await openWorld({ rateLimits: true, speed: 100 });
  const one = await ask(world);
  const other = await ask(world, { from: "alpine-host", to: "custom-table" });

  await Promise.all([approve(world, one), approve(world, other)]);

  for (const card of [one, other]) {
    await cardOf(world, peeringOf(card), "Verified");
    await cardSaying(world, card, /Every ping came through/);
  }
  const calls = (await workspaceAt(world.slack.url).journal()).flatMap((entry) =>
    entry.kind === "call" ? [entry] : [],
  );
  expect(calls.filter(({ status }) => status === 429)).toEqual([]);
});

test.each(["ratelimited", "serverError", "resetBefore"] as const)(
  "a form whose opening meets %s opens a moment later",
  async (fault) => {
    const world = await openWorld(hasty());
    const { mei } = world;
    await workspaceAt(world.slack.url).fault({ method: "views.open", fault });

    await mei.command(CHANNEL, "/peer-vpcs");

    expect(await viewThat(world, mei, /Peer two VPCs/)).toContain("Send request");
  },
);

test("a form that cannot open in Slack's three seconds says so where the command was typed", async () => {
  const world = await openWorld(hasty());
  const { mei } = world;
  await workspaceAt(world.slack.url).fault({ method: "views.open", fault: { error: "expired_trigger_id" } });

  await mei.command(CHANNEL, "/peer-vpcs");

  expect(await toldThat(world, mei, /gave up/)).toBe(
    "Slack gave up waiting before the window could open. Nothing changed. Please do it once more.",
  );
});

test("from a shortcut, which has no place to answer, the same is said directly", async () => {
  const world = await openWorld(hasty());
  const { mei } = world;
  await workspaceAt(world.slack.url).fault({ method: "views.open", fault: { error: "expired_trigger_id" } });

  await mei.shortcut("peer_vpcs_new");

  expect(await toldThat(world, mei, /gave up/)).toContain("Please do it once more.");
});

test.each(["reject", "review_plan"])("a window for %s that comes too late is a message", async (action_id) => {
  const world = await openWorld(hasty());
  const { arjun } = world;
  const card = await ask(world);
  await workspaceAt(world.slack.url).fault({ method: "views.open", fault: { error: "expired_trigger_id" } });

  await arjun.press({ channel: CHANNEL, ts: card.ts, action_id });

  expect(await toldThat(world, arjun, /gave up/)).toContain("Nothing changed. Please do it once more.");
});

test.each(["serverError", "ratelimited", { error: "expired_trigger_id" }] as const)(
  "a refusal whose window meets %j comes as a message, and a late one to a reason directly",
  async (fault) => {
    const world = await openWorld(hasty());
    const { arjun, sofia, tomek } = world;
    const slack = workspaceAt(world.slack.url);
    const card = await ask(world);
    await slack.fault({ method: "views.open", fault });

    await approve(world, card, tomek);

    expect(await toldThat(world, tomek, /network leads/)).toContain("Only network leads decide.");
    expect((await tomek.messages()).map(({ isEphemeral }) => isEphemeral)).toEqual([true]);
    await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "reject" });
    await viewThat(world, arjun, /Why\?/);
    await arjun.type({ block_id: "reason", text: "too late" });
    await approve(world, card, sofia);
    await storedThat(world, ({ snapshot }) => snapshot.state !== "requested");
    await slack.fault({ method: "views.open", fault });
    await arjun.submit();
    expect(await toldThat(world, arjun, /approved plan/)).toMatch(
      /<@U0SOFIA001> approved plan .* This click changed nothing/,
    );
    expect((await arjun.messages()).map(({ isEphemeral }) => isEphemeral)).toEqual([false]);
  },
);

test("a card whose answer got lost is posted twice, and the stray one gives way when somebody presses it", async () => {
  const world = await openWorld(hasty());
  const { arjun } = world;
  await fillForm(world, world.mei);
  await untilRead(world.mei);
  await workspaceAt(world.slack.url).fault({ method: "chat.postMessage", fault: "resetAfter" });
  await world.mei.submit();
  const [stray, live] = await workspaceAt(world.slack.url).waitFor(async () => {
    const both = await cards(world);
    return both.length === 2 ? both : null;
  });

  await approve(world, stray as SeenMessage, arjun);

  const told = await cardSaying(world, stray as SeenMessage, /posted twice/);
  expect(told).toMatch(/This card was posted twice\. The one that counts is here/);
  expect(told).not.toContain("[Approve");
  await expectWholeStory(world, live as SeenMessage);
});

test("a card deleted while the peering is built comes back with the whole thread under it", async () => {
  const world = await openWorld(hasty());
  const card = await ask(world);
  await approve(world, card);
  await cardSaying(world, card, /CreateRouterInterface/);

  await deleteMessage(world, card);

  await expectWholeStory(world, card);
});

test("a card deleted while it waits comes back when somebody asks for the status", async () => {
  const world = await openWorld(hasty());
  const { mei } = world;
  const card = await ask(world);
  await deleteMessage(world, card);
  expect(await cards(world)).toEqual([]);

  await mei.command(CHANNEL, "/peer-vpcs", `status ${peeringOf(card)}`);

  const fresh = await cardOf(world, peeringOf(card), "Waiting for a decision");
  await approve(world, fresh);
  await expectWholeStory(world, fresh);
});

test("a status that is slow to be shown puts no old card over the new one", async () => {
  const world = await openWorld(hasty());
  const { tomek } = world;
  const card = await ask(world);
  const whispers = holdWhispers();
  await tomek.command(CHANNEL, "/peer-vpcs", `status ${peeringOf(card)}`);
  await whispers.begun;
  await approve(world, card);
  await expectWholeStory(world, card);
  const edits = (await callsOf(world, "chat.update")).length;

  whispers.release();

  // The status sees to it that the card is there.
  await workspaceAt(world.slack.url).waitFor(async () =>
    (await callsOf(world, "chat.update")).length > edits ? true : null,
  );
  expect((await cards(world)).map(titleOf)).toEqual([expect.stringMatching(/^Verified/)]);
});

test("a status while the thread is written tells nothing twice", async () => {
  const slowly = { saved: 0 };
  const world = await openWorld(
    hasty({ between: (ports) => ({ ...ports, store: slowToForgetCards(ports.store, slowly) }) }),
  );
  const { tomek } = world;
  const card = await ask(world);
  await approve(world, card);
  await cardSaying(world, card, /CreateRouterInterface/);

  await tomek.command(CHANNEL, "/peer-vpcs", `status ${peeringOf(card)}`);

  const peeringId = peeringOf(card) as PeeringId;
  await vi.waitFor(
    async () => expect([slowly.saved, await isWhole(world.store, peeringId)]).toEqual([1, true]),
    WAIT_MS,
  );
  await expectWholeStory(world, card);
});

test("with the bot's token revoked the build goes on, people are told what they can be told, and the card catches up", async () => {
  const world = await openWorld(hasty());
  const { tomek, mei } = world;
  const slack = workspaceAt(world.slack.url);
  const card = await ask(world);
  const held = await holdCards(world);
  await approve(world, card);
  await storedThat(world, ({ snapshot }) => snapshot.state !== "requested");
  await slack.edit({ edit: "token", token: "bot", revoked: true });
  await held.release();

  await storedThat(world, ({ snapshot }) => snapshot.state === "verified");
  await tomek.command(CHANNEL, "/peer-vpcs");
  expect(await toldThat(world, tomek, /refuses/)).toBe(
    "Slack refuses the bot (`token_revoked`), so it could not see who you are. Nothing changed. Tell the operator; once it is mended, do it again.",
  );
  await mei.command(CHANNEL, "/peer-vpcs", "help");
  await toldThat(world, mei, /opens the request form/);
  expect(world.log).toContainEqual(
    expect.objectContaining({ level: "error", msg: "slack refuses the card or the thread", code: "token_revoked" }),
  );
  expect((await cards(world)).map(titleOf)).toEqual([expect.stringMatching(/^Waiting for a decision/)]);

  await slack.edit({ edit: "token", token: "bot", revoked: false });
  await expectWholeStory(world, card);
});

test("in a channel that people of other companies see nobody can ask, and nothing is shown", async () => {
  const world = await openWorld(hasty());
  const { mei } = world;
  await workspaceAt(world.slack.url).edit({ edit: "channel", channel: CHANNEL, isExtShared: true });

  await mei.command(CHANNEL, "/peer-vpcs");

  expect(await viewThat(world, mei, /did not happen/)).toMatch(
    /The network leads could not be shown your request: #network-requests is shared with people of other companies, and they must not see it\. The operator can set SLACK_CHANNEL to a channel of your own\. Then ask again\./,
  );
  expect(await peerings(world)).toEqual([]);
});

test("without the bot in the channel nobody can ask, and who can mend it is told how", async () => {
  const world = await openWorld(hasty());
  const { mei } = world;
  const slack = workspaceAt(world.slack.url);
  await slack.edit({ edit: "member", channel: CHANNEL, person: "peer-vpcs", isMember: false });

  await mei.command(CHANNEL, "/peer-vpcs");

  expect(await viewThat(world, mei, /did not happen/)).toMatch(
    /the bot is not in #network-requests\. Somebody there must type \/invite @peer-vpcs\. Then ask again\./,
  );
  await slack.edit({ edit: "member", channel: CHANNEL, person: "peer-vpcs", isMember: true });
  await mei.close();
  await ask(world);
});

test.each([
  [
    "shared with another company",
    { edit: "channel", channel: CHANNEL, isExtShared: true },
    { edit: "channel", channel: CHANNEL, isExtShared: false },
    "channel_is_shared",
  ],
  [
    "left by the bot",
    { edit: "member", channel: CHANNEL, person: "peer-vpcs", isMember: false },
    { edit: "member", channel: CHANNEL, person: "peer-vpcs", isMember: true },
    "not_in_channel",
  ],
] as const)("a channel %s between form and card gets no card until that is mended", async (_, wrong, right, code) => {
  const clock = fastClock(10);
  const world = await openWorld({ clock });
  const { mei } = world;
  const slack = workspaceAt(world.slack.url);
  await fillForm(world, mei);
  await untilRead(mei);
  await slack.edit(wrong);
  // What the bot knows of the channel it knows for a minute.
  await storedChannelIsOld(world, () => clock.now());

  await mei.submit();

  await viewThat(world, mei, /Request sent/);
  await logged(world, code);
  expect(await callsThatShow(world)).toEqual([]);
  await slack.edit(right);
  await slack.waitFor(async () => ((await cards(world)).length === 1 ? true : null), 15_000);
});

test("a channel that is shared while a peering waits is told nothing more until it is mended", async () => {
  const clock = fastClock(10);
  const world = await openWorld({ clock, speed: 100 });
  const slack = workspaceAt(world.slack.url);
  const card = await ask(world);
  await slack.edit({ edit: "channel", channel: CHANNEL, isExtShared: true });
  await storedChannelIsOld(world, () => clock.now());
  const shown = async () => (await callsThatShow(world)).length + (await callsOf(world, "chat.update")).length;
  const before = await shown();

  await approve(world, card);

  await storedThat(world, ({ snapshot }) => snapshot.state === "verified");
  await logged(world, "channel_is_shared");
  expect(await shown()).toBe(before);
  await slack.edit({ edit: "channel", channel: CHANNEL, isExtShared: false });
  await expectWholeStory(world, card);
});

test("after another channel was chosen the old one gets nothing more, and the new one the card with the whole thread", async () => {
  const world = await openWorld(hasty());
  const { arjun } = world;
  const slack = workspaceAt(world.slack.url);
  const other = world.slack.channels.find(({ name }) => name === "random");
  await slack.edit({ edit: "member", channel: "random", person: "peer-vpcs", isMember: true });
  await world.cloud("dials", { action: "ConnectRouterInterface", fault: NOT_ALLOWED });
  const card = await ask(world);
  await approve(world, card);
  await cardOf(world, peeringOf(card), "Stopped at step 6");
  await cardSaying(world, card, /Stopped at step 6 [^]*│ Stopped at step 6/);
  await slack.edit({ edit: "channel", channel: CHANNEL, isExtShared: true });
  const before = (await slack.journal()).at(-1)?.seq;

  await world.restart("stop", { SLACK_CHANNEL: other?.id ?? "" });
  await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "retry_step" });

  const moved = await channelAt(world.slack.url, "random").waitForMessage((message) =>
    titleOf(message).startsWith("Verified"),
  );
  await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "review_plan" });
  await viewThat(world, arjun, /The plan/);
  const story = await slack.waitFor(async () => {
    const text = await channelAt(world.slack.url, "random").text({ ts: moved.ts });
    return text.includes("Every ping came through") ? text : null;
  });
  expect(callsTold(story)).toEqual(await callsOnRecord(world, card));
  expect(story).toMatch(/@Arjun Rao approved plan/);
  const since = (await slack.journal(before)).flatMap((entry) => (entry.kind === "call" ? [entry] : []));
  const written = since.filter(({ method }) => method.startsWith("chat."));
  expect(new Set(written.map(({ arguments: { channel } }) => channel))).toEqual(new Set([other?.id]));
});

/** Holds back what is shown to one person alone, from the first such message until `release`. */
function holdWhispers(): { readonly begun: Promise<void>; readonly release: () => void } {
  const real = globalThis.fetch;
  const begun = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    if (typeof init?.body === "string" && init.body.includes('"response_type":"ephemeral"')) {
      begun.resolve();
      await held.promise;
    }
    return real(url, init);
  });
  onTestFinished(() => spy.mockRestore());
  return { begun: begun.promise, release: held.resolve };
}

/** Gives another job the time to write the whole thread, if there is one that can. */
function slowToForgetCards(store: Store, slowly: { saved: number }): Store {
  return {
    ...store,
    async saveTelling(telling) {
      const isForgetting = telling.card !== null && telling.cardHash === "";
      const until = Date.now() + 2_000;
      if (isForgetting) {
        while (Date.now() < until && !(await isWhole(store, telling.peeringId))) await systemClock.sleep(20);
      }
      await store.saveTelling(telling);
      if (isForgetting) slowly.saved += 1;
    },
  };
}

/** A peering that is verified, with its whole thread. */
async function isWhole(store: Store, peeringId: PeeringId): Promise<boolean> {
  const [peering, telling] = [await store.peering(peeringId), await store.telling(peeringId)];
  return peering?.snapshot.state === "verified" && telling?.toldSeq === peering.version && telling.cardHash !== "";
}

async function storedChannelIsOld({ store, slack }: World, now: () => number): Promise<void> {
  const id = slack.channels.find(({ name }) => name === CHANNEL)?.id;
  await store.remember(`channel/${id}/ours`, true, now() - 3_600_000);
}

async function logged(world: World, code: string): Promise<void> {
  await workspaceAt(world.slack.url).waitFor(async () => world.log.find((line) => line["code"] === code));
}

/** Posts that Slack took. */
async function callsThatShow(world: World): Promise<readonly unknown[]> {
  return (await callsOf(world, "chat.postMessage")).filter(({ answer }) => (answer as { ok?: boolean }).ok);
}

/** As somebody who may delete what the app wrote. */
async function deleteMessage({ slack }: World, { channel, ts }: SeenMessage): Promise<void> {
  await fetch(`${slack.apiUrl}chat.delete`, {
    method: "POST",
    headers: { authorization: `Bearer ${slack.botToken}`, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ channel, ts }).toString(),
  });
}
