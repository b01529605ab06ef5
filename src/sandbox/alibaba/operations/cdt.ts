import type { PeeringConnectionEnd } from "../peering-connection.ts";
import { isCrossBorder } from "../regions.ts";
import { refuse } from "../refusal.ts";
import type { Call } from "../simulation.ts";

type Ends = readonly [PeeringConnectionEnd, PeeringConnectionEnd];

/** Refuses a connection that a paid service would bill which is not opened, where the service does not open by itself. */
export function refuseWithoutCdt(call: Call, ends: Ends): void {
  const { openedServices } = call.world;
  if (needsCdt(ends) && !openedServices.cdt && call.facts.answer("cdt-not-opened") === "refused") {
    const message = "The operation failed because the Cdt service is not opened.";
    refuse({ status: 400, code: "OperationFailed.CdtNotOpened", message });
  }
  const refusesBorder = call.facts.answer("cross-border-cdt-not-opened") === "refused";
  if (needsCrossBorderCdt(ends) && !openedServices.crossBorderCdt && refusesBorder) {
    const message = "The operation failed because the CrossBorderCdt service is not opened.";
    refuse({ status: 400, code: "OperationFailed.CrossBorderCdtNotOpened", message });
  }
}

/** Opens the paid services that a connection needs. Nobody asks the caller: it is the creation that opens them. */
export function openCdt({ world: { openedServices } }: Call, ends: Ends): void {
  openedServices.cdt ||= needsCdt(ends);
  openedServices.crossBorderCdt ||= needsCrossBorderCdt(ends);
}

/** Within a region nothing is billed. */
function needsCdt([from, to]: Ends): boolean {
  return from.regionId !== to.regionId;
}

function needsCrossBorderCdt([from, to]: Ends): boolean {
  return isCrossBorder({ from: from.regionId, to: to.regionId });
}
