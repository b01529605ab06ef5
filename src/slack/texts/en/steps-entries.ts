/**
 * Entries of one table, as the reviewed plan shows them.
 */
import type { TableBefore } from "../../../../machines/network/before.ts";
import type { Cidr } from "../../../../machines/network/cidr.ts";
import type { AboutSide, Plan } from "../../../../machines/network/plan.ts";
import { opposite } from "../../../../machines/network/side.ts";
import type { CreateRouteEntry } from "../../../../machines/peering/effects.ts";
import { bold, code, count, escaped, listed } from "../mrkdwn.ts";
import { blockLines } from "./address-blocks.ts";
import { CONNECTION_WORDS } from "./connections/words.ts";
import { regionName } from "./regions.ts";

/** `first` is any of `entries`, which all go into the same table. */
export function entryLines(
  { side, routeTableId }: CreateRouteEntry,
  entries: readonly CreateRouteEntry[],
  { about, before, connection }: Plan,
): readonly string[] {
  const table = before?.tables.find((candidate) => candidate.routeTableId === routeTableId);
  const [own, other] = [about[side], about[opposite(side)]];
  const name = table?.name ? ` ${escaped(table.name, NAME_LENGTH_MAX)}` : "";
  const arrows = arrowsTo(CONNECTION_WORDS[connection].nextHop, other);
  const destinations = entries.map(({ destination }) => destination);
  const users = table ? `${whoUses(table.vSwitches, own.wholeVpc)}; ` : "";
  return [
    `*CreateRouteEntry* ${regionName(own.regionId)}, ${code(routeTableId)}${name}`,
    ...(table ? changes(table, destinations, arrows) : arrows(destinations, null)),
    `_Why_ ${users}requests to ${bold(other.vpcName || other.vpcId)}, and replies, find their way by it.`,
  ];
}

const NAME_LENGTH_MAX = 60;

/** Lines like `172.16.0.0/16: no entry → the new interface`. */
type Arrows = (destinations: readonly Cidr[], until: string | null) => readonly string[];

function arrowsTo(nextHop: string, other: AboutSide): Arrows {
  return (destinations, until) =>
    blockLines(destinations, other).map((part) => `${part}${until === null ? "" : `: ${until}`} → ${nextHop}`);
}

function changes(
  { equal, carrying, within, withinTotal }: TableBefore,
  destinations: readonly Cidr[],
  arrows: Arrows,
): readonly string[] {
  const known = new Set([
    ...equal.map(({ destination }) => destination),
    ...carrying.flatMap(({ carries }) => carries),
  ]);
  const free = destinations.filter((destination) => !known.has(destination));
  const named = within.slice(0, KEPT_NAMED_MAX).map((entry) => `${escaped(entry.destination)} ${to(entry)}`);
  const more = withinTotal > named.length ? [`${withinTotal - named.length} more`] : [];
  return [
    ...carrying.flatMap((entry) => arrows(entry.carries, `goes ${to(entry)} by ${escaped(entry.destination)}`)),
    ...arrows(free, "no entry"),
    ...equal.map((entry) => {
      const there = `${escaped(entry.destination)}: goes ${to(entry)} already`;
      return entry.isOfPair ? `${there}, which joins these two → taken over` : `${there} → stays; it is not ours`;
    }),
    ...(named.length > 0 ? [`Stays, not ours, by its longer prefix: ${listed([...named, ...more])}.`] : []),
  ];
}

const KEPT_NAMED_MAX = 3;

function to({ nextHopType, nextHopId }: { readonly nextHopType: string; readonly nextHopId: string }): string {
  return `to ${escaped(nextHopType)}${nextHopId ? ` ${code(nextHopId)}` : ""}`;
}

function whoUses(vSwitches: number, wholeVpc: boolean): string {
  if (vSwitches > 0) return count(vSwitches, "vSwitch uses this table", "vSwitches use this table");
  return wholeVpc ? "no vSwitch uses this table yet, but the whole VPC is asked for" : "no vSwitch uses this table";
}
