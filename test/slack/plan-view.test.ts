/**
 * The modal in which a network lead reads the whole plan: what it comes to first, then each step with before, after and why.
 */
import { describe, expect, test } from "vitest";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import type { Plan } from "../../machines/network/plan.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import type { Peering } from "../../machines/peering/record.ts";
import { planView } from "../../src/slack/render/views.ts";
import { asking, group, rule, table, withSide, withVpc } from "../machines/networks.ts";
import { fixPlan, peeringIn, requested } from "../machines/peering-in.ts";
import { entry } from "../machines/preflight-changes.ts";
import { facts, requestRevision } from "../machines/tutorial.ts";
import { expectView, markupIn } from "./rendered.ts";

const peeringOf = (network: NetworkFacts = facts(), request: RequestRevision = requestRevision()) =>
  requested(request, network).next.peering;

function shown(peering: Peering): string {
  const view = planView(peering);
  expectView(view);
  return markupIn(view).join("\n");
}

/** What is said of one step or several that are read as one. */
function stepsIn(peering: Peering, title: string): readonly string[] {
  return shown(peering)
    .split(/\n\n|\n(?=\*\d+ checks are ok\*)/)
    .filter((paragraph) => paragraph.includes(title));
}

function withPlan(peering: Peering, change: (plan: Plan) => Plan): Peering {
  return { ...peering, runs: peering.runs.map((run) => ({ ...run, plan: change(run.plan) })) };
}

/** In the tutorial's networks: a way out, a longer prefix, a spare table, and rules of everybody. */
function livedIn(): NetworkFacts {
  const entries = [entry("0.0.0.0/0", "NatGateway"), entry("172.16.9.0/24", "VpnGateway")];
  const accept = { policy: "accept", protocol: "ICMP", priority: 100 } as const;
  const rules = [
    rule({ ...accept, id: "sgr-all", protocol: "ALL", priority: 50, peerCidr: "192.0.0.0/8" }),
    rule({ ...accept, id: "sgr-ping", peerCidr: "192.168.0.0/16" }),
    rule({ ...accept, id: "sgr-ours", peerCidr: "10.9.0.0/16", description: "peer-vpcs-P-4F7K2M9Q" }),
    rule({ ...accept, id: "sgr-other", peerCidr: "10.8.0.0/16", description: "peer-vpcs-P-OTHER000" }),
  ];
  const initiator = withSide(
    "initiator",
    {
      routeTables: [table("vtb-m5e1", { type: "System", name: "main", entries }), table("vtb-m5e2", { name: "spare" })],
      securityGroups: [group("sg-m5e1", { name: "app", type: "enterprise" })],
    },
    withVpc("initiator", { secondaryCidrs: ["10.8.0.0/16", "10.9.0.0/16"] }),
  );
  return withSide("acceptor", { securityGroups: [group("sg-2ze1", { name: "db", rules })] }, initiator);
}

const livedInPeering = peeringOf(
  livedIn(),
  asking("acceptor", {
    ports: [
      { from: 5432, to: 5432 },
      { from: 8000, to: 8010 },
    ],
  }),
);

test("the tutorial's plan reads from what it opens to its last step, and names what nobody looked at", () => {
  const [said, ok] = shown(peeringOf()).split(/\n(?=\*53 checks are ok\*)/);

  expect(said).toMatchInlineSnapshot(`
    "*orders-prod* 192.168.0.0/16 Qingdao → *shared-data* 172.16.0.0/16 Beijing
    *Opens* ping and TCP 5432 to 1 server in *shared-data* from 1. And ping to 1 server in *orders-prod* from 1.
    *Breaks or moves* nothing.
    *Checks* 53 ok.
    *Not looked at*
    • *Names* PrivateZone: a name of the other side resolves only where its zone is bound to this VPC.
    • *Other firewalls* Cloud Firewall, firewalls on the servers, network policies of Kubernetes, allowlists of databases.
    • *IPv6* Only IPv4 is routed, opened and checked.
    • *Prefix lists* What is in them, in rules and in route entries.
    • *Containers* Pod and service ranges that no route entry shows.
    • *Further addresses* A server counts with its first address alone, not with other network interfaces.
    • *Permissions* Whether the bot may do each step: one that it may not do stops there and says so.
    • *Networks behind* Addresses that a CEN, VPN or leased line reaches, unless a route entry shows them.
    *Steps, in this order* What is there stays as it is. Rules get priority 100, the weakest, so a drop that is there wins.

    1. *Check*
    Both networks are read again.
    _Why_ a change that matters sends the plan back to you.

    2. *CreateRouterInterface* Qingdao, on \`vrt-m5e1\`
    no interface → one to *shared-data*: initiator, 2 Mbit/s (\`Mini.2\`), pays
    _Why_ each side needs an end of its own.

    3. *CreateRouterInterface* Beijing, on \`vrt-2ze1\`
    no interface → one to *orders-prod*: acceptor, free
    _Why_ each side needs an end of its own.

    4. *ModifyRouterInterfaceAttribute* Beijing
    the new interface has no opposite → its opposite is the one in Qingdao
    _Why_ only two that name each other can be connected.

    5. *ModifyRouterInterfaceAttribute* Qingdao
    the new interface has no opposite → its opposite is the one in Beijing
    _Why_ only two that name each other can be connected.

    6. *ConnectRouterInterface* Qingdao
    both \`Idle\` → both \`Active\`
    _Why_ from here on they carry traffic, but no entry leads to them yet.

    7. *CreateRouteEntry* Qingdao, \`vtb-m5e1\`
    172.16.0.0/16: no entry → the new interface
    _Why_ 1 vSwitch uses this table; requests to *shared-data*, and replies, find their way by it.

    8. *CreateRouteEntry* Beijing, \`vtb-2ze1\`
    192.168.0.0/16: no entry → the new interface
    _Why_ 1 vSwitch uses this table; requests to *orders-prod*, and replies, find their way by it.

    9. *AuthorizeSecurityGroup* Qingdao, \`sg-m5e1\` app
    ping from 172.16.0.0/16: no rule of this group → open
    _Why_ the request opens this to *shared-data*; 1 running server is in the group.

    10. *AuthorizeSecurityGroup* Beijing, \`sg-2ze1\` app
    ping and TCP 5432 from 192.168.0.0/16: no rule of this group → open
    _Why_ the request opens this to *orders-prod*; 1 running server is in the group.

    11. *RunCommand* Qingdao, on \`orders-prod-1\`
    nothing is proved → \`shared-data-1\` pinged ten times and connected to at TCP 5432, the figures in the thread
    _Why_ only a packet that came back proves that it works.

    12. *RunCommand* Beijing, on \`shared-data-1\`
    nothing is proved → \`orders-prod-1\` pinged ten times, the figures in the thread
    _Why_ only a packet that came back proves that it works."
  `);
  expect(ok?.split("\n").slice(0, 3)).toEqual(["*53 checks are ok*", "Two different VPCs.", "`vpc-m5e1` exists."]);
});

test("what moves and what is to be read stand above what is in order", () => {
  const text = shown(livedInPeering);
  const order = ["*Opens*", "*Breaks or moves* Traffic to 172.16.0.0/16", "to read:", "• `vtb-m5e1` already sends"];
  const places = [...order, "*Not looked at*", "*Steps, in this order*", "checks are ok*"].map((part) =>
    text.indexOf(part),
  );

  expect(places.every((place) => place >= 0)).toBe(true);
  expect(places.toSorted((a, b) => a - b)).toEqual(places);
});

test("entries are said once for each table: where it went, what stays, and who uses the table", () => {
  expect(stepsIn(livedInPeering, "*CreateRouteEntry*").join("\n")).toMatchInlineSnapshot(`
    "7. *CreateRouteEntry* Qingdao, \`vtb-m5e1\` main
    172.16.0.0/16: goes to NatGateway \`natgateway-1\` by 0.0.0.0/0 → the new interface
    Stays, not ours, by its longer prefix: 172.16.9.0/24 to VpnGateway \`vpngateway-1\`.
    _Why_ 1 vSwitch uses this table; requests to *shared-data*, and replies, find their way by it.
    8. *CreateRouteEntry* Qingdao, \`vtb-m5e2\` spare
    172.16.0.0/16: no entry → the new interface
    _Why_ no vSwitch uses this table yet, but the whole VPC is asked for; requests to *shared-data*, and replies, find their way by it.
    9–11. *CreateRouteEntry* Beijing, \`vtb-2ze1\`
    10.8.0.0/16, 10.9.0.0/16 and 192.168.0.0/16: no entry → the new interface
    _Why_ 1 vSwitch uses this table; requests to *orders-prod*, and replies, find their way by it."
  `);
});

test("rules are said once for each group and direction: what is open already, whose it is, and what becomes of it", () => {
  expect(stepsIn(livedInPeering, "*AuthorizeSecurityGroup").join("\n")).toMatchInlineSnapshot(`
    "12. *AuthorizeSecurityGroup* Qingdao, \`sg-m5e1\` app
    ping from 172.16.0.0/16: no rule of this group → open
    _Why_ the request opens this to *shared-data*; 1 running server is in the group.
    13. *AuthorizeSecurityGroupEgress* Qingdao, \`sg-m5e1\` app
    ping, TCP 5432 and TCP 8000-8010 to 172.16.0.0/16: no rule of this group → open
    _Why_ the request opens *shared-data*, and this group lets nothing out by itself; 1 running server is in the group.
    14. *AuthorizeSecurityGroup* Beijing, \`sg-2ze1\` db
    TCP 5432 and TCP 8000-8010 from 10.8.0.0/16 and 10.9.0.0/16: no rule of this group → open
    TCP 5432 and TCP 8000-8010 from 192.168.0.0/16: open by \`sgr-all\` → stays, and open by a rule of ours too
    ping from 192.168.0.0/16: open by \`sgr-ping\` → stays as it is; it is not ours, so nothing here removes it
    ping from 10.9.0.0/16: open by \`sgr-ours\` → stays as it is; it is ours and is taken over
    ping from 10.8.0.0/16: open by \`sgr-other\` → stays as it is; it is of \`P-OTHER000\` and goes when that is removed
    _Why_ the request opens this to *orders-prod*; 1 running server is in the group."
  `);
});

test("rules that could not be read are said to be so", () => {
  const unread = withSide("acceptor", { securityGroups: [group("sg-2ze1", { rules: null })] });

  expect(stepsIn(peeringOf(unread), "`sg-2ze1`").join("")).toContain(
    "ping and TCP 5432 from 192.168.0.0/16: its rules could not be read → open",
  );
});

test("with ping off no ping is opened, and the test goes by the ports", () => {
  const text = shown(peeringOf(facts(), { ...requestRevision(), icmp: false }));

  expect(text).not.toMatch(/\bping\b/i);
  expect(text).toContain("TCP 5432 from 192.168.0.0/16: no rule of this group → open");
});

test("a VPC with many blocks has them named once, and then counted", () => {
  const many = withVpc("acceptor", { secondaryCidrs: Array.from({ length: 5 }, (_, index) => `10.${index}.0.0/16`) });
  const text = shown(peeringOf(many));

  expect(text.match(/10\.3\.0\.0\/16/g)).toHaveLength(1);
  expect(text).toContain("7–12. *CreateRouteEntry* Qingdao, `vtb-m5e1`\nall 6 blocks of *shared-data*: no entry → ");
  expect(text).toContain("ping from all 6 blocks of *shared-data*: no rule of this group → open");
});

test("a peering connection is one step for both sides", () => {
  const request = { ...requestRevision(), connection: "vpc-peer", size: "Gold.100" } as const;

  expect(stepsIn(peeringOf(facts(), request), "*CreateVpcPeerConnection*").join("\n")).toMatchInlineSnapshot(`
    "2. *CreateVpcPeerConnection* Qingdao, from \`vpc-m5e1\`
    no peering connection → one to *shared-data*, \`vpc-2ze1\` in Beijing, 100 Mbit/s, Gold
    _Why_ one serves both sides; within the account it is accepted by itself."
  `);
});

test("connections that a VPC has already are counted", () => {
  const elsewhere = {
    id: "ri-m5e9",
    name: "",
    status: "Active",
    businessStatus: "Normal",
    role: "InitiatingSide",
    routerId: "vrt-m5e1",
    spec: "Mini.2",
    oppositeInterfaceId: "ri-else",
    oppositeRouterId: "vrt-else",
    oppositeRegionId: "cn-beijing",
  } as const;
  const one = peeringOf(withSide("initiator", { routerInterfaces: [elsewhere] }));

  expect(stepsIn(one, "*CreateRouterInterface* Qingdao").join("")).toContain(
    "1 there, none to *shared-data* → one to *shared-data*: initiator",
  );
});

describe("a plan that was stored before all this was kept", () => {
  const old = withPlan(peeringOf(), ({ before: _before, impact: _impact, ...plan }) => plan);

  test("shows what each step makes, and claims nothing about what was there", () => {
    const text = shown(old);

    expect(text).toContain("172.16.0.0/16 → the new interface\n_Why_ requests to *shared-data*, and replies, find");
    expect(text).toContain(
      "ping and TCP 5432 from 192.168.0.0/16 → open\n_Why_ the request opens this to *orders-prod*.",
    );
    expect(text).not.toMatch(/: no entry|no rule|Breaks or moves/);
  });
});

test("of a fix, an entry that leads to what joins the two already is taken over, and one of others stays", () => {
  const before = peeringIn("verified").next.peering;
  const [run] = before.runs;
  if (!run) throw new Error("a verified peering has a run");
  const there = { destination: "172.16.0.0/16", nextHopType: "RouterInterface", nextHopId: "ri-1" };
  const fixed = (isOfPair: boolean): Peering => {
    const tables = [
      {
        routeTableId: "vtb-m5e1",
        name: "",
        vSwitches: 1,
        equal: [{ ...there, isOfPair }],
        carrying: [],
        within: [],
        withinTotal: 0,
      },
    ] as const;
    const fix = { ...fixPlan(), before: { tables, groups: [] } };
    return { ...before, runs: [{ ...run, kind: "fix", plan: fix }] };
  };

  expect(stepsIn(fixed(true), "`vtb-m5e1`").join("")).toContain(
    "172.16.0.0/16: goes to RouterInterface `ri-1` already, which joins these two → taken over",
  );
  expect(stepsIn(fixed(false), "`vtb-m5e1`").join("")).toContain("already → stays; it is not ours");
});
