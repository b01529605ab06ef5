/**
 * What the network ACL and the route table of a vSwitch let through, for all services at once; `judgeAcl` and `route` say
 * it of one packet.
 */
import { meets, sizeOf, type Block } from "./cidr.ts";
import type { NetworkAclEntry, NetworkFacts, RouteEntry, RouteTable, SideFacts } from "./facts.ts";
import { EVERYTHING, foundIn, NOTHING, NOT_READ, once, type Around, type Gate, type Passing } from "./gates.ts";
import { CLIENT_PORTS } from "./packet.ts";
import { route } from "./routing.ts";
import type { Direction } from "./security-group-rules.ts";
import { ALL_SERVICES, inBoth, inEither, NO_SERVICES, servicesOf, without, type Services } from "./services.ts";
import type { Side } from "./side.ts";

/** The border of a vSwitch, as `judgeAcl` has it. `id` is empty where there is no network ACL. */
export function aclGate(
  direction: Direction,
  packets: "requests" | "replies",
  { id, facts }: { readonly id: string; readonly facts: SideFacts },
  { block, peers }: Around,
): Gate {
  if (id === "") return () => EVERYTHING;
  const acl = facts.networkAcls?.find((candidate) => candidate.id === id);
  if (!acl) return () => NOT_READ;
  const entries = acl[direction]
    .filter(({ peerCidr }) => peerCidr !== "" && meets(block(peerCidr), peers))
    .map((entry, at) => ({ ...entry, at, peer: block(entry.peerCidr) }));
  const byMatching = new Map<string, Passing>();
  return once(({ address }) => {
    const matching = entries.filter(({ peer }) => meets(peer, address));
    return foundIn(byMatching, matching.map(({ at }) => at).join(" "), () => {
      const accepted = packets === "requests" ? acceptedBy(matching) : repliesAcceptedBy(matching);
      return { sure: accepted, maybe: accepted };
    });
  });
}

function acceptedBy(entries: readonly NetworkAclEntry[]): Services {
  let [accepted, open] = [NO_SERVICES, ALL_SERVICES];
  for (const { protocol, portRange, policy } of entries) {
    const services = inBoth(open, servicesOf(protocol, portRange));
    if (policy === "accept") accepted = inEither(accepted, services);
    open = without(open, services);
  }
  return accepted;
}

/** A reply goes to a port of the client, which may be any: with all of them the whole protocol gets through, or nothing. */
function repliesAcceptedBy(entries: readonly NetworkAclEntry[]): Services {
  const accepted = acceptedBy(entries);
  return ["TCP", "UDP", "ICMP"].reduce<Services>((services, protocol) => {
    const client = servicesOf(protocol, `${CLIENT_PORTS.low}/${CLIENT_PORTS.high}`);
    return without(client, accepted).length > 0 ? services : inEither(services, servicesOf(protocol, "-1/-1"));
  }, NO_SERVICES);
}

interface ReadEntry extends RouteEntry {
  readonly block: Block;
}

/** The entries of a table that carry traffic to where peers are, each read once; the longest prefix first. */
export type ReadEntries = (table: RouteTable) => readonly ReadEntry[];

export function entriesReader({ block, peers }: Around): ReadEntries {
  const known = new Map<RouteTable, ReadEntry[]>();
  return (table) =>
    foundIn(known, table, () =>
      table.entries
        .filter(({ status, destination }) => status === "Available" && meets(block(destination), peers))
        .map((entry) => ({ ...entry, block: block(entry.destination) }))
        .toSorted((a, b) => sizeOf(a.block) - sizeOf(b.block)),
    );
}

/** The table of a vSwitch: whether it sends packets for a peer to the other side. */
export function tableGate(
  routeTableId: string | undefined,
  side: Side,
  facts: NetworkFacts,
  readEntries: ReadEntries,
): Gate {
  const table = facts[side].routeTables.find(({ id }) => id === routeTableId);
  if (!table) return () => NOT_READ;
  const entries = readEntries(table);
  const byEntry = new Map<RouteEntry, Passing>();
  return ({ address, ip }) => {
    const entry = entries.find(({ block }) => meets(block, address));
    if (!entry) return NOTHING;
    return foundIn(byEntry, entry, () => leads(route(ip, { ...table, entries: [entry] }, side, facts)));
  };
}

function leads(routed: ReturnType<typeof route>): Passing {
  return routed.leads === "across" && routed.down === null ? EVERYTHING : NOTHING;
}
