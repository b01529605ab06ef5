import type { NetworkAcl, NetworkAclEntry } from "../network-acl.ts";
import { numberedPage } from "../paging.ts";
import { requiredText, text } from "../parameters.ts";
import { refuse } from "../refusal.ts";
import { type Call, type Operation, timeText } from "../simulation.ts";
import { carriesTags, matches } from "./find.ts";

/**
 * The network ACLs of a region with their entries in order, and the vSwitches that each is associated with.
 *
 * https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describenetworkacls (read 2026-11-26)
 */
export const describeNetworkAcls: Operation = {
  kind: "read",
  run(call) {
    const { parameters } = call;
    const found = [...call.region.networkAcls.values()].filter(
      (acl) =>
        matches(parameters, "NetworkAclId", acl.networkAclId) &&
        matches(parameters, "NetworkAclName", acl.networkAclName) &&
        matches(parameters, "VpcId", acl.vpcId) &&
        isAssociated(call, acl) &&
        carriesTags(parameters, acl.tags, "Tags"),
    );
    const { items, ...numbers } = numberedPage(found, parameters, { fallback: 10, max: 50 });
    return { body: { ...numbers, NetworkAcls: { NetworkAcl: items.map((acl) => shown(call, acl)) } } };
  },
};

/** One network ACL, as in the list. */
export const describeNetworkAclAttributes: Operation = {
  kind: "read",
  run(call) {
    const acl = call.region.networkAcls.get(requiredText(call.parameters, "NetworkAclId"));
    if (acl === undefined) {
      const message = "The specified network ACL does not exist.";
      refuse({ status: 404, code: "InvalidNetworkAcl.NotFound", message });
    }
    return { body: { NetworkAclAttribute: shown(call, acl) } };
  },
};

/** ResourceType and ResourceId count only together. */
function isAssociated(call: Call, acl: NetworkAcl): boolean {
  const type = text(call.parameters, "ResourceType");
  const id = text(call.parameters, "ResourceId");
  if (type === undefined || id === undefined) return true;
  return type === "VSwitch" && call.region.vSwitches.get(id)?.networkAclId === acl.networkAclId;
}

function shown(call: Call, acl: NetworkAcl): Readonly<Record<string, unknown>> {
  const associated = [...call.region.vSwitches.values()].filter(
    ({ networkAclId }) => networkAclId === acl.networkAclId,
  );
  const ownerId = call.region.vpcs.get(acl.vpcId)?.ownerId ?? call.world.accountId;
  return {
    NetworkAclId: acl.networkAclId,
    NetworkAclName: acl.networkAclName,
    Description: acl.description,
    Status: acl.status,
    RegionId: call.region.regionId,
    VpcId: acl.vpcId,
    OwnerId: Number(ownerId),
    IngressAclEntries: {
      IngressAclEntry: acl.ingress.map((entry) => ({ ...shownEntry(entry), SourceCidrIp: entry.cidrBlock })),
    },
    EgressAclEntries: {
      EgressAclEntry: acl.egress.map((entry) => ({ ...shownEntry(entry), DestinationCidrIp: entry.cidrBlock })),
    },
    Resources: {
      Resource: associated.map(({ vSwitchId }) => ({
        ResourceId: vSwitchId,
        ResourceType: "VSwitch",
        Status: "Available",
      })),
    },
    Tags: { Tag: acl.tags.map((tag) => ({ Key: tag.key, Value: tag.value })) },
    CreationTime: timeText(acl.createdAt),
  };
}

function shownEntry(entry: NetworkAclEntry): Readonly<Record<string, unknown>> {
  return {
    NetworkAclEntryId: entry.networkAclEntryId,
    NetworkAclEntryName: entry.networkAclEntryName,
    Description: entry.description,
    EntryType: "custom",
    IpVersion: "IPv4",
    Policy: entry.policy,
    Protocol: entry.protocol,
    Port: entry.port,
  };
}
