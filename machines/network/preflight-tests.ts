/**
 * Whether the peering can be proved: the chosen instances can run the test, and it gets from one to the other.
 */
import type { Check } from "./checks.ts";
import { blockOf } from "./cidr.ts";
import type { Instance, NetworkFacts, SecurityGroup } from "./facts.ts";
import { flowsTo, type Flow } from "./planned-flows.ts";
import type { RequestRevision } from "./request.ts";
import { decide } from "./rule-match.ts";
import { testInstanceProblem } from "./scope.ts";
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
 */
function testGetsThrough(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Check[] {
  const [from, to] = [testInstance(side, request, facts), testInstance(opposite(side), request, facts)];
  const icmp: Flow[] = request.icmp ? [{ protocol: "ICMP", ports: null }] : [];
  const flows = [...icmp, ...flowsTo(opposite(side), request).filter(({ protocol }) => protocol === "TCP")];
  if (!from?.privateIp || !to?.privateIp || flows.length === 0) return [];
  const ends = [
    { at: side, direction: "egress" as const, own: from, peer: to },
    { at: opposite(side), direction: "ingress" as const, own: to, peer: from },
  ];
  for (const { at, direction, own, peer } of ends) {
    const isOpened = own.securityGroupIds.some((id) => request[at].securityGroupIds.includes(id));
    if (isOpened) continue;
    const groups = groupsOf(own, facts[at].securityGroups);
    const answers = flows.map((flow) => decide(groups, direction, { flow, ...addresses(own, peer) }));
    if (answers.every((answer) => answer === "accept")) continue;
    const sure = answers.includes("drop");
    const stopped = { at, securityGroupIds: own.securityGroupIds, sure };
    return [{ level: sure ? "stop" : "warn", check: "testGetsThrough", side, from: from.id, to: to.id, stopped }];
  }
  return [{ level: "ok", check: "testGetsThrough", side, from: from.id, to: to.id, stopped: null }];
}

function groupsOf({ securityGroupIds }: Instance, groups: readonly SecurityGroup[]): readonly SecurityGroup[] {
  return groups.filter(({ id }) => securityGroupIds.includes(id));
}

function addresses(own: Instance, peer: Instance) {
  return { own: blockOf(own.privateIp), peer: blockOf(peer.privateIp), peerGroupIds: peer.securityGroupIds };
}
