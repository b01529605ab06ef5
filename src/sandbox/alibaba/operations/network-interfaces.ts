import { numberedPage, pagesByToken, tokenPage } from "../paging.ts";
import { text, texts } from "../parameters.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import type { Instance } from "../world.ts";
import { carriesTags, matches } from "./find.ts";

/** Network interfaces: every instance has one, its primary one. */
export const describeNetworkInterfaces: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const found = [...call.region.instances.values()].filter((instance) => isAskedFor(call, instance));
    if (pagesByToken(parameters)) {
      const page = tokenPage(found, parameters, { parameter: "MaxResults", fallback: 10, min: 1, max: 500 });
      const sets = { NetworkInterfaceSet: page.items.map((instance) => shown(call, instance)) };
      return { body: { NetworkInterfaceSets: sets, NextToken: page.NextToken } };
    }
    const { items, ...numbers } = numberedPage(found, parameters, { fallback: 10, max: 500 });
    const sets = { NetworkInterfaceSet: items.map((instance) => shown(call, instance)) };
    return { body: { ...numbers, NetworkInterfaceSets: sets, NextToken: "" } };
  },
};

function isAskedFor({ parameters }: Call, instance: Instance): boolean {
  const ids = texts(parameters, "NetworkInterfaceId");
  const addresses = texts(parameters, "PrivateIpAddress");
  const groupId = text(parameters, "SecurityGroupId");
  return (
    (ids.length === 0 || ids.includes(instance.networkInterfaceId)) &&
    (addresses.length === 0 || addresses.includes(instance.privateIp)) &&
    (groupId === undefined || instance.securityGroupIds.includes(groupId)) &&
    matches(parameters, "InstanceId", instance.instanceId) &&
    matches(parameters, "VpcId", instance.vpcId) &&
    matches(parameters, "VSwitchId", instance.vSwitchId) &&
    matches(parameters, "PrimaryIpAddress", instance.privateIp) &&
    matches(parameters, "Type", "Primary") &&
    matches(parameters, "Status", "InUse") &&
    // The interface itself carries no tags.
    carriesTags(parameters, [])
  );
}

function shown(call: Call, instance: Instance): Readonly<Record<string, unknown>> {
  return {
    NetworkInterfaceId: instance.networkInterfaceId,
    NetworkInterfaceName: "",
    Description: "",
    Type: "Primary",
    Status: "InUse",
    InstanceId: instance.instanceId,
    Attachment: { InstanceId: instance.instanceId, DeviceIndex: 0, NetworkCardIndex: 0 },
    MacAddress: instance.macAddress,
    PrivateIpAddress: instance.privateIp,
    PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: instance.privateIp, Primary: true }] },
    SecurityGroupIds: { SecurityGroupId: instance.securityGroupIds },
    VpcId: instance.vpcId,
    VSwitchId: instance.vSwitchId,
    ZoneId: instance.zoneId,
    OwnerId: call.world.accountId,
    ServiceManaged: false,
    DeleteOnRelease: true,
    ResourceGroupId: "",
    CreationTime: timeText(instance.createdAt),
    Tags: { Tag: [] },
  };
}
