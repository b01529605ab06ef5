import type { ConnectionId } from "../network/request.ts";
import type { ConnectionType } from "./connection.ts";
import { ROUTER_INTERFACES } from "./router-interfaces.ts";
import { VPC_PEER } from "./vpc-peer.ts";

/** Every connection type there is; the form offers those that the operator switched on. */
export const CONNECTION_TYPES = {
  "router-interfaces": ROUTER_INTERFACES,
  "vpc-peer": VPC_PEER,
} as const satisfies { readonly [Id in ConnectionId]: ConnectionType & { readonly id: ConnectionId } };

/** In the order in which they are offered by default. */
export const CONNECTION_IDS = Object.keys(CONNECTION_TYPES) as [ConnectionId, ...ConnectionId[]]; // Object.keys widens to string.
