/**
 * What two large VPCs take to be checked, planned, counted and walked through, and how that grows with their size.
 */
import { planRequest } from "../../machines/connections/plan-request.ts";
import type { NetworkFacts } from "../../machines/network/facts.ts";
import { impactOf } from "../../machines/network/impact.ts";
import { preflight } from "../../machines/network/preflight.ts";
import { walk } from "../../machines/network/reachability.ts";
import { largeNetwork, largeRequest } from "../machines/large-network.ts";
import { RULES } from "../machines/tutorial.ts";
import { medianCpuMs, type Figures } from "./measure.ts";

const SCALES = [0.25, 0.5, 1, 2] as const;
const WALKS = 12;

/** Scale 1 is 50 vSwitches, 20 tables with 200 entries, 100 groups with 100 rules and 500 instances a side. */
export function benchNetwork(): readonly Figures[] {
  return SCALES.map((scale) => {
    const network = largeNetwork(scale);
    const request = largeRequest(network, "all");
    const planned = planRequest(request, network, RULES);
    if ("stopped" in planned) throw new Error(`nothing to measure: ${JSON.stringify(planned.stopped)}`);
    // The whole of a plan: preflight, steps, impact and hash.
    const planMs = medianCpuMs(() => planRequest(request, network, RULES));
    const walksMs = medianCpuMs(() => someWalks(network));
    return {
      scale,
      instances: network.initiator.instances.length,
      preflightMs: medianCpuMs(() => preflight(request, network)),
      impactMs: medianCpuMs(() => impactOf(request, network, planned.plan, RULES.sensitiveTags)),
      planMs,
      walksMs,
      togetherMs: planMs + walksMs,
    };
  });
}

/** From the first instances of one side to some of the other. */
function someWalks(network: NetworkFacts): void {
  const { initiator, acceptor } = network;
  for (let at = 0; at < WALKS; at += 1) {
    const [from, to] = [initiator.instances[at], acceptor.instances[at * 3]];
    if (!from || !to) throw new Error("a large network has instances");
    const ends = {
      from: { side: "initiator", ip: from.privateIp },
      to: { side: "acceptor", ip: to.privateIp },
    } as const;
    walk(network, { ...ends, protocol: "TCP", port: 5432 });
  }
}
