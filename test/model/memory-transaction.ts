import type { AskedStep, Job, StepKey, Transaction } from "../../src/ports.ts";
import { inLine, inLineFor, isSame, stepId, stored, type Tables } from "./memory-tables.ts";

const DRAFT_KEPT_MS = 24 * 3_600_000;

/** The methods of a transaction, without the waiting. */
type Methods = {
  readonly [M in keyof Transaction]: (...args: Parameters<Transaction[M]>) => Awaited<ReturnType<Transaction[M]>>;
};

/**
 * Runs `work` on tables of its own, and puts what it sends into `jobs`. As in PostgreSQL an error ends the transaction, even
 * if `work` carries on.
 */
export async function runTransaction<T>(
  tables: Tables,
  jobs: Job[],
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const errors: unknown[] = [];
  const orEnd =
    (method: (...args: unknown[]) => unknown) =>
    async (...args: unknown[]): Promise<unknown> => {
      if (errors.length > 0) throw new Error("the transaction has ended", { cause: errors[0] });
      try {
        return method(...args);
      } catch (error) {
        errors.push(error);
        throw error;
      }
    };
  // Every method keeps its parameters and gets a promise of its result.
  const methods = Object.entries(methodsOn(tables, jobs)) as [string, (...args: unknown[]) => unknown][];
  const result = await work(
    Object.fromEntries(methods.map(([name, method]) => [name, orEnd(method)])) as unknown as Transaction,
  );
  if (errors.length > 0) throw new Error("the transaction has ended", { cause: errors[0] });
  return result;
}

function methodsOn(tables: Tables, jobs: Job[]): Methods {
  const { peerings, events, claims, waits, drafts } = tables;
  return {
    lockPeering: (id) => peerings.get(id) ?? null,
    insertPeering(peering) {
      const { id } = peering.snapshot.peering;
      if (peerings.has(id)) throw new Error(`peering ${id} is there already`);
      peerings.set(id, stored(peering));
    },
    updatePeering(peering) {
      const { id } = peering.snapshot.peering;
      if (!peerings.has(id)) throw new Error(`updating peering ${id}: it is not in the store`);
      peerings.set(id, stored(peering));
    },
    appendEvent(event) {
      const log = events.get(event.peeringId) ?? [];
      if (log.some(({ seq, cause }) => seq === event.seq || cause === event.cause))
        throw new Error("the event is there already");
      events.set(
        event.peeringId,
        [...log, stored(event)].toSorted((one, other) => one.seq - other.seq),
      );
    },
    hasEvent: (id, cause) => (events.get(id) ?? []).some((event) => event.cause === cause),
    refusalsSince: (id, by, since) =>
      (events.get(id) ?? []).filter(
        (event) => event.event.type === "refused" && event.at >= since && isSame(event.by, by),
      ).length,
    claimPair(pair, id) {
      const key = pair.toSorted().join(" ");
      const holder = claims.get(key) ?? id;
      claims.set(key, holder);
      return holder;
    },
    freePair(id) {
      for (const [pair, holder] of claims) if (holder === id) claims.delete(pair);
    },
    askStep: (step) => askStep(tables, step),
    endStep: (key) => endStep(tables, key),
    addWaits(added) {
      for (const wait of added) {
        const key = stepId(wait) + wait.key;
        if (!waits.has(key)) waits.set(key, stored(wait));
      }
    },
    endWait: (key, wait) => void waits.delete(stepId(key) + wait),
    endWaits(key) {
      for (const [id, wait] of waits) if (stepId(wait) === stepId(key)) waits.delete(id);
    },
    insertDraft(draft) {
      for (const [id, old] of drafts) if (old.createdAt < draft.createdAt - DRAFT_KEPT_MS) drafts.delete(id);
      if (drafts.has(draft.id)) throw new Error(`draft ${draft.id} is there already`);
      drafts.set(draft.id, stored(draft));
    },
    lockDraft: (id) => drafts.get(id) ?? null,
    updateDraft(draft) {
      if (!drafts.has(draft.id)) throw new Error(`updating draft ${draft.id}: it is not in the store`);
      drafts.set(draft.id, stored(draft));
    },
    send: (sent) => void jobs.push(...sent),
  };
}

function askStep(tables: Tables, step: AskedStep): { readonly granted: boolean } {
  const id = stepId(step);
  const { generation, attempt } = step;
  const before = tables.asked.get(id) ?? { ...step, lanes: [...new Set(step.lanes)].toSorted() };
  const asked = stored({ ...before, generation, attempt });
  tables.asked.set(id, asked);
  fillLanes(tables);
  return { granted: inLineFor(tables, asked) === null };
}

function endStep(tables: Tables, key: StepKey): readonly AskedStep[] {
  const id = stepId(key);
  tables.asked.delete(id);
  for (const [lane, holder] of tables.lanes) if (stepId(holder) === id) tables.lanes.delete(lane);
  return fillLanes(tables);
}

/** Gives every free lane, by name, to the first in line at it; answers with the steps that got their last one. */
function fillLanes(tables: Tables): readonly AskedStep[] {
  const { asked, lanes } = tables;
  const standing = inLine(asked).map((step) => ({ step, lane: inLineFor(tables, step) }));
  const [first] = standing
    .flatMap(({ step, lane }) => (lane !== null && !lanes.has(lane) ? [{ step, lane }] : []))
    .toSorted((one, other) => (one.lane < other.lane ? -1 : Number(one.lane > other.lane)));
  if (!first) return [];
  const { step, lane } = first;
  lanes.set(lane, { peeringId: step.peeringId, run: step.run, step: step.step });
  const granted = inLineFor(tables, step) === null ? [step] : [];
  return [...granted, ...fillLanes(tables)];
}
