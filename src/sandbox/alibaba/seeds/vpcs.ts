import { type Site, buildVpc } from "../build.ts";
import type { Vpc } from "../world.ts";

/** A VPC of the seed. Its third byte is free: vSwitches and instances are laid out in it by their own seeds. */
export interface SeededVpc {
  readonly vpcName: string;
  readonly regionId: string;
  /** Always a /16. */
  readonly cidrBlock: string;
  /** What somebody who peers with it will meet. */
  readonly shows: string;
  readonly more?: Partial<
    Pick<Vpc, "secondaryCidrBlocks" | "userCidrs" | "status" | "ownerId" | "cenIds" | "cloudResources" | "tags">
  >;
}

/** The two VPCs of the tutorial, and then one VPC for each thing that can stand in the way. */
export const VPCS: ReadonlyArray<SeededVpc> = [
  {
    vpcName: "orders-prod",
    regionId: "cn-qingdao",
    cidrBlock: "192.168.0.0/16",
    shows: "the tutorial's initiator: nine hosts, test hosts `orders-prod-1` and `orders-prod-6`",
    more: { tags: [{ key: "owner", value: "orders" }] },
  },
  {
    vpcName: "shared-data",
    regionId: "cn-beijing",
    cidrBlock: "172.16.0.0/16",
    shows:
      "the tutorial's acceptor: fourteen hosts, one tagged `pci`, three that an older rule opens to 192.168.0.0/16; TCP 5432 open on the ledger hosts; an RDS and an SLB, which no security group guards",
    more: {
      tags: [{ key: "owner", value: "data" }],
      cloudResources: [
        { type: "RDS", count: 1 },
        { type: "SLB", count: 1 },
      ],
    },
  },
  {
    vpcName: "overlap-primary",
    regionId: "cn-hangzhou",
    cidrBlock: "192.168.0.0/16",
    shows: "the same primary block as `orders-prod`",
  },
  {
    vpcName: "overlap-secondary",
    regionId: "cn-shanghai",
    cidrBlock: "10.2.0.0/16",
    shows: "only a secondary block, 192.168.64.0/20, overlaps `orders-prod`",
    more: { secondaryCidrBlocks: ["192.168.64.0/20"] },
  },
  {
    vpcName: "other-account",
    regionId: "cn-hangzhou",
    cidrBlock: "10.3.0.0/16",
    shows: "belongs to another account",
    more: { ownerId: "6543210987654321" },
  },
  {
    vpcName: "still-pending",
    regionId: "cn-shanghai",
    cidrBlock: "10.4.0.0/16",
    shows: "the VPC is `Pending`",
    more: { status: "Pending" },
  },
  {
    vpcName: "no-test-host",
    regionId: "cn-beijing",
    cidrBlock: "10.5.0.0/16",
    shows: "its running host is not opted in to tests",
  },
  {
    vpcName: "stopped-host",
    regionId: "cn-beijing",
    cidrBlock: "10.6.0.0/16",
    shows: "its test host is stopped",
  },
  {
    vpcName: "offline-agent",
    regionId: "cn-beijing",
    cidrBlock: "10.7.0.0/16",
    shows: "the Cloud Assistant agent of its test host does not answer",
  },
  {
    vpcName: "alpine-host",
    regionId: "cn-qingdao",
    cidrBlock: "10.8.0.0/16",
    shows: "its test host runs Alpine: BusyBox ping, and only as root",
  },
  {
    vpcName: "windows-host",
    regionId: "cn-shanghai",
    cidrBlock: "10.9.0.0/16",
    shows: "its test host runs Windows",
  },
  {
    vpcName: "enterprise-group",
    regionId: "cn-hangzhou",
    cidrBlock: "10.10.0.0/16",
    shows: "its hosts are in an advanced (enterprise) security group: nothing in or out without a rule",
  },
  {
    vpcName: "managed-group",
    regionId: "cn-hangzhou",
    cidrBlock: "10.11.0.0/16",
    shows: "its security group is managed by a cloud service and cannot be changed",
  },
  {
    vpcName: "drop-rule",
    regionId: "cn-qingdao",
    cidrBlock: "10.12.0.0/16",
    shows: "its security group drops all ICMP with priority 1",
  },
  {
    vpcName: "behind-acl",
    regionId: "cn-beijing",
    cidrBlock: "10.13.0.0/16",
    shows:
      "a network ACL on its second vSwitch, with the test host `behind-acl-2`, lets everything in, and out only to its own VPC: no reply gets back",
  },
  {
    vpcName: "custom-table",
    regionId: "cn-beijing",
    cidrBlock: "10.14.0.0/16",
    shows: "a custom route table serves its second vSwitch, with the test host `custom-table-2`",
  },
  {
    vpcName: "gateway-table",
    regionId: "cn-hangzhou",
    cidrBlock: "10.15.0.0/16",
    shows: "it has a route table of type Gateway, which takes no entries",
  },
  {
    vpcName: "full-table",
    regionId: "cn-beijing",
    cidrBlock: "10.16.0.0/16",
    shows: "its system route table holds 200 custom entries of 200",
  },
  {
    vpcName: "peered-east",
    regionId: "cn-shanghai",
    cidrBlock: "10.17.0.0/16",
    shows: "it is connected to `peered-west` by hand, with routes both ways",
  },
  {
    vpcName: "peered-west",
    regionId: "cn-hangzhou",
    cidrBlock: "10.18.0.0/16",
    shows: "the other side of `peered-east`",
  },
  {
    vpcName: "four-interfaces",
    regionId: "cn-shanghai",
    cidrBlock: "10.19.0.0/16",
    shows: "its router has four router interfaces, all idle",
  },
  {
    vpcName: "in-a-cen",
    regionId: "cn-shanghai",
    cidrBlock: "10.20.0.0/16",
    shows: "it is attached to a CEN",
    more: { cenIds: ["cen-7qthudw0ll6jmc2x4a"] },
  },
  {
    vpcName: "public-range",
    regionId: "cn-hangzhou",
    cidrBlock: "30.1.0.0/16",
    shows: "its block is public address space, used privately",
  },
  {
    vpcName: "hong-kong",
    regionId: "cn-hongkong",
    cidrBlock: "10.21.0.0/16",
    shows: "outside mainland China: a pair with a region inside is cross-border",
  },
  {
    vpcName: "singapore",
    regionId: "ap-southeast-1",
    cidrBlock: "10.22.0.0/16",
    shows: "outside mainland China; with `hong-kong` it is not cross-border",
  },
  {
    vpcName: "linked-east",
    regionId: "cn-shanghai",
    cidrBlock: "10.23.0.0/16",
    shows: "a VPC peering connection joins it to `linked-west`, with routes both ways",
  },
  {
    vpcName: "linked-west",
    regionId: "cn-hangzhou",
    cidrBlock: "10.24.0.0/16",
    shows: "the other side of `linked-east`",
  },
  {
    vpcName: "linked-out",
    regionId: "ap-southeast-1",
    cidrBlock: "10.25.0.0/16",
    shows: "it has ten VPC peering connections within its region, of ten, all with another account",
  },
];

/** Builds the seeded VPCs of one region. */
export function seedVpcs(site: Site, accountId: string): void {
  for (const { vpcName, regionId, cidrBlock, more } of VPCS) {
    if (regionId !== site.region.regionId) continue;
    buildVpc(site, { vpcName, cidrBlock, ownerId: accountId, ...more });
  }
}

/** A seeded VPC of a region, which is known to be there. */
export function vpcNamed(site: Site, vpcName: string): Vpc {
  const vpc = [...site.region.vpcs.values()].find((candidate) => candidate.vpcName === vpcName);
  if (vpc === undefined) throw new Error(`seeding connections: no VPC ${vpcName}`);
  return vpc;
}
