/**
 * Network ACLs: VPC 2016-04-28. Parameters and answer:
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describenetworkacls (read 2026-11-26).
 */
import { DescribeNetworkAclsRequest } from "@alicloud/vpc20160428";
import { z } from "zod";
import type { NetworkAcl, NetworkAclEntry, RegionId, VpcId } from "../../machines/network/facts.ts";
import type { Cloud } from "./call.ts";
import { isBlock } from "./ids.ts";
import { allNumberedPages } from "./paging.ts";

/** The most that the list gives at once. */
const PAGE_SIZE = 50;

const text = z.string().default("");

const Entry = z.object({
  networkAclEntryId: text,
  policy: z
    .string()
    .toLowerCase()
    .pipe(z.enum(["accept", "drop"])),
  protocol: z.string().toUpperCase(),
  port: z.string(),
  ipVersion: z.string().toUpperCase().default("IPV4"),
});
const IngressEntry = Entry.extend({ sourceCidrIp: z.string() }).refine((entry) =>
  isWithBlock(entry, entry.sourceCidrIp),
);
const EgressEntry = Entry.extend({ destinationCidrIp: z.string() }).refine((entry) =>
  isWithBlock(entry, entry.destinationCidrIp),
);

const NetworkAclFacts = z
  .object({
    networkAclId: z.string().min(1),
    networkAclName: text,
    ingressAclEntries: z.object({ ingressAclEntry: z.array(IngressEntry) }).default({ ingressAclEntry: [] }),
    egressAclEntries: z.object({ egressAclEntry: z.array(EgressEntry) }).default({ egressAclEntry: [] }),
  })
  .transform((acl): NetworkAcl => ({
    id: acl.networkAclId,
    name: acl.networkAclName,
    ingress: acl.ingressAclEntries.ingressAclEntry.filter(isIpv4).map((entry) => entryFacts(entry, entry.sourceCidrIp)),
    egress: acl.egressAclEntries.egressAclEntry
      .filter(isIpv4)
      .map((entry) => entryFacts(entry, entry.destinationCidrIp)),
  }));
const NetworkAclsAnswer = z.object({
  /** A text on the wire. */
  totalCount: z.coerce.number().int(),
  networkAcls: z.object({ networkAcl: z.array(NetworkAclFacts) }),
});

/** An entry that nobody can read may drop anything: then there is no answer. */
function isWithBlock(entry: z.infer<typeof Entry>, cidr: string): boolean {
  return !isIpv4(entry) || isBlock(cidr);
}

function isIpv4({ ipVersion }: z.infer<typeof Entry>): boolean {
  return ipVersion === "IPV4";
}

function entryFacts(entry: z.infer<typeof Entry>, peerCidr: string): NetworkAclEntry {
  const { networkAclEntryId: id, policy, protocol, port: portRange } = entry;
  return { id, policy, protocol, portRange, peerCidr };
}

/** Those of a VPC, each with its entries in the order in which they are tried. */
export function describeNetworkAcls(
  { clients, call }: Cloud,
  regionId: RegionId,
  vpcId: VpcId,
): Promise<readonly NetworkAcl[]> {
  return allNumberedPages("DescribeNetworkAcls", PAGE_SIZE, async (pageNumber) => {
    const request = new DescribeNetworkAclsRequest({ regionId, vpcId, pageNumber, pageSize: PAGE_SIZE });
    const send = () => clients.vpc(regionId).describeNetworkAcls(request);
    const { totalCount, networkAcls } = await call("DescribeNetworkAcls", regionId, send, NetworkAclsAnswer);
    return { totalCount, items: networkAcls.networkAcl };
  });
}
