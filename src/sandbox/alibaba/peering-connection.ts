import type { Site } from "./build.ts";
import type { Region, Tag, World } from "./world.ts";

/** `Accepting`, `Rejected` and `Expired` are for two accounts, and come about only by hand. */
export type PeeringConnectionStatus =
  | "Creating"
  | "Accepting"
  | "Rejected"
  | "Expired"
  | "Activated"
  | "Updating"
  | "Deleting"
  | "Deleted";

/**
 * A VPC peering connection: one resource between two VPCs, with one id that both ends use.
 *
 * It is kept in its requester's region. Who requested it makes no difference to what it carries.
 */
export interface PeeringConnection {
  readonly instanceId: string;
  name: string;
  description: string;
  readonly regionId: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly acceptingRegionId: string;
  readonly acceptingVpcId: string;
  readonly acceptingOwnerUid: string;
  /** Mbit/s; -1 within a region, where there is no limit. */
  bandwidth: number;
  /** Empty within a region. */
  linkType: "" | "Gold" | "Platinum";
  status: PeeringConnectionStatus;
  bizStatus: "Normal" | "FinancialLocked";
  tags: ReadonlyArray<Tag>;
  readonly createdAt: number;
  modifiedAt: number;
}

/** One of the two VPCs that a peering connection joins. */
export interface PeeringConnectionEnd {
  readonly regionId: string;
  readonly vpcId: string;
}

/** What a peering connection between two regions gets, and the most that it can have, in Mbit/s. */
export const CROSS_REGION_MBPS = 1_024;
/** How the API prints the bandwidth within a region. */
const UNLIMITED = -1;

/** Adds a peering connection to the site's region; `Activated` unless a status is given. */
export function buildPeeringConnection(
  site: Site,
  given: Pick<PeeringConnection, "vpcId" | "ownerId" | "acceptingRegionId" | "acceptingVpcId" | "name"> &
    Partial<
      Pick<PeeringConnection, "acceptingOwnerUid" | "description" | "bandwidth" | "linkType" | "status" | "tags">
    >,
): PeeringConnection {
  const { regionId } = site.region;
  const isCrossRegion = regionId !== given.acceptingRegionId;
  const built: PeeringConnection = {
    instanceId: site.id("pcc", given.name),
    regionId,
    description: "",
    acceptingOwnerUid: given.ownerId,
    bandwidth: isCrossRegion ? CROSS_REGION_MBPS : UNLIMITED,
    linkType: isCrossRegion ? "Gold" : "",
    status: "Activated",
    bizStatus: "Normal",
    tags: [],
    createdAt: site.at,
    modifiedAt: site.at,
    ...given,
  };
  site.region.vpcPeerConnections.set(built.instanceId, built);
  return built;
}

/** Every peering connection of the account that there still is: one shown as `Deleted` is none. */
export function presentPeeringConnections(world: World): ReadonlyArray<PeeringConnection> {
  return allPeeringConnections(world).filter(({ status }) => status !== "Deleted");
}

/** Every peering connection of the account, those included that are only shown as `Deleted`. */
export function allPeeringConnections(world: World): ReadonlyArray<PeeringConnection> {
  return [...world.regions.values()].flatMap((region) => [...region.vpcPeerConnections.values()]);
}

/** The peering connections that have an end in a region, wherever they were requested. */
export function peeringConnectionsIn(world: World, region: Region): ReadonlyArray<PeeringConnection> {
  return allPeeringConnections(world).filter((connection) =>
    endsOf(connection).some(({ regionId }) => regionId === region.regionId),
  );
}

/** Requester first. */
export function endsOf(connection: PeeringConnection): readonly [PeeringConnectionEnd, PeeringConnectionEnd] {
  return [
    { regionId: connection.regionId, vpcId: connection.vpcId },
    { regionId: connection.acceptingRegionId, vpcId: connection.acceptingVpcId },
  ];
}

/** Whether a VPC is one of the two that a peering connection joins. */
export function joins(connection: PeeringConnection, vpcId: string): boolean {
  return endsOf(connection).some((end) => end.vpcId === vpcId);
}

/** Where a peering connection leads from a VPC; undefined when that VPC is at neither end. */
export function otherEnd(connection: PeeringConnection, vpcId: string): PeeringConnectionEnd | undefined {
  return joins(connection, vpcId) ? endsOf(connection).find((end) => end.vpcId !== vpcId) : undefined;
}
