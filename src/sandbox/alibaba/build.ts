import type { IdKind } from "./ids.ts";
import type {
  Image,
  Instance,
  Region,
  RouteEntry,
  RouterInterface,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Vpc,
  VSwitch,
} from "./world.ts";

/** Where and when something is built, and where its ids come from. */
export interface Site {
  readonly region: Region;
  /** Cloud time of creation, ms since the epoch. */
  readonly at: number;
  /** An id for a resource of this region; seeds read `name`, running operations count. */
  readonly id: (kind: IdKind, name: string) => string;
}

/** What every instance carries that nobody said anything else about. */
export const LINUX_IMAGE: Image = {
  imageId: "aliyun_3_x64_20G_alibase_20260615.vhd",
  osName: "Alibaba Cloud Linux  3.2104 LTS 64位",
  osType: "linux",
  ping: "iputils",
  users: ["root", "nobody"],
};

/** Adds a VPC with its VRouter and its system route table, which holds the entry for the cloud's own services. */
export function buildVpc(
  site: Site,
  vpc: { readonly vpcName: string; readonly cidrBlock: string; readonly ownerId: string } & Partial<
    Pick<Vpc, "description" | "secondaryCidrBlocks" | "userCidrs" | "status" | "cenIds" | "cloudResources" | "tags">
  >,
): Vpc {
  const built: Vpc = {
    vpcId: site.id("vpc", vpc.vpcName),
    vRouterId: site.id("vrt", vpc.vpcName),
    description: "",
    secondaryCidrBlocks: [],
    userCidrs: [],
    ipv6CidrBlock: "",
    status: "Available",
    cenIds: [],
    cloudResources: [],
    tags: [],
    createdAt: site.at,
    ...vpc,
  };
  site.region.vpcs.set(built.vpcId, built);
  buildRouteTable(site, { vpcId: built.vpcId, routeTableName: vpc.vpcName, routeTableType: "System" });
  return built;
}

/** Adds a route table with the system entries of its VPC: one per vSwitch and 100.64.0.0/10. */
export function buildRouteTable(
  site: Site,
  table: Pick<RouteTable, "vpcId" | "routeTableName" | "routeTableType"> &
    Partial<Pick<RouteTable, "associateType" | "gatewayIds" | "tags">>,
): RouteTable {
  const built: RouteTable = {
    routeTableId: site.id("vtb", table.routeTableName),
    associateType: "VSwitch",
    gatewayIds: [],
    tags: [],
    entries: new Map(),
    createdAt: site.at,
    ...table,
    // The console shows no name for a system table.
    routeTableName: table.routeTableType === "System" ? "" : table.routeTableName,
  };
  site.region.routeTables.set(built.routeTableId, built);
  buildSystemEntry(site, { table: built, destinationCidrBlock: "100.64.0.0/10" });
  for (const vSwitch of site.region.vSwitches.values()) {
    if (vSwitch.vpcId !== built.vpcId) continue;
    buildSystemEntry(site, { table: built, destinationCidrBlock: vSwitch.cidrBlock });
  }
  return built;
}

/** Adds a vSwitch and its system entry in every table of the VPC; the system table serves it unless one is named. */
export function buildVSwitch(
  site: Site,
  vSwitch: Pick<VSwitch, "vpcId" | "vSwitchName" | "cidrBlock" | "zoneId" | "routeTableId"> &
    Partial<Pick<VSwitch, "status" | "networkAclId" | "tags">>,
): VSwitch {
  const built: VSwitch = {
    vSwitchId: site.id("vsw", vSwitch.vSwitchName),
    status: "Available",
    networkAclId: "",
    tags: [],
    createdAt: site.at,
    ...vSwitch,
  };
  site.region.vSwitches.set(built.vSwitchId, built);
  for (const table of site.region.routeTables.values()) {
    if (table.vpcId !== built.vpcId) continue;
    buildSystemEntry(site, { table, destinationCidrBlock: built.cidrBlock });
  }
  return built;
}

/** Adds a route entry, `Custom` and `Available` at once unless said otherwise. */
export function buildRouteEntry(
  site: Site,
  table: RouteTable,
  entry: Pick<RouteEntry, "destinationCidrBlock" | "nextHopType" | "nextHopId"> &
    Partial<Pick<RouteEntry, "routeEntryName" | "description" | "type" | "status">>,
): RouteEntry {
  const built: RouteEntry = {
    routeEntryId: site.id("rte", `${table.routeTableId}/${entry.destinationCidrBlock}`),
    routeEntryName: "",
    description: "",
    type: "Custom",
    status: "Available",
    modifiedAt: site.at,
    ...entry,
  };
  table.entries.set(built.routeEntryId, built);
  return built;
}

/** Adds a router interface; postpaid, not connected, and `Idle` unless a status is given. */
export function buildRouterInterface(
  site: Site,
  side: Pick<RouterInterface, "role" | "routerId" | "vpcId" | "name" | "spec" | "oppositeRegionId"> &
    Partial<Pick<RouterInterface, "status" | "opposite" | "description" | "tags" | "connectedAt">>,
): RouterInterface {
  const built: RouterInterface = {
    routerInterfaceId: site.id("ri", side.name),
    description: "",
    status: "Idle",
    businessStatus: "Normal",
    opposite: { interfaceId: "", routerId: "", routerType: "", ownerId: "" },
    hcRate: 2_000,
    hcThreshold: 8,
    tags: [],
    connectedAt: undefined,
    createdAt: site.at,
    ...side,
  };
  site.region.routerInterfaces.set(built.routerInterfaceId, built);
  return built;
}

/** Adds a security group without rules. */
export function buildSecurityGroup(
  site: Site,
  group: Pick<SecurityGroup, "vpcId" | "securityGroupName"> &
    Partial<Pick<SecurityGroup, "description" | "securityGroupType" | "innerAccessPolicy" | "serviceManaged" | "tags">>,
): SecurityGroup {
  const securityGroupType = group.securityGroupType ?? "normal";
  const built: SecurityGroup = {
    securityGroupId: site.id("sg", group.securityGroupName),
    description: "",
    // Members of a basic group reach each other, those of an advanced one do not.
    innerAccessPolicy: securityGroupType === "normal" ? "Accept" : "Drop",
    serviceManaged: false,
    rules: [],
    tags: [],
    createdAt: site.at,
    ...group,
    securityGroupType,
  };
  site.region.securityGroups.set(built.securityGroupId, built);
  return built;
}

/** What a rule says, without id and time. */
export type RuleContent = Omit<SecurityGroupRule, "securityGroupRuleId" | "createdAt">;

/** A rule's content with everything that is not given left empty: accept, priority 1, all protocols, ingress. */
export function ruleContent(given: Partial<RuleContent>): RuleContent {
  return {
    direction: "ingress",
    policy: "accept",
    priority: 1,
    ipProtocol: "ALL",
    portRange: "-1/-1",
    sourcePortRange: "",
    sourceCidrIp: "",
    destCidrIp: "",
    ipv6SourceCidrIp: "",
    ipv6DestCidrIp: "",
    sourceGroupId: "",
    destGroupId: "",
    sourcePrefixListId: "",
    destPrefixListId: "",
    description: "",
    ...given,
  };
}

/** Appends a rule to a group. */
export function buildRule(site: Site, group: SecurityGroup, content: RuleContent): SecurityGroupRule {
  const name = `${group.securityGroupId}/${group.rules.length}`;
  const built: SecurityGroupRule = { ...content, securityGroupRuleId: site.id("sgr", name), createdAt: site.at };
  group.rules = [...group.rules, built];
  return built;
}

/** Adds a running Linux instance with one network interface; its agent is online unless said otherwise. */
export function buildInstance(
  site: Site,
  instance: Pick<Instance, "instanceName" | "privateIp" | "securityGroupIds"> & { readonly vSwitch: VSwitch } & Partial<
      Pick<Instance, "status" | "image" | "agentOnline" | "listening" | "dropsPing" | "tags">
    >,
): Instance {
  const { vSwitch, ...given } = instance;
  const instanceId = site.id("i", instance.instanceName);
  const built: Instance = {
    instanceId,
    hostName: `iZ${instanceId.slice(2)}Z`,
    status: "Running",
    image: LINUX_IMAGE,
    vpcId: vSwitch.vpcId,
    vSwitchId: vSwitch.vSwitchId,
    zoneId: vSwitch.zoneId,
    networkInterfaceId: site.id("eni", instance.instanceName),
    macAddress: macAddressOf(instance.privateIp),
    agentOnline: true,
    listening: [],
    dropsPing: false,
    tags: [],
    createdAt: site.at,
    ...given,
  };
  site.region.instances.set(instanceId, built);
  return built;
}

function buildSystemEntry(site: Site, entry: { table: RouteTable; destinationCidrBlock: string }): void {
  const routeEntryId = site.id("rte", `${entry.table.routeTableId}/${entry.destinationCidrBlock}`);
  entry.table.entries.set(routeEntryId, {
    routeEntryId,
    routeEntryName: "",
    description: "",
    destinationCidrBlock: entry.destinationCidrBlock,
    type: "System",
    nextHopType: "local",
    nextHopId: "",
    status: "Available",
    modifiedAt: site.at,
  });
}

function macAddressOf(privateIp: string): string {
  const bytes = privateIp.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return ["00", "16", ...bytes].join(":");
}
