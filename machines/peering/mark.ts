/**
 * How what we made is known again: every resource carries the peering's id where the API lets us write something.
 */
import { hashOf } from "../network/plan.ts";
import type { PeeringId } from "./record.ts";

/** Name of our router interfaces and route entries, description of our rules: 2 to 128 characters, letters, digits and `-`. */
export function markOf(id: PeeringId): string {
  return `peer-vpcs-${id}`;
}

/**
 * The client token of a step: the same for every attempt, so that the cloud answers a repeated call with the first
 * result; another after *Retry step*, whose attempt before got a definite no. 64 ASCII characters, the most there can be.
 */
export function clientTokenOf(id: PeeringId, run: number, step: string, generation: number): string {
  return hashOf({ id, run, step, generation });
}
