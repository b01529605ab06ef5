/**
 * The peering connection steps. Both calls take a client token; what a lost answer may have made is found by our mark all
 * the same. Statuses: https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpcpeer-2022-01-01-getvpcpeerconnectionattribute (read 2026-08-22).
 */
import type { VpcPeerConnection } from "../../machines/network/facts.ts";
import type { CreateVpcPeerConnection, DeleteVpcPeerConnection } from "../../machines/peering/effects.ts";
import { markOf } from "../../machines/peering/mark.ts";
import type { ApiCall, Wait } from "../../machines/peering/outcomes.ts";
import { connectRun, type Peering, type Resource } from "../../machines/peering/record.ts";
import { CloudFailure, type CloudReader } from "../ports.ts";
import { done, started, type StepAnswer, type StepContext } from "./step.ts";

/** Creating and deleting take seconds; Terraform waits 300 s. */
const CONNECTION_GIVE_UP_MS = 300_000;

export async function createVpcPeerConnection(
  { peering, reader, writer }: StepContext,
  effect: CreateVpcPeerConnection,
): Promise<StepAnswer> {
  const { regionId } = effect;
  const [existing] = (await findMarked(reader, peering, effect)).filter(({ status }) => status !== "Deleting");
  if (existing) {
    const kept = [made(regionId, existing.id)];
    return existing.status === "Activated"
      ? done([], kept)
      : started([waitFor(regionId, existing.id, "Activated")], [], kept);
  }
  const { vpcPeerConnectionId, requestId } = await writer.createVpcPeerConnection({
    ...effect,
    acceptingAccountId: await reader.accountId(),
    name: markOf(peering.id),
    description: `${peering.id} made by peer-vpcs`,
  });
  const call = { api: "CreateVpcPeerConnection", regionId, requestId, subject: vpcPeerConnectionId };
  return started([waitFor(regionId, vpcPeerConnectionId, "Activated")], [call], [made(regionId, vpcPeerConnectionId)]);
}

/** All of ours, in the rare case that there are several: one of them may have taken too long to be made. */
export async function deleteVpcPeerConnection(
  { peering, reader, writer }: StepContext,
  { regionId }: DeleteVpcPeerConnection,
): Promise<StepAnswer> {
  const standing = await findOwn(reader, peering);
  const calls: ApiCall[] = [];
  for (const own of standing) {
    if (own.status === "Deleting") continue;
    if (own.status === "Creating" || own.status === "Updating") throw betweenStatuses("DeleteVpcPeerConnection", own);
    const { requestId } = await writer.deleteVpcPeerConnection({ regionId, vpcPeerConnectionId: own.id });
    calls.push({ api: "DeleteVpcPeerConnection", regionId, requestId, subject: own.id });
  }
  if (standing.length === 0) return done();
  return started(
    standing.map(({ id }) => waitFor(regionId, id, "gone")),
    calls,
  );
}

/** The ids of ours, also of those that have been removed. */
export async function findVpcPeerIds(reader: CloudReader, peering: Peering): Promise<readonly string[]> {
  const known = knownIn(peering).map(({ id }) => id);
  return known.length > 0 ? known : (await findOwn(reader, peering)).map(({ id }) => id);
}

/**
 * Ours that stand: by their ids, and by our mark, because a lost answer kept an id from us, or because one answer that
 * leaves something out must not be taken for an empty cloud.
 */
async function findOwn(reader: CloudReader, peering: Peering): Promise<readonly VpcPeerConnection[]> {
  const effect = connectRun(peering)
    .plan.steps.map((step) => step.effect)
    .find((candidate) => candidate.type === "createVpcPeerConnection");
  if (!effect) return [];
  const ids = knownIn(peering).map(({ id }) => id);
  const [known, marked] = await Promise.all([
    ids.length > 0 ? reader.vpcPeerConnections(effect.regionId, { ids }) : [],
    findMarked(reader, peering, effect),
  ]);
  return [...known, ...marked.filter(({ id }) => known.every((own) => own.id !== id))];
}

async function findMarked(
  reader: CloudReader,
  { id }: Peering,
  { regionId, vpcId, acceptingVpcId }: CreateVpcPeerConnection,
): Promise<readonly VpcPeerConnection[]> {
  const connections = await reader.vpcPeerConnections(regionId, { vpcId });
  return connections.filter(
    (connection) =>
      connection.name === markOf(id) && connection.vpcId === vpcId && connection.acceptingVpcId === acceptingVpcId,
  );
}

function knownIn({ resources }: Peering): ReadonlyArray<Extract<Resource, { kind: "vpcPeerConnection" }>> {
  return resources.filter((resource) => resource.kind === "vpcPeerConnection");
}

function made(regionId: string, id: string): Resource {
  return { kind: "vpcPeerConnection", side: "initiator", regionId, id: id as `pcc-${string}`, madeBy: "peering" };
}

function waitFor(regionId: string, id: string, wanted: "Activated" | "gone"): Wait {
  return {
    key: `vpcPeerConnection:${id}:${wanted}`,
    regionId,
    target: { kind: "vpcPeerConnection", id, wanted },
    giveUpAfterMs: CONNECTION_GIVE_UP_MS,
  };
}

/** It is on its way to another status; the step is asked again shortly. */
function betweenStatuses(api: string, { id, status }: VpcPeerConnection): CloudFailure {
  return new CloudFailure({ kind: "busy", api, code: "", requestId: "", message: `${id} is ${status}` });
}
