/**
 * The route entry steps. An entry is ours exactly when its next hop is our own connection.
 */
import { CONNECTION_TYPES } from "../../machines/connections/types.ts";
import type { RouteEntry } from "../../machines/network/facts.ts";
import type { ConnectionId } from "../../machines/network/request.ts";
import type { Side } from "../../machines/network/side.ts";
import type { CreateRouteEntry, DeleteRouteEntry } from "../../machines/peering/effects.ts";
import { markOf } from "../../machines/peering/mark.ts";
import type { Wait } from "../../machines/peering/outcomes.ts";
import { connectRun, type Peering, type Resource } from "../../machines/peering/record.ts";
import { CloudFailure, type CloudReader } from "../ports.ts";
import { done, started, type StepAnswer, type StepContext } from "./step.ts";
import { findRouterInterfaceIds } from "./router-interfaces.ts";
import { findVpcPeerIds } from "./vpc-peers.ts";

/** An entry settles in seconds; Terraform waits 120 s for a whole table. */
const ENTRY_GIVE_UP_MS = 180_000;

export async function createRouteEntry(
  { peering, reader, writer }: StepContext,
  effect: CreateRouteEntry,
): Promise<StepAnswer> {
  const { side, regionId, routeTableId, destination } = effect;
  const { nextHopType, nextHopOf } = CONNECTION_TYPES[connectRun(peering).plan.connection];
  const nextHop = nextHopOf(peering.resources, side);
  if (!nextHop) throw new Error(`${peering.id} has nothing on the ${side} side yet that a route entry could lead to`);
  const existing = await reader.routeEntries(regionId, { routeTableId, destination });
  const own = existing.find(({ nextHopId }) => nextHopId === nextHop.id);
  if (own) {
    const kept = [made(effect, own.id)];
    return own.status === "Available" ? done([], kept) : started([waitFor(effect, own.id, "Available")], [], kept);
  }
  const [foreign] = existing;
  if (foreign) throw taken(foreign);
  const { routeEntryId, requestId } = await writer.createRouteEntry({
    regionId,
    routeTableId,
    destination,
    nextHop: { type: nextHopType, id: nextHop.id },
    name: markOf(peering.id),
  });
  const call = { api: "CreateRouteEntry", regionId, requestId, subject: routeEntryId };
  return started([waitFor(effect, routeEntryId, "Available")], [call], [made(effect, routeEntryId)]);
}

export async function deleteRouteEntry(
  { peering, reader, writer }: StepContext,
  effect: DeleteRouteEntry,
): Promise<StepAnswer> {
  const { side, regionId, routeTableId, destination } = effect;
  const { connection } = connectRun(peering).plan;
  // Also an entry that was left behind by a connection which somebody removed.
  const ids = await FIND_NEXT_HOPS[connection](reader, peering, side);
  if (ids.length === 0) return done();
  const entries = await reader.routeEntries(regionId, { routeTableId, destination });
  const own = entries.find(({ nextHopId }) => ids.includes(nextHopId));
  if (!own) return done();
  const gone = [waitFor(effect, own.id, "gone")];
  if (own.status === "Deleting") return started(gone);
  const { requestId } = await writer.deleteRouteEntry({
    regionId,
    routeTableId,
    destination,
    nextHop: { type: CONNECTION_TYPES[connection].nextHopType, id: own.nextHopId },
    name: markOf(peering.id),
  });
  return started(gone, [{ api: "DeleteRouteEntry", regionId, requestId, subject: own.id }]);
}

/** The ids that this peering's entries of a side may lead to, also of what is gone. */
const FIND_NEXT_HOPS: {
  readonly [Id in ConnectionId]: (reader: CloudReader, peering: Peering, side: Side) => Promise<readonly string[]>;
} = {
  "router-interfaces": findRouterInterfaceIds,
  "vpc-peer": findVpcPeerIds,
};

function made({ side, regionId, routeTableId, destination }: CreateRouteEntry, id: string): Resource {
  return { kind: "routeEntry", side, regionId, routeTableId, destination, id, madeBy: "peering" };
}

function waitFor(effect: CreateRouteEntry | DeleteRouteEntry, id: string, wanted: "Available" | "gone"): Wait {
  const { regionId, routeTableId, destination } = effect;
  return {
    key: `routeEntry:${routeTableId}:${destination}:${wanted}`,
    regionId,
    target: { kind: "routeEntry", routeTableId, destination, id, wanted },
    giveUpAfterMs: ENTRY_GIVE_UP_MS,
  };
}

function taken({ id, destination, nextHopType, nextHopId }: RouteEntry): CloudFailure {
  const message = `${destination} already goes to ${nextHopType} ${nextHopId} (${id})`;
  return new CloudFailure({ kind: "conflict", api: "CreateRouteEntry", code: "", requestId: "", message });
}
