import type { Sandbox } from "./sandbox.ts";
import { theOne } from "./sandbox.ts";

/** One VPC with what a peering needs to know of it. */
export interface Side {
  readonly regionId: string;
  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly vRouterId: string;
  readonly routeTableId: string;
  readonly securityGroupId: string;
  readonly instanceId: string;
  readonly privateIp: string;
}

export interface Pair {
  readonly initiator: string;
  readonly acceptor: string;
}

const QINGDAO = { regionId: "cn-qingdao", vpcName: "orders-prod" };
const BEIJING = { regionId: "cn-beijing", vpcName: "shared-data" };

/** Finds a seeded VPC with its system table, first group and first instance. */
export async function sideOf(sandbox: Sandbox, place: { regionId: string; vpcName: string }): Promise<Side> {
  const region = await sandbox.state(place.regionId);
  const vpc = theOne(region.vpcs, ({ vpcName }) => vpcName === place.vpcName);
  const inVpc = (item: { vpcId: string }): boolean => item.vpcId === vpc.vpcId;
  const table = theOne(region.routeTables, (item) => inVpc(item) && item.routeTableType === "System");
  const group = theOne(region.securityGroups, inVpc);
  const instance = theOne(region.instances, inVpc);
  return {
    regionId: place.regionId,
    vpcId: vpc.vpcId,
    cidrBlock: vpc.cidrBlock,
    vRouterId: vpc.vRouterId,
    routeTableId: table.routeTableId,
    securityGroupId: group.securityGroupId,
    instanceId: instance.instanceId,
    privateIp: instance.privateIp,
  };
}

/** The tutorial's two VPCs: initiator in Qingdao, acceptor in Beijing. */
export async function tutorialSides(sandbox: Sandbox): Promise<{ initiator: Side; acceptor: Side }> {
  return { initiator: await sideOf(sandbox, QINGDAO), acceptor: await sideOf(sandbox, BEIJING) };
}

/** CreateRouterInterface for one side. */
export function createInterface(
  sandbox: Sandbox,
  sides: { own: Side; opposite: Side; role: "InitiatingSide" | "AcceptingSide" },
  more: Record<string, unknown> = {},
): Promise<Readonly<Record<string, any>>> {
  return sandbox.vpc("CreateRouterInterface", {
    RegionId: sides.own.regionId,
    Role: sides.role,
    RouterType: "VRouter",
    RouterId: sides.own.vRouterId,
    Spec: sides.role === "InitiatingSide" ? "Mini.2" : "Negative",
    OppositeRegionId: sides.opposite.regionId,
    InstanceChargeType: "PostPaid",
    ...more,
  });
}

/** Both sides created and Idle. */
export async function createPair(sandbox: Sandbox, sides: { initiator: Side; acceptor: Side }): Promise<Pair> {
  const { initiator, acceptor } = sides;
  const first = await createInterface(sandbox, { own: initiator, opposite: acceptor, role: "InitiatingSide" });
  const second = await createInterface(sandbox, { own: acceptor, opposite: initiator, role: "AcceptingSide" });
  await sandbox.step(2_500);
  return { initiator: first["RouterInterfaceId"], acceptor: second["RouterInterfaceId"] };
}

/** ModifyRouterInterfaceAttribute: one side learns of the other. */
export async function introduce(
  sandbox: Sandbox,
  own: { side: Side; interfaceId: string },
  opposite: { side: Side; interfaceId: string },
): Promise<void> {
  await sandbox.vpc("ModifyRouterInterfaceAttribute", {
    RegionId: own.side.regionId,
    RouterInterfaceId: own.interfaceId,
    OppositeInterfaceId: opposite.interfaceId,
    OppositeRouterId: opposite.side.vRouterId,
    OppositeRouterType: "VRouter",
    OppositeInterfaceOwnerId: sandbox.cloud.accountId,
  });
}

/** Both sides know each other, and are connected and Active. */
export async function connectPair(
  sandbox: Sandbox,
  sides: { initiator: Side; acceptor: Side },
  pair: Pair,
): Promise<void> {
  const initiator = { side: sides.initiator, interfaceId: pair.initiator };
  const acceptor = { side: sides.acceptor, interfaceId: pair.acceptor };
  await introduce(sandbox, acceptor, initiator);
  await introduce(sandbox, initiator, acceptor);
  await sandbox.vpc("ConnectRouterInterface", {
    RegionId: sides.initiator.regionId,
    RouterInterfaceId: pair.initiator,
  });
  await sandbox.step(12_500);
}

/** A route entry from one side to the block of the other, Available. */
export async function route(
  sandbox: Sandbox,
  sides: { own: Side; opposite: Side },
  nextHopId: string,
): Promise<string> {
  const created = await sandbox.vpc("CreateRouteEntry", {
    RegionId: sides.own.regionId,
    RouteTableId: sides.own.routeTableId,
    DestinationCidrBlock: sides.opposite.cidrBlock,
    NextHopType: nextHopId.startsWith("pcc-") ? "VpcPeer" : "RouterInterface",
    NextHopId: nextHopId,
  });
  await sandbox.step(4_500);
  return created["RouteEntryId"];
}

/** ICMP from the other side's block, let in by this side's group. */
export async function letIn(sandbox: Sandbox, sides: { own: Side; opposite: Side }): Promise<void> {
  await sandbox.ecs("AuthorizeSecurityGroup", {
    RegionId: sides.own.regionId,
    SecurityGroupId: sides.own.securityGroupId,
    Permissions: [
      {
        IpProtocol: "ICMP",
        PortRange: "-1/-1",
        SourceCidrIp: sides.opposite.cidrBlock,
        Policy: "accept",
        Priority: 100,
      },
    ],
  });
}

/** Everything the tutorial does, in its order. */
export async function peer(sandbox: Sandbox, sides: { initiator: Side; acceptor: Side }): Promise<Pair> {
  const { initiator, acceptor } = sides;
  const pair = await createPair(sandbox, sides);
  await connectPair(sandbox, sides, pair);
  await route(sandbox, { own: initiator, opposite: acceptor }, pair.initiator);
  await route(sandbox, { own: acceptor, opposite: initiator }, pair.acceptor);
  await letIn(sandbox, { own: initiator, opposite: acceptor });
  await letIn(sandbox, { own: acceptor, opposite: initiator });
  return pair;
}

/** Runs a command to its end and gives back its result, output decoded. */
export async function runOn(
  sandbox: Sandbox,
  side: Pick<Side, "regionId" | "instanceId">,
  command: string,
  more: Record<string, unknown> = {},
): Promise<Readonly<Record<string, any>>> {
  const { InvokeId } = await sandbox.ecs("RunCommand", {
    RegionId: side.regionId,
    Type: "RunShellScript",
    CommandContent: Buffer.from(command).toString("base64"),
    ContentEncoding: "Base64",
    InstanceId: [side.instanceId],
    ...more,
  });
  await sandbox.step(120_000);
  return resultOf(sandbox, side.regionId, InvokeId);
}

/** The one result of an invocation, output decoded. */
export async function resultOf(
  sandbox: Sandbox,
  regionId: string,
  invokeId: string,
): Promise<Readonly<Record<string, any>>> {
  const answer = await sandbox.ecs("DescribeInvocationResults", { RegionId: regionId, InvokeId: invokeId });
  const result = answer["Invocation"].InvocationResults.InvocationResult[0];
  return { ...result, Output: Buffer.from(result.Output, "base64").toString("utf8") };
}

/** Pings an address from an instance: ten requests, one second apart. */
export async function ping(
  sandbox: Sandbox,
  from: Pick<Side, "regionId" | "instanceId">,
  toIp: string,
): Promise<Readonly<Record<string, any>>> {
  return runOn(sandbox, from, `LC_ALL=C exec ping -n -c 10 -W 1 ${toIp}`);
}

/** How many of ten pings came back. */
export async function repliesTo(
  sandbox: Sandbox,
  from: Pick<Side, "regionId" | "instanceId">,
  toIp: string,
): Promise<number> {
  const { Output } = await ping(sandbox, from, toIp);
  return Number(/(\d+)(?: packets)? received/.exec(Output)?.[1]);
}
