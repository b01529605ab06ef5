import { expect, test } from "vitest";
import type { RouterInterface } from "../../machines/network/facts.ts";
import type { CreateRouterInterface } from "../../machines/peering/effects.ts";
import { markOf } from "../../machines/peering/mark.ts";
import { createRouterInterface } from "../../src/effects/router-interfaces.ts";
import type { StepContext } from "../../src/effects/step.ts";
import type { CloudReader, GrantedWriter } from "../../src/ports.ts";
import { approved } from "../machines/peering-in.ts";
import { RULES } from "../machines/tutorial.ts";

const { peering } = approved().next;

const EFFECT: CreateRouterInterface = {
  type: "createRouterInterface",
  side: "initiator",
  regionId: "cn-qingdao",
  role: "InitiatingSide",
  routerId: "vrt-m5e1",
  spec: "Mini.2",
  oppositeRegionId: "cn-beijing",
  oppositeRouterId: "vrt-2ze1",
};

/** A cloud that shows one interface with our mark, and lets nothing be written. */
function contextWith(change: Partial<RouterInterface>): StepContext {
  const marked: RouterInterface = {
    id: "ri-1",
    name: markOf(peering.id),
    status: "Idle",
    businessStatus: "Normal",
    role: "InitiatingSide",
    routerId: EFFECT.routerId,
    spec: "Mini.2",
    oppositeInterfaceId: "",
    oppositeRouterId: EFFECT.oppositeRouterId,
    oppositeRegionId: "cn-beijing",
    ...change,
  };
  // Only what this step asks of the two.
  const reader = { routerInterfaces: () => Promise.resolve([marked]) } as unknown as CloudReader;
  return { peering, reader, planRules: RULES, writer: {} as GrantedWriter };
}

test("an interface with our mark and what was approved is taken for ours", async () => {
  expect(await createRouterInterface(contextWith({}), EFFECT)).toMatchObject({
    type: "stepDone",
    calls: [],
    resources: [{ id: "ri-1", madeBy: "peering" }],
  });
});

test("one with our mark and another bandwidth than was approved is not: its owner must decide", async () => {
  await expect(createRouterInterface(contextWith({ spec: "Xlarge.1" }), EFFECT)).rejects.toMatchObject({
    failure: { kind: "conflict", message: "ri-1 has our name and spec Xlarge.1" },
  });
});
