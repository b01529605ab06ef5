/**
 * What the form proposes for a side, so that most requests need no typing.
 */
import type { Instance, SecurityGroup, SideFacts } from "./facts.ts";
import { SECURITY_GROUPS_MAX } from "./rules.ts";
import { testableInstances, wholeVpc } from "./scope.ts";

export interface Proposal {
  readonly testInstance: Instance | null;
  /** The groups of the proposed instance, so that the ping gets through; none when there is no instance. */
  readonly securityGroups: readonly SecurityGroup[];
}

/** The first instance that the test may run on, and its groups. Groups that another service manages are left out. */
export function proposeSide(facts: SideFacts): Proposal {
  const [testInstance] = testableInstances(wholeVpc(facts), facts);
  if (!testInstance) return { testInstance: null, securityGroups: [] };
  const securityGroups = facts.securityGroups.filter(
    ({ id, serviceManaged }) => !serviceManaged && testInstance.securityGroupIds.includes(id),
  );
  return { testInstance, securityGroups: securityGroups.slice(0, SECURITY_GROUPS_MAX) };
}
