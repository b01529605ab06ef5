import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { impactOf, newlyTouched, type Impact } from "../../machines/network/impact.ts";
import type { NetworkFacts, RouteEntry, SecurityGroupRule, SideFacts } from "../../machines/network/facts.ts";
import { planned } from "../../machines/network/planned.ts";
import { walk } from "../../machines/network/reachability.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import { runningHosts } from "../../machines/network/scope.ts";
import { opposite, SIDES, type Side } from "../../machines/network/side.ts";
import { asking, rule, table, withSide, withVpc } from "./networks.ts";
import { holds, RUNS_ARE_FEW } from "./seeded.ts";
import { facts, plan, requestRevision, RULES } from "./tutorial.ts";

function impact(network: NetworkFacts = facts(), request: RequestRevision = requestRevision()): Impact {
  const { impact: found } = plan(request, network);
  if (!found) throw new Error("a plan of a request has an impact");
  return found;
}

const ANY = rule({ id: "sgr-old", policy: "accept", protocol: "TCP", portRange: "1/65535" });

function withRules(network: NetworkFacts, id: string, rules: readonly SecurityGroupRule[]): NetworkFacts {
  const securityGroups = network.acceptor.securityGroups.map((each) => (each.id === id ? { ...each, rules } : each));
  return withSide("acceptor", { securityGroups }, network);
}

/** Hosts .10, .11 … of the acceptor, the second half in a group of their own. */
function hosts(amount: number, change: Partial<SideFacts["instances"][number]> = {}): NetworkFacts {
  const [host] = facts().acceptor.instances;
  if (!host) throw new Error("the tutorial has a host");
  const [group] = facts().acceptor.securityGroups;
  if (!group) throw new Error("the tutorial has a group");
  const instances = Array.from({ length: amount }, (_, index) => ({
    ...host,
    id: `i-2ze${index + 1}` as const,
    name: `host-${index + 1}`,
    privateIp: `172.16.1.${index + 10}`,
    securityGroupIds: index * 2 < amount ? host.securityGroupIds : (["sg-2zeother"] as const),
    ...(index > 0 ? change : {}),
  }));
  return withSide("acceptor", { instances, securityGroups: [group, { ...group, id: "sg-2zeother" }] });
}

describe("what becomes reachable", () => {
  test("are the running hosts of the groups that get rules, from the hosts of the other side", () => {
    expect(impact(hosts(6)).acceptor).toMatchObject({ reachable: 3, from: 1, throughOlderRules: 0, unknown: 0 });
  });

  test("are also hosts that an older rule opens to anybody, once there is a route", () => {
    const network = hosts(6);
    const opened = network.acceptor.securityGroups.map((group) =>
      group.id === "sg-2zeother" ? { ...group, rules: [ANY] } : group,
    );

    expect(impact(withSide("acceptor", { securityGroups: opened }, network)).acceptor).toMatchObject({
      reachable: 6,
      throughOlderRules: 3,
    });
  });

  test("are not those that an entry through a connection of before reached already", () => {
    const connected = planned(withRules(hosts(6), "sg-2zeother", [ANY]), plan(), "route");

    expect(impactOf(requestRevision(), connected, plan(), RULES.sensitiveTags).acceptor).toMatchObject({
      reachable: 3,
      throughOlderRules: 0,
    });
  });

  test("are none where a drop rule wins", () => {
    const drop = { ...ANY, policy: "drop" as const, protocol: "ALL", portRange: "-1/-1" };

    expect(impactOf(requestRevision(), withRules(hosts(6), "sg-2ze1", [drop]), plan(), []).acceptor.reachable).toBe(0);
  });

  test("are none where an ACL drops or a table has no entry back", () => {
    const acl = { id: "nacl-1", name: "", ingress: [], egress: [] };
    const vSwitches = facts().acceptor.vSwitches.map((each) => ({ ...each, networkAclId: "nacl-1" }));
    const elsewhere = facts().acceptor.vSwitches.map((each) => ({ ...each, routeTableId: "vtb-2ze2" as const }));
    const routeTables = [...facts().acceptor.routeTables, table("vtb-2ze2", { associateType: "Gateway" })];

    expect(
      impactOf(requestRevision(), withSide("acceptor", { vSwitches, networkAcls: [acl] }), plan(), []).acceptor
        .reachable,
    ).toBe(0);
    expect(
      impactOf(requestRevision(), withSide("acceptor", { vSwitches: elsewhere, routeTables }), plan(), []).acceptor
        .reachable,
    ).toBe(0);
  });

  test("cannot be told where the ACL at the border was not read", () => {
    const vSwitches = facts().acceptor.vSwitches.map((each) => ({ ...each, networkAclId: "nacl-1" }));
    const unread = withSide("acceptor", { vSwitches, networkAcls: null });

    expect(impactOf(requestRevision(), unread, plan(), []).acceptor).toMatchObject({ reachable: 0, unknown: 1 });
  });

  test("are counted where a rule covers only a part of the other side, with those who are in that part", () => {
    const [host] = facts().initiator.instances;
    if (!host) throw new Error("the tutorial has a host");
    const instances = [host, { ...host, id: "i-m5e2" as const, privateIp: "192.168.1.200" }];
    const network = withRules(withSide("initiator", { instances }, hosts(2)), "sg-2zeother", [
      { ...ANY, peerCidr: "192.168.1.128/25" },
    ]);
    const asked = asking("acceptor", { securityGroupIds: [] });

    expect(impact(network, asked).acceptor).toMatchObject({ reachable: 1, from: 1 });
  });

  test("are only the running ones", () => {
    const network = hosts(6, { status: "Stopped" });

    expect(impact(network).acceptor.reachable).toBe(1);
  });

  test("cannot be told of hosts whose rules were not read, and that is not none", () => {
    const network = hosts(6);
    const unread = network.acceptor.securityGroups.map((group) =>
      group.id === "sg-2zeother" ? { ...group, rules: null } : group,
    );

    expect(impact(withSide("acceptor", { securityGroups: unread }, network)).acceptor).toMatchObject({
      reachable: 3,
      unknown: 3,
    });
  });

  test("are named when one of their tags is sensitive, unless it says no", () => {
    const tagged = hosts(4, { tags: [{ key: "pci", value: "yes" }] });
    const untagged = hosts(4, { tags: [{ key: "pci", value: "False" }] });

    expect(impact(tagged).acceptor.sensitive).toEqual([{ id: "i-2ze2", name: "host-2", tag: "pci" }]);
    expect(impact(untagged).acceptor.sensitive).toEqual([]);
  });

  test("are beside what security groups do not guard, by type, or unknown where that could not be read", () => {
    const services = [{ type: "RDS", count: 2 }];

    expect(impact(withVpc("acceptor", { services })).acceptor.unguarded).toEqual(services);
    expect(impact(withVpc("acceptor", { services: null })).acceptor.unguarded).toBeNull();
  });
});

/** The tutorial's steps on other networks: what the checks would stop is drawn as well. */
const STEPS = plan();

const drawnRule = fc.record({
  side: fc.constantFrom<Side>(...SIDES),
  group: fc.nat({ max: 1 }),
  change: fc.record({
    direction: fc.constantFrom("ingress" as const, "egress" as const),
    policy: fc.constantFrom("accept" as const, "drop" as const),
    protocol: fc.constantFrom("TCP", "ICMP", "ALL"),
    portRange: fc.constantFrom("22/22", "1/1024", "1/65535"),
    priority: fc.constantFrom(1, 50, 100),
    peerCidr: fc.constantFrom("0.0.0.0/0", "192.168.0.0/16", "172.16.0.0/12", "192.168.1.10/32", "172.16.1.11/32"),
  }),
});

function withRule(
  network: NetworkFacts,
  { side, group, change }: typeof drawnRule extends fc.Arbitrary<infer T> ? T : never,
  index: number,
): NetworkFacts {
  const added = {
    ...ANY,
    ...change,
    portRange: change.protocol === "TCP" ? change.portRange : "-1/-1",
    id: `sgr-${index}`,
  };
  const securityGroups = network[side].securityGroups.map((each, at) =>
    at === group ? { ...each, rules: [...(each.rules ?? []), added] } : each,
  );
  return withSide(side, { securityGroups }, network);
}

test("the counts are those of walking every packet from every host to every host", () => {
  let [seen, missed] = [0, 0];
  holds(
    fc.property(fc.nat({ max: 5 }), fc.array(drawnRule, { maxLength: 5 }), (amount, rules) => {
      const network = rules.reduce(withRule, hosts(1 + amount));
      const found = impactOf(requestRevision(), network, STEPS, RULES.sensitiveTags);
      const secured = planned(network, STEPS, "secure");
      for (const side of SIDES) {
        const { hosts: reached, senders } = walkAll(side, requestRevision(), secured);
        expect([found[side].reachable, found[side].from]).toEqual([reached.size, senders.size]);
        seen += reached.size;
        missed += runningHosts(requestRevision()[side], network[side]).length - reached.size;
      }
    }),
    150,
  );
  if (RUNS_ARE_FEW) return;
  expect(Math.min(seen, missed)).toBeGreaterThan(50);
});

/** Every host to every host, over every service that any of the drawn rules tells apart. */
function walkAll(side: Side, request: RequestRevision, network: NetworkFacts) {
  const [reached, senders] = [new Set<string>(), new Set<string>()];
  const services = [
    null,
    1,
    22,
    23,
    1_024,
    1_025,
    65_535,
    ...request[side].ports.flatMap(({ from, to }) => [from, to]),
  ];
  for (const target of runningHosts(request[side], network[side])) {
    for (const source of runningHosts(request[opposite(side)], network[opposite(side)])) {
      const isReached = services.some((port) => {
        const from = { side: opposite(side), ip: source.privateIp };
        const to = { side, ip: target.privateIp };
        return walk(network, { from, to, protocol: port === null ? "ICMP" : "TCP", port }).verdict === "allowed";
      });
      if (!isReached) continue;
      reached.add(target.id);
      senders.add(source.id);
    }
  }
  return { hosts: reached, senders };
}

function vpnEntry(destination: string): RouteEntry {
  return {
    id: "rte-1",
    destination,
    status: "Available",
    type: "Custom",
    nextHopType: "VpnGateway",
    nextHopId: "vpn-1",
  };
}

/** The initiator with these entries to a VPN. */
function behind(...destinations: string[]): NetworkFacts {
  const [system] = facts().initiator.routeTables;
  if (!system) throw new Error("the tutorial has a table");
  return withSide("initiator", { routeTables: [{ ...system, entries: destinations.map((each) => vpnEntry(each)) }] });
}

describe("what moves", () => {
  test("is what the longest entry around the other side's block carried", () => {
    expect(impact(behind("0.0.0.0/0", "172.16.0.0/12")).moves).toEqual([
      {
        side: "initiator",
        routeTableId: "vtb-m5e1",
        destination: "172.16.0.0/16",
        was: { destination: "172.16.0.0/12", nextHopType: "VpnGateway", nextHopId: "vpn-1" },
      },
    ]);
  });

  test("is nothing where no entry was around it", () => {
    expect(impact(behind("10.0.0.0/8")).moves).toEqual([]);
  });
});

describe("an approval is for what was shown", () => {
  const tagged = hosts(4, { tags: [{ key: "pci", value: "yes" }] });

  test("a host that is sensitive since is news, one that went away is not", () => {
    expect(newlyTouched(impact(hosts(4)), impact(tagged))).toMatchObject([
      { subject: "i-2ze2 becomes reachable and is sensitive", before: null, after: "host-2, pci" },
    ]);
    expect(newlyTouched(impact(tagged), impact(hosts(4)))).toEqual([]);
    expect(newlyTouched(impact(tagged), impact(tagged))).toEqual([]);
  });

  test("more hosts void nothing, and neither does the hash", () => {
    expect(newlyTouched(impact(hosts(4)), impact(hosts(8)))).toEqual([]);
    expect(plan(requestRevision(), hosts(4)).hash).toBe(plan(requestRevision(), hosts(8)).hash);
  });

  test("a request that opens nothing has an impact of nothing", () => {
    const request = asking(
      "initiator",
      { securityGroupIds: [] },
      asking("acceptor", { securityGroupIds: [], ports: [] }),
    );

    expect(impact(facts(), { ...request, icmp: false })).toMatchObject({
      initiator: { reachable: 0, from: 0 },
      acceptor: { reachable: 0, from: 0 },
      moves: [],
    });
  });
});
