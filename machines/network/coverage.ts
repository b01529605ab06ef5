/**
 * How much of a plan its test covers: a packet goes through one table on each side, and a peering may be in several.
 */
import type { Step } from "./plan.ts";
import type { Instance, NetworkFacts, RouteTableId, SideFacts } from "./facts.ts";
import type { ConnectionId, RequestRevision } from "./request.ts";
import { planned } from "./planned.ts";
import { walk, type Flow } from "./reachability.ts";
import { runningHosts, servingTables, vSwitchesInScope } from "./scope.ts";
import { opposite, SIDES, type Side } from "./side.ts";

/**
 * Route tables of both sides that serve at least one vSwitch of the request, by how they are proved: by the test's own
 * packets, by following a packet of a running instance behind them through the networks as they will be, or not at all.
 */
export interface Coverage {
  readonly packets: readonly RouteTableId[];
  readonly analysis: readonly RouteTableId[];
  readonly untested: readonly RouteTableId[];
}

/** Null for a plan that tests nothing. */
export function coverageOf(
  request: RequestRevision,
  facts: NetworkFacts,
  plan: { readonly connection: ConnectionId; readonly steps: readonly Step[] },
): Coverage | null {
  if (plan.steps.every(({ stage }) => stage !== "verify")) return null;
  const built = planned(facts, plan, "secure");
  const used = SIDES.flatMap((side) => usedTables(side, request, facts));
  const packets = SIDES.map((side) => tableBehind(testInstance(side, request, facts), facts[side]));
  const rest = used.filter(({ id }) => !packets.includes(id));
  const walked = rest.filter(({ id, side }) => isWalked(id, side, request, built)).map(({ id }) => id);
  return {
    packets: used.map(({ id }) => id).filter((id) => packets.includes(id)),
    analysis: walked,
    untested: rest.map(({ id }) => id).filter((id) => !walked.includes(id)),
  };
}

function usedTables(side: Side, request: RequestRevision, facts: NetworkFacts) {
  const used = new Set(vSwitchesInScope(request[side], facts[side]).map(({ routeTableId }) => routeTableId));
  return servingTables(request[side], facts[side])
    .filter(({ id }) => used.has(id))
    .map(({ id }) => ({ id, side }));
}

function testInstance(side: Side, request: RequestRevision, facts: NetworkFacts): Instance | undefined {
  return facts[side].instances.find(({ id }) => id === request[side].testInstanceId);
}

function tableBehind(instance: Instance | undefined, { vSwitches }: SideFacts): RouteTableId | undefined {
  return vSwitches.find(({ id }) => id === instance?.vSwitchId)?.routeTableId;
}

/** Instances of one table that are looked at, so that a table in which nothing gets through takes no longer than another. */
const HOSTS_WALKED_MAX = 10;

/** Something of what the request lets through gets from an instance behind the table to the other side's, or from there to it. */
function isWalked(table: RouteTableId, side: Side, request: RequestRevision, built: NetworkFacts): boolean {
  const far = testInstance(opposite(side), request, built);
  const near = runningHosts(request[side], built[side]).filter((host) => tableBehind(host, built[side]) === table);
  if (!far) return false;
  return near.slice(0, HOSTS_WALKED_MAX).some((host) => {
    const [here, there] = [
      { side, ip: host.privateIp },
      { side: opposite(side), ip: far.privateIp },
    ];
    const ways = [
      { from: here, to: there },
      { from: there, to: here },
    ];
    const flows = ways.flatMap((way) => someFlow(request, way.to.side).map((flow): Flow => ({ ...way, ...flow })));
    return flows.some((flow) => walk(built, flow).verdict === "allowed");
  });
}

function someFlow(request: RequestRevision, to: Side): ReadonlyArray<Pick<Flow, "protocol" | "port">> {
  if (request.icmp) return [{ protocol: "ICMP", port: null }];
  return request[to].ports.slice(0, 1).map(({ from }) => ({ protocol: "TCP", port: from }));
}
