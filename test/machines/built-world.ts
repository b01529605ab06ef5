/**
 * Simulated clouds in which a peering was built as its plan says, and what can go wrong with it afterwards.
 */
import * as fc from "fast-check";
import { planRequest } from "../../machines/connections/plan-request.ts";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import type { Plan, Step } from "../../machines/network/plan.ts";
import type { RequestRevision, RequestSide } from "../../machines/network/request.ts";
import { opposite, type Side } from "../../machines/network/side.ts";
import { sizeFor } from "../../machines/connections/sizes.ts";
import { CONNECTION_IDS, CONNECTION_TYPES } from "../../machines/connections/types.ts";
import { buildRouteEntry, buildRule, ruleContent, type Site } from "../../src/sandbox/alibaba/build.ts";
import { createWorld } from "../../src/sandbox/alibaba/create-world.ts";
import { buildPeeringConnection } from "../../src/sandbox/alibaba/peering-connection.ts";
import type { Instance, RouteTable, SecurityGroup, VSwitch, World } from "../../src/sandbox/alibaba/world.ts";
import { drawSide, pairOf, type DrawnSide } from "./random-world.ts";
import { RULES } from "./tutorial.ts";
import { worldToFacts } from "./world-to-facts.ts";

export interface BuiltWorld {
  readonly world: World;
  readonly ends: Readonly<Record<Side, BuiltEnd>>;
  readonly request: RequestRevision;
  readonly plan: Plan;
}

export interface BuiltEnd extends DrawnSide {
  /** The one that the plan tests with. */
  readonly instance: Instance;
  readonly vSwitch: VSwitch;
  readonly table: RouteTable;
  /** What the plan's entries of this side lead to. */
  readonly nextHopId: string;
}

const BASES = { initiator: "10.1", acceptor: "172.16" } as const;
const REGIONS = { initiator: "cn-qingdao", acceptor: "cn-beijing" } as const;
/** Of 10: how much of what would stop a packet is left out. */
const CALM = 9;

/** Null when the checks stop the plan. */
export function drawBuiltWorld(draw: fc.GeneratorValue): BuiltWorld | null {
  const world = createWorld({ accountId: "1", regionIds: Object.values(REGIONS) });
  let count = 0;
  const drawn = (side: Side): DrawnSide => {
    const region = world.regions.get(REGIONS[side]);
    if (!region) throw new Error(`no region ${REGIONS[side]}`);
    const site: Site = { region, at: 0, id: (kind) => `${kind}-${(count += 1)}` };
    return drawSide(draw, site, [BASES[side], BASES[opposite(side)]], CALM);
  };
  const sides = { initiator: drawn("initiator"), acceptor: drawn("acceptor") };
  const tested = { initiator: anyOf(draw, sides.initiator.instances), acceptor: anyOf(draw, sides.acceptor.instances) };
  const request = drawRequest(draw, sides, tested);
  const planned = planRequest(request, factsOf(world, sides), RULES);
  if ("stopped" in planned) return null;
  const nextHops = connect(sides, request.connection);
  const endOf = (side: Side): BuiltEnd => {
    const instance = tested[side];
    const { vSwitches, routeTables } = sides[side].site.region;
    const vSwitch = vSwitches.get(instance.vSwitchId);
    const table = routeTables.get(vSwitch?.routeTableId ?? "");
    if (!vSwitch || !table) throw new Error(`${instance.instanceId} is nowhere`);
    return { ...sides[side], instance, vSwitch, table, nextHopId: nextHops[side] };
  };
  const ends = { initiator: endOf("initiator"), acceptor: endOf("acceptor") };
  const built = { world, ends, request, plan: planned.plan };
  carryOut(built, planned.plan.steps);
  return built;
}

function drawRequest(
  draw: fc.GeneratorValue,
  sides: Readonly<Record<Side, DrawnSide>>,
  tested: Readonly<Record<Side, Instance>>,
): RequestRevision {
  const connection = draw(fc.constantFrom<RequestRevision["connection"][]>, ...CONNECTION_IDS);
  const asked = (side: Side): RequestSide => {
    const { site, vpc, groups } = sides[side];
    const isWhole = draw(fc.boolean);
    // Mostly the instance's own groups, as the form proposes them.
    const isOwn = draw(fc.nat, { max: 9 }) < 8;
    const ids = isOwn
      ? tested[side].securityGroupIds
      : groups.slice(0, 1).map(({ securityGroupId }) => securityGroupId);
    return {
      regionId: site.region.regionId,
      vpcId: vpc.vpcId,
      vSwitchIds: isWhole ? [] : [tested[side].vSwitchId],
      securityGroupIds: ids,
      ports: draw(fc.boolean) ? [{ from: 5432, to: 5432 }] : [],
      testInstanceId: tested[side].instanceId,
      // The two know the same ids by different types.
    } as RequestSide;
  };
  return {
    revision: 1,
    connection,
    size: sizeFor(connection, false),
    icmp: true,
    reason: "",
    initiator: asked("initiator"),
    acceptor: asked("acceptor"),
  };
}

function connect(
  { initiator, acceptor }: Readonly<Record<Side, DrawnSide>>,
  connection: RequestRevision["connection"],
): Readonly<Record<Side, string>> {
  if (connection === "router-interfaces") {
    const pair = pairOf(initiator, acceptor);
    return { initiator: pair.a.routerInterfaceId, acceptor: pair.b.routerInterfaceId };
  }
  const { instanceId } = buildPeeringConnection(initiator.site, {
    vpcId: initiator.vpc.vpcId,
    ownerId: "1",
    acceptingRegionId: acceptor.site.region.regionId,
    acceptingVpcId: acceptor.vpc.vpcId,
    name: "",
  });
  return { initiator: instanceId, acceptor: instanceId };
}

/** What the handlers do for these steps, done to the simulated cloud by its own means. */
export function carryOut({ ends, request }: Pick<BuiltWorld, "ends" | "request">, steps: readonly Step[]): void {
  for (const { effect } of steps) {
    if (effect.type === "createRouteEntry") {
      const { site, nextHopId } = ends[effect.side];
      const table = site.region.routeTables.get(effect.routeTableId);
      if (!table) throw new Error(`no table ${effect.routeTableId}`);
      const { nextHopType } = CONNECTION_TYPES[request.connection];
      buildRouteEntry(site, table, { destinationCidrBlock: effect.destination, nextHopType, nextHopId });
    }
    if (effect.type !== "authorizeSecurityGroup") continue;
    const { site } = ends[effect.side];
    for (const { protocol, portRange, peerCidr, ownCidr = "" } of effect.rules) {
      const isIngress = effect.direction === "ingress";
      const blocks = isIngress
        ? { sourceCidrIp: peerCidr, destCidrIp: ownCidr }
        : { destCidrIp: peerCidr, sourceCidrIp: ownCidr };
      const content = { direction: effect.direction, priority: 100, ipProtocol: protocol, portRange, ...blocks };
      buildRule(site, groupOf(site, effect.securityGroupId), ruleContent({ ...content, description: OURS }));
    }
  }
}

/** The mark on rules of the plan. */
export const OURS = "peer-vpcs";

export function factsOf(world: World, ends: Readonly<Record<Side, DrawnSide>>): NetworkFacts {
  return worldToFacts(world, placeOf(ends.initiator), placeOf(ends.acceptor));
}

function placeOf({ site, vpc }: DrawnSide) {
  return { region: site.region, vpcId: vpc.vpcId };
}

export function groupOf({ region }: Site, id: string): SecurityGroup {
  const group = region.securityGroups.get(id);
  if (!group) throw new Error(`no group ${id}`);
  return group;
}

/** By its place: `fc.gen` compares what it is asked for with all that it was ever asked for, which takes long for objects. */
export function anyOf<T>(draw: fc.GeneratorValue, items: readonly T[]): T {
  const item = items[draw(fc.nat, { max: items.length - 1 })];
  if (item === undefined) throw new Error("drawing from nothing");
  return item;
}
