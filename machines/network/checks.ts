/**
 * One line of the preflight: what was checked, how it stands, and the fact it rests on, as data.
 *
 * `ok` needs nothing, `warn` is to be read before deciding, `stop` keeps the plan from being made.
 */
import type { Cidr } from "./cidr.ts";
import type {
  InstanceId,
  RouteTableId,
  RouterInterfaceId,
  SecurityGroupId,
  VpcId,
  VpcPeerConnectionId,
  VSwitchId,
} from "./facts.ts";
import type { ConnectionId } from "./request.ts";
import type { Side } from "./side.ts";

export type Check = { readonly level: "ok" | "warn" | "stop" } & CheckFact;

export type CheckFact =
  | { readonly check: "vpcsDistinct"; readonly vpcId: VpcId }
  | { readonly check: "vpcExists"; readonly side: Side; readonly vpcId: VpcId; readonly regionId: string }
  | { readonly check: "vpcAvailable"; readonly side: Side; readonly vpcId: VpcId; readonly status: string }
  | {
      readonly check: "sameAccount";
      readonly side: Side;
      readonly vpcId: VpcId;
      readonly ownerId: string;
      readonly accountId: string;
    }
  | {
      readonly check: "cidrsApart";
      readonly pairs: ReadonlyArray<{ readonly initiator: Cidr; readonly acceptor: Cidr }>;
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
  | {
      readonly check: "destinationFree";
      readonly side: Side;
      readonly taken: ReadonlyArray<{
        readonly routeTableId: RouteTableId;
        readonly destination: Cidr;
        readonly nextHopType: string;
        readonly nextHopId: string;
      }>;
    }
  | {
      readonly check: "routeTableRoom";
      readonly side: Side;
      readonly routeTableId: RouteTableId;
      readonly entries: number;
      readonly max: number;
    }
  | {
      readonly check: "noExistingPair";
      readonly existing: {
        readonly side: Side;
        readonly id: RouterInterfaceId | VpcPeerConnectionId;
        readonly status: string;
        readonly name: string;
      } | null;
    }
  | { readonly check: "ipv4Only"; readonly ipv6Cidrs: readonly string[] }
  | { readonly check: "connectionOffered"; readonly connection: ConnectionId }
  | { readonly check: "sizeOffered"; readonly size: string }
  /** The request may open Cloud Data Transfer, a paid service of the account. */
  | { readonly check: "cdtMayOpen"; readonly allowed: boolean }
  | { readonly check: "planFits"; readonly steps: number; readonly max: number }
  | { readonly check: "vSwitchesFit"; readonly side: Side; readonly unknown: readonly VSwitchId[] }
  | {
      readonly check: "securityGroupsFit";
      readonly side: Side;
      readonly problems: ReadonlyArray<{
        readonly securityGroupId: SecurityGroupId;
        readonly why: "unknown" | "serviceManaged";
      }>;
    }
  | {
      readonly check: "testInstanceFits";
      readonly side: Side;
      readonly instanceId: InstanceId | null;
      readonly problem: TestInstanceProblem | null;
    };

export type TestInstanceProblem =
  | "noneChosen"
  | "unknown"
  | "notRunning"
  | "notOptedIn"
  | "assistantOffline"
  | "notLinux"
  | "outsideScope";

/** The checks that keep a plan from being made. */
export function stops(checks: readonly Check[]): readonly Check[] {
  return checks.filter(({ level }) => level === "stop");
}
