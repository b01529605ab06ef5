/**
 * What the bot has read of the two networks, as plain data.
 *
 * Facts say what is, never what should be. Names are the cloud's own, in camelCase; everything that a plan or a check
 * does not need is left out. They go stale: see `readAt`.
 */
import type { Cidr } from "./cidr.ts";
import type { Side, Sides } from "./side.ts";

export type RegionId = string;
export type VpcId = `vpc-${string}`;
export type VRouterId = `vrt-${string}`;
export type VSwitchId = `vsw-${string}`;
export type RouteTableId = `vtb-${string}`;
export type RouterInterfaceId = `ri-${string}`;
export type VpcPeerConnectionId = `pcc-${string}`;
export type SecurityGroupId = `sg-${string}`;
export type InstanceId = `i-${string}`;

/** Everything that was read for one pair of VPCs. */
export interface NetworkFacts extends Sides<SideFacts> {
  /** When the last of the reads ended, epoch ms of the bot's clock. */
  readonly readAt: number;
  /** The account the credentials belong to, 16 digits. */
  readonly accountId: string;
  /** What is known of the writes that a plan needs; empty when none was tested. */
  readonly permissions: readonly Permission[];
}

/** Whether the credentials may call an action. */
export interface Permission {
  /** As on the wire, such as `CreateRouteEntry`. */
  readonly api: string;
  readonly side: Side;
  /** `untested` when what the cloud answered to a dry run shows neither. */
  readonly state: "allowed" | "forbidden" | "untested";
}

export interface SideFacts {
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
  /** Null when the region has no such VPC, or shows none to this account. */
  readonly vpc: Vpc | null;
  readonly vSwitches: readonly VSwitch[];
  readonly routeTables: readonly RouteTable[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly instances: readonly Instance[];
  /** All router interfaces of the VPC's VRouter, whoever made them. */
  readonly routerInterfaces: readonly RouterInterface[];
  /** All peering connections that the VPC is an end of, whoever made them. */
  readonly vpcPeerConnections: readonly VpcPeerConnection[];
  /** Null when the account may not read them: what they drop is then not known. */
  readonly networkAcls: readonly NetworkAcl[] | null;
}

/** A label of a resource; foreign text. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Vpc {
  readonly id: VpcId;
  /** Empty when it has none; foreign text. */
  readonly name: string;
  readonly regionId: RegionId;
  readonly status: string;
  readonly ownerId: string;
  readonly vRouterId: VRouterId;
  readonly cidr: Cidr;
  readonly secondaryCidrs: readonly Cidr[];
  /** Empty when it has none. */
  readonly ipv6Cidr: string;
  /** Public ranges that the VPC treats as private; no address space of its own. */
  readonly userCidrs: readonly Cidr[];
  /** The CENs it is attached to, by id; null when that could not be read. */
  readonly cenIds: readonly string[] | null;
  /** What other cloud services keep in it, such as load balancers; null when that could not be read. */
  readonly services: readonly CloudService[] | null;
  readonly tags: readonly Tag[];
}

/** Resources of one type in a VPC, as DescribeVpcAttribute counts them (`CloudResourceSetType`). */
export interface CloudService {
  readonly type: string;
  readonly count: number;
}

export interface VSwitch {
  readonly id: VSwitchId;
  readonly name: string;
  readonly cidr: Cidr;
  readonly zoneId: string;
  /** The one table that serves it. */
  readonly routeTableId: RouteTableId;
  /** The network ACL at its border; empty when it has none. */
  readonly networkAclId: string;
}

export interface RouteTable {
  readonly id: RouteTableId;
  readonly name: string;
  readonly type: "System" | "Custom";
  /** Gateway tables route what comes in through a gateway; no vSwitch uses them. */
  readonly associateType: "VSwitch" | "Gateway";
  readonly entries: readonly RouteEntry[];
}

export interface RouteEntry {
  readonly id: string;
  readonly destination: Cidr;
  readonly status: string;
  /** `Custom` entries count against the table's quota. */
  readonly type: string;
  readonly nextHopType: string;
  readonly nextHopId: string;
}

export interface SecurityGroup {
  readonly id: SecurityGroupId;
  readonly name: string;
  readonly type: "normal" | "enterprise";
  /** Managed by another cloud service: must not be edited. */
  readonly serviceManaged: boolean;
  /** Whether members of a basic group reach each other without a rule. */
  readonly innerAccess: "accept" | "drop";
  /** Both directions; null when they were not read or may not be. */
  readonly rules: readonly SecurityGroupRule[] | null;
}

export interface SecurityGroupRule {
  readonly id: string;
  readonly direction: "ingress" | "egress";
  /** Lower case, whatever the cloud answered. */
  readonly policy: "accept" | "drop";
  /** Upper case: TCP, UDP, ICMP, ALL … */
  readonly protocol: string;
  /** `443/443`; `-1/-1` for all. */
  readonly portRange: string;
  /** 1 (strongest) to 100; default rules of enterprise groups carry 110. */
  readonly priority: number;
  /** The block on the far end: source of an ingress rule, destination of an egress rule. Empty for other sources. */
  readonly peerCidr: Cidr;
  /** The far end as a group, where it is one. */
  readonly peerGroupId: string;
  /** The far end as a prefix list, where it is one; what is in the list is not read. */
  readonly peerPrefixListId: string;
  /** Narrows the rule at the near end; empty for all of the group's addresses. */
  readonly ownCidr: Cidr;
  /** Narrows the rule to these ports of the sender; empty for all. */
  readonly sourcePortRange: string;
  readonly description: string;
}

/** Stateless: it looks at each packet by itself, so a reply needs an entry of its own. */
export interface NetworkAcl {
  readonly id: string;
  readonly name: string;
  /** In the order in which they are tried; the first that matches decides. */
  readonly ingress: readonly NetworkAclEntry[];
  readonly egress: readonly NetworkAclEntry[];
}

export interface NetworkAclEntry {
  readonly id: string;
  readonly policy: "accept" | "drop";
  /** Upper case: ALL, TCP, UDP, ICMP, GRE. */
  readonly protocol: string;
  /** Destination ports, `443/443`; `-1/-1` for all. */
  readonly portRange: string;
  /** Source of an ingress entry, destination of an egress entry. */
  readonly peerCidr: Cidr;
}

export interface Instance {
  readonly id: InstanceId;
  readonly name: string;
  readonly status: string;
  readonly osType: "linux" | "windows";
  readonly osName: string;
  readonly vSwitchId: VSwitchId;
  /** The primary private address; empty while it has none. */
  readonly privateIp: string;
  readonly securityGroupIds: readonly SecurityGroupId[];
  /** Its owner allowed the connectivity test on it, by tag. */
  readonly optedIn: boolean;
  /** Cloud Assistant answers on it. */
  readonly assistantOnline: boolean;
  readonly tags: readonly Tag[];
}

export interface RouterInterface {
  readonly id: RouterInterfaceId;
  readonly name: string;
  readonly status: string;
  readonly businessStatus: string;
  readonly role: "InitiatingSide" | "AcceptingSide";
  readonly routerId: string;
  readonly spec: string;
  readonly oppositeInterfaceId: string;
  readonly oppositeRouterId: string;
  readonly oppositeRegionId: RegionId;
}

/** What a route entry of ours leads to. */
export type NextHopType = "RouterInterface" | "VpcPeer";

/** One resource with two ends, seen from both of their regions. */
export interface VpcPeerConnection {
  readonly id: VpcPeerConnectionId;
  readonly name: string;
  readonly status: string;
  readonly businessStatus: string;
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
  readonly acceptingRegionId: RegionId;
  readonly acceptingVpcId: VpcId;
}

/** The VPC's own address space: primary block first. */
export function vpcCidrs(vpc: Vpc): readonly Cidr[] {
  return [vpc.cidr, ...vpc.secondaryCidrs];
}

/** The VPC of that side, for what is done only when a check has found it there. */
export function vpcOf(side: Side, facts: NetworkFacts): Vpc {
  const { vpc } = facts[side];
  if (vpc === null) throw new Error(`planning with a ${side} VPC that does not exist: the preflight must stop first`);
  return vpc;
}

export function isOneRegion({ initiator, acceptor }: Sides<{ readonly regionId: RegionId }>): boolean {
  return initiator.regionId === acceptor.regionId;
}

/** Facts older than this are read again before anything is judged on them, ms. */
export const FACTS_FRESH_MS = 120_000;
