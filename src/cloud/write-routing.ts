/**
 * The tutorial's changes of the network: VPC 2016-04-28, one function per action, one call each. Order and parameters:
 * https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-createrouterinterface and
 * the pages beside it (read 2026-08-22).
 */
import {
  ConnectRouterInterfaceRequest,
  CreateRouteEntryRequest,
  CreateRouterInterfaceRequest,
  DeactivateRouterInterfaceRequest,
  DeleteRouteEntryRequest,
  DeleteRouterInterfaceRequest,
  ModifyRouterInterfaceAttributeRequest,
} from "@alicloud/vpc20160428";
import { z } from "zod";
import type { RegionId } from "../../machines/network/facts.ts";
import type { Answered, OppositeInterface, RouteEntryOrder, RouterInterfaceOrder } from "../ports.ts";
import type { Cloud } from "./call.ts";
import { doneIfGone } from "./errors.ts";
import { RouterInterfaceId } from "./ids.ts";

/** Both ends of ours are VPCs' routers; the API takes a border router for granted. */
const ROUTER_TYPE = "VRouter";

interface Target {
  readonly regionId: RegionId;
  readonly routerInterfaceId: string;
}

const Done = z.object({ requestId: z.string() });
const RouterInterfaceMade = Done.extend({ routerInterfaceId: RouterInterfaceId });
const RouteEntryMade = Done.extend({ routeEntryId: z.string().min(1) });

/**
 * One side of a pair. Both are paid as they are used, whatever the account's default: a prepaid one cannot be undone.
 * Fields are named one by one here and below, so that nothing else of an order reaches the cloud.
 */
export function createRouterInterface(
  { clients, call }: Cloud,
  order: RouterInterfaceOrder,
  clientToken: string,
): Promise<Answered & { readonly routerInterfaceId: string }> {
  const { regionId } = order;
  const request = new CreateRouterInterfaceRequest({
    regionId,
    role: order.role,
    routerType: ROUTER_TYPE,
    routerId: order.routerId,
    spec: order.spec,
    oppositeRegionId: order.oppositeRegionId,
    oppositeRouterType: ROUTER_TYPE,
    oppositeRouterId: order.oppositeRouterId,
    instanceChargeType: "PostPaid",
    name: order.name,
    description: order.description,
    clientToken,
  });
  const send = () => clients.vpc(regionId).createRouterInterface(request);
  return call("CreateRouterInterface", regionId, send, RouterInterfaceMade);
}

/** Tells an interface all four things about the one opposite it, which connecting wants. */
export function modifyRouterInterfaceAttribute({ clients, call }: Cloud, change: OppositeInterface): Promise<Answered> {
  const { regionId, routerInterfaceId, oppositeInterfaceId, oppositeRouterId, oppositeOwnerId } = change;
  const request = new ModifyRouterInterfaceAttributeRequest({
    regionId,
    routerInterfaceId,
    oppositeInterfaceId,
    oppositeRouterId,
    oppositeRouterType: ROUTER_TYPE,
    oppositeInterfaceOwnerId: accountNumber(oppositeOwnerId),
  });
  const send = () => clients.vpc(regionId).modifyRouterInterfaceAttribute(request);
  return call("ModifyRouterInterfaceAttribute", regionId, send, Done);
}

/** From the initiator, for both. */
export function connectRouterInterface(
  { clients, call }: Cloud,
  { regionId, routerInterfaceId }: Target,
): Promise<Answered> {
  const request = new ConnectRouterInterfaceRequest({ regionId, routerInterfaceId });
  const send = () => clients.vpc(regionId).connectRouterInterface(request);
  return call("ConnectRouterInterface", regionId, send, Done);
}

/** One side only; traffic stops both ways. */
export function deactivateRouterInterface(
  { clients, call }: Cloud,
  { regionId, routerInterfaceId }: Target,
): Promise<Answered> {
  const request = new DeactivateRouterInterfaceRequest({ regionId, routerInterfaceId });
  const send = () => clients.vpc(regionId).deactivateRouterInterface(request);
  return call("DeactivateRouterInterface", regionId, send, Done);
}

/** Idle or Inactive, with no route entry through it. */
export function deleteRouterInterface(
  { clients, call }: Cloud,
  { regionId, routerInterfaceId }: Target,
  clientToken: string,
): Promise<Answered> {
  const request = new DeleteRouterInterfaceRequest({ regionId, routerInterfaceId, clientToken });
  const send = () => clients.vpc(regionId).deleteRouterInterface(request);
  return doneIfGone(call("DeleteRouterInterface", regionId, send, Done));
}

/** To this VPC's end of the connection: its own router interface, or the peering connection. Asynchronous: Pending first. */
export function createRouteEntry(
  { clients, call }: Cloud,
  { regionId, routeTableId, destination, nextHop, name }: RouteEntryOrder,
  clientToken: string,
): Promise<Answered & { readonly routeEntryId: string }> {
  const request = new CreateRouteEntryRequest({
    regionId,
    routeTableId,
    destinationCidrBlock: destination,
    nextHopType: nextHop.type,
    nextHopId: nextHop.id,
    routeEntryName: name,
    clientToken,
  });
  const send = () => clients.vpc(regionId).createRouteEntry(request);
  return call("CreateRouteEntry", regionId, send, RouteEntryMade);
}

/** By destination and next hop, so that an entry which somebody has put in its place stays. */
export function deleteRouteEntry(
  { clients, call }: Cloud,
  { regionId, routeTableId, destination, nextHop }: RouteEntryOrder,
): Promise<Answered> {
  const request = new DeleteRouteEntryRequest({
    regionId,
    routeTableId,
    destinationCidrBlock: destination,
    nextHopId: nextHop.id,
  });
  const send = () => clients.vpc(regionId).deleteRouteEntry(request);
  return doneIfGone(call("DeleteRouteEntry", regionId, send, Done));
}

/** ModifyRouterInterfaceAttribute alone takes an account id as a number; an inexact one would name somebody else. */
function accountNumber(accountId: string): number {
  const number = Number(accountId);
  if (Number.isSafeInteger(number) && String(number) === accountId) return number;
  throw new Error(`sending account id ${accountId} as a number would change it`);
}
