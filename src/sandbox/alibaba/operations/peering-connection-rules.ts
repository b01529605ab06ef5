import { vpcOfRouter } from "../lookup.ts";
import { type Parameters, integer, invalid, requiredText, text } from "../parameters.ts";
import {
  CROSS_REGION_MBPS,
  endsOf,
  joins,
  type PeeringConnection,
  type PeeringConnectionStatus,
  presentPeeringConnections,
} from "../peering-connection.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { Call } from "../simulation.ts";
import type { RouterInterface, World } from "../world.ts";

/** One of these peering connections by the call's InstanceId, as seen from its region, or the API's answer for none. */
export function findPeeringConnection(
  call: Call,
  connections: ReadonlyArray<PeeringConnection> = presentPeeringConnections(call.world),
): PeeringConnection {
  const id = requiredText(call.parameters, "InstanceId");
  return (
    connections.find((connection) => connection.instanceId === id && isSeen(call, connection)) ??
    refuse(notFound("ResourceNotFound.InstanceId", id))
  );
}

/**
 * Whether a connection is seen from the region that the call names; one that names none sees all.
 *
 * The service has one endpoint for all regions, and most of its actions take no RegionId.
 */
export function isSeen(call: Call, connection: PeeringConnection): boolean {
  const regionId = text(call.parameters, "RegionId");
  const ends = call.facts.answer("peering-connection-region") === "both-ends" ? endsOf(connection) : [connection];
  return regionId === undefined || ends.some((end) => end.regionId === regionId);
}

/** The refusal of an id that is none. HTTP 400, as documented for this product. */
export function notFound(code: "ResourceNotFound.InstanceId" | "ResourceNotFound.VpcPeer", id: string): Refusal {
  return { status: 400, code, message: `The specified resource of ${id} is not found.` };
}

/** The refusal of something whose status does not allow what is asked. */
export function incorrectStatus(
  of: "Vpc" | "AcceptingVpc" | "VpcPeer",
  resource: { readonly id: string; readonly kind: string },
): Refusal {
  const message = `The status of ${resource.kind} [${resource.id}] is incorrect.`;
  return { status: 400, code: `IncorrectStatus.${of}`, message };
}

/** Refuses what is asked of a connection in another status than these. */
export function refuseUnlessIn(connection: PeeringConnection, statuses: ReadonlyArray<PeeringConnectionStatus>): void {
  if (statuses.includes(connection.status)) return;
  refuse(incorrectStatus("VpcPeer", { kind: "vpcPeer", id: connection.instanceId }));
}

/** Refuses what needs a connection that is paid for. */
export function refuseUnpaid(connections: ReadonlyArray<PeeringConnection>): void {
  const locked = connections.find(({ bizStatus }) => bizStatus !== "Normal");
  if (locked === undefined) return;
  const message = `The business status of vpcPeer [${locked.instanceId}] is incorrect.`;
  refuse({ status: 400, code: "IncorrectBusinessStatus.VpcPeer", message });
}

/** The bandwidth that is asked for between two regions, in Mbit/s; `fallback` where none is. */
export function readBandwidth(parameters: Parameters, fallback: number): number {
  const bandwidth = integer(parameters, "Bandwidth", { min: 1, max: Number.MAX_SAFE_INTEGER, fallback });
  if (bandwidth <= CROSS_REGION_MBPS) return bandwidth;
  refuse({ status: 400, code: "QuotaExceeded.Bandwidth", message: "The quota of bandwidth is exceeded." });
}

/** The link type that is asked for; only connections between regions have one. */
export function readLinkType(
  parameters: Parameters,
  connection: { readonly isCrossRegion: boolean; readonly fallback: PeeringConnection["linkType"] },
): PeeringConnection["linkType"] {
  const linkType = text(parameters, "LinkType");
  if (linkType === undefined) return connection.fallback;
  if (!connection.isCrossRegion) {
    const message = "The same region not supported link type feature.";
    refuse({ status: 400, code: "OperationFailed.InterRegionLinkTypeNotSupported", message });
  }
  return linkType === "Gold" || linkType === "Platinum" ? linkType : refuse(invalid("LinkType"));
}

/** Refuses a text that is too short, too long or a web address. */
export function checkLength(
  parameters: Parameters,
  name: "Name" | "Description",
  limits: { readonly min: number; readonly max: number },
): void {
  const value = text(parameters, name);
  if (value === undefined) return;
  if (value.length < limits.min || value.length > limits.max || /^https?:\/\//i.test(value)) refuse(invalid(name));
}

/** The peering connection between two VPCs; undefined when there is none. */
export function connectionBetween(world: World, vpcIds: readonly [string, string]): PeeringConnection | undefined {
  return presentPeeringConnections(world).find((connection) => vpcIds.every((vpcId) => joins(connection, vpcId)));
}

/** Refuses a router interface towards a VPC that a peering connection leads to already: two VPCs have one of the two. */
export function refuseBesidePeeringConnection(
  call: Call,
  side: Pick<RouterInterface, "vpcId" | "oppositeRegionId" | "opposite">,
): void {
  const region = call.world.regions.get(side.oppositeRegionId);
  const opposite = region === undefined ? undefined : vpcOfRouter(region, side.opposite.routerId);
  if (opposite === undefined || connectionBetween(call.world, [side.vpcId, opposite.vpcId]) === undefined) return;
  const message = "The two VPCs are joined by a VPC peering connection already.";
  refuse({ status: 400, code: call.facts.answer("interface-beside-peering-connection-code"), message });
}
