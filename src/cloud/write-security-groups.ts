/**
 * The tutorial's security group rules: ECS 2014-05-26, one call each. Parameters:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-authorizesecuritygroup and the pages
 * beside it (read 2026-08-22).
 */
import {
  AuthorizeSecurityGroupEgressRequest,
  AuthorizeSecurityGroupEgressRequestPermissions,
  AuthorizeSecurityGroupRequest,
  AuthorizeSecurityGroupRequestPermissions,
  RevokeSecurityGroupEgressRequest,
  RevokeSecurityGroupRequest,
} from "@alicloud/ecs20140526";
import { z } from "zod";
import { RULE_PRIORITY } from "../../machines/network/rules.ts";
import type { Answered, GrantedWriter, SecurityGroupOrder } from "../ports.ts";
import type { Cloud } from "./call.ts";
import { doneIfGone } from "./errors.ts";

const Done = z.object({ requestId: z.string() });

/** Blocks only, never group references: those end at the VPC's border. The answer names no rules. */
export function authorizeSecurityGroup(
  { clients, call }: Cloud,
  { regionId, securityGroupId, direction, rules }: SecurityGroupOrder,
  clientToken: string,
): Promise<Answered> {
  const ecs = clients.ecs(regionId);
  if (direction === "ingress") {
    const permissions = rules.map(
      (rule) =>
        new AuthorizeSecurityGroupRequestPermissions({
          ...permission(rule),
          sourceCidrIp: rule.peerCidr,
          ...(rule.ownCidr === undefined ? {} : { destCidrIp: rule.ownCidr }),
        }),
    );
    const request = new AuthorizeSecurityGroupRequest({ regionId, securityGroupId, permissions, clientToken });
    return call("AuthorizeSecurityGroup", regionId, () => ecs.authorizeSecurityGroup(request), Done);
  }
  const permissions = rules.map(
    (rule) =>
      new AuthorizeSecurityGroupEgressRequestPermissions({
        ...permission(rule),
        destCidrIp: rule.peerCidr,
        ...(rule.ownCidr === undefined ? {} : { sourceCidrIp: rule.ownCidr }),
      }),
  );
  const request = new AuthorizeSecurityGroupEgressRequest({ regionId, securityGroupId, permissions, clientToken });
  return call("AuthorizeSecurityGroupEgress", regionId, () => ecs.authorizeSecurityGroupEgress(request), Done);
}

/** A rule but for its ends, which each direction calls by other names. */
function permission({ protocol, portRange, description }: SecurityGroupOrder["rules"][number]): object {
  return { policy: "accept", priority: String(RULE_PRIORITY), ipProtocol: protocol, portRange, description };
}

/** By id: the same rule described in words might be somebody else's. */
export function revokeSecurityGroup(
  { clients, call }: Cloud,
  { regionId, securityGroupId, direction, ruleIds }: Parameters<GrantedWriter["revokeSecurityGroup"]>[0],
  clientToken: string,
): Promise<Answered> {
  const fields = { regionId, securityGroupId, securityGroupRuleId: [...ruleIds], clientToken };
  const ecs = clients.ecs(regionId);
  if (direction === "ingress") {
    const request = new RevokeSecurityGroupRequest(fields);
    return doneIfGone(call("RevokeSecurityGroup", regionId, () => ecs.revokeSecurityGroup(request), Done));
  }
  const request = new RevokeSecurityGroupEgressRequest(fields);
  return doneIfGone(call("RevokeSecurityGroupEgress", regionId, () => ecs.revokeSecurityGroupEgress(request), Done));
}
