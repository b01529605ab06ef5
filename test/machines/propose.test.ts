import { expect, test } from "vitest";
import type { SideFacts } from "../../machines/network/facts.ts";
import { proposeSide } from "../../machines/network/propose.ts";
import { SECURITY_GROUPS_MAX } from "../../machines/network/rules.ts";
import { group, withInstance, withSide } from "./networks.ts";
import { facts } from "./tutorial.ts";

const side: SideFacts = facts().initiator;
const [instance] = side.instances;
if (!instance) throw new Error("the tutorial has an instance");

test("the tutorial's instance and its group are proposed", () => {
  const proposal = proposeSide(side);

  expect(proposal.testInstance?.id).toBe("i-m5e1");
  expect(proposal.securityGroups.map(({ id }) => id)).toEqual(["sg-m5e1"]);
});

test("the first by name of the instances that fit is proposed, and none that does not fit", () => {
  const instances = [
    { ...instance, id: "i-z", name: "z" },
    { ...instance, id: "i-b", name: "b" },
    { ...instance, id: "i-a", name: "a", optedIn: false },
  ] as const;

  expect(proposeSide({ ...side, instances }).testInstance?.id).toBe("i-b");
});

test.each([
  ["there is none", { instances: [] }],
  ["none opted in", withInstance("initiator", { optedIn: false }).initiator],
  ["none runs", withInstance("initiator", { status: "Stopped" }).initiator],
])("nothing is proposed when %s, no group either", (_, change) => {
  expect(proposeSide({ ...side, ...change })).toEqual({ testInstance: null, securityGroups: [] });
});

test("all groups of the instance are proposed, but for those that another service manages and those that it is not in", () => {
  const { initiator } = withSide(
    "initiator",
    {
      securityGroups: [
        group("sg-a"),
        group("sg-managed", { serviceManaged: true }),
        group("sg-other"),
        group("sg-b", { type: "enterprise" }),
      ],
    },
    withInstance("initiator", { securityGroupIds: ["sg-b", "sg-managed", "sg-a"] }),
  );

  expect(proposeSide(initiator).securityGroups.map(({ id }) => id)).toEqual(["sg-a", "sg-b"]);
});

test("no more groups are proposed than a request may have", () => {
  const securityGroups = Array.from({ length: SECURITY_GROUPS_MAX + 3 }, (_, index) => group(`sg-${index}`));
  const ids = securityGroups.map(({ id }) => id);
  const { initiator } = withSide("initiator", { securityGroups }, withInstance("initiator", { securityGroupIds: ids }));

  expect(proposeSide(initiator).securityGroups).toHaveLength(SECURITY_GROUPS_MAX);
});

test("what is proposed passes the checks it is proposed for", () => {
  const { testInstance, securityGroups } = proposeSide(side);

  expect(testInstance?.securityGroupIds.toSorted()).toEqual(securityGroups.map(({ id }) => id).toSorted());
});
