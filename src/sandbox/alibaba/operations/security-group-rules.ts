import { buildRule, type RuleContent } from "../build.ts";
import { cidrToText, parseCidr } from "../cidr.ts";
import { requiredText, texts } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, siteOf } from "../simulation.ts";
import type { SecurityGroup } from "../world.ts";
import { findSecurityGroup } from "./find.ts";
import { readPermissions, refuseConflict } from "./permissions.ts";

/** Rules that name another group, per group. */
const GROUP_REFERENCES_MAX = 20;

/**
 * Adds ingress rules. A rule that is there already is not added again, and that is a success; no rule id is answered.
 *
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-authorizesecuritygroup (read 2026-08-22)
 */
export const authorizeSecurityGroup: Operation = { kind: "write", run: (call) => authorize(call, "ingress") };

/** Adds egress rules, in the same way. */
export const authorizeSecurityGroupEgress: Operation = { kind: "write", run: (call) => authorize(call, "egress") };

/** Removes ingress rules by id (an unknown one is refused) or by content (one that matches nothing is a success). */
export const revokeSecurityGroup: Operation = { kind: "write", run: (call) => revoke(call, "ingress") };

/** Removes egress rules, in the same way. */
export const revokeSecurityGroupEgress: Operation = { kind: "write", run: (call) => revoke(call, "egress") };

function authorize(call: Call, direction: RuleContent["direction"]): { body: Readonly<Record<string, unknown>> } {
  const group = findEditable(call);
  const wanted = readPermissions(call.parameters, direction);
  for (const content of wanted) refuseGroupReference(call, group, content);
  const added = wanted.filter(
    (content, index) =>
      !group.rules.some((rule) => isSame(call, rule, content)) &&
      !wanted.slice(0, index).some((earlier) => isSame(call, earlier, content)),
  );
  if (group.rules.length + added.length > Number(call.facts.answer("rules-per-group"))) {
    const message = "The limit of authorization records in the security group has been reached.";
    refuse({ status: 403, code: "AuthorizationLimitExceed", message });
  }
  for (const content of added) buildRule(siteOf(call), group, content);
  return { body: {} };
}

function revoke(call: Call, direction: RuleContent["direction"]): { body: Readonly<Record<string, unknown>> } {
  const group = findEditable(call);
  const ids = texts(call.parameters, "SecurityGroupRuleId");
  if (ids.length === 0) {
    const unwanted = readPermissions(call.parameters, direction);
    group.rules = group.rules.filter((rule) => !unwanted.some((content) => isSame(call, rule, content)));
    return { body: {} };
  }
  if (call.parameters["Permissions"] !== undefined) refuseConflict();
  const known = group.rules.filter((rule) => rule.direction === direction).map((rule) => rule.securityGroupRuleId);
  if (ids.some((id) => !known.includes(id))) {
    const message = "The specified SecurityGroupRuleId is not valid.";
    refuse({ status: 400, code: "InvalidParam.SecurityGroupRuleId", message });
  }
  group.rules = group.rules.filter((rule) => !ids.includes(rule.securityGroupRuleId));
  return { body: {} };
}

function findEditable(call: Call): SecurityGroup {
  const group = findSecurityGroup(call, requiredText(call.parameters, "SecurityGroupId"));
  if (group.serviceManaged) {
    const message = "The security group is managed by another cloud product.";
    refuse({ status: 403, code: "InvalidOperation.ResourceManagedByCloudProduct", message });
  }
  return group;
}

function refuseGroupReference(call: Call, group: SecurityGroup, content: RuleContent): void {
  const otherId = content.sourceGroupId || content.destGroupId;
  if (otherId === "") return;
  if (group.securityGroupType === "enterprise") {
    const message = "An advanced security group cannot refer to another security group.";
    refuse({ status: 400, code: "OperationDenied", message });
  }
  const other = call.region.securityGroups.get(otherId);
  if (other === undefined) {
    const message = "The specified SourceGroupId does not exist.";
    refuse({ status: 404, code: "InvalidSourceGroupId.NotFound", message });
  }
  if (other.vpcId !== group.vpcId && call.facts.answer("source-group-across-vpcs") === "refused") {
    const message = "Specified security group and source group are not in the same VPC.";
    refuse({ status: 400, code: "InvalidSourceGroupId.Mismatch", message });
  }
  const references = group.rules.filter((rule) => rule.sourceGroupId !== "" || rule.destGroupId !== "");
  if (references.length < GROUP_REFERENCES_MAX) return;
  const message = "The limit of group references in the security group has been reached.";
  refuse({ status: 403, code: "AuthorizationLimitExceed", message });
}

/** Whether two rules are the same one to the API: who, which ports, which protocol, what happens; not the description. */
function isSame(call: Call, a: RuleContent, b: RuleContent): boolean {
  const ignoresPriority = call.facts.answer("same-rule-priority") === "same";
  return identity(a, ignoresPriority) === identity(b, ignoresPriority);
}

function identity(rule: RuleContent, ignoresPriority: boolean): string {
  return JSON.stringify([
    rule.direction,
    rule.policy,
    ignoresPriority ? 0 : rule.priority,
    rule.ipProtocol,
    rule.portRange,
    rule.sourcePortRange,
    ...[rule.sourceCidrIp, rule.destCidrIp].map(sameBlock),
    rule.ipv6SourceCidrIp,
    rule.ipv6DestCidrIp,
    rule.sourceGroupId,
    rule.destGroupId,
    rule.sourcePrefixListId,
    rule.destPrefixListId,
  ]);
}

function sameBlock(cidrText: string): string {
  const cidr = parseCidr(cidrText);
  return cidr === undefined ? cidrText : cidrToText(cidr);
}
