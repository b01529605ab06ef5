import type { AboutSide } from "../../../../../machines/network/plan.ts";
import type { ConnectionId } from "../../../../../machines/network/request.ts";
import type { Sides } from "../../../../../machines/network/side.ts";
import { ROUTER_INTERFACE_WORDS } from "./router-interfaces.ts";
import { VPC_PEER_WORDS } from "./vpc-peer.ts";

/** What people read of a connection type. Its own steps are named in its file as well; see `names.ts`. */
export interface ConnectionWords {
  readonly name: string;
  /** When to choose it, in one line of a menu. */
  readonly when: string;
  /** The card's title while it is made. */
  readonly creating: string;
  /** One of its sizes, plain text. */
  readonly size: (size: string) => string;
  readonly costs: (size: string, about: Sides<AboutSide>) => string;
  /** What it is made of. */
  readonly part: { readonly one: string; readonly many: string };
  /** Whether anything gets through, and what is billed while parts of it exist. */
  readonly standing: (parts: number, isConnected: boolean) => string;
  /** What route entries lead to. */
  readonly nextHop: string;
}

export const CONNECTION_WORDS = {
  "router-interfaces": ROUTER_INTERFACE_WORDS,
  "vpc-peer": VPC_PEER_WORDS,
} as const satisfies Readonly<Record<ConnectionId, ConnectionWords>>;
