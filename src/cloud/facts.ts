import type { Instance, InstanceId, NetworkFacts, RegionId, SideFacts, VpcId } from "../../machines/network/facts.ts";
import type { Sides } from "../../machines/network/side.ts";
import type { Clock, Log } from "../ports.ts";
import type { Cloud } from "./call.ts";
import { emptyIfGone } from "./errors.ts";
import { listedUnlessRefused, peersBesideRoutes, seenFromBothEnds } from "./facts-vpc-peers.ts";
import { describeCloudAssistantStatus, describeInstances, type TestTag } from "./read-instances.ts";
import { describeRouteEntryList, describeRouterInterfaces, describeRouteTableList } from "./read-routing.ts";
import { describeSecurityGroups } from "./read-security-groups.ts";
import { readVpcPeerConnections } from "./read-vpc-peers.ts";
import { describeVpcs, describeVSwitches } from "./read-vpcs.ts";

/** What facts are read with. */
interface FactsOptions {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly testTag: TestTag;
}

/** The account comes from where it is known already, if it is. */
interface PairOptions extends FactsOptions {
  readonly accountId: () => Promise<string>;
  readonly log: Log;
}

interface Place {
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
}

/**
 * Everything about both sides, in two rounds of calls: what the VPC's id leads to, then what the first answers name.
 * Eight calls a side, one more per route table of its vSwitches, and one for the account.
 */
export async function networkFacts(options: PairOptions, pair: Sides<Place>): Promise<NetworkFacts> {
  const [accountId, initiator, acceptor] = await Promise.all([
    options.accountId(),
    sideFacts(options, pair.initiator),
    sideFacts(options, pair.acceptor),
  ]);
  return {
    accountId,
    initiator: seenFromBothEnds(initiator, acceptor),
    acceptor: seenFromBothEnds(acceptor, initiator),
    readAt: options.clock.now(),
  };
}

async function sideFacts({ cloud, testTag, log }: PairOptions, { regionId, vpcId }: Place): Promise<SideFacts> {
  const [vpcs, inside] = await Promise.allSettled([
    emptyIfGone(describeVpcs(cloud, regionId, vpcId)),
    Promise.all([
      describeVSwitches(cloud, regionId, vpcId),
      describeRouteTableList(cloud, regionId, vpcId),
      describeSecurityGroups(cloud, regionId, vpcId),
      describeInstances(cloud, regionId, { vpcId }, testTag),
      listedUnlessRefused(readVpcPeerConnections(cloud, regionId, { vpcId })),
    ]),
  ]);
  if (vpcs.status === "rejected") throw vpcs.reason;
  const vpc = vpcs.value.find((candidate) => candidate.id === vpcId);
  // What the other calls say about a VPC that does not exist, a refusal or an empty list, adds nothing.
  if (!vpc) return { ...NOTHING, regionId, vpcId };
  if (inside.status === "rejected") throw inside.reason;
  const [vSwitches, tables, securityGroups, instances, peers] = inside.value;
  const [routeTables, routerInterfaces, online] = await Promise.all([
    Promise.all(
      tables.map(async (table) => ({
        ...table,
        entries:
          table.associateType === "Gateway"
            ? []
            : await emptyIfGone(describeRouteEntryList(cloud, regionId, { routeTableId: table.id })),
      })),
    ),
    describeRouterInterfaces(cloud, regionId, { routerId: vpc.vRouterId }),
    describeCloudAssistantStatus(
      cloud,
      regionId,
      instances.map(({ id }) => id),
    ),
  ]);
  return {
    regionId,
    vpcId,
    vpc,
    vSwitches,
    routeTables,
    securityGroups,
    instances: instances.map((instance) => ({ ...instance, assistantOnline: online.has(instance.id) })),
    routerInterfaces,
    vpcPeerConnections: peersBesideRoutes(peers, routeTables, log, vpcId),
    networkAcls: null,
  };
}

const NOTHING = {
  vpc: null,
  vSwitches: [],
  routeTables: [],
  securityGroups: [],
  instances: [],
  routerInterfaces: [],
  vpcPeerConnections: [],
  networkAcls: [],
} as const;

/** One instance with its agent, in one round; null when there is none. */
export async function instanceFacts(
  { cloud, testTag }: FactsOptions,
  regionId: RegionId,
  instanceId: InstanceId,
): Promise<Instance | null> {
  const [instances, online] = await Promise.allSettled([
    describeInstances(cloud, regionId, { instanceId }, testTag),
    describeCloudAssistantStatus(cloud, regionId, [instanceId]),
  ]);
  if (instances.status === "rejected") throw instances.reason;
  const instance = instances.value.find(({ id }) => id === instanceId);
  if (!instance) return null;
  if (online.status === "rejected") throw online.reason;
  return { ...instance, assistantOnline: online.value.has(instanceId) };
}
