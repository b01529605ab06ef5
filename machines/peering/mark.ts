/**
 * How what we made is known again: every resource carries the peering's id where the API lets us write something.
 */
import { hashOf } from "../network/plan.ts";
import type { PeeringId } from "./record.ts";

/** Name of our router interfaces and route entries, description of our rules: 2 to 128 characters, letters, digits and `-`. */
export function markOf(id: PeeringId): string {
  return `${MARK}${id}`;
}

const MARK = "peer-vpcs-";

/** Whose mark a name or description is; null when it is none. Example: `"peer-vpcs-P-4F7K2M9Q"`. */
export function peeringMarked(text: string): PeeringId | null {
  const id = text.slice(MARK.length);
  return text.startsWith(MARK) && isPeeringId(id) ? id : null;
}

function isPeeringId(id: string): id is PeeringId {
  return /^P-[0-9A-Z]{1,32}$/.test(id);
}

/**
 * The client token of a step: the same for every attempt, so that the cloud answers a repeated call with the first
 * result; another after *Retry step*, whose attempt before got a definite no. 64 ASCII characters, the most there can be.
 */
export function clientTokenOf(id: PeeringId, run: number, step: string, generation: number): string {
  return hashOf({ id, run, step, generation });
}
