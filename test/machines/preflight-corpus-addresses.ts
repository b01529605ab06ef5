/**
 * VPCs, regions and address blocks: https://www.alibabacloud.com/help/en/vpc/ (blocks, user CIDRs, destinations of route
 * entries), RFC 1918, and Docker's default bridge.
 */
import type { Side } from "../../machines/network/side.ts";
import {
  all,
  asks,
  inRegion,
  moved,
  onFacts,
  onVpc,
  opposite,
  other,
  ruled,
  TUTORIAL,
  vSwitch,
  type Case,
} from "./preflight-changes.ts";

const cross =
  (here: string, there: string): Case["change"] =>
  (setting, side) =>
    inRegion(inRegion(setting, side, here), other(side), there);
const allowed = (first: string, second: string) =>
  ruled({ crossBorder: [{ regions: [first, second], reference: "REF-1" }] });
const onlyTutorials = asks((here) => ({ vSwitchIds: [TUTORIAL[here].vSwitchId] }));

export const ADDRESS_CASES: readonly Case[] = [
  { what: "no such VPC", change: onFacts(() => ({ vpc: null })), stops: ["vpcExists@here"] },
  { what: "a VPC that is being made", change: onVpc({ status: "Pending" }), stops: ["vpcAvailable@here"] },
  { what: "a VPC of another account", change: onVpc({ ownerId: "6" }), stops: ["sameAccount@here"] },
  {
    what: "the same VPC twice",
    on: ["initiator"],
    change: (setting) => ({
      ...setting,
      request: {
        ...setting.request,
        acceptor: { ...setting.request.acceptor, vpcId: setting.request.initiator.vpcId },
      },
    }),
    stops: ["vpcsDistinct"],
  },
  {
    what: "mainland China and Singapore",
    change: cross("cn-qingdao", "ap-southeast-1"),
    stops: ["borderCrossing"],
  },
  {
    what: "mainland China and Hong Kong",
    change: cross("cn-shenzhen", "cn-hongkong"),
    stops: ["borderCrossing"],
  },
  {
    what: "mainland China and Singapore, allowed",
    change: all(cross("cn-qingdao", "ap-southeast-1"), allowed("cn-qingdao", "ap-southeast-1")),
    by: "router-interfaces",
  },
  {
    what: "mainland China and Singapore, allowed, by what bills between regions",
    change: all(cross("cn-qingdao", "ap-southeast-1"), allowed("ap-southeast-1", "cn-qingdao")),
    by: "vpc-peer",
    warns: ["cdtMayOpen"],
  },
  {
    what: "mainland China and Singapore, where another pair is allowed",
    change: all(cross("cn-qingdao", "ap-southeast-1"), allowed("cn-beijing", "ap-southeast-1")),
    stops: ["borderCrossing"],
  },
  {
    what: "Hong Kong and Singapore",
    change: cross("cn-hongkong", "ap-southeast-1"),
    by: "router-interfaces",
  },
  { what: "Singapore and Virginia", change: cross("ap-southeast-1", "us-east-1"), by: "router-interfaces" },
  { what: "two regions for finance", change: cross("cn-hangzhou-finance", "cn-qingdao"), by: "router-interfaces" },
  {
    what: "two regions of mainland China, by what bills between regions",
    change: cross("cn-qingdao", "cn-beijing"),
    by: "vpc-peer",
    warns: ["cdtMayOpen"],
  },
  {
    what: "two regions, where nothing may open what bills between them",
    change: all(cross("cn-qingdao", "cn-beijing"), ruled({ mayOpenCdt: false })),
    by: "vpc-peer",
    stops: ["cdtMayOpen"],
  },
  {
    what: "a vSwitch that is gone",
    change: asks((here) => ({ vSwitchIds: [TUTORIAL[here].vSwitchId, "vsw-gone"] })),
    stops: ["vSwitchesFit@here"],
  },
  {
    what: "a secondary block that is a part of the VPC there",
    change: (setting, here) => onVpc({ secondaryCidrs: [TUTORIAL[other(here)].free] })(setting, here),
    stops: ["cidrsApart"],
  },
  {
    what: "a secondary block that is a vSwitch there",
    change: (setting, here) => onVpc({ secondaryCidrs: [TUTORIAL[other(here)].vSwitch] })(setting, here),
    // No entry may point into a vSwitch of its own VPC.
    stops: ["cidrsApart", "destinationAllowed@there"],
  },
  {
    what: "a secondary block beside the VPC there",
    change: (setting, here) => onVpc({ secondaryCidrs: [beside(other(here))] })(setting, here),
    warns: [],
  },
  {
    what: "the same block on both sides",
    on: ["initiator"],
    change: all(moved("10.0.0.0/16"), opposite(all(moved("10.0.9.0/24"), onVpc({ cidr: "10.0.0.0/16" })))),
    stops: ["cidrsApart"],
  },
  {
    what: "the same block on both sides, and vSwitches that do not collide",
    on: ["initiator"],
    change: all(
      moved("10.0.0.0/16"),
      onlyTutorials,
      opposite(all(moved("10.0.9.0/24"), onVpc({ cidr: "10.0.0.0/16" }), onlyTutorials)),
    ),
  },
  {
    what: "the same block on both sides, and vSwitches that collide",
    on: ["initiator"],
    change: all(moved("10.0.0.0/16"), onlyTutorials, opposite(all(moved("10.0.0.0/16"), onlyTutorials))),
    stops: ["cidrsApart", "destinationAllowed@initiator", "destinationAllowed@acceptor"],
  },
  {
    what: "the same block on both sides, and vSwitches chosen on one",
    change: all(moved("10.0.9.0/24"), onVpc({ cidr: "10.0.0.0/16" }), onlyTutorials, opposite(moved("10.0.0.0/16"))),
    stops: ["cidrsApart"],
  },
  {
    what: "a vSwitch that was not chosen, within a chosen one there",
    change: all(
      moved("10.0.128.0/24"),
      onVpc({ cidr: "10.0.0.0/16" }),
      vSwitch("vsw-second", "10.0.1.0/24"),
      onlyTutorials,
      opposite(
        all(
          moved("10.0.0.0/16"),
          onFacts(({ vSwitches }) => ({ vSwitches: vSwitches.map((one) => ({ ...one, cidr: "10.0.0.0/20" })) })),
          onlyTutorials,
        ),
      ),
    ),
    // The VPC delivers to its own vSwitch what is for the one there.
    stops: ["noLongerPrefix@here"],
  },
  {
    what: "a vSwitch that was not chosen, equal to a chosen one there",
    change: all(
      moved("10.0.128.0/24"),
      onVpc({ cidr: "10.0.0.0/16" }),
      vSwitch("vsw-second", "10.0.1.0/24"),
      onlyTutorials,
      opposite(all(moved("10.0.1.0/24"), onVpc({ cidr: "10.0.0.0/16" }), onlyTutorials)),
    ),
    stops: ["destinationAllowed@here"],
  },
  { what: "neighbours", change: all(moved("10.0.0.0/16"), opposite(moved("10.1.0.0/16"))) },
  { what: "a reserved block there", change: opposite(moved("100.64.0.0/16")), stops: ["destinationAllowed@here"] },
  {
    what: "a public range there",
    change: opposite(moved("203.0.113.0/24")),
    warns: ["publicRangesKnown@here"],
  },
  {
    what: "a public range there that is a user CIDR here",
    change: all(opposite(moved("203.0.113.0/24")), onVpc({ userCidrs: ["203.0.113.0/24"] })),
  },
  {
    what: "a public range there in a wider user CIDR here",
    change: all(opposite(moved("203.0.113.0/24")), onVpc({ userCidrs: ["203.0.0.0/16"] })),
  },
  {
    what: "a public range there of which half is a user CIDR here",
    change: all(opposite(moved("203.0.113.0/24")), onVpc({ userCidrs: ["203.0.113.0/25"] })),
    warns: ["publicRangesKnown@here"],
  },
  {
    what: "a public range there that is a user CIDR there",
    change: opposite(all(moved("203.0.113.0/24"), onVpc({ userCidrs: ["203.0.113.0/24"] }))),
    warns: ["publicRangesKnown@here"],
  },
  {
    what: "the first block after the private ones there",
    change: opposite(moved("172.32.0.0/16")),
    warns: ["publicRangesKnown@here"],
  },
  { what: "the last of the private blocks there", change: opposite(moved("172.31.0.0/16")) },
  {
    what: "a user CIDR that overlaps the block there",
    change: onVpc({ userCidrs: ["172.16.0.0/12", "192.168.0.0/16"] }),
  },
  { what: "Docker's block there", change: opposite(moved("172.17.0.0/16")), warns: ["dockerBridgeApart@here"] },
  {
    what: "a part of Docker's block there",
    change: opposite(moved("172.17.4.0/24")),
    warns: ["dockerBridgeApart@here"],
  },
  {
    what: "a block with Docker's in it there",
    change: all(moved("10.0.0.0/16"), opposite(moved("172.16.0.0/12"))),
    warns: ["dockerBridgeApart@here"],
  },
  { what: "the block after Docker's there", change: opposite(moved("172.18.0.0/16")) },
  {
    what: "a block with Docker's in it there, and a vSwitch outside it",
    change: all(moved("10.0.0.0/16"), opposite(all(moved("172.16.0.0/12"), onlyTutorials))),
  },
  { what: "IPv6 as well", change: onVpc({ ipv6Cidr: "2408:4000::/56" }), warns: ["ipv4Only"] },
  {
    what: "a size that nobody sells",
    change: (setting) => ({ ...setting, request: { ...setting.request, size: "Huge.1" } }),
    on: ["initiator"],
    by: "router-interfaces",
    stops: ["sizeOffered"],
  },
  {
    what: "a kind of connection that is not offered",
    change: ruled({ connections: ["vpc-peer"] }),
    on: ["initiator"],
    by: "router-interfaces",
    stops: ["connectionOffered"],
  },
];
/** A private neighbour of each. */
function beside(side: Side): string {
  return side === "acceptor" ? "172.18.0.0/16" : "10.9.0.0/16";
}
