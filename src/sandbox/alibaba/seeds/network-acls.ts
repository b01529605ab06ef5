import type { Site } from "../build.ts";
import { buildNetworkAcl } from "../network-acl.ts";

/** Puts the second vSwitch of `behind-acl` behind a network ACL that forgets about replies. */
export function seedNetworkAcls(site: Site): void {
  const vSwitch = [...site.region.vSwitches.values()].find(({ vSwitchName }) => vSwitchName === "behind-acl-b");
  const vpc = site.region.vpcs.get(vSwitch?.vpcId ?? "");
  if (vSwitch === undefined || vpc === undefined) return;
  const acl = buildNetworkAcl(site, {
    vpcId: vpc.vpcId,
    networkAclName: "behind-acl-b",
    ingress: [{ policy: "accept" }],
    egress: [{ policy: "accept", cidrBlock: vpc.cidrBlock }],
  });
  vSwitch.networkAclId = acl.networkAclId;
}
