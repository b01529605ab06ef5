import type { types } from "@slack/bolt";
import { expect, test } from "vitest";
import type { PlanRules } from "../../machines/connections/connection.ts";
import type { Draft } from "../../src/ports.ts";
import { formData } from "../../src/slack/forms.ts";
import { renderForm } from "../../src/slack/render/form.ts";
import { failure } from "../machines/peering-in.ts";
import { facts, REQUESTER, RULES, requestRevision, T0 } from "../machines/tutorial.ts";
import { asText, expectView } from "./rendered.ts";

const { initiator, acceptor } = facts();
const PAIR = {
  initiator: { regionId: initiator.regionId, vpcId: initiator.vpcId },
  acceptor: { regionId: acceptor.regionId, vpcId: acceptor.vpcId },
};

const EMPTY: Draft = {
  id: "d_1",
  owner: REQUESTER,
  createdAt: T0,
  viewId: "V1",
  channel: "C1",
  pair: { initiator: null, acceptor: null },
  connection: "router-interfaces",
  facts: null,
  failure: null,
  values: null,
  submitted: false,
};

/** The form as it stands for a draft, as text. */
async function form(
  change: Partial<Draft>,
  planRules: PlanRules = { ...RULES, connections: ["router-interfaces"], mayOpenCdt: false },
): Promise<string> {
  const known = [initiator, acceptor].map(({ regionId, vpcId, vpc }) => ({
    regionId,
    id: vpcId,
    name: vpc?.name ?? "",
    cidrs: [vpc?.cidr ?? ""],
  }));
  const catalogue = {
    search: () => Promise.resolve([]),
    regions: () => Promise.resolve([]),
    find: (id: string) => Promise.resolve(known.find((vpc) => vpc.id === id) ?? null),
  };
  const view = renderForm(
    await formData({ catalogue, testTag: "peer-vpcs-test=allow", planRules }, { ...EMPTY, ...change }),
  );
  expectView(view);
  // The form is made of known blocks only.
  return asText(view.blocks as types.KnownBlock[]);
}

test("it begins with the two VPCs, the bandwidth and the reason", async () => {
  expect(await form({})).toMatchInlineSnapshot(`
    "From *: (Choose a VPC)  — Asks for the connection and pays for it. Type a name, id, address block, IP or region.
    To *: (Choose a VPC)  — The VPC it should reach.
    Bandwidth *: 2 Mbit/s (Mini.2)
    Why should they talk? *: (orders reads the ledger replica)"
  `);
});

test("with both chosen it says that it reads", async () => {
  expect(await form({ pair: PAIR })).toMatchInlineSnapshot(`
    "From *: orders-prod · 192.168.0.0/16  — Asks for the connection and pays for it. Type a name, id, address block, IP or region.
    To *: shared-data · 172.16.0.0/16  — The VPC it should reach.
    (Reading both networks…)
    Bandwidth *: 2 Mbit/s (Mini.2)
    Why should they talk? *: (orders reads the ledger replica)"
  `);
});

test("once both networks are read it proposes everything else", async () => {
  expect(await form({ pair: PAIR, facts: facts() })).toMatchInlineSnapshot(`
    "From *: orders-prod · 192.168.0.0/16  — Asks for the connection and pays for it. Type a name, id, address block, IP or region.
    To *: shared-data · 172.16.0.0/16  — The VPC it should reach.
    (53 checks are ok. Permissions untested: \`CreateRouterInterface\`, \`ModifyRouterInterfaceAttribute\`, \`ConnectRouterInterface\`, \`CreateRouteEntry\`, \`AuthorizeSecurityGroup\` and \`RunCommand\`.)
    Test with, in orders-prod: orders-prod-1 · 192.168.1.10
    Test with, in shared-data: shared-data-1 · 172.16.1.10
    Security groups to open, in orders-prod: app
    Security groups to open, in shared-data: app
    TCP ports to open in shared-data: (5432, 8000-8010)
    TCP ports to open in orders-prod: (5432, 8000-8010)
    Ping: Let ping through both ways, to prove that it works
    Only these vSwitches of orders-prod: (The whole VPC)
    Only these vSwitches of shared-data: (The whole VPC)
    Bandwidth *: 2 Mbit/s (Mini.2)
    Why should they talk? *: (orders reads the ledger replica)"
  `);
});

test("a warning is named before it is sent, and what helps stands under its field", async () => {
  const untestable = {
    ...facts(),
    acceptor: { ...acceptor, instances: acceptor.instances.map((instance) => ({ ...instance, optedIn: false })) },
  };

  const text = await form({ pair: PAIR, facts: untestable });

  expect(text.split("\n").slice(2, 8).join("\n")).toMatchInlineSnapshot(`
    "! Worth reading before you send it:
    • No instance to test with was chosen on the *To* side, so nothing can prove that it works.
    (50 checks are ok. Permissions untested: \`CreateRouterInterface\`, \`ModifyRouterInterfaceAttribute\`, \`ConnectRouterInterface\`, \`CreateRouteEntry\` and \`AuthorizeSecurityGroup\`.)
    Test with, in orders-prod: orders-prod-1 · 192.168.1.10
    Test with, in shared-data: (No test)  — No running instance here has the tag peer-vpcs-test=allow and Cloud Assistant online. Tag or start one, or leave this empty: the peering then stays unproved until a lead accepts it.
    Security groups to open, in orders-prod: app"
  `);
});

test("what cannot be is said with what would help, and the fields to mend it are there", async () => {
  const overlapping = {
    ...facts(),
    acceptor: { ...acceptor, vpc: acceptor.vpc && { ...acceptor.vpc, cidr: "192.168.0.0/16" } },
  };

  const text = await form({ pair: PAIR, facts: overlapping });

  expect(text.split("\n").slice(2, 4).join("\n")).toMatchInlineSnapshot(`
    "! These two cannot be peered as they are. What you change below is checked when you send it.
    • \`192.168.0.0/16\` is used on both sides. These do not collide: \`vsw-m5e1\` with \`vsw-2ze1\`. Choose them under *Only these vSwitches*."
  `);
  expect(text).toContain("Only these vSwitches of shared-data: (The whole VPC)");
});

test("a cloud that did not answer is named, with who can do what", async () => {
  const texts = [
    failure("unknownResult", ""),
    failure("ownerMustAct", "Forbidden.RAM"),
    failure("refused", "Whatever"),
  ].map(async (why) => (await form({ pair: PAIR, failure: why })).split("\n").slice(2, 5).join("\n"));

  expect((await Promise.all(texts)).join("\n———\n")).toMatchInlineSnapshot(`
    "! The networks could not be read.
    No answer that can be trusted came back (request \`7B2C\`).
    Wait a minute, then send the form again; what you filled in is kept.
    ———
    ! The networks could not be read.
    Alibaba Cloud refused (\`Forbidden.RAM\`, request \`7B2C\`): no
    The operator must allow \`CreateRouterInterface\` in the bot's RAM policy, then send the form again; what you filled in is kept.
    ———
    ! The networks could not be read.
    Alibaba Cloud refused (\`Whatever\`, request \`7B2C\`): no
    Ask the operator to look the code up, then send the form again; what you filled in is kept."
  `);
});

test("sent before there was anything to look over, it says so when it comes back", async () => {
  const values = {
    connection: "router-interfaces",
    size: "Small.1",
    icmp: true,
    reason: "orders reads the ledger replica",
    sides: null,
  } as const;

  const text = await form({ pair: PAIR, facts: facts(), values });

  expect(text.split("\n").slice(2, 4).join("\n")).toMatchInlineSnapshot(`
    "(Both networks are read now. Look over what is proposed, then send it.)
    (53 checks are ok. Permissions untested: \`CreateRouterInterface\`, \`ModifyRouterInterfaceAttribute\`, \`ConnectRouterInterface\`, \`CreateRouteEntry\`, \`AuthorizeSecurityGroup\` and \`RunCommand\`.)"
  `);
  expect(text).toContain("Bandwidth *: 10 Mbit/s (Small.1)");
  expect(text).toContain("Why should they talk? *: orders reads the ledger replica");
});

test("what was filled in comes back as it was", async () => {
  const request = requestRevision();
  const values = {
    connection: request.connection,
    size: request.size,
    icmp: true,
    reason: request.reason,
    sides: {
      initiator: request.initiator,
      acceptor: { ...request.acceptor, testInstanceId: null, vSwitchIds: ["vsw-2ze1" as const] },
    },
  };

  const text = await form({ pair: PAIR, facts: facts(), values });

  expect(text).toContain("TCP ports to open in shared-data: 5432");
  expect(text).toContain("Test with, in shared-data: (No test)");
  expect(text).toContain("Only these vSwitches of shared-data: app-a · 172.16.1.0/24");
});

test("with several kinds of connection switched on, it offers each with when to use it", async () => {
  const text = await form({ pair: PAIR, connection: "vpc-peer" }, RULES);

  expect(text.split("\n").slice(3).join("\n")).toMatchInlineSnapshot(`
    "Kind of connection *: VPC peering connection
    Bandwidth *: 10 Mbit/s, Gold
    Why should they talk? *: (orders reads the ledger replica)"
  `);
});

test("within one region a peering connection leaves no bandwidth to choose", async () => {
  const pair = { ...PAIR, acceptor: { ...PAIR.acceptor, regionId: initiator.regionId } };

  expect(await form({ pair, connection: "vpc-peer" }, RULES)).not.toContain("Bandwidth");
  expect(await form({ pair, connection: "router-interfaces" }, RULES)).toContain("Bandwidth *: 2 Mbit/s (Mini.2)");
});
