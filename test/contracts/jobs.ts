/** Jobs to send, and what notes that they came. */
import { randomUUID } from "node:crypto";
import type { Job, JobId } from "../../src/ports.ts";
import { askedStep, keyOf } from "./stored.ts";

export function inbound(data: unknown, id: JobId = randomUUID()): Job {
  return { queue: "inbound", id, data };
}

export function step(name: string, delayMs = 0, id: JobId = randomUUID()): Job {
  return { queue: "step", id, data: { ...keyOf(askedStep("P-QUEUE", name)), generation: 0, attempt: 1 }, delayMs };
}

export function tell(peering: string, { priority = 0, delayMs = 0 } = {}): Job {
  return { queue: "tell", data: { peeringId: `P-${peering}` }, priority, delayMs };
}

/** Notes what inbound jobs it got. */
export function noting(got: unknown[]): { readonly run: (data: unknown) => Promise<void> } {
  return { run: async (data) => void got.push(data) };
}

export function timer(): Job {
  const data = { peeringId: "P-1", timer: "xstate.after.startTimeout.peering.approved", armedAt: 1 } as const;
  return { queue: "timer", id: randomUUID(), data, delayMs: 0 };
}

export function poll(regionId: string): Job {
  return { queue: "poll", data: { regionId, kind: "routeEntry" } };
}
