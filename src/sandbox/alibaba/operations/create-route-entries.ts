import { buildRouteEntry } from "../build.ts";
import { cidrToText, parseCidr } from "../cidr.ts";
import { flag, invalid, type Parameters, records, requiredText, text } from "../parameters.ts";
import { type Refusal, refuse, refusedBy } from "../refusal.ts";
import { type Call, type Operation, siteOf } from "../simulation.ts";
import { TIMES } from "../times.ts";
import type { RouteEntry, RouteTable } from "../world.ts";
import { findRouteTable } from "./find.ts";
import {
  refuseGatewayTable,
  refuseWhileBusy,
  type WantedEntry,
  whyNotDestination,
  whyNotNextHop,
  whyNotRoom,
} from "./route-entry-rules.ts";

/** Entries in one CreateRouteEntries. */
const BATCH_MAX = 50;

/**
 * One entry in one table; Pending first, then Available.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createrouteentry (read 2026-08-22)
 */
export const createRouteEntry: Operation = {
  kind: "write",
  run(call) {
    const { parameters } = call;
    const table = findRouteTable(call, requiredText(parameters, "RouteTableId"));
    refuseGatewayTable(table);
    refuseWhileBusy(call, table.vpcId);
    checkText(parameters, "RouteEntryName", 128);
    checkText(parameters, "Description", 256);
    const wanted = {
      destination: requiredText(parameters, "DestinationCidrBlock"),
      // The documented default, which no router interface is.
      nextHopType: text(parameters, "NextHopType") ?? "Instance",
      nextHopId: requiredText(parameters, "NextHopId"),
    };
    const why = whyNot(call, table, wanted, true);
    if (why !== undefined) refuse(why);
    if (flag(parameters, "DryRun")) refuse(DRY_RUN_PASSED);
    const entry = add(call, table, wanted, {
      name: text(parameters, "RouteEntryName") ?? "",
      description: text(parameters, "Description") ?? "",
    });
    return { body: { RouteEntryId: entry.routeEntryId }, settlesAfterMs: TIMES.routeEntryCreate };
  },
};

/**
 * Several entries at once, each taken or refused by itself; HTTP 200 even when some are refused.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createrouteentries (read 2026-08-22)
 */
export const createRouteEntries: Operation = {
  kind: "write",
  run(call) {
    const wanted = records(call.parameters, "RouteEntries");
    if (wanted.length > BATCH_MAX) refuse(invalid("RouteEntries"));
    const tables = wanted.map((record) => findRouteTable(call, requiredText(record, "RouteTableId")));
    for (const vpcId of new Set(tables.map((table) => table.vpcId))) refuseWhileBusy(call, vpcId);
    if (flag(call.parameters, "DryRun")) refuse(DRY_RUN_PASSED);
    const created: string[] = [];
    const failed: Array<Readonly<Record<string, string>>> = [];
    for (const record of wanted) {
      const outcome = addFromBatch(call, record);
      if ("routeEntryId" in outcome) created.push(outcome.routeEntryId);
      else failed.push(failedEntry(record, outcome));
    }
    return {
      body: {
        SuccessCount: created.length,
        FailedCount: failed.length,
        RouteEntryIds: created,
        FailedRouteEntries: failed,
      },
      settlesAfterMs: created.length === 0 ? 0 : TIMES.routeEntryCreate,
    };
  },
};

/** The answer to a dry run that found nothing wrong: an error code, by design of the API. */
export const DRY_RUN_PASSED: Refusal = {
  status: 400,
  code: "DryRunOperation",
  message: "Request validation has been passed with DryRun flag set.",
};

function addFromBatch(call: Call, record: Parameters): RouteEntry | Refusal {
  const table = findRouteTable(call, requiredText(record, "RouteTableId"));
  const wanted = {
    destination: requiredText(record, "DstCidrBlock"),
    nextHopType: requiredText(record, "NextHopType"),
    nextHopId: requiredText(record, "NextHop"),
  };
  const mayContainVSwitch = call.facts.answer("batch-destination-around-vswitch") === "accepted";
  const names = { name: text(record, "Name") ?? "", description: text(record, "Description") ?? "" };
  return (
    refusedBy(() => refuseGatewayTable(table)) ??
    whyNot(call, table, wanted, mayContainVSwitch) ??
    add(call, table, wanted, names)
  );
}

function failedEntry(record: Parameters, refusal: Refusal): Readonly<Record<string, string>> {
  const isDuplicate = /Duplicat|AlreadyExist/.test(refusal.code);
  const isStatus = refusal.code.startsWith("IncorrectStatus");
  const code = isDuplicate
    ? "VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE"
    : isStatus
      ? "VPC_ROUTE_ENTRY_STATUS_ERROR"
      : refusal.code;
  return {
    DstCidrBlock: text(record, "DstCidrBlock") ?? "",
    NextHop: text(record, "NextHop") ?? "",
    FailedCode: code,
    FailedMessage: refusal.message,
  };
}

function whyNot(call: Call, table: RouteTable, wanted: WantedEntry, mayContainVSwitch: boolean): Refusal | undefined {
  const { destination } = wanted;
  return (
    whyNotDestination(call, table, { destination, mayContainVSwitch }) ??
    whyNotRoom(call, table, withPrefix(destination)) ??
    whyNotNextHop(call, table, wanted)
  );
}

function add(
  call: Call,
  table: RouteTable,
  wanted: WantedEntry,
  names: { readonly name: string; readonly description: string },
): RouteEntry {
  const entry = buildRouteEntry(siteOf(call), table, {
    destinationCidrBlock: withPrefix(wanted.destination),
    nextHopType: wanted.nextHopType,
    nextHopId: wanted.nextHopId,
    routeEntryName: names.name,
    description: names.description,
    status: "Pending",
  });
  call.agenda.at(call.answeredAt + TIMES.routeEntryCreate, (now) => {
    if (entry.status !== "Pending") return;
    entry.status = "Available";
    entry.modifiedAt = now;
  });
  return entry;
}

/** A bare address is a block of one. */
function withPrefix(destination: string): string {
  const cidr = parseCidr(destination);
  return cidr === undefined ? destination : cidrToText(cidr);
}

function checkText(parameters: Parameters, name: string, charactersMax: number): void {
  const value = text(parameters, name) ?? "";
  if (value.length > charactersMax || /^https?:\/\//i.test(value)) refuse(invalid(name));
}
