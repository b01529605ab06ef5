/** Rows to store, as the door would make them. */
import { begin } from "../../machines/peering/progress.ts";
import { MACHINE_VERSION } from "../../machines/peering/machine.ts";
import type { PeeringId, Person } from "../../machines/peering/record.ts";
import type { Snapshot } from "../../machines/peering/transition.ts";
import type { AskedStep, Draft, DraftId, StepKey, StoredEvent, StoredPeering, StoredWait } from "../../src/ports.ts";
import { LEAD, REQUESTER, requestCommand } from "../machines/tutorial.ts";
import { T0 } from "./bench.ts";

/** Ids of one test's own, so that tests can share a store. */
export function peeringIds(test: string): (number: number) => PeeringId {
  return (number) => `P-${test}${number}`;
}

interface PeeringChange extends Partial<StoredPeering> {
  readonly state?: Snapshot["state"];
  readonly requester?: Person;
}

export function storedPeering(
  id: PeeringId,
  { state = "requested", requester = REQUESTER, ...change }: PeeringChange = {},
): StoredPeering {
  return {
    snapshot: { state, peering: begin(requestCommand({ id, by: requester })) },
    version: 1,
    headHash: "hash-1",
    machineVersion: MACHINE_VERSION,
    timers: {},
    createdAt: T0,
    updatedAt: T0,
    ...change,
  };
}

export function storedEvent(peeringId: PeeringId, seq: number, change: Partial<StoredEvent> = {}): StoredEvent {
  return {
    peeringId,
    seq,
    cause: `cause-${seq}`,
    event: { type: "withdraw", at: T0, by: REQUESTER },
    by: REQUESTER,
    at: T0 + seq,
    previousHash: `hash-${seq - 1}`,
    hash: `hash-${seq}`,
    ...change,
  };
}

export function refusal(
  peeringId: PeeringId,
  seq: number,
  { by = LEAD, at = T0 }: { by?: Person; at?: number } = {},
): StoredEvent {
  return storedEvent(peeringId, seq, {
    by,
    at,
    event: { type: "refused", at, command: "approve", refusal: "ownRequest" },
  });
}

export function askedStep(peeringId: PeeringId, step: string, change: Partial<AskedStep> = {}): AskedStep {
  return { peeringId, run: 1, step, generation: 0, attempt: 1, lanes: [], askedAt: T0, ...change };
}

export function keyOf({ peeringId, run, step }: StepKey): StepKey {
  return { peeringId, run, step };
}

export function storedWait(key: StepKey, id: string, change: Partial<StoredWait> = {}): StoredWait {
  return {
    ...key,
    key: `routerInterface:${id}:Active`,
    generation: 0,
    since: T0,
    regionId: "cn-qingdao",
    target: { kind: "routerInterface", id, wanted: "Active" },
    giveUpAfterMs: 600_000,
    ...change,
  };
}

export function draft(id: DraftId, change: Partial<Draft> = {}): Draft {
  return {
    id,
    owner: REQUESTER,
    createdAt: T0,
    viewId: "V01",
    channel: "C01",
    pair: { initiator: null, acceptor: null },
    connection: "router-interfaces",
    facts: null,
    failure: null,
    values: null,
    submitted: false,
    ...change,
  };
}
