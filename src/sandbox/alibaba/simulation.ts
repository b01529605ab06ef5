import type { Agenda } from "./agenda.ts";
import type { Site } from "./build.ts";
import type { Facts } from "./facts.ts";
import type { Ids } from "./ids.ts";
import type { Parameters } from "./parameters.ts";
import type { Region, World } from "./world.ts";

/** Both clocks at one moment, in ms since the epoch. */
export interface Now {
  /** What dates, nonces and retries are measured with. */
  readonly wireMs: number;
  /** What statuses, routes and commands are measured with. */
  readonly cloudMs: number;
}

/** Everything an operation may look at and change. */
export interface Simulation {
  readonly world: World;
  readonly facts: Facts;
  readonly agenda: Agenda;
  readonly ids: Ids;
}

/** One verified request, on its way to its operation. */
export interface Call extends Simulation {
  readonly parameters: Parameters;
  /** The region named by RegionId or by the id of a resource; the account's first region for actions of no region. */
  readonly region: Region;
  /** Cloud time at which the answer leaves; what the operation starts is counted from then. */
  readonly answeredAt: number;
}

/** What an operation answers with. */
export interface OperationAnswer {
  /** The body but for RequestId. */
  readonly body: Readonly<Record<string, unknown>>;
  /** How long after the answer until what was started has settled, in ms of cloud time; 0 when left out. */
  readonly settlesAfterMs?: number;
}

/** One action of the API. Refuses by throwing, see `refuse`. */
export interface Operation {
  readonly kind: "read" | "write";
  readonly run: (call: Call) => OperationAnswer;
}

/** Where an operation builds what it was asked to create. */
export function siteOf(call: Call): Site {
  return { region: call.region, at: call.agenda.now(), id: (kind) => call.ids.next(kind, call.region.regionId) };
}

/** A time as VPC and Cloud Assistant print it: `2026-08-22T10:22:32Z`; empty when there is none. */
export function timeText(ms: number | undefined): string {
  return ms === undefined ? "" : new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A time as ECS prints creation times: `2026-08-22T10:22Z`. */
export function minuteText(ms: number): string {
  return new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, "Z");
}
