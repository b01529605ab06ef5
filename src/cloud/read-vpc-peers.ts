/**
 * VPC peering connections: VpcPeer 2022-01-01, one function per action. Parameters and answers:
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-listvpcpeerconnections and the
 * pages beside it (read 2026-11-25). All parameters of the reads go into the form body.
 */
import { z } from "zod";
import type { RegionId, VpcId, VpcPeerConnection } from "../../machines/network/facts.ts";
import type { VpcPeerConnectionFilter } from "../ports.ts";
import type { Cloud } from "./call.ts";
import { emptyIfGone } from "./errors.ts";
import * as id from "./ids.ts";
import { allTokenPages } from "./paging.ts";
import { sendGeneric } from "./send-generic.ts";

export const VPC_PEER_VERSION = "2022-01-01";

/** The most that ListVpcPeerConnections gives at once. */
const PAGE_SIZE = 100;

/** What a field holds when there is nothing to say: this product answers null, or leaves it out. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const End = z.object({ VpcId: id.VpcId });

const VpcPeerConnectionFacts = z
  .object({
    InstanceId: id.VpcPeerConnectionId,
    Name: text,
    Status: z.string().min(1),
    BizStatus: text,
    RegionId: z.string().min(1),
    Vpc: End,
    AcceptingRegionId: z.string().min(1),
    AcceptingVpc: End,
  })
  .transform((connection): VpcPeerConnection => ({
    id: connection.InstanceId,
    name: connection.Name,
    status: connection.Status,
    businessStatus: connection.BizStatus,
    regionId: connection.RegionId,
    vpcId: connection.Vpc.VpcId,
    acceptingRegionId: connection.AcceptingRegionId,
    acceptingVpcId: connection.AcceptingVpc.VpcId,
  }));
const VpcPeerConnectionsAnswer = z.object({ NextToken: text, VpcPeerConnects: z.array(VpcPeerConnectionFacts) });

/** One call per id, together, or the list of a VPC's. One that is shown as `Deleted` is none, like one that is unknown. */
export async function readVpcPeerConnections(
  cloud: Cloud,
  regionId: RegionId,
  filter: VpcPeerConnectionFilter,
): Promise<readonly VpcPeerConnection[]> {
  const lists =
    "vpcId" in filter
      ? [await listVpcPeerConnections(cloud, regionId, filter.vpcId)]
      : await Promise.all(
          filter.ids.map((instanceId) => emptyIfGone(getVpcPeerConnectionAttribute(cloud, regionId, instanceId))),
        );
  return lists.flat().filter(({ status }) => status !== "Deleted");
}

/** True when the VPC is one of the two, whichever of them asked for the connection. */
export function joins({ vpcId, acceptingVpcId }: VpcPeerConnection, end: VpcId): boolean {
  return vpcId === end || acceptingVpcId === end;
}

async function listVpcPeerConnections(
  { clients, call }: Cloud,
  regionId: RegionId,
  vpcId: VpcId,
): Promise<readonly VpcPeerConnection[]> {
  const api = "ListVpcPeerConnections";
  const connections = await allTokenPages(api, async (nextToken) => {
    const form = {
      RegionId: regionId,
      // As the SDKs send it: one JSON array, not a parameter for each id.
      VpcId: JSON.stringify([vpcId]),
      MaxResults: String(PAGE_SIZE),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
    const send = () => sendGeneric(clients.vpcPeer(regionId), { api, version: VPC_PEER_VERSION }, { form });
    const answer = await call(api, regionId, send, VpcPeerConnectionsAnswer);
    return { nextToken: answer.NextToken, items: answer.VpcPeerConnects };
  });
  // A filter that the service does not understand must not make other VPCs' connections this one's.
  return connections.filter((connection) => joins(connection, vpcId));
}

/** A list of one: it is either there or gone. The call names no region, so that either end's will do. */
async function getVpcPeerConnectionAttribute(
  { clients, call }: Cloud,
  regionId: RegionId,
  instanceId: string,
): Promise<readonly VpcPeerConnection[]> {
  const api = "GetVpcPeerConnectionAttribute";
  const form = { InstanceId: instanceId };
  const send = () => sendGeneric(clients.vpcPeer(regionId), { api, version: VPC_PEER_VERSION }, { form });
  return [await call(api, regionId, send, VpcPeerConnectionFacts)];
}
