/**
 * Who reaches whom is found for all packets at once; here it is held against walking them one by one, over random networks
 * of which some parts could not be read.
 *
 * `PROPERTY_RUNS=10000 npm test -- test/machines/reached.test.ts` takes as many networks.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Instance, NetworkFacts, SideFacts } from "../../machines/network/facts.ts";
import { type Flow, walk } from "../../machines/network/reachability.ts";
import { reachedAmong } from "../../machines/network/reached.ts";
import type { RequestRevision, RequestSide } from "../../machines/network/request.ts";
import { runningHosts } from "../../machines/network/scope.ts";
import { opposite, SIDES, type Side } from "../../machines/network/side.ts";
import { drawWorld } from "./random-world.ts";
import { holds } from "./seeded.ts";
import { requestRevision } from "./tutorial.ts";
import { worldToFacts } from "./world-to-facts.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 200);
/** A network takes 5 ms on a core of its own. */
const TIMEOUT_MS = 60_000 + RUNS * 40;

test(
  "the hosts found are those that a walk of every packet finds, certain and unknown alike",
  () => {
    const seen = { allowed: 0, unknown: 0, dropped: 0 };
    const property = fc.property(fc.gen(), fc.nat({ max: 5 }), (draw, calm) => {
      const { world, a, b } = drawWorld(draw, calm);
      const read = worldToFacts(
        world,
        { region: a.site.region, vpcId: a.vpc.vpcId },
        { region: b.site.region, vpcId: b.vpc.vpcId },
      );
      const facts = SIDES.reduce((all, side) => ({ ...all, [side]: clouded(draw, all[side]) }), read);
      const request = wholeOf(facts);
      const find = reachedAmong(request, facts);
      for (const side of SIDES) {
        const found = find(side, facts);
        const walked = walkAll(side, request, facts);
        expect({
          hosts: found.hosts.map(({ id }) => id).toSorted(),
          unknown: found.unknown.map(({ id }) => id).toSorted(),
          from: found.from,
        }).toEqual(walked.found);
        for (const verdict of walked.verdicts) seen[verdict] += 1;
      }
    });
    holds(property, RUNS);
    if (process.env["PROPERTY_RUNS"]) console.log(seen);
    expect(Math.min(seen.allowed, seen.unknown, seen.dropped)).toBeGreaterThan(RUNS / 10);
  },
  TIMEOUT_MS,
);

function wholeOf({ initiator, acceptor }: NetworkFacts): RequestRevision {
  const request = requestRevision();
  return {
    ...request,
    initiator: { ...request.initiator, ...whole(initiator) },
    acceptor: { ...request.acceptor, ...whole(acceptor) },
  };
}

function whole({ regionId, vpcId }: SideFacts): Pick<RequestSide, "regionId" | "vpcId" | "vSwitchIds"> {
  return { regionId, vpcId, vSwitchIds: [] };
}

const A_LIST = { peerCidr: "", peerGroupId: "", peerPrefixListId: "pl-1" } as const;

/** Now and then a part is not read, or a rule is for a prefix list. */
function clouded(draw: fc.GeneratorValue, facts: SideFacts): SideFacts {
  const isSo = (ofTwenty: number) => draw(fc.nat, { max: 19 }) < ofTwenty;
  const securityGroups = facts.securityGroups.map((group) => {
    if (isSo(1)) return { ...group, rules: null };
    const rules = (group.rules ?? []).map((rule) => (isSo(3) ? { ...rule, ...A_LIST } : rule));
    return { ...group, rules };
  });
  return {
    ...facts,
    securityGroups,
    networkAcls: isSo(1) ? null : facts.networkAcls,
    vSwitches: isSo(1) ? facts.vSwitches.slice(1) : facts.vSwitches,
    routeTables: isSo(1) ? facts.routeTables.slice(1) : facts.routeTables,
  };
}

type Answer = "allowed" | "unknown" | "dropped";

function walkAll(side: Side, request: RequestRevision, facts: NetworkFacts) {
  const services = servicesToTry(facts);
  const sources = runningHosts(request[opposite(side)], facts[opposite(side)]);
  const targets = runningHosts(request[side], facts[side]);
  const answers = targets.map((target) => sources.map((source) => best(source, target)));
  function best(source: Instance, target: Instance): Answer {
    const ends = { from: { side: opposite(side), ip: source.privateIp }, to: { side, ip: target.privateIp } };
    const found = services.map((service) => walk(facts, { ...ends, ...service }).verdict);
    return (
      found.find((verdict) => verdict === "allowed") ?? found.find((verdict) => verdict === "unknown") ?? "dropped"
    );
  }
  const withBest = (wanted: Answer) =>
    targets.filter((_, at) => bestOf(answers[at] ?? []) === wanted).map(({ id }) => id);
  return {
    found: {
      hosts: withBest("allowed").toSorted(),
      unknown: withBest("unknown").toSorted(),
      from: sources.filter((_, at) => answers.some((row) => row[at] === "allowed")).length,
    },
    verdicts: answers.map((row) => bestOf(row)),
  };
}

function bestOf(answers: readonly Answer[]): Answer {
  if (answers.includes("allowed")) return "allowed";
  return answers.includes("unknown") ? "unknown" : "dropped";
}

/** Every border of a port range of a rule or an entry, and the first and last port. */
function servicesToTry(facts: NetworkFacts): ReadonlyArray<Pick<Flow, "protocol" | "port">> {
  const ranges = SIDES.flatMap((side) => [
    ...facts[side].securityGroups.flatMap(({ rules }) => rules ?? []),
    ...(facts[side].networkAcls ?? []).flatMap(({ ingress, egress }) => [...ingress, ...egress]),
  ]).map(({ portRange }) => portRange.split("/").map(Number));
  const borders = ranges.flatMap(([low = 0, high = 0]) => [low, high + 1]);
  const ports = [...new Set([1, 65_535, ...borders])].filter((port) => port >= 1 && port <= 65_535);
  return [
    { protocol: "ICMP", port: null },
    ...(["TCP", "UDP"] as const).flatMap((protocol) => ports.map((port) => ({ protocol, port }))),
  ];
}
