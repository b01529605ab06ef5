/**
 * How long things take in the simulated cloud, in ms of cloud time.
 *
 * Chosen to be believable and fixed, so that a run can be compared with the sum of its parts; the real figures are not
 * published. Real time is cloud time divided by the clock's speed.
 */
export const TIMES = {
  /** From the arrival of a read to its answer. */
  read: 80,
  /** From the arrival of a write to its answer; what the write starts is counted from the answer on. */
  write: 250,
  /** A new router interface becomes `Idle`. */
  interfaceIdle: 2_000,
  /** Both sides become `Active` after ConnectRouterInterface. */
  interfaceConnect: 12_000,
  /** How long before `Active` the acceptor is `Activating`, where it passes through that status. */
  acceptorActivating: 2_000,
  /** `Inactive` back to `Active`. */
  interfaceActivate: 4_000,
  /** `Active` to `Inactive`. */
  interfaceDeactivate: 4_000,
  /** A changed specification is in force. */
  interfaceSpec: 4_000,
  /** A deleted router interface is no longer listed. */
  interfaceDelete: 4_000,
  /** A new route entry becomes `Available`. */
  routeEntryCreate: 4_000,
  /** A deleted route entry is no longer listed. */
  routeEntryDelete: 4_000,
  /** A new peering connection becomes `Activated`. */
  peeringConnectionCreate: 5_000,
  /** A changed peering connection is `Activated` again. */
  peeringConnectionUpdate: 4_000,
  /** A deleted peering connection is gone. */
  peeringConnectionDelete: 5_000,
  /** How much longer it is shown as `Deleted`, where it is. */
  peeringConnectionDeleted: 60_000,
  /** A command begins to run, or turns out not to be deliverable. */
  commandStart: 1_500,
  /** A command that was told to stop has ended. */
  commandStop: 1_000,
} as const;
