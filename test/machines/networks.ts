/**
 * The tutorial's network and request with something else in them.
 */
import type { Check, CheckFact } from "../../machines/network/checks.ts";
import type {
  Instance,
  NetworkFacts,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  SideFacts,
  Vpc,
  VSwitch,
} from "../../machines/network/facts.ts";
import { planRequest } from "../../machines/connections/plan-request.ts";
import type { RequestRevision, RequestSide } from "../../machines/network/request.ts";
import type { Side } from "../../machines/network/side.ts";
import { facts, requestRevision, RULES } from "./tutorial.ts";

export function withSide(side: Side, change: Partial<SideFacts>, network: NetworkFacts = facts()): NetworkFacts {
  return { ...network, [side]: { ...network[side], ...change } };
}

export function withVpc(side: Side, change: Partial<Vpc>, network: NetworkFacts = facts()): NetworkFacts {
  const { vpc } = network[side];
  if (vpc === null) throw new Error("changing a VPC that is not there");
  return withSide(side, { vpc: { ...vpc, ...change } }, network);
}

export function withInstance(side: Side, change: Partial<Instance>, network: NetworkFacts = facts()): NetworkFacts {
  return withSide(
    side,
    { instances: network[side].instances.map((instance) => ({ ...instance, ...change })) },
    network,
  );
}

export function asking(
  side: Side,
  change: Partial<RequestSide>,
  request: RequestRevision = requestRevision(),
): RequestRevision {
  return { ...request, [side]: { ...request[side], ...change } };
}

export function table(id: RouteTable["id"], change: Partial<RouteTable> = {}): RouteTable {
  return { id, name: "", type: "Custom", associateType: "VSwitch", entries: [], ...change };
}

export function vSwitch(id: VSwitch["id"], cidr: string, routeTableId: RouteTable["id"]): VSwitch {
  return { id, name: "", cidr, zoneId: "z", routeTableId, networkAclId: "" };
}

export function group(id: SecurityGroup["id"], change: Partial<SecurityGroup> = {}): SecurityGroup {
  return { id, name: "", type: "normal", serviceManaged: false, innerAccess: "accept", rules: [], ...change };
}

/** A drop of everything from everywhere, but for what is changed. */
export function rule(change: Partial<SecurityGroupRule>): SecurityGroupRule {
  return {
    id: "sgr-1",
    direction: "ingress",
    policy: "drop",
    protocol: "ALL",
    portRange: "-1/-1",
    priority: 1,
    peerCidr: "0.0.0.0/0",
    peerGroupId: "",
    peerPrefixListId: "",
    ownCidr: "",
    sourcePortRange: "",
    description: "",
    ...change,
  };
}

/** Whatever the checks say, plan or no plan. */
export function checksOf(request: RequestRevision, network: NetworkFacts): readonly Check[] {
  const planned = planRequest(request, network, RULES);
  return "plan" in planned ? planned.plan.checks : planned.stopped;
}

/** The checks of one name, on one side when it has sides. */
export function checksNamed<Name extends CheckFact["check"]>(
  name: Name,
  checks: readonly Check[],
  side?: Side,
): ReadonlyArray<Extract<Check, { check: Name }>> {
  return checks.filter(
    (check): check is Extract<Check, { check: Name }> =>
      check.check === name && (side === undefined || ("side" in check && check.side === side)),
  );
}
