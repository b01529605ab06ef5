import { oppositeOf } from "../lookup.ts";
import { requiredText } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import type { Call, Operation } from "../simulation.ts";
import { TIMES } from "../times.ts";
import type { RouterInterface, RouterInterfaceStatus } from "../world.ts";
import { findRouterInterface, listedRouterInterfaces } from "./find.ts";
import { pass } from "./passing.ts";
import { refuseWhenLocked, SPEC_MBPS } from "./router-interface-rules.ts";

/** Inactive → Activating → Active. */
export const activateRouterInterface: Operation = {
  kind: "write",
  run(call) {
    const side = findRouterInterface(call, requiredText(call.parameters, "RouterInterfaceId"));
    refuseUnless(side, "Inactive", call.facts.answer("interface-status-code"));
    refuseWhenLocked(side);
    for (const end of endsThatChange(call, side, "Inactive")) {
      const arrive = (): void => void (end.status = "Active");
      pass(call, end, { via: "Activating", afterMs: TIMES.interfaceActivate, arrive });
    }
    return { body: {}, settlesAfterMs: TIMES.interfaceActivate };
  },
};

/** Active → Deactivating → Inactive. */
export const deactivateRouterInterface: Operation = {
  kind: "write",
  run(call) {
    const side = findRouterInterface(call, requiredText(call.parameters, "RouterInterfaceId"));
    refuseUnless(side, "Active", call.facts.answer("deactivate-status-code"));
    refuseWhenLocked(side);
    for (const end of endsThatChange(call, side, "Active")) {
      const arrive = (): void => void (end.status = "Inactive");
      pass(call, end, { via: "Deactivating", afterMs: TIMES.interfaceDeactivate, arrive });
    }
    return { body: {}, settlesAfterMs: TIMES.interfaceDeactivate };
  },
};

/** Idle or Inactive, and the next hop of no route entry → Deleting → gone. */
export const deleteRouterInterface: Operation = {
  kind: "write",
  run(call) {
    const side = findToDelete(call);
    if (side.status !== "Idle" && side.status !== "Inactive") {
      const message = "The router instance status error.";
      refuse({ status: 400, code: call.facts.answer("delete-status-code"), message });
    }
    if (isNextHop(call, side)) {
      const message = "Router interface referred by route entry.";
      refuse({ status: 400, code: call.facts.answer("delete-referred-code"), message });
    }
    const arrive = (): void => void call.region.routerInterfaces.delete(side.routerInterfaceId);
    pass(call, side, { via: "Deleting", afterMs: TIMES.interfaceDelete, arrive });
    return { body: {}, settlesAfterMs: TIMES.interfaceDelete };
  },
};

/** Changes the bandwidth of an active initiating side. */
export const modifyRouterInterfaceSpec: Operation = {
  kind: "write",
  run(call) {
    const side = findRouterInterface(call, requiredText(call.parameters, "RouterInterfaceId"));
    const spec = requiredText(call.parameters, "Spec");
    if (!Object.hasOwn(SPEC_MBPS, spec) || spec === "Negative" || side.role !== "InitiatingSide") {
      // The code is spelt like this in the API.
      refuse({ status: 400, code: "InvalidSpec.ValudNotSupported", message: "The specified Spec is not supported." });
    }
    if (side.status !== "Active") {
      refuse({ status: 400, code: "InvalidInstance.StatusError", message: "The router instance status error." });
    }
    refuseWhenLocked(side);
    const via = call.facts.answer("spec-change-status");
    const arrive = (): void => {
      side.spec = spec;
      side.status = "Active";
    };
    pass(call, side, { via, afterMs: TIMES.interfaceSpec, arrive });
    return { body: { Spec: spec }, settlesAfterMs: TIMES.interfaceSpec };
  },
};

function refuseUnless(side: RouterInterface, status: RouterInterfaceStatus, code: string): void {
  if (side.status === status) return;
  const message = `RouterInterface can be operated by this action only when it's status is ${status}.`;
  refuse({ status: 400, code, message });
}

/** The side that was asked for, and the other one where the fact says that it follows. */
function endsThatChange(
  call: Call,
  side: RouterInterface,
  status: RouterInterfaceStatus,
): ReadonlyArray<RouterInterface> {
  const opposite = oppositeOf(call.world, side);
  const follows = call.facts.answer("deactivate-other-side") === "follows" && opposite?.status === status;
  return follows && opposite !== undefined ? [side, opposite] : [side];
}

function findToDelete(call: Call): RouterInterface {
  const id = requiredText(call.parameters, "RouterInterfaceId");
  // This action names the id differently in its 404.
  return (
    listedRouterInterfaces(call).find((side) => side.routerInterfaceId === id) ??
    refuse({ status: 404, code: "InvalidInstanceId.NotFound", message: "The InstanceId provided does not exist." })
  );
}

function isNextHop(call: Call, side: RouterInterface): boolean {
  return [...call.region.routeTables.values()].some((table) =>
    [...table.entries.values()].some((entry) => entry.nextHopId === side.routerInterfaceId),
  );
}
