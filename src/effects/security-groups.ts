/**
 * The security group steps. The API adds nothing and says nothing when an identical rule is there, so what existed is
 * recorded before we authorise; ours carry our mark in their description.
 */
import type { SecurityGroupRule } from "../../machines/network/facts.ts";
import { RULE_PRIORITY } from "../../machines/network/rules.ts";
import type { AuthorizeSecurityGroup, PlannedRule, RevokeSecurityGroup } from "../../machines/peering/effects.ts";
import { markOf } from "../../machines/peering/mark.ts";
import type { Resource } from "../../machines/peering/record.ts";
import { CloudFailure } from "../ports.ts";
import { done, type StepAnswer, type StepContext } from "./step.ts";

export async function authorizeSecurityGroup(
  { peering, reader, writer }: StepContext,
  effect: AuthorizeSecurityGroup,
): Promise<StepAnswer> {
  const { regionId, securityGroupId, direction, rules } = effect;
  const mark = markOf(peering.id);
  const before = await reader.securityGroupRules(regionId, securityGroupId, direction);
  const missing = rules.filter((rule) => !before.some((present) => isSameRule(rule, present)));
  if (missing.length === 0) return done([], kept(effect, before, mark));
  const orders = missing.map((rule) => ({ ...rule, description: mark }));
  const { requestId } = await writer.authorizeSecurityGroup({ regionId, securityGroupId, direction, rules: orders });
  const after = await reader.securityGroupRules(regionId, securityGroupId, direction);
  if (missing.some((rule) => !after.some((present) => isSameRule(rule, present) || isStronger(rule, present))))
    throw notThereYet(requestId, securityGroupId);
  const api = direction === "ingress" ? "AuthorizeSecurityGroup" : "AuthorizeSecurityGroupEgress";
  return done([{ api, regionId, requestId, subject: securityGroupId }], kept(effect, after, mark));
}

export async function revokeSecurityGroup(
  { peering, reader, writer }: StepContext,
  effect: RevokeSecurityGroup,
): Promise<StepAnswer> {
  const { regionId, securityGroupId, direction, rules } = effect;
  const present = await reader.securityGroupRules(regionId, securityGroupId, direction);
  const ours = present.filter(
    (rule) => rule.description === markOf(peering.id) && rules.some((planned) => isSameRule(planned, rule)),
  );
  if (ours.length === 0) return done();
  const { requestId } = await writer.revokeSecurityGroup({
    regionId,
    securityGroupId,
    direction,
    ruleIds: ours.map(({ id }) => id),
  });
  const api = direction === "ingress" ? "RevokeSecurityGroup" : "RevokeSecurityGroupEgress";
  return done([{ api, regionId, requestId, subject: securityGroupId }]);
}

/** Identical in all that the API compares: then authorising again adds nothing. */
function isSameRule(planned: PlannedRule, present: SecurityGroupRule): boolean {
  return present.priority === RULE_PRIORITY && letsThroughSame(planned, present);
}

/**
 * The same but for its priority. Unsure whether the API takes it for identical and adds nothing: then this one, of
 * others, lets through what ours was to.
 */
function isStronger(planned: PlannedRule, present: SecurityGroupRule): boolean {
  return present.priority < RULE_PRIORITY && letsThroughSame(planned, present);
}

function letsThroughSame(planned: PlannedRule, present: SecurityGroupRule): boolean {
  return (
    present.policy === "accept" &&
    present.protocol === planned.protocol &&
    present.portRange === planned.portRange &&
    present.peerCidr === planned.peerCidr &&
    // One that is narrower at the near end lets through less.
    present.ownCidr === (planned.ownCidr ?? "") &&
    present.sourcePortRange === ""
  );
}

function kept(
  effect: AuthorizeSecurityGroup,
  present: readonly SecurityGroupRule[],
  mark: string,
): readonly Resource[] {
  const { side, regionId, securityGroupId, direction, rules } = effect;
  const standing = rules.flatMap((planned) => {
    const same = present.filter((rule) => isSameRule(planned, rule));
    return same.length > 0 ? same : present.filter((rule) => isStronger(planned, rule));
  });
  return standing.map(({ id, description }) => ({
    kind: "securityGroupRule",
    side,
    regionId,
    securityGroupId,
    direction,
    id,
    madeBy: description === mark ? "peering" : "others",
  }));
}

function notThereYet(requestId: string, securityGroupId: string): CloudFailure {
  const message = `${securityGroupId} does not show the rules yet`;
  return new CloudFailure({ kind: "busy", api: "DescribeSecurityGroupAttribute", code: "", requestId, message });
}
