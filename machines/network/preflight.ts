/**
 * The checks before anyone is asked, over facts alone. The same function runs for the form, for the card and again when
 * the approved plan starts.
 */
import { contains, overlaps, overlappingPairs } from "./cidr.ts";
import type { Check } from "./checks.ts";
import type { NetworkFacts, SideFacts } from "./facts.ts";
import type { RequestRevision } from "./request.ts";
import { CUSTOM_ENTRIES_PER_TABLE_MAX, RESERVED_CIDR } from "./rules.ts";
import { routedCidrs, servingTables, testInstanceProblem } from "./scope.ts";
import { opposite, SIDES, type Side } from "./side.ts";

/**
 * Every check that holds for any connection type, in the order in which people read them.
 *
 * When a VPC is missing, not ours or chosen twice, the checks that would rest on it are left out.
 */
export function preflight(request: RequestRevision, facts: NetworkFacts): readonly Check[] {
  const basics = [distinct(request), ...SIDES.flatMap((side) => vpcChecks(side, facts))];
  if (basics.some(({ level }) => level === "stop")) return basics;
  return [
    ...basics,
    ...SIDES.map((side) => vSwitchesFit(side, request, facts)),
    cidrsApart(request, facts),
    ...SIDES.flatMap((side) => routeChecks(side, request, facts)),
    ...SIDES.map((side) => securityGroupsFit(side, request, facts)),
    ...SIDES.map((side) => testInstanceFits(side, request, facts)),
    noExistingPair(facts),
    ...ipv4Only(facts),
  ];
}

function distinct(request: RequestRevision): Check {
  const same = request.initiator.vpcId === request.acceptor.vpcId;
  return { level: same ? "stop" : "ok", check: "vpcsDistinct", vpcId: request.initiator.vpcId };
}

function vpcChecks(side: Side, facts: NetworkFacts): readonly Check[] {
  const { vpc, vpcId, regionId } = facts[side];
  if (vpc === null) return [{ level: "stop", check: "vpcExists", side, vpcId, regionId }];
  const { status, ownerId } = vpc;
  return [
    { level: "ok", check: "vpcExists", side, vpcId, regionId },
    { level: status === "Available" ? "ok" : "stop", check: "vpcAvailable", side, vpcId, status },
    {
      level: ownerId === facts.accountId ? "ok" : "stop",
      check: "sameAccount",
      side,
      vpcId,
      ownerId,
      accountId: facts.accountId,
    },
  ];
}

function vSwitchesFit(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const unknown = request[side].vSwitchIds.filter((id) => !facts[side].vSwitches.some((vSwitch) => vSwitch.id === id));
  return { level: unknown.length > 0 ? "stop" : "ok", check: "vSwitchesFit", side, unknown };
}

function cidrsApart(request: RequestRevision, facts: NetworkFacts): Check {
  const initiator = routedCidrs(request.initiator, facts.initiator);
  const acceptor = routedCidrs(request.acceptor, facts.acceptor);
  const pairs = overlappingPairs(initiator, acceptor).map(({ ours, theirs }) => ({
    initiator: ours,
    acceptor: theirs,
  }));
  return { level: pairs.length > 0 ? "stop" : "ok", check: "cidrsApart", pairs };
}

/**
 * Two routers take one pair of interfaces at most (`Forbidden.OnlyOneConnection`), two VPCs one peering connection, and
 * neither beside the other (`ResourceAlreadyExist.RouterInterface`), whatever its status and whoever made it.
 */
function noExistingPair(facts: NetworkFacts): Check {
  const [existing = null] = SIDES.flatMap((side) => joining(side, facts));
  return { level: existing ? "stop" : "ok", check: "noExistingPair", existing };
}

/** What joins the two VPCs already, as `side` shows it. */
function joining(side: Side, facts: NetworkFacts): ReadonlyArray<NonNullable<ExistingPair>> {
  const { routerInterfaces, vpcPeerConnections } = facts[side];
  const other = facts[opposite(side)];
  const found = [
    ...routerInterfaces.filter(({ oppositeRouterId }) => oppositeRouterId === other.vpc?.vRouterId),
    ...vpcPeerConnections.filter(({ vpcId, acceptingVpcId }) => [vpcId, acceptingVpcId].includes(other.vpcId)),
  ];
  return found.map(({ id, status, name }) => ({ side, id, status, name }));
}

type ExistingPair = Extract<Check, { check: "noExistingPair" }>["existing"];

/** Only worth a line where somebody could expect more. */
function ipv4Only(facts: NetworkFacts): readonly Check[] {
  const ipv6Cidrs = SIDES.flatMap((side) => facts[side].vpc?.ipv6Cidr ?? []).filter((cidr) => cidr !== "");
  return ipv6Cidrs.length > 0 ? [{ level: "warn", check: "ipv4Only", ipv6Cidrs }] : [];
}

/** What CreateRouteEntry would refuse: https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createrouteentry (read 2026-08-22). */
function routeChecks(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Check[] {
  const destinations = routedCidrs(request[opposite(side)], facts[opposite(side)]);
  const tables = servingTables(request[side], facts[side]);
  return [
    destinationAllowed(side, destinations, facts[side]),
    destinationFree(side, destinations, tables, facts),
    ...tables.map((table): Check => {
      const entries = table.entries.filter(({ type }) => type === "Custom").length;
      const full = entries + destinations.length > CUSTOM_ENTRIES_PER_TABLE_MAX;
      return {
        level: full ? "stop" : "ok",
        check: "routeTableRoom",
        side,
        routeTableId: table.id,
        entries,
        max: CUSTOM_ENTRIES_PER_TABLE_MAX,
      };
    }),
  ];
}

function destinationAllowed(side: Side, destinations: readonly string[], facts: SideFacts): Check {
  const reserved = destinations
    .filter((destination) => overlaps(RESERVED_CIDR, destination))
    .map((destination) => ({ destination, why: "reserved" as const }));
  const inside = destinations.flatMap((destination) =>
    facts.vSwitches
      .filter(({ cidr }) => contains(cidr, destination))
      .map(({ id, cidr }) => ({ destination, why: "insideVSwitch" as const, vSwitchId: id, vSwitchCidr: cidr })),
  );
  const problems = [...reserved, ...inside];
  return { level: problems.length > 0 ? "stop" : "ok", check: "destinationAllowed", side, problems };
}

/** Entries of what joins the two already are not in the way: that it joins them is said by itself. */
function destinationFree(
  side: Side,
  destinations: readonly string[],
  tables: SideFacts["routeTables"],
  facts: NetworkFacts,
): Check {
  const ofPair = new Set<string>(joining(side, facts).map(({ id }) => id));
  const taken = tables.flatMap((table) =>
    table.entries
      .filter(({ destination, nextHopId }) => destinations.includes(destination) && !ofPair.has(nextHopId))
      .map(({ destination, nextHopType, nextHopId }) => ({
        routeTableId: table.id,
        destination,
        nextHopType,
        nextHopId,
      })),
  );
  return { level: taken.length > 0 ? "stop" : "ok", check: "destinationFree", side, taken };
}

function securityGroupsFit(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const problems = request[side].securityGroupIds.flatMap((securityGroupId) => {
    const group = facts[side].securityGroups.find(({ id }) => id === securityGroupId);
    if (group && !group.serviceManaged) return [];
    return [{ securityGroupId, why: group ? ("serviceManaged" as const) : ("unknown" as const) }];
  });
  return { level: problems.length > 0 ? "stop" : "ok", check: "securityGroupsFit", side, problems };
}

/** No instance at all is a warning: the peering can be built, and stays `secured` until a lead accepts it untested. */
function testInstanceFits(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const { testInstanceId } = request[side];
  if (testInstanceId === null) {
    return { level: "warn", check: "testInstanceFits", side, instanceId: null, problem: "noneChosen" };
  }
  const instance = facts[side].instances.find(({ id }) => id === testInstanceId);
  const problem = testInstanceProblem(instance, request[side], facts[side]);
  return {
    level: problem === null ? "ok" : "stop",
    check: "testInstanceFits",
    side,
    instanceId: testInstanceId,
    problem,
  };
}
