import type { OPERATIONS } from "./operations/registry.ts";
import { VPC_PEER_COVERAGE } from "./vpc-peer-coverage.ts";

/** How faithful one action is. */
export interface Coverage {
  readonly simulated: string;
  readonly different?: string;
  readonly notSimulated?: string;
  /** Parameters that are refused with UnsupportedParameter, because leaving them out of account would give a wrong answer. */
  readonly refused?: ReadonlyArray<string>;
  /** Parameters that are accepted and change nothing here. */
  readonly ignored?: ReadonlyArray<string>;
}

/**
 * What is simulated of every action, what differs and what is missing.
 *
 * A list index is written `N`. The core refuses the `refused` parameters; a test keeps all of it in step with the code.
 */
export const COVERAGE = {
  vpc: {
    ActivateRouterInterface: { simulated: "Inactive → Activating → Active; refused in other statuses and when locked" },
    ConnectRouterInterface: {
      simulated:
        "roles, all four opposite fields on both sides, one pair per two routers, none beside a VPC peering connection, bills, cross-border approval",
      different: "the time is fixed",
    },
    CreateRouteEntries: {
      simulated: "up to 50 entries, each taken or refused by itself with its own code; dry run; one change per VPC",
      ignored: ["RouteEntries.N.IpVersion"],
    },
    CreateRouteEntry: {
      simulated: "Pending → Available; destination, next hop and quota rules; one change per VPC; ClientToken; dry run",
      notSimulated:
        "IPv6, prefix lists, ECMP; next hops other than RouterInterface, VpcPeer, Instance and NetworkInterface",
      refused: ["NextHopList.N.NextHopId", "NextHopList.N.NextHopType", "NextHopList.N.Weight"],
    },
    CreateRouterInterface: {
      simulated: "both roles between VRouters, specifications, limit per router, bills, CEN, ClientToken, tags",
      notSimulated: "border routers (VBR), prepaid orders, health checks, the limit per account",
      refused: [
        "AccessPointId",
        "AutoPay",
        "AutoRenew",
        "FastLinkMode",
        "HealthCheckSourceIp",
        "HealthCheckTargetIp",
        "OppositeAccessPointId",
        "Period",
        "PricingCycle",
        "ResourceGroupId",
      ],
    },
    DeactivateRouterInterface: { simulated: "Active → Deactivating → Inactive; traffic stops at once" },
    DeleteRouteEntries: { simulated: "each entry deleted or refused by itself; dry run; one change per VPC" },
    DeleteRouteEntry: {
      simulated: "by id, or by table and destination; Deleting → gone; one change per VPC; dry run",
      notSimulated: "ECMP",
      refused: ["NextHopList.N.NextHopId", "NextHopList.N.NextHopType"],
    },
    DeleteRouterInterface: {
      simulated: "Idle or Inactive → Deleting → gone; refused while a route entry points to it; ClientToken",
    },
    DescribeNetworkAclAttributes: { simulated: "one of those, by its id" },
    DescribeNetworkAcls: {
      simulated: "filters, tags, paging by number; entries in order, vSwitches behind each",
      notSimulated: "the system's own entries; IPv6",
    },
    DescribeRegions: { simulated: "all regions of the seed, names in English or Chinese", ignored: ["ProductType"] },
    DescribeRouteEntryList: {
      simulated: "all filters; paging by MaxResult and NextToken",
      refused: ["ServiceType"],
    },
    DescribeRouteTableList: { simulated: "all filters, tags, paging by number", refused: ["ResourceGroupId"] },
    DescribeRouteTables: {
      simulated: "the older listing with entries inside, for older Terraform resources",
      refused: ["ResourceGroupId"],
    },
    DescribeRouterInterfaceAttribute: { simulated: "the flat form, with Code, Message and Success" },
    DescribeRouterInterfaces: {
      simulated: "all filter keys, tags, paging by number; the other side's status and specification",
      refused: ["IncludeReservationData", "ResourceGroupId"],
    },
    DescribeVRouters: { simulated: "one per VPC, with its tables" },
    DescribeVSwitchAttributes: { simulated: "the flat form", refused: ["DryRun"] },
    DescribeVSwitches: {
      simulated: "filters, tags, paging by number; the table that serves each",
      refused: ["DryRun", "EnableIpv6", "ResourceGroupId"],
    },
    DescribeVpcAttribute: {
      simulated: "the flat form, user CIDRs, CENs, tags; how much of what is in it, other services included",
      refused: ["DryRun", "IsDefault"],
    },
    DescribeVpcs: {
      simulated: "filters, tags, paging by number; secondary and user CIDRs, CEN status",
      notSimulated: "throttling of deep pages",
      refused: ["DhcpOptionsSetId", "DryRun", "EnableIpv6", "ResourceGroupId"],
    },
    DescribeZones: { simulated: "the zones of a region", ignored: ["AcceptLanguage", "ZoneType"] },
    ListTagResources: { simulated: "VPCs, vSwitches and route tables; paging by token" },
    ModifyRouterInterfaceAttribute: {
      simulated: "opposite fields while Idle, name and description while Idle, Active or Inactive",
      notSimulated: "health checks",
      refused: ["DeleteHealthCheckIp", "HealthCheckSourceIp", "HealthCheckTargetIp"],
    },
    ModifyRouterInterfaceSpec: { simulated: "a new bandwidth on an active initiating side; ClientToken" },
    TagResources: { simulated: "VPCs, vSwitches and route tables, up to 20 tags each" },
    UnTagResources: { simulated: "by key, or all" },
  },
  ecs: {
    AuthorizeSecurityGroup: {
      simulated: "both forms, up to 100 rules, identical rules added once, limits, groups managed by services",
      notSimulated: "prefix lists and IPv6 are stored but match no packet; port lists",
      refused: ["Permissions.N.PortRangeListId"],
      ignored: [
        "Permissions.N.SourceGroupOwnerAccount",
        "Permissions.N.SourceGroupOwnerId",
        "SourceGroupOwnerAccount",
        "SourceGroupOwnerId",
      ],
    },
    AuthorizeSecurityGroupEgress: {
      simulated: "as AuthorizeSecurityGroup, outwards",
      refused: ["Permissions.N.PortRangeListId"],
      ignored: [
        "DestGroupOwnerAccount",
        "DestGroupOwnerId",
        "Permissions.N.DestGroupOwnerAccount",
        "Permissions.N.DestGroupOwnerId",
      ],
    },
    DescribeCloudAssistantStatus: { simulated: "online or not, as text; both styles of paging" },
    DescribeInstanceAttribute: { simulated: "the flat form; the id says which region" },
    DescribeInstanceStatus: { simulated: "ids and statuses", refused: ["ClusterId"] },
    DescribeInstances: {
      simulated: "by id, address, VPC, vSwitch, zone, group, status, name with `*`, tags; both styles of paging",
      different: "one instance type everywhere",
      refused: [
        "AdditionalAttributes.N",
        "DeviceAvailable",
        "DryRun",
        "EipAddresses",
        "Filter.N.Key",
        "Filter.N.Value",
        "HpcClusterId",
        "HttpEndpoint",
        "HttpPutResponseHopLimit",
        "HttpTokens",
        "ImageId",
        "InnerIpAddresses",
        "InstanceChargeType",
        "InstanceType",
        "InstanceTypeFamily",
        "InternetChargeType",
        "IoOptimized",
        "Ipv6Address.N",
        "KeyPairName",
        "LockReason",
        "NeedSaleCycle",
        "PublicIpAddresses",
        "RdmaIpAddresses",
        "ResourceGroupId",
      ],
    },
    DescribeInvocationResults: {
      simulated: "every status on the way, exit code, output in Base64 or plain, both styles of paging",
      different: "output appears when the command has ended, not while it runs",
      refused: ["ResourceGroupId"],
      ignored: ["IncludeHistory"],
    },
    DescribeInvocations: {
      simulated: "as DescribeInvocationResults, by command; outputs with IncludeOutput",
      refused: ["ResourceGroupId", "Timed"],
    },
    DescribeNetworkInterfaces: {
      simulated: "the primary interface of each instance; both styles of paging",
      notSimulated: "secondary interfaces and addresses",
      refused: ["Ipv6Address.N", "NetworkInterfaceName", "ResourceGroupId", "ServiceManaged"],
    },
    DescribeRegions: {
      simulated: "all regions of the seed, with status",
      ignored: ["InstanceChargeType", "ResourceType"],
    },
    DescribeSecurityGroupAttribute: {
      simulated: "rules by direction, printed as the API prints them; paging by token",
      refused: ["Attribute"],
      ignored: ["NicType"],
    },
    DescribeSecurityGroups: {
      simulated: "filters, tags, counts; both styles of paging",
      refused: ["DryRun", "ResourceGroupId"],
      ignored: ["IsQueryEcsCount"],
    },
    ListTagResources: {
      simulated: "instances and security groups; paging by token",
      refused: ["TagFilter.N.TagKey", "TagFilter.N.TagValues.N"],
    },
    RevokeSecurityGroup: {
      simulated: "by rule id (unknown ones refused) or by content (no match is a success)",
      refused: ["Permissions.N.PortRangeListId"],
      ignored: [
        "Permissions.N.SourceGroupOwnerAccount",
        "Permissions.N.SourceGroupOwnerId",
        "SourceGroupOwnerAccount",
        "SourceGroupOwnerId",
      ],
    },
    RevokeSecurityGroupEgress: {
      simulated: "as RevokeSecurityGroup, outwards",
      refused: ["Permissions.N.PortRangeListId"],
      ignored: [
        "DestGroupOwnerAccount",
        "DestGroupOwnerId",
        "Permissions.N.DestGroupOwnerAccount",
        "Permissions.N.DestGroupOwnerId",
      ],
    },
    RunCommand: {
      simulated: "Pending → Running → end; offline agents, stopped instances, unknown users, timeouts; ClientToken",
      different:
        "shells and PowerShell understand part of their languages, with `ping`, `timeout`, `nc`, bash's `/dev/tcp` and .NET's `TcpClient`",
      notSimulated: "schedules, parameters, containers, kept commands, delivery to OSS",
      refused: [
        "ContainerId",
        "ContainerName",
        "EnableParameter",
        "Frequency",
        "KeepCommand",
        "Launcher",
        "OssOutputDelivery",
        "Parameters",
        "ResourceGroupId",
        "ResourceTag.N.Key",
        "ResourceTag.N.Value",
        "WindowsPasswordName",
      ],
      ignored: ["TerminationMode", "Timed"],
    },
    StopInvocation: { simulated: "Pending → Cancelled; Running → Stopping → Terminated" },
  },
  vpcpeer: VPC_PEER_COVERAGE,
  sts: {
    GetCallerIdentity: { simulated: "the account behind the one access key" },
  },
} as const satisfies { [Product in keyof typeof OPERATIONS]: Record<keyof (typeof OPERATIONS)[Product], Coverage> };

/** The coverage of an action that exists. */
export function coverageOf(product: keyof typeof COVERAGE, action: string): Coverage {
  const actions: Readonly<Record<string, Coverage>> = COVERAGE[product];
  const coverage = actions[action];
  if (coverage === undefined) throw new Error(`looking up coverage: no action ${action} in ${product}`);
  return coverage;
}

/** A flat parameter name with its list indices written as `N`: `Filter.1.Value.2` → `Filter.N.Value.N`. */
export function parameterPattern(flatName: string): string {
  return flatName.replaceAll(/\.\d+(?=\.|$)/g, ".N");
}
