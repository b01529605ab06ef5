/** The README's recipes are run as they stand there, so that nobody copies one that is refused, and shown to do what they say. */
import { readFileSync } from "node:fs";
import { DescribeSecurityGroupAttributeRequest } from "@alicloud/ecs20140526";
import { DescribeRouteEntryListRequest, DescribeVpcAttributeRequest } from "@alicloud/vpc20160428";
import { expect, test } from "vitest";
import { sdkClients } from "./clients.ts";
import { createInterface, peer, repliesTo, sideOf, tutorialSides } from "./peering.ts";
import { type Answer, refusedWith, type Sandbox, startSandbox, theOne } from "./sandbox.ts";

const README = readFileSync(new URL("../../../src/sandbox/alibaba/README.md", import.meta.url), "utf8");

/** The README's changes by hand, by what one meets after them. */
const RECIPES = new Map(
  [...README.matchAll(/^\| (.+) \| `(\{ "regionId".*\})` \|$/gm)].map(([, what = "", edit = ""]) => [what, edit]),
);

async function cook(sandbox: Sandbox, what: string): Promise<Answer> {
  const edit = RECIPES.get(what);
  if (edit === undefined) throw new Error(`the README has no recipe for ${what}`);
  return sandbox.control("POST", "edit", JSON.parse(edit));
}

test.each([...RECIPES.keys()])("the recipe works as it stands there: %s", async (what) => {
  const sandbox = await startSandbox();
  expect(await cook(sandbox, what)).toHaveProperty("resource");
});

test("the SDK reads a VPC's CENs, blocks and tags, and what other services keep in it", async () => {
  const sandbox = await startSandbox();
  const { initiator, acceptor } = await tutorialSides(sandbox);
  const read = async ({ regionId, vpcId }: { regionId: string; vpcId: string }): Promise<Answer> => {
    const request = new DescribeVpcAttributeRequest({ regionId, vpcId });
    return (await sdkClients(sandbox.cloud).vpc.describeVpcAttribute(request)).body as Answer;
  };
  const before = await read(acceptor);
  expect(before["cloudResources"].cloudResourceSetType).toMatchObject([
    { resourceType: "VSwitch", resourceCount: 2 },
    { resourceType: "NetworkAcl", resourceCount: 0 },
    { resourceType: "RouteTable", resourceCount: 1 },
    { resourceType: "Instance", resourceCount: 14 },
    { resourceType: "SecurityGroup", resourceCount: 2 },
    { resourceType: "RDS", resourceCount: 1 },
    { resourceType: "SLB", resourceCount: 1 },
  ]);
  expect([before["associatedCens"].associatedCen, before["userCidrs"].userCidr]).toEqual([[], []]);
  await cook(sandbox, "a VPC is in a CEN");
  await cook(sandbox, "a VPC has Docker's block");
  await cook(sandbox, "a VPC treats the public block of `public-range` as private");
  await cook(sandbox, "services that no security group guards");
  await cook(sandbox, "an ACK cluster's tag");
  expect(await read(acceptor)).toMatchObject({
    associatedCens: { associatedCen: [{ cenId: "cen-7qthudw0ll6jmc2x4a" }] },
    secondaryCidrBlocks: { secondaryCidrBlock: ["172.17.0.0/16"] },
    tags: { tag: [{ key: "owner", value: "data" }] },
  });
  const after = await read(initiator);
  expect(after).toMatchObject({
    userCidrs: { userCidr: ["30.0.0.0/8"] },
    tags: { tag: [{ key: "ack.aliyun.com", value: "c1b2c3d4e5f6" }] },
  });
  expect(after["cloudResources"].cloudResourceSetType).toMatchObject(
    expect.arrayContaining([expect.objectContaining({ resourceType: "RDS", resourceCount: 2 })]),
  );
});

test("the SDK reads a group's inner access and prefix lists; groups are listed with their tags", async () => {
  const sandbox = await startSandbox();
  const { acceptor } = await tutorialSides(sandbox);
  const { regionId, securityGroupId, vpcId } = acceptor;
  const request = new DescribeSecurityGroupAttributeRequest({ regionId, securityGroupId });
  const read = async (): Promise<Answer> =>
    (await sdkClients(sandbox.cloud).ecs.describeSecurityGroupAttribute(request)).body as Answer;
  expect(await read()).toMatchObject({ innerAccessPolicy: "Accept" });
  await cook(sandbox, "a rule for a prefix list, which nobody can see into");
  await cook(sandbox, "members of a group that do not reach each other");
  await cook(sandbox, "a security group that Terraform manages");
  const after = await read();
  expect(after).toMatchObject({ innerAccessPolicy: "Drop" });
  expect(after["permissions"].permission.at(-1)).toMatchObject({
    ipProtocol: "ICMP",
    sourceCidrIp: "",
    sourceGroupId: "",
    sourcePrefixListId: "pl-2ze1x2offices",
  });
  const listed = await sandbox.ecs("DescribeSecurityGroups", { RegionId: regionId, VpcId: vpcId });
  expect(listed["SecurityGroups"].SecurityGroup).toMatchObject([
    { SecurityGroupType: "normal", Tags: { Tag: [{ TagKey: "managed-by", TagValue: "terraform" }] } },
    { SecurityGroupType: "normal", Tags: { Tag: [] } },
  ]);
});

test("a table shows what a CEN taught it beside what somebody wrote; only the latter can be deleted", async () => {
  const sandbox = await startSandbox();
  const { regionId, routeTableId } = (await tutorialSides(sandbox)).acceptor;
  await cook(sandbox, "a CEN has taught a table a part of the other side's block");
  await cook(sandbox, "a VPN carries a part of the other side's block");
  const request = new DescribeRouteEntryListRequest({ regionId, routeTableId, maxResult: 100 });
  const { body } = await sdkClients(sandbox.cloud).vpc.describeRouteEntryList(request);
  const entries = body?.routeEntrys?.routeEntry ?? [];
  const learned = theOne(entries, ({ type }) => type === "CEN");
  expect(learned).toMatchObject({
    destinationCidrBlock: "192.168.0.0/17",
    origin: "RoutePropagation",
    nextHops: { nextHop: [{ nextHopType: "Attachment" }] },
  });
  const written = theOne(entries, ({ destinationCidrBlock }) => destinationCidrBlock === "192.168.1.0/24");
  expect(written).toMatchObject({ type: "Custom", origin: "CustomCreate", status: "Available" });
  const remove = (RouteEntryId = ""): Promise<Answer> =>
    sandbox.vpc("DeleteRouteEntry", { RegionId: regionId, RouteEntryId });
  expect(await refusedWith(remove(learned.routeEntryId))).toBe("OperationDenied.SystemRouteEntry");
  await expect(remove(written.routeEntryId)).resolves.toBeDefined();
});

test.each([
  ["a VPN carries a block around the other side's", 10],
  ["a VPN carries a part of the other side's block", 0],
  ["a CEN has taught a table a part of the other side's block", 0],
  ["a network ACL that lets no reply out", 0],
  ["a network ACL that drops one port", 10],
  ["a drop rule that wins", 10],
  ["nothing listens: connections are refused", 10],
  ["a firewall on the host drops pings", 0],
])("of ten pings through the tutorial's peering, with %s, %i come back", async (what, replies) => {
  const sandbox = await startSandbox();
  const sides = await tutorialSides(sandbox);
  await peer(sandbox, sides);
  const pings = (): Promise<number> => repliesTo(sandbox, sides.initiator, sides.acceptor.privateIp);
  expect(await pings()).toBe(10);
  await cook(sandbox, what);
  expect(await pings()).toBe(replies);
});

test("an overdue interface stops new ones, an overdue peering connection stops what it carried", async () => {
  const sandbox = await startSandbox();
  const east = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "peered-east" });
  const west = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "overlap-primary" });
  const create = (): Promise<Answer> => createInterface(sandbox, { own: east, opposite: west, role: "InitiatingSide" });
  await create();
  await cook(sandbox, "an overdue router interface: none can be made or connected");
  expect(await refusedWith(create())).toBe("Forbidden.BillsOutstanding");
  const [from, to] = [
    await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "linked-east" }),
    await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "linked-west" }),
  ];
  const { securityGroupId } = to;
  const add = { securityGroupId, ipProtocol: "ICMP", portRange: "-1/-1", sourceCidrIp: from.cidrBlock };
  await sandbox.control("POST", "edit", { regionId: to.regionId, kind: "rule", add });
  expect(await repliesTo(sandbox, from, to.privateIp)).toBe(10);
  await cook(sandbox, "an overdue peering connection");
  expect(await repliesTo(sandbox, from, to.privateIp)).toBe(0);
});

test("the tutorial's pair has one sensitive host, and PostgreSQL on the ledger hosts only", async () => {
  const sandbox = await startSandbox();
  const { acceptor } = await tutorialSides(sandbox);
  const { instances } = await sandbox.state("cn-beijing");
  const hosts = instances.filter(({ vpcId }) => vpcId === acceptor.vpcId);
  const named = (isIt: (host: (typeof hosts)[number]) => boolean): string[] =>
    hosts.filter((host) => isIt(host)).map(({ instanceName }) => instanceName);
  expect(named(({ listening }) => listening.includes(5432))).toEqual(["ledger-1", "ledger-2", "ledger-3", "ledger-4"]);
  expect(named(({ tags }) => tags.some(({ key }) => key === "pci"))).toEqual(["db-pay-01"]);
});
