import { oppositeOf } from "../lookup.ts";
import { type Parameters, requiredText, text } from "../parameters.ts";
import { isCrossBorder } from "../regions.ts";
import { refuse } from "../refusal.ts";
import type { Call, Operation } from "../simulation.ts";
import { TIMES } from "../times.ts";
import type { OppositeSide, RouterInterface } from "../world.ts";
import { findRouterInterface } from "./find.ts";
import { pass } from "./passing.ts";
import { refuseBesidePeeringConnection } from "./peering-connection-rules.ts";
import { checkDescription, checkName, refuseWhenLocked, refuseWithOutstandingBills } from "./router-interface-rules.ts";

/**
 * Tells one side about the other; legal while Idle, Active or Inactive, the opposite ids only while Idle.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-modifyrouterinterfaceattribute (read 2026-08-22)
 */
export const modifyRouterInterfaceAttribute: Operation = {
  kind: "write",
  run(call) {
    const { parameters } = call;
    const side = findRouterInterface(call, requiredText(parameters, "RouterInterfaceId"));
    checkName(text(parameters, "Name"));
    checkDescription(text(parameters, "Description"));
    if (!["Idle", "Active", "Inactive"].includes(side.status)) {
      refuse({ status: 400, code: "IncorrectStatus", message: "Current RouterInterface status does not support it." });
    }
    refuseWhenLocked(side);
    const opposite = readOpposite(parameters, side.opposite);
    if (side.status !== "Idle" && JSON.stringify(opposite) !== JSON.stringify(side.opposite)) {
      const message = "The opposite interface cannot be changed once the router interface is connected.";
      refuse({ status: 400, code: "Forbbiden.ModifyIdAndType", message });
    }
    refuseInitiatorFirst(call, side, opposite);
    side.opposite = opposite;
    side.name = text(parameters, "Name") ?? side.name;
    side.description = text(parameters, "Description") ?? side.description;
    side.hcRate = Number(text(parameters, "HcRate") ?? side.hcRate);
    side.hcThreshold = Number(text(parameters, "HcThreshold") ?? side.hcThreshold);
    return { body: {} };
  },
};

/**
 * Connects the initiating side to the side that it names; both become Active after a while.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-connectrouterinterface (read 2026-08-22)
 */
export const connectRouterInterface: Operation = {
  kind: "write",
  run(call) {
    const initiator = findRouterInterface(call, requiredText(call.parameters, "RouterInterfaceId"));
    if (initiator.role !== "InitiatingSide") {
      const message = "The specified RouterInterface is not InitiatingSide.";
      refuse({ status: 400, code: "IncorrectRole.NotInitiatingSide", message });
    }
    refuseUnlessIdle(call, initiator);
    const acceptor = findAcceptor(call, initiator);
    refuseUnlessIdle(call, acceptor);
    refuseSecondConnection(call, initiator);
    refuseBesidePeeringConnection(call, initiator);
    refuseWithOutstandingBills(call);
    refuseCrossBorder(call, initiator);
    connect(call, initiator, acceptor);
    return { body: {}, settlesAfterMs: TIMES.interfaceConnect };
  },
};

function readOpposite(parameters: Parameters, present: OppositeSide): OppositeSide {
  const given = ["OppositeInterfaceId", "OppositeRouterId", "OppositeRouterType", "OppositeInterfaceOwnerId"];
  if (given.every((name) => text(parameters, name) === undefined)) return present;
  // The documented default; whoever leaves it out between two VRouters cannot connect.
  const routerType = text(parameters, "OppositeRouterType") ?? "VBR";
  if (routerType !== "VRouter" && routerType !== "VBR") {
    const message = "The specified OppositeRouterType is not supported.";
    refuse({ status: 400, code: "InvalidOppositeRouterType.ValueNotSupported", message });
  }
  return {
    interfaceId: text(parameters, "OppositeInterfaceId") ?? present.interfaceId,
    routerId: text(parameters, "OppositeRouterId") ?? present.routerId,
    routerType,
    ownerId: text(parameters, "OppositeInterfaceOwnerId") ?? present.ownerId,
  };
}

function refuseInitiatorFirst(call: Call, side: RouterInterface, opposite: OppositeSide): void {
  if (side.role !== "InitiatingSide" || opposite.interfaceId === "") return;
  if (call.facts.answer("modify-initiator-first") === "accepted") return;
  const acceptor = oppositeOf(call.world, { ...side, opposite });
  if (acceptor?.opposite.interfaceId !== side.routerInterfaceId) refuse(OPPOSITE_NOT_SET);
}

function refuseUnlessIdle(call: Call, side: RouterInterface): void {
  if (side.status === "Idle") return;
  const message = "RouterInterface can be operated by this action only when it's status is Idle.";
  refuse({ status: 400, code: call.facts.answer("interface-status-code"), message });
}

function findAcceptor(call: Call, initiator: RouterInterface): RouterInterface {
  if (!isComplete(initiator.opposite)) refuse(OPPOSITE_NOT_SET);
  if (initiator.opposite.routerId === initiator.routerId) {
    const message = "Cannot connect on the same router";
    refuse({ status: 400, code: "IncorrectOppositeInterfaceInfo", message });
  }
  const acceptor = oppositeOf(call.world, initiator);
  if (acceptor !== undefined && !isComplete(acceptor.opposite)) refuse(OPPOSITE_NOT_SET);
  if (acceptor?.role !== "AcceptingSide" || !names(initiator, acceptor) || !names(acceptor, initiator)) {
    const message = "The two router interfaces do not name each other.";
    refuse({ status: 400, code: "IncorrectOppositeInterfaceInfo", message });
  }
  return acceptor;

  function names(side: RouterInterface, other: RouterInterface): boolean {
    const { interfaceId, routerId, routerType, ownerId } = side.opposite;
    const isOther = interfaceId === other.routerInterfaceId && routerId === other.routerId;
    return isOther && routerType === "VRouter" && ownerId === call.world.accountId;
  }
}

function isComplete(opposite: OppositeSide): boolean {
  return Object.values(opposite).every((value) => value !== "");
}

function refuseSecondConnection(call: Call, initiator: RouterInterface): void {
  const isConnected = [...call.region.routerInterfaces.values()].some(
    (side) =>
      side.routerId === initiator.routerId &&
      side.opposite.routerId === initiator.opposite.routerId &&
      side.connectedAt !== undefined,
  );
  if (!isConnected) return;
  const message = "The Specified routers have a connection already";
  refuse({ status: 400, code: "Forbidden.OnlyOneConnection", message });
}

function refuseCrossBorder(call: Call, initiator: RouterInterface): void {
  if (!isCrossBorder({ from: call.region.regionId, to: initiator.oppositeRegionId })) return;
  if (call.facts.answer("cross-border-connect") === "accepted") return;
  const message = "Connecting across the border needs a compliance approval.";
  refuse({ status: 404, code: "CROSS_BID.FORBIDDEN", message });
}

function connect(call: Call, initiator: RouterInterface, acceptor: RouterInterface): void {
  // Set at once, so that a second pair cannot slip in while this one is on its way.
  initiator.connectedAt = call.answeredAt + TIMES.interfaceConnect;
  acceptor.connectedAt = initiator.connectedAt;
  const afterMs = TIMES.interfaceConnect;
  pass(call, initiator, { via: "Connecting", afterMs, arrive: activate(initiator) });
  if (call.facts.answer("acceptor-passes-activating") === "no") {
    pass(call, acceptor, { via: "AcceptingConnecting", afterMs, arrive: activate(acceptor) });
    return;
  }
  pass(call, acceptor, {
    via: "AcceptingConnecting",
    afterMs: afterMs - TIMES.acceptorActivating,
    arrive: () => pass(call, acceptor, { via: "Activating", afterMs, arrive: activate(acceptor) }),
  });
}

function activate(side: RouterInterface): () => void {
  return () => {
    side.status = "Active";
  };
}

const OPPOSITE_NOT_SET = {
  status: 400,
  code: "IncorrectOppositeInterfaceInfo.NotSet",
  message: "OppositeInterfaceId/OppositeRouterId/OppositeRouterType/OppositeInterfaceOwnerId must be all set.",
};
