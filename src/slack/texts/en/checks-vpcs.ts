/**
 * What the checks of VPCs, kinds of connection and addresses say.
 */
import type { Check } from "../../../../machines/network/checks.ts";
import { bothSides } from "../../../../machines/network/side.ts";
import { code, escaped, listed } from "../mrkdwn.ts";
import type { Lines } from "./checks.ts";
import { CONNECTION_WORDS } from "./connections/words.ts";
import { regionName } from "./regions.ts";

export const VPC_LINES: Lines<
  | "vpcsDistinct"
  | "vpcExists"
  | "vpcAvailable"
  | "sameAccount"
  | "borderCrossing"
  | "vSwitchesFit"
  | "cidrsApart"
  | "publicRangesKnown"
  | "dockerBridgeApart"
  | "ipv4Only"
  | "connectionOffered"
  | "sizeOffered"
  | "cdtMayOpen"
  | "planFits"
> = {
  vpcsDistinct: ({ level, vpcId }) =>
    level === "ok" ? "Two different VPCs." : `${code(vpcId)} is on both sides. Choose another VPC for one of them.`,

  vpcExists: ({ level, vpcId, regionId }) =>
    level === "ok"
      ? `${code(vpcId)} exists.`
      : `${code(vpcId)} does not exist in ${regionName(regionId)}, or this account cannot see it. Check the id and the region.`,

  vpcAvailable: ({ level, vpcId, status }) =>
    level === "ok"
      ? `${code(vpcId)} is Available.`
      : `${code(vpcId)} is ${escaped(status)}, not Available. Wait until it is, then try again.`,

  sameAccount: ({ level, vpcId, ownerId, accountId }) =>
    level === "ok"
      ? `${code(vpcId)} belongs to this account.`
      : `${code(vpcId)} belongs to account ${code(ownerId)}; the bot works in ${code(accountId)} only. Ask that account's owner, or choose a VPC of this account.`,

  borderCrossing({ level, regions, crosses, reference }) {
    if (!crosses) return "Both regions are on the same side of the border of mainland China.";
    const pair = `${regionName(regions.initiator)} and ${regionName(regions.acceptor)}`;
    return level === "ok"
      ? `${pair} are joined across the border of mainland China under ${code(reference ?? "")}.`
      : `${pair} are on two sides of the border of mainland China, and the operator has allowed that for no reference (\`CROSS_BORDER_PAIRS\`). Ask the operator, or choose VPCs on the same side.`;
  },

  vSwitchesFit: ({ level, unknown }) =>
    level === "ok" ? "The vSwitches are there." : `${listed(unknown.map(code))} is not in this VPC. Choose again.`,

  cidrsApart: (check) =>
    check.level === "ok"
      ? "No address block is used on both sides."
      : `${listed(check.pairs.slice(0, 3).map(pairText))} on both sides. ${wouldWork(check)}`,

  publicRangesKnown: ({ level, side, missing }, where) =>
    level === "ok"
      ? "No block is taken for the internet's."
      : `${some(missing)} is a public range, and no user CIDR ${where(side)} holds it, so what goes there may leave for the internet. Make it a user CIDR of that VPC, or see that nothing there has a public address.`,

  dockerBridgeApart: ({ level, side, destinations }, where) =>
    level === "ok"
      ? "No block is Docker's own."
      : `${some(destinations)} has addresses of Docker's own bridge: a host ${where(side)} that runs Docker as it comes would not reach them. Ask whether any does.`,

  ipv4Only: ({ ipv6Cidrs }) => `IPv6 is not peered (${listed(ipv6Cidrs.map(code))}): only IPv4 gets through.`,

  connectionOffered: ({ connection }) =>
    `${CONNECTION_WORDS[connection].name}: not offered here any more. Choose another kind of connection.`,

  sizeOffered: ({ size }) => `The bandwidth ${code(size)} cannot be had between these regions. Choose again.`,

  cdtMayOpen: ({ allowed }) =>
    allowed
      ? "Creating it may open Cloud Data Transfer, a paid service of the account, which bills traffic between regions."
      : "Between regions it may open Cloud Data Transfer, a paid service of the account, and the operator has not allowed that (`MAY_OPEN_CDT`). Ask the operator, or choose another kind of connection.",

  planFits: ({ steps, max }) =>
    `This takes ${steps} steps, and a plan can have ${max}. Choose fewer vSwitches under *Only these vSwitches*, or peer whole VPCs.`,
};

function pairText({ initiator, acceptor }: { readonly initiator: string; readonly acceptor: string }): string {
  return initiator === acceptor ? `${code(initiator)} is used` : `${code(initiator)} and ${code(acceptor)} overlap`;
}

function wouldWork({ wouldWork: free }: Extract<Check, { check: "cidrsApart" }>): string {
  if (free.initiator.length === 0 || free.acceptor.length === 0)
    return "No vSwitches of the two could be joined. PrivateLink offers single services across, and a VPC NAT gateway translates addresses.";
  const { initiator, acceptor } = bothSides((side) => some(free[side]));
  return `These do not collide: ${initiator} with ${acceptor}. Choose them under *Only these vSwitches*.`;
}

/** The first three, and how many more. */
export function some(ids: readonly string[], total: number = ids.length): string {
  const shown = ids.slice(0, 3).map(code);
  return total > shown.length ? `${shown.join(", ")} and ${total - shown.length} more` : listed(shown);
}
