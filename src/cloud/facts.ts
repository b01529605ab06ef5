import type {
  Instance,
  InstanceId,
  NetworkFacts,
  RegionId,
  RouteTable,
  SecurityGroup,
  SideFacts,
  Vpc,
  VpcId,
  VSwitch,
} from "../../machines/network/facts.ts";
import type { Sides } from "../../machines/network/side.ts";
import type { Clock, Log, PlannedWrites } from "../ports.ts";
import type { Cloud } from "./call.ts";
import { emptyIfGone } from "./errors.ts";
import { nullIfForbidden } from "./facts-unseen.ts";
import { listedUnlessRefused, peersBesideRoutes, seenFromBothEnds } from "./facts-vpc-peers.ts";
import { testPermissions } from "./permissions.ts";
import { describeCloudAssistantStatus, describeInstances, type TestTag } from "./read-instances.ts";
import { describeRouteEntryList, describeRouterInterfaces, describeRouteTableList } from "./read-routing.ts";
import { describeNetworkAcls } from "./read-network-acls.ts";
import { describeSecurityGroups, readGroupRules } from "./read-security-groups.ts";
import { readVpcPeerConnections } from "./read-vpc-peers.ts";
import { describeVpcAttribute, describeVpcs, describeVSwitches } from "./read-vpcs.ts";

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
  /** The way out for dry runs. */
  readonly dryRuns: Cloud;
  /** Whose writes are tried by them. */
  readonly permissionsFor: PlannedWrites | undefined;
}

interface Place {
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
}

/**
 * Everything about both sides, in two rounds of calls: what the VPC's id leads to, then what the first answers name.
 * Eight calls a side, one more per route table of its vSwitches and per security group, one for its network ACLs where it
 * has any, and one for the account as long as that is not known. Up to three dry runs follow, where they are asked for.
 */
export async function networkFacts(options: PairOptions, pair: Sides<Place>): Promise<NetworkFacts> {
  const [accountId, initiator, acceptor] = await Promise.all([
    options.accountId(),
    sideFacts(options, pair.initiator),
    sideFacts(options, pair.acceptor),
  ]);
  const facts = {
    accountId,
    initiator: seenFromBothEnds(initiator, acceptor),
    acceptor: seenFromBothEnds(acceptor, initiator),
    readAt: options.clock.now(),
  };
  const { permissionsFor } = options;
  return { ...facts, permissions: permissionsFor ? await testPermissions(options, facts, permissionsFor) : [] };
}

async function sideFacts(options: PairOptions, { regionId, vpcId }: Place): Promise<SideFacts> {
  const { cloud, testTag, log } = options;
  const [read, inside] = await Promise.allSettled([
    readVpc(options, { regionId, vpcId }),
    Promise.all([
      describeVSwitches(cloud, regionId, vpcId),
      describeRouteTableList(cloud, regionId, vpcId),
      describeSecurityGroups(cloud, regionId, vpcId),
      describeInstances(cloud, regionId, { vpcId }, testTag),
      listedUnlessRefused(readVpcPeerConnections(cloud, regionId, { vpcId })),
    ]),
  ]);
  if (read.status === "rejected") throw read.reason;
  const vpc = read.value;
  // What the other calls say about a VPC that does not exist, a refusal or an empty list, adds nothing.
  if (!vpc) return { ...NOTHING, regionId, vpcId };
  if (inside.status === "rejected") throw inside.reason;
  const [vSwitches, tables, groups, instances, peers] = inside.value;
  const [routeTables, routerInterfaces, online, securityGroups, networkAcls] = await Promise.all([
    withEntries(cloud, regionId, tables),
    describeRouterInterfaces(cloud, regionId, { routerId: vpc.vRouterId }),
    describeCloudAssistantStatus(
      cloud,
      regionId,
      instances.map(({ id }) => id),
    ),
    withRules(options, regionId, groups, instances),
    aclsOf(options, { regionId, vpcId }, vSwitches),
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
    networkAcls,
  };
}

/** From the list where its attribute may not be read; null when there is no such VPC. */
async function readVpc({ cloud, log }: PairOptions, { regionId, vpcId }: Place): Promise<Vpc | null> {
  const alone = async () => [await describeVpcAttribute(cloud, regionId, vpcId)];
  const shown = await nullIfForbidden(emptyIfGone(alone()), log, { vpcId });
  const vpcs = shown ?? (await emptyIfGone(describeVpcs(cloud, regionId, vpcId)));
  return vpcs.find(({ id }) => id === vpcId) ?? null;
}

type Table = Awaited<ReturnType<typeof describeRouteTableList>>[number];

function withEntries(cloud: Cloud, regionId: RegionId, tables: readonly Table[]): Promise<readonly RouteTable[]> {
  const entriesOf = async ({ id, associateType }: Table) =>
    associateType === "Gateway" ? [] : await emptyIfGone(describeRouteEntryList(cloud, regionId, { routeTableId: id }));
  return Promise.all(tables.map(async (table) => ({ ...table, entries: await entriesOf(table) })));
}

/** So many groups are read whatever is in them; beyond, only those that instances are in. */
const GROUPS_READ_ANYWAY = 10;

/** The groups with their rules; one that guards nothing in a VPC of many groups keeps its rules to itself. */
function withRules(
  { cloud, log }: PairOptions,
  regionId: RegionId,
  groups: readonly SecurityGroup[],
  instances: ReadonlyArray<Pick<Instance, "securityGroupIds">>,
): Promise<readonly SecurityGroup[]> {
  const used = new Set(instances.flatMap(({ securityGroupIds }) => securityGroupIds));
  const rulesOf = async ({ id }: SecurityGroup) =>
    groups.length <= GROUPS_READ_ANYWAY || used.has(id)
      ? await nullIfForbidden(readGroupRules(cloud, regionId, id), log, { securityGroupId: id })
      : null;
  return Promise.all(groups.map(async (group) => ({ ...group, ...(await rulesOf(group)) })));
}

/** Asked for only where a vSwitch names one. */
async function aclsOf(
  { cloud, log }: PairOptions,
  { regionId, vpcId }: Place,
  vSwitches: readonly VSwitch[],
): Promise<SideFacts["networkAcls"]> {
  if (vSwitches.every(({ networkAclId }) => networkAclId === "")) return [];
  return await nullIfForbidden(describeNetworkAcls(cloud, regionId, vpcId), log, { vpcId });
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
