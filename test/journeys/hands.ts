/**
 * How a hand gets into a story: it stops before a call, something is changed in the console, and it goes on.
 */
import type { SeenMessage } from "../../src/sandbox/slack/reading/seen-message.ts";
import { askFor, cardSays, cloudState, regionOf, type FastWorld, type Pair } from "./stories.ts";
import { approve, type World } from "./world.ts";

export const NOT_ALLOWED = {
  code: "Forbidden.RAM",
  status: 403,
  message: "User not authorized to operate on the specified resource.",
};

/** Approves, and has it stop at this action so that a hand can come in. */
export async function stopBefore(world: FastWorld, pair: Pair, action: string): Promise<SeenMessage> {
  const card = await askFor(world, pair);
  await world.cloud("dials", { action, regionId: pair.initiator.regionId, fault: NOT_ALLOWED });
  await approve(world, card);
  return cardSays(world, card, "Stopped at step");
}

export async function add(
  world: World,
  regionId: string,
  kind: string,
  fields: object,
): Promise<Readonly<Record<string, string>>> {
  return (
    (await world.cloud("edit", { regionId, kind, add: fields })) as { resource: Readonly<Record<string, string>> }
  ).resource;
}

/** Answers with what a rule says, to put it back. */
export async function removeRule(
  world: World,
  regionId: string,
  securityGroupId: string,
  description: string,
): Promise<object> {
  const { rules } = regionOf(await cloudState(world), regionId);
  const rule = rules.find(
    (candidate) => candidate.securityGroupId === securityGroupId && candidate.description === description,
  );
  if (!rule) throw new Error(`no rule "${description}" in ${securityGroupId}`);
  await world.cloud("edit", { regionId, kind: "rule", id: rule.securityGroupRuleId, remove: true });
  const { direction, policy, priority, ipProtocol, portRange, sourceCidrIp } = rule;
  return { direction, policy, priority, ipProtocol, portRange, sourceCidrIp, description };
}
