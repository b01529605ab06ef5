/**
 * The tables as Kysely sees them. Column names are camelCase here and snake_case in the database (`CamelCasePlugin`), so
 * that a selected row has the shape of its port type.
 */
import { CamelCasePlugin, Kysely, type ColumnType, type Dialect, type Generated } from "kysely";
import type { RegionId } from "../../machines/network/facts.ts";
import type { PeeringState } from "../../machines/peering/machine.ts";
import type { WaitTarget } from "../../machines/peering/outcomes.ts";
import type { PeeringId, WaitKey } from "../../machines/peering/record.ts";
import type {
  AskedStep,
  CatalogueVpc,
  Draft,
  DraftId,
  LoggedEvent,
  StepKey,
  StoredPeering,
  StoredWait,
} from "../ports.ts";

/** Written as text by `toJson`, read as a value. */
type Json<T> = ColumnType<T, string, string>;

/** The database, or a transaction in it. */
export type Db = Kysely<Database>;

/** Kysely with names in the two spellings. */
export function tablesOn(dialect: Dialect): Db {
  return new Kysely({ dialect, plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })] });
}

export interface Database {
  peering: PeeringTable;
  event: EventTable;
  claim: ClaimTable;
  askedStep: AskedStepTable;
  lane: LaneTable;
  wait: WaitTable;
  draft: DraftTable;
  telling: TellingTable;
  turn: TurnTable;
  catalogue: CatalogueTable;
  memory: MemoryTable;
  /** pg-boss's own table; read only to find what a dead process left. */
  "pgboss.job": { readonly id: string; readonly name: string; readonly state: string };
}

interface PeeringTable {
  id: PeeringId;
  requesterTeamId: string;
  requesterUserId: string;
  state: PeeringState;
  /** Derived from the state: it has not ended. */
  open: boolean;
  version: number;
  headHash: string;
  machineVersion: number;
  snapshot: Json<StoredPeering["snapshot"]>;
  timers: Json<StoredPeering["timers"]>;
  createdAt: number;
  updatedAt: number;
}

interface EventTable {
  peeringId: PeeringId;
  seq: number;
  cause: string;
  /** Copied from the event for the index on refusals. */
  type: string;
  event: Json<LoggedEvent>;
  byTeamId: string | null;
  byUserId: string | null;
  at: number;
  previousHash: string;
  hash: string;
}

interface ClaimTable {
  /** Both VPC ids in order, so that it does not matter which was named first. */
  vpcPair: string;
  peeringId: PeeringId;
}

interface AskedStepTable extends Omit<AskedStep, "lanes"> {
  /** In the order in which they are taken. */
  lanes: Json<AskedStep["lanes"]>;
  /** The first of its lanes that it does not have; null when it has them all. */
  inLineFor: string | null;
  /** Order of asking, for steps asked in the same millisecond. */
  position: Generated<number>;
}

/** A row exists while somebody holds the lane. */
interface LaneTable extends StepKey {
  name: string;
}

interface WaitTable extends StepKey {
  key: WaitKey;
  generation: number;
  since: number;
  regionId: RegionId;
  /** Copied from the target for the pollers' index. */
  kind: WaitTarget["kind"];
  target: Json<StoredWait["target"]>;
  giveUpAfterMs: number;
}

interface DraftTable {
  id: DraftId;
  ownerTeamId: string;
  ownerUserId: string;
  createdAt: number;
  viewId: string;
  channel: string;
  pair: Json<Draft["pair"]>;
  connection: Draft["connection"];
  facts: Json<Draft["facts"]>;
  failure: Json<Draft["failure"]>;
  values: Json<Draft["values"]>;
  submitted: boolean;
}

interface TellingTable {
  peeringId: PeeringId;
  cardChannel: string | null;
  cardTs: string | null;
  cardHash: string;
  toldSeq: number;
}

interface TurnTable {
  name: string;
  /** Epoch ms at which all turns given so far are used up. */
  usedUntil: number;
}

interface CatalogueTable {
  regionId: RegionId;
  vpcs: Json<readonly CatalogueVpc[]>;
  readAt: number;
}

interface MemoryTable {
  name: string;
  value: Json<unknown>;
  at: number;
}

/** The text of a JSON column. Always our own text: `pg` would write a bare array as a PostgreSQL array. */
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null);
}
