/**
 * What a connection type is to the rest of the core: its checks, its part of the plan, its undo, and what route entries
 * lead to. The lifecycle, the routes, the rules and the test are the same for all of them.
 *
 * A new type is a file beside this one, with its handlers in `src/effects/`, its calls in `src/cloud/` and its words in
 * `src/slack/texts/en/connections/`; the compiler names each table that wants its row. No `if` on the type is needed
 * anywhere else: everything that differs is asked of it here.
 */
import type { Check } from "../network/checks.ts";
import type { NetworkFacts, NextHopType } from "../network/facts.ts";
import type { Precondition, Step, StepId } from "../network/plan.ts";
import type { BorderCrossing } from "../network/preflight-vpcs.ts";
import type { ConnectionId, RequestRevision } from "../network/request.ts";
import type { Side } from "../network/side.ts";
import type { StepEffectType } from "../peering/effects.ts";
import type { Resource } from "../peering/record.ts";

export interface ConnectionType {
  readonly id: ConnectionId;
  readonly nextHopType: NextHopType;
  /** Sizes to choose from, smallest first; empty where the cloud leaves no choice. */
  readonly sizes: (isOneRegion: boolean) => readonly string[];
  /** On top of the checks that hold for every type. */
  readonly checks: (request: RequestRevision, facts: NetworkFacts, rules: PlanRules) => readonly Check[];
  /** From two separate networks to connected ones. Call only when no check says stop. */
  readonly connectSteps: (request: RequestRevision, facts: NetworkFacts) => readonly Step[];
  /** Facts that its steps rest on beyond those that every plan rests on. */
  readonly preconditions: (side: Side, facts: NetworkFacts) => readonly Precondition[];
  /**
   * The inverse of its steps, after `routes` (a connection with a route entry through it cannot be deleted).
   *
   * `begun` are the steps that were ever started: one that failed without an answer may still have made something, so its
   * inverse looks for it by our mark and finds nothing when there is nothing.
   */
  readonly undoSteps: (begun: readonly Step[], routes: readonly StepId[]) => readonly Step[];
  /** Effects after which nothing gets through any more. */
  readonly takesApart: readonly StepEffectType[];
  /** What route entries of this side lead to; undefined as long as it is not made. */
  readonly nextHopOf: (resources: readonly Resource[], side: Side) => Resource | undefined;
}

/** What the operator's settings say about plans. */
export interface PlanRules {
  /** Types that are offered, the first one proposed. */
  readonly connections: readonly [ConnectionId, ...ConnectionId[]];
  /** Whether a request may open Cloud Data Transfer, a paid service of the account, by itself. */
  readonly mayOpenCdt: boolean;
  /** Pairs of regions on two sides of the border of mainland China that may be joined. */
  readonly crossBorder: readonly BorderCrossing[];
  /** Router interfaces that one VRouter takes in this account. */
  readonly routerInterfacesMax: number;
}
