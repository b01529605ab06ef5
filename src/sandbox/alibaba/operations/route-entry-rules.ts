import { cidrContains, cidrToText, parseCidr } from "../cidr.ts";
import { routeTablesOf } from "../lookup.ts";
import { joins, presentPeeringConnections } from "../peering-connection.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { Call } from "../simulation.ts";
import type { RouteTable } from "../world.ts";
import { incorrectStatus, notFound as notFoundInVpcPeer } from "./peering-connection-rules.ts";

/** What a new entry is asked to be. */
export interface WantedEntry {
  readonly destination: string;
  readonly nextHopType: string;
  readonly nextHopId: string;
}

/**
 * Custom entries per table.
 *
 * https://www.alibabacloud.com/help/en/vpc/product-overview/quotas (read 2026-08-22)
 */
const ROUTE_ENTRIES_MAX = 200;

/** Services of the cloud itself. */
const CLOUD_SERVICES = "100.64.0.0/10";

/** Statuses of a router interface that a route may point to. */
const CONNECTED = new Set(["Active", "Activating", "Modifying", "Deactivating", "Inactive"]);

/** Refuses while an entry in any table of the VPC is on its way in or out, or the VPC itself is not ready. */
export function refuseWhileBusy(call: Call, vpcId: string): void {
  const vpc = call.region.vpcs.get(vpcId);
  if (vpc?.status !== "Available") {
    refuse({ status: 400, code: "IncorrectVpcStatus", message: "Current VPC status does not support this operation." });
  }
  const vSwitches = [...call.region.vSwitches.values()].filter((vSwitch) => vSwitch.vpcId === vpcId);
  if (vSwitches.some((vSwitch) => vSwitch.status !== "Available")) {
    const message = "Current VSwitch status does not support this operation.";
    refuse({ status: 400, code: "IncorrectVSwitchStatus", message });
  }
  const entries = routeTablesOf(call.region, vpcId).flatMap((table) => [...table.entries.values()]);
  if (entries.every((entry) => entry.status === "Available")) return;
  // Both answers have been seen in practice, always with 400: https://github.com/alibaba/terraform-provider/issues/285
  const code = call.facts.answer("busy-vpc-code");
  const tooFrequent = "The operation is too frequent, please wait a moment and try again.";
  const notStable = "The vpc has NotStable routeEntry status.";
  refuse({ status: 400, code, message: code === "TaskConflict" ? tooFrequent : notStable });
}

/** Refuses tables that no entry can be written to by hand. */
export function refuseGatewayTable(table: RouteTable): void {
  if (table.associateType === "VSwitch") return;
  const message = "The operation is not permitted on a route table of this type.";
  refuse({ status: 400, code: "OperationDenied.RouteTableTypeNotPermitted", message });
}

/**
 * Why a destination cannot be written to a table; undefined when it can.
 *
 * `mayContainVSwitch`: whether the destination may contain a vSwitch's block; it may never equal it or lie inside.
 */
export function whyNotDestination(
  call: Call,
  table: RouteTable,
  wanted: { readonly destination: string; readonly mayContainVSwitch: boolean },
): Refusal | undefined {
  const cidr = parseCidr(wanted.destination);
  const isExact = cidr !== undefined && [wanted.destination, `${wanted.destination}/32`].includes(cidrToText(cidr));
  if (!isExact) {
    return { status: 400, code: "InvalidCidrBlock.Malformed", message: "The specified CIDR block is not valid." };
  }
  const services = parseCidr(CLOUD_SERVICES);
  const isServices = cidrToText(cidr) === CLOUD_SERVICES;
  const isInside = services !== undefined && cidrContains(services, cidr);
  if (isServices || (isInside && call.facts.answer("destination-inside-100-64") === "refused")) {
    return { status: 400, code: "InvalidCidrBlock", message: `The destination is reserved: ${CLOUD_SERVICES}.` };
  }
  const collides = [...call.region.vSwitches.values()].some((vSwitch) => {
    const block = vSwitch.vpcId === table.vpcId ? parseCidr(vSwitch.cidrBlock) : undefined;
    return (
      block !== undefined && (cidrContains(block, cidr) || (!wanted.mayContainVSwitch && cidrContains(cidr, block)))
    );
  });
  if (collides) {
    const message = "The destination conflicts with the CIDR block of a vSwitch in the VPC.";
    return { status: 400, code: "IllegalParam.CidrBlock", message };
  }
  return undefined;
}

/** Why the table cannot take one more entry with this destination; undefined when it can. */
export function whyNotRoom(call: Call, table: RouteTable, destination: string): Refusal | undefined {
  const entries = [...table.entries.values()];
  if (entries.some((entry) => entry.destinationCidrBlock === destination)) {
    const message = "The destination CIDR block exists in the route table already.";
    return { status: 400, code: call.facts.answer("duplicate-destination-code"), message };
  }
  if (entries.filter((entry) => entry.type === "Custom").length >= ROUTE_ENTRIES_MAX) {
    return {
      status: 400,
      code: "QuotaExceeded",
      message: "The number of route entries in the table exceeds the quota.",
    };
  }
  return undefined;
}

/** Why an entry cannot point to this next hop; undefined when it can. */
export function whyNotNextHop(call: Call, table: RouteTable, wanted: WantedEntry): Refusal | undefined {
  const { region } = call;
  const notFound = {
    status: 404,
    code: "InvalidNextHopId.NotFound",
    message: "The specified next hop does not exist.",
  };
  switch (wanted.nextHopType) {
    case "RouterInterface": {
      const side = region.routerInterfaces.get(wanted.nextHopId);
      if (side === undefined) return notFound;
      if (side.vpcId !== table.vpcId) {
        const message = "The router interface belongs to a different VPC.";
        return { status: 400, code: "OperationDenied.RouterInterfaceToDifferentVpc", message };
      }
      if (CONNECTED.has(side.status)) return undefined;
      const message = "The status of the router interface must not be idle.";
      return { status: 400, code: call.facts.answer("idle-next-hop-code"), message };
    }
    case "VpcPeer": {
      const id = wanted.nextHopId;
      const connection = presentPeeringConnections(call.world).find(({ instanceId }) => instanceId === id);
      if (connection === undefined || !joins(connection, table.vpcId)) {
        return notFoundInVpcPeer("ResourceNotFound.VpcPeer", id);
      }
      return connection.status === "Activated" ? undefined : incorrectStatus("VpcPeer", { kind: "vpcPeer", id });
    }
    case "Instance":
      return region.instances.get(wanted.nextHopId)?.vpcId === table.vpcId ? undefined : notFound;
    case "NetworkInterface": {
      const owner = [...region.instances.values()].find((instance) => instance.networkInterfaceId === wanted.nextHopId);
      return owner?.vpcId === table.vpcId ? undefined : notFound;
    }
    default:
      return {
        status: 400,
        code: "InvalidNextHopType",
        message: `The specified NextHopType is not valid: ${wanted.nextHopType} is not simulated.`,
      };
  }
}
