import { allRouterInterfaces, vpcOfRouter } from "../lookup.ts";
import { flag, invalid, type Parameters, requiredText, text } from "../parameters.ts";
import {
  buildPeeringConnection,
  CROSS_REGION_MBPS,
  joins,
  type PeeringConnection,
  presentPeeringConnections,
} from "../peering-connection.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, siteOf } from "../simulation.ts";
import { TIMES } from "../times.ts";
import type { Region, Vpc } from "../world.ts";
import { openCdt, refuseWithoutCdt } from "./cdt.ts";
import { DRY_RUN_PASSED } from "./create-route-entries.ts";
import { findVpc, readTags } from "./find.ts";
import { pass } from "./passing.ts";
import { refuseBeyondQuotas } from "./peering-connection-quotas.ts";
import {
  checkLength,
  connectionBetween,
  incorrectStatus,
  readBandwidth,
  readLinkType,
  refuseUnpaid,
} from "./peering-connection-rules.ts";

/** Tags on one resource. */
const TAGS_MAX = 20;

/**
 * One connection between two VPCs of the account, accepted by itself: Creating, then Activated.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-createvpcpeerconnection (read 2026-11-25)
 */
export const createVpcPeerConnection: Operation = {
  kind: "write",
  run(call) {
    const { parameters, region } = call;
    const properties = readProperties(call);
    const vpc = findVpc(call, requiredText(parameters, "VpcId"));
    const accepting = findAcceptingVpc(call);
    refuseUnready(call, vpc, "Vpc");
    refuseUnready(call, accepting.vpc, "AcceptingVpc");
    if (vpc === accepting.vpc) refuse(invalid("AcceptingVpcId"));
    refuseExisting(call, vpc, accepting);
    refuseWhileCreating(call, vpc, accepting.vpc);
    refuseUnpaid(presentPeeringConnections(call.world));
    const ends = [
      { regionId: region.regionId, vpcId: vpc.vpcId },
      { regionId: accepting.region.regionId, vpcId: accepting.vpc.vpcId },
    ] as const;
    refuseBeyondQuotas(call, ends);
    refuseWithoutCdt(call, ends);
    if (flag(parameters, "DryRun")) refuse(DRY_RUN_PASSED);
    openCdt(call, ends);
    const connection = buildPeeringConnection(siteOf(call), {
      ...properties,
      vpcId: vpc.vpcId,
      ownerId: vpc.ownerId,
      acceptingRegionId: accepting.region.regionId,
      acceptingVpcId: accepting.vpc.vpcId,
    });
    const arrive = (): void => {
      connection.status = "Activated";
      connection.modifiedAt = call.agenda.now();
    };
    pass(call, connection, { via: "Creating", afterMs: TIMES.peeringConnectionCreate, arrive });
    return { body: { InstanceId: connection.instanceId }, settlesAfterMs: TIMES.peeringConnectionCreate };
  },
};

function readProperties({
  parameters,
  region,
}: Call): Pick<PeeringConnection, "name" | "description" | "linkType" | "tags"> & { bandwidth?: number } {
  checkName(parameters);
  checkLength(parameters, "Description", { min: 2, max: 256 });
  const tags = readTags(parameters, "Tag").map((tag) => ({ key: tag.key, value: tag.value ?? "" }));
  if (tags.length > TAGS_MAX) {
    refuse({ status: 400, code: "NumberExceed.Tags", message: "The maximum number of tags is exceeded." });
  }
  const isCrossRegion = requiredText(parameters, "AcceptingRegionId") !== region.regionId;
  const linkType = readLinkType(parameters, { isCrossRegion, fallback: isCrossRegion ? "Gold" : "" });
  const texts = { name: text(parameters, "Name") ?? "", description: text(parameters, "Description") ?? "" };
  if (isCrossRegion) return { ...texts, tags, linkType, bandwidth: readBandwidth(parameters, CROSS_REGION_MBPS) };
  // Nothing is limited within a region; what the service says to somebody who tries is not documented.
  if (text(parameters, "Bandwidth") !== undefined) refuse(invalid("Bandwidth"));
  return { ...texts, tags, linkType };
}

/** 2–128 characters, a letter first, then letters, digits, `_` and `-`. */
function checkName(parameters: Parameters): void {
  const name = text(parameters, "Name");
  if (name !== undefined && !/^\p{L}[\p{L}\p{N}_-]{1,127}$/u.test(name)) refuse(invalid("Name"));
}

function findAcceptingVpc(call: Call): { readonly region: Region; readonly vpc: Vpc } {
  const { parameters, world } = call;
  if (requiredText(parameters, "AcceptingAliUid") !== world.accountId) {
    const message = "The AcceptingAliUid is not supported: the sandbox simulates connections within one account only.";
    refuse({ status: 400, code: "UnsupportedParameter", message });
  }
  const regionId = requiredText(parameters, "AcceptingRegionId");
  const region = world.regions.get(regionId);
  if (region === undefined) {
    const message = `The feature of vpcPeer is not supported in the region of ${regionId}.`;
    refuse({ status: 400, code: "UnsupportedRegion", message });
  }
  return { region, vpc: findVpc({ ...call, region }, requiredText(parameters, "AcceptingVpcId")) };
}

function refuseUnready(call: Call, vpc: Vpc, end: "Vpc" | "AcceptingVpc"): void {
  if (vpc.ownerId !== call.world.accountId) {
    const message = "The operation is not allowed because of operating shared resource.";
    refuse({ status: 400, code: "OperationDenied.OperateShareResource", message });
  }
  if (vpc.status !== "Available") refuse(incorrectStatus(end, { kind: "vpc", id: vpc.vpcId }));
}

/** Two VPCs have one peering connection, or router interfaces that were connected once, and never both. */
function refuseExisting(call: Call, vpc: Vpc, accepting: { readonly region: Region; readonly vpc: Vpc }): void {
  const { world } = call;
  const pair = [vpc.vpcId, accepting.vpc.vpcId] as const;
  const hasInterfaces = allRouterInterfaces(world).some((side) => {
    const region = world.regions.get(side.oppositeRegionId);
    const opposite = region === undefined ? undefined : vpcOfRouter(region, side.opposite.routerId);
    return side.connectedAt !== undefined && pair.includes(side.vpcId) && pair.includes(opposite?.vpcId ?? "");
  });
  if (hasInterfaces) refuseAsExisting("RouterInterface");
  if (connectionBetween(world, pair) !== undefined) refuseAsExisting("VpcPeer");
}

function refuseAsExisting(what: "RouterInterface" | "VpcPeer"): never {
  const message = `The specified resource of ${what} already exists.`;
  refuse({ status: 400, code: `ResourceAlreadyExist.${what}`, message });
}

/** One connection at a time is created for a VPC. */
function refuseWhileCreating(call: Call, vpc: Vpc, acceptingVpc: Vpc): void {
  const creating = presentPeeringConnections(call.world).filter(({ status }) => status === "Creating");
  const isBusy = (of: Vpc): boolean => creating.some((connection) => joins(connection, of.vpcId));
  if (!isBusy(vpc) && !isBusy(acceptingVpc)) return;
  const code = call.facts.answer("peering-connection-busy-code");
  if (code === "IncorrectStatus.Vpc") {
    const [end, busy] = isBusy(vpc) ? (["Vpc", vpc] as const) : (["AcceptingVpc", acceptingVpc] as const);
    refuse(incorrectStatus(end, { kind: "vpc", id: busy.vpcId }));
  }
  const message = "Another VPC peering connection of the VPC is being created.";
  refuse({ status: code === "OperationConflict" ? 409 : 400, code, message });
}
