/**
 * One line of the preflight: what was checked, how it stands, and the fact it rests on, as data.
 *
 * `ok` needs nothing, `warn` is to be read before deciding, `stop` keeps the plan from being made.
 */
import type { Cidr } from "./cidr.ts";
import type {
  InstanceId,
  RegionId,
  RouteTableId,
  RouterInterfaceId,
  SecurityGroupId,
  VpcId,
  VpcPeerConnectionId,
  VSwitchId,
} from "./facts.ts";
import type { ConnectionId } from "./request.ts";
import type { Side, Sides } from "./side.ts";

export type Check = { readonly level: "ok" | "warn" | "stop" } & CheckFact;

export type CheckFact =
  | VpcFact
  | AddressFact
  | RouteFact
  | GroupFact
  | NetworkAclFact
  | TestFact
  | NeighbourFact
  | ConnectionFact
  | PermissionFact;

type VpcFact =
  | { readonly check: "vpcsDistinct"; readonly vpcId: VpcId }
  | { readonly check: "vpcExists"; readonly side: Side; readonly vpcId: VpcId; readonly regionId: RegionId }
  | { readonly check: "vpcAvailable"; readonly side: Side; readonly vpcId: VpcId; readonly status: string }
  | {
      readonly check: "sameAccount";
      readonly side: Side;
      readonly vpcId: VpcId;
      readonly ownerId: string;
      readonly accountId: string;
    }
  /** Whether the pair crosses the border of mainland China, and by which reference the operator allowed that. */
  | {
      readonly check: "borderCrossing";
      readonly regions: Sides<RegionId>;
      readonly crosses: boolean;
      readonly reference: string | null;
    }
  | { readonly check: "vSwitchesFit"; readonly side: Side; readonly unknown: readonly VSwitchId[] };

type AddressFact =
  /** `wouldWork`: the vSwitches of each side that share no address with any vSwitch of the other. */
  | {
      readonly check: "cidrsApart";
      readonly pairs: ReadonlyArray<{ readonly initiator: Cidr; readonly acceptor: Cidr }>;
      readonly wouldWork: Sides<readonly VSwitchId[]>;
    }
  | {
      readonly check: "destinationAllowed";
      readonly side: Side;
      readonly problems: ReadonlyArray<
        | { readonly destination: Cidr; readonly why: "reserved" }
        | {
            readonly destination: Cidr;
            readonly why: "insideVSwitch";
            readonly vSwitchId: VSwitchId;
            readonly vSwitchCidr: Cidr;
          }
      >;
    }
  /** Blocks of the other side that are public ranges and no user CIDR of this side's VPC. */
  | { readonly check: "publicRangesKnown"; readonly side: Side; readonly missing: readonly Cidr[] }
  /** Blocks of the other side in which a Docker host of this side sees its own bridge. */
  | { readonly check: "dockerBridgeApart"; readonly side: Side; readonly destinations: readonly Cidr[] }
  | { readonly check: "ipv4Only"; readonly ipv6Cidrs: readonly string[] };

/** An entry that is there already, and where it leads. */
export interface EntryThere {
  readonly routeTableId: RouteTableId;
  readonly destination: Cidr;
  readonly nextHopType: string;
  readonly nextHopId: string;
}

type RouteFact =
  | { readonly check: "destinationFree"; readonly side: Side; readonly taken: readonly EntryThere[] }
  /** Entries to a part of what will be routed; `vSwitchIds` are those of the other side that it leads away from. */
  | {
      readonly check: "noLongerPrefix";
      readonly side: Side;
      readonly entries: ReadonlyArray<EntryThere & { readonly vSwitchIds: readonly VSwitchId[] }>;
      /** How many there are; `entries` holds the first ones. */
      readonly total: number;
    }
  /** Entries that have carried what will be routed here until now. */
  | {
      readonly check: "trafficStays";
      readonly side: Side;
      readonly entries: readonly EntryThere[];
      readonly total: number;
    }
  /** Entries of an ACK cluster in what will be routed: its controller deletes whatever collides with them. */
  | { readonly check: "podRangesApart"; readonly side: Side; readonly entries: readonly EntryThere[] }
  | {
      readonly check: "routeTableRoom";
      readonly side: Side;
      readonly routeTableId: RouteTableId;
      readonly entries: number;
      /** With what the plan adds. */
      readonly after: number;
      readonly max: number;
    };

type GroupFact =
  | {
      readonly check: "securityGroupsFit";
      readonly side: Side;
      readonly problems: ReadonlyArray<{
        readonly securityGroupId: SecurityGroupId;
        readonly why: "unknown" | "serviceManaged";
      }>;
    }
  /** Drop rules that a packet of the plan meets before our accept, and groups whose rules nobody can see. */
  | {
      readonly check: "noDropWins";
      readonly side: Side;
      readonly drops: ReadonlyArray<{
        readonly securityGroupId: SecurityGroupId;
        readonly ruleId: string;
        readonly direction: "ingress" | "egress";
        readonly protocol: string;
        readonly portRange: string;
        readonly peer: string;
      }>;
      readonly unseen: ReadonlyArray<{
        readonly securityGroupId: SecurityGroupId;
        readonly why: "rulesNotRead" | "prefixList";
      }>;
    }
  /** Instances of this side that their own groups keep from reaching what is opened on the other. */
  | {
      readonly check: "outboundOpen";
      readonly side: Side;
      readonly instances: number;
      readonly securityGroupIds: readonly SecurityGroupId[];
    }
  /** The chosen groups on the network interface that has the most rules. */
  | {
      readonly check: "securityGroupRoom";
      readonly side: Side;
      readonly securityGroupIds: readonly SecurityGroupId[];
      /** With what the plan adds. */
      readonly after: number;
      readonly max: number;
    };

type NetworkAclFact = {
  readonly check: "networkAclsLetThrough";
  readonly side: Side;
  readonly drops: ReadonlyArray<{
    readonly networkAclId: string;
    /** Null when no entry matches, which drops as well. */
    readonly entryId: string | null;
    readonly direction: "ingress" | "egress";
    /** What is dropped: a planned flow, or the reply to it. */
    readonly what: "flow" | "reply";
    readonly protocol: "TCP" | "ICMP";
    readonly portRange: string;
    readonly peerCidr: Cidr;
  }>;
  readonly unread: readonly string[];
};

type TestFact =
  | {
      readonly check: "testInstanceFits";
      readonly side: Side;
      readonly instanceId: InstanceId | null;
      readonly problem: TestInstanceProblem | null;
    }
  /** The test from this side to the other. `securityGroupIds` are those that stop it; `sure` is false when they could not be read. */
  | {
      readonly check: "testGetsThrough";
      readonly side: Side;
      readonly from: InstanceId;
      readonly to: InstanceId;
      readonly stopped: {
        readonly at: Side;
        readonly securityGroupIds: readonly SecurityGroupId[];
        readonly sure: boolean;
      } | null;
    };

type NeighbourFact =
  | {
      readonly check: "noExistingPair";
      readonly existing: {
        readonly side: Side;
        readonly id: RouterInterfaceId | VpcPeerConnectionId;
        readonly status: string;
        readonly name: string;
      } | null;
    }
  /** How many other VPCs this one is connected to. */
  | { readonly check: "fewConnections"; readonly side: Side; readonly vpcId: VpcId; readonly others: number }
  | {
      readonly check: "notTerraformManaged";
      readonly side: Side;
      readonly resources: ReadonlyArray<{ readonly id: VpcId | InstanceId; readonly tag: string }>;
      readonly total: number;
    }
  /** One port of one side is all that opens. */
  | { readonly check: "moreThanOneService"; readonly side: Side; readonly port: number };

type ConnectionFact =
  | { readonly check: "connectionOffered"; readonly connection: ConnectionId }
  | { readonly check: "sizeOffered"; readonly size: string }
  /** The request may open Cloud Data Transfer, a paid service of the account. */
  | { readonly check: "cdtMayOpen"; readonly allowed: boolean }
  /** Null when it could not be read. */
  | {
      readonly check: "outsideCen";
      readonly side: Side;
      readonly vpcId: VpcId;
      readonly cenIds: readonly string[] | null;
    }
  /** How many connections of this kind the VPC has, without the one that is asked for. */
  | {
      readonly check: "connectionRoom";
      readonly side: Side;
      readonly connection: ConnectionId;
      readonly vpcId: VpcId;
      readonly existing: number;
      readonly max: number;
    }
  | {
      readonly check: "noOverdueInterface";
      readonly side: Side;
      readonly overdue: ReadonlyArray<{ readonly id: RouterInterfaceId; readonly businessStatus: string }>;
    }
  | { readonly check: "planFits"; readonly steps: number; readonly max: number };

/** The writes of the plan by their names on the wire, as far as dry runs tell whether the bot may make them. */
type PermissionFact = {
  readonly check: "permissions";
  readonly forbidden: ReadonlyArray<{ readonly api: string; readonly side: Side }>;
  readonly allowed: readonly string[];
  readonly untested: readonly string[];
};

export type TestInstanceProblem =
  | "noneChosen"
  | "unknown"
  | "notRunning"
  | "notOptedIn"
  | "assistantOffline"
  | "outsideScope";

/** The checks that keep a plan from being made. */
export function stops(checks: readonly Check[]): readonly Check[] {
  return checks.filter(({ level }) => level === "stop");
}
