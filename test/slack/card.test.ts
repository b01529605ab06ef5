import { expect, test } from "vitest";
import { renderCard } from "../../src/slack/render/card.ts";
import { decideOutcome } from "../../machines/peering/transition.ts";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import type { PeeringState } from "../../machines/peering/machine.ts";
import { rule } from "../machines/networks.ts";
import { approved, failure, peeringIn, pinged, requested, timer } from "../machines/peering-in.ts";
import { facts, LEAD, requestRevision } from "../machines/tutorial.ts";
import { asText, cardOf, expectMessage } from "./rendered.ts";

const STATES: readonly PeeringState[] = [
  "requested",
  "approved",
  "creating",
  "activated",
  "routed",
  "secured",
  "verified",
  "failed",
  "rollingBack",
  "rolledBack",
  "rejected",
  "withdrawn",
  "expired",
];

const card = (state: PeeringState) => renderCard(cardOf(peeringIn(state).next));
const shown = (state: PeeringState) => asText(card(state).blocks);

/** The part above the facts, which are the same in every state. */
const top = (state: PeeringState) => shown(state).split(/\n\*(?:Opens|Asked for)\*/)[0];
const buttons = (state: PeeringState) =>
  shown(state)
    .split("\n")
    .find((line) => line.startsWith("[")) ?? "none";

test("a waiting card says in one screen what opens, what it costs, what was checked, why, and who may decide", () => {
  expect(shown("requested")).toMatchInlineSnapshot(`
    "*Waiting for a decision*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    *Opens* ping and TCP 5432 to 1 server in *shared-data* from 1. And ping to 1 server in *orders-prod* from 1.
    *Breaks or moves* nothing.
    *Costs* 2 Mbit/s (\`Mini.2\`), Qingdao side pays, price not configured
    *Checks* 53 ok
    *Why* “orders reads the ledger replica”
    [Approve plan 4857] [Reject…] [Review plan] [Withdraw]
    (\`P-4F7K2M9Q\` · plan \`4857\` · Asked by <@U0MEI>, <!date^1795431420^{date_short_pretty}, {time}|2026-11-23 10:57 UTC> · <!subteam^S0LEADS> may decide)"
  `);
});

test("a notification is one full sentence with the state, both ends and the id", () => {
  expect(STATES.map((state) => card(state).text)).toMatchInlineSnapshot(`
    [
      "Waiting for a decision: orders-prod to shared-data, P-4F7K2M9Q",
      "Approved, checking once more: orders-prod to shared-data, P-4F7K2M9Q",
      "Creating the router interfaces: orders-prod to shared-data, P-4F7K2M9Q",
      "Connected, adding the route entries: orders-prod to shared-data, P-4F7K2M9Q",
      "Routed, opening the security groups: orders-prod to shared-data, P-4F7K2M9Q",
      "Secured, not tested: orders-prod to shared-data, P-4F7K2M9Q",
      "Verified: orders-prod to shared-data, P-4F7K2M9Q",
      "Stopped at step 2 of 12: router interface, Qingdao: orders-prod to shared-data, P-4F7K2M9Q",
      "Rolling back: orders-prod to shared-data, P-4F7K2M9Q",
      "Rolled back, nothing is left: orders-prod to shared-data, P-4F7K2M9Q",
      "Rejected: orders-prod to shared-data, P-4F7K2M9Q",
      "Withdrawn: orders-prod to shared-data, P-4F7K2M9Q",
      "Expired, nobody decided in time: orders-prod to shared-data, P-4F7K2M9Q",
    ]
  `);
});

test("the state, in words, is the first thing on every card, with what goes on right now", () => {
  expect(STATES.map(top).join("\n———\n")).toMatchInlineSnapshot(`
    "*Waiting for a decision*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    ———
    *Approved, checking once more*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    Step 1 of 12 · now: check before the start · next: router interface, Qingdao
    ———
    *Creating the router interfaces*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    Step 2 of 12 · now: router interface, Qingdao and router interface, Beijing · next: opposite interface, Beijing
    ———
    *Connected, adding the route entries*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    Step 7 of 12 · now: route entry, Qingdao and route entry, Beijing · next: security group rules, Qingdao
    ———
    *Routed, opening the security groups*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    Step 9 of 12 · now: security group rules, Qingdao and security group rules, Beijing · next: test from Qingdao
    ———
    *Secured, not tested*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    It is built, but there was nothing to test it with, so nobody knows yet whether it works. A network lead can accept it as it is, or it can be rolled back.
    ———
    *Verified*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    orders-prod-1 → shared-data-1: 10 back; 11.9 / 12.4 / 14.0 ms; TCP 5432 open
    orders-prod-1 → shared-data-1: 10 back; 11.9 / 12.4 / 14.0 ms
    ———
    *Stopped at step 2 of 12: router interface, Qingdao*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    *router interface, Qingdao* Alibaba Cloud refused (\`SomeCode\`, request \`7B2C\`): no
    *To mend* The operator can look the code up; when it is mended, retry the step, or roll back.
    *Now* nothing was built; nothing is billed.
    ———
    *Rolling back*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    Step 1 of 4 · now: deactivating, Qingdao and deactivating, Beijing · next: deleting the router interface, Qingdao
    ———
    *Rolled back, nothing is left*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    ———
    *Rejected*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    <@U0ARJUN> rejected it: “not now”. Nothing was changed.
    ———
    *Withdrawn*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    <@U0MEI> withdrew the request. Nothing was changed.
    ———
    *Expired, nobody decided in time*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    Nothing was changed. Ask again with \`/peer-vpcs\`."
  `);
});

test("a card has only the buttons that apply now", () => {
  expect(Object.fromEntries(STATES.map((state) => [state, buttons(state)]))).toMatchInlineSnapshot(`
    {
      "activated": "none",
      "approved": "[Withdraw]",
      "creating": "none",
      "expired": "none",
      "failed": "[Retry step 2] [Roll back] [Review plan]",
      "rejected": "none",
      "requested": "[Approve plan 4857] [Reject…] [Review plan] [Withdraw]",
      "rolledBack": "none",
      "rollingBack": "none",
      "routed": "none",
      "secured": "[Accept untested…] [Roll back]",
      "verified": "[Test again] [Review plan]",
      "withdrawn": "none",
    }
  `);
});

test("approving asks first, with what is made, who can reach whom, and what goes on record", () => {
  const [approve] = card("requested").blocks.flatMap((block) => (block.type === "actions" ? block.elements : []));

  expect(
    approve && "confirm" in approve ? [approve.confirm?.title, approve.confirm?.text].map((text) => text?.text) : [],
  ).toMatchInlineSnapshot(`
    [
      "Approve plan 4857",
      "Creates 2 router interfaces, 2 route entries and 3 security group rules. 1 server becomes reachable from 1, and 1 from 1. It starts at once. Your name goes on record.",
    ]
  `);
});

test("rolling back asks first, with what is removed", () => {
  expect([askedBeforeRollBack("failed"), askedBeforeRollBack("secured")]).toMatchInlineSnapshot(`
    [
      "Nothing was built as far as the record goes. This looks once more that nothing is left, and ends the peering.",
      "Nothing was built as far as the record goes. This looks once more that nothing is left, and ends the peering.",
    ]
  `);
});

test("a peering accepted without a test says who took it and why", () => {
  const { next } = peeringIn("secured").ask({ type: "acceptUntested", reason: "the hosts come up next week" }, LEAD);

  expect(asText(renderCard(cardOf(next)).blocks).split("\n*Opens*")[0]).toMatchInlineSnapshot(`
    "*Accepted without a test*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    <@U0ARJUN> accepted it without a test: “the hosts come up next week”"
  `);
});

test("two steps that failed alike are two facts and one cure", () => {
  const creating = approved().until("creating");
  const one = creating.answer({
    type: "stepFailed",
    step: "createRouterInterface:initiator",
    failure: failure("ownerMustAct", "QuotaExceeded"),
    attempt: 0,
  });
  const { next } = one.answer({
    type: "stepFailed",
    step: "createRouterInterface:acceptor",
    failure: failure("ownerMustAct", "QuotaExceeded"),
    attempt: 0,
  });

  expect(asText(renderCard(cardOf(next)).blocks).split("\n*Opens*")[0]).toMatchInlineSnapshot(`
    "*Stopped at step 2 of 12: router interface, Qingdao*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    *router interface, Qingdao* Alibaba Cloud refused (\`QuotaExceeded\`, request \`7B2C\`): no
    *router interface, Beijing* Alibaba Cloud refused (\`QuotaExceeded\`, request \`7B2C\`): no
    *To mend* The operator can raise the quota or free a place, then retry the step, or roll back.
    *Now* nothing was built; nothing is billed."
  `);
});

test("a lost ping is a result to explain: which way, and what stands", () => {
  const secured = approved().until("secured");
  const answer = (from: typeof secured, side: "initiator" | "acceptor", received: number) => {
    const step = `runConnectivityTest:${side}`;
    const target = { kind: "invocation", id: side, from: pinged(0).from, to: pinged(0).to } as const;
    const started = from.answer({
      type: "stepStarted",
      step,
      calls: [],
      resources: [],
      waits: [{ key: side, regionId: "cn-qingdao", target, giveUpAfterMs: 1 }],
    });
    return started.answer({ type: "testReported", step, wait: side, report: pinged(received) });
  };
  const { next } = answer(answer(secured, "initiator", 0), "acceptor", 10);

  expect(asText(renderCard(cardOf(next)).blocks).split("\n*Opens*")[0]).toMatchInlineSnapshot(`
    "*Stopped at step 11 of 12: test from Qingdao*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    *test from Qingdao* No ping came back, and TCP 5432 did not answer.
    *To mend* Look at the host firewalls, network ACLs and security groups on both ends, then test again, or roll back.
    *Now* nothing was built; nothing is billed."
  `);
});

test("a step that waits for another peering names it", () => {
  const snapshot = peeringIn("activated").next;
  const waitingFor = [{ step: "createRouteEntry:vtb-m5e1:172.16.0.0/16", holder: "P-118" as const }];

  expect(asText(renderCard(cardOf(snapshot, { waitingFor })).blocks).split("\n*Opens*")[0]).toMatchInlineSnapshot(`
    "*Connected, adding the route entries*
    *orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    Step 7 of 12 · now: route entry, Qingdao (waiting for \`P-118\` on the same network) and route entry, Beijing · next: security group rules, Qingdao"
  `);
});

test("without a user group the leads are called by name, five at most", () => {
  const leads = { groupId: null, userIds: ["U1", "U2", "U3", "U4", "U5", "U6", "U7"] };
  const { next } = requested();

  expect(
    asText(renderCard(cardOf(next, { leads })).blocks)
      .split(" · ")
      .at(-1),
  ).toMatchInlineSnapshot(`"<@U1>, <@U2>, <@U3>, <@U4>, <@U5> and 2 more may decide)"`);
});

test("chosen vSwitches, TCP ports and a pair within one region are told as such", () => {
  const network = facts();
  const sameRegion = {
    ...network,
    acceptor: {
      ...network.acceptor,
      regionId: "cn-qingdao",
      vpc: network.acceptor.vpc && { ...network.acceptor.vpc, regionId: "cn-qingdao" },
    },
  };
  const revision = requestRevision();
  const request = {
    ...revision,
    acceptor: {
      ...revision.acceptor,
      regionId: "cn-qingdao",
      vSwitchIds: ["vsw-2ze1" as const],
      ports: [
        { from: 443, to: 443 },
        { from: 8000, to: 8010 },
      ],
    },
  };

  expect(
    asText(renderCard(cardOf(requested(request, sameRegion).next)).blocks)
      .split("\n")
      .slice(1, 5),
  ).toMatchInlineSnapshot(`
    [
      "*orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.1.0/24 Qingdao",
      "*Opens* ping, TCP 443 and TCP 8000-8010 to 1 server in *shared-data* from 1. And ping to 1 server in *orders-prod* from 1.",
      "*Breaks or moves* nothing.",
      "*Costs* 2 Mbit/s (\`Mini.2\`), free within one region",
    ]
  `);
});

test("a lead reads what opens through older rules, who is sensitive, what no group guards and what moves", () => {
  const network = facts();
  const [host] = network.acceptor.instances;
  const [group] = network.acceptor.securityGroups;
  const [table] = network.initiator.routeTables;
  if (!host || !group || !table || !network.acceptor.vpc) throw new Error("the tutorial has one of each");
  const older = rule({ id: "sgr-old", policy: "accept", protocol: "TCP", portRange: "443/443" });
  const instances = ["ledger-1", "db-pay-01", "report-1"].map((name, index) => ({
    ...host,
    id: `i-2ze${index + 1}` as const,
    name,
    privateIp: `172.16.1.${10 + index}`,
    securityGroupIds: index < 2 ? host.securityGroupIds : (["sg-2zeold"] as const),
    tags: index === 1 ? [{ key: "pci", value: "yes" }] : [],
  }));
  const vpn = { id: "rte-1", status: "Available", type: "Custom", nextHopType: "VpnGateway", nextHopId: "vpn-1" };
  const touched: NetworkFacts = {
    ...network,
    initiator: {
      ...network.initiator,
      routeTables: [{ ...table, entries: [{ ...vpn, destination: "172.16.0.0/12" }] }],
    },
    acceptor: {
      ...network.acceptor,
      instances,
      securityGroups: [group, { ...group, id: "sg-2zeold", rules: [older] }],
      vpc: { ...network.acceptor.vpc, services: [{ type: "RDS", count: 2 }] },
    },
  };
  const lines = asText(renderCard(cardOf(requested(requestRevision(), touched).next)).blocks).split("\n");

  expect(lines.slice(2, 4)).toMatchInlineSnapshot(`
    [
      "*Opens* ping and TCP 5432 to 3 servers in *shared-data* from 1. One is tagged *pci*: \`db-pay-01\`. 1 of the 3 open through older rules. And ping to 1 server in *orders-prod* from 3. Not behind security groups in *shared-data*: 2 RDS.",
      "*Breaks or moves* Traffic to 172.16.0.0/16 in \`vtb-m5e1\` leaves the entry 172.16.0.0/12 to VpnGateway \`vpn-1\` and uses this peering.",
    ]
  `);
});

test("without a group on either side nothing opens, and the card says what decides then", () => {
  const revision = requestRevision();
  const request = {
    ...revision,
    initiator: { ...revision.initiator, securityGroupIds: [] },
    acceptor: { ...revision.acceptor, securityGroupIds: [], ports: [] },
  };

  expect(asText(renderCard(cardOf(requested(request).next)).blocks).split("\n")[2]).toMatchInlineSnapshot(
    `"*Opens* nothing: no security group was chosen, and no older rule lets anything in."`,
  );
});

test("a peering that ended with nothing says what was asked for, and no costs", () => {
  for (const state of ["rejected", "withdrawn", "expired", "rolledBack"] as const) {
    expect(shown(state)).toContain("*Asked for* ping and TCP 5432 to 1 server");
    expect(shown(state)).toContain("*Why* “orders reads the ledger replica”");
    expect(shown(state)).not.toMatch(/\*Costs\*|\*Opens\*/);
  }
});

test("an approved plan that could not start says that, and not that nobody decided", () => {
  const decided = decideOutcome(approved().next, timer("startTimeout", "approved"));
  const { next } = decided.kind === "accepted" ? decided : requested();

  expect(asText(renderCard(cardOf(next)).blocks).split("\n")[0]).toBe("*Expired, it could not start in time*");
});

test.each(STATES)("Slack takes the card in state %s", (state) => {
  expectMessage(card(state));
});

function askedBeforeRollBack(state: PeeringState): string {
  const button = card(state)
    .blocks.flatMap((block) => (block.type === "actions" ? block.elements : []))
    .find((element) => "action_id" in element && element.action_id === "roll_back");
  return button && "confirm" in button ? (button.confirm?.text.text ?? "") : "";
}
