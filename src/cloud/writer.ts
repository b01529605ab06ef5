import { hashOf } from "../../machines/network/plan.ts";
import type { Policy } from "../../machines/peering/authority.ts";
import { CloudFailure, type CloudWriter, type Grant } from "../ports.ts";
import type { Api } from "./actions.ts";
import type { Cloud } from "./call.ts";
import { COVERS } from "./grant.ts";
import { runTest } from "./run-test.ts";
import {
  connectRouterInterface,
  createRouteEntry,
  createRouterInterface,
  deactivateRouterInterface,
  deleteRouteEntry,
  deleteRouterInterface,
  modifyRouterInterfaceAttribute,
} from "./write-routing.ts";
import { createVpcPeerConnection, deleteVpcPeerConnection } from "./write-vpc-peers.ts";
import { authorizeSecurityGroup, revokeSecurityGroup } from "./write-security-groups.ts";

interface WriterOptions {
  /** Every write of a bot that is not installed to operate is refused. */
  readonly mode: Policy["mode"];
  /** The way out to the cloud for what is done under this grant. */
  readonly cloudFor: (grant: Grant) => Cloud;
}

/**
 * Writes what the grant covers. A call that it does not cover throws before anything goes out: a handler that asks for
 * more than its approved step is our fault, not the cloud's.
 */
export function createWriter({ mode, cloudFor }: WriterOptions): CloudWriter {
  return (grant) => {
    const cloud = cloudFor(grant);
    const { clientToken } = grant;
    const granted =
      <Order, Answer>(
        api: Api,
        covers: (grant: Grant, order: Order) => boolean,
        write: (order: Order) => Promise<Answer>,
      ): ((order: Order) => Promise<Answer>) =>
      async (order) => {
        if (mode !== "operate") throw readOnly(api);
        if (grant.approvedBy.length === 0 || !covers(grant, order)) throw notGranted(api, grant, order);
        return write(order);
      };
    return {
      createRouterInterface: granted("CreateRouterInterface", COVERS.createRouterInterface, (order) =>
        createRouterInterface(cloud, order, clientToken),
      ),
      modifyRouterInterfaceAttribute: granted(
        "ModifyRouterInterfaceAttribute",
        COVERS.modifyRouterInterfaceAttribute,
        (order) => modifyRouterInterfaceAttribute(cloud, order),
      ),
      connectRouterInterface: granted("ConnectRouterInterface", COVERS.connectRouterInterface, (order) =>
        connectRouterInterface(cloud, order),
      ),
      deactivateRouterInterface: granted("DeactivateRouterInterface", COVERS.deactivateRouterInterface, (order) =>
        deactivateRouterInterface(cloud, order),
      ),
      deleteRouterInterface: granted("DeleteRouterInterface", COVERS.deleteRouterInterface, (order) =>
        // There can be several to remove under one grant, and a token means one request.
        deleteRouterInterface(cloud, order, hashOf({ clientToken, routerInterfaceId: order.routerInterfaceId })),
      ),
      createVpcPeerConnection: granted("CreateVpcPeerConnection", COVERS.createVpcPeerConnection, (order) =>
        createVpcPeerConnection(cloud, order, clientToken),
      ),
      deleteVpcPeerConnection: granted("DeleteVpcPeerConnection", COVERS.deleteVpcPeerConnection, (order) =>
        deleteVpcPeerConnection(cloud, order, hashOf({ clientToken, vpcPeerConnectionId: order.vpcPeerConnectionId })),
      ),
      createRouteEntry: granted("CreateRouteEntry", COVERS.createRouteEntry, (order) =>
        createRouteEntry(cloud, order, clientToken),
      ),
      deleteRouteEntry: granted("DeleteRouteEntry", COVERS.deleteRouteEntry, (order) => deleteRouteEntry(cloud, order)),
      authorizeSecurityGroup: granted("AuthorizeSecurityGroup", COVERS.authorizeSecurityGroup, (order) =>
        authorizeSecurityGroup(cloud, order, clientToken),
      ),
      revokeSecurityGroup: granted("RevokeSecurityGroup", COVERS.revokeSecurityGroup, (order) =>
        revokeSecurityGroup(cloud, order, clientToken),
      ),
      runTest: granted("RunCommand", COVERS.runTest, (order) => runTest(cloud, order, clientToken)),
    };
  };
}

function readOnly(api: Api): CloudFailure {
  return new CloudFailure({
    kind: "readOnly",
    api,
    code: "",
    requestId: "",
    message: "the bot is installed read-only",
  });
}

function notGranted(api: Api, { peeringId, step, effect }: Grant, order: unknown): Error {
  return new Error(
    `calling ${api} under the grant of ${peeringId} ${step}, which is for ${effect.type}: ${JSON.stringify(order)}`,
  );
}
