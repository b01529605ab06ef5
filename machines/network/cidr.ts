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
