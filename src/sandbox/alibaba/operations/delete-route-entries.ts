import { flag, type Parameters, records, text } from "../parameters.ts";
import { type Refusal, refuse, refusedBy } from "../refusal.ts";
import type { Call, Operation } from "../simulation.ts";
import { TIMES } from "../times.ts";
import type { RouteEntry, RouteTable } from "../world.ts";
import { DRY_RUN_PASSED } from "./create-route-entries.ts";
import { findRouteTable } from "./find.ts";
import { refuseWhileBusy } from "./route-entry-rules.ts";

/**
 * One entry, by its id or by table and destination; Deleting first, then gone.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-deleterouteentry (read 2026-08-22)
 */
export const deleteRouteEntry: Operation = {
  kind: "write",
  run(call) {
    const { parameters } = call;
    const { table, entry } = find(call, {
      routeTableId: text(parameters, "RouteTableId"),
      routeEntryId: text(parameters, "RouteEntryId"),
      destination: text(parameters, "DestinationCidrBlock"),
      nextHopId: text(parameters, "NextHopId"),
    });
    refuseSystemEntry(entry);
    refuseWhileBusy(call, table.vpcId);
    if (flag(parameters, "DryRun")) refuse(DRY_RUN_PASSED);
    removeRouteEntry(call, table, entry);
    return { body: {}, settlesAfterMs: TIMES.routeEntryDelete };
  },
};

/** Several entries at once, each deleted or refused by itself. */
export const deleteRouteEntries: Operation = {
  kind: "write",
  run(call) {
    const wanted = records(call.parameters, "RouteEntries");
    const tables = wanted.map((record) => findRouteTable(call, text(record, "RouteTableId") ?? ""));
    for (const vpcId of new Set(tables.map((table) => table.vpcId))) refuseWhileBusy(call, vpcId);
    if (flag(call.parameters, "DryRun")) refuse(DRY_RUN_PASSED);
    const failed = wanted.flatMap((record) => {
      const refusal = removeFromBatch(call, record);
      return refusal === undefined ? [] : [failedEntry(record, refusal)];
    });
    const deleted = wanted.length - failed.length;
    return {
      body: { SuccessCount: deleted, FailedCount: failed.length, FailedRouteEntries: failed },
      settlesAfterMs: deleted === 0 ? 0 : TIMES.routeEntryDelete,
    };
  },
};

interface WhichEntry {
  readonly routeTableId: string | undefined;
  readonly routeEntryId: string | undefined;
  readonly destination: string | undefined;
  readonly nextHopId: string | undefined;
}

const NOT_FOUND: Refusal = {
  status: 404,
  code: "InvalidRouteEntry.NotFound",
  message: "The specified route entry does not exist.",
};

function find(call: Call, which: WhichEntry): { table: RouteTable; entry: RouteEntry } {
  if (which.routeEntryId === undefined && (which.destination === undefined || which.routeTableId === undefined)) {
    const message = "Either RouteEntryId or RouteTableId and DestinationCidrBlock must be given.";
    refuse({ status: 400, code: "MissingParameter", message });
  }
  const tables =
    which.routeTableId === undefined
      ? [...call.region.routeTables.values()]
      : [findRouteTable(call, which.routeTableId)];
  for (const table of tables) {
    const entry = [...table.entries.values()].find((candidate) => isAskedFor(which, candidate));
    if (entry !== undefined) return { table, entry };
  }
  refuse(NOT_FOUND);
}

function isAskedFor(which: WhichEntry, entry: RouteEntry): boolean {
  return (
    (which.routeEntryId === undefined || which.routeEntryId === entry.routeEntryId) &&
    (which.destination === undefined || which.destination === entry.destinationCidrBlock) &&
    (which.nextHopId === undefined || which.nextHopId === entry.nextHopId)
  );
}

function refuseSystemEntry(entry: RouteEntry): void {
  if (entry.type === "Custom") return;
  refuse({
    status: 400,
    code: "OperationDenied.SystemRouteEntry",
    message: "Only a custom route entry can be deleted.",
  });
}

function removeFromBatch(call: Call, record: Parameters): Refusal | undefined {
  return refusedBy(() => {
    const { table, entry } = find(call, {
      routeTableId: text(record, "RouteTableId"),
      routeEntryId: text(record, "RouteEntryId"),
      destination: text(record, "DstCidrBlock"),
      nextHopId: text(record, "NextHop"),
    });
    refuseSystemEntry(entry);
    // Already on its way out when the batch names an entry twice.
    if (entry.status === "Available") removeRouteEntry(call, table, entry);
  });
}

function failedEntry(record: Parameters, refusal: Refusal): Readonly<Record<string, string>> {
  return {
    RouteEntryId: text(record, "RouteEntryId") ?? "",
    DstCidrBlock: text(record, "DstCidrBlock") ?? "",
    NextHop: text(record, "NextHop") ?? "",
    FailedCode: refusal.code === NOT_FOUND.code ? "VPC_ROUTER_ENTRY_NOT_EXIST" : refusal.code,
    FailedMessage: refusal.message,
  };
}

/** Deleting, then gone. */
export function removeRouteEntry(call: Call, table: RouteTable, entry: RouteEntry): void {
  entry.status = "Deleting";
  call.agenda.at(call.answeredAt + TIMES.routeEntryDelete, () => {
    if (entry.status === "Deleting") table.entries.delete(entry.routeEntryId);
  });
}
