/**
 * The checks of network ACLs and security groups held against the walk, which judges one packet at a time, and what is
 * proposed where blocks collide held against the checks themselves.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NetworkAclEntry, NetworkFacts, SecurityGroupRule } from "../../machines/network/facts.ts";
import { judgeAcl } from "../../machines/network/network-acl-entries.ts";
import { replyTo, requestPacket } from "../../machines/network/packet.ts";
import { preflight } from "../../machines/network/preflight.ts";
import { judgeGroups } from "../../machines/network/security-group-rules.ts";
import { bothSides } from "../../machines/network/side.ts";
import { asking, checksNamed, vSwitch, withSide, withVpc, rule } from "./networks.ts";
import { aclEntry } from "./preflight-changes.ts";
import { holds } from "./seeded.ts";
import { facts, requestRevision } from "./tutorial.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 1_000);
const request = requestRevision();

/** Addresses of the initiator's vSwitch, at both ends of every part that the drawn blocks tell apart. */
const SENDERS = [0, 9, 10, 11, 63, 64, 127, 128, 255].map((last) => `192.168.1.${last}`);
const BLOCKS = [
  "0.0.0.0/0",
  "192.168.0.0/16",
  "192.168.1.0/24",
  "192.168.1.0/25",
  "192.168.1.128/25",
  "192.168.1.64/26",
  "192.168.1.10/32",
  "10.0.0.0/8",
];
const PORTS = ["1/65535", "5432/5432", "5400/5431", "32768/60999", "32768/50000", "50001/60999", "1024/65535"];

const matches = fc.oneof(
  fc.record({ protocol: fc.constantFrom("ALL", "ICMP", "UDP"), portRange: fc.constant("-1/-1") }),
  fc.record({ protocol: fc.constant("TCP"), portRange: fc.constantFrom(...PORTS) }),
);
const policies = fc.constantFrom("accept" as const, "accept" as const, "drop" as const);

describe("a network ACL", () => {
  const entries = fc.array(
    fc
      .record({ match: matches, policy: policies, peerCidr: fc.constantFrom(...BLOCKS) })
      .map(({ match, ...given }): NetworkAclEntry => aclEntry({ ...match, ...given })),
    { maxLength: 6 },
  );

  test("stops exactly when it drops a packet of a planned flow or of its reply", () => {
    holds(
      fc.property(entries, entries, fc.boolean(), (ingress, egress, open) => {
        // Mostly something comes through, else everything stops.
        const last = open ? [aclEntry({})] : [];
        const network = withAcl([...ingress, ...last], [...egress, ...last]);

        const [check] = checksNamed("networkAclsLetThrough", preflight(request, network), "acceptor");

        expect(check?.level).toBe(packetsDropped(network) ? "stop" : "ok");
      }),
      RUNS,
    );
  });
});

function withAcl(ingress: readonly NetworkAclEntry[], egress: readonly NetworkAclEntry[]): NetworkFacts {
  const plain = facts();
  return withSide("acceptor", {
    vSwitches: plain.acceptor.vSwitches.map((one) => ({ ...one, networkAclId: "nacl-1" })),
    networkAcls: [{ id: "nacl-1", name: "", ingress, egress }],
  });
}

/** Ping and TCP 5432 from any address of the initiator's vSwitch, and ping to the initiator's instance. */
function packetsDropped({ acceptor }: NetworkFacts): boolean {
  const [at] = acceptor.vSwitches;
  if (!at) throw new Error("the tutorial has a vSwitch on each side");
  const asked = SENDERS.flatMap((sourceIp) => {
    const ends = { sourceIp, destinationIp: "172.16.1.10" };
    return [requestPacket(ends, "ICMP", null), requestPacket(ends, "TCP", 5432)];
  });
  const pinging = requestPacket({ sourceIp: "172.16.1.10", destinationIp: "192.168.1.10" }, "ICMP", null);
  return [
    ...asked.map((packet) => judgeAcl("ingress", packet, acceptor, at)),
    ...asked.map((packet) => judgeAcl("egress", replyTo(packet), acceptor, at)),
    judgeAcl("egress", pinging, acceptor, at),
    judgeAcl("ingress", replyTo(pinging), acceptor, at),
  ].some(({ judgement }) => judgement === "drop");
}

describe("the rules of a chosen group", () => {
  const rules = fc.array(
    fc
      .record({
        match: matches,
        policy: policies,
        peerCidr: fc.constantFrom(...BLOCKS),
        priority: fc.constantFrom(1, 50, 99, 100, 110),
      })
      .map(({ match, ...given }) => rule({ ...match, ...given })),
    { maxLength: 5 },
  );

  test("stop whenever a packet that the plan opens is dropped", () => {
    holds(
      fc.property(rules, (drawn) => {
        const stopped = ruledOn(drawn);

        // An accept that is split over several rules is not put together: the stop is then one too many.
        const accepts = drawn.filter(({ policy }) => policy === "accept").length;
        const expected = opensDropped(drawn) || (accepts > 1 && stopped);

        expect(stopped).toBe(expected);
      }),
      RUNS,
    );
  });
});

function ruledOn(rules: readonly SecurityGroupRule[]): boolean {
  const [check] = checksNamed("noDropWins", preflight(request, withRules(rules)), "acceptor");
  return check?.level === "stop";
}

function withRules(rules: readonly SecurityGroupRule[]): NetworkFacts {
  const { securityGroups } = facts().acceptor;
  return withSide("acceptor", { securityGroups: securityGroups.map((one) => ({ ...one, rules })) });
}

/** With the accepts that the plan would add. */
function opensDropped(rules: readonly SecurityGroupRule[]): boolean {
  const ours = rule({ policy: "accept", priority: 100, peerCidr: "192.168.0.0/16" });
  const planned = [
    { ...ours, protocol: "ICMP" },
    { ...ours, protocol: "TCP", portRange: "5432/5432" },
  ];
  const { acceptor } = withRules([...rules, ...planned]);
  const [instance] = acceptor.instances;
  if (!instance) throw new Error("the tutorial has an instance on each side");
  return SENDERS.flatMap((sourceIp) => {
    const ends = { sourceIp, destinationIp: "172.16.1.10" };
    return [requestPacket(ends, "ICMP", null), requestPacket(ends, "TCP", 5432)];
  }).some((packet) => {
    return judgeGroups("ingress", packet, { instance, facts: acceptor, peerGroupIds: [] }).judgement === "drop";
  });
}

describe("where blocks collide", () => {
  const blocks = fc.array(
    fc.tuple(fc.integer({ min: 20, max: 28 }), fc.nat({ max: 40 })).map(([prefix, at]) => `10.0.${at}.0/${prefix}`),
    { maxLength: 6 },
  );

  test("the vSwitches that are proposed can be chosen", () => {
    holds(
      fc.property(blocks, blocks, (initiator, acceptor) => {
        const network = colliding({ initiator, acceptor });
        const [check] = checksNamed("cidrsApart", preflight(request, network));
        const { wouldWork } = check ?? {};
        if (!wouldWork || wouldWork.initiator.length === 0 || wouldWork.acceptor.length === 0) return;

        const chosen = bothSides((side) => ({ vSwitchIds: wouldWork[side] }));
        const narrowed = preflight(asking("initiator", chosen.initiator, asking("acceptor", chosen.acceptor)), network);

        expect(checksNamed("cidrsApart", narrowed)).toMatchObject([{ level: "ok" }]);
        expect(checksNamed("destinationAllowed", narrowed)).toMatchObject([{ level: "ok" }, { level: "ok" }]);
        expect(checksNamed("noLongerPrefix", narrowed)).toMatchObject([{ level: "ok" }, { level: "ok" }]);
      }),
      RUNS,
    );
  });

  test("full overlap has none to propose", () => {
    const network = colliding({ initiator: ["10.0.1.0/24", "10.0.2.0/24"], acceptor: ["10.0.0.0/20"] });

    expect(checksNamed("cidrsApart", preflight(request, network))).toMatchObject([
      { level: "stop", wouldWork: { initiator: [], acceptor: [] } },
    ]);
  });

  test("each side is told its own vSwitches that share nothing with any of the other", () => {
    const network = colliding({
      initiator: ["10.0.1.0/24", "10.0.2.0/24"],
      acceptor: ["10.0.2.128/25", "10.0.3.0/24", "100.64.1.0/24"],
    });

    expect(checksNamed("cidrsApart", preflight(request, network))).toMatchObject([
      { wouldWork: { initiator: ["vsw-initiator0"], acceptor: ["vsw-acceptor1"] } },
    ]);
  });
});

function colliding(cidrs: Readonly<Record<"initiator" | "acceptor", readonly string[]>>): NetworkFacts {
  const vSwitches = bothSides((side) => ({
    vSwitches: cidrs[side].map((cidr, index) =>
      vSwitch(`vsw-${side}${index}`, cidr, facts()[side].routeTables[0]?.id ?? "vtb-"),
    ),
  }));
  const both = withVpc("initiator", { cidr: "10.0.0.0/16" }, withVpc("acceptor", { cidr: "10.0.0.0/16" }));
  return withSide("initiator", vSwitches.initiator, withSide("acceptor", vSwitches.acceptor, both));
}
