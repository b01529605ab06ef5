import { routeTablesOf } from "../lookup.ts";
import { numberedPage } from "../paging.ts";
import { text } from "../parameters.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import type { RouteTable, Vpc } from "../world.ts";
import { carriesTags, matches } from "./find.ts";
import { shownEntryStatus, shownNextHops } from "./read-route-entries.ts";

/** The VRouters of a region: one per VPC. */
export const describeVRouters: Operation = {
  kind: "read",
  run(call) {
    const found = [...call.region.vpcs.values()].filter((vpc) => matches(call.parameters, "VRouterId", vpc.vRouterId));
    const { items, ...numbers } = numberedPage(found, call.parameters, { fallback: 10, max: 50 });
    const shown = items.map((vpc) => ({
      VRouterId: vpc.vRouterId,
      VRouterName: "",
      VpcId: vpc.vpcId,
      RegionId: call.region.regionId,
      Description: "",
      CreationTime: timeText(vpc.createdAt),
      RouteTableIds: { RouteTableId: routeTablesOf(call.region, vpc.vpcId).map((table) => table.routeTableId) },
    }));
    return { body: { ...numbers, VRouters: { VRouter: shown } } };
  },
};

/** The route tables of a region, without their entries. */
export const describeRouteTableList: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const found = chosenTables(call).filter(
      (table) =>
        matches(parameters, "VpcId", table.vpcId) &&
        matches(parameters, "RouteTableType", table.routeTableType) &&
        carriesTags(parameters, table.tags),
    );
    const { items, ...numbers } = numberedPage(found, parameters, { fallback: 10, max: 50 });
    const shown = items.map((table) => ({
      RouteTableId: table.routeTableId,
      RouteTableName: table.routeTableName,
      RouteTableType: table.routeTableType,
      AssociateType: table.associateType,
      RouterId: vpcOf(call, table)?.vRouterId ?? "",
      RouterType: "VRouter",
      VpcId: table.vpcId,
      VSwitchIds: { VSwitchId: servedVSwitchIds(call, table) },
      GatewayIds: { GatewayIds: table.gatewayIds },
      Status: statusOf(table),
      OwnerId: Number(vpcOf(call, table)?.ownerId ?? call.world.accountId),
      Description: "",
      ResourceGroupId: "",
      RoutePropagationEnable: true,
      CreationTime: timeText(table.createdAt),
      Tags: { Tag: table.tags.map((tag) => ({ Key: tag.key, Value: tag.value })) },
    }));
    return { body: { ...numbers, RouterTableList: { RouterTableListType: shown } } };
  },
};

/** The older listing, with all entries of each table; deprecated, and still what older Terraform resources ask. */
export const describeRouteTables: Operation = {
  kind: "read",
  run(call) {
    const found = chosenTables(call).filter((table) => matches(call.parameters, "Type", table.routeTableType));
    const { items, ...numbers } = numberedPage(found, call.parameters, { fallback: 10, max: 50 });
    const shown = items.map((table) => ({
      RouteTableId: table.routeTableId,
      RouteTableType: table.routeTableType,
      VRouterId: vpcOf(call, table)?.vRouterId ?? "",
      VSwitchIds: { VSwitchId: servedVSwitchIds(call, table) },
      Status: statusOf(table),
      ResourceGroupId: "",
      CreationTime: timeText(table.createdAt),
      RouteEntrys: {
        RouteEntry: [...table.entries.values()].map((entry) => ({
          RouteEntryId: entry.routeEntryId,
          RouteEntryName: entry.routeEntryName,
          Description: entry.description,
          RouteTableId: table.routeTableId,
          DestinationCidrBlock: entry.destinationCidrBlock,
          Type: entry.type,
          Status: shownEntryStatus(call, entry),
          NextHopType: entry.nextHopType,
          InstanceId: entry.nextHopId,
          NextHops: { NextHop: shownNextHops(call, entry) },
        })),
      },
    }));
    return { body: { ...numbers, RouteTables: { RouteTable: shown } } };
  },
};

function chosenTables(call: Call): ReadonlyArray<RouteTable> {
  const { parameters } = call;
  // Only VRouters have tables here; asking for those of border routers finds none.
  if ((text(parameters, "RouterType") ?? "VRouter") !== "VRouter") return [];
  return [...call.region.routeTables.values()].filter((table) => {
    const vRouterId = vpcOf(call, table)?.vRouterId ?? "";
    return (
      matches(parameters, "RouteTableId", table.routeTableId) &&
      matches(parameters, "RouteTableName", table.routeTableName) &&
      matches(parameters, "RouterId", vRouterId) &&
      matches(parameters, "VRouterId", vRouterId)
    );
  });
}

function vpcOf(call: Call, table: RouteTable): Vpc | undefined {
  return call.region.vpcs.get(table.vpcId);
}

function servedVSwitchIds(call: Call, table: RouteTable): ReadonlyArray<string> {
  return [...call.region.vSwitches.values()]
    .filter((vSwitch) => vSwitch.routeTableId === table.routeTableId)
    .map((vSwitch) => vSwitch.vSwitchId);
}

function statusOf(table: RouteTable): "Pending" | "Available" {
  return [...table.entries.values()].some((entry) => entry.status !== "Available") ? "Pending" : "Available";
}
