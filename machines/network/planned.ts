/**
 * The networks as they will be once steps of a plan are done: what is walked through before anything is built.
 */
import { CONNECTION_TYPES } from "../connections/types.ts";
import type { AuthorizeSecurityGroup, CreateRouteEntry } from "../peering/effects.ts";
import type { NetworkFacts, RouteEntry, RouterInterface, RouterInterfaceId, SecurityGroupRule } from "./facts.ts";
import type { Plan, Stage } from "./plan.ts";
import { RULE_PRIORITY } from "./rules.ts";
import { bothSides, opposite, type Side } from "./side.ts";

const ORDER: readonly Stage[] = ["check", "create", "route", "secure", "verify"];

/** Ids that nothing has yet; what the cloud will give is not known before. */
const PLANNED_INTERFACE = {
  initiator: "ri-planned-initiator",
  acceptor: "ri-planned-acceptor",
} as const satisfies Record<Side, RouterInterfaceId>;
const PLANNED_PEER = "pcc-planned";

/**
 * Facts after all steps up to and including stage `until`: connection up, entries `Available`, rules in their groups.
 *
 * Entries of a plan that builds no connection lead to the one that is there. What is there already is not doubled, and
 * rules that were not read stay so.
 */
export function planned(facts: NetworkFacts, plan: Pick<Plan, "steps" | "connection">, until: Stage): NetworkFacts {
  const done = plan.steps.filter(({ stage }) => ORDER.indexOf(stage) <= ORDER.indexOf(until));
  let network = facts;
  for (const { effect } of done) {
    if (effect.type === "createRouterInterface") network = withInterface(network, effect.side, effect.spec);
    else if (effect.type === "createVpcPeerConnection") network = withPeer(network);
    else if (effect.type === "createRouteEntry") network = withEntry(network, effect, plan);
    else if (effect.type === "authorizeSecurityGroup") network = withRules(network, effect);
  }
  return network;
}

/** Both ends are made, and connected as soon as the stage is done. */
function withInterface(facts: NetworkFacts, side: Side, spec: string): NetworkFacts {
  const other = facts[opposite(side)];
  const made: RouterInterface = {
    id: PLANNED_INTERFACE[side],
    name: "",
    status: "Active",
    businessStatus: "Normal",
    role: side === "initiator" ? "InitiatingSide" : "AcceptingSide",
    routerId: facts[side].vpc?.vRouterId ?? "",
    spec,
    oppositeInterfaceId: PLANNED_INTERFACE[opposite(side)],
    oppositeRouterId: other.vpc?.vRouterId ?? "",
    oppositeRegionId: other.regionId,
  };
  return { ...facts, [side]: { ...facts[side], routerInterfaces: [...facts[side].routerInterfaces, made] } };
}

function withPeer(facts: NetworkFacts): NetworkFacts {
  const { initiator, acceptor } = facts;
  const made = {
    id: PLANNED_PEER,
    name: "",
    status: "Activated",
    businessStatus: "Normal",
    regionId: initiator.regionId,
    vpcId: initiator.vpcId,
    acceptingRegionId: acceptor.regionId,
    acceptingVpcId: acceptor.vpcId,
  } as const;
  const ends = bothSides((side) => ({
    ...facts[side],
    vpcPeerConnections: [...facts[side].vpcPeerConnections, made],
  }));
  return { ...facts, ...ends };
}

function withEntry(
  facts: NetworkFacts,
  { side, routeTableId, destination }: CreateRouteEntry,
  { steps, connection }: Pick<Plan, "steps" | "connection">,
): NetworkFacts {
  const { nextHopType } = CONNECTION_TYPES[connection];
  const built = nextHopType === "VpcPeer" ? PLANNED_PEER : PLANNED_INTERFACE[side];
  const present = nextHopType === "VpcPeer" ? presentPeer(facts) : presentInterface(facts, side);
  const nextHopId = steps.some(({ stage }) => stage === "create") ? built : present;
  const id = `rte-planned:${routeTableId}:${destination}`;
  const entry: RouteEntry = { id, destination, status: "Available", type: "Custom", nextHopType, nextHopId };
  const routeTables = facts[side].routeTables.map((table) =>
    // A destination is unique in its table.
    table.id !== routeTableId || table.entries.some((other) => other.destination === destination)
      ? table
      : { ...table, entries: [...table.entries, entry] },
  );
  return { ...facts, [side]: { ...facts[side], routeTables } };
}

/** Empty when there is none: the entry then leads nowhere. The last one made is the one that is used. */
function presentPeer({ initiator, acceptor }: NetworkFacts): string {
  const joining = initiator.vpcPeerConnections.filter(({ vpcId, acceptingVpcId }) =>
    [vpcId, acceptingVpcId].every((end) => end === initiator.vpcId || end === acceptor.vpcId),
  );
  return preferUp(joining, "Activated");
}

function presentInterface(facts: NetworkFacts, side: Side): string {
  const theirs = facts[opposite(side)].routerInterfaces;
  const joining = facts[side].routerInterfaces.filter(({ oppositeInterfaceId }) =>
    theirs.some(({ id }) => id === oppositeInterfaceId),
  );
  return preferUp(joining, "Active");
}

/** One that is down is still the way; a walk then ends at it. */
function preferUp(joining: ReadonlyArray<{ readonly id: string; readonly status: string }>, up: string): string {
  const joins = joining.findLast(({ status }) => status === up) ?? joining.at(-1);
  return joins?.id ?? "";
}

function withRules(
  facts: NetworkFacts,
  { side, securityGroupId, direction, rules }: AuthorizeSecurityGroup,
): NetworkFacts {
  const added = rules.map(({ protocol, portRange, peerCidr, ownCidr = "" }): SecurityGroupRule => ({
    id: `sgr-planned:${securityGroupId}:${direction}:${protocol}:${portRange}:${peerCidr}:${ownCidr}`,
    direction,
    policy: "accept",
    protocol,
    portRange,
    priority: RULE_PRIORITY,
    peerCidr,
    peerGroupId: "",
    peerPrefixListId: "",
    ownCidr,
    sourcePortRange: "",
    description: "",
  }));
  const securityGroups = facts[side].securityGroups.map((group) =>
    group.id === securityGroupId && group.rules ? { ...group, rules: [...group.rules, ...added] } : group,
  );
  return { ...facts, [side]: { ...facts[side], securityGroups } };
}
