/**
 * Route tables, their entries, and router interfaces: VPC 2016-04-28, one function per action. Parameters and answers:
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describerouteentrylist and the
 * pages beside it (read 2026-08-22).
 */
import {
  DescribeRouteEntryListRequest,
  DescribeRouterInterfacesRequest,
  DescribeRouterInterfacesRequestFilter,
  DescribeRouteTableListRequest,
} from "@alicloud/vpc20160428";
import { z } from "zod";
import type { RegionId, RouteEntry, RouterInterface, RouteTable, VpcId } from "../../machines/network/facts.ts";
import type { RouterInterfaceFilter } from "../ports.ts";
import type { Cloud } from "./call.ts";
import * as id from "./ids.ts";
import { allNumberedPages, allTokenPages, chunksOf } from "./paging.ts";

/** The most that each of the lists by page number gives at once, and the most ids that one filter is given. */
const PAGE_SIZE = 50;

/** The most that DescribeRouteEntryList gives at once; its parameter is MaxResult, without an s. */
const ENTRIES_PAGE_SIZE = 100;

/** What a field holds when there is nothing to say; some answers leave it out instead. */
const text = z.string().default("");

const RouteTableFacts = z
  .object({
    routeTableId: id.RouteTableId,
    routeTableName: text,
    routeTableType: z.enum(["System", "Custom"]),
    // Answers from before there were gateway tables do not have it.
    associateType: z.enum(["VSwitch", "Gateway"]).default("VSwitch"),
  })
  .transform((table): Omit<RouteTable, "entries"> => ({
    id: table.routeTableId,
    name: table.routeTableName,
    type: table.routeTableType,
    associateType: table.associateType,
  }));
const RouteTablesAnswer = z.object({
  totalCount: z.number(),
  routerTableList: z.object({ routerTableListType: z.array(RouteTableFacts) }),
});

/** A VPC's tables, without their entries. */
export function describeRouteTableList(
  { clients, call }: Cloud,
  regionId: RegionId,
  vpcId: VpcId,
): Promise<ReadonlyArray<Omit<RouteTable, "entries">>> {
  return allNumberedPages("DescribeRouteTableList", PAGE_SIZE, async (pageNumber) => {
    const request = new DescribeRouteTableListRequest({ regionId, vpcId, pageNumber, pageSize: PAGE_SIZE });
    const send = () => clients.vpc(regionId).describeRouteTableList(request);
    const { totalCount, routerTableList } = await call("DescribeRouteTableList", regionId, send, RouteTablesAnswer);
    return { totalCount, items: routerTableList.routerTableListType };
  });
}

const RouteEntryFacts = z
  .object({
    routeEntryId: text,
    destinationCidrBlock: z.string().min(1),
    status: z.string(),
    type: z.string(),
    nextHops: z.object({ nextHop: z.array(z.object({ nextHopId: text, nextHopType: text })) }),
  })
  .transform((entry): RouteEntry => ({
    id: entry.routeEntryId,
    destination: entry.destinationCidrBlock,
    status: entry.status,
    type: entry.type,
    // Entries with several next hops share traffic between border routers; none of those is ours.
    nextHopType: entry.nextHops.nextHop[0]?.nextHopType ?? "",
    nextHopId: entry.nextHops.nextHop[0]?.nextHopId ?? "",
  }));
const RouteEntriesAnswer = z.object({
  nextToken: z.string().optional(),
  routeEntrys: z.object({ routeEntry: z.array(RouteEntryFacts) }),
});

/** The IPv4 entries of one table; those to one destination when it is given. */
export async function describeRouteEntryList(
  { clients, call }: Cloud,
  regionId: RegionId,
  { routeTableId, destination }: { readonly routeTableId: string; readonly destination?: string },
): Promise<readonly RouteEntry[]> {
  const entries = await allTokenPages("DescribeRouteEntryList", async (nextToken) => {
    const request = new DescribeRouteEntryListRequest({
      regionId,
      routeTableId,
      destinationCidrBlock: destination,
      maxResult: ENTRIES_PAGE_SIZE,
      nextToken,
    });
    const send = () => clients.vpc(regionId).describeRouteEntryList(request);
    const answer = await call("DescribeRouteEntryList", regionId, send, RouteEntriesAnswer);
    return { nextToken: answer.nextToken, items: answer.routeEntrys.routeEntry };
  });
  // A destination can also be an IPv6 block or a prefix list, which nothing of ours can be compared with.
  return entries.filter((entry) => z.cidrv4().safeParse(entry.destination).success);
}

const RouterInterfaceFacts = z
  .object({
    routerInterfaceId: id.RouterInterfaceId,
    name: text,
    status: z.string(),
    businessStatus: text,
    role: z.enum(["InitiatingSide", "AcceptingSide"]),
    routerId: z.string(),
    spec: text,
    oppositeInterfaceId: text,
    oppositeRouterId: text,
    oppositeRegionId: text,
  })
  .transform(({ routerInterfaceId, ...facts }): RouterInterface => ({ id: routerInterfaceId, ...facts }));
const RouterInterfacesAnswer = z.object({
  totalCount: z.number(),
  routerInterfaceSet: z.object({ routerInterfaceType: z.array(RouterInterfaceFacts) }),
});

/** In lists of 50 when there are more ids. */
export async function describeRouterInterfaces(
  cloud: Cloud,
  regionId: RegionId,
  filter: RouterInterfaceFilter,
): Promise<readonly RouterInterface[]> {
  const lists = await Promise.all(filtersOf(filter).map((filters) => filteredInterfaces(cloud, regionId, filters)));
  return lists.flat();
}

type Filters = Readonly<Record<string, string[]>>;

/** One per call. */
function filtersOf(filter: RouterInterfaceFilter): readonly Filters[] {
  if ("ids" in filter) return chunksOf(filter.ids, PAGE_SIZE).map((ids) => ({ RouterInterfaceId: ids }));
  const { routerId, name } = filter;
  return [{ RouterId: [routerId], ...(name !== undefined && { Name: [name] }) }];
}

function filteredInterfaces(
  { clients, call }: Cloud,
  regionId: RegionId,
  filters: Filters,
): Promise<readonly RouterInterface[]> {
  const filter = Object.entries(filters).map(
    ([key, value]) => new DescribeRouterInterfacesRequestFilter({ key, value }),
  );
  return allNumberedPages("DescribeRouterInterfaces", PAGE_SIZE, async (pageNumber) => {
    const request = new DescribeRouterInterfacesRequest({ regionId, filter, pageNumber, pageSize: PAGE_SIZE });
    const send = () => clients.vpc(regionId).describeRouterInterfaces(request);
    const answer = await call("DescribeRouterInterfaces", regionId, send, RouterInterfacesAnswer);
    return { totalCount: answer.totalCount, items: answer.routerInterfaceSet.routerInterfaceType };
  });
}
