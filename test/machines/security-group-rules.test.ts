import { expect, test } from "vitest";
import type { SecurityGroup, SecurityGroupRule } from "../../machines/network/facts.ts";
import { type Packet, requestPacket } from "../../machines/network/packet.ts";
import { judgeGroups } from "../../machines/network/security-group-rules.ts";
import { group, rule, withInstance, withSide } from "./networks.ts";

const ENDS = { sourceIp: "192.168.1.10", destinationIp: "172.16.1.10" };
const POSTGRES = requestPacket(ENDS, "TCP", 5432);
const PING = requestPacket(ENDS, "ICMP", null);

/** What the groups of the acceptor's instance do to a packet of the initiator's. */
function judged(packet: Packet, ...securityGroups: readonly SecurityGroup[]) {
  const { acceptor: facts } = withInstance(
    "acceptor",
    { securityGroupIds: ["sg-a", "sg-b"] },
    withSide("acceptor", { securityGroups }),
  );
  const [instance] = facts.instances;
  if (!instance) throw new Error("the tutorial has an instance");
  return judgeGroups("ingress", packet, { instance, facts, peerGroupIds: [] });
}

function byRules(packet: Packet, ...rules: readonly SecurityGroupRule[]) {
  return judged(packet, group("sg-a", { rules }), group("sg-b"));
}

function accept(change: Partial<SecurityGroupRule> = {}): SecurityGroupRule {
  return rule({ id: "sgr-accept", policy: "accept", ...change });
}

const prefixList = (change: Partial<SecurityGroupRule>) => rule({ peerCidr: "", peerPrefixListId: "pl-1", ...change });

const UNSEEN = { judgement: "unknown", why: { cause: "notRead", what: "prefixList", id: "pl-1" } };

test("at equal priority a drop wins, in whatever group and order the two stand", () => {
  const why = { cause: "ruleDrops", direction: "ingress", ruleId: "sgr-1", priority: 1 };
  const [accepting, dropping] = [{ rules: [accept()] }, { rules: [rule({})] }];

  expect(byRules(POSTGRES, accept(), rule({}), accept())).toEqual({
    judgement: "drop",
    why: { ...why, securityGroupId: "sg-a" },
  });
  expect(judged(POSTGRES, group("sg-a", accepting), group("sg-b", dropping))).toEqual({
    judgement: "drop",
    why: { ...why, securityGroupId: "sg-b" },
  });
});

test("a smaller number wins, whatever the policies", () => {
  expect(byRules(POSTGRES, rule({ priority: 2 }), accept())).toEqual({ judgement: "accept", ruleId: "sgr-accept" });
  expect(byRules(POSTGRES, accept({ priority: 2 }), rule({}))).toMatchObject({ judgement: "drop" });
});

test("a rule for all protocols is about every port, and a ping has none on either end", () => {
  expect(byRules(POSTGRES, accept({ portRange: "80/80" }))).toMatchObject({ judgement: "accept" });
  expect(byRules(PING, accept({ protocol: "ICMP", sourcePortRange: "1/1024" }))).toMatchObject({ judgement: "accept" });
});

test("a group whose rules were not read, or that is not there, makes it unknown", () => {
  const why = { cause: "notRead", what: "securityGroupRules", id: "sg-b" };

  expect(judged(POSTGRES, group("sg-a"), group("sg-b", { rules: null }))).toEqual({ judgement: "unknown", why });
  expect(judged(POSTGRES, group("sg-a", { rules: [accept()] }))).toEqual({ judgement: "unknown", why });
});

test("a prefix list makes it unknown where it outranks what says otherwise, and nowhere else", () => {
  expect(byRules(POSTGRES, prefixList({}), accept({ priority: 2 }))).toEqual(UNSEEN);
  expect(byRules(POSTGRES, prefixList({ policy: "accept" }))).toEqual(UNSEEN);
  expect(byRules(POSTGRES, prefixList({ policy: "accept" }), accept({ priority: 2 }))).toMatchObject({
    judgement: "accept",
  });
  expect(byRules(POSTGRES, prefixList({ priority: 2 }), accept())).toMatchObject({ judgement: "accept" });
});

test("the worst of what a client's ports meet is said: a drop before an unknown, an unknown before an accept", () => {
  const high = prefixList({ sourcePortRange: "50000/65535" });
  const low = rule({ sourcePortRange: "1024/40000" });

  expect(byRules(POSTGRES, high, accept({ priority: 2 }))).toEqual(UNSEEN);
  expect(byRules(POSTGRES, high, low, accept({ priority: 2 }))).toMatchObject({
    judgement: "drop",
    why: { cause: "ruleDrops" },
  });
});

test("of the accepts that a client's ports meet the one for its first ports is named", () => {
  const [first, second] = [
    accept({ id: "sgr-low", sourcePortRange: "1024/40000" }),
    accept({ id: "sgr-high", sourcePortRange: "40001/65535" }),
  ];

  expect(byRules(POSTGRES, second, first)).toEqual({ judgement: "accept", ruleId: "sgr-low" });
});
