import { z } from "zod";
import {
  buildInstance,
  buildRouteEntry,
  buildRouterInterface,
  buildRouteTable,
  buildRule,
  buildSecurityGroup,
  buildVpc,
  buildVSwitch,
  ruleContent,
} from "./build.ts";
import { type Editor, editorOf, required, Tags } from "./editor.ts";
import { routeTablesOf, vpcOfRouter } from "./lookup.ts";
import { NETWORK_ACL_EDITOR } from "./network-acl-editor.ts";
import { PEERING_CONNECTION_EDITOR } from "./peering-connection-editor.ts";
import { ACCOUNT_ID } from "./seeds/account.ts";
import { IMAGES } from "./seeds/images.ts";
import type { Region, RouteTable, SecurityGroup } from "./world.ts";

const Texts = z.array(z.string());
const Ports = z.array(z.int().min(1).max(65_535));
const Settled = z.enum(["Pending", "Available"]);
const InterfaceStatus = z.enum([
  "Idle",
  "Connecting",
  "AcceptingConnecting",
  "Activating",
  "Active",
  "Modifying",
  "Deactivating",
  "Inactive",
  "Deleting",
]);
const Opposite = z.strictObject({
  interfaceId: z.string(),
  routerId: z.string(),
  routerType: z.enum(["", "VRouter", "VBR"]),
  ownerId: z.string(),
});
const Rule = z.strictObject({
  direction: z.enum(["ingress", "egress"]).exactOptional(),
  policy: z.enum(["accept", "drop"]).exactOptional(),
  priority: z.int().min(1).max(100).exactOptional(),
  ipProtocol: z.enum(["TCP", "UDP", "ICMP", "ICMPV6", "GRE", "ALL"]).exactOptional(),
  portRange: z.string().exactOptional(),
  sourceCidrIp: z.string().exactOptional(),
  destCidrIp: z.string().exactOptional(),
  sourcePortRange: z.string().exactOptional(),
  sourceGroupId: z.string().exactOptional(),
  destGroupId: z.string().exactOptional(),
  sourcePrefixListId: z.string().exactOptional(),
  destPrefixListId: z.string().exactOptional(),
  description: z.string().exactOptional(),
});

const vpc = editorOf({
  all: (region) => region.vpcs,
  set: z.strictObject({
    vpcName: z.string(),
    cidrBlock: z.cidrv4(),
    secondaryCidrBlocks: Texts,
    userCidrs: Texts,
    ipv6CidrBlock: z.string(),
    status: Settled,
    ownerId: z.string(),
    cenIds: Texts,
    cloudResources: z.array(z.strictObject({ type: z.string(), count: z.int().min(0) })),
    tags: Tags,
  }),
  add: z.strictObject({ vpcName: z.string(), cidrBlock: z.cidrv4(), tags: Tags.exactOptional() }),
  build: (site, fields) => buildVpc(site, { ownerId: ACCOUNT_ID, ...fields }),
});

const vSwitch = editorOf({
  all: (region) => region.vSwitches,
  set: z.strictObject({ status: Settled, routeTableId: z.string(), networkAclId: z.string(), tags: Tags }),
  add: z.strictObject({ vpcId: z.string(), vSwitchName: z.string(), cidrBlock: z.cidrv4(), zoneId: z.string() }),
  build(site, fields) {
    const table = required(routeTablesOf(site.region, fields.vpcId)[0], `VPC ${fields.vpcId}`);
    return buildVSwitch(site, { ...fields, routeTableId: table.routeTableId });
  },
});

const routeTable = editorOf({
  all: (region) => region.routeTables,
  set: z.strictObject({ routeTableName: z.string(), gatewayIds: Texts, tags: Tags }),
  add: z.strictObject({
    vpcId: z.string(),
    routeTableName: z.string(),
    associateType: z.enum(["VSwitch", "Gateway"]).exactOptional(),
  }),
  build(site, fields) {
    required(site.region.vpcs.get(fields.vpcId), `VPC ${fields.vpcId}`);
    return buildRouteTable(site, { routeTableType: "Custom", ...fields });
  },
});

const routerInterface = editorOf({
  all: (region) => region.routerInterfaces,
  set: z.strictObject({
    name: z.string(),
    description: z.string(),
    spec: z.string(),
    status: InterfaceStatus,
    businessStatus: z.enum(["Normal", "FinancialLocked", "SecurityLocked"]),
    opposite: Opposite,
    tags: Tags,
  }),
  add: z.strictObject({
    role: z.enum(["InitiatingSide", "AcceptingSide"]),
    routerId: z.string(),
    name: z.string(),
    spec: z.string(),
    oppositeRegionId: z.string(),
    opposite: Opposite.exactOptional(),
    status: InterfaceStatus.exactOptional(),
  }),
  build(site, fields) {
    const { vpcId } = required(vpcOfRouter(site.region, fields.routerId), `VRouter ${fields.routerId}`);
    return buildRouterInterface(site, { ...fields, vpcId });
  },
});

const securityGroup = editorOf({
  all: (region) => region.securityGroups,
  set: z.strictObject({ innerAccessPolicy: z.enum(["Accept", "Drop"]), serviceManaged: z.boolean(), tags: Tags }),
  add: z.strictObject({
    vpcId: z.string(),
    securityGroupName: z.string(),
    securityGroupType: z.enum(["normal", "enterprise"]).exactOptional(),
  }),
  build(site, fields) {
    required(site.region.vpcs.get(fields.vpcId), `VPC ${fields.vpcId}`);
    return buildSecurityGroup(site, fields);
  },
});

const instance = editorOf({
  all: (region) => region.instances,
  set: z.strictObject({
    instanceName: z.string(),
    status: z.enum(["Pending", "Running", "Starting", "Stopping", "Stopped"]),
    agentOnline: z.boolean(),
    listening: Ports,
    dropsPing: z.boolean(),
    securityGroupIds: Texts,
    tags: Tags,
  }),
  add: z.strictObject({
    vSwitchId: z.string(),
    instanceName: z.string(),
    privateIp: z.ipv4(),
    securityGroupIds: Texts,
    image: z.enum(["linux", "alpine", "windows"]).exactOptional(),
    listening: Ports.exactOptional(),
    dropsPing: z.boolean().exactOptional(),
    tags: Tags.exactOptional(),
  }),
  build(site, { vSwitchId, image, ...fields }) {
    const placed = required(site.region.vSwitches.get(vSwitchId), `vSwitch ${vSwitchId}`);
    return buildInstance(site, { ...fields, vSwitch: placed, image: IMAGES[image ?? "linux"] });
  },
});

const routeEntry: Editor = {
  set(region, id, fields) {
    const Fields = z.strictObject({
      destinationCidrBlock: z.cidrv4(),
      nextHopType: z.string(),
      nextHopId: z.string(),
      status: z.enum(["Pending", "Available", "Deleting"]),
    });
    const entry = tableWithEntry(region, id)?.entries.get(id);
    const changes = Fields.partial().parse(fields);
    return entry === undefined ? undefined : Object.assign(entry, changes);
  },
  add(site, fields) {
    const Fields = z.strictObject({
      routeTableId: z.string(),
      destinationCidrBlock: z.cidrv4(),
      nextHopType: z.string(),
      nextHopId: z.string(),
      type: z.enum(["Custom", "BGP", "CEN", "ECR"]).exactOptional(),
      description: z.string().exactOptional(),
    });
    const { routeTableId, ...entry } = Fields.parse(fields);
    return buildRouteEntry(site, required(site.region.routeTables.get(routeTableId), `table ${routeTableId}`), entry);
  },
  remove(region, id) {
    const table = tableWithEntry(region, id);
    const entry = table?.entries.get(id);
    table?.entries.delete(id);
    return entry;
  },
};

const rule: Editor = {
  set(region, id, fields) {
    const group = groupWithRule(region, id);
    const changes = Rule.parse(fields);
    if (group === undefined) return undefined;
    group.rules = group.rules.map((each) => (each.securityGroupRuleId === id ? { ...each, ...changes } : each));
    return group.rules.find((each) => each.securityGroupRuleId === id);
  },
  add(site, fields) {
    const { securityGroupId, ...content } = Rule.extend({ securityGroupId: z.string() }).parse(fields);
    const group = required(site.region.securityGroups.get(securityGroupId), `security group ${securityGroupId}`);
    return buildRule(site, group, ruleContent(content));
  },
  remove(region, id) {
    const group = groupWithRule(region, id);
    const removed = group?.rules.find((each) => each.securityGroupRuleId === id);
    if (group !== undefined) group.rules = group.rules.filter((each) => each !== removed);
    return removed;
  },
};

/** One editor per kind. */
export const EDITORS = {
  vpc,
  vSwitch,
  networkAcl: NETWORK_ACL_EDITOR,
  routeTable,
  routeEntry,
  routerInterface,
  vpcPeerConnection: PEERING_CONNECTION_EDITOR,
  securityGroup,
  rule,
  instance,
} as const satisfies Record<string, Editor>;

function tableWithEntry(region: Region, routeEntryId: string): RouteTable | undefined {
  return [...region.routeTables.values()].find((table) => table.entries.has(routeEntryId));
}

function groupWithRule(region: Region, ruleId: string): SecurityGroup | undefined {
  return [...region.securityGroups.values()].find((group) =>
    group.rules.some((each) => each.securityGroupRuleId === ruleId),
  );
}
