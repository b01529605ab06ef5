/**
 * The checks: the fact, then what to do when it is not ok.
 */
import type { Check } from "../../../../machines/network/checks.ts";
import type { AboutSide } from "../../../../machines/network/plan.ts";
import type { Side, Sides } from "../../../../machines/network/side.ts";
import type { PortsProblem } from "../../../../machines/network/request.ts";
import { bold } from "../mrkdwn.ts";
import { GROUP_LINES } from "./checks-groups.ts";
import { NEIGHBOUR_LINES } from "./checks-neighbours.ts";
import { PERMISSION_LINES } from "./checks-permissions.ts";
import { ROUTE_LINES } from "./checks-routes.ts";
import { TEST_LINES } from "./checks-tests.ts";
import { VPC_LINES } from "./checks-vpcs.ts";

/** What each of some checks says. `where` names a side: “in *orders-prod*”. */
export type Lines<Name extends Check["check"]> = {
  readonly [N in Name]: (check: Extract<Check, { check: N }>, where: (side: Side) => string) => string;
};

const LINES: Lines<Check["check"]> = {
  ...VPC_LINES,
  ...ROUTE_LINES,
  ...GROUP_LINES,
  ...TEST_LINES,
  ...NEIGHBOUR_LINES,
  ...PERMISSION_LINES,
};

/** The fact a check rests on, and what to do when it is not ok. `about` gives the sides their names, where they are known. */
export function checkLine(check: Check, about?: Sides<Pick<AboutSide, "vpcName" | "vpcId">>): string {
  // The row of a check takes that check; the compiler cannot pair the two.
  const line = LINES[check.check] as (check: Check, where: (side: Side) => string) => string;
  return line(check, (side) => sideName(side, about));
}

function sideName(side: Side, about?: Sides<Pick<AboutSide, "vpcName" | "vpcId">>): string {
  if (!about) return side === "initiator" ? "on the *From* side" : "on the *To* side";
  return `in ${bold(about[side].vpcName || about[side].vpcId)}`;
}

/** Why a side offers nobody to test with, under the field. */
export function noTestableInstance(testTag: string): string {
  return `No running instance here has the tag ${testTag} and Cloud Assistant online. Tag or start one, or leave this empty: the peering then stays unproved until a lead accepts it.`;
}

export function portsProblem({ part, why }: PortsProblem): string {
  switch (why) {
    case "notANumber":
      return `"${part}" is not a port. Write ports like 443 or 8000-8010, with commas between.`;
    case "outOfRange":
      return `"${part}" is not a TCP port: they go from 1 to 65535.`;
    case "backwards":
      return `"${part}" runs backwards. Write the smaller port first.`;
    case "tooMany":
      return `${part} separate ranges are too many. Ask for 10 at most.`;
  }
}
