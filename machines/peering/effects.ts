/**
 * What the core asks of the world. An effect is named after the API verb it ends in, so one search finds the step that
 * asks for it, the handler that does it, the port, the sandbox operation and the documentation.
 *
 * Ids that do not exist when a plan is approved (the router interfaces it will make) are named by side; the handler
 * finds them among what the peering has made.
 */
import type { Cidr } from "../network/cidr.ts";
import type { InstanceId, RegionId, RouteTableId, SecurityGroupId, VpcId, VRouterId } from "../network/facts.ts";
import type { Spec } from "../network/rules.ts";
import type { Side } from "../network/side.ts";
import type { TestTries } from "../network/test-output.ts";

/** One thing a step does. Only `checkPlan` and `runConnectivityTest` leave the network as it is. */
export type StepEffect =
  | CheckPlan
  | RouterInterfaceEffect
  | VpcPeerEffect
  | CreateRouteEntry
  | AuthorizeSecurityGroup
  | RunConnectivityTest
  | DeleteRouteEntry
  | RevokeSecurityGroup;

export type RouterInterfaceEffect =
  | CreateRouterInterface
  | ModifyRouterInterfaceAttribute
  | ConnectRouterInterface
  | DeactivateRouterInterface
  | DeleteRouterInterface;

export type VpcPeerEffect = CreateVpcPeerConnection | DeleteVpcPeerConnection;

export type StepEffectType = StepEffect["type"];

/** Reads the network again and holds the approved plan against it, before the first write. */
interface CheckPlan {
  readonly type: "checkPlan";
}

export interface CreateRouterInterface {
  readonly type: "createRouterInterface";
  readonly side: Side;
  readonly regionId: RegionId;
  readonly role: "InitiatingSide" | "AcceptingSide";
  readonly routerId: VRouterId;
  readonly spec: Spec | "Negative";
  readonly oppositeRegionId: RegionId;
  readonly oppositeRouterId: VRouterId;
}

/** Tells the interface of `side` which interface is opposite it. */
export interface ModifyRouterInterfaceAttribute {
  readonly type: "modifyRouterInterfaceAttribute";
  readonly side: Side;
  readonly regionId: RegionId;
  readonly oppositeRouterId: VRouterId;
}

/** Connects from the initiator; done when both interfaces are `Active`. */
export interface ConnectRouterInterface {
  readonly type: "connectRouterInterface";
  readonly side: "initiator";
  readonly regionId: RegionId;
  readonly oppositeRegionId: RegionId;
}

/** One resource for both ends, made from the initiator's. */
export interface CreateVpcPeerConnection {
  readonly type: "createVpcPeerConnection";
  readonly side: "initiator";
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
  readonly acceptingRegionId: RegionId;
  readonly acceptingVpcId: VpcId;
  /** Null within one region, where there is nothing to choose. */
  readonly link: { readonly bandwidthMbps: number; readonly type: "Gold" | "Platinum" } | null;
}

export interface DeleteVpcPeerConnection {
  readonly type: "deleteVpcPeerConnection";
  readonly side: "initiator";
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
  readonly acceptingVpcId: VpcId;
}

/** A route entry whose next hop is this side's end of the connection. */
export interface CreateRouteEntry extends RouteEntryPlace {
  readonly type: "createRouteEntry";
}

export interface DeleteRouteEntry extends RouteEntryPlace {
  readonly type: "deleteRouteEntry";
}

interface RouteEntryPlace {
  readonly side: Side;
  readonly regionId: RegionId;
  readonly vpcId: VpcId;
  readonly routeTableId: RouteTableId;
  readonly destination: Cidr;
}

export interface AuthorizeSecurityGroup extends GroupRules {
  readonly type: "authorizeSecurityGroup";
}

export interface RevokeSecurityGroup extends GroupRules {
  readonly type: "revokeSecurityGroup";
}

/** Rules of one direction on one group: AuthorizeSecurityGroup for ingress, AuthorizeSecurityGroupEgress for egress. */
interface GroupRules {
  readonly side: Side;
  readonly regionId: RegionId;
  readonly securityGroupId: SecurityGroupId;
  readonly direction: "ingress" | "egress";
  readonly rules: readonly PlannedRule[];
}

export interface PlannedRule {
  readonly protocol: "TCP" | "ICMP";
  /** `5432/5432`; `-1/-1` for ICMP. */
  readonly portRange: string;
  readonly peerCidr: Cidr;
  /** Narrows it at the near end, for a rule that is about one host of the group; left out, it is about all of them. */
  readonly ownCidr?: Cidr;
}

/** Ping and TCP connections from this side's test instance to the other side's, by Cloud Assistant. */
export interface RunConnectivityTest extends TestTries {
  readonly type: "runConnectivityTest";
  readonly side: Side;
  readonly regionId: RegionId;
  readonly instanceId: InstanceId;
  readonly targetRegionId: RegionId;
  readonly targetInstanceId: InstanceId;
}

export interface DeactivateRouterInterface {
  readonly type: "deactivateRouterInterface";
  readonly side: Side;
  readonly regionId: RegionId;
}

export interface DeleteRouterInterface {
  readonly type: "deleteRouterInterface";
  readonly side: Side;
  readonly regionId: RegionId;
  readonly routerId: VRouterId;
}
