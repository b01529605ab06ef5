/**
 * Jobs as data. Ids derive from what a job is for, so that sending it again makes no second one.
 */
import { v5 as uuidV5 } from "uuid";
import type { PeeringId } from "../machines/peering/record.ts";
import type { TimerId } from "../machines/peering/transition.ts";
import type { AskedStep, Job, JobId } from "./ports.ts";

/** A random UUID of our own, as RFC 9562 wants it for names. */
const NAMESPACE = "6e1f4b52-5f0c-4a7b-9f0e-0d1c5b0a7e11";

export function jobIdOf(...parts: ReadonlyArray<string | number>): JobId {
  return uuidV5(parts.join("\n"), NAMESPACE);
}

export function stepJob({ peeringId, run, step, generation, attempt }: AskedStep, delayMs: number): Job {
  const id = jobIdOf("step", peeringId, run, step, generation, attempt);
  return { queue: "step", id, data: { peeringId, run, step, generation, attempt }, delayMs };
}

export function timerJob(peeringId: PeeringId, timer: TimerId, armedAt: number, delayMs: number): Job {
  return {
    queue: "timer",
    id: jobIdOf("timer", peeringId, timer, armedAt),
    data: { peeringId, timer, armedAt },
    delayMs,
  };
}

/** `priority` orders what waits: decisions and ends before progress. */
export function tellJob(peeringId: PeeringId, priority: number, delayMs: number): Job {
  return { queue: "tell", data: { peeringId }, priority, delayMs };
}

export function tellAfreshJob(peeringId: PeeringId): Job {
  return { queue: "tell", data: { peeringId, afresh: true }, priority: 0, delayMs: 0 };
}

export function pictureJob(peeringId: PeeringId, delayMs: number): Job {
  return { queue: "picture", data: { peeringId }, delayMs };
}

/** One job per time slot, so that several replicas, restarts and opened forms ask for one reading of the catalogue. */
export function catalogueJob(now: number, delayMs: number, slotMs: number): Job {
  return {
    queue: "catalogue",
    id: jobIdOf("catalogue", slotMs, Math.floor((now + delayMs) / slotMs)),
    data: null,
    delayMs,
  };
}
