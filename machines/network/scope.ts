/**
 * What of a VPC a request is about: the blocks that get routed, the tables that serve them, the instances in them.
 */
import { contains, type Cidr } from "./cidr.ts";
import { vpcCidrs, type Instance, type RouteTable, type SideFacts } from "./facts.ts";
import type { TestInstanceProblem } from "./checks.ts";
import type { RequestSide } from "./request.ts";

/** Blocks that the other side routes here: all of the VPC's, or the chosen vSwitches'. Empty when the VPC is not there. */
export function routedCidrs(request: RequestSide, facts: SideFacts): readonly Cidr[] {
  if (facts.vpc === null) return [];
  if (request.vSwitchIds.length === 0) return vpcCidrs(facts.vpc);
  return facts.vSwitches.filter(({ id }) => request.vSwitchIds.includes(id)).map(({ cidr }) => cidr);
}

/**
 * Tables that must get the entries: for a whole VPC the system table and every custom table that vSwitches can use, else
 * the tables of the chosen vSwitches. A vSwitch has exactly one table, and no Gateway table serves any.
 */
export function servingTables(request: RequestSide, facts: SideFacts): readonly RouteTable[] {
  const forVSwitches = facts.routeTables.filter(({ associateType }) => associateType === "VSwitch");
  if (request.vSwitchIds.length === 0) return forVSwitches;
  const chosen = facts.vSwitches.filter(({ id }) => request.vSwitchIds.includes(id));
  return forVSwitches.filter((table) => chosen.some(({ routeTableId }) => routeTableId === table.id));
}

/** Running instances whose address is in the routed blocks. */
export function runningHosts(request: RequestSide, facts: SideFacts): readonly Instance[] {
  const cidrs = routedCidrs(request, facts);
  return facts.instances.filter(({ status, privateIp }) => status === "Running" && isWithin(cidrs, privateIp));
}

/** Why an instance cannot be pinged from, or null when it can. The order is the order in which a person would mend it. */
export function testInstanceProblem(
  instance: Instance | undefined,
  request: RequestSide,
  facts: SideFacts,
): TestInstanceProblem | null {
  if (!instance) return "unknown";
  if (instance.osType !== "linux") return "notLinux";
  if (instance.status !== "Running") return "notRunning";
  if (!instance.optedIn) return "notOptedIn";
  if (!instance.assistantOnline) return "assistantOffline";
  return isWithin(routedCidrs(request, facts), instance.privateIp) ? null : "outsideScope";
}

function isWithin(cidrs: readonly Cidr[], privateIp: string): boolean {
  return privateIp !== "" && cidrs.some((cidr) => contains(cidr, `${privateIp}/32`));
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
