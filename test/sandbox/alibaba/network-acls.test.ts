import { DescribeNetworkAclAttributesRequest, DescribeNetworkAclsRequest } from "@alicloud/vpc20160428";
import { expect, test } from "vitest";
import { sdkClients } from "./clients.ts";
import { sideOf } from "./peering.ts";
import { refusedWith, type Sandbox, startSandbox, theOne } from "./sandbox.ts";

const BEIJING = { regionId: "cn-beijing" };

async function addAcl(sandbox: Sandbox, add: object): Promise<string> {
  const { resource } = await sandbox.control("POST", "edit", { ...BEIJING, kind: "networkAcl", add });
  return resource.networkAclId;
}

test("network ACLs are listed with their entries in order and the vSwitches behind them", async () => {
  const sandbox = await startSandbox();
  const { vpc } = sdkClients(sandbox.cloud);
  const seeded = await sideOf(sandbox, { ...BEIJING, vpcName: "behind-acl" });
  const { vSwitches } = await sandbox.state("cn-beijing");
  const behind = theOne(vSwitches, ({ vSwitchName }) => vSwitchName === "behind-acl-b");
  const { body } = await vpc.describeNetworkAcls(new DescribeNetworkAclsRequest({ ...BEIJING, vpcId: seeded.vpcId }));
  const [acl, ...others] = body?.networkAcls?.networkAcl ?? [];
  expect([body?.totalCount, others]).toEqual(["1", []]);
  expect(acl).toMatchObject({
    networkAclId: behind.networkAclId,
    networkAclName: "behind-acl-b",
    vpcId: seeded.vpcId,
    regionId: "cn-beijing",
    status: "Available",
    ownerId: Number(sandbox.cloud.accountId),
    resources: { resource: [{ resourceId: behind.vSwitchId, resourceType: "VSwitch" }] },
  });
  expect(acl?.ingressAclEntries?.ingressAclEntry).toMatchObject([
    { policy: "accept", protocol: "all", port: "-1/-1", sourceCidrIp: "0.0.0.0/0", ipVersion: "IPv4" },
  ]);
  expect(acl?.egressAclEntries?.egressAclEntry).toMatchObject([
    { policy: "accept", protocol: "all", port: "-1/-1", destinationCidrIp: "10.13.0.0/16", entryType: "custom" },
  ]);
  const byId = new DescribeNetworkAclAttributesRequest({ ...BEIJING, networkAclId: behind.networkAclId });
  const { body: one } = await vpc.describeNetworkAclAttributes(byId);
  expect(one?.networkAclAttribute).toMatchObject({ networkAclName: "behind-acl-b", vpcId: seeded.vpcId });
  const unknown = sandbox.vpc("DescribeNetworkAclAttributes", { RegionId: "cn-beijing", NetworkAclId: "nacl-none" });
  expect(await refusedWith(unknown)).toBe("InvalidNetworkAcl.NotFound");
});

test("network ACLs are made, changed and removed by hand, and listed by vSwitch, name and tag", async () => {
  const sandbox = await startSandbox();
  const { vpcId } = await sideOf(sandbox, { ...BEIJING, vpcName: "shared-data" });
  const tags = [{ key: "owner", value: "data" }];
  const id = await addAcl(sandbox, { vpcId, networkAclName: "db", ingress: [{ policy: "drop" }], tags });
  await addAcl(sandbox, { vpcId, networkAclName: "empty" });
  const { vSwitches } = await sandbox.state("cn-beijing");
  const vSwitch = theOne(vSwitches, ({ vSwitchName }) => vSwitchName === "shared-data-a");
  const edit = (change: object): Promise<unknown> => sandbox.control("POST", "edit", { ...BEIJING, ...change });
  await edit({ kind: "vSwitch", id: vSwitch.vSwitchId, set: { networkAclId: id } });
  const entries = [
    { policy: "accept", protocol: "tcp", port: "5432/5432", cidrBlock: "192.168.0.0/16" },
    { policy: "drop", protocol: "icmp" },
  ];
  await edit({ kind: "networkAcl", id, set: { ingress: entries, status: "Modifying" } });
  const list = async (params: object): Promise<ReadonlyArray<Readonly<Record<string, any>>>> => {
    const answer = await sandbox.vpc("DescribeNetworkAcls", { RegionId: "cn-beijing", ...params });
    return answer["NetworkAcls"].NetworkAcl;
  };
  const listed = await list({ ResourceType: "VSwitch", ResourceId: vSwitch.vSwitchId });
  expect(listed).toMatchObject([{ NetworkAclId: id, Status: "Modifying" }]);
  const shown = listed[0]?.["IngressAclEntries"].IngressAclEntry;
  expect(shown).toMatchObject([
    { Policy: "accept", Protocol: "tcp", Port: "5432/5432", SourceCidrIp: "192.168.0.0/16" },
    { Policy: "drop", Protocol: "icmp", Port: "-1/-1", SourceCidrIp: "0.0.0.0/0" },
  ]);
  expect(new Set(shown.map((entry: { NetworkAclEntryId: string }) => entry.NetworkAclEntryId)).size).toBe(2);
  expect(await list({ NetworkAclName: "empty" })).toMatchObject([{ IngressAclEntries: { IngressAclEntry: [] } }]);
  expect(await list({ Tags: [{ Key: "owner", Value: "data" }] })).toMatchObject([{ NetworkAclId: id }]);
  expect(await list({ VpcId: vpcId, PageSize: 1, PageNumber: 2 })).toMatchObject([{ NetworkAclName: "empty" }]);
  await edit({ kind: "networkAcl", id, remove: true });
  expect(await list({ NetworkAclId: id })).toEqual([]);
  const after = await sandbox.state("cn-beijing");
  expect(theOne(after.vSwitches, ({ vSwitchId }) => vSwitchId === vSwitch.vSwitchId).networkAclId).toBe("");
});
