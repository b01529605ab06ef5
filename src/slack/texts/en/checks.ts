/**
 * The checks: the fact, then what to do when it is not ok.
 */
import type { Check, TestInstanceProblem } from "../../../../machines/network/checks.ts";
import type { AboutSide } from "../../../../machines/network/plan.ts";
import type { Side, Sides } from "../../../../machines/network/side.ts";
import type { PortsProblem } from "../../../../machines/network/request.ts";
import { bold, code, escaped, listed } from "../mrkdwn.ts";
import { CONNECTION_WORDS } from "./connections/words.ts";
import { regionName } from "./regions.ts";

/** The fact a check rests on, and what to do when it is not ok. `about` gives the sides their names, where they are known. */
export function checkLine(check: Check, about?: Sides<Pick<AboutSide, "vpcName" | "vpcId">>): string {
  switch (check.check) {
    case "vpcsDistinct":
      return check.level === "ok"
        ? "Two different VPCs."
        : `${code(check.vpcId)} is on both sides. Choose another VPC for one of them.`;
    case "vpcExists":
      return check.level === "ok"
        ? `${code(check.vpcId)} exists.`
        : `${code(check.vpcId)} does not exist in ${regionName(check.regionId)}, or this account cannot see it. Check the id and the region.`;
    case "vpcAvailable":
      return check.level === "ok"
        ? `${code(check.vpcId)} is Available.`
        : `${code(check.vpcId)} is ${escaped(check.status)}, not Available. Wait until it is, then try again.`;
    case "sameAccount":
      return check.level === "ok"
        ? `${code(check.vpcId)} belongs to this account.`
        : `${code(check.vpcId)} belongs to account ${code(check.ownerId)}; the bot works in ${code(check.accountId)} only. Ask that account's owner, or choose a VPC of this account.`;
    case "cidrsApart":
      return check.level === "ok"
        ? "No address block is used on both sides."
        : `${listed(check.pairs.slice(0, 3).map(pairText))} on both sides. Choose vSwitches that do not collide under *Only these vSwitches*.`;
    case "destinationAllowed":
    case "destinationFree":
    case "routeTableRoom":
      return routeCheckLine(check);
    case "noExistingPair":
      return check.existing === null
        ? "Nothing joins these VPCs yet."
        : `${code(check.existing.id)} already joins these VPCs (${escaped(check.existing.status)}); a pair of VPCs can have one. Use it, or have its owner remove it first.`;
    case "ipv4Only":
      return `IPv6 is not peered (${listed(check.ipv6Cidrs.map(code))}): only IPv4 gets through.`;
    case "connectionOffered":
      return `${CONNECTION_WORDS[check.connection].name}: not offered here any more. Choose another kind of connection.`;
    case "sizeOffered":
      return `The bandwidth ${code(check.size)} cannot be had between these regions. Choose again.`;
    case "cdtMayOpen":
      return check.allowed
        ? "Creating it may open Cloud Data Transfer, a paid service of the account, which bills traffic between regions."
        : "Between regions it may open Cloud Data Transfer, a paid service of the account, and the operator has not allowed that (`MAY_OPEN_CDT`). Ask the operator, or choose another kind of connection.";
    case "planFits":
      return `This takes ${check.steps} steps, and a plan can have ${check.max}. Choose fewer vSwitches under *Only these vSwitches*, or peer whole VPCs.`;
    case "vSwitchesFit":
      return check.level === "ok"
        ? "The vSwitches are there."
        : `${listed(check.unknown.map(code))} is not in this VPC. Choose again.`;
    case "securityGroupsFit":
      return check.level === "ok"
        ? "The security groups fit."
        : listed(check.problems.map(({ securityGroupId, why }) => groupProblem(securityGroupId, why)));
    case "testInstanceFits":
      return check.problem === null
        ? `${code(check.instanceId ?? "")} can run the test.`
        : testInstanceProblem(check.problem, check.instanceId, sideName(check.side, about));
  }
}

function pairText({ initiator, acceptor }: { readonly initiator: string; readonly acceptor: string }): string {
  return initiator === acceptor ? `${code(initiator)} is used` : `${code(initiator)} and ${code(acceptor)} overlap`;
}

function routeCheckLine(
  check: Extract<Check, { check: "destinationAllowed" | "destinationFree" | "routeTableRoom" }>,
): string {
  switch (check.check) {
    case "destinationAllowed": {
      const [problem] = check.problems;
      if (!problem) return "The destinations can be routed.";
      return problem.why === "reserved"
        ? `${code(problem.destination)} is in 100.64.0.0/10, which Alibaba Cloud keeps for itself. It cannot be routed.`
        : `${code(problem.destination)} lies in vSwitch ${code(problem.vSwitchId)} (${escaped(problem.vSwitchCidr)}) of the other VPC, so no entry can point there. Choose other vSwitches.`;
    }
    case "destinationFree": {
      const [taken] = check.taken;
      if (!taken) return "No route entry stands in the way.";
      return `${code(taken.routeTableId)} already sends ${escaped(taken.destination)} to ${escaped(taken.nextHopType)} ${code(taken.nextHopId)}. Remove that entry, or choose vSwitches it does not cover.`;
    }
    case "routeTableRoom":
      return check.level === "ok"
        ? `${code(check.routeTableId)} has room (${check.entries} of ${check.max} entries).`
        : `${code(check.routeTableId)} is full, ${check.entries} of ${check.max} entries. Free an entry or raise the quota.`;
  }
}

function groupProblem(securityGroupId: string, why: "unknown" | "serviceManaged"): string {
  return why === "unknown"
    ? `${code(securityGroupId)} is not in this VPC. Choose again.`
    : `${code(securityGroupId)} is managed by another cloud service and must not be changed. Choose another group.`;
}

function sideName(side: Side, about?: Sides<Pick<AboutSide, "vpcName" | "vpcId">>): string {
  if (!about) return side === "initiator" ? "on the *From* side" : "on the *To* side";
  return `in ${bold(about[side].vpcName || about[side].vpcId)}`;
}

function testInstanceProblem(problem: TestInstanceProblem, instanceId: string | null, where: string): string {
  const id = code(instanceId ?? "");
  switch (problem) {
    case "noneChosen":
      return `No instance to test with was chosen ${where}, so nothing can prove that it works.`;
    case "unknown":
      return `${id} is not in this VPC. Choose another instance.`;
    case "notRunning":
      return `${id} is not running. Start it, or choose another instance.`;
    case "notOptedIn":
      return `${id} has not opted in to tests. Its owner can tag it, or choose another instance.`;
    case "assistantOffline":
      return `Cloud Assistant is offline on ${id}. Start its agent, or choose another instance.`;
    case "notLinux":
      return `${id} does not run Linux; tests run on Linux only so far. Choose another instance.`;
    case "outsideScope":
      return `${id} is outside the chosen vSwitches. Choose one inside them.`;
  }
}

/** Why a side offers nobody to test with, under the field. */
export function noTestableInstance(testTag: string): string {
  return `No running Linux instance here has the tag ${testTag} and Cloud Assistant online. Tag or start one, or leave this empty: the peering then stays unproved until a lead accepts it.`;
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
