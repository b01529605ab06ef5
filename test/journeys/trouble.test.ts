/**
 * Trouble that lasts: what a person is told when minutes have not helped, and what an operator's changes do.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import { fastClock } from "./fast-clock.ts";
import { deeds, storedThat, toldThat } from "./people.ts";
import { approve, ask, CHANNEL, openWorld, peeringOf } from "./world.ts";

/** Minutes of trying pass in a second. */
const TRYING_SPEED = 200;

test("an approval that could not be carried out for minutes changed nothing, and the lead is told to press again", async () => {
  const clock = fastClock(10);
  const world = await openWorld({ clock, speed: 400 });
  const { arjun } = world;
  const card = await ask(world);
  const slack = workspaceAt(world.slack.url);
  await slack.fault({ method: "users.info", fault: "serverError", forMs: 60_000 });
  // Only now: at this pace the form would be given up for lost while it opens.
  await clock.hasten(TRYING_SPEED);

  await approve(world, card);

  expect(await toldThat(world, arjun, /was not carried out/)).toContain("Nothing changed. Please do it again");
  await storedThat(world, ({ snapshot }) => snapshot.state === "requested");
  expect(await deeds(world, peeringOf(card))).not.toContainEqual(expect.stringMatching(/^approve/));
});

test("once the operator has narrowed the regions the form offers only their VPCs", async () => {
  const world = await openWorld();
  const { mei } = world;
  const offered = async (query: string): Promise<number> => {
    const { options = [], option_groups = [] } = await mei.suggest({ label: "To", query });
    return options.length + option_groups.flatMap((group) => group.options).length;
  };
  await mei.command(CHANNEL, "/peer-vpcs");
  await mei.waitForView(({ title }) => title === "Peer two VPCs");
  await workspaceAt(world.slack.url).waitFor(async () => ((await offered("shared-data")) > 0 ? true : null));
  await mei.close();

  await world.restart("stop", { REGIONS: "cn-qingdao" });

  await mei.command(CHANNEL, "/peer-vpcs");
  await mei.waitForView(({ title }) => title === "Peer two VPCs");
  expect([await offered("orders-prod"), await offered("shared-data"), await offered("Beijing")]).toEqual([1, 0, 0]);
});

test("a request that somebody never ends does not keep the bot from stopping", async () => {
  const world = await openWorld({ delivery: "http" });
  const socket = connect(world.port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write("POST /slack/events HTTP/1.1\r\nHost: bot\r\n");
  const begun = performance.now();

  await world.restart("stop");

  expect(performance.now() - begun).toBeLessThan(30_000);
  await ask(world);
});
