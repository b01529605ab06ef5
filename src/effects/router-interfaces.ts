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
import type { Wait } from "../../machines/peering/outcomes.ts";
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
  const existing = await findMarked(reader, peering, effect);
  if (existing) {
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

export async function deactivateRouterInterface(
  { peering, reader, writer }: StepContext,
  { side, regionId }: DeactivateRouterInterface,
): Promise<StepAnswer> {
  const own = await findOwn(reader, peering, side);
  if (!own || own.status === "Idle" || own.status === "Inactive") return done();
  if (own.status === "Deactivating") return started([waitFor(regionId, own.id, "Inactive")]);
  if (own.status !== "Active") throw betweenStatuses("DeactivateRouterInterface", own);
  const { requestId } = await writer.deactivateRouterInterface({ regionId, routerInterfaceId: own.id });
  return started(
    [waitFor(regionId, own.id, "Inactive")],
    [{ api: "DeactivateRouterInterface", regionId, requestId, subject: own.id }],
  );
}

export async function deleteRouterInterface(
  { peering, reader, writer }: StepContext,
  { side, regionId }: DeleteRouterInterface,
): Promise<StepAnswer> {
  const own = await findOwn(reader, peering, side);
  if (!own) return done();
  const gone = [waitFor(regionId, own.id, "gone")];
  if (own.status === "Deleting") return started(gone);
  if (own.status !== "Idle" && own.status !== "Inactive") throw betweenStatuses("DeleteRouterInterface", own);
  const { requestId } = await writer.deleteRouterInterface({ regionId, routerInterfaceId: own.id });
  return started(gone, [{ api: "DeleteRouterInterface", regionId, requestId, subject: own.id }]);
}

/** The id of ours on that side, also when it has been removed; null when there never was one. */
export async function findOwnId(reader: CloudReader, peering: Peering, side: Side): Promise<string | null> {
  return knownOn(peering, side)?.id ?? (await findOwn(reader, peering, side))?.id ?? null;
}

/** Ours on that side, found by its id, or by our mark when a lost answer kept the id from us. Null when there is none. */
async function findOwn(reader: CloudReader, peering: Peering, side: Side): Promise<RouterInterface | null> {
  const known = knownOn(peering, side);
  if (known) {
    const [own] = await reader.routerInterfaces(known.regionId, { ids: [known.id] });
    return own ?? null;
  }
  const effect = connectRun(peering)
    .plan.steps.map((step) => step.effect)
    .find((candidate) => candidate.type === "createRouterInterface" && candidate.side === side);
  return effect?.type === "createRouterInterface" ? findMarked(reader, peering, effect) : null;
}

async function findMarked(
  reader: CloudReader,
  peering: Peering,
  { regionId, routerId, role, oppositeRouterId }: CreateRouterInterface,
): Promise<RouterInterface | null> {
  const marked = await reader.routerInterfaces(regionId, { routerId, name: markOf(peering.id) });
  return marked.find((candidate) => candidate.role === role && candidate.oppositeRouterId === oppositeRouterId) ?? null;
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

function madeOn(peering: Peering, side: Side): Extract<Resource, { kind: "routerInterface" }> {
  const found = knownOn(peering, side);
  if (!found) throw new Error(`${peering.id} has no router interface on the ${side} side yet`);
  return found;
}

function knownOn({ resources }: Peering, side: Side): Extract<Resource, { kind: "routerInterface" }> | undefined {
  return resources.filter((resource) => resource.kind === "routerInterface").find((resource) => resource.side === side);
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
