import { letIn, route, type Side, sideOf } from "./peering.ts";
import type { Answer, Sandbox } from "./sandbox.ts";

/** The two ends of a VPC peering connection. */
export interface Ends {
  readonly requester: Side;
  readonly acceptor: Side;
}

/** Two VPCs of one region, where nothing is billed. */
export async function endsInOneRegion(sandbox: Sandbox): Promise<Ends> {
  const requester = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "orders-prod" });
  const acceptor = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "alpine-host" });
  return { requester, acceptor };
}

/** Two VPCs of different regions. */
export async function endsInTwoRegions(sandbox: Sandbox): Promise<Ends> {
  const requester = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "orders-prod" });
  const acceptor = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "shared-data" });
  return { requester, acceptor };
}

/** CreateVpcPeerConnection. */
export function createConnection(
  sandbox: Sandbox,
  { requester, acceptor }: Ends,
  more: Record<string, unknown> = {},
): Promise<Answer> {
  return sandbox.vpcPeer("CreateVpcPeerConnection", {
    RegionId: requester.regionId,
    VpcId: requester.vpcId,
    AcceptingAliUid: Number(sandbox.cloud.accountId),
    AcceptingRegionId: acceptor.regionId,
    AcceptingVpcId: acceptor.vpcId,
    ...more,
  });
}

/** A connection that is Activated; its id. */
export async function activated(sandbox: Sandbox, ends: Ends, more: Record<string, unknown> = {}): Promise<string> {
  const { InstanceId } = await createConnection(sandbox, ends, more);
  await sandbox.step(5_250);
  return InstanceId;
}

/** A connection that carries pings both ways: with routes and security group rules; its id. */
export async function joined(sandbox: Sandbox, ends: Ends): Promise<string> {
  const { requester, acceptor } = ends;
  const id = await activated(sandbox, ends);
  await route(sandbox, { own: requester, opposite: acceptor }, id);
  await route(sandbox, { own: acceptor, opposite: requester }, id);
  await letIn(sandbox, { own: requester, opposite: acceptor });
  await letIn(sandbox, { own: acceptor, opposite: requester });
  return id;
}

/** GetVpcPeerConnectionAttribute. */
export function connection(sandbox: Sandbox, id: string, more: Record<string, unknown> = {}): Promise<Answer> {
  return sandbox.vpcPeer("GetVpcPeerConnectionAttribute", { InstanceId: id, ...more });
}

/** Its status, or the code with which it is not found. */
export async function statusOf(sandbox: Sandbox, id: string): Promise<string> {
  return connection(sandbox, id).then(
    (answer) => answer["Status"],
    (error: { code: string }) => error.code,
  );
}

/** What a person with a console does to the paid services of the account. */
export async function setServices(sandbox: Sandbox, set: { cdt?: boolean; crossBorderCdt?: boolean }): Promise<void> {
  await sandbox.control("POST", "edit", { kind: "openedServices", set });
}

/** The paid services of the account. */
export async function openedServices(sandbox: Sandbox): Promise<{ cdt: boolean; crossBorderCdt: boolean }> {
  return (await sandbox.control("GET", "state"))["openedServices"];
}
