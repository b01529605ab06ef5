import { expect, test } from "vitest";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import { cards, clearDials, handClock, peerings, toldThat, viewThat, vpcNamed, writes } from "./people.ts";
import { CHANNEL, fillForm, openWorld, untilRead, type World } from "./world.ts";

/** What everybody ends up with when a request is made once. */
async function expectOneRequest(world: World): Promise<void> {
  expect(await peerings(world)).toHaveLength(1);
  expect(await cards(world)).toHaveLength(1);
  expect(await writes(world)).toEqual([]);
}

async function expectNoRequest(world: World): Promise<void> {
  expect(await peerings(world)).toEqual([]);
  expect(await cards(world)).toEqual([]);
}

/** Holds back the reading of the networks for a moment, but not the list of VPCs. */
const SLOW_READING = { action: "DescribeVSwitches", fault: "slow", ms: 400, times: 4 };

test("sent before the networks are read, the form comes back with what is proposed, and goes out once", async () => {
  const world = await openWorld();
  const { mei } = world;
  await world.cloud("dials", SLOW_READING);
  await fillForm(world, mei);

  expect(await mei.submit()).toMatchObject({ outcome: "updated" });

  expect(await mei.viewText()).toMatch(
    /Checking…\n│ Reading both networks first\. Stay a moment: then you can look over/,
  );
  const form = await viewThat(world, mei, /Look over what is proposed, then send it/);
  expect(form).toContain("[orders reads the ledger replica]");
  expect(form).toContain("[orders-prod-1 · 192.168.1.11 ▾]");
  expect(form).toContain("[x] Let ping through both ways");
  await expectNoRequest(world);
  await mei.submit();
  await viewThat(world, mei, /Request sent/);
  await expectOneRequest(world);
});

test("closed before the networks are read, nothing is sent", async () => {
  const world = await openWorld();
  const { mei } = world;
  await world.cloud("dials", SLOW_READING);
  await fillForm(world, mei);
  await mei.submit();

  await mei.close({ all: true });

  // The next form is read after the first one, so that has had its turn.
  await fillForm(world, mei, { to: "custom-table" });
  await untilRead(mei);
  await expectNoRequest(world);
});

test("facts older than two minutes are read again before the request goes out", async () => {
  const clock = handClock();
  const world = await openWorld({ clock });
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  const readBefore = await reads(world);
  clock.advance(120_001);

  await mei.submit();

  expect(await mei.viewText()).toMatch(/Checking…\n│ Reading both networks once more before it goes out/);
  await viewThat(world, mei, /Request sent/);
  expect(await reads(world)).toBe(readBefore + 2);
  await expectOneRequest(world);
});

test("facts of two minutes ago are good enough to send at once", async () => {
  const clock = handClock();
  const world = await openWorld({ clock });
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  const readBefore = await reads(world);
  clock.advance(90_000);

  await mei.submit();

  await viewThat(world, mei, /Request sent/);
  expect(await reads(world)).toBe(readBefore);
});

test("a network that changed since is refused after reading again, and another VPC can be chosen in the same form", async () => {
  const clock = handClock();
  const world = await openWorld({ clock });
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  await world.cloud("edit", { ...(await vpcInEdit(world, "shared-data")), set: { status: "Pending" } });
  clock.advance(120_001);

  await mei.submit();

  expect(await viewThat(world, mei, /cannot be peered/)).toMatch(/is Pending, not Available/);
  await expectNoRequest(world);
  const { option_groups = [] } = await mei.suggest({ label: "To", query: "custom-table" });
  await mei.choose({ label: "To", value: option_groups[0]?.options[0]?.value ?? "" });
  const form = await viewThat(world, mei, /Test with, in custom-table/);
  expect(form).toContain("[custom-table-1 · 10.14.1.11 ▾]");
  expect(form).toContain("[custom-table-hosts ▾]");
  expect(form).toContain("[orders-prod-1 · 192.168.1.11 ▾]");
  await mei.submit();
  await viewThat(world, mei, /Request sent/);
  await expectOneRequest(world);
});

test("closing the form while it checks changes nothing: the request goes out", async () => {
  const clock = handClock();
  const world = await openWorld({ clock });
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  await world.cloud("dials", SLOW_READING);
  clock.advance(120_001);
  await mei.submit();

  await mei.close({ all: true });

  await workspaceAt(world.slack.url).waitFor(async () => (await cards(world))[0]);
  await expectOneRequest(world);
  expect(await mei.messages()).toEqual([]);
});

test("who closed the form while it checked is told directly why it was not sent", async () => {
  const clock = handClock();
  const world = await openWorld({ clock });
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  await world.cloud("edit", { ...(await vpcInEdit(world, "shared-data")), set: { status: "Pending" } });
  await world.cloud("dials", SLOW_READING);
  clock.advance(120_001);
  await mei.submit();

  await mei.close({ all: true });

  expect(await toldThat(world, mei, /not sent/)).toMatch(
    /Your peering request was not sent\.\n`vpc-.*` is Pending, not Available/,
  );
  await expectNoRequest(world);
});

test("a cloud that does not answer is named in the form, and sending again reads again", async () => {
  const world = await openWorld();
  const { mei } = world;
  await world.cloud("dials", { action: "DescribeVSwitches", fault: "unavailable", forMs: 60_000 });

  await fillForm(world, mei);

  const form = await viewThat(world, mei, /could not be read/);
  expect(form).toMatch(/Wait a minute, then send the form again; what you filled in is kept\./);
  expect(form).toContain("[orders reads the ledger replica]");
  await clearDials(world);
  await mei.submit();
  await viewThat(world, mei, /Look over what is proposed/);
  await mei.submit();
  await viewThat(world, mei, /Request sent/);
  await expectOneRequest(world);
});

test("a cloud that falls silent at the submit brings the form back with everything filled in", async () => {
  const clock = handClock();
  const world = await openWorld({ clock });
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  await mei.type({ label: "TCP ports to open in shared-data", text: "5432" });
  await world.cloud("dials", { action: "DescribeVSwitches", fault: "unavailable", forMs: 60_000 });
  clock.advance(120_001);

  await mei.submit();

  expect(await viewThat(world, mei, /could not be read/)).toContain("[orders reads the ledger replica]");
  await expectNoRequest(world);
  await clearDials(world);
  await mei.submit();
  await viewThat(world, mei, /Request sent/);
  await expectOneRequest(world);
  const [revision] = (await peerings(world))[0]?.snapshot.peering.revisions ?? [];
  expect(revision).toMatchObject({
    icmp: true,
    acceptor: { ports: [{ from: 5432, to: 5432 }], testInstanceId: expect.stringMatching(/^i-/) },
  });
});

test("a permission that the bot lacks is named with who can give it", async () => {
  const world = await openWorld();
  const { mei } = world;
  await world.cloud("dials", {
    action: "DescribeVSwitches",
    fault: { code: "Forbidden.RAM", status: 403, message: "no" },
    forMs: 60_000,
  });

  await fillForm(world, mei);

  expect(await viewThat(world, mei, /could not be read/)).toMatch(
    /The operator must allow DescribeVSwitches in the bot's RAM policy, then send the form again; what you filled in is kept\./,
  );
});

test("two submits at the same moment make one request", async () => {
  const world = await openWorld();
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);

  await Promise.all([mei.submit(), mei.submit()]);

  await viewThat(world, mei, /Request sent/);
  await expectOneRequest(world);
});

test("a submit that Slack delivers four times makes one request, and ends as sent", async () => {
  const world = await openWorld();
  const { mei } = world;
  const slack = workspaceAt(world.slack.url);
  await fillForm(world, mei);
  await untilRead(mei);
  await slack.edit({ edit: "dials", dials: { ackTimeoutMs: 1 } });

  expect(await mei.submit()).toMatchObject({ outcome: "no answer" });

  await viewThat(world, mei, /Request sent/);
  const delivered = (await slack.journal()).filter(
    (entry) => entry.kind === "delivery" && JSON.stringify(entry.payload).includes("view_submission"),
  );
  expect(delivered.length).toBeGreaterThan(1);
  await expectOneRequest(world);
});

test("of two people who ask for the same pair at once, one is told which peering holds it", async () => {
  const world = await openWorld();
  const { mei, tomek } = world;
  await Promise.all([
    fillForm(world, mei),
    fillForm(world, tomek, { from: "shared-data", to: "orders-prod", reason: "the other way" }),
  ]);
  await Promise.all([untilRead(mei), untilRead(tomek)]);

  await Promise.all([mei.submit(), tomek.submit()]);

  const ends = await Promise.all([
    viewThat(world, mei, /Request sent|Not sent/),
    viewThat(world, tomek, /Request sent|Not sent/),
  ]);
  const [id] = (await peerings(world)).map(({ snapshot }) => snapshot.peering.id);
  expect(ends.filter((end) => end.includes("Request sent"))).toHaveLength(1);
  expect(ends.find((end) => end.includes("Not sent"))).toMatch(
    new RegExp(`${id} already holds these two VPCs, and a pair can have one peering\\. .*/peer-vpcs status ${id}`),
  );
  await expectOneRequest(world);
});

test.each(["serverError", "ratelimited"] as const)(
  "a no that meets Slack's %s at first is still said",
  async (fault) => {
    const world = await openWorld();
    const { mei, tomek } = world;
    await Promise.all([fillForm(world, mei), fillForm(world, tomek)]);
    await Promise.all([untilRead(mei), untilRead(tomek)]);
    await mei.submit();
    await viewThat(world, mei, /Request sent/);
    await workspaceAt(world.slack.url).fault({ method: "views.update", fault });

    await tomek.submit();

    expect(await viewThat(world, tomek, /Not sent/)).toMatch(/already holds these two VPCs/);
    await expectOneRequest(world);
  },
);

test("a form of yesterday sends nothing and says so", async () => {
  const clock = handClock();
  const world = await openWorld({ clock });
  const { mei, tomek } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  clock.advance(24 * 3_600_000 + 1);
  // Opening a form clears the old ones away.
  await tomek.command(CHANNEL, "/peer-vpcs");
  await viewThat(world, tomek, /Peer two VPCs/);

  await mei.submit();

  expect(await mei.viewText()).toMatch(
    /This form is too old\n│ It was opened more than a day ago, so nothing was sent\. Open a new one/,
  );
  await expectNoRequest(world);
});

async function reads(world: World): Promise<number> {
  return (await world.journal()).filter(({ action }) => action === "DescribeVSwitches").length;
}

async function vpcInEdit(
  world: World,
  name: string,
): Promise<{ readonly regionId: string; readonly kind: "vpc"; readonly id: string }> {
  const { regionId, vpcId } = await vpcNamed(world, name);
  return { regionId, kind: "vpc", id: vpcId };
}
