/**
 * The kinds of connection in the form: what there is to choose follows the kind, and the request is for the kind that
 * stood there when it was sent.
 */
import { describe, expect, test } from "vitest";
import type { ConnectionId } from "../../machines/network/request.ts";
import { connectRun } from "../../machines/peering/record.ts";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import { cards, closeAll, hasty, peerings, viewThat, writes } from "./people.ts";
import { approve, cardThat, fillForm, openWorld, sharedWorld, untilRead, type World } from "./world.ts";

const KIND = "Kind of connection";
const PEERING = { label: KIND, value: "vpc-peer" } as const;
const INTERFACES = { label: KIND, value: "router-interfaces" } as const;

describe("nothing is sent", () => {
  const world = sharedWorld();

  test("choosing the other kind brings its bandwidths and its warnings, and what was typed stays", async () => {
    const { mei } = world();
    await closeAll(mei);
    await fillForm(world(), mei);
    await untilRead(mei);
    await mei.type({ label: "TCP ports to open in shared-data", text: "5432" });
    expect(await mei.viewText()).toMatch(/Bandwidth\n│ \[2 Mbit\/s \(Mini\.2\) ▾\]/);

    await mei.choose(PEERING);

    const peering = await viewThat(world(), mei, /Bandwidth\n│ \[10 Mbit\/s, Gold ▾\]/);
    expect(peering).toMatch(/Kind of connection\n│ \[VPC peering connection ▾\]/);
    expect(peering).toContain("Creating it may open Cloud Data Transfer");
    expect(peering).toMatch(/TCP ports to open in shared-data \(optional\)\n│ \[5432\]/);
    expect(peering).toContain("[orders reads the ledger replica]");
    await mei.choose({ label: "Bandwidth", value: "Platinum.100" });

    await mei.choose(INTERFACES);

    const interfaces = await viewThat(world(), mei, /Bandwidth\n│ \[2 Mbit\/s \(Mini\.2\) ▾\]/);
    expect(interfaces).not.toContain("Cloud Data Transfer");
    expect(interfaces).toMatch(/TCP ports to open in shared-data \(optional\)\n│ \[5432\]/);
    expect(interfaces).toContain("[orders reads the ledger replica]");
  });

  test("within one region a peering connection leaves no bandwidth to choose, and another VPC far away brings it back", async () => {
    const { mei } = world();
    await closeAll(mei);
    await fillForm(world(), mei, { to: "alpine-host" });
    await untilRead(mei);
    await mei.choose(PEERING);

    const near = await viewThat(world(), mei, /^(?![^]*Bandwidth)[^]*checks are ok/);
    expect(near).not.toContain("Cloud Data Transfer");
    expect(near).toContain("[orders reads the ledger replica]");
    const { option_groups = [] } = await mei.suggest({ label: "To", query: "shared-data" });
    await mei.choose({ label: "To", value: option_groups[0]?.options[0]?.value ?? "" });

    const far = await viewThat(world(), mei, /Test with, in shared-data/);
    expect(far).toMatch(/Kind of connection\n│ \[VPC peering connection ▾\]/);
    expect(far).toMatch(/Bandwidth\n│ \[10 Mbit\/s, Gold ▾\]/);
  });

  test.each([
    { what: "router interfaces", from: "peered-east", to: "peered-west", id: "ri-\\w+", seen: "both-ends" },
    { what: "a peering connection", from: "linked-east", to: "linked-west", id: "pcc-\\w+", seen: "both-ends" },
    { what: "a peering connection", from: "linked-west", to: "linked-east", id: "pcc-\\w+", seen: "requester-only" },
  ])(
    "$from and $to, which somebody joined by hand with $what, are refused for either kind, in the form and at the field ($seen)",
    async ({ from, to, id, seen }) => {
      const { mei } = world();
      await world().cloud("facts", { name: "peering-connection-region", answer: seen });
      await closeAll(mei);
      await fillForm(world(), mei, { from, to });
      await untilRead(mei);
      const refused = new RegExp(`${id}\\W* already joins these VPCs \\(Activ`);

      expect((await mei.viewText()).replaceAll("\n│ ", " ")).toMatch(refused);
      expect(await errorsOnSubmit(world())).toMatchObject({ To: expect.stringMatching(refused) });
      await mei.choose(PEERING);
      expect(await errorsOnSubmit(world())).toMatchObject({ To: expect.stringMatching(refused) });
    },
  );

  test("no request came of all this", async () => {
    expect(await peerings(world())).toEqual([]);
    expect(await cards(world())).toEqual([]);
    expect(await writes(world())).toEqual([]);
  });
});

describe("the operator has not allowed to open Cloud Data Transfer", () => {
  const world = sharedWorld(hasty({ settings: { MAY_OPEN_CDT: "no" } }));

  test("between regions the form says so at a field, and router interfaces can still be asked for", async () => {
    const { mei } = world();
    await fillForm(world(), mei);
    await untilRead(mei);
    await mei.choose(PEERING);

    const why =
      "Between regions it may open Cloud Data Transfer, a paid service of the account, and the operator has not allowed that (MAY_OPEN_CDT). Ask the operator, or choose another kind of connection.";
    await viewThat(world(), mei, /cannot be peered as they are/);
    expect(await errorsOnSubmit(world())).toEqual({ To: why });
    await mei.choose(INTERFACES);
    await viewThat(world(), mei, /checks are ok/);
    await mei.submit();
    await viewThat(world(), mei, /Request sent/);
    expect(await kindsAskedFor(world())).toEqual(["router-interfaces Mini.2"]);
    await closeAll(mei);
  });

  test("a submit right after choosing the other kind is judged for that kind, though the form does not show it yet", async () => {
    const { mei, slack } = world();
    await fillForm(world(), mei, { to: "custom-table" });
    await untilRead(mei);
    await workspaceAt(slack.url).fault({ method: "views.update", fault: "slow", ms: 60_000 });

    await mei.choose(PEERING);

    expect(await mei.viewText()).toContain("(Mini.2)");
    expect(await errorsOnSubmit(world())).toEqual({ To: expect.stringMatching(/the operator has not allowed that/) });
    await workspaceAt(slack.url).edit({ edit: "clock", advanceMs: 60_000 });
    await closeAll(mei);
  });

  test("within one region it is made and proved all the same", async () => {
    const { mei } = world();
    await fillForm(world(), mei, { to: "alpine-host" });
    await untilRead(mei);
    await mei.choose(PEERING);
    await viewThat(world(), mei, /^(?![^]*Bandwidth)[^]*checks are ok/);

    await mei.submit();

    const card = await cardThat(world(), "Waiting for a decision");
    await approve(world(), card);
    await cardThat(world(), "Verified");
    expect((await kindsAskedFor(world())).at(0)).toBe("vpc-peer ");
  });
});

test("sent right after the other kind was chosen, the request is for that kind, with a bandwidth of that kind", async () => {
  const world = await openWorld();
  const { mei, slack } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  await workspaceAt(slack.url).fault({ method: "views.update", fault: "slow", ms: 60_000 });

  await mei.choose(PEERING);
  expect(await mei.viewText()).toContain("(Mini.2)");
  await mei.submit();
  await workspaceAt(slack.url).edit({ edit: "clock", advanceMs: 60_000 });

  const card = await cardThat(world, "Waiting for a decision");
  expect(await kindsAskedFor(world)).toEqual(["vpc-peer Gold.10"]);
  expect(JSON.stringify(card.blocks)).toContain("peering connection up to 10 Mbit/s, Gold");
});

test("where only peering connections are offered, the form asks for no kind and makes one", async () => {
  const world = await openWorld(hasty({ settings: { CONNECTIONS: "vpc-peer" } }));
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);

  const form = await mei.viewText();
  expect(form).not.toContain(KIND);
  expect(form).toMatch(/Bandwidth\n│ \[10 Mbit\/s, Gold ▾\]/);
  await mei.submit();
  await approve(world, await cardThat(world, "Waiting for a decision"));
  await cardThat(world, "Verified");

  expect(await kindsAskedFor(world)).toEqual(["vpc-peer Gold.10"]);
  expect(await writes(world)).toContain("CreateVpcPeerConnection");
  expect(await writes(world)).not.toContain("CreateRouterInterface");
});

test("a form that was open when the bot was killed keeps its kind, its bandwidth and what was typed", async () => {
  const world = await openWorld();
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);
  await mei.choose(PEERING);
  await viewThat(world, mei, /\[10 Mbit\/s, Gold ▾\]/);
  await mei.choose({ label: "Bandwidth", value: "Platinum.100" });
  await mei.type({ label: "TCP ports to open in shared-data", text: "5432" });

  await world.restart("abandon");

  await mei.submit();
  const card = await cardThat(world, "Waiting for a decision");
  expect(await kindsAskedFor(world)).toEqual(["vpc-peer Platinum.100"]);
  expect(JSON.stringify(card.blocks)).toContain("TCP 5432");
});

test("a kind that is not offered any more is refused at a field, and the kind that is left can be chosen in the same form", async () => {
  const world = await openWorld();
  const { mei } = world;
  await fillForm(world, mei);
  await untilRead(mei);

  await world.restart("stop", { CONNECTIONS: "vpc-peer" });

  expect(await errorsOnSubmit(world)).toEqual({
    To: "Router interfaces: not offered here any more. Choose another kind of connection.",
  });
  await mei.choose(PEERING);
  const form = await viewThat(world, mei, /\[10 Mbit\/s, Gold ▾\]/);
  expect(form).not.toContain(KIND);
  expect(form).toContain("[orders reads the ledger replica]");
  await mei.submit();
  await cardThat(world, "Waiting for a decision");
  expect(await kindsAskedFor(world)).toEqual(["vpc-peer Gold.10"]);
});

/** Presses *Send request* and answers with the errors, by label. */
async function errorsOnSubmit({ mei }: World): Promise<Readonly<Record<string, string>>> {
  const { outcome, errors = {} } = await mei.submit();
  expect(outcome).toBe("errors");
  return errors;
}

/** `vpc-peer Gold.10`, newest first. */
async function kindsAskedFor(world: World): Promise<readonly `${ConnectionId} ${string}`[]> {
  return (await peerings(world)).map(({ snapshot: { peering } }) => {
    const { plan, revision } = connectRun(peering);
    const size = peering.revisions.find((candidate) => candidate.revision === revision)?.size ?? "";
    return `${plan.connection} ${size}` as const;
  });
}
