/**
 * Whose addresses are whose: blocks on both sides, destinations that no entry can have, and ranges that hosts or the
 * cloud take for something else.
 */
import type { Check } from "./checks.ts";
import { blockOf, covers, meets, overlappingPairs, type Block, type Cidr } from "./cidr.ts";
import { vpcOf, type NetworkFacts, type SideFacts, type VSwitch, type VSwitchId } from "./facts.ts";
import type { RequestRevision } from "./request.ts";
import { DOCKER_BRIDGE_CIDR, PRIVATE_CIDRS, RESERVED_CIDR } from "./rules.ts";
import { routedCidrs } from "./scope.ts";
import { bothSides, opposite, SIDES, type Side } from "./side.ts";

/** No address may be used on both sides; where some are, it is said what could be chosen instead. */
export function cidrsApart(request: RequestRevision, facts: NetworkFacts): Check {
  const routed = bothSides((side) => routedCidrs(request[side], facts[side]));
  const pairs = overlappingPairs(routed.initiator, routed.acceptor).map(({ ours, theirs }) => ({
    initiator: ours,
    acceptor: theirs,
  }));
  if (pairs.length === 0)
    return { level: "ok", check: "cidrsApart", pairs, wouldWork: { initiator: [], acceptor: [] } };
  const wouldWork = bothSides((side) => apartFrom(facts[opposite(side)].vSwitches, facts[side].vSwitches));
  return { level: "stop", check: "cidrsApart", pairs, wouldWork };
}

/** A vSwitch that shares an address with any of the other VPC cannot be routed there, whichever are chosen. */
function apartFrom(others: readonly VSwitch[], ours: readonly VSwitch[]): readonly VSwitchId[] {
  const taken = [RESERVED_CIDR, ...others.map(({ cidr }) => cidr)].map(blockOf);
  return ours.filter(({ cidr }) => !taken.some((block) => meets(block, blockOf(cidr)))).map(({ id }) => id);
}

/** What each side will route to the other: whether an entry can have it, and whether anything else has it. */
export function destinationChecks(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Check[] {
  const destinations = routedCidrs(request[opposite(side)], facts[opposite(side)]).map((cidr) => ({
    cidr,
    block: blockOf(cidr),
  }));
  return [
    destinationAllowed(side, destinations, facts[side]),
    publicRangesKnown(side, destinations, facts),
    dockerBridgeApart(side, destinations),
  ];
}

interface Destination {
  readonly cidr: Cidr;
  readonly block: Block;
}

/** What CreateRouteEntry would refuse: https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createrouteentry (read 2026-08-22). */
function destinationAllowed(side: Side, destinations: readonly Destination[], facts: SideFacts): Check {
  const reserved = destinations
    .filter(({ block }) => meets(blockOf(RESERVED_CIDR), block))
    .map(({ cidr }) => ({ destination: cidr, why: "reserved" as const }));
  const ours = facts.vSwitches.map((vSwitch) => ({ ...vSwitch, block: blockOf(vSwitch.cidr) }));
  const inside = destinations.flatMap((destination) =>
    ours
      .filter(({ block }) => covers(block, destination.block))
      .map(({ id, cidr }) => ({
        destination: destination.cidr,
        why: "insideVSwitch" as const,
        vSwitchId: id,
        vSwitchCidr: cidr,
      })),
  );
  const problems = [...reserved, ...inside];
  return { level: problems.length > 0 ? "stop" : "ok", check: "destinationAllowed", side, problems };
}

/** A VPC takes a public range for the internet's unless it is one of its user CIDRs, whatever the route entries say. */
function publicRangesKnown(side: Side, destinations: readonly Destination[], facts: NetworkFacts): Check {
  const known = [...PRIVATE_CIDRS, RESERVED_CIDR, ...vpcOf(side, facts).userCidrs].map(blockOf);
  const missing = destinations.filter(({ block }) => !known.some((range) => covers(range, block)));
  return {
    level: missing.length > 0 ? "warn" : "ok",
    check: "publicRangesKnown",
    side,
    missing: missing.map(({ cidr }) => cidr),
  };
}

/** A host that runs Docker sends what goes to its bridge to its own containers. */
function dockerBridgeApart(side: Side, destinations: readonly Destination[]): Check {
  const shadowed = destinations.filter(({ block }) => meets(blockOf(DOCKER_BRIDGE_CIDR), block));
  return {
    level: shadowed.length > 0 ? "warn" : "ok",
    check: "dockerBridgeApart",
    side,
    destinations: shadowed.map(({ cidr }) => cidr),
  };
}

/** Only worth a line where somebody could expect more. */
export function ipv4Only(facts: NetworkFacts): readonly Check[] {
  const ipv6Cidrs = SIDES.flatMap((side) => facts[side].vpc?.ipv6Cidr ?? []).filter((cidr) => cidr !== "");
  return ipv6Cidrs.length > 0 ? [{ level: "warn", check: "ipv4Only", ipv6Cidrs }] : [];
}
