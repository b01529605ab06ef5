/**
 * The first checks: are there two VPCs of this account, and may their regions be joined?
 */
import type { Check } from "./checks.ts";
import type { NetworkFacts, RegionId } from "./facts.ts";
import type { RequestRevision } from "./request.ts";
import { SIDES, type Side } from "./side.ts";

/** A pair of regions on two sides of the border of mainland China that may be joined, and the reference that allows it. */
export interface BorderCrossing {
  readonly regions: readonly [RegionId, RegionId];
  readonly reference: string;
}

/** When one of them stops, nothing that rests on two VPCs can be checked. */
export function vpcChecks(
  request: RequestRevision,
  facts: NetworkFacts,
  crossBorder: readonly BorderCrossing[],
): readonly Check[] {
  return [
    distinct(request),
    ...SIDES.flatMap((side) => oneVpc(side, facts)),
    borderCrossing(facts.initiator.regionId, facts.acceptor.regionId, crossBorder),
  ];
}

function distinct(request: RequestRevision): Check {
  const same = request.initiator.vpcId === request.acceptor.vpcId;
  return { level: same ? "stop" : "ok", check: "vpcsDistinct", vpcId: request.initiator.vpcId };
}

function oneVpc(side: Side, facts: NetworkFacts): readonly Check[] {
  const { vpc, vpcId, regionId } = facts[side];
  if (vpc === null) return [{ level: "stop", check: "vpcExists", side, vpcId, regionId }];
  const { status, ownerId } = vpc;
  const { accountId } = facts;
  return [
    { level: "ok", check: "vpcExists", side, vpcId, regionId },
    { level: status === "Available" ? "ok" : "stop", check: "vpcAvailable", side, vpcId, status },
    { level: ownerId === accountId ? "ok" : "stop", check: "sameAccount", side, vpcId, ownerId, accountId },
  ];
}

/** Without approval Alibaba Cloud refuses (`CROSS_BID.FORBIDDEN`), and the law may as well. */
function borderCrossing(initiator: RegionId, acceptor: RegionId, crossBorder: readonly BorderCrossing[]): Check {
  const crosses = isMainland(initiator) !== isMainland(acceptor);
  const allowed = crossBorder.find(({ regions }) => regions.includes(initiator) && regions.includes(acceptor));
  return {
    level: crosses && !allowed ? "stop" : "ok",
    check: "borderCrossing",
    regions: { initiator, acceptor },
    crosses,
    reference: crosses && allowed ? allowed.reference : null,
  };
}

/** Hong Kong carries `cn-` as well and is outside, as are Macao and Taiwan. */
function isMainland(regionId: RegionId): boolean {
  return regionId.startsWith("cn-") && !regionId.startsWith("cn-hongkong");
}

export function vSwitchesFit(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const there = new Set<string>(facts[side].vSwitches.map(({ id }) => id));
  const unknown = request[side].vSwitchIds.filter((id) => !there.has(id));
  return { level: unknown.length > 0 ? "stop" : "ok", check: "vSwitchesFit", side, unknown };
}
