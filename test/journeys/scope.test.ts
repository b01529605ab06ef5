import { describe, expect, test } from "vitest";
import { cardSaying, closeAll, deeds, hasty, network, viewThat, vpcNamed, writes } from "./people.ts";
import { approve, ask, cardOf, CHANNEL, fillForm, peeringOf, sharedWorld, untilRead, type Wish } from "./world.ts";
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";

// Every test has a pair of its own.
const world = sharedWorld(hasty());

interface Choices {
  readonly vSwitches?: Readonly<Record<string, string>>;
  readonly testWith?: Readonly<Record<string, string>>;
  readonly ports?: Readonly<Record<string, string>>;
  readonly ping?: boolean;
}

/** Fills the form in, changes what is proposed, and sends it. */
async function askFor(
  wish: Wish,
  { vSwitches = {}, testWith = {}, ports = {}, ping = true }: Choices,
): Promise<SeenMessage> {
  const { mei } = world();
  await fillForm(world(), mei, wish);
  await untilRead(mei);
  for (const [vpc, text] of Object.entries(vSwitches))
    await mei.choose({ label: `Only these vSwitches of ${vpc}`, text, query: "" });
  for (const [vpc, text] of Object.entries(testWith))
    await mei.choose({ label: `Test with, in ${vpc}`, text, query: "" });
  for (const [vpc, text] of Object.entries(ports)) await mei.type({ label: `TCP ports to open in ${vpc}`, text });
  if (!ping) await mei.choose({ block_id: "icmp", value: [] });
  const { outcome, errors } = await mei.submit();
  expect({ outcome, errors }).toEqual({ outcome: "updated", errors: undefined });
  const id = /P-[0-9A-Z]+/.exec(await viewThat(world(), mei, /Request sent/))?.[0] ?? "";
  await closeAll(mei);
  return cardOf(world(), id, "Waiting for a decision");
}

/** Our route entries, as `table destination`. */
async function entriesTo(vpcName: string): Promise<readonly string[]> {
  const { vpcId, regionId } = await vpcNamed(world(), vpcName);
  const region = (await network(world())).regions[regionId];
  return (region?.routeEntries ?? []).flatMap(({ routeTableId, destinationCidrBlock, vpcId: of }) =>
    of === vpcId ? [`${routeTableId} ${destinationCidrBlock}`] : [],
  );
}

describe("without anybody to test with", () => {
  test("a peering stays secured, the leads are called, and one of them accepts it with a reason", async () => {
    const { mei, arjun, tomek } = world();
    const card = await ask(world(), { from: "alpine-host", to: "no-test-host" });
    const id = peeringOf(card);
    expect(await cardSaying(world(), card, /Checks/)).toContain(
      "1 to read: No instance to test with was chosen in no-test-host, so nothing can prove that it works.",
    );
    await approve(world(), card);
    await cardOf(world(), id, "Secured, not tested");
    const story = await cardSaying(world(), card, /Secured, not tested\. It is built/);
    expect(story).toMatch(
      /│ Secured, not tested\. It is built, but there was nothing to test it with, .*@network-leads: the buttons are on the card\./,
    );
    expect(story).toContain("[Accept untested…]  [Roll back]");

    const press = { channel: CHANNEL, ts: card.ts, action_id: "accept_untested" };
    for (const [who, why] of [
      [mei, "Somebody else must decide. You asked for this peering."],
      [tomek, "Only network leads decide."],
    ] as const) {
      await closeAll(who);
      await who.press(press);
      expect(await viewThat(world(), who, /did not happen/)).toContain(why);
      await closeAll(who);
    }
    await arjun.press(press);
    await viewThat(world(), arjun, /Why is it fine without a test\? This goes on record\./);
    await arjun.type({ block_id: "reason", text: " " });
    expect(await arjun.submit()).toMatchObject({ outcome: "errors" });
    await arjun.type({ block_id: "reason", text: "the hosts come up next week" });
    await arjun.submit();

    await cardOf(world(), id, "Accepted without a test");
    expect(
      await cardSaying(world(), card, /@Arjun Rao accepted it without a test: “the hosts come up next week”/),
    ).not.toContain("[Accept");
    expect((await deeds(world(), id)).at(-1)).toBe("acceptUntested by U0ARJUN001");
    expect(await writes(world())).not.toContain("RunCommand");
  });

  test.each(["stopped-host", "offline-agent"])(
    "%s is no test, and the card says so before anybody decides",
    async (to) => {
      const card = await ask(world(), { to });

      expect(await cardSaying(world(), card, /Checks/)).toContain(`No instance to test with was chosen in ${to}`);
      await world().mei.press({ channel: CHANNEL, ts: card.ts, action_id: "withdraw", confirm: true });
      await cardOf(world(), peeringOf(card), "Withdrawn");
    },
  );

  test("with ping switched off the ports alone are tested", async () => {
    const card = await askFor(
      { from: "alpine-host", to: "shared-data" },
      { ping: false, ports: { "shared-data": "5432" } },
    );
    expect(await cardSaying(world(), card, /Opens/)).toMatch(/Opens TCP 5432 to 14 servers in shared-data from 1\./);

    await approve(world(), card);

    await cardOf(world(), peeringOf(card), "Verified");
    const thread = await cardSaying(world(), card, /Verified\. Every port answers/);
    expect(thread).toMatch(/alpine-host-1 → ledger-1 +│ TCP 5432 +│ open/);
    expect(thread).not.toMatch(/│ ping/);
  });

  test("with ping switched off and no port to open there is no test either", async () => {
    const card = await askFor({ from: "public-range", to: "enterprise-group" }, { ping: false });

    await approve(world(), card);

    await cardOf(world(), peeringOf(card), "Secured, not tested");
  });
});

test("a whole VPC gets an entry in every table that a vSwitch can use", async () => {
  const card = await ask(world(), { from: "gateway-table", to: "custom-table" });

  await approve(world(), card);

  await cardOf(world(), peeringOf(card), "Verified");
  const { routeTables } = (await vpcNamed(world(), "custom-table")).region;
  const { vpcId } = await vpcNamed(world(), "custom-table");
  const own = routeTables
    .filter((table) => table.vpcId === vpcId)
    .map(({ routeTableId }) => `${routeTableId} 10.15.0.0/16`);
  expect(own).toHaveLength(2);
  expect((await entriesTo("custom-table")).toSorted()).toEqual(own.toSorted());
  // The table of type Gateway takes none.
  expect(await entriesTo("gateway-table")).toHaveLength(1);
});

test("chosen vSwitches get an entry in their own table only, and the card names what is routed", async () => {
  const before = await entriesTo("custom-table");
  const card = await askFor(
    { from: "orders-prod", to: "custom-table" },
    {
      vSwitches: { "custom-table": "custom-table-b · 10.14.2.0/24" },
      testWith: { "custom-table": "custom-table-2 · 10.14.2.12" },
    },
  );
  expect(await cardSaying(world(), card, /Waiting/)).toContain(
    "orders-prod 192.168.0.0/16 Qingdao → custom-table 10.14.2.0/24 Beijing",
  );

  await approve(world(), card);

  await cardOf(world(), peeringOf(card), "Verified");
  const { routeTables } = (await vpcNamed(world(), "custom-table")).region;
  const custom = routeTables.find(({ routeTableType }) => routeTableType === "Custom");
  expect((await entriesTo("custom-table")).filter((entry) => !before.includes(entry))).toEqual([
    `${custom?.routeTableId} 192.168.0.0/16`,
  ]);
  expect(await entriesTo("orders-prod")).toEqual([expect.stringContaining(" 10.14.2.0/24")]);
});

test("an instance outside the chosen vSwitches is refused at its field", async () => {
  const { mei } = world();
  await fillForm(world(), mei, { from: "shared-data", to: "gateway-table" });
  await untilRead(mei);
  await mei.choose({ label: "Only these vSwitches of shared-data", text: "shared-data-b · 172.16.2.0/24", query: "" });

  expect(await mei.submit()).toMatchObject({
    outcome: "errors",
    errors: {
      "Test with, in shared-data": expect.stringMatching(
        /^i-\S+ is outside the chosen vSwitches\. Choose one inside them\.$/,
      ),
    },
  });
  await closeAll(mei);
});

test("networks that overlap can be peered by vSwitches that do not", async () => {
  const card = await askFor(
    { from: "orders-prod", to: "overlap-secondary" },
    { vSwitches: { "overlap-secondary": "overlap-secondary-a · 10.2.1.0/24" } },
  );

  await approve(world(), card);

  await cardOf(world(), peeringOf(card), "Verified");
});

test("a group that a cloud service manages stays as it is; the test shows what that means", async () => {
  const card = await ask(world(), { from: "orders-prod", to: "managed-group" });

  await approve(world(), card);

  await cardOf(world(), peeringOf(card), "Stopped at step 10 of 11: test from Qingdao");
  const story = await cardSaying(world(), card, /Test results:/);
  expect(story).toMatch(/A cloud service keeps the groups there; only its own settings can add a rule\./);
  expect(story).toMatch(/To mend When that is mended, test again, or roll back\./);
  expect(story).not.toContain("[Propose fix]");
  expect(story).toMatch(/orders-prod-1 → managed-group-1 │ ping × 10 │ nothing of 10 came back/);
  const { region } = await vpcNamed(world(), "managed-group");
  const { securityGroupId } =
    region.securityGroups.find(({ securityGroupName }) => securityGroupName === "managed-group-hosts") ?? {};
  const touched = (await world().journal()).filter(
    ({ kind, params }) => kind === "write" && params["SecurityGroupId"] === securityGroupId,
  );
  expect(touched).toEqual([]);
});
