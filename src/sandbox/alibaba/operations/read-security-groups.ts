import { numberedPage, pagesByToken, tokenPage } from "../paging.ts";
import { flag, jsonTexts, requiredText, text } from "../parameters.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import type { SecurityGroup, SecurityGroupRule } from "../world.ts";
import { carriesTags, findSecurityGroup, matches } from "./find.ts";

/** Instances that one basic group can hold. */
const INSTANCES_PER_GROUP = 2_000;

/** The security groups of a region, without their rules. */
export const describeSecurityGroups: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const ids = jsonTexts(parameters, "SecurityGroupIds");
    const found = [...call.region.securityGroups.values()].filter(
      (group) =>
        (ids?.includes(group.securityGroupId) ?? true) &&
        matches(parameters, "SecurityGroupId", group.securityGroupId) &&
        matches(parameters, "VpcId", group.vpcId) &&
        matches(parameters, "SecurityGroupType", group.securityGroupType) &&
        matchesName(call, group) &&
        (text(parameters, "NetworkType") ?? "vpc") === "vpc" &&
        (text(parameters, "ServiceManaged") === undefined ||
          flag(parameters, "ServiceManaged") === group.serviceManaged) &&
        carriesTags(parameters, group.tags),
    );
    const regionId = { RegionId: call.region.regionId };
    if (pagesByToken(parameters)) {
      const page = tokenPage(found, parameters, { parameter: "MaxResults", fallback: 10, min: 1, max: 100 });
      const SecurityGroups = { SecurityGroup: page.items.map((group) => shown(call, group)) };
      return { body: { ...regionId, SecurityGroups, NextToken: page.NextToken } };
    }
    const { items, ...numbers } = numberedPage(found, parameters, { fallback: 10, max: 100 });
    const SecurityGroups = { SecurityGroup: items.map((group) => shown(call, group)) };
    return { body: { ...regionId, ...numbers, NextToken: "", SecurityGroups } };
  },
};

/** One group with its rules, in one direction or both. */
export const describeSecurityGroupAttribute: Operation = {
  kind: "read",
  run(call) {
    const group = findSecurityGroup(call, requiredText(call.parameters, "SecurityGroupId"));
    const direction = text(call.parameters, "Direction") ?? "all";
    const found = group.rules.filter((rule) => direction === "all" || rule.direction === direction);
    const page = tokenPage(found, call.parameters, { parameter: "MaxResults", fallback: 500, min: 10, max: 1_000 });
    return {
      body: {
        SecurityGroupId: group.securityGroupId,
        SecurityGroupName: group.securityGroupName,
        Description: group.description,
        RegionId: call.region.regionId,
        VpcId: group.vpcId,
        InnerAccessPolicy: group.innerAccessPolicy,
        Permissions: { Permission: page.items.map(shownRule) },
        NextToken: page.NextToken,
      },
    };
  },
};

function matchesName(call: Call, group: SecurityGroup): boolean {
  const wanted = text(call.parameters, "SecurityGroupName");
  if (wanted === undefined) return true;
  return flag(call.parameters, "FuzzyQuery")
    ? group.securityGroupName.includes(wanted.replaceAll("*", ""))
    : group.securityGroupName === wanted;
}

function shown(call: Call, group: SecurityGroup): Readonly<Record<string, unknown>> {
  const members = [...call.region.instances.values()].filter((instance) =>
    instance.securityGroupIds.includes(group.securityGroupId),
  );
  return {
    SecurityGroupId: group.securityGroupId,
    SecurityGroupName: group.securityGroupName,
    SecurityGroupType: group.securityGroupType,
    Description: group.description,
    VpcId: group.vpcId,
    EcsCount: members.length,
    AvailableInstanceAmount: INSTANCES_PER_GROUP - members.length,
    RuleCount: group.rules.length,
    GroupToGroupRuleCount: group.rules.filter((rule) => rule.sourceGroupId !== "" || rule.destGroupId !== "").length,
    ServiceManaged: group.serviceManaged,
    ServiceID: group.serviceManaged ? 1 : 0,
    ResourceGroupId: "",
    CreationTime: timeText(group.createdAt),
    Tags: { Tag: group.tags.map((tag) => ({ TagKey: tag.key, TagValue: tag.value })) },
  };
}

/** Policy with a capital, protocol in capitals, priority as a number: as the API prints them, not as it takes them. */
function shownRule(rule: SecurityGroupRule): Readonly<Record<string, unknown>> {
  return {
    SecurityGroupRuleId: rule.securityGroupRuleId,
    Direction: rule.direction,
    Policy: rule.policy === "accept" ? "Accept" : "Drop",
    Priority: rule.priority,
    IpProtocol: rule.ipProtocol,
    PortRange: rule.portRange,
    SourcePortRange: rule.sourcePortRange,
    NicType: "intranet",
    SourceCidrIp: rule.sourceCidrIp,
    DestCidrIp: rule.destCidrIp,
    Ipv6SourceCidrIp: rule.ipv6SourceCidrIp,
    Ipv6DestCidrIp: rule.ipv6DestCidrIp,
    SourceGroupId: rule.sourceGroupId,
    SourceGroupName: "",
    SourceGroupOwnerAccount: "",
    DestGroupId: rule.destGroupId,
    DestGroupName: "",
    DestGroupOwnerAccount: "",
    SourcePrefixListId: rule.sourcePrefixListId,
    SourcePrefixListName: "",
    DestPrefixListId: rule.destPrefixListId,
    DestPrefixListName: "",
    PortRangeListId: "",
    PortRangeListName: "",
    Description: rule.description,
    CreateTime: timeText(rule.createdAt),
  };
}
