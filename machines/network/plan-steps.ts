/**
 * Steps that every connection type shares: route entries, security group rules, the test.
 */
import type { Cidr } from "./cidr.ts";
import type { NetworkFacts } from "./facts.ts";
import type { AuthorizeSecurityGroup, CreateRouteEntry, PlannedRule } from "../peering/effects.ts";
import type { Opening, Step } from "./plan.ts";
import type { RequestRevision, RequestSide } from "./request.ts";
import { PERMISSIONS_PER_CALL_MAX, TRIED_PORTS_MAX } from "./rules.ts";
import { routedCidrs, servingTables } from "./scope.ts";
import { opposite, SIDES, type Side } from "./side.ts";
import type { TestTries } from "./test-output.ts";

/** One entry per table that serves the request and per block of the other side. */
export function routeSteps(request: RequestRevision, facts: NetworkFacts): readonly Step[] {
  return SIDES.flatMap((side) => {
    const destinations = sortedCidrs(opposite(side), request, facts);
    const tables = servingTables(request[side], facts[side]).map(({ id }) => id);
    const { regionId, vpcId } = facts[side];
    return tables
      .toSorted()
      .flatMap((routeTableId) =>
        destinations.map((destination) => routeStep({ side, regionId, vpcId, routeTableId, destination })),
      );
  });
}

export function routeStep(place: Omit<CreateRouteEntry, "type">): Step {
  return {
    id: `createRouteEntry:${place.routeTableId}:${place.destination}`,
    stage: "route",
    needs: [],
    lanes: [`routes:${place.vpcId}`],
    effect: { type: "createRouteEntry", ...place },
  };
}

/** The cloud lists things in any order; the same network must give the same plan. */
function sortedCidrs(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Cidr[] {
  return routedCidrs(request[side], facts[side]).toSorted();
}

/** What the request lets through, by side and port. */
export function openings(request: RequestRevision, facts: NetworkFacts): readonly Opening[] {
  return SIDES.flatMap((side) => {
    const { securityGroupIds, ports } = request[side];
    if (securityGroupIds.length === 0) return [];
    const common = {
      side,
      from: sortedCidrs(opposite(side), request, facts),
      securityGroupIds: securityGroupIds.toSorted(),
    };
    const icmp: Opening[] = request.icmp ? [{ ...common, protocol: "ICMP", portRange: "-1/-1" }] : [];
    return [
      ...icmp,
      ...ports.map(({ from, to }): Opening => ({ ...common, protocol: "TCP", portRange: `${from}/${to}` })),
    ];
  });
}

/**
 * One call per group and direction: ingress on every chosen group, and egress on the chosen groups of the other side
 * that deny by default (enterprise groups; basic ones let everything out).
 */
export function openingSteps(
  request: RequestRevision,
  facts: NetworkFacts,
  opens: readonly Opening[],
): readonly Step[] {
  return SIDES.flatMap((side) => {
    const ingress = opens.filter((opening) => opening.side === side);
    const egress = opens.filter((opening) => opening.side === opposite(side));
    const target = sortedCidrs(opposite(side), request, facts);
    const denyingOutbound = facts[side].securityGroups.filter(({ type }) => type === "enterprise").map(({ id }) => id);
    return request[side].securityGroupIds.toSorted().flatMap((securityGroupId) => {
      const group = { side, regionId: facts[side].regionId, securityGroupId };
      return [
        ...authorizeSteps({ ...group, direction: "ingress", rules: rulesFor(ingress, ({ from }) => from) }),
        ...(denyingOutbound.includes(securityGroupId)
          ? authorizeSteps({ ...group, direction: "egress", rules: rulesFor(egress, () => target) })
          : []),
      ];
    });
  });
}

function rulesFor(opens: readonly Opening[], peerCidrs: (opening: Opening) => readonly Cidr[]): readonly PlannedRule[] {
  return opens.flatMap((opening) =>
    peerCidrs(opening).map((peerCidr) => ({ protocol: opening.protocol, portRange: opening.portRange, peerCidr })),
  );
}

/** As few calls as the API's limit of rules per call allows; none without rules. */
export function authorizeSteps(group: Omit<AuthorizeSecurityGroup, "type">): readonly Step[] {
  const calls = Math.ceil(group.rules.length / PERMISSIONS_PER_CALL_MAX);
  return Array.from({ length: calls }, (_, call): Step => ({
    id: `authorizeSecurityGroup:${group.direction}:${group.securityGroupId}${call === 0 ? "" : `:${call + 1}`}`,
    stage: "secure",
    needs: [],
    lanes: [`security-group:${group.securityGroupId}`],
    effect: {
      type: "authorizeSecurityGroup",
      ...group,
      rules: group.rules.slice(call * PERMISSIONS_PER_CALL_MAX, (call + 1) * PERMISSIONS_PER_CALL_MAX),
    },
  }));
}

/**
 * A test each way: ping, and the ports that are opened at the other end. None where a side has no test instance, or nothing
 * is let through that could be tried.
 */
export function verifySteps(request: RequestRevision): readonly Step[] {
  return SIDES.flatMap((side: Side): Step[] => {
    const [from, to] = [request[side], request[opposite(side)]];
    const tries: TestTries = { ping: request.icmp, ports: triedPorts(to) };
    if (from.testInstanceId === null || to.testInstanceId === null) return [];
    if (!tries.ping && tries.ports.length === 0) return [];
    return [
      {
        id: `runConnectivityTest:${side}`,
        stage: "verify",
        needs: [],
        lanes: [],
        effect: {
          type: "runConnectivityTest",
          side,
          regionId: from.regionId,
          instanceId: from.testInstanceId,
          targetRegionId: to.regionId,
          targetInstanceId: to.testInstanceId,
          ...tries,
        },
      },
    ];
  });
}

/** First and last of each range that the other side may reach; of what lies between, none is tried. */
function triedPorts({ securityGroupIds, ports }: RequestSide): readonly number[] {
  if (securityGroupIds.length === 0) return [];
  return [...new Set(ports.flatMap(({ from, to }) => [from, to]))].slice(0, TRIED_PORTS_MAX);
}
