/**
 * Entries of one table, as the reviewed plan shows them.
 */
import type { TableBefore } from "../../../../machines/network/before.ts";
import type { Cidr } from "../../../../machines/network/cidr.ts";
import type { Plan } from "../../../../machines/network/plan.ts";
import { opposite } from "../../../../machines/network/side.ts";
import type { CreateRouteEntry } from "../../../../machines/peering/effects.ts";
import { bold, code, count, escaped, inLines, listed } from "../mrkdwn.ts";
import { CONNECTION_WORDS } from "./connections/words.ts";
import { regionName } from "./regions.ts";

/** `first` is any of `entries`, which all go into the same table. */
export function entryLines(
  { side, routeTableId }: CreateRouteEntry,
  entries: readonly CreateRouteEntry[],
  { about, before, connection }: Plan,
): readonly string[] {
  const table = before?.tables.find((candidate) => candidate.routeTableId === routeTableId);
  const { nextHop } = CONNECTION_WORDS[connection];
  const destinations = entries.map(({ destination }) => destination);
  const [own, other] = [about[side], about[opposite(side)]];
  const name = table?.name ? ` ${escaped(table.name, 60)}` : "";
  return [
    `*CreateRouteEntry* ${regionName(own.regionId)}, ${code(routeTableId)}${name}`,
    ...(table ? changes(table, destinations, nextHop) : arrows(destinations, nextHop)),
    `_Why_ ${table ? `${whoUses(table.vSwitches, own.wholeVpc)}; ` : ""}requests to ${bold(other.vpcName || other.vpcId)}, and replies, find their way by it.`,
  ];
}

function changes(table: TableBefore, destinations: readonly Cidr[], nextHop: string): readonly string[] {
  const { equal, carrying, within, withinTotal } = table;
  const known = new Set([
    ...equal.map(({ destination }) => destination),
    ...carrying.flatMap(({ carries }) => carries),
  ]);
  const free = destinations.filter((destination) => !known.has(destination));
  const named = within.slice(0, KEPT_NAMED_MAX).map((entry) => `${escaped(entry.destination)} ${to(entry)}`);
  const more = withinTotal > named.length ? [`${withinTotal - named.length} more`] : [];
  return [
    ...carrying.flatMap((entry) =>
      arrows(entry.carries, nextHop, `goes ${to(entry)} by ${escaped(entry.destination)}`),
    ),
    ...arrows(free, nextHop, "no way"),
    ...equal.map((entry) =>
      entry.isOfPair
        ? `${escaped(entry.destination)}: there already, ${to(entry)}, which joins these two. It is taken over.`
        : `${escaped(entry.destination)}: there already, ${to(entry)}. It is not ours and stays.`,
    ),
    ...(named.length > 0 ? [`Kept, not ours, a longer prefix: ${listed([...named, ...more])}.`] : []),
  ];
}

const KEPT_NAMED_MAX = 3;

/** `172.16.0.0/16: no way → the new interface`. */
function arrows(destinations: readonly Cidr[], nextHop: string, until?: string): readonly string[] {
  return inLines(destinations.map((destination) => escaped(destination))).map((part) =>
    until ? `${part}: ${until} → ${nextHop}` : `${part} → ${nextHop}`,
  );
}

function to({ nextHopType, nextHopId }: { readonly nextHopType: string; readonly nextHopId: string }): string {
  return `to ${escaped(nextHopType)}${nextHopId ? ` ${code(nextHopId)}` : ""}`;
}

function whoUses(vSwitches: number, wholeVpc: boolean): string {
  if (vSwitches > 0) return count(vSwitches, "vSwitch uses this table", "vSwitches use this table");
  return wholeVpc ? "no vSwitch uses this table yet, but the whole VPC is asked for" : "no vSwitch uses this table";
}
