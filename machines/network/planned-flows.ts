/**
 * The packets that a request is about: what it opens on one side, from all of the other.
 */
import { blockOf, type Block } from "./cidr.ts";
import type { Instance, NetworkFacts } from "./facts.ts";
import type { PortRange, RequestRevision } from "./request.ts";
import { hostsInScope, routedCidrs, vSwitchesInScope } from "./scope.ts";
import type { Side } from "./side.ts";

export interface Flow {
  readonly protocol: "TCP" | "ICMP";
  /** Destination ports; null for ICMP. */
  readonly ports: PortRange | null;
}

/** What is opened on `side`; nothing when no group was chosen there. */
export function flowsTo(side: Side, request: RequestRevision): readonly Flow[] {
  const { securityGroupIds, ports } = request[side];
  if (securityGroupIds.length === 0) return [];
  const icmp: Flow[] = request.icmp ? [{ protocol: "ICMP", ports: null }] : [];
  return [...icmp, ...ports.map((range): Flow => ({ protocol: "TCP", ports: range }))];
}

/** Instances of `side` in scope that have a chosen group, running or not. */
export function openedHosts(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Instance[] {
  return hostsInScope(request[side], facts[side]).filter(({ securityGroupIds }) =>
    securityGroupIds.some((id) => request[side].securityGroupIds.includes(id)),
  );
}

/** Where packets can come from on `side`: its vSwitches in scope; all that is routed when there are none yet. */
export function sourceBlocks(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Block[] {
  const vSwitches = vSwitchesInScope(request[side], facts[side]).map(({ cidr }) => cidr);
  return (vSwitches.length > 0 ? vSwitches : routedCidrs(request[side], facts[side])).map(blockOf);
}
