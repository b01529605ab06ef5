import { z } from "zod";
import { type Editor, required, Tags } from "./editor.ts";
import { buildEntries, buildNetworkAcl } from "./network-acl.ts";

const Entries = z.array(
  z.strictObject({
    policy: z.enum(["accept", "drop"]),
    protocol: z.enum(["all", "tcp", "udp", "icmp", "gre"]).exactOptional(),
    port: z
      .string()
      .regex(/^(-1\/-1|\d{1,5}\/\d{1,5})$/)
      .exactOptional(),
    cidrBlock: z.cidrv4().exactOptional(),
    networkAclEntryName: z.string().exactOptional(),
    description: z.string().exactOptional(),
  }),
);
const Fields = z.strictObject({
  networkAclName: z.string(),
  status: z.enum(["Available", "Modifying"]),
  ingress: Entries,
  egress: Entries,
  tags: Tags,
});
const Add = z.strictObject({
  vpcId: z.string(),
  networkAclName: z.string(),
  /** The vSwitches to put behind it. */
  vSwitchIds: z.array(z.string()).exactOptional(),
  ingress: Entries.exactOptional(),
  egress: Entries.exactOptional(),
  tags: Tags.exactOptional(),
});

/**
 * How network ACLs are changed by hand: the entries of a direction all at once, in their order and without ids. A vSwitch
 * is put behind one when that is added, or by its own `networkAclId`.
 */
export const NETWORK_ACL_EDITOR: Editor = {
  set(region, id, fields) {
    const { ingress, egress, ...changes } = Fields.partial().parse(fields);
    const acl = region.networkAcls.get(id);
    if (acl === undefined) return undefined;
    if (ingress !== undefined) acl.ingress = buildEntries(region, `${id}/ingress`, ingress);
    if (egress !== undefined) acl.egress = buildEntries(region, `${id}/egress`, egress);
    return Object.assign(acl, changes);
  },
  add(site, fields) {
    const { vSwitchIds = [], ...wanted } = Add.parse(fields);
    const { vpcs, vSwitches } = site.region;
    required(vpcs.get(wanted.vpcId), `VPC ${wanted.vpcId}`);
    const behind = vSwitchIds.map((id) => required(vSwitches.get(id), `vSwitch ${id}`));
    const acl = buildNetworkAcl(site, wanted);
    for (const vSwitch of behind) vSwitch.networkAclId = acl.networkAclId;
    return acl;
  },
  remove(region, id) {
    const acl = region.networkAcls.get(id);
    region.networkAcls.delete(id);
    for (const vSwitch of region.vSwitches.values()) if (vSwitch.networkAclId === id) vSwitch.networkAclId = "";
    return acl;
  },
};
