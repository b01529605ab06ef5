/**
 * A plan: ordered steps that make the actual network equal to the desired one, as data that a person approves.
 *
 * Steps form a graph. A step starts when its stage has come and everything it needs is done.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import canonicalize from "canonicalize";
import type { StepEffect } from "../peering/effects.ts";
import type { Before } from "./before.ts";
import type { Check } from "./checks.ts";
import type { Cidr } from "./cidr.ts";
import type { Coverage } from "./coverage.ts";
import type { Impact } from "./impact.ts";
import type { ConnectionId } from "./request.ts";
import type { InstanceId, RegionId, SecurityGroupId, VpcId, VSwitch } from "./facts.ts";
import type { Side, Sides } from "./side.ts";

/**
 * Stages in the order of the lifecycle: when all steps of one are done, the peering moves to its next state.
 * A rollback has the one stage `undo`.
 */
export type Stage = "check" | "create" | "route" | "secure" | "verify" | "undo";

export type StepId = string;

export interface Step {
  readonly id: StepId;
  readonly stage: Stage;
  /** Steps that must be done first. */
  readonly needs: readonly StepId[];
  /** What must happen one at a time across all peerings: see `Lane`. It needs all of them; sorted, so that no ring forms. */
  readonly lanes: readonly Lane[];
  readonly effect: StepEffect;
}

/**
 * The name of something that takes one change at a time, such as `routes:vpc-…` (the API refuses a second change to a
 * VPC's route tables with `TaskConflict`), `security-group:sg-…`, or `create:vpc-…` (one CreateVpcPeerConnection at a time).
 */
type Lane = `create:${VpcId}` | `routes:${VpcId}` | `security-group:${SecurityGroupId}`;

export interface Plan {
  /** The connection type that made it. */
  readonly connection: ConnectionId;
  /** Over the steps, their preconditions and what they open; see `planHash`. */
  readonly hash: string;
  readonly steps: readonly Step[];
  readonly preconditions: readonly Precondition[];
  readonly opens: readonly Opening[];
  readonly checks: readonly Check[];
  /** What it opens and moves, by the facts it was made from; left out where it opens nothing of its own. Not hashed. */
  readonly impact?: Impact;
  /** How much of what it builds its test covers; left out where nothing is tested. Not hashed. */
  readonly coverage?: Coverage;
  /** What stood where it acts, by the same facts; left out where nobody has looked. Not hashed. */
  readonly before?: Before;
  /** For people: what the two ends are called. Never hashed, because a renamed VPC changes nothing. */
  readonly about: Sides<AboutSide>;
}

/** The smallest facts that keep a plan right. Two with the same `subject` that differ mean: the network changed. */
export interface Precondition {
  readonly subject: string;
  /** Canonical text of the fact, comparable as it is. */
  readonly fact: string;
}

/** What a plan lets through: from blocks of the other side to groups of `side`. */
export interface Opening {
  readonly side: Side;
  readonly from: readonly Cidr[];
  readonly securityGroupIds: readonly SecurityGroupId[];
  readonly protocol: "TCP" | "ICMP";
  readonly portRange: string;
}

export interface AboutSide {
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
  readonly vpcName: string;
  /** The blocks that get routed: the whole VPC's or the chosen vSwitches'. */
  readonly cidrs: readonly Cidr[];
  readonly wholeVpc: boolean;
  /** The first vSwitches in scope by name, and how many there are; left out by plans from before pictures were drawn. */
  readonly vSwitches?: { readonly first: ReadonlyArray<Pick<VSwitch, "id" | "name" | "cidr">>; readonly count: number };
  /** Running instances in the groups that get rules: who becomes reachable. */
  readonly reachableHosts: number;
  /** Running instances within the routed blocks: who can come from here. */
  readonly hosts: number;
  readonly testInstance: { readonly id: InstanceId; readonly name: string; readonly privateIp: string } | null;
}

/**
 * The hash that a vote is for: SHA-256 (hex) over canonical JSON (RFC 8785) of the steps, their preconditions and what
 * they open. Names, counts and checks are not in it, so that a renamed VPC or a new instance voids no vote.
 */
export function planHash(plan: Pick<Plan, "steps" | "preconditions" | "opens">): string {
  return hashOf({ steps: plan.steps, preconditions: plan.preconditions, opens: plan.opens });
}

/** SHA-256 in lower-case hex over canonical JSON (RFC 8785). Throws on values that JSON does not know. */
export function hashOf(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error("hashing a value that is not JSON");
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The first characters of a plan hash, as people see it: `7f3a`. */
export function shortHash(hash: string): string {
  return hash.slice(0, 4);
}

/** Facts that differ between two plans' preconditions, by subject; `before` or `after` is missing when only one has it. */
export function changedPreconditions(before: Plan, after: Plan): readonly PreconditionChange[] {
  const factsBefore = new Map(before.preconditions.map(({ subject, fact }) => [subject, fact]));
  const factsAfter = new Map(after.preconditions.map(({ subject, fact }) => [subject, fact]));
  const subjects = [...new Set([...factsBefore.keys(), ...factsAfter.keys()])];
  return subjects
    .filter((subject) => factsBefore.get(subject) !== factsAfter.get(subject))
    .map((subject) => ({ subject, before: factsBefore.get(subject) ?? null, after: factsAfter.get(subject) ?? null }));
}

export interface PreconditionChange {
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
}
