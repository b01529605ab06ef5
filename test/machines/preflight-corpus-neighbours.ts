/**
 * What else a VPC is part of: https://www.alibabacloud.com/help/en/express-connect/ (one pair of interfaces, quotas, bills,
 * CEN), https://www.alibabacloud.com/help/en/vpc/user-guide/vpc-peer-to-peer-connection (quotas).
 */
import type { Permission, RouterInterface, VpcPeerConnection } from "../../machines/network/facts.ts";
import type { Side } from "../../machines/network/side.ts";
import {
  all,
  asks,
  asksOfBoth,
  instance,
  onFacts,
  onInstance,
  onVpc,
  other,
  ruled,
  securityGroup,
  TUTORIAL,
  type Case,
} from "./preflight-changes.ts";

function interfaces(amount: number, change: (there: Side, index: number) => Partial<RouterInterface>): Case["change"] {
  return onFacts(({ routerInterfaces }, here) => ({
    routerInterfaces: [
      ...routerInterfaces,
      ...Array.from({ length: amount }, (_, index): RouterInterface => ({
        id: `ri-${index}`,
        name: "",
        status: "Active",
        businessStatus: "Normal",
        role: "InitiatingSide",
        routerId: TUTORIAL[here].router,
        spec: "Mini.2",
        oppositeInterfaceId: "ri-x",
        oppositeRouterId: `vbr-${index}`,
        oppositeRegionId: "cn-beijing",
        ...change(other(here), index),
      })),
    ],
  }));
}

function peers(amount: number, change: (there: Side, index: number) => Partial<VpcPeerConnection>): Case["change"] {
  return onFacts(({ vpcPeerConnections }, here) => ({
    vpcPeerConnections: [
      ...vpcPeerConnections,
      ...Array.from({ length: amount }, (_, index): VpcPeerConnection => ({
        id: `pcc-${index}`,
        name: "",
        status: "Activated",
        businessStatus: "Normal",
        regionId: "cn-qingdao",
        vpcId: TUTORIAL[here].vpc,
        acceptingRegionId: "cn-qingdao",
        acceptingVpcId: `vpc-x${index}`,
        ...change(other(here), index),
      })),
    ],
  }));
}

function permission(api: string, state: Permission["state"]): Case["change"] {
  return (setting, side) => ({
    ...setting,
    network: { ...setting.network, permissions: [...setting.network.permissions, { api, side, state }] },
  });
}

const bordering = (amount: number) => interfaces(amount, () => ({}));
const terraform = (key: string, value: string) => [{ key, value }];

const JOINED: readonly Case[] = [
  {
    what: "router interfaces to the other VPC",
    change: interfaces(1, (there) => ({ oppositeRouterId: TUTORIAL[there].router })),
    stops: ["noExistingPair"],
  },
  {
    what: "a router interface to the other VPC that is being deleted",
    change: interfaces(1, (there) => ({ oppositeRouterId: TUTORIAL[there].router, status: "Deleting" })),
    stops: ["noExistingPair"],
  },
  {
    what: "a peering connection with the other VPC",
    change: peers(1, (there) => ({ acceptingVpcId: TUTORIAL[there].vpc })),
    stops: ["noExistingPair"],
  },
  {
    what: "a peering connection that the other VPC has asked for",
    change: peers(1, (there) => ({ vpcId: TUTORIAL[there].vpc, acceptingVpcId: TUTORIAL[other(there)].vpc })),
    stops: ["noExistingPair"],
  },
  { what: "a peering connection with a third VPC", change: peers(1, () => ({})) },
  { what: "a router interface to a third VPC", change: interfaces(1, () => ({ oppositeRouterId: "vrt-x" })) },
  {
    what: "router interfaces to two other VPCs",
    change: interfaces(2, (_, index) => ({ oppositeRouterId: `vrt-x${index}` })),
    warns: ["fewConnections@here"],
  },
  {
    what: "one other VPC by an interface, and one by a peering connection",
    change: all(
      interfaces(1, () => ({ oppositeRouterId: "vrt-x" })),
      peers(1, () => ({})),
    ),
    warns: ["fewConnections@here"],
  },
  {
    what: "two peering connections, one of which was refused",
    change: peers(2, (_, index) => ({ status: index === 0 ? "Rejected" : "Activated" })),
  },
  { what: "three border routers", change: bordering(3) },
];

const QUOTAS: readonly Case[] = [
  { what: "three interfaces", change: bordering(3), by: "router-interfaces" },
  { what: "four interfaces", change: bordering(4), by: "router-interfaces", warns: ["connectionRoom@here"] },
  { what: "five interfaces", change: bordering(5), by: "router-interfaces", stops: ["connectionRoom@here"] },
  {
    what: "five interfaces where ten fit",
    change: all(bordering(5), ruled({ routerInterfacesMax: 10 })),
    by: "router-interfaces",
  },
  {
    what: "nine interfaces where ten fit",
    change: all(bordering(9), ruled({ routerInterfacesMax: 10 })),
    by: "router-interfaces",
    warns: ["connectionRoom@here"],
  },
  { what: "five interfaces beside a peering connection", change: bordering(5), by: "vpc-peer" },
  {
    what: "eight peering connections in the region",
    change: peers(8, () => ({})),
    by: "vpc-peer",
    warns: ["fewConnections@here"],
  },
  {
    what: "nine peering connections in the region",
    change: peers(9, () => ({})),
    by: "vpc-peer",
    warns: ["fewConnections@here", "connectionRoom@here"],
  },
  {
    what: "ten peering connections in the region",
    change: peers(10, () => ({})),
    by: "vpc-peer",
    stops: ["connectionRoom@here"],
    warns: ["fewConnections@here"],
  },
  {
    what: "ten peering connections with other regions",
    change: peers(10, () => ({ acceptingRegionId: "cn-beijing" })),
    by: "vpc-peer",
    warns: ["fewConnections@here"],
  },
  { what: "ten peering connections that expired", change: peers(10, () => ({ status: "Expired" })), by: "vpc-peer" },
  {
    what: "ten peering connections beside router interfaces",
    change: peers(10, () => ({})),
    by: "router-interfaces",
    warns: ["fewConnections@here"],
  },
  {
    what: "an interface whose bill is open",
    change: interfaces(1, () => ({ businessStatus: "FinancialLocked" })),
    by: "router-interfaces",
    stops: ["noOverdueInterface@here"],
  },
  {
    what: "an interface that is locked",
    change: interfaces(1, () => ({ businessStatus: "SecurityLocked" })),
    by: "router-interfaces",
    stops: ["noOverdueInterface@here"],
  },
  {
    what: "an interface of which nothing is said about bills",
    change: interfaces(1, () => ({ businessStatus: "" })),
    by: "router-interfaces",
  },
  {
    what: "an interface whose bill is open, beside a peering connection",
    change: interfaces(1, () => ({ businessStatus: "FinancialLocked" })),
    by: "vpc-peer",
  },
  { what: "a CEN", change: onVpc({ cenIds: ["cen-1"] }), by: "router-interfaces", stops: ["outsideCen@here"] },
  {
    what: "a CEN beside a peering connection",
    change: onVpc({ cenIds: ["cen-1"] }),
    by: "vpc-peer",
    warns: ["outsideCen@here"],
  },
  { what: "CENs that could not be read", change: onVpc({ cenIds: null }), warns: ["outsideCen@here"] },
];

const KEPT: readonly Case[] = [
  {
    what: "Terraform keeps the VPC",
    change: onVpc({ tags: terraform("managed-by", "Terraform") }),
    warns: ["notTerraformManaged@here"],
  },
  {
    what: "Terraform keeps an instance that is opened",
    change: onInstance({ tags: terraform("terraform:module", "orders") }),
    warns: ["notTerraformManaged@here"],
  },
  {
    what: "Terraform keeps an instance that opens nothing",
    change: all(
      securityGroup({}),
      instance({ securityGroupIds: ["sg-other"], tags: terraform("managed-by", "terraform") }),
    ),
  },
  { what: "tags of other things", change: onVpc({ tags: terraform("team", "terra-firma") }) },
  {
    what: "one port of one side, and no ping",
    on: ["acceptor"],
    change: asksOfBoth({ icmp: false }),
    warns: ["moreThanOneService@here"],
  },
  {
    what: "two ports of one side, and no ping",
    on: ["acceptor"],
    change: all(
      asksOfBoth({ icmp: false }),
      asks(() => ({
        ports: [
          { from: 80, to: 80 },
          { from: 443, to: 443 },
        ],
      })),
    ),
  },
  {
    what: "a range of ports of one side, and no ping",
    on: ["acceptor"],
    change: all(
      asksOfBoth({ icmp: false }),
      asks(() => ({ ports: [{ from: 80, to: 81 }] })),
    ),
  },
  {
    what: "one port of each side, and no ping",
    on: ["initiator"],
    change: all(
      asksOfBoth({ icmp: false }),
      asks(() => ({ ports: [{ from: 443, to: 443 }] })),
    ),
  },
];

const PERMISSIONS: readonly Case[] = [
  { what: "route entries that the bot may write", change: permission("CreateRouteEntry", "allowed") },
  { what: "route entries of which nothing is known", change: permission("CreateRouteEntry", "untested") },
  {
    what: "route entries that the bot may not write",
    change: permission("CreateRouteEntry", "forbidden"),
    stops: ["permissions"],
  },
  {
    what: "peering connections that the bot may not make",
    change: permission("CreateVpcPeerConnection", "forbidden"),
    by: "vpc-peer",
    stops: ["permissions"],
  },
  {
    what: "peering connections that the bot may not make, beside router interfaces",
    change: permission("CreateVpcPeerConnection", "forbidden"),
    by: "router-interfaces",
  },
];

export const NEIGHBOUR_CASES: readonly Case[] = [...JOINED, ...QUOTAS, ...KEPT, ...PERMISSIONS];
