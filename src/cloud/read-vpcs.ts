/**
 * Regions, VPCs and their vSwitches: VPC 2016-04-28, one function per action. Parameters and answers:
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevpcs and the
 * pages beside it (read 2026-08-22).
 */
import {
  DescribeRegionsRequest,
  DescribeVpcAttributeRequest,
  DescribeVpcsRequest,
  DescribeVSwitchesRequest,
} from "@alicloud/vpc20160428";
import { z } from "zod";
import type { RegionId, Vpc, VpcId, VSwitch } from "../../machines/network/facts.ts";
import type { Cloud } from "./call.ts";
import * as id from "./ids.ts";
import { allNumberedPages } from "./paging.ts";

/** The most that each of the lists by page number gives at once. */
const PAGE_SIZE = 50;

/** What a field holds when there is nothing to say; some answers leave it out instead. */
const text = z.string().default("");

const RegionsAnswer = z.object({ regions: z.object({ region: z.array(z.object({ regionId: z.string().min(1) })) }) });

export async function describeRegions({ clients, call }: Cloud, homeRegion: RegionId): Promise<readonly RegionId[]> {
  const send = () => clients.vpc(homeRegion).describeRegions(new DescribeRegionsRequest({}));
  const { regions } = await call("DescribeRegions", homeRegion, send, RegionsAnswer);
  return regions.region.map(({ regionId }) => regionId);
}

/** In the list and in the answer about one VPC alike. */
const VpcShown = z.object({
  vpcId: id.VpcId,
  vpcName: text,
  regionId: z.string(),
  status: z.string(),
  /** A number on the wire: exact up to 2^53, which is more than the account ids in use. */
  ownerId: z.number().refine(Number.isSafeInteger),
  VRouterId: id.VRouterId,
  cidrBlock: z.cidrv4(),
  secondaryCidrBlocks: z.object({ secondaryCidrBlock: z.array(z.cidrv4()) }),
  ipv6CidrBlock: text,
  userCidrs: z.object({ userCidr: z.array(z.cidrv4()) }).default({ userCidr: [] }),
  tags: z.object({ tag: z.array(z.object({ key: z.string(), value: text })) }).default({ tag: [] }),
});

/** Without CENs and services, which the list does not tell. */
function listedVpc(vpc: z.infer<typeof VpcShown>): Vpc {
  return {
    id: vpc.vpcId,
    name: vpc.vpcName,
    regionId: vpc.regionId,
    status: vpc.status,
    ownerId: String(vpc.ownerId),
    vRouterId: vpc.VRouterId,
    cidr: vpc.cidrBlock,
    secondaryCidrs: vpc.secondaryCidrBlocks.secondaryCidrBlock,
    ipv6Cidr: vpc.ipv6CidrBlock,
    userCidrs: vpc.userCidrs.userCidr,
    cenIds: null,
    services: null,
    tags: vpc.tags.tag,
  };
}

const VpcsAnswer = z.object({
  totalCount: z.number(),
  vpcs: z.object({ vpc: z.array(VpcShown.transform(listedVpc)) }),
});

/** All of the region, or the one asked for. */
export function describeVpcs({ clients, call }: Cloud, regionId: RegionId, vpcId?: VpcId): Promise<readonly Vpc[]> {
  return allNumberedPages("DescribeVpcs", PAGE_SIZE, async (pageNumber) => {
    const request = new DescribeVpcsRequest({ regionId, vpcId, pageNumber, pageSize: PAGE_SIZE });
    const send = () => clients.vpc(regionId).describeVpcs(request);
    const { totalCount, vpcs } = await call("DescribeVpcs", regionId, send, VpcsAnswer);
    return { totalCount, items: vpcs.vpc };
  });
}

/**
 * What of a VPC's contents security groups guard, or what is no service that anybody could reach. The list of types is
 * documented nowhere in full, so that one we do not know counts as a service: better one line too many than one too few.
 */
const GUARDED_OR_NO_SERVICE: ReadonlySet<string> = new Set([
  "Instance",
  "Ecs",
  "EcsInstance",
  "Eni",
  "NetworkInterface",
  "HaVip",
  "VSwitch",
  "VRouter",
  "RouteTable",
  "NetworkAcl",
  "SecurityGroup",
  "FlowLog",
  "TrafficMirror",
  "DhcpOptionsSet",
  "RouterInterface",
  "VpcPeer",
  "NatGateway",
  "VpnGateway",
  "Ipv4Gateway",
  "Ipv6Gateway",
]);

const VpcAttributeAnswer = VpcShown.extend({
  associatedCens: z
    .object({ associatedCen: z.array(z.object({ cenId: z.string().min(1) })) })
    .default({ associatedCen: [] }),
  cloudResources: z
    .object({
      cloudResourceSetType: z.array(z.object({ resourceType: z.string().min(1), resourceCount: z.coerce.number() })),
    })
    .default({ cloudResourceSetType: [] }),
}).transform((vpc): Vpc => ({
  ...listedVpc(vpc),
  cenIds: vpc.associatedCens.associatedCen.map(({ cenId }) => cenId),
  services: vpc.cloudResources.cloudResourceSetType
    .filter(({ resourceType, resourceCount }) => resourceCount > 0 && !GUARDED_OR_NO_SERVICE.has(resourceType))
    .map(({ resourceType, resourceCount }) => ({ type: resourceType, count: resourceCount })),
}));

/** One VPC with what only this action tells: the CENs it is attached to, and what other services keep in it. */
export function describeVpcAttribute({ clients, call }: Cloud, regionId: RegionId, vpcId: VpcId): Promise<Vpc> {
  const send = () => clients.vpc(regionId).describeVpcAttribute(new DescribeVpcAttributeRequest({ regionId, vpcId }));
  return call("DescribeVpcAttribute", regionId, send, VpcAttributeAnswer);
}

const VSwitchFacts = z
  .object({
    vSwitchId: id.VSwitchId,
    vSwitchName: text,
    cidrBlock: z.cidrv4(),
    zoneId: text,
    networkAclId: text,
    routeTable: z.object({ routeTableId: id.RouteTableId }),
  })
  .transform((vSwitch): VSwitch => ({
    id: vSwitch.vSwitchId,
    name: vSwitch.vSwitchName,
    cidr: vSwitch.cidrBlock,
    zoneId: vSwitch.zoneId,
    routeTableId: vSwitch.routeTable.routeTableId,
    networkAclId: vSwitch.networkAclId,
  }));
const VSwitchesAnswer = z.object({
  totalCount: z.number(),
  vSwitches: z.object({ vSwitch: z.array(VSwitchFacts) }),
});

export function describeVSwitches(
  { clients, call }: Cloud,
  regionId: RegionId,
  vpcId: VpcId,
): Promise<readonly VSwitch[]> {
  return allNumberedPages("DescribeVSwitches", PAGE_SIZE, async (pageNumber) => {
    const request = new DescribeVSwitchesRequest({ regionId, vpcId, pageNumber, pageSize: PAGE_SIZE });
    const send = () => clients.vpc(regionId).describeVSwitches(request);
    const { totalCount, vSwitches } = await call("DescribeVSwitches", regionId, send, VSwitchesAnswer);
    return { totalCount, items: vSwitches.vSwitch };
  });
}
