/**
 * What the checks of route tables say.
 */
import type { EntryThere } from "../../../../machines/network/checks.ts";
import { code, escaped } from "../mrkdwn.ts";
import type { Lines } from "./checks.ts";
import { some } from "./checks-vpcs.ts";

export const ROUTE_LINES: Lines<
  "destinationAllowed" | "destinationFree" | "noLongerPrefix" | "trafficStays" | "podRangesApart" | "routeTableRoom"
> = {
  destinationAllowed({ problems: [problem] }) {
    if (!problem) return "The destinations can be routed.";
    return problem.why === "reserved"
      ? `${code(problem.destination)} is in 100.64.0.0/10, which Alibaba Cloud keeps for itself. It cannot be routed.`
      : `${code(problem.destination)} lies in vSwitch ${code(problem.vSwitchId)} (${escaped(problem.vSwitchCidr)}) of the other VPC, so no entry can point there. Choose other vSwitches.`;
  },

  destinationFree: ({ taken: [taken] }) =>
    taken
      ? `${sends(taken)}. Remove that entry, or choose vSwitches it does not cover.`
      : "No route entry stands in the way.",

  noLongerPrefix({ level, entries: [entry], total }) {
    if (!entry) return "No entry leads a part of it elsewhere.";
    const more = total > 1 ? ` ${total - 1} more like it.` : "";
    const wins = `${sends(entry)}, and the longer prefix wins`;
    if (level === "warn")
      return `${wins}. No vSwitch is affected now; one made there later would not be reached.${more}`;
    const cure =
      entry.nextHopType === "local"
        ? "Choose vSwitches that do not collide with it."
        : "Remove that entry, or choose vSwitches it does not cover.";
    return `${wins}: ${some(entry.vSwitchIds)} would not be reached, nor answered.${more} ${cure}`;
  },

  trafficStays({ entries: [entry], total }) {
    if (!entry) return "No traffic moves from where it goes now.";
    const more = total > 1 ? ` ${total - 1} more like it.` : "";
    return `${sends(entry)}; what goes to the other side moves from there to this peering.${more} Ask who uses that way.`;
  },

  podRangesApart: ({ entries: [entry] }) =>
    entry
      ? `${sends(entry)}, for pods of a Kubernetes cluster, whose controller deletes entries that collide with its own. Choose vSwitches that do not.`
      : "No Kubernetes cluster keeps entries in the way.",

  routeTableRoom({ level, routeTableId, entries, after, max }) {
    const table = code(routeTableId);
    if (level === "ok") return `${table} has room (${entries} of ${max} entries).`;
    return level === "warn"
      ? `${table} reaches ${after} of ${max} entries. Ask for more before it is full.`
      : `${table} has ${entries} of ${max} entries and needs ${after}. Free some, or raise the quota.`;
  },
};

function sends({ routeTableId, destination, nextHopType, nextHopId }: EntryThere): string {
  return nextHopType === "local"
    ? `${code(routeTableId)} delivers ${escaped(destination)} to the VPC's own ${code(nextHopId)}`
    : `${code(routeTableId)} already sends ${escaped(destination)} to ${escaped(nextHopType)} ${code(nextHopId)}`;
}
