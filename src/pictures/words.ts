import type { Look, Status, Topology } from "../../machines/peering/topology.ts";

/** What is written in a picture; the words themselves stand with all others that people read. */
export interface PictureWords {
  readonly status: Readonly<Record<Status, string>>;
  /** Empty where nothing needs to be said. */
  readonly look: Readonly<Record<Look, string>>;
  readonly regionName: (regionId: string) => string;
  readonly connectionName: (connection: Topology["connection"]) => string;
  readonly connectionSize: (connection: Topology["connection"]) => string;
  readonly wholeVpc: string;
  readonly chosenVSwitches: string;
  readonly moreVSwitches: (left: number) => string;
  /** The blocks that there is room for, and how many there are beside them; so are the ports. */
  readonly blocks: (cidrs: readonly string[], left: number) => string;
  readonly moreRoutes: (left: number) => string;
  readonly moreOpens: (left: number) => string;
  readonly routeTo: (destination: string) => string;
  readonly tables: (tables: number) => string;
  /** With spaces that are not to be broken at. */
  readonly letsIn: (ping: boolean, ports: readonly string[], left: number) => string;
  readonly groups: (groups: number) => string;
}
