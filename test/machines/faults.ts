/**
 * What can go wrong with a peering that worked: each does one thing to the simulated cloud and says where that stops a
 * packet. Nothing here knows how the bot looks for it.
 */
import {
  buildRouteEntry,
  buildRouteTable,
  buildRule,
  buildSecurityGroup,
  ruleContent,
} from "../../src/sandbox/alibaba/build.ts";
import { buildNetworkAcl } from "../../src/sandbox/alibaba/network-acl.ts";
import type { RouteEntry } from "../../src/sandbox/alibaba/world.ts";
import type { Hop } from "../../machines/network/reachability.ts";
import { opposite, type Side } from "../../machines/network/side.ts";
import { groupOf, OURS, type BuiltEnd, type BuiltWorld } from "./built-world.ts";

export interface Fault {
  readonly what: string;
  /** Whether a peering may mend it. */
  readonly mendable: boolean;
  /** The places at which a packet from `from` may be stopped by a fault at `at`; null where it passes. */
  readonly stops: (at: Side, from: Side) => Spot | null;
  /** Changes the world at one side's end. */
  readonly plant: (built: BuiltWorld, at: Side) => void;
}

type Spot = Pick<Hop, "hop" | "side" | "way">;

/** The table of the end is asked on the way there by what it sends, on the way back by what it answers. */
const atTable = (at: Side, from: Side): Spot => ({ hop: "routeTable", side: at, way: at === from ? "there" : "back" });
const atInstance = (at: Side): Spot => ({ hop: "instance", side: at, way: "there" });
/** A connection that is down is met where it is entered. */
const atConnection = (_: Side, from: Side): Spot => ({ hop: "connection", side: from, way: "there" });
/** Groups are asked about the first packet only. */
const atGroups =
  (direction: "ingress" | "egress") =>
  (at: Side, from: Side): Spot | null =>
    (direction === "egress") === (at === from) ? { hop: "securityGroups", side: at, way: "there" } : null;
const atAcl =
  (direction: "ingress" | "egress") =>
  (at: Side, from: Side): Spot => ({
    hop: "networkAcl",
    side: at,
    way: (direction === "egress") === (at === from) ? "there" : "back",
  });

function ours({ plan }: BuiltWorld, at: Side, { table }: BuiltEnd): RouteEntry {
  const destinations: readonly string[] = plan.about[opposite(at)].cidrs;
  const entry = [...table.entries.values()].find(
    ({ destinationCidrBlock, type }) => type === "Custom" && destinations.includes(destinationCidrBlock),
  );
  if (!entry) throw new Error(`no entry of ours in ${table.routeTableId}`);
  return entry;
}

function withoutOurRules({ site, instance }: BuiltEnd, direction: "ingress" | "egress"): void {
  for (const id of instance.securityGroupIds) {
    const group = groupOf(site, id);
    group.rules = group.rules.filter((rule) => rule.direction !== direction || rule.description !== OURS);
  }
}

function dropRule({ site, instance }: BuiltEnd, direction: "ingress" | "egress"): void {
  const [id = ""] = instance.securityGroupIds;
  const all = {
    sourceCidrIp: direction === "ingress" ? "0.0.0.0/0" : "",
    destCidrIp: direction === "egress" ? "0.0.0.0/0" : "",
  };
  buildRule(site, groupOf(site, id), ruleContent({ direction, policy: "drop", priority: 1, ...all }));
}

function droppingAcl({ site, vpc, vSwitch }: BuiltEnd, direction: "ingress" | "egress"): void {
  const entries = { ingress: [{ policy: "accept" as const }], egress: [{ policy: "accept" as const }] };
  const acl = { ...entries, [direction]: [{ policy: "drop" as const }, ...entries[direction]] };
  vSwitch.networkAclId = buildNetworkAcl(site, { vpcId: vpc.vpcId, networkAclName: "", ...acl }).networkAclId;
}

function intoGroup({ site, vpc, instance }: BuiltEnd, securityGroupType: "normal" | "enterprise"): void {
  const group = buildSecurityGroup(site, { vpcId: vpc.vpcId, securityGroupName: "", securityGroupType });
  instance.securityGroupIds = [group.securityGroupId];
}

export const FAULTS: readonly Fault[] = [
  {
    what: "the entry is deleted",
    mendable: true,
    stops: atTable,
    plant: (built, at) => built.ends[at].table.entries.delete(ours(built, at, built.ends[at]).routeEntryId),
  },
  {
    what: "the vSwitch gets a table without the entry",
    mendable: true,
    stops: atTable,
    plant: ({ ends }, at) => {
      const { site, vpc, vSwitch } = ends[at];
      const table = buildRouteTable(site, { vpcId: vpc.vpcId, routeTableName: "new", routeTableType: "Custom" });
      vSwitch.routeTableId = table.routeTableId;
    },
  },
  {
    what: "the rules that let in are revoked",
    mendable: true,
    stops: atGroups("ingress"),
    plant: ({ ends }, at) => withoutOurRules(ends[at], "ingress"),
  },
  {
    what: "the rules that let out are revoked",
    mendable: true,
    stops: atGroups("egress"),
    plant: ({ ends }, at) => withoutOurRules(ends[at], "egress"),
  },
  {
    what: "the instance is put into a new basic group",
    mendable: true,
    stops: atGroups("ingress"),
    plant: ({ ends }, at) => intoGroup(ends[at], "normal"),
  },
  {
    what: "the instance is put into a new enterprise group",
    mendable: true,
    stops: (at) => ({ hop: "securityGroups", side: at, way: "there" }),
    plant: ({ ends }, at) => intoGroup(ends[at], "enterprise"),
  },
  {
    what: "the entry is made to lead elsewhere",
    mendable: false,
    stops: atTable,
    plant: (built, at) =>
      Object.assign(ours(built, at, built.ends[at]), { nextHopType: "VpnGateway", nextHopId: "vpn-1" }),
  },
  {
    what: "the entry is being deleted",
    mendable: false,
    stops: atTable,
    plant: (built, at) => Object.assign(ours(built, at, built.ends[at]), { status: "Deleting" }),
  },
  {
    what: "a longer entry leads elsewhere",
    mendable: false,
    stops: atTable,
    plant: ({ ends }, at) => {
      const { site, table } = ends[at];
      const destinationCidrBlock = `${ends[opposite(at)].instance.privateIp}/32`;
      buildRouteEntry(site, table, { destinationCidrBlock, nextHopType: "Instance", nextHopId: "i-firewall" });
    },
  },
  {
    what: "a rule drops what comes in",
    mendable: false,
    stops: atGroups("ingress"),
    plant: ({ ends }, at) => dropRule(ends[at], "ingress"),
  },
  {
    what: "a rule drops what goes out",
    mendable: false,
    stops: atGroups("egress"),
    plant: ({ ends }, at) => dropRule(ends[at], "egress"),
  },
  {
    what: "a network ACL drops what comes in",
    mendable: false,
    stops: atAcl("ingress"),
    plant: ({ ends }, at) => droppingAcl(ends[at], "ingress"),
  },
  {
    what: "a network ACL drops what goes out",
    mendable: false,
    stops: atAcl("egress"),
    plant: ({ ends }, at) => droppingAcl(ends[at], "egress"),
  },
  {
    what: "the instance is stopped",
    mendable: false,
    stops: atInstance,
    plant: ({ ends }, at) => Object.assign(ends[at].instance, { status: "Stopped" }),
  },
  {
    what: "the connection is locked for an open bill",
    mendable: false,
    stops: atConnection,
    plant: ({ ends }, at) => {
      const { site, nextHopId } = ends[at];
      const end = site.region.routerInterfaces.get(nextHopId);
      if (end) end.businessStatus = "FinancialLocked";
      const connection = ends.initiator.site.region.vpcPeerConnections.get(nextHopId);
      if (connection) connection.bizStatus = "FinancialLocked";
    },
  },
];
