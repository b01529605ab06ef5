import type { ConnectionId } from "../network/request.ts";
import { CONNECTION_TYPES } from "./types.ts";

/** The wanted size if it is offered there, else the smallest one; empty where there is no choice. */
export function sizeFor(connection: ConnectionId, oneRegion: boolean, wanted = ""): string {
  const sizes = CONNECTION_TYPES[connection].sizes(oneRegion);
  return sizes.find((size) => size === wanted) ?? sizes[0] ?? "";
}
