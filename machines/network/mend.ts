/**
 * What a peering may do so that its own test gets through: put back what was approved, or let in just what is tested.
 *
 * Entries and rules of others, network ACLs, hosts and connections are left to whoever owns them.
 */
import type { AuthorizeSecurityGroup, PlannedRule } from "../peering/effects.ts";
import { coversMore, blockOf } from "./cidr.ts";
import type { NetworkFacts } from "./facts.ts";
import { covers, holdsPort } from "./packet.ts";
import type { Plan, Step } from "./plan.ts";
import { authorizeSteps, routeStep } from "./plan-steps.ts";
import { planned } from "./planned.ts";
import { type Finding, findingOf, type Flow, type Hop, walk } from "./reachability.ts";
import { opposite, type Side } from "./side.ts";

/** `left`: what stops a packet and is not the peering's to mend, so that mending the rest would be in vain. */
export type Mending = { readonly steps: readonly Step[] } | { readonly left: Finding };

type Dropped = Extract<Finding, { verdict: "dropped" | "unknown" }>;
type Rules = Omit<AuthorizeSecurityGroup, "type">;

/**
 * The fewest steps after which every packet of the plan's own test gets through; none when every one does already.
 *
 * Pure: the same facts give the same steps.
 */
export function mend(facts: NetworkFacts, built: Plan): Mending {
  const flows = testFlows(facts, built);
  const routes: Step[] = [];
  const rules: Rules[] = [];
  const steps = () => [...routes, ...rules.flatMap((group) => authorizeSteps(group))];
  for (;;) {
    const mended = planned(facts, { connection: built.connection, steps: steps() }, "secure");
    const stopped = firstStop(mended, flows);
    if (stopped === null) return { steps: steps() };
    const { finding, flow } = stopped;
    const route = missingEntry(finding, flow, mended, built);
    const rule = route ? null : missingRule(finding, flow, mended, built);
    if (route) routes.push(route);
    // Each is new, or the walk would not have ended there again; so this comes to an end.
    else if (rule) addRule(rules, rule);
    else return { left: finding };
  }
}

/** Whether a cause is of the kind that a peering may mend; only `mend` knows whether it can. */
export function isMendable(finding: Finding): boolean {
  if (finding.verdict !== "dropped") return false;
  const { why } = finding;
  return why.cause === "noRuleAccepts" ? !why.isManaged : why.cause === "noRoute" || why.cause === "routeElsewhere";
}

/** What stops the first packet of these tests that does not get through; allowed when all of them do. */
export function findingOfTest(facts: NetworkFacts, tests: Pick<Plan, "steps" | "about">): Finding {
  return firstStop(facts, testFlows(facts, tests))?.finding ?? { verdict: "allowed" };
}

/** What the plan's test sends, in the order of its steps; an instance that is gone is looked for where it was. */
function testFlows(facts: NetworkFacts, { steps, about }: Pick<Plan, "steps" | "about">): readonly Flow[] {
  const address = (side: Side, instanceId: string) =>
    facts[side].instances.find(({ id }) => id === instanceId)?.privateIp ?? about[side].testInstance?.privateIp ?? "";
  return steps.flatMap(({ effect }): Flow[] => {
    if (effect.type !== "runConnectivityTest") return [];
    const { side, instanceId, targetInstanceId } = effect;
    const from = { side, ip: address(side, instanceId) };
    const to = { side: opposite(side), ip: address(opposite(side), targetInstanceId) };
    return [
      ...(effect.ping ? [{ from, to, protocol: "ICMP", port: null } as const] : []),
      ...effect.ports.map((port) => ({ from, to, protocol: "TCP", port }) as const),
    ];
  });
}

interface Stopped {
  readonly finding: Dropped;
  readonly flow: Flow;
}

function firstStop(facts: NetworkFacts, flows: readonly Flow[]): Stopped | null {
  for (const flow of flows) {
    const finding = findingOf(walk(facts, flow));
    if (finding.verdict !== "allowed") return { finding, flow };
  }
  return null;
}

/** Where no entry of the plan's is in the way of a packet: the block that the plan routes, in the table that was asked. */
function missingEntry(
  { verdict, at, why }: Dropped,
  { from, to }: Flow,
  facts: NetworkFacts,
  built: Plan,
): Step | null {
  if (verdict !== "dropped" || at.hop !== "routeTable") return null;
  const { side, routeTableId } = at;
  const ip = at.way === "there" ? to.ip : from.ip;
  const destination = built.about[opposite(side)].cidrs.find((cidr) => covers(cidr, ip));
  const table = facts[side].routeTables.find(({ id }) => id === routeTableId);
  // An entry for the same block, whatever its status, is somebody's; so is a more specific one.
  if (!destination || !table || table.entries.some((entry) => entry.destination === destination)) return null;
  if (why.cause === "routeElsewhere" && !coversMore(blockOf(why.destination), blockOf(destination))) return null;
  const { regionId, vpcId } = facts[side];
  return routeStep({ side, regionId, vpcId, routeTableId, destination });
}

/** The rule that was approved for the packet; where none was, one for just this packet between just these hosts. */
function missingRule({ verdict, at, why }: Dropped, flow: Flow, facts: NetworkFacts, built: Plan): Rules | null {
  if (verdict !== "dropped" || at.hop !== "securityGroups" || why.cause !== "noRuleAccepts") return null;
  const approved = approvedRule(at, flow, built);
  if (approved) return approved;
  const { side, direction } = at;
  const managed = facts[side].securityGroups.filter(({ serviceManaged }) => serviceManaged).map(({ id }) => id);
  const [securityGroupId] = at.securityGroupIds.filter((id) => !managed.includes(id)).toSorted();
  if (!securityGroupId) return null;
  const [own, peer] = direction === "ingress" ? [flow.to, flow.from] : [flow.from, flow.to];
  const portRange = flow.port === null ? "-1/-1" : `${flow.port}/${flow.port}`;
  const protocol = flow.protocol === "ICMP" ? "ICMP" : "TCP";
  const rule = { protocol, portRange, peerCidr: `${peer.ip}/32`, ownCidr: `${own.ip}/32` } as const;
  return { side, regionId: facts[side].regionId, securityGroupId, direction, rules: [rule] };
}

function approvedRule(at: Extract<Hop, { hop: "securityGroups" }>, flow: Flow, { steps }: Plan): Rules | null {
  const peerIp = at.direction === "ingress" ? flow.from.ip : flow.to.ip;
  const fits = ({ protocol, portRange, peerCidr }: PlannedRule) =>
    protocol === flow.protocol && covers(peerCidr, peerIp) && (flow.port === null || holdsPort(portRange, flow.port));
  for (const { effect } of steps) {
    if (effect.type !== "authorizeSecurityGroup" || effect.direction !== at.direction) continue;
    const { side, regionId, securityGroupId, direction, rules } = effect;
    const rule = rules.find((candidate) => fits(candidate));
    if (rule && at.securityGroupIds.includes(securityGroupId))
      return { side, regionId, securityGroupId, direction, rules: [rule] };
  }
  return null;
}

/** Rules of one group and direction go out together. */
function addRule(groups: Rules[], added: Rules): void {
  const at = groups.findIndex(
    ({ securityGroupId, direction }) => securityGroupId === added.securityGroupId && direction === added.direction,
  );
  const present = groups[at];
  if (present) groups[at] = { ...present, rules: [...present.rules, ...added.rules] };
  else groups.push(added);
}
