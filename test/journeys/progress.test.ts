/** A network that takes long to read: the form says how far it is, and comes with what was read all the same. */
import { expect, test } from "vitest";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import { viewThat } from "./people.ts";
import { fillForm, openWorld, type World } from "./world.ts";

/** Each of these answers comes late, one after the other's call. */
async function slowly(world: World): Promise<void> {
  await world.cloud("dials", { action: "DescribeVpcAttribute", fault: "slow", ms: 2_200, times: 2 });
  await world.cloud("dials", { action: "DescribeSecurityGroupAttribute", fault: "slow", ms: 2_200, times: 2 });
}

test("while it lasts the form says how many reads are answered", async () => {
  const world = await openWorld({ timeoutMs: 8_000 });
  await slowly(world);

  await fillForm(world, world.mei);

  expect(await viewThat(world, world.mei, /\d+ of \d+ reads/)).toContain("Reading both networks…");
  expect(await viewThat(world, world.mei, /checks are ok/)).not.toContain("Reading both networks");
});

test("a form that Slack does not take on the way keeps nothing from being read", async () => {
  const world = await openWorld({ timeoutMs: 8_000 });
  await slowly(world);
  await workspaceAt(world.slack.url).fault({ method: "views.update", fault: "serverError", times: 1 });

  await fillForm(world, world.mei);

  expect(await viewThat(world, world.mei, /checks are ok/)).toContain("Peer two VPCs");
});
