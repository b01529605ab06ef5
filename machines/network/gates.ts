/**
 * Places on the way between hosts of two sides, as functions from who is at the other end to what gets through: `walk`
 * follows one packet, gates let all services pass at once.
 */
import { blockOf, type Block, type Cidr } from "./cidr.ts";
import type { SecurityGroupId } from "./facts.ts";
import { ALL_SERVICES, inBoth, NO_SERVICES, type Services } from "./services.ts";

/** What gets through for certain, and what gets through unless something that could not be read stops it. */
export interface Passing {
  readonly sure: Services;
  readonly maybe: Services;
}

export const EVERYTHING: Passing = { sure: ALL_SERVICES, maybe: ALL_SERVICES };
export const NOTHING: Passing = { sure: NO_SERVICES, maybe: NO_SERVICES };
export const NOT_READ: Passing = { sure: NO_SERVICES, maybe: ALL_SERVICES };

export function passingBoth(one: Passing, other: Passing): Passing {
  return { sure: inBoth(one.sure, other.sure), maybe: inBoth(one.maybe, other.maybe) };
}

/** Hosts at the other end that no place tells apart. */
export interface Peer {
  /** Its place among all peers of its side. */
  readonly at: number;
  readonly address: Block;
  readonly ip: string;
  readonly securityGroupIds: readonly SecurityGroupId[];
}

export type Gate = (peer: Peer) => Passing;

/** Blocks as numbers, each text read once. */
export type ReadBlock = (cidr: Cidr) => Block;

export function blockReader(): ReadBlock {
  const known = new Map<Cidr, Block>();
  return (cidr) => {
    const found = known.get(cidr);
    if (found) return found;
    const block = blockOf(cidr);
    known.set(cidr, block);
    return block;
  };
}

/** `peers`: from the first to the last address that will be asked about; what is elsewhere is not looked at again. */
export interface Around {
  readonly block: ReadBlock;
  readonly peers: Block;
}

/** One after the other; what one of them stops is not asked about at the next. */
export function inRow(gates: readonly Gate[]): Gate {
  return (peer) => {
    let passing = EVERYTHING;
    for (const gate of gates) {
      passing = passingBoth(passing, gate(peer));
      if (passing.maybe.length === 0) return NOTHING;
    }
    return passing;
  };
}

/** A gate that remembers its answers: most of them are asked for again. */
export function once(gate: Gate): Gate {
  const known: Passing[] = [];
  return (peer) => (known[peer.at] ??= gate(peer));
}

/** What is known under a key, or else found now and known from then on. */
export function foundIn<Key, Value>(known: Map<Key, Value>, key: Key, find: () => Value): Value {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
}

/** First addresses on the other side of a border of one of the blocks, ascending. */
export function bordersOf(blocks: readonly Block[]): Float64Array {
  const borders = new Float64Array(2 * blocks.length);
  for (const [at, { first, last }] of blocks.entries()) {
    borders[2 * at] = first;
    borders[2 * at + 1] = last + 1;
  }
  return borders.toSorted();
}

/** How many borders are at or below an address; by halves, because there may be thousands. */
export function bordersBelow(address: number, borders: Float64Array): number {
  let [low, high] = [0, borders.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((borders[middle] ?? Infinity) <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}
