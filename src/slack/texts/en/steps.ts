/**
 * The steps of the reviewed plan: what stands there → what will, and why.
 */
import type { AboutSide, Plan, Step } from "../../../../machines/network/plan.ts";
import { opposite, type Side, type Sides } from "../../../../machines/network/side.ts";
import type { RunConnectivityTest, StepEffect } from "../../../../machines/peering/effects.ts";
import type { PeeringId } from "../../../../machines/peering/record.ts";
import { code, listed } from "../mrkdwn.ts";
import { routerInterfaceStepWords } from "./connections/router-interfaces.ts";
import { vpcPeerStepWords } from "./connections/vpc-peer.ts";
import { stepName } from "./names.ts";
import { regionName } from "./regions.ts";
import type { StepWords } from "./step-words.ts";
import { entryLines } from "./steps-entries.ts";
import { ruleLines } from "./steps-rules.ts";

/** What is read as one: entries of one table, rules of one group and direction, or one step alone. */
export interface StepText {
  readonly lines: readonly string[];
  /** How many of the plan's it is about. */
  readonly steps: number;
}

/** The whole plan in its order, numbered as on the card. `id` tells what this peering made from what others did. */
export function stepTexts(plan: Plan, id: PeeringId): readonly StepText[] {
  const together: Step[][] = [];
  for (const step of plan.steps) {
    const last = together.at(-1);
    if (last?.[0] && placeOf(last[0]) === placeOf(step)) last.push(step);
    else together.push([step]);
  }
  let before = 0;
  return together.map((steps) => {
    const [first, last] = [before + 1, before + steps.length];
    before = last;
    const [title = "", ...lines] = linesOf(steps, plan, id);
    return { steps: steps.length, lines: [`${first === last ? first : `${first}–${last}`}. ${title}`, ...lines] };
  });
}

function placeOf({ id, effect }: Step): string {
  if (effect.type === "createRouteEntry") return `${effect.type} ${effect.routeTableId}`;
  if (effect.type === "authorizeSecurityGroup") return `${effect.type} ${effect.securityGroupId} ${effect.direction}`;
  return id;
}

function linesOf(steps: readonly Step[], plan: Plan, id: PeeringId): readonly string[] {
  const entries = steps.flatMap(({ effect }) => (effect.type === "createRouteEntry" ? [effect] : []));
  const calls = steps.flatMap(({ effect }) => (effect.type === "authorizeSecurityGroup" ? [effect] : []));
  return [
    ...(entries[0] ? entryLines(entries[0], entries, plan) : []),
    ...(calls[0] ? ruleLines(calls[0], calls, plan, id) : []),
    ...steps.flatMap(({ effect }) => aloneLines(effect, plan)),
  ];
}

/** Of the steps that are read alone; a rollback is not reviewed, so its steps have no more than a name. */
function aloneLines(effect: StepEffect, { about, checks }: Plan): readonly string[] {
  switch (effect.type) {
    case "checkPlan":
      return wordLines(CHECK);
    case "createRouterInterface":
    case "modifyRouterInterfaceAttribute":
    case "connectRouterInterface":
      return wordLines(routerInterfaceStepWords(effect, about, existing(effect.side, checks)));
    case "createVpcPeerConnection":
      return wordLines(vpcPeerStepWords(effect, about, existing(effect.side, checks)));
    case "runConnectivityTest":
      return wordLines(testWords(effect, about));
    case "createRouteEntry":
    case "authorizeSecurityGroup":
      return [];
    case "deactivateRouterInterface":
    case "deleteRouterInterface":
    case "deleteVpcPeerConnection":
    case "deleteRouteEntry":
    case "revokeSecurityGroup":
      return [stepName(effect, about)];
  }
}

const CHECK: StepWords = {
  title: "*Check*",
  before: null,
  after: "Both networks are read again.",
  why: "a change that matters sends the plan back to you",
};

/** How many connections of this kind the VPC has; null where nobody has counted. */
function existing(side: Side, checks: Plan["checks"]): number | null {
  const [room] = checks.flatMap((check) => (check.check === "connectionRoom" && check.side === side ? [check] : []));
  return room?.existing ?? null;
}

function testWords({ side, ping, ports }: RunConnectivityTest, about: Sides<AboutSide>): StepWords {
  const [from, to] = [testName(about[side]), testName(about[opposite(side)])];
  // Nothing is sent over the connections.
  const tries = [
    ...(ping ? ["pinged ten times"] : []),
    ...(ports.length > 0 ? [`connected to at ${listed(ports.map((port) => `TCP ${port}`))}`] : []),
  ];
  return {
    title: `*RunCommand* ${regionName(about[side].regionId)}, on ${from}`,
    before: "nothing is proved",
    after: `${to} ${listed(tries)}, the figures in the thread`,
    why: "only a packet that came back proves that it works",
  };
}

function testName({ testInstance }: AboutSide): string {
  return testInstance ? code(testInstance.name || testInstance.id) : "the test instance";
}

function wordLines({ title, before, after, why }: StepWords): readonly string[] {
  return [title, before === null ? after : `${before} → ${after}`, `_Why_ ${why}.`];
}
