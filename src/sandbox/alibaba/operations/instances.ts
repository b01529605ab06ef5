import { numberedPage, pagesByToken, tokenPage } from "../paging.ts";
import { invalid, jsonTexts, type Parameters, requiredText, text, texts } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import { type Call, minuteText, type Operation } from "../simulation.ts";
import type { Instance } from "../world.ts";
import { carriesTags, findInstance, matches } from "./find.ts";

/** Ids or addresses in one JSON array. */
const JSON_ITEMS_MAX = 100;

/** The instances of a region; with paging by token the total is not told. */
export const describeInstances: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const ids = limitedJson(parameters, "InstanceIds");
    const addresses = limitedJson(parameters, "PrivateIpAddresses");
    const found = [...call.region.instances.values()].filter(
      (instance) =>
        (ids?.includes(instance.instanceId) ?? true) &&
        (addresses?.includes(instance.privateIp) ?? true) &&
        matches(parameters, "VpcId", instance.vpcId) &&
        matches(parameters, "VSwitchId", instance.vSwitchId) &&
        matches(parameters, "ZoneId", instance.zoneId) &&
        matches(parameters, "Status", instance.status) &&
        matchesName(parameters, instance.instanceName) &&
        instance.securityGroupIds.includes(text(parameters, "SecurityGroupId") ?? instance.securityGroupIds[0] ?? "") &&
        (text(parameters, "InstanceNetworkType") ?? "vpc") === "vpc" &&
        carriesTags(parameters, instance.tags),
    );
    if (pagesByToken(parameters)) {
      const page = tokenPage(found, parameters, { parameter: "MaxResults", fallback: 10, min: 1, max: 100 });
      const Instances = { Instance: page.items.map((instance) => shown(call, instance)) };
      return { body: { Instances, NextToken: page.NextToken, PageNumber: 1, PageSize: page.items.length } };
    }
    const { items, ...numbers } = numberedPage(found, parameters, { fallback: 10, max: 100 });
    return { body: { ...numbers, NextToken: "", Instances: { Instance: items.map((each) => shown(call, each)) } } };
  },
};

/** Id and status only. */
export const describeInstanceStatus: Operation = {
  kind: "read",
  run(call) {
    const ids = texts(call.parameters, "InstanceId");
    const found = [...call.region.instances.values()].filter(
      (instance) =>
        (ids.length === 0 || ids.includes(instance.instanceId)) && matches(call.parameters, "ZoneId", instance.zoneId),
    );
    const { items, ...numbers } = numberedPage(found, call.parameters, { fallback: 10, max: 50 });
    const statuses = items.map(({ instanceId, status }) => ({ InstanceId: instanceId, Status: status }));
    return { body: { ...numbers, InstanceStatuses: { InstanceStatus: statuses } } };
  },
};

/** One instance, flat. This action takes no region: the id says where it is. */
export const describeInstanceAttribute: Operation = {
  kind: "read",
  run(call) {
    const instance = findInstance(call, requiredText(call.parameters, "InstanceId"));
    return { body: shownFlat(call, instance) };
  },
};

function limitedJson(parameters: Parameters, name: string): ReadonlyArray<string> | undefined {
  const items = jsonTexts(parameters, name);
  if (items !== undefined && items.length > JSON_ITEMS_MAX) refuse(invalid(name));
  return items;
}

/** Names are matched with `*` for any text. */
function matchesName(parameters: Parameters, instanceName: string): boolean {
  const wanted = text(parameters, "InstanceName");
  if (wanted === undefined) return true;
  const pattern = wanted.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${pattern.join(".*")}$`).test(instanceName);
}

function shown(call: Call, instance: Instance): Readonly<Record<string, unknown>> {
  return {
    ...shownFlat(call, instance),
    OSName: instance.image.osName,
    OSNameEn: instance.image.osName.replace("位", " bit"),
    OSType: instance.image.osType,
    DeviceAvailable: true,
    DeletionProtection: false,
    SpotStrategy: "NoSpot",
    ExpiredTime: "2099-12-31T15:59Z",
    StartTime: minuteText(instance.createdAt),
    NetworkInterfaces: {
      NetworkInterface: [
        {
          NetworkInterfaceId: instance.networkInterfaceId,
          MacAddress: instance.macAddress,
          PrimaryIpAddress: instance.privateIp,
          Type: "Primary",
          PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: instance.privateIp, Primary: true }] },
        },
      ],
    },
    Tags: { Tag: instance.tags.map((tag) => ({ TagKey: tag.key, TagValue: tag.value })) },
  };
}

/** The fields that both the list and the attribute of an instance have. */
function shownFlat(call: Call, instance: Instance): Readonly<Record<string, unknown>> {
  return {
    InstanceId: instance.instanceId,
    InstanceName: instance.instanceName,
    HostName: instance.hostName,
    Description: "",
    RegionId: call.region.regionId,
    ZoneId: instance.zoneId,
    Status: instance.status,
    StoppedMode: instance.status === "Stopped" ? "KeepCharging" : "Not-applicable",
    ImageId: instance.image.imageId,
    InstanceType: "ecs.g7.large",
    Cpu: 2,
    Memory: 8_192,
    InstanceChargeType: "PostPaid",
    InstanceNetworkType: "vpc",
    InternetChargeType: "PayByTraffic",
    InternetMaxBandwidthIn: 0,
    InternetMaxBandwidthOut: 0,
    CreationTime: minuteText(instance.createdAt),
    SerialNumber: instance.instanceId,
    ResourceGroupId: "",
    SecurityGroupIds: { SecurityGroupId: instance.securityGroupIds },
    VpcAttributes: {
      VpcId: instance.vpcId,
      VSwitchId: instance.vSwitchId,
      NatIpAddress: "",
      PrivateIpAddress: { IpAddress: [instance.privateIp] },
    },
    InnerIpAddress: { IpAddress: [] },
    PublicIpAddress: { IpAddress: [] },
    EipAddress: { AllocationId: "", IpAddress: "", InternetChargeType: "" },
    OperationLocks: { LockReason: [] },
    VlanId: "",
  };
}
