/**
 * What the network ACL of a vSwitch does to a packet at its border. It is stateless: a reply is a packet like any other.
 *
 * https://www.alibabacloud.com/help/en/vpc/user-guide/network-acl-overview (read 2026-11-26)
 */
import type { NetworkAclEntry, SideFacts, VSwitch } from "./facts.ts";
import { covers, holdsPort, isAbout, type Packet, tellingPorts } from "./packet.ts";
import type { Direction } from "./security-group-rules.ts";

export type AclJudgement =
  | { readonly judgement: "accept"; readonly entryId: string }
  | { readonly judgement: "drop"; readonly why: AclDrop }
  | { readonly judgement: "unknown"; readonly why: AclUnknown };

interface AclDrop {
  readonly cause: "aclDrops";
  readonly direction: Direction;
  readonly networkAclId: string;
  /** Null when no entry matches, which drops as well. */
  readonly entryId: string | null;
}

interface AclUnknown {
  readonly cause: "notRead";
  readonly what: "networkAcl";
  readonly id: string;
}

export type AclCause = AclDrop | AclUnknown;

/** Entries are tried in order and the first that matches decides. Call only for a vSwitch that has a network ACL. */
export function judgeAcl(
  direction: Direction,
  packet: Packet,
  { networkAcls }: SideFacts,
  { networkAclId }: VSwitch,
): AclJudgement {
  const acl = networkAcls?.find(({ id }) => id === networkAclId);
  if (!acl) return { judgement: "unknown", why: { cause: "notRead", what: "networkAcl", id: networkAclId } };
  const peerIp = direction === "ingress" ? packet.sourceIp : packet.destinationIp;
  const matching = acl[direction].filter((entry) => isAbout(entry.protocol, packet) && covers(entry.peerCidr, peerIp));
  const ports = tellingPorts(
    packet.destinationPorts,
    matching.map(({ portRange }) => portRange),
  );
  // Where the destination is a client it may have any of the ports, so one that is dropped is one too many.
  const deciding = ports.map((port) => firstFor(port, matching));
  const dropping = deciding.find((entry) => entry?.policy !== "accept");
  const [accepting] = deciding;
  return accepting && !deciding.some((entry) => entry?.policy !== "accept")
    ? { judgement: "accept", entryId: accepting.id }
    : { judgement: "drop", why: { cause: "aclDrops", direction, networkAclId, entryId: dropping?.id ?? null } };
}

function firstFor(port: number | null, entries: readonly NetworkAclEntry[]): NetworkAclEntry | undefined {
  return entries.find(({ portRange }) => port === null || holdsPort(portRange, port));
}
