/**
 * The log of a peering is a chain: each event's hash covers the one before, so that a changed, missing or inserted event
 * shows when the chain is walked. An end that was cut off shows only against the newest hash, kept with the peering.
 */
import { hashOf } from "../network/plan.ts";

/** What the first event of a peering follows. */
export const CHAIN_START = "0".repeat(64);

export interface ChainLink {
  readonly seq: number;
  readonly cause: string;
  readonly event: unknown;
  readonly by: unknown;
  readonly at: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** SHA-256 (hex) over canonical JSON (RFC 8785) of previous hash, seq, cause, event, by and at. */
export function linkHash({ previousHash, seq, cause, event, by, at }: Omit<ChainLink, "hash">): string {
  return hashOf({ previousHash, seq, cause, event, by, at });
}

/** The place, from 1, of the first event that does not fit, or null when the whole chain does. Events come in order of `seq`. */
export function firstBrokenLink(events: readonly ChainLink[]): number | null {
  let previousHash = CHAIN_START;
  for (const [index, link] of events.entries()) {
    const fits = link.seq === index + 1 && link.previousHash === previousHash && link.hash === linkHash(link);
    if (!fits) return index + 1;
    previousHash = link.hash;
  }
  return null;
}
