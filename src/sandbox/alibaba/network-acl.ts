import type { Site } from "./build.ts";
import { seededId } from "./ids.ts";
import { parseIpv4, textContainsAddress } from "./cidr.ts";
import { holdsForAll, type PortRange, textContainsPort } from "./service.ts";
import type { Region, Tag, VSwitch } from "./world.ts";

/** What may cross the border of the vSwitches that name it. */
export interface NetworkAcl {
  readonly networkAclId: string;
  readonly vpcId: string;
  networkAclName: string;
  description: string;
  status: "Available" | "Modifying";
  /** In the order in which they are tried. */
  ingress: ReadonlyArray<NetworkAclEntry>;
  egress: ReadonlyArray<NetworkAclEntry>;
  tags: ReadonlyArray<Tag>;
  readonly createdAt: number;
}

/** One entry; lower case, as the API prints it. */
export interface NetworkAclEntry {
  readonly networkAclEntryId: string;
  readonly networkAclEntryName: string;
  readonly description: string;
  readonly policy: "accept" | "drop";
  readonly protocol: "all" | "tcp" | "udp" | "icmp" | "gre";
  /** Destination ports: `5432/5432`, or `-1/-1` for all. */
  readonly port: string;
  /** Source of what comes in, destination of what goes out. */
  readonly cidrBlock: string;
}

/** What an entry has besides its id; what is left out is `all`, every port and every address. */
export type NetworkAclEntryContent = Pick<NetworkAclEntry, "policy"> &
  Partial<Omit<NetworkAclEntry, "networkAclEntryId">>;

/** A packet at the border of a vSwitch. */
export interface CrossingPacket {
  readonly direction: "ingress" | "egress";
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly protocol: "ICMP" | "TCP";
  /** Where its destination port is one of these; undefined for ICMP, which has no ports. */
  readonly destinationPorts?: PortRange;
}

/** Adds a network ACL; no vSwitch names it yet. */
export function buildNetworkAcl(
  site: Site,
  acl: Pick<NetworkAcl, "vpcId" | "networkAclName"> &
    Partial<Pick<NetworkAcl, "description" | "status" | "tags">> & {
      readonly ingress?: ReadonlyArray<NetworkAclEntryContent>;
      readonly egress?: ReadonlyArray<NetworkAclEntryContent>;
    },
): NetworkAcl {
  const { ingress = [], egress = [], ...given } = acl;
  const networkAclId = site.id("nacl", acl.networkAclName);
  const built: NetworkAcl = {
    networkAclId,
    description: "",
    status: "Available",
    tags: [],
    createdAt: site.at,
    ...given,
    ingress: buildEntries(site.region, `${networkAclId}/ingress`, ingress),
    egress: buildEntries(site.region, `${networkAclId}/egress`, egress),
  };
  site.region.networkAcls.set(networkAclId, built);
  return built;
}

/** The network ACL of a vSwitch; undefined when it has none. */
export function networkAclOf(region: Region, vSwitch: VSwitch | undefined): NetworkAcl | undefined {
  return region.networkAcls.get(vSwitch?.networkAclId ?? "");
}

/**
 * Whether a network ACL lets a packet over the border of its vSwitch.
 *
 * Entries are tried in order and the first that matches decides; what none of them matches is dropped. Where the packet
 * may have any of several destination ports, each of them has to be let through. It is stateless: a reply is a packet
 * like any other.
 *
 * https://www.alibabacloud.com/help/en/vpc/user-guide/network-acl-overview (read 2026-11-26)
 */
export function networkAclAllows(acl: NetworkAcl, packet: CrossingPacket): boolean {
  const entries = acl[packet.direction].filter((entry) => entryMatches(entry, packet));
  const { destinationPorts } = packet;
  if (destinationPorts === undefined) return entries[0]?.policy === "accept";
  return holdsForAll(
    destinationPorts,
    entries.map((entry) => entry.port),
    (port) => entries.find((entry) => textContainsPort(entry.port, port))?.policy === "accept",
  );
}

/** Entries in their order; the id of each comes from its place and content. */
export function buildEntries(
  { regionId }: Region,
  place: string,
  contents: ReadonlyArray<NetworkAclEntryContent>,
): ReadonlyArray<NetworkAclEntry> {
  return contents.map((content, index) => ({
    networkAclEntryId: seededId({ kind: "nae", regionId, name: `${place}/${index}/${JSON.stringify(content)}` }),
    networkAclEntryName: "",
    description: "",
    protocol: "all",
    port: "-1/-1",
    cidrBlock: "0.0.0.0/0",
    ...content,
  }));
}

/** All but the ports. */
function entryMatches(entry: NetworkAclEntry, packet: CrossingPacket): boolean {
  const peer = parseIpv4(packet.direction === "ingress" ? packet.sourceIp : packet.destinationIp);
  const isProtocol = entry.protocol === "all" || entry.protocol.toUpperCase() === packet.protocol;
  return isProtocol && peer !== undefined && textContainsAddress(entry.cidrBlock, peer);
}
