/**
 * Network ACLs at the borders of the vSwitches. They are stateless and not ours to edit, so a flow of the plan and its
 * reply must both be let through already, on either side.
 *
 * https://www.alibabacloud.com/help/en/vpc/user-guide/network-acl (read 2026-08-22)
 */
import type { Check } from "./checks.ts";
import { blockOf, covers, meets, type Block, type Cidr } from "./cidr.ts";
import type { NetworkAcl, NetworkAclEntry, NetworkFacts, VSwitch } from "./facts.ts";
import { CLIENT_PORTS } from "./packet.ts";
import { flowsTo, openedHosts, type Flow } from "./planned-flows.ts";
import type { PortRange, RequestRevision } from "./request.ts";
import { SAID_MAX } from "./rules.ts";
import { portsOf } from "./rule-match.ts";
import { vSwitchesInScope } from "./scope.ts";
import { opposite, type Side } from "./side.ts";

type Drop = Extract<Check, { check: "networkAclsLetThrough" }>["drops"][number];

export function networkAclsLetThrough(side: Side, request: RequestRevision, facts: NetworkFacts): Check {
  const planned = [...asTarget(side, request, facts), ...asSource(side, request, facts)];
  const unread = new Set<string>();
  const drops = new Map<string, Drop>();
  const acls = new Map(facts[side].networkAcls?.map((acl) => [acl.id, acl]));
  for (const passing of planned) {
    const acl = acls.get(passing.networkAclId);
    if (!acl) unread.add(passing.networkAclId);
    else
      for (const drop of dropsOf(acl, passing)) {
        const key = [drop.networkAclId, drop.direction, drop.entryId, drop.what].join(" ");
        drops.set(key, drops.get(key) ?? drop);
      }
  }
  const level = drops.size > 0 ? "stop" : unread.size > 0 ? "warn" : "ok";
  const check = "networkAclsLetThrough";
  return {
    level,
    check,
    side,
    drops: [...drops.values()].slice(0, SAID_MAX),
    unread: [...unread].toSorted().slice(0, SAID_MAX),
  };
}

/** Planned flows that cross the border of vSwitches with this ACL, in which direction, and who is at the other end. */
interface Passing {
  readonly networkAclId: string;
  readonly flow: Flow;
  readonly direction: "ingress" | "egress";
  /** The vSwitches at the other end, and which addresses in them matter; all when none is given. */
  readonly peers: ReadonlyArray<{ readonly cidr: Cidr; readonly hosts: readonly string[] }>;
}

/** Into the vSwitches of `side` that hold an instance the plan opens, from any vSwitch of the other side. */
function asTarget(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Passing[] {
  const flows = flowsTo(side, request);
  const targets = openedVSwitches(side, request, facts).map(({ vSwitch }) => vSwitch);
  const sources = vSwitchesInScope(request[opposite(side)], facts[opposite(side)]);
  const peers = sources.map(({ cidr }) => ({ cidr, hosts: [] }));
  return passings(targets, flows, "ingress", peers);
}

/** Out of any vSwitch of `side`, to the instances that the plan opens on the other side. */
function asSource(side: Side, request: RequestRevision, facts: NetworkFacts): readonly Passing[] {
  const flows = flowsTo(opposite(side), request);
  const sources = vSwitchesInScope(request[side], facts[side]);
  const peers = openedVSwitches(opposite(side), request, facts).map(({ vSwitch, hosts }) => ({
    cidr: vSwitch.cidr,
    hosts,
  }));
  return passings(sources, flows, "egress", peers);
}

function passings(
  vSwitches: readonly VSwitch[],
  flows: readonly Flow[],
  direction: "ingress" | "egress",
  peers: Passing["peers"],
): readonly Passing[] {
  if (peers.length === 0) return [];
  const ids = new Set(vSwitches.map(({ networkAclId }) => networkAclId).filter((id) => id !== ""));
  return [...ids].flatMap((networkAclId) => flows.map((flow) => ({ networkAclId, flow, direction, peers })));
}

function openedVSwitches(
  side: Side,
  request: RequestRevision,
  facts: NetworkFacts,
): ReadonlyArray<{ readonly vSwitch: VSwitch; readonly hosts: readonly string[] }> {
  const hosts = openedHosts(side, request, facts);
  return facts[side].vSwitches
    .map((vSwitch) => ({
      vSwitch,
      hosts: hosts.filter(({ vSwitchId }) => vSwitchId === vSwitch.id).map(({ privateIp }) => privateIp),
    }))
    .filter((vSwitch) => vSwitch.hosts.length > 0);
}

/** Of the flow and of its reply, the first that does not pass. */
function dropsOf(acl: NetworkAcl, { flow, direction, peers }: Passing): readonly Drop[] {
  const back = direction === "ingress" ? "egress" : "ingress";
  return [...firstDrop(acl, direction, "flow", flow, peers), ...firstDrop(acl, back, "reply", replyTo(flow), peers)];
}

/** A reply goes to the port that the client took for itself. */
function replyTo({ protocol }: Flow): Flow {
  return { protocol, ports: protocol === "TCP" ? { from: CLIENT_PORTS.low, to: CLIENT_PORTS.high } : null };
}

function firstDrop(
  { id: networkAclId, ...acl }: NetworkAcl,
  direction: "ingress" | "egress",
  what: Drop["what"],
  flow: Flow,
  peers: Passing["peers"],
): readonly Drop[] {
  const entries = acl[direction].filter(({ protocol }) => protocol === "ALL" || protocol === flow.protocol).map(parsed);
  for (const { cidr, hosts } of peers) {
    const whole = dropping(entries, blockOf(cidr), flow.ports);
    // Entries about others in the vSwitch do not matter to the instances.
    const stopped =
      whole && hosts.length > 0 ? hosts.map((ip) => dropping(entries, blockOf(ip), flow.ports)).find(Boolean) : whole;
    if (!stopped) continue;
    const { entryId } = stopped;
    const portRange = flow.ports ? `${flow.ports.from}/${flow.ports.to}` : "-1/-1";
    return [{ networkAclId, entryId, direction, what, protocol: flow.protocol, portRange, peerCidr: cidr }];
  }
  return [];
}

interface ParsedEntry {
  readonly id: string;
  readonly drops: boolean;
  readonly block: Block;
  /** Null for all. */
  readonly ports: PortRange | null;
}

function parsed({ id, policy, peerCidr, portRange }: NetworkAclEntry): ParsedEntry {
  return { id, drops: policy === "drop", block: blockOf(peerCidr), ports: portsOf(portRange) };
}

/** The entry that drops some of the packets, with null for the end of the list; null when all of them are accepted. */
function dropping(
  entries: readonly ParsedEntry[],
  block: Block,
  ports: PortRange | null,
): { readonly entryId: string | null } | null {
  const [entry, ...rest] = entries;
  if (!entry) return { entryId: null };
  if (!meets(entry.block, block) || !meetsPorts(entry.ports, ports)) return dropping(rest, block, ports);
  if (entry.drops) return { entryId: entry.id };
  // What this entry does not accept is for the entries after it.
  for (const part of beside(block, entry.block)) {
    const dropped = dropping(rest, part, ports);
    if (dropped) return dropped;
  }
  const both = covers(entry.block, block) ? block : entry.block;
  for (const range of portsBeside(ports, entry.ports)) {
    const dropped = dropping(rest, both, range);
    if (dropped) return dropped;
  }
  return null;
}

function meetsPorts(a: PortRange | null, b: PortRange | null): boolean {
  return a === null || b === null || (a.from <= b.to && b.from <= a.to);
}

/** The parts of a block that another does not have. */
function beside({ first, last }: Block, taken: Block): readonly Block[] {
  return [
    ...(first < taken.first ? [{ first, last: taken.first - 1 }] : []),
    ...(taken.last < last ? [{ first: taken.last + 1, last }] : []),
  ];
}

function portsBeside(ports: PortRange | null, taken: PortRange | null): readonly PortRange[] {
  if (!ports || !taken) return [];
  return [
    ...(ports.from < taken.from ? [{ from: ports.from, to: taken.from - 1 }] : []),
    ...(taken.to < ports.to ? [{ from: taken.to + 1, to: ports.to }] : []),
  ];
}
