/**
 * The router interface steps. Only CreateRouterInterface and DeleteRouterInterface take a client token; the others are
 * made repeatable by reading first. Statuses and what is legal in each:
 * https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-describerouterinterfaces (read 2026-08-22).
 */
import type { RouterInterface } from "../../machines/network/facts.ts";
import { opposite, type Side } from "../../machines/network/side.ts";
import type {
  ConnectRouterInterface,
  CreateRouterInterface,
  DeactivateRouterInterface,
  DeleteRouterInterface,
  ModifyRouterInterfaceAttribute,
} from "../../machines/peering/effects.ts";
import { markOf } from "../../machines/peering/mark.ts";
import type { ApiCall, Wait } from "../../machines/peering/outcomes.ts";
import { connectRun, type Peering, type Resource } from "../../machines/peering/record.ts";
import { CloudFailure, type CloudReader } from "../ports.ts";
import { done, started, type StepAnswer, type StepContext } from "./step.ts";

/** Create normally settles in seconds and connect within one or two minutes; Terraform waits 300 s. */
const INTERFACE_GIVE_UP_MS = 300_000;

export async function createRouterInterface(
  { peering, reader, writer }: StepContext,
  effect: CreateRouterInterface,
): Promise<StepAnswer> {
  const { side, regionId } = effect;
  const [existing] = (await findMarked(reader, peering, effect)).filter(({ status }) => status !== "Deleting");
  if (existing) {
    // Made by somebody who knows our mark, and not what was approved: the acceptor's own is whatever the cloud makes of it.
    if (effect.role === "InitiatingSide" && existing.spec !== effect.spec) throw otherSpec(existing);
    const kept = [made(side, regionId, existing.id)];
    return existing.status === "Idle" ? done([], kept) : started([waitFor(regionId, existing.id, "Idle")], [], kept);
  }
  const { routerInterfaceId, requestId } = await writer.createRouterInterface({
    ...effect,
    name: markOf(peering.id),
    description: `${peering.id} made by peer-vpcs`,
  });
  const call = { api: "CreateRouterInterface", regionId, requestId, subject: routerInterfaceId };
  return started([waitFor(regionId, routerInterfaceId, "Idle")], [call], [made(side, regionId, routerInterfaceId)]);
}

export async function modifyRouterInterfaceAttribute(
  { peering, reader, writer }: StepContext,
  effect: ModifyRouterInterfaceAttribute,
): Promise<StepAnswer> {
  const { side, regionId, oppositeRouterId } = effect;
  const own = await readOwn(reader, peering, side);
  const oppositeInterfaceId = madeOn(peering, opposite(side)).id;
  if (own.oppositeInterfaceId === oppositeInterfaceId) return done();
  const { requestId } = await writer.modifyRouterInterfaceAttribute({
    regionId,
    routerInterfaceId: own.id,
    oppositeInterfaceId,
    oppositeRouterId,
    oppositeOwnerId: await reader.accountId(),
  });
  return done([{ api: "ModifyRouterInterfaceAttribute", regionId, requestId, subject: own.id }]);
}

export async function connectRouterInterface(
  { peering, reader, writer }: StepContext,
  { regionId, oppositeRegionId }: ConnectRouterInterface,
): Promise<StepAnswer> {
  const [initiator, acceptor] = await Promise.all([
    readOwn(reader, peering, "initiator"),
    readOwn(reader, peering, "acceptor"),
  ]);
  if (initiator.status === "Active" && acceptor.status === "Active") return done();
  const waits = [waitFor(regionId, initiator.id, "Active"), waitFor(oppositeRegionId, acceptor.id, "Active")];
  if (initiator.status !== "Idle") return started(waits);
  const { requestId } = await writer.connectRouterInterface({ regionId, routerInterfaceId: initiator.id });
  return started(waits, [{ api: "ConnectRouterInterface", regionId, requestId, subject: initiator.id }]);
}

/** All of ours on that side, in the rare case that there are several: one of them may have taken too long to be made. */
export async function deactivateRouterInterface(
  { peering, reader, writer }: StepContext,
  { side, regionId }: DeactivateRouterInterface,
): Promise<StepAnswer> {
  const standing = await findOwn(reader, peering, side);
  const active = standing.filter(({ status }) => status !== "Idle" && status !== "Inactive" && status !== "Deleting");
  const calls: ApiCall[] = [];
  for (const own of active) {
    if (own.status === "Deactivating") continue;
    if (own.status !== "Active") throw betweenStatuses("DeactivateRouterInterface", own);
    const { requestId } = await writer.deactivateRouterInterface({ regionId, routerInterfaceId: own.id });
    calls.push({ api: "DeactivateRouterInterface", regionId, requestId, subject: own.id });
  }
  if (active.length === 0) return done();
  return started(
    active.map(({ id }) => waitFor(regionId, id, "Inactive")),
    calls,
  );
}

export async function deleteRouterInterface(
  { peering, reader, writer }: StepContext,
  { side, regionId }: DeleteRouterInterface,
): Promise<StepAnswer> {
  const standing = await findOwn(reader, peering, side);
  const calls: ApiCall[] = [];
  for (const own of standing) {
    if (own.status === "Deleting") continue;
    if (own.status !== "Idle" && own.status !== "Inactive") throw betweenStatuses("DeleteRouterInterface", own);
    const { requestId } = await writer.deleteRouterInterface({ regionId, routerInterfaceId: own.id });
    calls.push({ api: "DeleteRouterInterface", regionId, requestId, subject: own.id });
  }
  if (standing.length === 0) return done();
  return started(
    standing.map(({ id }) => waitFor(regionId, id, "gone")),
    calls,
  );
}

/** The ids of ours on that side, also of those that have been removed. */
export async function findRouterInterfaceIds(
  reader: CloudReader,
  peering: Peering,
  side: Side,
): Promise<readonly string[]> {
  const known = knownOn(peering, side).map(({ id }) => id);
  return known.length > 0 ? known : (await findOwn(reader, peering, side)).map(({ id }) => id);
}

/**
 * Ours on that side that stand: by their ids, and by our mark, because a lost answer kept an id from us, or because one
 * answer that leaves something out must not be taken for an empty cloud.
 */
async function findOwn(reader: CloudReader, peering: Peering, side: Side): Promise<readonly RouterInterface[]> {
  const effect = connectRun(peering)
    .plan.steps.map((step) => step.effect)
    .find((candidate) => candidate.type === "createRouterInterface" && candidate.side === side);
  if (effect?.type !== "createRouterInterface") return [];
  const ids = knownOn(peering, side).map(({ id }) => id);
  const [known, marked] = await Promise.all([
    ids.length > 0 ? reader.routerInterfaces(effect.regionId, { ids }) : [],
    findMarked(reader, peering, effect),
  ]);
  return [...known, ...marked.filter(({ id }) => known.every((own) => own.id !== id))];
}

async function findMarked(
  reader: CloudReader,
  peering: Peering,
  { regionId, routerId, role, oppositeRouterId }: CreateRouterInterface,
): Promise<readonly RouterInterface[]> {
  const marked = await reader.routerInterfaces(regionId, { routerId, name: markOf(peering.id) });
  return marked.filter((candidate) => candidate.role === role && candidate.oppositeRouterId === oppositeRouterId);
}

async function readOwn(reader: CloudReader, peering: Peering, side: Side): Promise<RouterInterface> {
  const { regionId, id } = madeOn(peering, side);
  const [own] = await reader.routerInterfaces(regionId, { ids: [id] });
  if (own) return own;
  throw new CloudFailure({
    kind: "changedByHand",
    api: "DescribeRouterInterfaces",
    code: "",
    requestId: "",
    message: id,
  });
}

/** The one that was made last: an earlier one may have been given up. */
function madeOn(peering: Peering, side: Side): Extract<Resource, { kind: "routerInterface" }> {
  const found = knownOn(peering, side).at(-1);
  if (!found) throw new Error(`${peering.id} has no router interface on the ${side} side yet`);
  return found;
}

function knownOn({ resources }: Peering, side: Side): ReadonlyArray<Extract<Resource, { kind: "routerInterface" }>> {
  return resources.filter((resource) => resource.kind === "routerInterface").filter((own) => own.side === side);
}

function made(side: Side, regionId: string, id: string): Resource {
  return { kind: "routerInterface", side, regionId, id: id as `ri-${string}`, madeBy: "peering" };
}

function waitFor(regionId: string, id: string, wanted: "Idle" | "Active" | "Inactive" | "gone"): Wait {
  return {
    key: `routerInterface:${id}:${wanted}`,
    regionId,
    target: { kind: "routerInterface", id, wanted },
    giveUpAfterMs: INTERFACE_GIVE_UP_MS,
  };
}

/** It is on its way to another status; the step is asked again shortly. */
function betweenStatuses(api: string, { id, status }: RouterInterface): CloudFailure {
  return new CloudFailure({ kind: "busy", api, code: "", requestId: "", message: `${id} is ${status}` });
}

function otherSpec({ id, spec }: RouterInterface): CloudFailure {
  const message = `${id} has our name and spec ${spec}`;
  return new CloudFailure({ kind: "conflict", api: "CreateRouterInterface", code: "", requestId: "", message });
}
