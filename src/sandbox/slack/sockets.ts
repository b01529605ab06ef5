import { randomUUID } from "node:crypto";

import { remember } from "./bounded-map.ts";
import { createConnections, type Connections } from "./connections.ts";
import { REDELIVERIES_MAX, type Delivered, type Delivery, type Outgoing } from "./delivery.ts";
import { isJsonObject, parseJson } from "./json.ts";
import type { WireClock } from "./wire-clock.ts";
import type { Workspace } from "./workspace.ts";

/** Delivery over Socket Mode: one envelope to one connection, in turn, and again when nobody acks it. */
export interface Sockets extends Delivery, Pick<Connections, "upgrade" | "count" | "disturb"> {}

interface Envelope extends Outgoing {
  readonly id: string;
  readonly attempt: number;
}

/** An envelope that was sent and not yet acked. */
interface Pending {
  readonly envelope: Envelope;
  readonly sentAt: number;
  /** True once the person was told that the app did not answer. */
  isLate: boolean;
  settle: (delivered: Delivered) => void;
}

interface Line {
  readonly workspace: Workspace;
  readonly clock: WireClock;
  readonly connections: Connections;
  /** By envelope id. */
  readonly pending: Map<string, Pending>;
  /** Cancels the alarms that have not rung. */
  readonly alarms: Set<() => void>;
  isClosed: boolean;
}

/** Un-acked envelopes remembered, to tell a late ack from nonsense. */
const PENDING_MAX = 1_000;

export function createSockets(workspace: Workspace, clock: WireClock): Sockets {
  const connections = createConnections(workspace, clock, (text) => acked(line, text));
  const line: Line = { workspace, clock, connections, pending: new Map(), alarms: new Set(), isClosed: false };
  return {
    upgrade: connections.upgrade,
    count: connections.count,
    disturb: connections.disturb,
    async send(outgoing) {
      const envelope: Envelope = { ...outgoing, id: randomUUID(), attempt: 0 };
      const delivered = await attempt(line, envelope);
      if (delivered.outcome === "noAnswer") void redeliver(line, envelope);
      return delivered;
    },
    async close() {
      line.isClosed = true;
      for (const entry of line.pending.values()) entry.settle({ outcome: "noAnswer" });
      for (const cancel of line.alarms) cancel();
      await connections.close();
    },
  };
}

async function attempt(line: Line, envelope: Envelope): Promise<Delivered> {
  const { workspace, clock, connections, pending } = line;
  const sentAt = clock.now();
  const socket = line.isClosed ? undefined : connections.next();
  if (socket === undefined) {
    journal(workspace, { envelope, sentAt }, { outcome: "noConnection", answer: null, ms: 0 });
    return { outcome: "noConnection" };
  }
  return await new Promise((resolve) => {
    const entry: Pending = { envelope, sentAt, isLate: false, settle: resolve };
    remember(pending, envelope.id, entry, PENDING_MAX);
    const stopWaiting = after(line, workspace.dials.ackTimeoutMs, () => {
      entry.isLate = true;
      journal(workspace, entry, { outcome: "noAnswer", answer: null, ms: clock.now() - sentAt });
      resolve({ outcome: "noAnswer" });
    });
    entry.settle = (delivered) => {
      stopWaiting();
      resolve(delivered);
    };
    socket.send(frameOf(envelope));
  });
}

function acked({ workspace, clock, pending }: Line, text: string): void {
  const frame = parseJson(text);
  if (!isJsonObject(frame)) return;
  const entry = pending.get(String(frame["envelope_id"]));
  if (entry === undefined) return;
  pending.delete(entry.envelope.id);
  const answer = frame["payload"] ?? null;
  journal(workspace, entry, { outcome: entry.isLate ? "ackedLate" : "acked", answer, ms: clock.now() - entry.sentAt });
  entry.settle({ outcome: "acked", answer });
}

/** Sends it again, with the same id and payload, until it is acked; waits for a connection while there is none. */
async function redeliver(line: Line, envelope: Envelope): Promise<void> {
  const { workspace, connections, pending } = line;
  for (let again = 1; again <= REDELIVERIES_MAX; again += 1) {
    const isStillOpen = workspace.dials.redelivery && pending.has(envelope.id) && !line.isClosed;
    if (!isStillOpen || (await attempt(line, { ...envelope, attempt: again })).outcome === "acked") return;
    if (connections.count() === 0) {
      await new Promise<void>((ring) => void after(line, workspace.dials.ackTimeoutMs, ring));
    }
  }
  pending.delete(envelope.id);
}

function after({ clock, alarms }: Line, ms: number, ring: () => void): () => void {
  const cancel = clock.alarm(clock.now() + ms, () => {
    alarms.delete(cancel);
    ring();
  });
  alarms.add(cancel);
  return () => {
    alarms.delete(cancel);
    cancel();
  };
}

function journal(
  workspace: Workspace,
  { envelope, sentAt }: Pick<Pending, "envelope" | "sentAt">,
  result: { outcome: "acked" | "ackedLate" | "noAnswer" | "noConnection"; answer: unknown; ms: number },
): void {
  const { type, payload, id: envelopeId, attempt: number } = envelope;
  const about = { kind: "delivery", over: "socket", type, payload, envelopeId, attempt: number, at: sentAt } as const;
  workspace.journal.add({ ...about, ...result });
}

/** Interactions whose ack carries an answer; for the others recordings say that none is taken. */
const ANSWERED = ["view_submission", "block_suggestion"];

function frameOf({ id, type, payload, attempt: number }: Envelope): string {
  const isRetry = type === "events_api" || number > 0;
  return JSON.stringify({
    envelope_id: id,
    payload,
    type,
    accepts_response_payload: type === "slash_commands" || ANSWERED.includes(String(payload["type"])),
    ...(isRetry ? { retry_attempt: number, retry_reason: number > 0 ? "timeout" : "" } : {}),
  });
}
