/**
 * While a peering is built, and while it is taken back from wherever that got to, whatever went somewhere before goes
 * there still, but for what the plan says it moves.
 *
 * `PROPERTY_RUNS=10000 npm test -- test/machines/nothing-breaks.test.ts` takes as many networks.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { planRequest, planRollback } from "../../machines/connections/plan-request.ts";
import type { NetworkFacts, RouteTableId } from "../../machines/network/facts.ts";
import { covers } from "../../machines/network/packet.ts";
import type { Plan, Step } from "../../machines/network/plan.ts";
import { type Flow, type FlowEnd, walk } from "../../machines/network/reachability.ts";
import { route } from "../../machines/network/routing.ts";
import { SIDES, type Side } from "../../machines/network/side.ts";
import { livedIn } from "./lived-in-network.ts";
import { wishes } from "./random-network.ts";
import { holds } from "./seeded.ts";
import { orderOf, OUR_IDS, withStep } from "./step-by-step.ts";
import { RULES } from "./tutorial.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 250);
/** On a core shared with other tests; a network takes 20 ms on one of its own. */
const TIMEOUT_MS = 60_000 + RUNS * 100;
/** Of all flows within a VPC that get an answer, and of those that leave for elsewhere; each is followed after every step. */
const FLOWS_MAX = 8;

/** A packet for an address that a table of a side is asked about, by a host there or for a reply. */
interface Question {
  readonly side: Side;
  readonly routeTableId: RouteTableId;
  readonly ip: string;
}

/** How often what was met: a property that never meets something says nothing about it. */
const seen = { planned: 0, complete: 0, within: 0, leaving: 0, moved: 0, undone: 0 };

/** Which way a table sends a packet, as one text; null when it sends it nowhere. */
function wayOf({ side, routeTableId, ip }: Question, facts: NetworkFacts): string | null {
  const table = facts[side].routeTables.find(({ id }) => id === routeTableId);
  const sent = table ? route(ip, table, side, facts) : null;
  return sent === null || sent.leads === "nowhere" ? null : JSON.stringify(sent);
}

/** Where a flow goes, as one text; null when it is dropped, or nobody can tell. Which of two rules accepts is no place. */
function pathOf(flow: Flow, facts: NetworkFacts): string | null {
  const verdict = walk(facts, flow);
  const hops = verdict.hops.map((hop) => ("ruleId" in hop ? { ...hop, ruleId: null } : hop));
  if (verdict.verdict === "allowed") return JSON.stringify(hops);
  const leaves = verdict.verdict === "dropped" && verdict.at.way === "there" && verdict.why.cause === "routeElsewhere";
  return leaves ? JSON.stringify([hops, verdict.why]) : null;
}

/** An address in each block that any entry is for, now or when the plan is done, and those of all hosts. */
function addressesIn(facts: NetworkFacts, plan: Plan): readonly string[] {
  const planned = plan.steps.flatMap(({ effect }) => (effect.type === "createRouteEntry" ? [effect.destination] : []));
  const there = SIDES.flatMap((side) => facts[side].routeTables.flatMap(({ entries }) => entries));
  const blocks = [...planned, ...there.map(({ destination }) => destination)];
  const hosts = SIDES.flatMap((side) => facts[side].instances.map(({ privateIp }) => privateIp));
  return [...new Set([...blocks.map((cidr) => cidr.replace(/\d+\/.*$/, "9")), ...hosts])];
}

/** What each table does with each address. */
function questionsIn(facts: NetworkFacts, plan: Plan): readonly Question[] {
  const addresses = addressesIn(facts, plan);
  return SIDES.flatMap((side) =>
    facts[side].routeTables.flatMap(({ id }) => addresses.map((ip) => ({ side, routeTableId: id, ip }))),
  );
}

/** From every host to every address, on either side. */
function flowsIn(facts: NetworkFacts, plan: Plan): readonly Flow[] {
  const addresses = addressesIn(facts, plan);
  return SIDES.flatMap((from) =>
    facts[from].instances.flatMap(({ privateIp }) =>
      SIDES.flatMap((to) =>
        addresses
          .filter((ip) => ip !== privateIp)
          .map((ip): Flow => {
            return { from: { side: from, ip: privateIp }, to: { side: to, ip }, protocol: "ICMP", port: null };
          }),
      ),
    ),
  );
}

/** Whether the plan says that it moves what a table did with this until now. */
function isSaidToMove({ side, routeTableId, ip }: Question, facts: NetworkFacts, { impact }: Plan): boolean {
  const table = facts[side].routeTables.find(({ id }) => id === routeTableId);
  const now = table ? route(ip, table, side, facts).destination : null;
  return (impact?.moves ?? []).some(
    (move) =>
      move.side === side &&
      move.routeTableId === routeTableId &&
      move.was.destination === now &&
      covers(move.destination, ip),
  );
}

/** The same of a flow, there and back. */
function isFlowSaidToMove({ from, to }: Flow, facts: NetworkFacts, plan: Plan): boolean {
  return [
    [from, to],
    [to, from],
  ].some(([here, there]) => {
    const routeTableId = here && tableOf(here, facts);
    return here && there && routeTableId && isSaidToMove({ side: here.side, routeTableId, ip: there.ip }, facts, plan);
  });
}

function tableOf({ side, ip }: FlowEnd, { [side]: facts }: NetworkFacts): RouteTableId | undefined {
  const host = facts.instances.find(({ privateIp }) => privateIp === ip);
  return facts.vSwitches.find(({ id, cidr }) => (host ? id === host.vSwitchId : covers(cidr, ip)))?.routeTableId;
}

/** Entries of ours lead to a connection that carries, at any moment: what moved is never lost on its way. */
function deadEnds(facts: NetworkFacts): readonly string[] {
  return SIDES.flatMap((side) =>
    facts[side].routeTables.flatMap((table) =>
      table.entries
        .filter(({ nextHopId }) => OUR_IDS.includes(nextHopId))
        .filter((entry) => {
          const sent = route(entry.destination.replace(/\/.*$/, ""), { ...table, entries: [entry] }, side, facts);
          return sent.leads !== "across" || sent.down !== null;
        })
        .map(({ destination }) => `${table.id} ${destination}`),
    ),
  );
}

/** It ends in one of the two VPCs, and so does the answer. */
function isWithin({ path }: { readonly path: string }): boolean {
  return path.startsWith("[{");
}

function someOf<T>(items: readonly T[], pick: (amount: number) => number): readonly T[] {
  const start = pick(items.length);
  return [...items.slice(start), ...items.slice(0, start)].slice(0, FLOWS_MAX);
}

/** All that must stay as it is, held against the networks after each step. */
function watch(before: NetworkFacts, plan: Plan, pick: (amount: number) => number) {
  const ways = questionsIn(before, plan).flatMap((question) => {
    const way = wayOf(question, before);
    if (way === null) return [];
    const moves = isSaidToMove(question, before, plan);
    seen.moved += Number(moves);
    return moves ? [] : [{ question, way }];
  });
  const going = flowsIn(before, plan).flatMap((flow) => {
    const path = pathOf(flow, before);
    return path === null || isFlowSaidToMove(flow, before, plan) ? [] : [{ flow, path }];
  });
  const within = someOf(going.filter(isWithin), pick);
  const leaving = someOf(
    going.filter((one) => !isWithin(one)),
    pick,
  );
  seen.within += within.length;
  seen.leaving += leaving.length;
  const flows = [...within, ...leaving];
  return (facts: NetworkFacts, { effect }: Step): void => {
    const touched = "routeTableId" in effect ? effect.routeTableId : null;
    const changed = ways.filter(
      ({ question, way }) => question.routeTableId === touched && wayOf(question, facts) !== way,
    );
    const lost = flows.filter(({ flow, path }) => pathOf(flow, facts) !== path);

    expect({ changed, lost, deadEnds: deadEnds(facts) }).toEqual({ changed: [], lost: [], deadEnds: [] });
  };
}

test(
  "building it and taking it back, step by step, drops nothing and moves nothing but what the plan says, and leaves nothing",
  () => {
    holds(
      fc.property(wishes, fc.gen(), (wish, draw) => {
        const { request, network } = livedIn(draw, wish);
        const made = planRequest(request, network, RULES);
        if ("stopped" in made) return;
        seen.planned += 1;
        const { plan } = made;
        const pick = (amount: number) => draw(fc.nat, { max: Math.max(0, amount - 1) });
        const hold = watch(network, plan, pick);
        const order = orderOf(plan.steps, pick);
        const begun = pick(2) === 0 ? order : order.slice(0, 1 + pick(order.length));
        let facts = network;
        for (const step of begun) hold((facts = withStep(facts, step.effect)), step);
        seen.complete += Number(begun.length === order.length);
        for (const step of orderOf(planRollback(plan, begun).steps, pick)) {
          hold((facts = withStep(facts, step.effect)), step);
          seen.undone += 1;
        }

        expect(facts).toEqual(network);
      }),
      RUNS,
    );
    if (process.env["PROPERTY_RUNS"]) console.log(seen);
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(RUNS / 100);
  },
  TIMEOUT_MS,
);
