import { tokenPage } from "../paging.ts";
import { requiredText, text, texts } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import type { RouteEntry } from "../world.ts";
import { matches } from "./find.ts";

/** How entries of a type came into the table. */
const ORIGINS: Readonly<Record<RouteEntry["type"], string>> = {
  System: "SystemCreate",
  Custom: "CustomCreate",
  BGP: "RoutePropagation",
  CEN: "RoutePropagation",
  ECR: "RoutePropagation",
};

/** The entries of one table, whatever their type. */
export const describeRouteEntryList: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const routeTableId = requiredText(parameters, "RouteTableId");
    const table = call.region.routeTables.get(routeTableId);
    if (table === undefined) {
      refuse({ status: 404, code: "InvalidRouteTable.NotFound", message: "The specified route table does not exist." });
    }
    refuseCustomFilterOnOthers(call);
    const found = [...table.entries.values()].filter((entry) => isAskedFor(call, entry));
    const page = tokenPage(found, parameters, { parameter: "MaxResult", fallback: 10, min: 1, max: 100 });
    const shown = page.items.map((entry) => ({
      RouteEntryId: entry.routeEntryId,
      RouteEntryName: entry.routeEntryName,
      RouteTableId: routeTableId,
      DestinationCidrBlock: entry.destinationCidrBlock,
      Status: shownEntryStatus(call, entry),
      Type: entry.type,
      IpVersion: "IPv4",
      Description: entry.description,
      Origin: ORIGINS[entry.type],
      GmtModified: timeText(entry.modifiedAt),
      NextHops: { NextHop: shownNextHops(call, entry) },
    }));
    return { body: { RouteEntrys: { RouteEntry: shown }, NextToken: page.NextToken, TotalCount: found.length } };
  },
};

/** An entry's status under the name that the fact gives to its first moments. */
export function shownEntryStatus(call: Call, entry: RouteEntry): string {
  return entry.status === "Pending" ? call.facts.answer("route-entry-before-available") : entry.status;
}

/** An entry's one next hop in the API's list form. */
export function shownNextHops(call: Call, entry: RouteEntry): ReadonlyArray<Readonly<Record<string, unknown>>> {
  const related = call.region.routerInterfaces.get(entry.nextHopId);
  const relatedInfo =
    related === undefined
      ? undefined
      : {
          InstanceId: related.opposite.interfaceId,
          InstanceType: "RouterInterface",
          RegionId: related.oppositeRegionId,
        };
  return [
    {
      NextHopId: entry.nextHopId,
      NextHopType: entry.nextHopType,
      NextHopRegionId: entry.nextHopType === "local" ? "" : call.region.regionId,
      Enabled: 1,
      Weight: 0,
      ...(relatedInfo === undefined ? {} : { NextHopRelatedInfo: relatedInfo }),
    },
  ];
}

function isAskedFor(call: Call, entry: RouteEntry): boolean {
  const { parameters } = call;
  const destinations = texts(parameters, "DestCidrBlockList");
  return (
    matches(parameters, "RouteEntryType", entry.type) &&
    matches(parameters, "NextHopType", entry.nextHopType) &&
    matches(parameters, "NextHopId", entry.nextHopId) &&
    matches(parameters, "DestinationCidrBlock", entry.destinationCidrBlock) &&
    matches(parameters, "RouteEntryId", entry.routeEntryId) &&
    matches(parameters, "RouteEntryName", entry.routeEntryName) &&
    (text(parameters, "IpVersion") ?? "ipv4").toLowerCase() === "ipv4" &&
    (destinations.length === 0 || destinations.includes(entry.destinationCidrBlock))
  );
}

/** Id and name are filters for custom entries only. */
function refuseCustomFilterOnOthers(call: Call): void {
  const type = text(call.parameters, "RouteEntryType") ?? "Custom";
  const byIdOrName = ["RouteEntryId", "RouteEntryName"].some((name) => text(call.parameters, name) !== undefined);
  if (type === "Custom" || !byIdOrName) return;
  const message = "RouteEntryId and RouteEntryName filter custom route entries only.";
  refuse({ status: 400, code: "OperationFailed.FilterParamUnderWrongRouteType", message });
}
