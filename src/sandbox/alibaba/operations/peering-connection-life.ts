import { routeTablesOf } from "../lookup.ts";
import { flag, text } from "../parameters.ts";
import { endsOf, type PeeringConnection } from "../peering-connection.ts";
import { refuse } from "../refusal.ts";
import type { Call, Operation } from "../simulation.ts";
import { TIMES } from "../times.ts";
import type { RouteEntry, RouteTable } from "../world.ts";
import { DRY_RUN_PASSED } from "./create-route-entries.ts";
import { removeRouteEntry } from "./delete-route-entries.ts";
import { pass } from "./passing.ts";
import {
  checkLength,
  findPeeringConnection,
  readBandwidth,
  readLinkType,
  refuseUnlessIn,
  refuseUnpaid,
} from "./peering-connection-rules.ts";

/**
 * Another name, description, bandwidth or link type: Activated → Updating → Activated.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-modifyvpcpeerconnection (read 2026-11-25)
 */
export const modifyVpcPeerConnection: Operation = {
  kind: "write",
  run(call) {
    const { parameters } = call;
    const connection = findPeeringConnection(call);
    refuseUnlessIn(connection, ["Activated"]);
    refuseUnpaid([connection]);
    const changes = readChanges(call, connection);
    if (flag(parameters, "DryRun")) refuse(DRY_RUN_PASSED);
    const arrive = (): void => {
      Object.assign(connection, changes, { status: "Activated", modifiedAt: call.agenda.now() });
    };
    pass(call, connection, { via: "Updating", afterMs: TIMES.peeringConnectionUpdate, arrive });
    return { body: {}, settlesAfterMs: TIMES.peeringConnectionUpdate };
  },
};

/**
 * Deleting → gone. Refused while route entries point to it; with Force these are deleted too, at both ends.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-deletevpcpeerconnection (read 2026-11-25)
 */
export const deleteVpcPeerConnection: Operation = {
  kind: "write",
  run(call) {
    const connection = findPeeringConnection(call);
    refuseUnlessIn(connection, ["Activated", "Rejected", "Expired"]);
    const routes = routesTo(call, connection);
    if (routes.length > 0 && !flag(call.parameters, "Force")) {
      const message = "The operation is not allowed because of existing routeEntry point to VpcPeer.";
      refuse({ status: 400, code: "OperationDenied.RouteEntryExist", message });
    }
    if (flag(call.parameters, "DryRun")) refuse(DRY_RUN_PASSED);
    for (const { table, entry } of routes) removeRouteEntry(call, table, entry);
    const arrive = (): void => end(call, connection);
    pass(call, connection, { via: "Deleting", afterMs: TIMES.peeringConnectionDelete, arrive });
    return { body: {}, settlesAfterMs: TIMES.peeringConnectionDelete };
  },
};

function readChanges(
  { parameters }: Call,
  connection: PeeringConnection,
): Pick<PeeringConnection, "name" | "description" | "bandwidth" | "linkType"> {
  checkLength(parameters, "Name", { min: 1, max: 128 });
  checkLength(parameters, "Description", { min: 1, max: 256 });
  const isCrossRegion = connection.regionId !== connection.acceptingRegionId;
  if (!isCrossRegion && text(parameters, "Bandwidth") !== undefined) {
    const message = "The operation failed because the bandwidth cannot be changed in the same region.";
    refuse({ status: 400, code: "OperationFailed.BandwidthCannotBeChangedInSameRegion", message });
  }
  return {
    name: text(parameters, "Name") ?? connection.name,
    description: text(parameters, "Description") ?? connection.description,
    bandwidth: readBandwidth(parameters, connection.bandwidth),
    linkType: readLinkType(parameters, { isCrossRegion, fallback: connection.linkType }),
  };
}

function routesTo(
  { world }: Call,
  connection: PeeringConnection,
): ReadonlyArray<{ readonly table: RouteTable; readonly entry: RouteEntry }> {
  return endsOf(connection).flatMap(({ regionId, vpcId }) => {
    const region = world.regions.get(regionId);
    const tables = region === undefined ? [] : routeTablesOf(region, vpcId);
    return tables.flatMap((table) =>
      [...table.entries.values()]
        .filter((entry) => entry.nextHopId === connection.instanceId)
        .map((entry) => ({ table, entry })),
    );
  });
}

function end(call: Call, connection: PeeringConnection): void {
  const forget = (): void =>
    void call.world.regions.get(connection.regionId)?.vpcPeerConnections.delete(connection.instanceId);
  if (call.facts.answer("deleted-peering-connection") === "not-found") {
    forget();
    return;
  }
  connection.status = "Deleted";
  connection.modifiedAt = call.agenda.now();
  call.agenda.at(call.agenda.now() + TIMES.peeringConnectionDeleted, forget);
}
