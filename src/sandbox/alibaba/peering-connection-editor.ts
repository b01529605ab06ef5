import { z } from "zod";
import { editorOf, required, Tags } from "./editor.ts";
import { buildPeeringConnection } from "./peering-connection.ts";

const Status = z.enum(["Creating", "Accepting", "Rejected", "Expired", "Activated", "Updating", "Deleting", "Deleted"]);
const Mbps = z.union([z.literal(-1), z.int().min(1)]);

/** How VPC peering connections are changed by hand. The accepting VPC may be one that the world does not have. */
export const PEERING_CONNECTION_EDITOR = editorOf({
  all: (region) => region.vpcPeerConnections,
  set: z.strictObject({
    name: z.string(),
    description: z.string(),
    bandwidth: Mbps,
    linkType: z.enum(["", "Gold", "Platinum"]),
    status: Status,
    bizStatus: z.enum(["Normal", "FinancialLocked"]),
    tags: Tags,
  }),
  add: z.strictObject({
    vpcId: z.string(),
    acceptingRegionId: z.string(),
    acceptingVpcId: z.string(),
    acceptingOwnerUid: z.string().exactOptional(),
    name: z.string(),
    bandwidth: Mbps.exactOptional(),
    status: Status.exactOptional(),
  }),
  build(site, fields) {
    const { ownerId } = required(site.region.vpcs.get(fields.vpcId), `VPC ${fields.vpcId}`);
    return buildPeeringConnection(site, { ...fields, ownerId });
  },
});
