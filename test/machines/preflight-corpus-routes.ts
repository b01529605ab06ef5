/**
 * Route tables: https://www.alibabacloud.com/help/en/vpc/user-guide/route-table-overview (longest prefix, one entry per
 * destination, tables per vSwitch, 200 custom entries) and what ACK does with Flannel.
 */
import {
  all,
  asks,
  entries,
  entriesInSecondTable,
  entry,
  onInstance,
  onVpc,
  opposite,
  TUTORIAL,
  vSwitch,
  type Case,
} from "./preflight-changes.ts";

const FREE_NET = (index: number) => `10.${Math.floor(index / 250)}.${index % 250}.0/24`;
const many = (amount: number, type = "Custom") =>
  Array.from({ length: amount }, (_, index) => entry(FREE_NET(index), "VpnGateway", { type }));
const CLUSTER = [{ key: "ack.aliyun.com", value: "c1" }];

export const ROUTE_CASES: readonly Case[] = [
  { what: "the tutorial as it is", change: all() },
  {
    what: "an entry to the very block, over a VPN",
    change: entries((there) => [entry(TUTORIAL[there].block, "VpnGateway")]),
    stops: ["destinationFree@here"],
  },
  {
    what: "an entry to the very block that is being made",
    change: entries((there) => [entry(TUTORIAL[there].block, "RouterInterface", { status: "Pending" })]),
    stops: ["destinationFree@here"],
  },
  {
    what: "an entry to the very block in a table that no vSwitch uses, but could",
    change: entriesInSecondTable((there) => [entry(TUTORIAL[there].block, "VpnGateway")]),
    stops: ["destinationFree@here"],
  },
  {
    what: "an entry to the very block in a gateway's table",
    change: entriesInSecondTable((there) => [entry(TUTORIAL[there].block, "VpnGateway")], "Gateway"),
  },
  {
    what: "an entry to its own block",
    change: entries((_, here) => [entry(TUTORIAL[here].block, "VpnGateway")]),
  },
  {
    what: "an entry to the block beside",
    change: entries((there) => [entry(TUTORIAL[there].beside, "VpnGateway")]),
  },
  {
    what: "an entry to a vSwitch there, over a VPN",
    change: entries((there) => [entry(TUTORIAL[there].vSwitch, "VpnGateway")]),
    stops: ["noLongerPrefix@here"],
  },
  {
    what: "an entry to half a vSwitch there, learned from a CEN",
    change: entries((there) => [entry(TUTORIAL[there].half, "Attachment", { type: "CEN" })]),
    stops: ["noLongerPrefix@here"],
  },
  {
    what: "an entry to one host there",
    change: entries((there) => [entry(TUTORIAL[there].host, "Instance")]),
    stops: ["noLongerPrefix@here"],
  },
  {
    what: "an entry to a vSwitch there over another peering",
    change: entries((there) => [entry(TUTORIAL[there].vSwitch, "VpcPeer")]),
    stops: ["noLongerPrefix@here"],
  },
  {
    what: "an entry to a vSwitch there that is being deleted",
    change: entries((there) => [entry(TUTORIAL[there].vSwitch, "RouterInterface", { status: "Deleting" })]),
    stops: ["noLongerPrefix@here"],
  },
  {
    what: "an entry to a part there that has no vSwitch yet",
    change: entries((there) => [entry(TUTORIAL[there].free, "VpnGateway")]),
    warns: ["noLongerPrefix@here"],
  },
  {
    what: "an entry to the /24 beside the vSwitch there",
    change: entries((there) => [entry(TUTORIAL[there].freeVSwitch, "VpnGateway")]),
    warns: ["noLongerPrefix@here"],
  },
  {
    what: "an entry to a vSwitch there in a gateway's table",
    change: entriesInSecondTable((there) => [entry(TUTORIAL[there].vSwitch, "VpnGateway")], "Gateway"),
  },
  {
    what: "an entry to a vSwitch there in a table that no vSwitch uses",
    change: entriesInSecondTable((there) => [entry(TUTORIAL[there].vSwitch, "VpnGateway")]),
    warns: ["noLongerPrefix@here"],
  },
  {
    what: "an entry to a vSwitch there in the table of a second vSwitch",
    change: (setting, here) =>
      all(
        entriesInSecondTable((there) => [entry(TUTORIAL[there].vSwitch, "VpnGateway")]),
        vSwitch("vsw-second", TUTORIAL[here].freeVSwitch, { routeTableId: "vtb-second" }),
      )(setting, here),
    stops: ["noLongerPrefix@here"],
  },
  {
    what: "an entry to a vSwitch there in the table of a vSwitch that was not chosen",
    change: (setting, here) =>
      all(
        entriesInSecondTable((there) => [entry(TUTORIAL[there].vSwitch, "VpnGateway")]),
        vSwitch("vsw-second", TUTORIAL[here].freeVSwitch, { routeTableId: "vtb-second" }),
        asks((side) => ({ vSwitchIds: [TUTORIAL[side].vSwitchId] })),
      )(setting, here),
  },
  {
    what: "an entry to a vSwitch there that was not chosen",
    change: (setting, here) =>
      all(
        entries((there) => [entry(TUTORIAL[there].freeVSwitch, "VpnGateway")]),
        opposite((so, there) => vSwitch("vsw-second", TUTORIAL[there].freeVSwitch)(so, there)),
        opposite(asks((there) => ({ vSwitchIds: [TUTORIAL[there].vSwitchId] }))),
      )(setting, here),
  },
  {
    what: "an entry to a vSwitch there that was chosen beside others",
    change: (setting, here) =>
      all(
        entries((there) => [entry(TUTORIAL[there].freeVSwitch, "VpnGateway")]),
        opposite((so, there) => vSwitch("vsw-second", TUTORIAL[there].freeVSwitch)(so, there)),
        opposite(asks((there) => ({ vSwitchIds: [TUTORIAL[there].vSwitchId, "vsw-second"] }))),
      )(setting, here),
    stops: ["destinationFree@here"],
  },
  {
    what: "a wider entry over a VPN",
    change: entries((there) => [entry(TUTORIAL[there].wider, "VpnGateway")]),
    warns: ["trafficStays@here"],
  },
  {
    what: "a wider entry over a router interface",
    change: entries((there) => [entry(TUTORIAL[there].wider, "RouterInterface")]),
    warns: ["trafficStays@here"],
  },
  {
    what: "a wider entry in a table that no vSwitch uses",
    change: entriesInSecondTable((there) => [entry(TUTORIAL[there].wider, "VpnGateway")]),
  },
  {
    what: "a default entry to the internet",
    change: entries(() => [entry("0.0.0.0/0", "NatGateway")]),
  },
  {
    what: "a default entry to an IPv4 gateway",
    change: entries(() => [entry("0.0.0.0/0", "Ipv4Gateway")]),
  },
  {
    what: "a default entry to a firewall on an instance",
    change: entries(() => [entry("0.0.0.0/0", "Instance")]),
    warns: ["trafficStays@here"],
  },
  {
    what: "a default entry to a CEN",
    change: entries(() => [entry("0.0.0.0/0", "Attachment")]),
    warns: ["trafficStays@here"],
  },
  {
    what: "a default entry to the internet, and a wider one over a VPN that carried it",
    change: entries((there) => [entry("0.0.0.0/0", "NatGateway"), entry(TUTORIAL[there].wider, "VpnGateway")]),
    warns: ["trafficStays@here"],
  },
  { what: "a table with room for many more", change: entries(() => many(150)) },
  { what: "a table just below nine tenths", change: entries(() => many(178)) },
  { what: "a table that reaches nine tenths", change: entries(() => many(179)), warns: ["routeTableRoom@here"] },
  { what: "a table that this fills", change: entries(() => many(199)), warns: ["routeTableRoom@here"] },
  { what: "a table that is full", change: entries(() => many(200)), stops: ["routeTableRoom@here"] },
  { what: "a table full of what the cloud made", change: entries(() => many(200, "System")) },
  { what: "a gateway's table that is full", change: entriesInSecondTable(() => many(200), "Gateway") },
  {
    what: "a table in which the last block no longer fits",
    change: all(
      entries(() => many(198)),
      opposite(onVpc({ secondaryCidrs: ["10.200.0.0/16", "10.201.0.0/16"] })),
    ),
    stops: ["routeTableRoom@here"],
  },
  {
    what: "pods of an ACK cluster in a vSwitch there",
    change: all(
      entries((there) => [entry(TUTORIAL[there].half, "Instance")]),
      onVpc({ tags: CLUSTER }),
    ),
    stops: ["noLongerPrefix@here", "podRangesApart@here"],
  },
  {
    what: "pods of an ACK cluster in a part there that has no vSwitch yet",
    change: all(
      entries((there) => [entry(TUTORIAL[there].free, "Instance")]),
      onInstance({ tags: CLUSTER }),
    ),
    stops: ["podRangesApart@here"],
    warns: ["noLongerPrefix@here"],
  },
  {
    what: "pods of an ACK cluster elsewhere",
    change: all(
      entries(() => [entry("10.244.0.0/24", "Instance")]),
      onVpc({ tags: CLUSTER }),
    ),
  },
  {
    what: "an ACK cluster, and a default entry to an instance",
    change: all(
      entries(() => [entry("0.0.0.0/0", "Instance")]),
      onVpc({ tags: CLUSTER }),
    ),
    warns: ["trafficStays@here"],
  },
  {
    what: "entries to instances that no cluster keeps",
    change: entries((there) => [entry(TUTORIAL[there].free, "Instance")]),
    warns: ["noLongerPrefix@here"],
  },
  {
    what: "entries to instances, and the cluster is there",
    change: all(
      entries((there) => [entry(TUTORIAL[there].free, "Instance")]),
      opposite(onVpc({ tags: CLUSTER })),
    ),
    warns: ["noLongerPrefix@here"],
  },
];
