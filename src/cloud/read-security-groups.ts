/**
 * Security groups and their rules: ECS 2014-05-26, one function per action. Parameters and answers:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describesecuritygroupattribute and the
 * pages beside it (read 2026-08-22).
 */
import { DescribeSecurityGroupAttributeRequest, DescribeSecurityGroupsRequest } from "@alicloud/ecs20140526";
import { z } from "zod";
import type {
  RegionId,
  SecurityGroup,
  SecurityGroupId,
  SecurityGroupRule,
  VpcId,
} from "../../machines/network/facts.ts";
import type { Cloud } from "./call.ts";
import * as id from "./ids.ts";
import { allTokenPages } from "./paging.ts";

/** The most that DescribeSecurityGroups gives at once. */
const PAGE_SIZE = 100;

/** The most that DescribeSecurityGroupAttribute gives at once. */
const RULES_PAGE_SIZE = 1_000;

/** What a field holds when there is nothing to say; some answers leave it out instead. */
const text = z.string().default("");

const SecurityGroupFacts = z
  .object({
    securityGroupId: id.SecurityGroupId,
    securityGroupName: text,
    securityGroupType: z.enum(["normal", "enterprise"]),
    // The API guards those itself: taking one for editable ends in a refusal.
    serviceManaged: z.boolean().default(false),
  })
  .transform((group): SecurityGroup => ({
    id: group.securityGroupId,
    name: group.securityGroupName,
    type: group.securityGroupType,
    serviceManaged: group.serviceManaged,
    innerAccess: "accept",
    rules: null,
  }));
const SecurityGroupsAnswer = z.object({
  nextToken: z.string().optional(),
  securityGroups: z.object({ securityGroup: z.array(SecurityGroupFacts) }),
});

export function describeSecurityGroups(
  { clients, call }: Cloud,
  regionId: RegionId,
  vpcId: VpcId,
): Promise<readonly SecurityGroup[]> {
  return allTokenPages("DescribeSecurityGroups", async (nextToken) => {
    const request = new DescribeSecurityGroupsRequest({ regionId, vpcId, maxResults: PAGE_SIZE, nextToken });
    const send = () => clients.ecs(regionId).describeSecurityGroups(request);
    const { securityGroups, ...page } = await call("DescribeSecurityGroups", regionId, send, SecurityGroupsAnswer);
    return { nextToken: page.nextToken, items: securityGroups.securityGroup };
  });
}

const PermissionFacts = z
  .object({
    securityGroupRuleId: z.string().min(1),
    direction: z.enum(["ingress", "egress"]),
    policy: z
      .string()
      .toLowerCase()
      .pipe(z.enum(["accept", "drop"])),
    ipProtocol: z.string().toUpperCase(),
    portRange: z.string(),
    priority: z.coerce.number().int(),
    sourceCidrIp: text,
    destCidrIp: text,
    sourcePortRange: text,
    sourceGroupId: text,
    destGroupId: text,
    sourcePrefixListId: text,
    destPrefixListId: text,
    description: text,
  })
  .transform((rule): SecurityGroupRule => {
    const isIngress = rule.direction === "ingress";
    const [far, near] = isIngress ? [rule.sourceCidrIp, rule.destCidrIp] : [rule.destCidrIp, rule.sourceCidrIp];
    const prefixList = isIngress ? rule.sourcePrefixListId : rule.destPrefixListId;
    // An end that is no IPv4 block cannot be seen into, like a prefix list.
    const unreadable = [far, near].find((end) => end !== "" && !id.isBlock(end));
    return {
      id: rule.securityGroupRuleId,
      direction: rule.direction,
      policy: rule.policy,
      protocol: rule.ipProtocol,
      portRange: rule.portRange,
      priority: rule.priority,
      peerCidr: unreadable === undefined ? far : "",
      peerGroupId: isIngress ? rule.sourceGroupId : rule.destGroupId,
      peerPrefixListId: unreadable ?? prefixList,
      ownCidr: unreadable === undefined ? wholeAsEmpty(near, ["0.0.0.0/0"]) : "",
      sourcePortRange: wholeAsEmpty(rule.sourcePortRange, ["-1/-1", "1/65535"]),
      description: rule.description,
    };
  });
const PermissionsAnswer = z.object({
  nextToken: z.string().optional(),
  permissions: z.object({ permission: z.array(PermissionFacts) }),
});
const GroupAnswer = PermissionsAnswer.extend({
  innerAccessPolicy: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["accept", "drop"])),
});

/** What narrows nothing reads as nothing. */
function wholeAsEmpty(given: string, whole: readonly string[]): string {
  return whole.includes(given) ? "" : given;
}

/** All rules of a group, and whether its members reach each other without one. */
export async function readGroupRules(
  { clients, call }: Cloud,
  regionId: RegionId,
  securityGroupId: SecurityGroupId,
): Promise<Pick<SecurityGroup, "innerAccess" | "rules">> {
  let innerAccess: SecurityGroup["innerAccess"] = "accept";
  const rules = await allTokenPages("DescribeSecurityGroupAttribute", async (nextToken) => {
    const request = new DescribeSecurityGroupAttributeRequest({
      regionId,
      securityGroupId,
      direction: "all",
      maxResults: RULES_PAGE_SIZE,
      nextToken,
    });
    const send = () => clients.ecs(regionId).describeSecurityGroupAttribute(request);
    const answer = await call("DescribeSecurityGroupAttribute", regionId, send, GroupAnswer);
    innerAccess = answer.innerAccessPolicy;
    return { nextToken: answer.nextToken, items: answer.permissions.permission };
  });
  // Rules for IPv6 say nothing about what is routed here.
  return { innerAccess, rules: rules.filter((rule) => rule.peerCidr || rule.peerGroupId || rule.peerPrefixListId) };
}

/** The rules of one direction. */
export function describeSecurityGroupAttribute(
  { clients, call }: Cloud,
  regionId: RegionId,
  securityGroupId: SecurityGroupId,
  direction: "ingress" | "egress",
): Promise<readonly SecurityGroupRule[]> {
  return allTokenPages("DescribeSecurityGroupAttribute", async (nextToken) => {
    const request = new DescribeSecurityGroupAttributeRequest({
      regionId,
      securityGroupId,
      direction,
      maxResults: RULES_PAGE_SIZE,
      nextToken,
    });
    const send = () => clients.ecs(regionId).describeSecurityGroupAttribute(request);
    const answer = await call("DescribeSecurityGroupAttribute", regionId, send, PermissionsAnswer);
    return { nextToken: answer.nextToken, items: answer.permissions.permission };
  });
}
