import { expect, test } from "vitest";
import type { PeeringId } from "../../machines/peering/record.ts";
import { workspaceAt, type PersonAt } from "../../src/sandbox/slack/client.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { fastClock } from "./fast-clock.ts";
import { closeAll, deeds, holdCards, peerings, storedThat, viewThat, writes } from "./people.ts";
import { approve, ask, cardOf, CHANNEL, openWorld, peeringOf, type World } from "./world.ts";

const ROUNDS = 21;

/** Networks that can be peered with each other, so that no round waits for the pair of another. */
const VPCS = [
  "orders-prod",
  "shared-data",
  "custom-table",
  "gateway-table",
  "no-test-host",
  "alpine-host",
  "offline-agent",
] as const;

const PAIRS = VPCS.flatMap((from, index) => VPCS.slice(index + 1).map((to) => ({ from, to }))).slice(0, ROUNDS);

const [MEI, ARJUN, SOFIA] = ["U0MEILIN01", "U0ARJUN001", "U0SOFIA001"];

test(
  "approving, rejecting and withdrawing at the same moment leave one decision, and everybody is answered",
  { timeout: 60_000 },
  async () => {
    // The bot's pace towards Slack is a post a second; its own time runs faster here.
    const world = await openWorld({ clock: fastClock(20) });
    // What follows an approval has journeys of its own; here it ends at the first write.
    await world.cloud("dials", {
      action: "CreateRouterInterface",
      fault: { code: "QuotaExceeded", status: 400, message: "full" },
      times: 10_000,
    });
    const ends = [];

    for (const [round, pair] of PAIRS.entries()) {
      const card = await ask(world, pair);
      ends.push(await race(world, card, round));
    }

    // Each of the three came first at least once, or this proved less than it says.
    expect(new Set(ends)).toEqual(new Set(["approve", "reject", "withdraw"]));
    // Both interfaces of every peering that stayed approved were asked for, and nothing of any other.
    const states = (await peerings(world)).map(({ snapshot }) => snapshot.state);
    const approved = states.filter((state) => state === "failed").length;
    expect(approved).toBeGreaterThan(0);
    expect(await writes(world)).toEqual(Array.from({ length: 2 * approved }, () => "CreateRouterInterface"));
  },
);

/** Answers with what came first. In every third round nobody withdraws; in every other one of the three, in turn, is acked before the others leave. */
async function race(world: World, card: SeenMessage, round: number): Promise<string> {
  const { mei, arjun, sofia } = world;
  const id = peeringOf(card) as PeeringId;
  await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "reject" });
  await viewThat(world, arjun, /Why\?/);
  await arjun.type({ block_id: "reason", text: "no" });
  const withdraws = round % 3 !== 0;
  const clicks = [
    () => arjun.submit(),
    () => approve(world, card, sofia),
    ...(withdraws ? [() => mei.press({ channel: CHANNEL, ts: card.ts, action_id: "withdraw", confirm: true })] : []),
  ];
  const cards = await holdCards(world);
  const inTurn = [...clicks.slice(round % clicks.length), ...clicks.slice(0, round % clicks.length)];

  if (round % 2 === 1) await inTurn.shift()?.();
  await Promise.all(inTurn.map(async (click) => click()));

  const done = await settled(world, id, clicks.length);
  const [decision, ...rest] = done.filter((deed) => !deed.startsWith("refused") && !deed.startsWith("request"));
  const won = decision?.split(" ")[0] ?? "nothing";
  // An approved request can still be withdrawn until the first write; nothing else is accepted after a decision.
  expect(rest).toEqual(won === "approve" && rest.length > 0 ? [`withdraw by ${MEI}`] : []);
  const wasRefused = (person: string | undefined) =>
    done.some((deed) => deed.startsWith("refused") && deed.endsWith(String(person)));
  const clickers = [
    [arjun, ARJUN, "reject"],
    [sofia, SOFIA, "approve"],
    [mei, MEI, "withdraw"],
  ] as const;
  for (const [who, person, did] of clickers.slice(0, clicks.length)) {
    const accepted = done.includes(`${did} by ${person}`);
    expect({ person, accepted, refused: wasRefused(person) }).toEqual({ person, accepted, refused: !accepted });
    if (!accepted) await toldWhoWasFirst(world, who);
  }
  await closeAll(mei);
  await cards.release();
  if (won === "approve" && rest.length === 0) await cardOf(world, id, "Stopped at step");
  return won;
}

async function toldWhoWasFirst(world: World, who: PersonAt): Promise<void> {
  expect(await viewThat(world, who, /did not happen/)).toMatch(
    /@(Mei Lin|Arjun Rao|Sofia Marti) (approved plan \w{4}|rejected it|withdrew it) at .*This click changed nothing\. It is now: /,
  );
  await closeAll(who);
}

/** What was done once the request and all clicks are in the log. */
async function settled(world: World, id: PeeringId, clicks: number): Promise<readonly string[]> {
  await storedThat(world, ({ version }) => version > clicks);
  return workspaceAt(world.slack.url).waitFor(async () => {
    const done = await deeds(world, id);
    return done.length === 1 + clicks ? done : null;
  });
}
