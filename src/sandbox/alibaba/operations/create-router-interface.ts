import { buildRouterInterface } from "../build.ts";
import { vpcOfRouter } from "../lookup.ts";
import { type Parameters, requiredText, text } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, siteOf } from "../simulation.ts";
import { TIMES } from "../times.ts";
import type { OppositeSide, RouterInterface, Vpc } from "../world.ts";
import { readTags } from "./find.ts";
import { pass } from "./passing.ts";
import { refuseBesidePeeringConnection } from "./peering-connection-rules.ts";
import { checkDescription, checkName, refuseWithOutstandingBills, SPEC_MBPS } from "./router-interface-rules.ts";

/**
 * One side of a connection between two VRouters: the initiating side with a specification, or the accepting side.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createrouterinterface (read 2026-08-22)
 */
export const createRouterInterface: Operation = {
  kind: "write",
  run(call) {
    const { parameters } = call;
    const role = readRole(parameters);
    const routerId = requiredText(parameters, "RouterId");
    const oppositeRegionId = requiredText(parameters, "OppositeRegionId");
    const spec = requiredText(parameters, "Spec");
    checkSpec(role, spec);
    checkName(text(parameters, "Name"));
    checkDescription(text(parameters, "Description"));
    checkChargeType(call);
    if (!call.world.regions.has(oppositeRegionId)) {
      const message = "The OppositeRegionId provided does not exist in our records.";
      refuse({ status: 400, code: "InvalidOppositeRegionId.NotFound", message });
    }
    const vpc = findVpcOfRouter(call, routerId);
    refuseWithOutstandingBills(call);
    refuseBeyondLimit(call, routerId);
    const opposite = readOpposite(call);
    refuseBesidePeeringConnection(call, { vpcId: vpc.vpcId, oppositeRegionId, opposite });
    const side = buildRouterInterface(siteOf(call), {
      role,
      routerId,
      vpcId: vpc.vpcId,
      name: text(parameters, "Name") ?? "",
      description: text(parameters, "Description") ?? "",
      spec,
      oppositeRegionId,
      opposite,
      tags: readTags(parameters, "Tags").map((tag) => ({ key: tag.key, value: tag.value ?? "" })),
    });
    pass(call, side, { via: "Creating", afterMs: TIMES.interfaceIdle, arrive: () => (side.status = "Idle") });
    return { body: { RouterInterfaceId: side.routerInterfaceId }, settlesAfterMs: TIMES.interfaceIdle };
  },
};

function readRole(parameters: Parameters): RouterInterface["role"] {
  const role = requiredText(parameters, "Role");
  if (requiredText(parameters, "RouterType") !== "VRouter") {
    const message = "The specified RouterType is not supported: only VRouter is simulated.";
    refuse({ status: 400, code: "InvalidRouterType.ValueNotSupported", message });
  }
  if (role === "InitiatingSide" || role === "AcceptingSide") return role;
  refuse({ status: 400, code: "InvalidRole.ValueNotSupported", message: "The specified Role is not supported." });
}

function checkSpec(role: RouterInterface["role"], spec: string): void {
  if (Object.hasOwn(SPEC_MBPS, spec) && (spec === "Negative") === (role === "AcceptingSide")) return;
  const message = `The specified Spec is not supported for ${role}.`;
  refuse({ status: 400, code: "InvalidSpec.ValueNotSupported", message });
}

function checkChargeType(call: Call): void {
  const chargeType = text(call.parameters, "InstanceChargeType") ?? call.facts.answer("charge-type-default");
  if (chargeType === "PostPaid") return;
  const message = `The specified InstanceChargeType is not supported: ${chargeType} is not simulated.`;
  refuse({ status: 400, code: "InvalidInstanceChargeType.ValueNotSupported", message });
}

function findVpcOfRouter(call: Call, routerId: string): Vpc {
  const vpc = vpcOfRouter(call.region, routerId);
  if (vpc === undefined) {
    refuse({ status: 404, code: "InvalidRouterId.NotFound", message: "The specified RouterId does not exist." });
  }
  if (vpc.ownerId !== call.world.accountId) {
    refuse({ status: 400, code: "Forbbiden.InvaildOwner", message: "The router belongs to another account." });
  }
  if (vpc.status !== "Available") {
    refuse({ status: 400, code: "IncorrectVpcStatus", message: "Current VPC status does not support this operation." });
  }
  if (vpc.cenIds.length > 0 && call.facts.answer("vpc-in-cen") === "refused") {
    refuse({ status: 400, code: "IncorrectStatus.CenStatus", message: "The VPC is attached to a CEN instance." });
  }
  return vpc;
}

function refuseBeyondLimit(call: Call, routerId: string): void {
  const sides = [...call.region.routerInterfaces.values()].filter((side) => side.routerId === routerId);
  if (sides.length < Number(call.facts.answer("interfaces-per-router"))) return;
  const message = "The number of router interfaces of this router exceeds the quota.";
  refuse({ status: 400, code: "QuotaExceeded.RouterInterface", message });
}

function readOpposite(call: Call): OppositeSide {
  const { parameters } = call;
  const isKept = call.facts.answer("opposite-ids-at-create") === "kept";
  const routerType = text(parameters, "OppositeRouterType") ?? "";
  if (routerType !== "" && routerType !== "VRouter" && routerType !== "VBR") {
    const message = "The specified OppositeRouterType is not supported.";
    refuse({ status: 400, code: "InvalidOppositeRouterType.ValueNotSupported", message });
  }
  return {
    interfaceId: isKept ? (text(parameters, "OppositeInterfaceId") ?? "") : "",
    routerId: isKept ? (text(parameters, "OppositeRouterId") ?? "") : "",
    routerType: isKept ? routerType : "",
    ownerId: text(parameters, "OppositeInterfaceOwnerId") ?? call.world.accountId,
  };
}
