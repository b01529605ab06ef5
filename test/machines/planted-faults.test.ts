/**
 * A peering that worked, with one thing gone wrong: the walk names the place that was tampered with, and what a peering may
 * mend works in the simulated cloud afterwards and opens nothing else.
 *
 * `PROPERTY_RUNS=10000 npm test -- test/machines/planted-faults.test.ts` takes as many networks, shared by the faults.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planFix } from "../../machines/connections/plan-fix.ts";
import { findingOf, type Finding, type Flow, walk } from "../../machines/network/reachability.ts";
import { opposite, SIDES, type Side } from "../../machines/network/side.ts";
import { reach } from "../../src/sandbox/alibaba/reachability.ts";
import type { Service } from "../../src/sandbox/alibaba/service.ts";
import type { Instance } from "../../src/sandbox/alibaba/world.ts";
import { anyOf, carryOut, drawBuiltWorld, factsOf, type BuiltWorld } from "./built-world.ts";
import { FAULTS } from "./faults.ts";
import { PORTS } from "./random-world.ts";
import { holds, seedOf } from "./seeded.ts";
import { RULES } from "./tutorial.ts";

const RUNS = Math.ceil(Number(process.env["PROPERTY_RUNS"] ?? 150) / FAULTS.length);
const TIMEOUT_MS = 60_000 + RUNS * 200;
const SERVICES: readonly Service[] = [
  { protocol: "ICMP" },
  ...PORTS.map((port): Service => ({ protocol: "TCP", port })),
];

describe("one planted fault is found where it is, and a fix of what is the peering's works and opens nothing else", () => {
  test.each(FAULTS.map((fault, at) => ({ ...fault, seed: seedOf(at) })))(
    "$what",
    ({ seed, ...fault }) => {
      const property = fc.property(fc.gen(), (draw) => {
        const built = drawBuiltWorld(draw);
        if (built === null) return fc.pre(false);
        const tests = testsOf(built);
        const silent = () => tests.filter((one) => !getsThrough(built, one));
        fc.pre(silent().length === 0);
        const at = anyOf(draw, SIDES);
        const before = reachedIn(built);
        fault.plant(built, at);
        const stopped = silent();
        // Something else may let it through all the same.
        fc.pre(stopped.length > 0);

        const facts = factsOf(built.world, built.ends);
        for (const one of stopped) {
          const finding = findingOf(walk(facts, flowOf(built, one)));
          expect(spotOf(finding)).toEqual(fault.stops(at, one.from));
        }
        const fix = planFix(built.request, built.plan, facts, RULES);
        expect("plan" in fix).toBe(fault.mendable);
        const first = stopped.slice(0, fault.mendable ? 0 : 1);
        expect("left" in fix ? [spotOf(fix.left)] : []).toEqual(first.map(({ from }) => fault.stops(at, from)));
        if ("left" in fix) return;
        // What the fault itself opened is not the fix's doing.
        const faulty = reachedIn(built);
        carryOut(built, fix.plan.steps);
        expect(silent()).toEqual([]);
        const tested = tests.map(({ from, to, service }) =>
          pairText(built.ends[from].instance, built.ends[to].instance.privateIp, service),
        );
        const opened = [...reachedIn(built)].filter(
          (pair) => !before.has(pair) && !faulty.has(pair) && !tested.includes(pair),
        );
        expect(opened).toEqual([]);
      });
      holds(property, RUNS, { seed });
    },
    TIMEOUT_MS,
  );
});

/** A packet of the plan's test, between the tested instances. */
interface Tested {
  readonly from: Side;
  readonly to: Side;
  readonly service: Service;
}

function testsOf({ plan }: BuiltWorld): readonly Tested[] {
  return plan.steps.flatMap(({ effect }): readonly Tested[] => {
    if (effect.type !== "runConnectivityTest") return [];
    const way = { from: effect.side, to: opposite(effect.side) };
    const services: readonly Service[] = [
      ...(effect.ping ? [{ protocol: "ICMP" } as const] : []),
      ...effect.ports.map((port) => ({ protocol: "TCP", port }) as const),
    ];
    return services.map((service) => ({ ...way, service }));
  });
}

function getsThrough({ world, ends }: BuiltWorld, { from, to, service }: Tested): boolean {
  const source = { region: ends[from].site.region, instance: ends[from].instance };
  return reach(world, source, ends[to].instance.privateIp, service).reached;
}

function flowOf({ ends }: BuiltWorld, { from, to, service }: Tested): Flow {
  const end = (side: Side) => ({ side, ip: ends[side].instance.privateIp });
  return { from: end(from), to: end(to), port: null, ...service };
}

function spotOf(finding: Finding): object {
  if (finding.verdict !== "dropped") return { verdict: finding.verdict };
  const { hop, side, way } = finding.at;
  return { hop, side, way };
}

/** Everything that gets from somewhere to somewhere, by the simulated cloud's own code. */
function reachedIn({ world, ends }: BuiltWorld): ReadonlySet<string> {
  const reached = new Set<string>();
  const addresses = SIDES.flatMap((side) => ends[side].addresses);
  for (const side of SIDES) {
    const { region } = ends[side].site;
    for (const instance of ends[side].instances) {
      for (const ip of addresses) {
        for (const service of SERVICES)
          if (reach(world, { region, instance }, ip, service).reached) reached.add(pairText(instance, ip, service));
      }
    }
  }
  return reached;
}

function pairText({ instanceId }: Pick<Instance, "instanceId">, ip: string, service: Service): string {
  return `${instanceId} ${ip} ${"port" in service ? service.port : "ping"}`;
}
