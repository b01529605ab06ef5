import type { Coverage } from "./coverage.ts";

/** What is simulated of the actions about VPC peering connections. */
export const VPC_PEER_COVERAGE = {
  CreateVpcPeerConnection: {
    simulated:
      "Creating → Activated within one account, in one region or two; bandwidth, link type, quotas, one connection per two VPCs and one creation per VPC, unopened CDT, tags, ClientToken, dry run",
    different: "an unknown VPC is refused as the VPC actions do it",
    notSimulated: "another account's VPC; what CDT bills",
    refused: ["ResourceGroupId"],
  },
  DeleteVpcPeerConnection: {
    simulated:
      "Deleting → gone; refused while a route entry points to it, or with Force these entries too; ClientToken; dry run",
  },
  GetVpcPeerConnectionAttribute: { simulated: "one connection by its id, the same from both ends" },
  ListVpcPeerConnections: {
    simulated: "by region, id, name, one VPC or the two it is between, tags; paging by token",
    refused: ["ResourceGroupId"],
  },
  ModifyVpcPeerConnection: {
    simulated: "Activated → Updating → Activated; name and description, bandwidth and link type; ClientToken; dry run",
  },
} as const satisfies Record<string, Coverage>;
