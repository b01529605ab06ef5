/**
 * Two programs that never saw each other follow the same packets: the bot's through facts, the simulated cloud's through
 * its own state. Where they differ, one of them is wrong about the cloud.
 *
 * `PROPERTY_RUNS=10000 npm test -- test/machines/two-walkers.test.ts` takes as many networks.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type FlowEnd, type Verdict, walk } from "../../machines/network/reachability.ts";
import { type Reach, reach } from "../../src/sandbox/alibaba/reachability.ts";
import type { Service } from "../../src/sandbox/alibaba/service.ts";
import { drawWorld, PORTS } from "./random-world.ts";
import { holds, RUNS_ARE_FEW } from "./seeded.ts";
import { worldToFacts } from "./world-to-facts.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 300);
/** On a core shared with other tests; a network takes 8 ms on one of its own. */
const TIMEOUT_MS = 60_000 + RUNS * 40;
const SERVICES: readonly Service[] = [
  { protocol: "ICMP" },
  ...PORTS.map((port): Service => ({ protocol: "TCP", port })),
];

/** The sandbox's names of the places that stop a packet, by what the walk calls them. */
const PLACES: Readonly<Record<string, string>> = {
  "source not running": "there instance",
  "source security groups": "there source securityGroups",
  "source network ACL": "there source networkAcl",
  "no route there": "there source routeTable",
  "connection there not active": "there source connection",
  "target network ACL": "there target networkAcl",
  "no such address": "there instance",
  "target not running": "there instance",
  "target security groups": "there target securityGroups",
  "target network ACL, back": "back target networkAcl",
  "no route back": "back target routeTable",
  "connection back not active": "back target connection",
  "source network ACL, back": "back source networkAcl",
};

function placeIn(reached: Reach): string {
  return reached.reached ? "allowed" : (PLACES[reached.stoppedBy] ?? reached.stoppedBy);
}

function placeOf(verdict: Verdict, from: FlowEnd, to: FlowEnd): string {
  if (verdict.verdict !== "dropped") return verdict.verdict;
  const { at } = verdict;
  if (at.hop === "instance") return `${at.way} instance`;
  if (from.side !== to.side) return `${at.way} ${at.side === from.side ? "source" : "target"} ${at.hop}`;
  // Within one VPC the direction tells the ends apart.
  const leaves = "direction" in at ? at.direction === "egress" : true;
  return `${at.way} ${leaves === (at.way === "there") ? "source" : "target"} ${at.hop}`;
}

test(
  "the walk through the facts and the simulated cloud agree on every packet and on what stops it",
  () => {
    const seen = new Map<string, number>();
    const property = fc.property(fc.gen(), fc.nat({ max: 5 }), (draw, calm) => {
      const { world, a, b } = drawWorld(draw, calm);
      const facts = worldToFacts(
        world,
        { region: a.site.region, vpcId: a.vpc.vpcId },
        { region: b.site.region, vpcId: b.vpc.vpcId },
      );
      const ends = { initiator: a, acceptor: b };
      for (const fromSide of ["initiator", "acceptor"] as const) {
        for (const source of ends[fromSide].instances) {
          for (const toSide of ["initiator", "acceptor"] as const) {
            for (const ip of ends[toSide].addresses) {
              if (ip === source.privateIp) continue;
              const [from, to] = [
                { side: fromSide, ip: source.privateIp },
                { side: toSide, ip },
              ];
              for (const service of SERVICES) {
                const port = service.protocol === "TCP" ? service.port : null;
                const verdict = walk(facts, { from, to, protocol: service.protocol, port });
                const theirs = placeIn(
                  reach(world, { region: ends[fromSide].site.region, instance: source }, ip, service),
                );
                seen.set(theirs, (seen.get(theirs) ?? 0) + 1);
                expect(`${from.ip} ${ip} ${port} ${placeOf(verdict, from, to)}`).toBe(
                  `${from.ip} ${ip} ${port} ${theirs}`,
                );
              }
            }
          }
        }
      }
    });
    holds(property, RUNS);
    if (process.env["PROPERTY_RUNS"]) console.log(Object.fromEntries(seen));
    // A property that never meets a place says nothing about it.
    if (RUNS_ARE_FEW) return;
    expect([...seen.keys()].toSorted()).toEqual([...new Set(Object.values(PLACES)), "allowed"].toSorted());
  },
  TIMEOUT_MS,
);
