import { parseCidr } from "../cidr.ts";
import { numberedPage } from "../paging.ts";
import { flag, invalid, requiredText, text } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import type { VSwitch } from "../world.ts";
import { carriesTags, matches } from "./find.ts";

/** VSwitchId is a list separated by commas, of at most this many. */
const VSWITCH_IDS_MAX = 20;
/** The first address and the last three of a vSwitch belong to the cloud. */
const RESERVED_ADDRESSES = 4;

/** The vSwitches of a region or of one VPC. */
export const describeVSwitches: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const ids = text(parameters, "VSwitchId")?.split(",");
    if (ids !== undefined && ids.length > VSWITCH_IDS_MAX) refuse(invalid("VSwitchId"));
    const found = [...call.region.vSwitches.values()].filter(
      (vSwitch) =>
        (ids?.includes(vSwitch.vSwitchId) ?? true) &&
        !flag(parameters, "IsDefault") &&
        matches(parameters, "VpcId", vSwitch.vpcId) &&
        matches(parameters, "VSwitchName", vSwitch.vSwitchName) &&
        matches(parameters, "ZoneId", vSwitch.zoneId) &&
        matches(parameters, "RouteTableId", vSwitch.routeTableId) &&
        matches(parameters, "VSwitchOwnerId", ownerOf(call, vSwitch)) &&
        carriesTags(parameters, vSwitch.tags),
    );
    const { items, ...numbers } = numberedPage(found, parameters, { fallback: 10, max: 50 });
    return { body: { ...numbers, VSwitches: { VSwitch: items.map((vSwitch) => shown(call, vSwitch)) } } };
  },
};

/** One vSwitch, flat. */
export const describeVSwitchAttributes: Operation = {
  kind: "read",
  run(call) {
    const vSwitch = call.region.vSwitches.get(requiredText(call.parameters, "VSwitchId"));
    if (vSwitch === undefined) {
      refuse({ status: 404, code: "InvalidVSwitchId.NotFound", message: "Specified virtual switch does not exist." });
    }
    return { body: shown(call, vSwitch) };
  },
};

function shown(call: Call, vSwitch: VSwitch): Readonly<Record<string, unknown>> {
  const instances = [...call.region.instances.values()].filter((instance) => instance.vSwitchId === vSwitch.vSwitchId);
  const addresses = 2 ** (32 - (parseCidr(vSwitch.cidrBlock)?.prefix ?? 32));
  return {
    VSwitchId: vSwitch.vSwitchId,
    VSwitchName: vSwitch.vSwitchName,
    VpcId: vSwitch.vpcId,
    CidrBlock: vSwitch.cidrBlock,
    Ipv6CidrBlock: "",
    ZoneId: vSwitch.zoneId,
    Status: vSwitch.status,
    AvailableIpAddressCount: Math.max(0, addresses - RESERVED_ADDRESSES - instances.length),
    RouteTable: {
      RouteTableId: vSwitch.routeTableId,
      RouteTableType: call.region.routeTables.get(vSwitch.routeTableId)?.routeTableType ?? "",
    },
    NetworkAclId: vSwitch.networkAclId,
    OwnerId: Number(ownerOf(call, vSwitch)),
    IsDefault: false,
    ShareType: "",
    Description: "",
    ResourceGroupId: "",
    CreationTime: timeText(vSwitch.createdAt),
    Tags: { Tag: vSwitch.tags.map((tag) => ({ Key: tag.key, Value: tag.value })) },
  };
}

function ownerOf(call: Call, vSwitch: VSwitch): string {
  return call.region.vpcs.get(vSwitch.vpcId)?.ownerId ?? call.world.accountId;
}
