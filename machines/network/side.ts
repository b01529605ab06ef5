/**
 * The two ends of a peering. The initiator asks for the connection and pays for it; the acceptor takes it.
 * Alibaba Cloud's `Role`: `InitiatingSide`, `AcceptingSide`.
 */
export type Side = "initiator" | "acceptor";

/** Something that both ends have. */
export interface Sides<T> {
  readonly initiator: T;
  readonly acceptor: T;
}

export const SIDES = ["initiator", "acceptor"] as const satisfies readonly Side[];

/** The other end. */
export function opposite(side: Side): Side {
  return side === "initiator" ? "acceptor" : "initiator";
}

/** The same made for both ends. */
export function bothSides<T>(make: (side: Side) => T): Sides<T> {
  return { initiator: make("initiator"), acceptor: make("acceptor") };
}
