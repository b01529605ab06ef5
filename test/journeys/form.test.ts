import { beforeEach, expect, test } from "vitest";
import type { PersonAt } from "../../src/sandbox/slack/client.ts";
import { cards, closeAll, peerings, viewThat, toldThat, vpcNamed, writes } from "./people.ts";
import { CHANNEL, fillForm, sharedWorld, untilRead } from "./world.ts";

// Nothing here gets as far as a request, so one world serves all.
const world = sharedWorld();

beforeEach(async () => {
  await closeAll(world().mei);
});

/** What the type-ahead of a field offers, as `label: option, option`. */
async function offered(who: PersonAt, query: string, label = "From"): Promise<readonly string[]> {
  const { options = [], option_groups = [], says, because } = await who.suggest({ label, query });
  expect({ says, because }).toEqual({ says: null, because: undefined });
  return [
    ...options.map(({ text }) => text.text),
    ...option_groups.map((group) => `${group.label.text}: ${group.options.map(({ text }) => text.text).join(", ")}`),
  ];
}

async function openedForm(who: PersonAt): Promise<void> {
  await who.command(CHANNEL, "/peer-vpcs");
  await viewThat(world(), who, /Peer two VPCs/);
}

/** Presses *Send request* and answers with the errors, by label. */
async function errorsOnSubmit(who: PersonAt): Promise<Readonly<Record<string, string>>> {
  const { outcome, errors = {} } = await who.submit();
  expect(outcome).toBe("errors");
  return errors;
}

test("a VPC is found by its name, id, block, an address in it, and its region by either name", async () => {
  const { mei } = world();
  const { vpcId } = await vpcNamed(world(), "shared-data");
  await openedForm(mei);

  expect(await offered(mei, "shared-da")).toEqual(["Beijing (cn-beijing): shared-data · 172.16.0.0/16"]);
  expect(await offered(mei, vpcId)).toEqual(["Beijing (cn-beijing): shared-data · 172.16.0.0/16"]);
  expect(await offered(mei, "172.16.0.0/16")).toEqual(["Beijing (cn-beijing): shared-data · 172.16.0.0/16"]);
  expect(await offered(mei, "172.16.1.20")).toEqual(["Beijing (cn-beijing): shared-data · 172.16.0.0/16"]);
  expect(await offered(mei, "Qingdao")).toEqual([
    "Qingdao (cn-qingdao): alpine-host · 10.8.0.0/16, drop-rule · 10.12.0.0/16, orders-prod · 192.168.0.0/16",
  ]);
  expect(await offered(mei, "cn-qingdao")).toEqual(await offered(mei, "Qingdao"));
  expect(await offered(mei, "beijing shared")).toEqual(["Beijing (cn-beijing): shared-data · 172.16.0.0/16"]);
});

test("an address in two VPCs finds both", async () => {
  const { mei } = world();
  await openedForm(mei);

  expect(await offered(mei, "192.168.64.7")).toEqual([
    "Hangzhou (cn-hangzhou): overlap-primary · 192.168.0.0/16",
    "Qingdao (cn-qingdao): orders-prod · 192.168.0.0/16",
    "Shanghai (cn-shanghai): overlap-secondary · 10.2.0.0/16 192.168.64.0/20",
  ]);
});

test("what is nowhere gives an empty list that Slack takes", async () => {
  const { mei } = world();
  await openedForm(mei);

  expect(await offered(mei, "no such vpc")).toEqual([]);
  expect(await offered(mei, "999.1.1.1")).toEqual([]);
});

test("`/peer-vpcs <vpc-a> <vpc-b>` opens the form with both filled in and read", async () => {
  const { mei } = world();
  const [orders, data] = [await vpcNamed(world(), "orders-prod"), await vpcNamed(world(), "shared-data")];

  await mei.command(CHANNEL, "/peer-vpcs", `${orders.vpcId} ${data.vpcId}`);

  const form = await viewThat(world(), mei, /checks are ok/);
  expect(form).toMatch(/From\n│ \[orders-prod · 192\.168\.0\.0\/16 ▾\]/);
  expect(form).toMatch(/To\n│ \[shared-data · 172\.16\.0\.0\/16 ▾\]/);
});

test("an id as a phone writes it, with a capital letter and a comma, is understood", async () => {
  const { mei } = world();
  const [orders, data] = [await vpcNamed(world(), "orders-prod"), await vpcNamed(world(), "shared-data")];

  await mei.command(CHANNEL, "/peer-vpcs", `V${orders.vpcId.slice(1)}, ${data.vpcId}`);

  expect(await viewThat(world(), mei, /checks are ok/)).toContain("[orders-prod · 192.168.0.0/16 ▾]");
});

test("an id that does not exist is named, with where the bot looked", async () => {
  const { mei } = world();
  const { vpcId } = await vpcNamed(world(), "orders-prod");

  await mei.command(CHANNEL, "/peer-vpcs", `${vpcId} vpc-nowhere0000000000000`);

  const told = await toldThat(world(), mei, /vpc-nowhere/);
  expect(told).toMatch(/`vpc-nowhere0000000000000` is not in the regions the bot looks at \(.*Qingdao.*\)/);
});

test("the same VPC on both sides is refused at the field", async () => {
  const { mei } = world();

  await fillForm(world(), mei, { from: "orders-prod", to: "orders-prod" });
  await untilRead(mei);

  expect(await mei.viewText()).toMatch(/cannot be peered as they are[^]*is on both sides\. Choose another VPC/);
  expect(await errorsOnSubmit(mei)).toEqual({
    To: expect.stringMatching(/is on both sides\. Choose another VPC for one of them\./),
  });
});

test.each([
  [
    "overlap-primary",
    "To",
    /192\.168\.0\.0\/16 is used on both sides\. No vSwitches of the two could be joined\. PrivateLink/,
  ],
  [
    "overlap-secondary",
    "To",
    /192\.168\.0\.0\/16 and 192\.168\.64\.0\/20 overlap on both sides\. These do not collide: vsw-/,
  ],
  ["other-account", "To", /belongs to account 6543210987654321; the bot works in \d+ only\./],
  ["still-pending", "To", /is Pending, not Available\. Wait until it is/],
  ["full-table", "To", /has 200 of 200 entries and needs 201\. Free some, or raise the quota\./],
])("a peering with %s is refused in the form and again at the field", async (to, field, why) => {
  const { mei } = world();

  await fillForm(world(), mei, { to });
  await untilRead(mei);

  expect((await mei.viewText()).replaceAll("\n│ ", " ")).toMatch(why);
  const errors = await errorsOnSubmit(mei);
  expect(Object.keys(errors)).toEqual([field]);
  expect(errors[field]).toMatch(why);
});

test("a pair that somebody joined by hand is refused with the interface that joins it", async () => {
  const { mei } = world();

  await fillForm(world(), mei, { from: "peered-east", to: "peered-west" });
  await untilRead(mei);

  const errors = await errorsOnSubmit(mei);
  expect(Object.values(errors).join(" ")).toMatch(/already/);
});

test("what the bot may not write is said before anybody is asked, and nothing was written to find it out", async () => {
  const { mei } = world();
  const fault = { code: "Forbidden.RAM", status: 403, message: "User not authorized to operate on the resource." };
  const when = { DryRun: "true" };
  await world().cloud("dials", { action: "CreateRouteEntry", regionId: "cn-beijing", when, fault });
  await fillForm(world(), mei);
  const form = await viewThat(world(), mei, /The bot may not call/);

  expect(form).toContain("The bot may not call CreateRouteEntry on the To side. Ask the operator to allow it");
  expect(await errorsOnSubmit(mei)).toEqual({ To: expect.stringMatching(/The bot may not call CreateRouteEntry/) });
  expect(await writes(world())).toEqual([]);
});

test.each([
  ["http", /"http" is not a port\. Write ports like 443 or 8000-8010/],
  ["0", /"0" is not a TCP port: they go from 1 to 65535/],
  ["70000", /"70000" is not a TCP port/],
  ["90-80", /"90-80" runs backwards\. Write the smaller port first/],
  ["1 3 5 7 9 11 13 15 17 19 21", /11 separate ranges are too many\. Ask for 10 at most/],
  ["443 `<!channel>`", /is not a port/],
])("ports %s are refused at their field", async (ports, why) => {
  const { mei } = world();
  await fillForm(world(), mei);
  await untilRead(mei);

  await mei.type({ label: "TCP ports to open in shared-data", text: ports });

  expect(await errorsOnSubmit(mei)).toEqual({ "TCP ports to open in shared-data": expect.stringMatching(why) });
});

test("a reason of spaces is no reason", async () => {
  const { mei } = world();
  await fillForm(world(), mei, { reason: "   " });
  await untilRead(mei);

  expect(await errorsOnSubmit(mei)).toEqual({ "Why should they talk?": expect.stringMatching(/Write a few words/) });
});

test("a group that a cloud service manages is not on offer", async () => {
  const { mei } = world();
  await fillForm(world(), mei, { to: "managed-group" });
  await untilRead(mei);

  expect(await offered(mei, "", "Security groups to open, in managed-group")).toEqual([]);
  expect(await mei.viewText()).toMatch(
    /Security groups to open, in managed-group \(optional\)\n│ \[Leave the rules as they are ▾\]/,
  );
});

test.each(["no-test-host", "stopped-host", "offline-agent"])(
  "%s offers nobody to test with, and the form says what would help",
  async (to) => {
    const { mei } = world();
    await fillForm(world(), mei, { to });
    await untilRead(mei);

    expect(await offered(mei, "", `Test with, in ${to}`)).toEqual([]);
    expect(await mei.viewText()).toMatch(
      /No running instance here has the tag peer-vpcs-test=allow and Cloud Assistant online\. Tag or start one/,
    );
  },
);

test("choosing another VPC starts its fields afresh and keeps those of the other", async () => {
  const { mei } = world();
  await fillForm(world(), mei, { to: "shared-data" });
  await untilRead(mei);
  await mei.type({ label: "TCP ports to open in shared-data", text: "5432" });
  await mei.type({ label: "TCP ports to open in orders-prod", text: "8080" });

  const { options = [], option_groups = [] } = await mei.suggest({ label: "To", query: "custom-table" });
  const [option] = [...options, ...option_groups.flatMap((group) => group.options)];
  await mei.choose({ label: "To", value: option?.value ?? "" });

  const form = await viewThat(world(), mei, /TCP ports to open in custom-table/);
  expect(form).toMatch(/TCP ports to open in custom-table \(optional\)\n│ \[5432, 8000-8010\]/);
  expect(form).toMatch(/TCP ports to open in orders-prod \(optional\)\n│ \[8080\]/);
  expect(form).toMatch(/Test with, in custom-table \(optional\)\n│ \[custom-table-1 · 10\.14\.1\.11 ▾\]/);
  expect(form).toContain("[orders reads the ledger replica]");
});

test("nothing of all this became a request", async () => {
  expect(await peerings(world())).toEqual([]);
  expect(await cards(world())).toEqual([]);
});
