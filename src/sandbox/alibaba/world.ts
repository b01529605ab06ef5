import type { NetworkAcl } from "./network-acl.ts";
import type { PeeringConnection } from "./peering-connection.ts";

/**
 * Everything that exists in the simulated account, region by region.
 *
 * A resource is visible only in the region it was made in. Field names are the API's, in camelCase.
 */
export interface World {
  readonly accountId: string;
  readonly openedServices: OpenedServices;
  readonly regions: ReadonlyMap<string, Region>;
}

/** Paid services that an account opens once, and then has. */
export interface OpenedServices {
  /** Cloud Data Transfer, which bills what peering connections carry between regions. */
  cdt: boolean;
  /** The part of it that bills what crosses the border of mainland China. */
  crossBorderCdt: boolean;
}

/** The resources of one region, by id. */
export interface Region {
  readonly regionId: string;
  readonly vpcs: Map<string, Vpc>;
  readonly vSwitches: Map<string, VSwitch>;
  readonly networkAcls: Map<string, NetworkAcl>;
  readonly routeTables: Map<string, RouteTable>;
  readonly routerInterfaces: Map<string, RouterInterface>;
  /** Those that were requested here; those that are accepted here are in the requester's region. */
  readonly vpcPeerConnections: Map<string, PeeringConnection>;
  readonly securityGroups: Map<string, SecurityGroup>;
  readonly instances: Map<string, Instance>;
  readonly invocations: Map<string, Invocation>;
}

/** VPC prints tags as Key and Value, ECS as TagKey and TagValue. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** A VPC and its one VRouter. */
export interface Vpc {
  readonly vpcId: string;
  readonly vRouterId: string;
  vpcName: string;
  description: string;
  cidrBlock: string;
  secondaryCidrBlocks: ReadonlyArray<string>;
  /** Public ranges that the VPC treats as private; no address space of its own. */
  userCidrs: ReadonlyArray<string>;
  /** Only shown; nothing of IPv6 is simulated. Empty where it is not enabled. */
  ipv6CidrBlock: string;
  status: "Pending" | "Available";
  ownerId: string;
  /** The CENs that the VPC is attached to. */
  cenIds: ReadonlyArray<string>;
  /** What other services keep in it, besides what is simulated of the VPC itself. */
  cloudResources: ReadonlyArray<CloudResource>;
  tags: ReadonlyArray<Tag>;
  readonly createdAt: number;
}

/** How many resources of one type a service keeps in a VPC: `RDS`, `SLB` … */
interface CloudResource {
  readonly type: string;
  readonly count: number;
}

/** A block of addresses of a VPC in one zone. */
export interface VSwitch {
  readonly vSwitchId: string;
  readonly vpcId: string;
  vSwitchName: string;
  cidrBlock: string;
  zoneId: string;
  status: "Pending" | "Available";
  /** The one table that serves it. */
  routeTableId: string;
  /** The network ACL at its border; empty when it has none. */
  networkAclId: string;
  tags: ReadonlyArray<Tag>;
  readonly createdAt: number;
}

/** One System table per VPC; custom tables serve the vSwitches that name them. */
export interface RouteTable {
  readonly routeTableId: string;
  readonly vpcId: string;
  routeTableName: string;
  readonly routeTableType: "System" | "Custom";
  /** A Gateway table serves traffic that comes in through a gateway, never a vSwitch. */
  readonly associateType: "VSwitch" | "Gateway";
  gatewayIds: ReadonlyArray<string>;
  tags: ReadonlyArray<Tag>;
  readonly entries: Map<string, RouteEntry>;
  readonly createdAt: number;
}

/** Destination and next hop; a destination is unique in its table. */
export interface RouteEntry {
  readonly routeEntryId: string;
  routeEntryName: string;
  description: string;
  destinationCidrBlock: string;
  /** `System` of the VPC itself, `Custom` written by somebody, the others learned from a neighbour. */
  readonly type: "System" | "Custom" | "BGP" | "CEN" | "ECR";
  /** `local` for the entries that the VPC makes for its vSwitches, otherwise the API's next hop types. */
  nextHopType: string;
  nextHopId: string;
  status: "Pending" | "Available" | "Deleting";
  modifiedAt: number;
}

/** `Creating` is not in the API's list of statuses; see the fact `interface-before-idle`. */
export type RouterInterfaceStatus =
  | "Creating"
  | "Idle"
  | "Connecting"
  | "AcceptingConnecting"
  | "Activating"
  | "Active"
  | "Modifying"
  | "Deactivating"
  | "Inactive"
  | "Deleting";

/** One side of a connection; each side has a status of its own. */
export interface RouterInterface {
  readonly routerInterfaceId: string;
  readonly role: "InitiatingSide" | "AcceptingSide";
  readonly routerId: string;
  readonly vpcId: string;
  name: string;
  description: string;
  spec: string;
  status: RouterInterfaceStatus;
  businessStatus: "Normal" | "FinancialLocked" | "SecurityLocked";
  readonly oppositeRegionId: string;
  /** The four facts about the other side that ConnectRouterInterface wants; empty while not set. */
  opposite: OppositeSide;
  hcRate: number;
  hcThreshold: number;
  tags: ReadonlyArray<Tag>;
  readonly createdAt: number;
  /** Undefined until the pair was connected for the first time. */
  connectedAt: number | undefined;
}

/** What one side has been told about the other. */
export interface OppositeSide {
  readonly interfaceId: string;
  readonly routerId: string;
  readonly routerType: "" | "VRouter" | "VBR";
  readonly ownerId: string;
}

/** Rules for the instances that are in the group; an instance may be in several. */
export interface SecurityGroup {
  readonly securityGroupId: string;
  readonly vpcId: string;
  securityGroupName: string;
  description: string;
  /** `normal` is what the documentation calls a basic group, `enterprise` an advanced one. */
  readonly securityGroupType: "normal" | "enterprise";
  innerAccessPolicy: "Accept" | "Drop";
  /** Kept by another cloud service; its rules cannot be changed. */
  serviceManaged: boolean;
  rules: ReadonlyArray<SecurityGroupRule>;
  tags: ReadonlyArray<Tag>;
  readonly createdAt: number;
}

/** One rule; text fields that do not apply are empty, as DescribeSecurityGroupAttribute shows them. */
export interface SecurityGroupRule {
  readonly securityGroupRuleId: string;
  readonly direction: "ingress" | "egress";
  readonly policy: "accept" | "drop";
  /** 1–100, smaller wins. */
  readonly priority: number;
  readonly ipProtocol: "TCP" | "UDP" | "ICMP" | "ICMPV6" | "GRE" | "ALL";
  readonly portRange: string;
  readonly sourcePortRange: string;
  readonly sourceCidrIp: string;
  readonly destCidrIp: string;
  readonly ipv6SourceCidrIp: string;
  readonly ipv6DestCidrIp: string;
  readonly sourceGroupId: string;
  readonly destGroupId: string;
  readonly sourcePrefixListId: string;
  readonly destPrefixListId: string;
  readonly description: string;
  readonly createdAt: number;
}

/** An instance with one network interface and one private address. */
export interface Instance {
  readonly instanceId: string;
  instanceName: string;
  hostName: string;
  status: "Pending" | "Running" | "Starting" | "Stopping" | "Stopped";
  image: Image;
  readonly vpcId: string;
  readonly vSwitchId: string;
  readonly zoneId: string;
  readonly privateIp: string;
  readonly networkInterfaceId: string;
  readonly macAddress: string;
  securityGroupIds: ReadonlyArray<string>;
  /** Whether the Cloud Assistant agent answers. */
  agentOnline: boolean;
  /** TCP ports at which something listens. */
  listening: ReadonlyArray<number>;
  /** Whether a firewall on the host itself, which no API shows, drops echo requests. */
  dropsPing: boolean;
  tags: ReadonlyArray<Tag>;
  readonly createdAt: number;
}

/** What runs on an instance, as far as a command can tell. */
export interface Image {
  readonly imageId: string;
  readonly osName: string;
  readonly osType: "linux" | "windows";
  /** Whose ping it carries. */
  readonly ping: "iputils" | "busybox" | "windows";
  readonly users: ReadonlyArray<string>;
}

/** One RunCommand on one or more instances. */
export interface Invocation {
  readonly invokeId: string;
  readonly commandId: string;
  readonly name: string;
  readonly description: string;
  readonly type: string;
  /** As it was sent, Base64. */
  readonly contentBase64: string;
  readonly timeoutS: number;
  readonly username: string;
  readonly workingDir: string;
  readonly tags: ReadonlyArray<Tag>;
  readonly createdAt: number;
  readonly runs: ReadonlyArray<CommandRun>;
}

/** Where a command is on one instance; all but Pending, Running and Stopping are final. */
export type InvocationStatus =
  | "Pending"
  | "Running"
  | "Success"
  | "Failed"
  | "Invalid"
  | "Aborted"
  | "Timeout"
  | "Cancelled"
  | "Stopping"
  | "Terminated";

/** One command on one instance. */
export interface CommandRun {
  readonly instanceId: string;
  status: InvocationStatus;
  /** Undefined until the command has ended by itself. */
  exitCode: number | undefined;
  output: string;
  errorCode: string;
  errorInfo: string;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  stoppedAt: number | undefined;
}
