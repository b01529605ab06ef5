import { allRouterInterfaces } from "../lookup.ts";
import { refuse } from "../refusal.ts";
import type { Call } from "../simulation.ts";
import type { RouterInterface } from "../world.ts";

/**
 * Bandwidth of each specification in Mbit/s; the accepting side has `Negative` and none of its own.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createrouterinterface (read 2026-08-22)
 */
export const SPEC_MBPS: Readonly<Record<string, number>> = {
  "Mini.2": 2,
  "Mini.5": 5,
  "Small.1": 10,
  "Small.2": 20,
  "Small.5": 50,
  "Middle.1": 100,
  "Middle.2": 200,
  "Middle.5": 500,
  "Large.1": 1_000,
  "Large.2": 2_000,
  "Large.5": 5_000,
  "Xlarge.1": 10_000,
  Negative: 0,
};

/** Refuses while any interface of the account is unpaid or locked. */
export function refuseWithOutstandingBills(call: Call): void {
  if (allRouterInterfaces(call.world).every((side) => side.businessStatus === "Normal")) return;
  const message = "You cannot use this action because you have bills outstanding.";
  refuse({ status: 400, code: "Forbidden.BillsOutstanding", message });
}

/** Refuses an operation on an interface that is itself locked for want of payment. */
export function refuseWhenLocked(side: RouterInterface): void {
  if (side.businessStatus === "Normal") return;
  const message = "This RouterInterface is financiel locked because of bills outstanding.";
  refuse({ status: 400, code: "Forbidden.FinancialLocked", message });
}

/** Refuses names that the API does not take: 2–128 characters, a letter first, then letters, digits, `.`, `_` and `-`. */
export function checkName(name: string | undefined): void {
  if (name === undefined || (/^\p{L}[\p{L}\p{N}._-]{1,127}$/u.test(name) && !isWebAddress(name))) return;
  refuse({ status: 400, code: "InvalidName.Malformed", message: "Specified Name is not valid." });
}

/** Refuses descriptions that the API does not take: 2–256 characters, a letter first, no web address. */
export function checkDescription(description: string | undefined): void {
  if (description === undefined || (/^\p{L}[^]{1,255}$/u.test(description) && !isWebAddress(description))) return;
  refuse({ status: 400, code: "InvalidDescription.Malformed", message: "Specified Description is not valid." });
}

function isWebAddress(value: string): boolean {
  return /^https?:\/\//i.test(value);
}
