/**
 * Two networks while a plan is built or taken back, one step after the other, as the cloud would show them in between.
 */
import { isSameRule } from "../../machines/network/rule-match.ts";
import type { NetworkFacts, RouterInterface, RouterInterfaceId, SideFacts } from "../../machines/network/facts.ts";
import type { Stage, Step } from "../../machines/network/plan.ts";
import { RULE_PRIORITY } from "../../machines/network/rules.ts";
import { bothSides, opposite, type Side } from "../../machines/network/side.ts";
import type { StepEffect } from "../../machines/peering/effects.ts";
import { rule } from "./networks.ts";

const OURS = { initiator: "ri-ours-initiator", acceptor: "ri-ours-acceptor" } as const satisfies Record<
  Side,
  RouterInterfaceId
>;
const OUR_PEER = "pcc-ours";
export const OUR_IDS: readonly string[] = [...Object.values(OURS), OUR_PEER];
const MARK = "peer-vpcs-P-4F7K2M9Q";

const STAGES: readonly Stage[] = ["check", "create", "route", "secure", "verify", "undo"];

/** Some order in which the lifecycle may carry steps out: stage after stage, each after what it needs. `pick` of so many. */
export function orderOf(steps: readonly Step[], pick: (amount: number) => number): readonly Step[] {
  const order: Step[] = [];
  while (order.length < steps.length) {
    const left = steps.filter((step) => !order.includes(step));
    const stage = STAGES.find((each) => left.some((step) => step.stage === each));
    const ready = left.filter(
      (step) => step.stage === stage && step.needs.every((needed) => order.some(({ id }) => id === needed)),
    );
    const next = ready[pick(ready.length)];
    if (!next) throw new Error("steps need each other in a ring");
    order.push(next);
  }
  return order;
}

/** What the networks are once this step is done; steps that only look change nothing. */
export function withStep(facts: NetworkFacts, effect: StepEffect): NetworkFacts {
  switch (effect.type) {
    case "checkPlan":
    case "runConnectivityTest":
      return facts;
    case "createRouterInterface": {
      const { side, role, routerId, spec, oppositeRouterId, oppositeRegionId } = effect;
      const opened = { role, routerId, spec, oppositeRouterId, oppositeRegionId };
      const made: RouterInterface = {
        ...opened,
        id: OURS[side],
        name: MARK,
        status: "Idle",
        businessStatus: "Normal",
        oppositeInterfaceId: "",
      };
      return on(facts, side, ({ routerInterfaces }) => ({ routerInterfaces: [...routerInterfaces, made] }));
    }
    case "modifyRouterInterfaceAttribute":
      return onInterface(facts, effect.side, { oppositeInterfaceId: OURS[opposite(effect.side)] });
    case "connectRouterInterface":
      return onInterface(onInterface(facts, "initiator", { status: "Active" }), "acceptor", { status: "Active" });
    case "deactivateRouterInterface":
      return onInterface(facts, effect.side, { status: "Inactive" });
    case "deleteRouterInterface":
      return on(facts, effect.side, ({ routerInterfaces }) => ({
        routerInterfaces: routerInterfaces.filter(({ id }) => id !== OURS[effect.side]),
      }));
    case "createVpcPeerConnection": {
      const { regionId, vpcId, acceptingRegionId, acceptingVpcId } = effect;
      const ends = { regionId, vpcId, acceptingRegionId, acceptingVpcId };
      const made = { ...ends, id: OUR_PEER, name: MARK, status: "Activated", businessStatus: "Normal" } as const;
      return onBoth(facts, ({ vpcPeerConnections }) => ({ vpcPeerConnections: [...vpcPeerConnections, made] }));
    }
    case "deleteVpcPeerConnection":
      return onBoth(facts, ({ vpcPeerConnections }) => ({
        vpcPeerConnections: vpcPeerConnections.filter(({ id }) => id !== OUR_PEER),
      }));
    case "createRouteEntry":
    case "deleteRouteEntry":
      return withEntry(facts, effect);
    case "authorizeSecurityGroup":
    case "revokeSecurityGroup":
      return withRules(facts, effect);
  }
}

type EntryEffect = Extract<StepEffect, { type: "createRouteEntry" | "deleteRouteEntry" }>;

function withEntry(facts: NetworkFacts, { type, side, routeTableId, destination }: EntryEffect): NetworkFacts {
  const isPeer = facts[side].vpcPeerConnections.some(({ id }) => id === OUR_PEER);
  const nextHop = isPeer
    ? { nextHopType: "VpcPeer", nextHopId: OUR_PEER }
    : { nextHopType: "RouterInterface", nextHopId: OURS[side] };
  const made = {
    id: `rte-ours-${routeTableId}-${destination}`,
    destination,
    status: "Available",
    type: "Custom",
    ...nextHop,
  };
  return on(facts, side, ({ routeTables }) => ({
    routeTables: routeTables.map((table) => {
      if (table.id !== routeTableId) return table;
      const others = table.entries.filter(({ id }) => id !== made.id);
      // A destination is unique in its table: CreateRouteEntry would refuse.
      if (others.some((other) => other.destination === destination))
        throw new Error(`${destination} goes elsewhere in ${table.id}`);
      return { ...table, entries: type === "createRouteEntry" ? [...others, made] : others };
    }),
  }));
}

type RulesEffect = Extract<StepEffect, { type: "authorizeSecurityGroup" | "revokeSecurityGroup" }>;

/** The API adds nothing beside a rule that is the same; what is taken back has our mark. */
function withRules(facts: NetworkFacts, { type, side, securityGroupId, direction, rules }: RulesEffect): NetworkFacts {
  return on(facts, side, ({ securityGroups }) => ({
    securityGroups: securityGroups.map((group) => {
      if (group.id !== securityGroupId || group.rules === null) return group;
      const here = group.rules.filter((present) => present.direction === direction);
      const missing = rules.filter((planned) => !here.some((present) => isSameRule(planned, present)));
      const added = missing.map((planned) => {
        const id = `sgr-ours-${direction}-${planned.protocol}-${planned.portRange}-${planned.peerCidr}`;
        return rule({ ...planned, id, direction, policy: "accept", priority: RULE_PRIORITY, description: MARK });
      });
      const left = group.rules.filter(
        (present) =>
          present.direction !== direction ||
          present.description !== MARK ||
          !rules.some((planned) => isSameRule(planned, present)),
      );
      return { ...group, rules: type === "authorizeSecurityGroup" ? [...group.rules, ...added] : left };
    }),
  }));
}

function on(facts: NetworkFacts, side: Side, change: (facts: SideFacts) => Partial<SideFacts>): NetworkFacts {
  return { ...facts, [side]: { ...facts[side], ...change(facts[side]) } };
}

function onBoth(facts: NetworkFacts, change: (facts: SideFacts) => Partial<SideFacts>): NetworkFacts {
  return { ...facts, ...bothSides((side) => ({ ...facts[side], ...change(facts[side]) })) };
}

function onInterface(facts: NetworkFacts, side: Side, change: Partial<RouterInterface>): NetworkFacts {
  return on(facts, side, ({ routerInterfaces }) => ({
    routerInterfaces: routerInterfaces.map((own) => (own.id === OURS[side] ? { ...own, ...change } : own)),
  }));
}
