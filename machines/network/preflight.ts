/**
 * The checks before anyone is asked, over facts alone. The same function runs for the form, for the card and again when
 * the approved plan starts. Each page beside this one, `preflight-….ts`, has the checks of one subject.
 */
import { stops, type Check } from "./checks.ts";
import type { NetworkFacts } from "./facts.ts";
import { networkAclsLetThrough } from "./preflight-acls.ts";
import { cidrsApart, destinationChecks, ipv4Only } from "./preflight-addresses.ts";
import { groupChecks } from "./preflight-groups.ts";
import { fewConnections, moreThanOneService, noExistingPair, notTerraformManaged } from "./preflight-neighbours.ts";
import { routeChecks } from "./preflight-routes.ts";
import { testChecks } from "./preflight-tests.ts";
import { vpcChecks, vSwitchesFit, type BorderCrossing } from "./preflight-vpcs.ts";
import type { RequestRevision } from "./request.ts";
import { SIDES } from "./side.ts";

/**
 * Every check that holds for any connection type, in the order in which people read them.
 *
 * When a VPC is missing, not ours or chosen twice, or the two may not be joined, the checks that would rest on it are
 * left out.
 */
export function preflight(
  request: RequestRevision,
  facts: NetworkFacts,
  crossBorder: readonly BorderCrossing[] = [],
): readonly Check[] {
  const vpcs = vpcChecks(request, facts, crossBorder);
  if (stops(vpcs).length > 0) return vpcs;
  return [
    ...vpcs,
    ...SIDES.map((side) => vSwitchesFit(side, request, facts)),
    cidrsApart(request, facts),
    ...SIDES.flatMap((side) => [...destinationChecks(side, request, facts), ...routeChecks(side, request, facts)]),
    ...SIDES.flatMap((side) => [...groupChecks(side, request, facts), networkAclsLetThrough(side, request, facts)]),
    ...testChecks(request, facts),
    noExistingPair(facts),
    ...SIDES.flatMap((side) => [fewConnections(side, facts), notTerraformManaged(side, request[side], facts)]),
    ...ipv4Only(facts),
    ...moreThanOneService(request),
  ];
}
