/**
 * What the security groups of an instance let through, for all services at once; `judgeGroups` says it of one packet.
 */
import { meets, type Block } from "./cidr.ts";
import type { SecurityGroup, SecurityGroupRule, SideFacts } from "./facts.ts";
import {
  bordersBelow,
  bordersOf,
  foundIn,
  NOT_READ,
  passingBoth,
  type Around,
  type Gate,
  type Passing,
  type Peer,
  type ReadBlock,
} from "./gates.ts";
import { CLIENT_PORTS, holdsPort, tellingPorts } from "./packet.ts";
import { acceptsByDefault, type Direction } from "./security-group-rules.ts";
import {
  ALL_SERVICES,
  ICMP_SERVICE,
  inBoth,
  inEither,
  NO_SERVICES,
  servicesOf,
  without,
  type Services,
} from "./services.ts";

interface ReadRule {
  readonly policy: "accept" | "drop";
  readonly priority: number;
  /** Null where the far end is no block. */
  readonly peer: Block | null;
  readonly peerGroupId: string;
  /** It may match any address. */
  readonly isPrefixList: boolean;
  /** Null for all addresses of its group. */
  readonly own: Block | null;
  readonly services: Services;
  readonly sourcePortRange: string;
}

/** Rules of one direction, each read once; those about addresses where no peer is are left out. */
export type ReadRules = (group: SecurityGroup, direction: Direction) => readonly ReadRule[];

export function rulesReader({ block, peers }: Around): ReadRules {
  const known = { ingress: new Map<SecurityGroup, ReadRule[]>(), egress: new Map<SecurityGroup, ReadRule[]>() };
  return (group, direction) =>
    foundIn(known[direction], group, () =>
      (group.rules ?? [])
        .filter((rule) => rule.direction === direction && (rule.peerCidr === "" || meets(block(rule.peerCidr), peers)))
        .map((rule) => read(rule, block)),
    );
}

function read(rule: SecurityGroupRule, block: ReadBlock): ReadRule {
  const { policy, priority, peerCidr, ownCidr, peerGroupId, peerPrefixListId, protocol, portRange } = rule;
  return {
    policy,
    priority,
    peer: peerCidr === "" ? null : block(peerCidr),
    peerGroupId,
    isPrefixList: peerPrefixListId !== "",
    own: ownCidr === "" ? null : block(ownCidr),
    // A rule for all protocols has no ports of its own.
    services: protocol === "ALL" ? ALL_SERVICES : servicesOf(protocol, portRange),
    sourcePortRange: rule.sourcePortRange,
  };
}

/** The groups of one host, as `judgeGroups` has them. */
export function groupsGate(direction: Direction, own: Peer, { securityGroups }: SideFacts, readRules: ReadRules): Gate {
  const groups = own.securityGroupIds.map((id) => securityGroups.find((group) => group.id === id));
  if (!groups.every((group): group is SecurityGroup => Boolean(group?.rules))) return () => NOT_READ;
  const rules = groups
    .flatMap((group) => readRules(group, direction))
    .filter((rule) => rule.own === null || meets(rule.own, own.address))
    .toSorted((a, b) => a.priority - b.priority || Number(b.policy === "drop") - Number(a.policy === "drop"));
  const borders = bordersOf(rules.flatMap(({ peer }) => peer ?? []));
  const named = new Set<string>(rules.map(({ peerGroupId }) => peerGroupId).filter((id) => id !== ""));
  const known = new Map<string, Passing>();
  return (peer) => {
    const byDefault = acceptsByDefault(direction, groups, peer.securityGroupIds);
    const members = named.size === 0 ? "" : peer.securityGroupIds.filter((id) => named.has(id)).join(" ");
    // The rules tell no more of a peer than this.
    const key = `${bordersBelow(peer.address.first, borders)} ${byDefault} ${members}`;
    return foundIn(known, key, () =>
      byRules(
        rules.filter((rule) => matches(rule, peer)),
        byDefault,
      ),
    );
  };
}

function matches({ peer: block, isPrefixList, peerGroupId }: ReadRule, peer: Peer): boolean {
  if (block !== null) return meets(block, peer.address);
  return isPrefixList || peer.securityGroupIds.some((id) => id === peerGroupId);
}

/** A client's port may be any of them, so what one of them is refused is refused. */
function byRules(matching: readonly ReadRule[], byDefault: boolean): Passing {
  const ports = tellingPorts(
    CLIENT_PORTS,
    matching.map(({ sourcePortRange }) => sourcePortRange),
  );
  return ports
    .map((port) =>
      decided(
        matching.map((rule) =>
          port === null || holdsPort(rule.sourcePortRange, port)
            ? rule
            : { ...rule, services: inBoth(rule.services, ICMP_SERVICE) },
        ),
        byDefault,
      ),
    )
    .reduce(passingBoth);
}

/** `rules`: strongest first. The first that is about a service decides, and a prefix list before it may have. */
function decided(rules: readonly ReadRule[], byDefault: boolean): Passing {
  let [sure, maybe, open] = [NO_SERVICES, NO_SERVICES, ALL_SERVICES];
  let [mayAccept, mayDrop] = [NO_SERVICES, NO_SERVICES];
  const decide = (services: Services, isAccepted: boolean) => {
    if (isAccepted) sure = inEither(sure, without(services, mayDrop));
    maybe = inEither(maybe, isAccepted ? services : inBoth(services, mayAccept));
  };
  for (const { services, policy, isPrefixList } of rules) {
    const undecided = inBoth(open, services);
    if (undecided.length === 0) continue;
    if (!isPrefixList) {
      decide(undecided, policy === "accept");
      open = without(open, undecided);
    } else if (policy === "accept") mayAccept = inEither(mayAccept, undecided);
    else mayDrop = inEither(mayDrop, undecided);
  }
  decide(open, byDefault);
  return { sure, maybe };
}
