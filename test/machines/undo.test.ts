/**
 * What a rollback removes: the inverse of what was begun, each once, in the order that the cloud accepts.
 */
import { integer, property, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Plan, Step } from "../../machines/network/plan.ts";
import { planHash } from "../../machines/network/plan.ts";
import { planRollback } from "../../machines/connections/plan-request.ts";
import type { StepEffect, StepEffectType } from "../../machines/peering/effects.ts";
import { asking, group, vSwitch, withSide } from "./networks.ts";
import { wishes } from "./random-network.ts";
import { holds } from "./seeded.ts";
import { plan, requestRevision } from "./tutorial.ts";

/** Which effect takes back which, and which leave nothing to take back. */
const INVERSE = {
  checkPlan: [],
  createRouterInterface: ["deactivateRouterInterface", "deleteRouterInterface"],
  modifyRouterInterfaceAttribute: [],
  connectRouterInterface: [],
  createVpcPeerConnection: ["deleteVpcPeerConnection"],
  createRouteEntry: ["deleteRouteEntry"],
  authorizeSecurityGroup: ["revokeSecurityGroup"],
  runConnectivityTest: [],
  deleteRouteEntry: [],
  deactivateRouterInterface: [],
  deleteRouterInterface: [],
  deleteVpcPeerConnection: [],
  revokeSecurityGroup: [],
} as const satisfies Record<StepEffectType, readonly StepEffectType[]>;

/** Any plan, and any of its steps as the ones that were begun: more than could happen, so less can go wrong. */
const begunSubsets = tuple(wishes, integer({ min: 0, max: 2 ** 30 - 1 })).map(([{ request, network }, mask]) => {
  const approved = plan(request, network);
  return { approved, begun: approved.steps.filter((_, index) => (mask >> (index % 30)) % 2 === 1) };
});

test("rules that a fix put back or added are taken back with those that stood, each once", () => {
  const connect = plan();
  const rule = { protocol: "ICMP", portRange: "-1/-1", peerCidr: "10.0.0.1/32", ownCidr: "10.0.0.2/32" } as const;
  const again = connect.steps.flatMap((step): Step[] => {
    const { effect } = step;
    return effect.type === "authorizeSecurityGroup"
      ? [{ ...step, effect: { ...effect, rules: [...effect.rules.slice(0, 1), rule] } }]
      : [];
  });

  const undo = planRollback(connect, [...connect.steps, ...again]);

  const revoked = undo.steps.flatMap(({ id, effect }) =>
    effect.type === "revokeSecurityGroup" ? [[id, effect.rules.length]] : [],
  );
  expect(revoked).toEqual([
    ["revokeSecurityGroup:ingress:sg-m5e1", 2],
    ["revokeSecurityGroup:ingress:sg-2ze1", 3],
  ]);
});

describe("of whatever was begun of whatever plan", () => {
  test("each step has its inverse exactly once, on the same thing, and nothing else is undone", () => {
    holds(
      property(begunSubsets, ({ approved, begun }) => {
        const undo = planRollback(approved, begun);
        const wanted = begun.flatMap(({ effect }) => INVERSE[effect.type].map((type) => `${type} ${placeOf(effect)}`));

        expect(undo.steps.map(({ effect }) => `${effect.type} ${placeOf(effect)}`).toSorted()).toEqual(
          wanted.toSorted(),
        );
      }),
    );
  });

  test("ids are unique and name what is undone, lanes are those of the steps undone", () => {
    holds(
      property(begunSubsets, ({ approved, begun }) => {
        const undo = planRollback(approved, begun);

        expect(new Set(undo.steps.map(({ id }) => id)).size).toBe(undo.steps.length);
        expect(undo.steps.filter(({ id, stage, effect }) => stage !== "undo" || !id.startsWith(effect.type))).toEqual(
          [],
        );
        expect(undo.steps.filter((step) => step.lanes.join(" ") !== lanesOfUndone(step, begun))).toEqual([]);
      }),
    );
  });

  test("no interface is deactivated before every route entry is gone, and none deleted before both are inactive", () => {
    holds(
      property(begunSubsets, ({ approved, begun }) => {
        const { steps } = planRollback(approved, begun);
        const ids = (type: StepEffectType) => steps.filter(({ effect }) => effect.type === type).map(({ id }) => id);
        const needsOf = (type: StepEffectType) =>
          steps.filter(({ effect }) => effect.type === type).map(({ needs }) => needs.toSorted());

        for (const needs of needsOf("deactivateRouterInterface"))
          expect(needs).toEqual(ids("deleteRouteEntry").toSorted());
        for (const needs of needsOf("deleteRouterInterface"))
          expect(needs).toEqual(ids("deactivateRouterInterface").toSorted());
        expect([...needsOf("deleteRouteEntry"), ...needsOf("revokeSecurityGroup")].flat()).toEqual([]);
      }),
    );
  });

  test("needs are steps of the same plan that stand earlier, so it can end", () => {
    holds(
      property(begunSubsets, ({ approved, begun }) => {
        const { steps } = planRollback(approved, begun);
        const early = steps.filter(({ needs }, index) =>
          needs.some((needed) => !steps.slice(0, index).some(({ id }) => id === needed)),
        );

        expect(early).toEqual([]);
      }),
    );
  });

  test("the plan opens and assumes nothing, keeps the names, and has the hash of its own steps", () => {
    holds(
      property(begunSubsets, ({ approved, begun }) => {
        const undo = planRollback(approved, begun);

        expect([undo.opens, undo.preconditions, undo.checks]).toEqual([[], [], []]);
        expect(undo.about).toEqual(approved.about);
        expect(undo.hash).toBe(planHash(undo));
      }),
      50,
    );
  });
});

describe("of the tutorial", () => {
  const approved = plan();
  const begunTo = (id: string) => approved.steps.slice(0, approved.steps.findIndex((step) => step.id === id) + 1);

  test("with the check alone begun there is nothing to undo", () => {
    expect(planRollback(approved, begunTo("checkPlan")).steps).toEqual([]);
  });

  test("with nothing begun there is nothing to undo", () => {
    expect(planRollback(approved, []).steps).toEqual([]);
  });

  test("with one interface begun only that one is deactivated, if it must be, and deleted", () => {
    const undo = planRollback(approved, begunTo("createRouterInterface:initiator"));

    expect(undo.steps.map(({ id, needs }) => [id, needs])).toEqual([
      ["deactivateRouterInterface:initiator", []],
      ["deleteRouterInterface:initiator", ["deactivateRouterInterface:initiator"]],
    ]);
  });

  test("deletions go where the creations went", () => {
    const undo = planRollback(approved, approved.steps);

    expect(undo.steps.map(({ effect }) => effect).filter(({ type }) => type === "deleteRouterInterface")).toEqual([
      { type: "deleteRouterInterface", side: "initiator", regionId: "cn-qingdao", routerId: "vrt-m5e1" },
      { type: "deleteRouterInterface", side: "acceptor", regionId: "cn-beijing", routerId: "vrt-2ze1" },
    ]);
  });

  test("rules are taken back with all that was planned for them, so that only ours can match", () => {
    const undo = planRollback(approved, approved.steps);
    const revoked = undo.steps.find(({ id }) => id === "revokeSecurityGroup:ingress:sg-2ze1");

    expect(revoked?.effect).toMatchObject({
      type: "revokeSecurityGroup",
      direction: "ingress",
      rules: [
        { protocol: "ICMP", portRange: "-1/-1", peerCidr: "192.168.0.0/16" },
        { protocol: "TCP", portRange: "5432/5432", peerCidr: "192.168.0.0/16" },
      ],
    });
  });
});

test("rules in several calls and both directions are each taken back by a call of their own", () => {
  const blocks = Array.from({ length: 60 }, (_, index) => vSwitch(`vsw-${index}`, `172.16.${index}.0/24`, "vtb-2ze1"));
  const network = withSide(
    "initiator",
    { securityGroups: [group("sg-m5e1", { type: "enterprise" })] },
    withSide("acceptor", { vSwitches: blocks }),
  );
  const request = asking(
    "acceptor",
    { vSwitchIds: blocks.map(({ id }) => id) },
    asking("initiator", { ports: [{ from: 80, to: 80 }] }),
  );
  const approved = plan(request, network);

  const undo = planRollback(approved, approved.steps);

  expect(undo.steps.filter(({ effect }) => effect.type === "revokeSecurityGroup").map(({ id }) => id)).toEqual([
    "revokeSecurityGroup:ingress:sg-m5e1",
    "revokeSecurityGroup:ingress:sg-m5e1:2",
    "revokeSecurityGroup:egress:sg-m5e1",
    "revokeSecurityGroup:egress:sg-m5e1:2",
    "revokeSecurityGroup:ingress:sg-2ze1",
  ]);
});

test("a step whose id says something else than its effect is undone by its effect", () => {
  const approved = plan(requestRevision());
  const odd = approved.steps.map((step): Step =>
    step.id === "createRouteEntry:vtb-m5e1:172.16.0.0/16" ? { ...step, id: "x" } : step,
  );

  expect(planRollback(approved, odd).steps.map(({ id }) => id)).toContain("deleteRouteEntry:vtb-m5e1:172.16.0.0/16");
});

/** What an effect is about, the same for it and its inverse. */
function placeOf(effect: StepEffect): string {
  switch (effect.type) {
    case "checkPlan":
      return "";
    case "createRouteEntry":
    case "deleteRouteEntry":
      return `${effect.side} ${effect.regionId} ${effect.vpcId} ${effect.routeTableId} ${effect.destination}`;
    case "authorizeSecurityGroup":
    case "revokeSecurityGroup":
      return `${effect.side} ${effect.regionId} ${effect.securityGroupId} ${effect.direction} ${JSON.stringify(effect.rules)}`;
    case "createVpcPeerConnection":
    case "deleteVpcPeerConnection":
      return `${effect.regionId} ${effect.vpcId} ${effect.acceptingVpcId}`;
    case "createRouterInterface":
    case "modifyRouterInterfaceAttribute":
    case "connectRouterInterface":
    case "runConnectivityTest":
    case "deactivateRouterInterface":
    case "deleteRouterInterface":
      return `${effect.side} ${effect.regionId}`;
  }
}

/** Deleting a peering connection needs no lane: only creating one does. */
function lanesOfUndone({ effect }: Step, begun: Plan["steps"]): string {
  if (effect.type === "deleteVpcPeerConnection") return "";
  const undone = begun.find(
    (step) =>
      placeOf(step.effect) === placeOf(effect) && INVERSE[step.effect.type].some((type) => type === effect.type),
  );
  return undone?.lanes.join(" ") ?? "";
}
