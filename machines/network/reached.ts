/**
 * Which hosts of one side those of the other side get a packet to, and its reply back, by any service: `walk` for all of
 * them at once. Hosts that nothing in the facts tells apart are looked at once, and services in stretches.
 */
import { meets, type Block } from "./cidr.ts";
import type { Instance, InstanceId, NetworkFacts, SideFacts } from "./facts.ts";
import { aclGate, entriesReader, tableGate, type ReadEntries } from "./border-gates.ts";
import {
  blockReader,
  bordersBelow,
  bordersOf,
  foundIn,
  inRow,
  NOTHING,
  NOT_READ,
  once,
  passingBoth,
  type Around,
  type Gate,
  type Peer,
  type ReadBlock,
} from "./gates.ts";
import { groupsGate, rulesReader, type ReadRules } from "./groups-gate.ts";
import type { Direction } from "./security-group-rules.ts";
import type { RequestRevision } from "./request.ts";
import { runningHosts } from "./scope.ts";
import { bothSides, opposite, SIDES, type Side, type Sides } from "./side.ts";

interface Reached {
  /** Hosts of the side that was asked about. */
  readonly hosts: readonly Instance[];
  /** Hosts of the other side that reach at least one of them. */
  readonly from: number;
  /** Hosts that nothing is seen to keep packets from, while not everything can be seen. */
  readonly unknown: readonly Instance[];
}

/** Hosts that nothing in the facts tells apart; what holds for one holds for all. */
interface Kind extends Peer {
  readonly hosts: readonly Instance[];
  readonly vSwitchId: string;
}

/** `but`: hosts of `side` that are not asked about. */
type FindReached = (side: Side, facts: NetworkFacts, but?: ReadonlySet<InstanceId>) => Reached;

/**
 * Asks again and again about the running hosts within the routed blocks, each time under other facts.
 *
 * `widest`: facts with all rules and entries that any of the others have, because these tell hosts apart.
 */
export function reachedAmong(request: RequestRevision, widest: NetworkFacts): FindReached {
  const block = blockReader();
  const kinds = kindsOf(request, widest, block);
  // What each side's places are asked about: the other side's hosts.
  const around = bothSides((side) => ({ block, peers: hull(kinds[opposite(side)]) }));
  const readers = bothSides((side) => ({
    around: around[side],
    readRules: rulesReader(around[side]),
    readEntries: entriesReader(around[side]),
  }));
  return (side, facts, but = new Set()) => {
    const other = opposite(side);
    const leaves = gatesOf("sender", other, facts, readers[other]);
    const enters = gatesOf("receiver", side, facts, readers[side]);
    return meeting(
      kinds[other],
      kinds[side].filter(({ hosts }) => !hosts.every(({ id }) => but.has(id))),
      { leaves, enters },
    );
  };
}

/** Every kind of source with every kind of target. */
function meeting(
  sources: readonly Kind[],
  targets: readonly Kind[],
  { leaves, enters }: { readonly leaves: (own: Kind) => Gate; readonly enters: (own: Kind) => Gate },
): Reached {
  const leaving = sources.map((source) => leaves(source));
  const senders = new Set<Kind>();
  const [hosts, unknown]: [Instance[], Instance[]] = [[], []];
  for (const target of targets) {
    const enter = enters(target);
    let [isReached, isUnknown] = [false, false];
    for (const [at, source] of sources.entries()) {
      if (isReached && senders.size === sources.length) break;
      if (isReached && senders.has(source)) continue;
      const left = leaving[at]?.(target) ?? NOTHING;
      if (left === NOTHING) continue;
      const { sure, maybe } = passingBoth(left, enter(source));
      if (sure.length > 0) senders.add(source);
      isReached ||= sure.length > 0;
      isUnknown ||= maybe.length > 0;
    }
    if (isReached) hosts.push(...target.hosts);
    else if (isUnknown) unknown.push(...target.hosts);
  }
  const from = [...senders].reduce((sum, kind) => sum + kind.hosts.length, 0);
  return { hosts, from, unknown };
}

/** What is read once however often is asked. */
interface Readers {
  readonly around: Around;
  readonly readRules: ReadRules;
  readonly readEntries: ReadEntries;
}

/** What a packet and its reply pass at one end: the border of its vSwitch and its groups. */
function gatesOf(
  role: "sender" | "receiver",
  side: Side,
  facts: NetworkFacts,
  { around, readRules, readEntries }: Readers,
): (own: Kind) => Gate {
  const [there, back]: readonly [Direction, Direction] =
    role === "sender" ? ["egress", "ingress"] : ["ingress", "egress"];
  const borders = new Map<string, Gate>();
  const groups = new Map<string, Gate>();
  const narrowed = groupsNarrowed(facts[side]);
  return (own) => {
    const border = foundIn(borders, own.vSwitchId, () => {
      const vSwitch = facts[side].vSwitches.find(({ id }) => id === own.vSwitchId);
      if (!vSwitch) return () => NOT_READ;
      const acl = { id: vSwitch.networkAclId, facts: facts[side] };
      return once(
        inRow([
          tableGate(vSwitch.routeTableId, side, facts, readEntries),
          aclGate(there, "requests", acl, around),
          aclGate(back, "replies", acl, around),
        ]),
      );
    });
    // Only a rule that is narrowed to addresses of its own tells members of the same groups apart.
    const address = own.securityGroupIds.some((id) => narrowed.has(id)) ? own.ip : "";
    const key = `${own.securityGroupIds.join(" ")} ${address}`;
    const ofGroups = foundIn(groups, key, () => later(() => once(groupsGate(there, own, facts[side], readRules))));
    return inRow([border, ofGroups]);
  };
}

/** A gate that is only built when something comes as far. */
function later(build: () => Gate): Gate {
  let gate: Gate | null = null;
  return (peer) => (gate ??= build())(peer);
}

function groupsNarrowed({ securityGroups }: SideFacts): ReadonlySet<string> {
  const narrowed = securityGroups.filter(({ rules }) => rules?.some(({ ownCidr }) => ownCidr !== ""));
  return new Set(narrowed.map(({ id }) => id));
}

function kindsOf(request: RequestRevision, facts: NetworkFacts, block: ReadBlock): Sides<readonly Kind[]> {
  const blocks = tellingBlocks(facts, block);
  return bothSides((side) => {
    const hosts = runningHosts(request[side], facts[side]);
    const around = hull(hosts.map(({ privateIp }) => ({ address: block(privateIp) })));
    const borders = bordersOf(blocks.filter((each) => meets(each, around)));
    const kinds = new Map<string, Kind & { readonly hosts: Instance[] }>();
    for (const host of hosts) {
      const { privateIp: ip, vSwitchId, securityGroupIds } = host;
      const address = block(ip);
      const key = `${vSwitchId} ${securityGroupIds.toSorted().join(" ")} ${bordersBelow(address.first, borders)}`;
      const known = kinds.get(key);
      if (known) known.hosts.push(host);
      else kinds.set(key, { at: kinds.size, hosts: [host], vSwitchId, securityGroupIds, ip, address });
    }
    return [...kinds.values()];
  });
}

/** Blocks of rules, network ACLs and entries: hosts on the two sides of the border of one are not alike. */
function tellingBlocks(facts: NetworkFacts, block: ReadBlock): readonly Block[] {
  const blocks = new Set<Block>();
  for (const side of SIDES) {
    const { securityGroups, networkAcls, routeTables } = facts[side];
    for (const { rules } of securityGroups) {
      for (const { peerCidr, ownCidr } of rules ?? []) {
        if (peerCidr !== "") blocks.add(block(peerCidr));
        if (ownCidr !== "") blocks.add(block(ownCidr));
      }
    }
    for (const { ingress, egress } of networkAcls ?? []) {
      for (const { peerCidr } of [...ingress, ...egress]) if (peerCidr !== "") blocks.add(block(peerCidr));
    }
    for (const { entries } of routeTables) for (const { destination } of entries) blocks.add(block(destination));
  }
  return [...blocks];
}

/** From the first to the last of all addresses; empty of none. */
function hull(ends: ReadonlyArray<{ readonly address: Block }>): Block {
  let [first, last] = [Infinity, -Infinity];
  for (const { address } of ends) {
    first = Math.min(first, address.first);
    last = Math.max(last, address.last);
  }
  return { first, last };
}
