/**
 * What of a VPC a request is about: the blocks that get routed, the tables that serve them, the instances in them.
 */
import { blockOf, covers, meets, type Block, type Cidr } from "./cidr.ts";
import { vpcCidrs, type Instance, type RouteTable, type SideFacts, type VSwitch } from "./facts.ts";
import type { TestInstanceProblem } from "./checks.ts";
import type { RequestSide } from "./request.ts";
import { PRIVATE_CIDRS } from "./rules.ts";

/** Blocks that the other side routes here: all of the VPC's, or the chosen vSwitches'. Empty when the VPC is not there. */
export function routedCidrs(request: RequestSide, facts: SideFacts): readonly Cidr[] {
  if (facts.vpc === null) return [];
  if (request.vSwitchIds.length === 0) return vpcCidrs(facts.vpc);
  return vSwitchesInScope(request, facts).map(({ cidr }) => cidr);
}

/**
 * Tables that must get the entries: for a whole VPC the system table and every custom table that vSwitches can use, else
 * the tables of the chosen vSwitches. A vSwitch has exactly one table, and no Gateway table serves any.
 */
export function servingTables(request: RequestSide, facts: SideFacts): readonly RouteTable[] {
  const forVSwitches = facts.routeTables.filter(({ associateType }) => associateType === "VSwitch");
  if (request.vSwitchIds.length === 0) return forVSwitches;
  const used = new Set(vSwitchesInScope(request, facts).map(({ routeTableId }) => routeTableId));
  return forVSwitches.filter(({ id }) => used.has(id));
}

/** The vSwitches that the other side will be able to reach and be reached from. */
export function vSwitchesInScope(request: RequestSide, facts: SideFacts): readonly VSwitch[] {
  if (request.vSwitchIds.length === 0) return facts.vSwitches;
  return facts.vSwitches.filter(({ id }) => request.vSwitchIds.includes(id));
}

/** Instances whose address is in the routed blocks, running or not. */
export function hostsInScope(request: RequestSide, facts: SideFacts): readonly Instance[] {
  const blocks = routedCidrs(request, facts).map(blockOf);
  return facts.instances.filter(({ privateIp }) => isWithin(blocks, privateIp));
}

/** Running instances whose address is in the routed blocks. */
export function runningHosts(request: RequestSide, facts: SideFacts): readonly Instance[] {
  return hostsInScope(request, facts).filter(({ status }) => status === "Running");
}

/** Why the test cannot run on an instance, or null when it can. The order is the order in which a person would mend it. */
export function testInstanceProblem(
  instance: Instance | undefined,
  request: RequestSide,
  facts: SideFacts,
): TestInstanceProblem | null {
  if (!instance) return "unknown";
  if (instance.status !== "Running") return "notRunning";
  if (!instance.optedIn) return "notOptedIn";
  if (!instance.assistantOnline) return "assistantOffline";
  return isWithin(routedCidrs(request, facts).map(blockOf), instance.privateIp) ? null : "outsideScope";
}

function isWithin(blocks: readonly Block[], privateIp: string): boolean {
  if (privateIp === "") return false;
  const address = blockOf(privateIp);
  return blocks.some((block) => meets(block, address));
}

/** True for addresses that never belong to anybody on the internet. */
export function isPrivate(block: Block): boolean {
  return PRIVATE_CIDRS.some((cidr) => covers(blockOf(cidr), block));
}

/** Instances that the test may run on, in the order of their names. */
export function testableInstances(request: RequestSide, facts: SideFacts): readonly Instance[] {
  return facts.instances
    .filter((instance) => testInstanceProblem(instance, request, facts) === null)
    .toSorted((a, b) => a.name.localeCompare(b.name, "en") || a.id.localeCompare(b.id, "en"));
}

/** The side of a request that asks for all of a VPC and opens nothing: what there is to choose from. */
export function wholeVpc({ regionId, vpcId }: SideFacts): RequestSide {
  return { regionId, vpcId, vSwitchIds: [], securityGroupIds: [], ports: [], testInstanceId: null };
}
