import { routeTablesOf } from "../lookup.ts";
import { numberedPage } from "../paging.ts";
import { flag, invalid, requiredText, text } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import type { Vpc } from "../world.ts";
import { carriesTags, findVpc, matches } from "./find.ts";

/** VpcId is a list separated by commas, of at most this many. */
const VPC_IDS_MAX = 20;

/** The VPCs of a region. */
export const describeVpcs: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const ids = text(parameters, "VpcId")?.split(",");
    if (ids !== undefined && ids.length > VPC_IDS_MAX) refuse(invalid("VpcId"));
    const found = [...call.region.vpcs.values()].filter(
      (vpc) =>
        (ids?.includes(vpc.vpcId) ?? true) &&
        // No seeded VPC is a default one.
        !flag(parameters, "IsDefault") &&
        matches(parameters, "VpcName", vpc.vpcName) &&
        matches(parameters, "VpcOwnerId", vpc.ownerId) &&
        carriesTags(parameters, vpc.tags),
    );
    const { items, ...numbers } = numberedPage(found, parameters, { fallback: 10, max: 50 });
    const shown = items.map((vpc) => ({
      ...shownVpc(call, vpc),
      CenStatus: vpc.cenIds.length === 0 ? "" : call.facts.answer("cen-status-value"),
      RouterTableIds: { RouterTableIds: routeTableIds(call, vpc) },
      NatGatewayIds: { NatGatewayIds: [] },
    }));
    return { body: { ...numbers, Vpcs: { Vpc: shown } } };
  },
};

/** One VPC, flat, with the CENs that it is attached to and how much is in it. */
export const describeVpcAttribute: Operation = {
  kind: "read",
  run(call) {
    const vpc = findVpc(call, requiredText(call.parameters, "VpcId"));
    const cens = vpc.cenIds.map((cenId) => ({ CenId: cenId, CenOwnerId: Number(vpc.ownerId), CenStatus: "Active" }));
    return {
      body: {
        ...shownVpc(call, vpc),
        AssociatedCens: { AssociatedCen: cens },
        ClassicLinkEnabled: false,
        CloudResources: { CloudResourceSetType: resourceCounts(call, vpc) },
      },
    };
  },
};

function shownVpc(call: Call, vpc: Vpc): Readonly<Record<string, unknown>> {
  const vSwitches = [...call.region.vSwitches.values()].filter((vSwitch) => vSwitch.vpcId === vpc.vpcId);
  return {
    VpcId: vpc.vpcId,
    VpcName: vpc.vpcName,
    Description: vpc.description,
    CidrBlock: vpc.cidrBlock,
    SecondaryCidrBlocks: { SecondaryCidrBlock: vpc.secondaryCidrBlocks },
    UserCidrs: { UserCidr: vpc.userCidrs },
    Ipv6CidrBlock: vpc.ipv6CidrBlock,
    Status: vpc.status,
    RegionId: call.region.regionId,
    VRouterId: vpc.vRouterId,
    VSwitchIds: { VSwitchId: vSwitches.map((vSwitch) => vSwitch.vSwitchId) },
    // A number on the wire; account ids have 16 digits and stay exact.
    OwnerId: Number(vpc.ownerId),
    IsDefault: false,
    ResourceGroupId: "",
    CreationTime: timeText(vpc.createdAt),
    Tags: { Tag: vpc.tags.map((tag) => ({ Key: tag.key, Value: tag.value })) },
  };
}

function routeTableIds(call: Call, vpc: Vpc): ReadonlyArray<string> {
  const ids = routeTablesOf(call.region, vpc.vpcId).map((table) => table.routeTableId);
  return call.facts.answer("vpc-route-table-order") === "first" ? ids : ids.toReversed();
}

function resourceCounts(call: Call, vpc: Vpc): ReadonlyArray<Readonly<Record<string, unknown>>> {
  const { vSwitches, networkAcls, routeTables, instances, securityGroups } = call.region;
  const counted = {
    VSwitch: vSwitches,
    NetworkAcl: networkAcls,
    RouteTable: routeTables,
    Instance: instances,
    SecurityGroup: securityGroups,
  };
  const own = Object.entries(counted).map(([type, resources]) => ({
    type,
    count: [...resources.values()].filter((resource) => resource.vpcId === vpc.vpcId).length,
  }));
  return [...own, ...vpc.cloudResources].map(({ type, count }) => ({ ResourceType: type, ResourceCount: count }));
}
