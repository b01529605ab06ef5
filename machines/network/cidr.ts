import { containsCidr, overlapCidr } from "cidr-tools";

/** An IPv4 block in CIDR notation, such as `192.168.0.0/16`. */
export type Cidr = string;

/** True when the two blocks share at least one address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return overlapCidr(a, b);
}

/** True when every address of `inner` is in `outer`; a block contains itself. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return containsCidr(outer, inner);
}

/** The pairs, one block of each list, that share addresses. Empty when none do. */
export function overlappingPairs(
  ours: readonly Cidr[],
  theirs: readonly Cidr[],
): ReadonlyArray<{ readonly ours: Cidr; readonly theirs: Cidr }> {
  return ours.flatMap((our) =>
    theirs.filter((their) => overlaps(our, their)).map((their) => ({ ours: our, theirs: their })),
  );
}

/** A block as its first and last address, for loops over thousands of them: comparing two numbers is all there is to do. */
export interface Block {
  readonly first: number;
  readonly last: number;
}

/**
 * Throws on what is no block. A single address is a block of one, and bits behind the prefix do not matter.
 *
 * Examples: `"192.168.0.0/16"`, `"192.168.1.10"`, `"0.0.0.0/0"`.
 */
export function blockOf(cidr: Cidr): Block {
  // The numbers of `a.b.c.d/p`, one after the other; a regular expression takes more than twice as long.
  const numbers: number[] = [];
  let number = 0;
  let digits = 0;
  for (let at = 0; at < cidr.length; at += 1) {
    const digit = cidr.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9 && digits < 3) {
      number = number * 10 + digit;
      digits += 1;
    } else if (digits > 0 && cidr[at] === SEPARATORS[numbers.length]) {
      numbers.push(number);
      number = 0;
      digits = 0;
    } else throw noBlock(cidr);
  }
  numbers.push(number);
  const [a = 256, b = 256, c = 256, d = 256, prefix = 32] = numbers;
  if (digits === 0 || a > 255 || b > 255 || c > 255 || d > 255 || prefix > 32) throw noBlock(cidr);
  const size = 2 ** (32 - prefix);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}

const ZERO = "0".charCodeAt(0);
const SEPARATORS = ".../";

function noBlock(cidr: Cidr): Error {
  return new Error(`${cidr} is no IPv4 block`);
}

/** True when the two share at least one address. */
export function meets(a: Block, b: Block): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** True when every address of `inner` is in `outer`. */
export function covers(outer: Block, inner: Block): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** True when `inner` is a part of `outer`, but not all of it. */
export function coversMore(outer: Block, inner: Block): boolean {
  return covers(outer, inner) && (outer.first < inner.first || inner.last < outer.last);
}

/** Addresses in it, less one: enough to put blocks in the order of their prefixes. */
export function sizeOf({ first, last }: Block): number {
  return last - first;
}
