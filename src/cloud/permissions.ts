/**
 * Which writes of a plan the credentials may make, tested before anyone is asked and without writing: by dry runs, which
 * CreateRouteEntry and CreateVpcPeerConnection take. A dry run counts as a read.
 *
 * That a dry run needs the permission of the real thing is written at other VPC actions (CreateNatIpCidr of
 * @alicloud/vpc20160428 7.3.2); CreateRouteEntry names parameters, format and limits only. That the permission is looked
 * at before what is in the VPC is inferred: a refusal that rests on that counts as *allowed*. A code that is not listed
 * below, and no answer, leave the permission *untested*: no dry run ever fails the facts.
 *
 * Every other write stays untested. CreateRouterInterface and AuthorizeSecurityGroup take no dry run. RunCommand has one
 * as a `RepeatMode`, for an instance that nobody has chosen yet; a service that did not know it would run the command.
 */
import { CreateRouteEntryRequest } from "@alicloud/vpc20160428";
import { z } from "zod";
import { isOneRegion, type NetworkFacts, type Permission } from "../../machines/network/facts.ts";
import { opposite, SIDES, type Side } from "../../machines/network/side.ts";
import { CloudFailure, type Log, type PlannedWrites } from "../ports.ts";
import type { Api } from "./actions.ts";
import type { Cloud } from "./call.ts";
import { isForbidden } from "./errors.ts";
import { VPC_PEER_VERSION } from "./read-vpc-peers.ts";
import { sendGeneric } from "./send-generic.ts";

/** One write to try, and the call that tries it. */
interface DryRun {
  readonly api: Api;
  readonly side: Side;
  readonly call: () => Promise<unknown>;
}

type Read = Omit<NetworkFacts, "permissions">;

/**
 * Of what plans under these rules write; nothing where a VPC is missing or somebody else's. A connection that would open
 * Cloud Data Transfer is not tried where no plan may ask for one.
 */
export function testPermissions(
  { dryRuns: cloud, log }: { readonly dryRuns: Cloud; readonly log: Log },
  facts: Read,
  { connections, mayOpenCdt }: PlannedWrites,
): Promise<readonly Permission[]> {
  if (SIDES.some((side) => facts[side].vpc?.ownerId !== facts.accountId)) return Promise.resolve([]);
  const dryRuns = [
    ...SIDES.flatMap((side) => routeEntry(cloud, side, facts)),
    ...(connections.includes("vpc-peer") && (mayOpenCdt || isOneRegion(facts))
      ? [vpcPeerConnection(cloud, facts)]
      : []),
  ];
  return Promise.all(dryRuns.map(async (dryRun) => ({ ...named(dryRun), state: await stateAfter(dryRun, log) })));
}

function named({ api, side }: DryRun): Pick<DryRun, "api" | "side"> {
  return { api, side };
}

/**
 * To the other VPC, in the first table that serves a vSwitch; without a vSwitch there is nothing to route. Its next hop
 * does not exist yet, so that nothing could come of it even where nobody took it for a dry run.
 */
function routeEntry({ clients, call }: Cloud, side: Side, facts: Read): readonly DryRun[] {
  const { regionId, vSwitches } = facts[side];
  const { vpc } = facts[opposite(side)];
  const [vSwitch] = vSwitches;
  if (!vSwitch || !vpc) return [];
  const request = new CreateRouteEntryRequest({
    regionId,
    routeTableId: vSwitch.routeTableId,
    destinationCidrBlock: vpc.cidr,
    nextHopType: "RouterInterface",
    nextHopId: NO_INTERFACE,
    dryRun: true,
  });
  const send = () => clients.vpc(regionId).createRouteEntry(request);
  return [{ api: "CreateRouteEntry", side, call: () => call("CreateRouteEntry", regionId, send, z.unknown()) }];
}

/** As long as the ids that the cloud gives, and none of them. */
const NO_INTERFACE = "ri-000000000000000000000";

/** Asked for from the initiator, as the plan does it, with the API's own choice of bandwidth. */
function vpcPeerConnection({ clients, call }: Cloud, { accountId, initiator, acceptor }: Read): DryRun {
  const api = "CreateVpcPeerConnection";
  const { regionId } = initiator;
  const form = {
    RegionId: regionId,
    VpcId: initiator.vpcId,
    AcceptingAliUid: accountId,
    AcceptingRegionId: acceptor.regionId,
    AcceptingVpcId: acceptor.vpcId,
    DryRun: "true",
  };
  const send = () => sendGeneric(clients.vpcPeer(regionId), { api, version: VPC_PEER_VERSION }, { form });
  return { api, side: "initiator", call: () => call(api, regionId, send, z.unknown()) };
}

/**
 * Refusals of somebody who may do it: that nothing was found wrong, or something that only a look into the VPC shows (the
 * destination or the connection is there already, the next hop is not, a quota, a status, Cloud Data Transfer).
 */
const AFTER_AUTHORIZATION = [
  /^DryRunOperation$/i,
  /(^|\.)Duplicated?(\.|$)|^RouteConflict\.AlreadyExist$|^ResourceAlreadyExist(\.|$)/i,
  /^InvalidNextHop(Id)?\.NotFound$/i,
  /^QuotaExceeded(\.|$)|^(Task|Operation)Conflict$|^Incorrect\w*Status(\.|$)/i,
  /CdtNotOpened$/i,
];

async function stateAfter({ api, side, call }: DryRun, log: Log): Promise<Permission["state"]> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    const { code, requestId } = error.failure;
    if (isForbidden(error.failure)) {
      log.warn("the bot may not write what plans need", { api, side, code, requestId });
      return "forbidden";
    }
    return AFTER_AUTHORIZATION.some((known) => known.test(code)) ? "allowed" : "untested";
  }
  // A dry run ends in a refusal even when all is well.
  log.error("a dry run was not refused: look whether something was made", { api, side });
  return "untested";
}
