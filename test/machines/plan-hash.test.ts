/**
 * What a vote is for. The hash must differ when what is done or opened differs, and only then; and what changed must be
 * named.
 */
import { dictionary, jsonValue, pre, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { changedPreconditions, hashOf, planHash, type PreconditionChange } from "../../machines/network/plan.ts";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import { planRequest } from "../../machines/connections/plan-request.ts";
import { asking, group, table, vSwitch, withInstance, withSide, withVpc } from "./networks.ts";
import { shuffled, wishes } from "./random-network.ts";
import { holds } from "./seeded.ts";
import { entry as entryTo } from "./preflight-changes.ts";
import { facts, plan, requestRevision, RULES } from "./tutorial.ts";

const before = plan();
const entry = {
  id: "rte-9",
  destination: "203.0.113.0/24",
  status: "Available",
  type: "Custom",
  nextHopType: "VpnGateway",
  nextHopId: "vpn-1",
};
const [instance] = facts().acceptor.instances;
if (!instance) throw new Error("the tutorial has an instance");

describe("the hash stays when", () => {
  test.each<[string, NetworkFacts]>([
    ["a VPC is renamed", withVpc("initiator", { name: "orders-legacy" })],
    [
      "a new instance runs, in the groups that get rules",
      withSide("acceptor", { instances: [instance, { ...instance, id: "i-2ze9" }] }),
    ],
    ["the test instance is renamed", withInstance("acceptor", { name: "ledger-0" })],
    ["the test instance has another address", withInstance("acceptor", { privateIp: "172.16.1.99" })],
    [
      "a route entry to somewhere else is added",
      withSide("initiator", { routeTables: [table("vtb-m5e1", { type: "System", entries: [entry] })] }),
    ],
    [
      "a route table is renamed",
      withSide("initiator", { routeTables: [table("vtb-m5e1", { type: "System", name: "main" })] }),
    ],
    [
      "a gateway table is added",
      withSide("initiator", {
        routeTables: [table("vtb-m5e1", { type: "System" }), table("vtb-gw", { associateType: "Gateway" })],
      }),
    ],
    [
      "a vSwitch is added, of a whole VPC",
      withSide("initiator", { vSwitches: [vSwitch("vsw-m5e9", "192.168.9.0/24", "vtb-m5e1")] }),
    ],
    [
      "a group that nobody chose is added or of another type",
      withSide("acceptor", { securityGroups: [group("sg-2ze1"), group("sg-2ze2", { type: "enterprise" })] }),
    ],
    ["the facts were read later", { ...facts(), readAt: facts().readAt + 60_000 }],
  ])("%s", (_, network) => {
    expect(plan(requestRevision(), network).hash).toBe(before.hash);
  });

  test("another reason is given", () => {
    expect(plan({ ...requestRevision(), reason: "something else" }).hash).toBe(before.hash);
  });

  test("the cloud lists the same things in another order, and the same things were clicked in another order", () => {
    holds(
      property(
        wishes.chain((wish) => shuffled(wish).map((other) => [wish, other] as const)),
        ([one, other]) => {
          expect(plan(other.request, other.network).hash).toBe(plan(one.request, one.network).hash);
        },
      ),
    );
  });

  test("the plan was stored and read back, whatever became of the order of its keys", () => {
    const stored = reversedKeys(JSON.parse(JSON.stringify(before))) as typeof before;

    expect(Object.keys(stored)).not.toEqual(Object.keys(before));
    expect(planHash(stored)).toBe(before.hash);
  });
});

/** A request and a network that differ from the tutorial's, and what the changed preconditions must say. */
type Difference = [
  what: string,
  request: RequestRevision,
  network: NetworkFacts,
  changes: readonly PreconditionChange[],
];

const VPC1 = "vpc-m5e1";
const change = (subject: string, from: string | null, to: string | null): PreconditionChange => ({
  subject,
  before: from,
  after: to,
});

test("the hash stays when more groups than are said could not be read, in whatever order the cloud lists them", () => {
  const ids = Array.from({ length: 14 }, (_, index) => `sg-${String.fromCharCode(97 + index)}` as const);
  const groups = [group("sg-2ze1"), ...ids.map((id) => group(id, { rules: null }))];
  const listed = (securityGroups: typeof groups) =>
    withSide("acceptor", { securityGroups, instances: [{ ...instance, securityGroupIds: ["sg-2ze1", ...ids] }] });

  expect(plan(requestRevision(), listed(groups.toReversed())).hash).toBe(plan(requestRevision(), listed(groups)).hash);
});

describe("the hash differs, and the changed facts are named exactly, when", () => {
  const whole = requestRevision();

  test.each<Difference>([
    [
      "a VPC got a secondary block",
      whole,
      withVpc("initiator", { secondaryCidrs: ["10.8.0.0/16"] }),
      [
        change(`${VPC1} blocks`, "192.168.0.0/16", "10.8.0.0/16 192.168.0.0/16"),
        change(`${VPC1} routed blocks`, "192.168.0.0/16", "10.8.0.0/16 192.168.0.0/16"),
      ],
    ],
    [
      "a VPC's primary block was resized",
      whole,
      withVpc("initiator", { cidr: "192.168.0.0/17" }),
      [
        change(`${VPC1} blocks`, "192.168.0.0/16", "192.168.0.0/17"),
        change(`${VPC1} routed blocks`, "192.168.0.0/16", "192.168.0.0/17"),
      ],
    ],
    [
      "a custom route table was added",
      whole,
      withSide("initiator", { routeTables: [table("vtb-m5e1", { type: "System" }), table("vtb-m5e2")] }),
      [change(`${VPC1} route tables`, "vtb-m5e1", "vtb-m5e1 vtb-m5e2")],
    ],
    [
      "an entry took a part of what is routed, where no vSwitch is yet",
      whole,
      withSide("initiator", {
        routeTables: [table("vtb-m5e1", { type: "System", entries: [entryTo("172.16.128.0/17", "VpnGateway")] })],
      }),
      [change("vtb-m5e1 entries within the routed blocks", null, "172.16.128.0/17 VpnGateway vpngateway-1")],
    ],
    [
      "the rules of a chosen group can no longer be read",
      whole,
      withSide("acceptor", { securityGroups: [group("sg-2ze1", { rules: null })] }),
      [change("not readable, acceptor", null, "sg-2ze1")],
    ],
    [
      "a network ACL that cannot be read is in the way",
      whole,
      withSide("initiator", {
        vSwitches: facts().initiator.vSwitches.map((one) => ({ ...one, networkAclId: "nacl-1" })),
        networkAcls: null,
      }),
      [change("not readable, initiator", null, "nacl-1")],
    ],
    [
      "a VPC has another router",
      whole,
      withVpc("initiator", { vRouterId: "vrt-m5e2" }),
      [change(`${VPC1} router`, "vrt-m5e1", "vrt-m5e2")],
    ],
    [
      "a chosen group is of another type",
      whole,
      withSide("acceptor", { securityGroups: [group("sg-2ze1", { type: "enterprise" })] }),
      [change("sg-2ze1 type", "normal", "enterprise")],
    ],
    [
      "a group was chosen in place of another",
      asking("acceptor", { securityGroupIds: ["sg-2ze2"] }),
      withSide("acceptor", { securityGroups: [group("sg-2ze1"), group("sg-2ze2")] }),
      [change("sg-2ze1 type", "normal", null), change("sg-2ze2 type", null, "normal")],
    ],
    [
      "vSwitches were chosen instead of all",
      asking("initiator", { vSwitchIds: ["vsw-m5e1"] }),
      facts(),
      [change(`${VPC1} routed blocks`, "192.168.0.0/16", "192.168.1.0/24")],
    ],
    ["the bandwidth is another", { ...whole, size: "Mini.5" }, facts(), []],
    ["a port was added", asking("acceptor", { ports: [...whole.acceptor.ports, { from: 443, to: 443 }] }), facts(), []],
    ["a port became a range", asking("acceptor", { ports: [{ from: 5432, to: 5433 }] }), facts(), []],
    [
      "the port was asked for on the other side",
      asking("initiator", { ports: whole.acceptor.ports }, asking("acceptor", { ports: [] })),
      facts(),
      [],
    ],
    ["ping is off", { ...whole, icmp: false }, facts(), []],
    ["another instance is tested", asking("acceptor", { testInstanceId: null }), facts(), []],
  ])("%s", (_, request, network, changes) => {
    const after = plan(request, network);

    expect(after.hash).not.toBe(before.hash);
    expect(changedPreconditions(before, after)).toEqual(changes);
  });

  test("a chosen vSwitch moved to another table", () => {
    const tables = [table("vtb-m5e1", { type: "System" }), table("vtb-m5e2")];
    const some = asking("initiator", { vSwitchIds: ["vsw-m5e1"] });
    const on = (id: "vtb-m5e1" | "vtb-m5e2") =>
      plan(
        some,
        withSide("initiator", { routeTables: tables, vSwitches: [vSwitch("vsw-m5e1", "192.168.1.0/24", id)] }),
      );

    expect(on("vtb-m5e1").hash).not.toBe(on("vtb-m5e2").hash);
    expect(changedPreconditions(on("vtb-m5e1"), on("vtb-m5e2"))).toEqual([
      change(`${VPC1} route tables`, "vtb-m5e1", "vtb-m5e2"),
    ]);
  });

  test("another vSwitch was chosen", () => {
    const vSwitches = [vSwitch("vsw-a", "192.168.1.0/24", "vtb-m5e1"), vSwitch("vsw-b", "192.168.2.0/24", "vtb-m5e1")];
    const choosing = (id: "vsw-a" | "vsw-b") =>
      plan(asking("initiator", { vSwitchIds: [id], testInstanceId: null }), withSide("initiator", { vSwitches }));

    expect(choosing("vsw-a").hash).not.toBe(choosing("vsw-b").hash);
    expect(changedPreconditions(choosing("vsw-a"), choosing("vsw-b"))).toEqual([
      change(`${VPC1} routed blocks`, "192.168.1.0/24", "192.168.2.0/24"),
    ]);
  });

  test("anything in a step, a precondition or an opening differs, or their order", () => {
    const [first, ...others] = before.steps;
    if (!first) throw new Error("a plan has steps");

    expect(planHash({ ...before, steps: [{ ...first, needs: ["x"] }, ...others] })).not.toBe(before.hash);
    expect(planHash({ ...before, steps: [...others, first] })).not.toBe(before.hash);
    expect(planHash({ ...before, steps: others })).not.toBe(before.hash);
    expect(planHash({ ...before, preconditions: before.preconditions.slice(1) })).not.toBe(before.hash);
    expect(planHash({ ...before, opens: [] })).not.toBe(before.hash);
  });
});

describe("changed preconditions", () => {
  test("of a plan and itself are none", () => {
    holds(
      property(wishes, ({ request, network }) => {
        expect(changedPreconditions(plan(request, network), plan(request, network))).toEqual([]);
      }),
      50,
    );
  });

  test("say the same from either end", () => {
    const after = plan(requestRevision(), withVpc("initiator", { secondaryCidrs: ["10.8.0.0/16"] }));
    const turned = changedPreconditions(after, before).map((one) => ({ ...one, before: one.after, after: one.before }));

    expect(turned).toEqual(changedPreconditions(before, after));
  });

  test("name something whenever the same request gives another plan: nobody is asked again for no reason", () => {
    holds(
      property(wishes, wishes, (one, other) => {
        // The one's request in a network that is the other's by half, as far as it can be planned there.
        const network = {
          ...one.network,
          initiator: {
            ...one.network.initiator,
            vpc: other.network.initiator.vpc,
            securityGroups: other.network.initiator.securityGroups,
          },
          acceptor: { ...one.network.acceptor, routeTables: other.network.acceptor.routeTables },
        };
        const [was, is] = [planRequest(one.request, one.network, RULES), planRequest(one.request, network, RULES)];
        pre("plan" in was && "plan" in is);
        if (!("plan" in was && "plan" in is)) return;

        expect(changedPreconditions(was.plan, is.plan).length > 0).toBe(was.plan.hash !== is.plan.hash);
      }),
    );
  });
});

describe("the canonical text under every hash", () => {
  test("does not depend on the order of keys, at any depth", () => {
    holds(
      property(dictionary(string(), jsonValue()), (value) => {
        expect(hashOf(reversedKeys(value))).toBe(hashOf(value));
      }),
    );
  });

  test("does depend on the order of lists, on types and on nesting", () => {
    const hashes = [
      [1, 2],
      [2, 1],
      ["1", 2],
      [[1], 2],
      { 0: 1, 1: 2 },
      [1, 2, null],
      { a: 1 },
      { a: "1" },
      { a: null },
      {},
    ].map(hashOf);

    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("is that of RFC 8785", () => {
    // printf '%s' '{"a":[true,null,"é"],"b":1}' | sha256sum
    expect(hashOf({ b: 1.0, a: [true, null, "é"] })).toBe(
      "17c8c6f7f948ee1c9b93b1bc35f6edc29cbaf3022bff7d076d1c4831dd8a44a2",
    );
  });

  test("leaves out what is undefined, as JSON does, so that a stored value hashes as the one that was stored", () => {
    expect(hashOf({ a: 1, b: undefined })).toBe(hashOf({ a: 1 }));
  });

  test.each([
    ["undefined", undefined, /not JSON/],
    ["a function", () => 1, /not JSON/],
    ["NaN", Number.NaN, /NaN/],
    ["infinity", Number.POSITIVE_INFINITY, /Infinity/],
    ["a bigint", 1n, /BigInt/],
    ["half a character", "\uD800", /surrogate/],
  ])("of %s is refused", (_, value, why) => {
    expect(() => hashOf(value)).toThrow(why);
  });
});

function reversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, part]) => [key, reversedKeys(part)]),
  );
}
