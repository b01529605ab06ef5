/**
 * The store port in memory. Whatever changes it runs one after another, each on a copy of the tables that takes their
 * place when it commits.
 */
import type { Clock, Job, Store } from "../../src/ports.ts";
import type { Life } from "./life.ts";
import {
  copyOf,
  emptyTables,
  inLine,
  inLineFor,
  isOpen,
  isSame,
  stepId,
  stored,
  type Tables,
} from "./memory-tables.ts";
import { runTransaction } from "./memory-transaction.ts";

/** What outlives a process. */
export interface Memory {
  tables: Tables;
  /** Resolves when every change that was begun so far has ended. */
  lastChange: Promise<void>;
}

/** Nothing stored. */
export function createMemory(): Memory {
  return { tables: emptyTables(), lastChange: Promise.resolve() };
}

interface Process {
  readonly clock: Clock;
  readonly life: Life;
  /** Puts jobs in the queue. */
  readonly send: (jobs: readonly Job[]) => void;
  readonly close: () => Promise<void>;
}

/** The port for one process. */
export function createMemoryStore(memory: Memory, { clock, life, send, close }: Process): Store {
  const read = async <T>(look: (tables: Tables) => T): Promise<T> => look(memory.tables);
  const change = <T>(work: (tables: Tables, jobs: Job[]) => Promise<T> | T): Promise<T> => {
    const changed = memory.lastChange.then(async () => {
      const tables = copyOf(memory.tables);
      const jobs: Job[] = [];
      const result = await Promise.race([work(tables, jobs), life.over]);
      memory.tables = tables;
      send(jobs);
      return result;
    });
    memory.lastChange = Promise.allSettled([changed]).then(() => undefined);
    return changed;
  };

  return life.whileItLasts<Store>({
    transaction: (work) => change((tables, jobs) => runTransaction(tables, jobs, work)),
    peering: (id) => read(({ peerings }) => peerings.get(id) ?? null),
    peerings: (filter) => read((tables) => page(tables, filter)),
    events: (id, afterSeq) => read(({ events }) => (events.get(id) ?? []).filter(({ seq }) => seq > afterSeq)),
    draft: (id) => read(({ drafts }) => drafts.get(id) ?? null),
    waits: (regionId, kind) =>
      read(({ waits }) =>
        [...waits.values()]
          .filter((wait) => wait.regionId === regionId && wait.target.kind === kind)
          .toSorted((one, other) => one.since - other.since),
      ),
    queuedSteps: (id) => read((tables) => queuedSteps(tables, id)),
    telling: (id) => read(({ tellings }) => tellings.get(id) ?? null),
    saveTelling: (telling) => change(({ tellings }) => void tellings.set(telling.peeringId, stored(telling))),
    takeTurn: (name, limit) => change((tables) => takeTurn(tables, name, { ...limit, now: clock.now() })),
    catalogue: () => read(({ catalogue }) => [...catalogue.values()].toSorted(byName(({ regionId }) => regionId))),
    saveCatalogue: (region) => change(({ catalogue }) => void catalogue.set(region.regionId, stored(region))),
    remembered: (name) => read((tables) => tables.memory.get(name) ?? null),
    remember: (name, value, at) => change((tables) => void tables.memory.set(name, { value: stored(value), at })),
    unfinished: () => read(unfinished),
    close,
  });
}

function page({ peerings }: Tables, { show, person, limit, before }: Parameters<Store["peerings"]>[0]) {
  const newestFirst = [...peerings.values()]
    .toSorted(byName(({ snapshot }) => snapshot.peering.id))
    .toReversed()
    .toSorted((one, other) => other.createdAt - one.createdAt);
  const last = newestFirst.findIndex(({ snapshot }) => snapshot.peering.id === before);
  if (before !== undefined && last === -1) return [];
  return newestFirst
    .slice(last + 1)
    .filter((peering) => show !== "open" || isOpen(peering))
    .filter(({ snapshot }) => show !== "mine" || isSame(snapshot.peering.requester, person))
    .slice(0, limit);
}

function queuedSteps(tables: Tables, id: string) {
  return inLine(tables.asked)
    .filter(({ peeringId }) => peeringId === id)
    .flatMap((step) => {
      const lane = inLineFor(tables, step);
      const holder = lane === null ? undefined : tables.lanes.get(lane);
      return holder ? [{ step: step.step, holder: holder.peeringId }] : [];
    });
}

function takeTurn(
  { turns }: Tables,
  name: string,
  { everyMs, burst, now }: { everyMs: number; burst: number; now: number },
): number {
  const known = turns.get(name) ?? now;
  // More than a burst and a turn ahead comes from a clock that was wrong.
  const usedUntil = known > now + (burst + 1) * everyMs ? now : Math.max(known, now);
  const waitMs = usedUntil - (burst - 1) * everyMs - now;
  if (waitMs <= 0) turns.set(name, usedUntil + everyMs);
  return Math.max(0, Math.ceil(waitMs));
}

function unfinished(tables: Tables) {
  const { asked, waits, peerings, tellings } = tables;
  const waiting = new Set([...waits.values()].map(stepId));
  const pollers = new Map(
    [...waits.values()].map(({ regionId, target: { kind } }) => [`${regionId} ${kind}`, { regionId, kind }]),
  );
  const oldestFirst = [...peerings.values()].toSorted((one, other) => one.createdAt - other.createdAt);
  return {
    steps: inLine(asked).filter((step) => inLineFor(tables, step) === null && !waiting.has(stepId(step))),
    waits: [...pollers].toSorted(byName(([name]) => name)).map(([, poller]) => poller),
    timers: oldestFirst.filter(isOpen).flatMap(({ snapshot, timers }) =>
      Object.entries(timers).map(([timer, times]) => ({
        peeringId: snapshot.peering.id,
        // The keys of a Record<TimerId, …>.
        timer: timer as keyof typeof timers,
        ...times,
      })),
    ),
    untold: oldestFirst
      .filter(({ snapshot, version }) => (tellings.get(snapshot.peering.id)?.toldSeq ?? -1) < version)
      .map(({ snapshot }) => snapshot.peering.id),
  };
}

function byName<T>(name: (value: T) => string): (one: T, other: T) => number {
  return (one, other) => (name(one) < name(other) ? -1 : 1);
}
