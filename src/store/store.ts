/** The store port on Kysely: which rows each of its methods is about. */
import type { Clock, Job, Store, Transaction } from "../ports.ts";
import { findDraft, insertDraft, lockDraft, updateDraft } from "./drafts.ts";
import { appendEvent, hasEvent, listEvents, refusalsSince } from "./events.ts";
import { listCatalogue, remember, remembered, saveCatalogue } from "./notes.ts";
import {
  claimPair,
  findPeering,
  freePair,
  insertPeering,
  listPeerings,
  lockPeering,
  updatePeering,
} from "./peerings.ts";
import type { Db } from "./schema.ts";
import { askStep, endStep, queuedSteps } from "./steps.ts";
import { findTelling, saveTelling } from "./tellings.ts";
import { takeTurn } from "./turns.ts";
import { listUnfinished } from "./unfinished.ts";
import { addWaits, endWait, endWaits, listWaits } from "./waits.ts";

type SendWithin = (trx: Db, jobs: readonly Job[]) => Promise<void>;

/** Times that a transaction is begun when others are in its way; its `work` runs as often. */
const TRANSACTION_ATTEMPTS_MAX = 5;

/** Two transactions were in each other's way, and this one was undone: https://www.postgresql.org/docs/18/errcodes-appendix.html (read 2026-11-23). */
const UNDONE_FOR_ANOTHER = new Set(["40001", "40P01"]);

/** `sendWithin` puts jobs into the transaction it is given. */
export function createStore(
  db: Db,
  { clock, sendWithin, close }: { clock: Clock; sendWithin: SendWithin; close: () => Promise<void> },
): Store {
  return {
    async transaction(work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await db.transaction().execute((trx) => work(transactionOn(trx, sendWithin)));
        } catch (error) {
          if (attempt === TRANSACTION_ATTEMPTS_MAX || !isUndoneForAnother(error)) throw error;
        }
      }
    },
    peering: (id) => findPeering(db, id),
    peerings: (filter) => listPeerings(db, filter),
    events: (id, afterSeq) => listEvents(db, id, afterSeq),
    draft: (id) => findDraft(db, id),
    waits: (regionId, kind) => listWaits(db, regionId, kind),
    queuedSteps: (id) => queuedSteps(db, id),
    telling: (id) => findTelling(db, id),
    saveTelling: (telling) => saveTelling(db, telling),
    takeTurn: (name, limit) => takeTurn(db, name, { ...limit, now: clock.now() }),
    catalogue: () => listCatalogue(db),
    saveCatalogue: (region) => saveCatalogue(db, region),
    remembered: (name) => remembered(db, name),
    remember: (name, value, at) => remember(db, name, value, at),
    unfinished: () => listUnfinished(db),
    close,
  };
}

function transactionOn(trx: Db, sendWithin: SendWithin): Transaction {
  return {
    lockPeering: (id) => lockPeering(trx, id),
    insertPeering: (peering) => insertPeering(trx, peering),
    updatePeering: (peering) => updatePeering(trx, peering),
    appendEvent: (event) => appendEvent(trx, event),
    hasEvent: (id, cause) => hasEvent(trx, id, cause),
    refusalsSince: (id, by, since) => refusalsSince(trx, id, by, since),
    claimPair: (pair, id) => claimPair(trx, pair, id),
    freePair: (id) => freePair(trx, id),
    askStep: (step) => askStep(trx, step),
    endStep: (key) => endStep(trx, key),
    addWaits: (waits) => addWaits(trx, waits),
    endWait: (key, wait) => endWait(trx, key, wait),
    endWaits: (key) => endWaits(trx, key),
    insertDraft: (draft) => insertDraft(trx, draft),
    lockDraft: (id) => lockDraft(trx, id),
    updateDraft: (draft) => updateDraft(trx, draft),
    send: (jobs) => sendWithin(trx, jobs),
  };
}

function isUndoneForAnother(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && UNDONE_FOR_ANOTHER.has(error.code)
  );
}
