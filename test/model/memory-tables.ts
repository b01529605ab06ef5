/** The rows of the memory store. Nothing in a row is ever changed; a new row takes its place. */
import { isDeepStrictEqual } from "node:util";
import { isEnded } from "../../machines/peering/machine.ts";
import type { PeeringId } from "../../machines/peering/record.ts";
import type {
  AskedStep,
  CatalogueRegion,
  Draft,
  DraftId,
  StepKey,
  StoredEvent,
  StoredPeering,
  StoredWait,
  Telling,
} from "../../src/ports.ts";

/** One map for each table of `src/store/schema.ts`. */
export interface Tables {
  readonly peerings: Map<PeeringId, StoredPeering>;
  /** In order of `seq`. */
  readonly events: Map<PeeringId, readonly StoredEvent[]>;
  readonly claims: Map<string, PeeringId>;
  /** By step; in the order in which they were asked first. */
  readonly asked: Map<string, AskedStep>;
  readonly lanes: Map<string, StepKey>;
  /** By step and wait key. */
  readonly waits: Map<string, StoredWait>;
  readonly drafts: Map<DraftId, Draft>;
  readonly tellings: Map<PeeringId, Telling>;
  /** Epoch ms until which the turns given so far are used up. */
  readonly turns: Map<string, number>;
  readonly catalogue: Map<string, CatalogueRegion>;
  readonly memory: Map<string, { readonly value: unknown; readonly at: number }>;
}

export function emptyTables(): Tables {
  return {
    peerings: new Map(),
    events: new Map(),
    claims: new Map(),
    asked: new Map(),
    lanes: new Map(),
    waits: new Map(),
    drafts: new Map(),
    tellings: new Map(),
    turns: new Map(),
    catalogue: new Map(),
    memory: new Map(),
  };
}

/** Rows are shared, since they never change. */
export function copyOf(tables: Tables): Tables {
  // Each table is a map, and stays one of the same type.
  return Object.fromEntries(
    Object.entries(tables).map(([name, table]) => [name, new Map<unknown, unknown>(table)]),
  ) as unknown as Tables;
}

/** A value as it comes back from a database: through JSON. */
export function stored<T>(value: T): T {
  return JSON.parse(JSON.stringify(value ?? null)) as T;
}

/** One string for a step key. */
export function stepId({ peeringId, run, step }: StepKey): string {
  return JSON.stringify([peeringId, run, step]);
}

/** As the store's column `open`. */
export function isOpen({ snapshot }: StoredPeering): boolean {
  return !isEnded(snapshot.state);
}

/** First come, first served. */
export function inLine(asked: Tables["asked"]): readonly AskedStep[] {
  return [...asked.values()].toSorted((one, other) => one.askedAt - other.askedAt);
}

/** The first of its lanes, by name, that the step does not have; null when it has them all. */
export function inLineFor({ lanes }: Tables, step: AskedStep): string | null {
  const taken = (lane: string): boolean => {
    const holder = lanes.get(lane);
    return holder !== undefined && stepId(holder) === stepId(step);
  };
  return step.lanes.toSorted().find((lane) => !taken(lane)) ?? null;
}

/** Deep equality. */
export function isSame(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(one, other);
}
