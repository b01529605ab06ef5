/**
 * What the requester filled in. A request has revisions; each is immutable.
 */
import type { InstanceId, RegionId, SecurityGroupId, VpcId, VSwitchId } from "./facts.ts";
import type { Sides } from "./side.ts";

export interface RequestRevision extends Sides<RequestSide> {
  readonly revision: number;
  /** Which connection type makes the plan. */
  readonly connection: ConnectionId;
  /** One of the sizes that the connection type offers between these regions; empty where it offers none. */
  readonly size: string;
  /** Open ping on both sides' groups; without it there is nothing to test with. */
  readonly icmp: boolean;
  /** Why the two networks should talk: foreign text, shown to everybody in the channel. */
  readonly reason: string;
}

/** How two VPCs can be connected; `machines/connections/` has a file for each. */
export type ConnectionId = "router-interfaces" | "vpc-peer";

export interface RequestSide {
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
  /** Empty means the whole VPC. */
  readonly vSwitchIds: readonly VSwitchId[];
  /** Groups that get the rules. Empty: no rule is added on this side. */
  readonly securityGroupIds: readonly SecurityGroupId[];
  /** TCP ports that the other side may reach on this side's groups. */
  readonly ports: readonly PortRange[];
  /** The instance to ping from and to; null when this side has none to test with. */
  readonly testInstanceId: InstanceId | null;
}

/** What has been filled in of a request, next to its pair of VPCs. `sides` is null as long as nobody could choose there. */
export interface RequestValues {
  readonly connection: ConnectionId;
  readonly size: string;
  readonly icmp: boolean;
  readonly reason: string;
  readonly sides: Sides<Omit<RequestSide, "regionId" | "vpcId">> | null;
}

/** The first revision of a request, or null while something is missing. */
export function firstRevision(
  pair: Sides<Pick<RequestSide, "regionId" | "vpcId"> | null>,
  values: RequestValues,
): RequestRevision | null {
  const { connection, size, icmp, reason, sides } = values;
  if (!pair.initiator || !pair.acceptor || !sides) return null;
  const initiator = { ...pair.initiator, ...sides.initiator };
  const acceptor = { ...pair.acceptor, ...sides.acceptor };
  return { revision: 1, connection, size, icmp, reason, initiator, acceptor };
}

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Longest reason a person can type; it must fit one Slack section with room for the rest. */
export const REASON_LENGTH_MAX = 500;

/** Why a text is no list of ports. */
export interface PortsProblem {
  readonly part: string;
  readonly why: "notANumber" | "outOfRange" | "backwards" | "tooMany";
}

/**
 * Ports as people write them: `443`, `8000-8010`, separated by commas or spaces; empty means none.
 *
 * Ranges come back sorted, with overlaps and neighbours merged, so that equal wishes give equal plans.
 *
 * Examples: `""`, `"5432"`, `"80, 443"`, `"8000-8010 9000"`, `"22/22"`.
 */
export function parsePorts(
  text: string,
  rangesMax: number,
): { readonly ports: readonly PortRange[] } | { readonly problem: PortsProblem } {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  const ports: PortRange[] = [];
  for (const part of parts) {
    const match = /^(\d+)(?:[-/](\d+))?$/.exec(part);
    if (!match) return { problem: { part, why: "notANumber" } };
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (from < 1 || to > 65_535 || from > 65_535) return { problem: { part, why: "outOfRange" } };
    if (from > to) return { problem: { part, why: "backwards" } };
    ports.push({ from, to });
  }
  const merged = mergePorts(ports);
  return merged.length > rangesMax ? { problem: { part: String(merged.length), why: "tooMany" } } : { ports: merged };
}

function mergePorts(ports: readonly PortRange[]): readonly PortRange[] {
  const merged: PortRange[] = [];
  for (const range of ports.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}

/** `443` or `8000-8010`. */
export function portRangeToText({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}
