/**
 * Making and taking away a VPC peering connection: VpcPeer 2022-01-01, one function per action, one call each.
 * Parameters: https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-createvpcpeerconnection
 * and the pages beside it (read 2026-11-25). All of them go into the form body but LinkType, which goes into the query.
 */
import { z } from "zod";
import type { RegionId } from "../../machines/network/facts.ts";
import type { Answered, VpcPeerConnectionOrder } from "../ports.ts";
import type { Cloud } from "./call.ts";
import { doneIfGone } from "./errors.ts";
import { VpcPeerConnectionId } from "./ids.ts";
import { VPC_PEER_VERSION } from "./read-vpc-peers.ts";
import { sendGeneric } from "./send-generic.ts";

const Done = z.object({ RequestId: z.string() }).transform(({ RequestId }) => ({ requestId: RequestId }));
const VpcPeerConnectionMade = z
  .object({ RequestId: z.string(), InstanceId: VpcPeerConnectionId })
  .transform(({ RequestId, InstanceId }) => ({ requestId: RequestId, vpcPeerConnectionId: InstanceId }));

/**
 * From the initiator's VPC to the acceptor's, which accepts by itself within one account. Asynchronous: Creating first.
 * Within one region there is neither bandwidth nor link to choose, and the API refuses a choice.
 */
export function createVpcPeerConnection(
  { clients, call }: Cloud,
  order: VpcPeerConnectionOrder,
  clientToken: string,
): Promise<Answered & { readonly vpcPeerConnectionId: string }> {
  const api = "CreateVpcPeerConnection";
  const { regionId, link } = order;
  const form = {
    RegionId: regionId,
    VpcId: order.vpcId,
    // A number to the API and to its SDKs; in a form it is its digits, so that no id is too long to be exact.
    AcceptingAliUid: order.acceptingAccountId,
    AcceptingRegionId: order.acceptingRegionId,
    AcceptingVpcId: order.acceptingVpcId,
    ...(link && { Bandwidth: String(link.bandwidthMbps) }),
    Name: order.name,
    Description: order.description,
    ClientToken: clientToken,
  };
  const sent = { form, ...(link && { query: { LinkType: link.type } }) };
  const send = () => sendGeneric(clients.vpcPeer(regionId), { api, version: VPC_PEER_VERSION }, sent);
  return call(api, regionId, send, VpcPeerConnectionMade);
}

/** Without Force, which would take away every route entry that leads to it, whoever made that. */
export function deleteVpcPeerConnection(
  { clients, call }: Cloud,
  { regionId, vpcPeerConnectionId }: { readonly regionId: RegionId; readonly vpcPeerConnectionId: string },
  clientToken: string,
): Promise<Answered> {
  const api = "DeleteVpcPeerConnection";
  const form = { InstanceId: vpcPeerConnectionId, ClientToken: clientToken };
  const send = () => sendGeneric(clients.vpcPeer(regionId), { api, version: VPC_PEER_VERSION }, { form });
  return doneIfGone(call(api, regionId, send, Done));
}
