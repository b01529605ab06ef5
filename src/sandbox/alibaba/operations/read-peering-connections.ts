import { tokenPage } from "../paging.ts";
import { integer, invalid, jsonTexts, texts } from "../parameters.ts";
import { allPeeringConnections, endsOf, joins, type PeeringConnection } from "../peering-connection.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import { carriesTags, matches } from "./find.ts";
import { findPeeringConnection, isSeen } from "./peering-connection-rules.ts";

const PAGE = { min: 1, max: 100, fallback: 20 } as const;

/** A connection has two ends, so that no more VPCs can be asked for. */
const VPC_IDS_MAX = 2;

/** One connection, flat; the same from both ends. */
export const getVpcPeerConnectionAttribute: Operation = {
  kind: "read",
  run: (call) => ({ body: shown(call, findPeeringConnection(call, allPeeringConnections(call.world))) }),
};

/** The connections of the account, or those that are seen from one region; of two VPCs the one between them. */
export const listVpcPeerConnections: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const vpcIds = jsonTexts(parameters, "VpcId") ?? texts(parameters, "VpcId");
    if (vpcIds.length > VPC_IDS_MAX) refuse(invalid("VpcId"));
    const found = allPeeringConnections(call.world).filter(
      (connection) =>
        isSeen(call, connection) &&
        matches(parameters, "InstanceId", connection.instanceId) &&
        matches(parameters, "Name", connection.name) &&
        vpcIds.every((vpcId) => joins(connection, vpcId)) &&
        carriesTags(parameters, connection.tags, "Tags"),
    );
    const page = tokenPage(found, parameters, { parameter: "MaxResults", ...PAGE });
    return {
      body: {
        VpcPeerConnects: page.items.map((connection) => shown(call, connection)),
        MaxResults: integer(parameters, "MaxResults", PAGE),
        NextToken: page.NextToken,
        TotalCount: found.length,
      },
    };
  },
};

function shown(call: Call, connection: PeeringConnection): Readonly<Record<string, unknown>> {
  const [Vpc, AcceptingVpc] = endsOf(connection).map((end) => {
    const vpc = call.world.regions.get(end.regionId)?.vpcs.get(end.vpcId);
    const blocks = vpc === undefined ? [] : [vpc.cidrBlock, ...vpc.secondaryCidrBlocks];
    return { VpcId: end.vpcId, Ipv4Cidrs: blocks, Ipv6Cidrs: [] };
  });
  return {
    InstanceId: connection.instanceId,
    Name: connection.name,
    Description: connection.description,
    RegionId: connection.regionId,
    Vpc,
    // Numbers on the wire; account ids have 16 digits and stay exact.
    OwnerId: Number(connection.ownerId),
    AcceptingRegionId: connection.acceptingRegionId,
    AcceptingVpc,
    AcceptingOwnerUid: Number(connection.acceptingOwnerUid),
    Bandwidth: connection.bandwidth,
    LinkType: connection.linkType,
    Status: connection.status,
    BizStatus: connection.bizStatus,
    GmtCreate: timeText(connection.createdAt),
    GmtModified: timeText(connection.modifiedAt),
    // A time only while another account has not accepted yet.
    GmtExpired: null,
    ResourceGroupId: "",
    Tags: connection.tags.map((tag) => ({ Key: tag.key, Value: tag.value })),
  };
}
