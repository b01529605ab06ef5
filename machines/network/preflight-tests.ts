/**
 * Whether the peering can be proved: the chosen instances can run the test, and it gets from one to the other.
 */
import type { Check } from "./checks.ts";
import type { Instance, NetworkFacts } from "./facts.ts";
import { requestPacket, type Packet } from "./packet.ts";
import { flowsTo } from "./planned-flows.ts";
import type { RequestRevision } from "./request.ts";
import { testInstanceProblem } from "./scope.ts";
import { judgeGroups } from "./security-group-rules.ts";
import { opposite, SIDES, type Side } from "./side.ts";

export function testChecks(request: RequestRevision, facts: NetworkFacts): readonly Check[] {
  return [
    ...SIDES.map((side) => testInstanceFits(side, request, facts)),
    ...SIDES.flatMap((side) => testGetsThrough(side, request, facts)),
  ];
}

/** No instance at all is a warning: the peering can be built, and stays `secured` until a lead accepts it untested. */
function testInstanceFits(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const { testInstanceId } = request[side];
  if (testInstanceId === null) {
    return { level: "warn", check: "testInstanceFits", side, instanceId: null, problem: "noneChosen" };
  }
  const problem = testInstanceProblem(testInstance(side, request, facts), request[side], facts[side]);
  const level = problem === null ? "ok" : "stop";
  return { level, check: "testInstanceFits", side, instanceId: testInstanceId, problem };
}

function testInstance(side: Side, request: RequestRevision, facts: NetworkFacts): Instance | undefined {
  return facts[side].instances.find(({ id }) => id === request[side].testInstanceId);
}

/**
 * From the instance of `side` to the other: both need a group that the plan opens, or rules that let it through already.
 * Drops that win over what the plan opens are said with their groups. Nothing without two instances and something to test.
 *
 * A warning: somebody else's rule may come in time, and a test that fails can be run again.
 */
function testGetsThrough(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Check[] {
  const other = opposite(side);
  const [from, to] = [testInstance(side, request, facts), testInstance(other, request, facts)];
  const packets = from?.privateIp && to?.privateIp ? testPackets(from, to, request, other) : [];
  if (!from || !to || packets.length === 0) return [];
  const ends = [
    { at: side, direction: "egress" as const, own: from, peer: to },
    { at: other, direction: "ingress" as const, own: to, peer: from },
  ];
  for (const { at, direction, own, peer } of ends) {
    if (own.securityGroupIds.some((id) => request[at].securityGroupIds.includes(id))) continue;
    const knowing = { instance: own, facts: facts[at], peerGroupIds: peer.securityGroupIds };
    const judgements = packets.map((packet) => judgeGroups(direction, packet, knowing).judgement);
    if (judgements.every((judgement) => judgement === "accept")) continue;
    const sure = judgements.includes("drop");
    const stopped = { at, securityGroupIds: own.securityGroupIds, sure };
    return [{ level: "warn", check: "testGetsThrough", side, from: from.id, to: to.id, stopped }];
  }
  return [{ level: "ok", check: "testGetsThrough", side, from: from.id, to: to.id, stopped: null }];
}

/** A ping, and a connection to each port that is opened at the other end. */
function testPackets(from: Instance, to: Instance, request: RequestRevision, other: Side): readonly Packet[] {
  const ends = { sourceIp: from.privateIp, destinationIp: to.privateIp };
  const ports = flowsTo(other, request).flatMap((flow) => flow.ports ?? []);
  const ping = request.icmp ? [requestPacket(ends, "ICMP", null)] : [];
  return [...ping, ...ports.map((range) => requestPacket(ends, "TCP", range.from))];
}
