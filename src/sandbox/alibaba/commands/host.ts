import type { Service } from "../service.ts";
import type { Image } from "../world.ts";
import type { Later } from "./process.ts";

/** What a program sees of the instance that it runs on, and of the network around it. */
export interface Host {
  readonly image: Image;
  readonly user: string;
  readonly later: Later;
  /** Cloud time, ms. */
  now(): number;
  /** What comes back from an address at this moment and how long that takes; undefined when nothing does. */
  ask(targetIp: string, service: Service, sequence: number): HostAnswer | undefined;
}

export interface HostAnswer {
  readonly answer: "echo" | "open" | "refused";
  readonly roundTripMs: number;
}

/** Where a program's words go. */
export type Sink = (text: string) => void;

/** What one program is started with. */
export interface Start {
  readonly host: Host;
  readonly args: ReadonlyArray<string>;
  readonly out: Sink;
  readonly err: Sink;
}
