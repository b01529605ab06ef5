/**
 * Simulated clouds as fast-check draws them: two VPCs that may be connected either way, a third that some entries lead
 * to, and enough of everything on the way to stop a packet at any place.
 */
import * as fc from "fast-check";
import {
  buildInstance,
  buildRouteEntry,
  buildRouterInterface,
  buildRouteTable,
  buildRule,
  buildSecurityGroup,
  buildVpc,
  buildVSwitch,
  ruleContent,
  type Site,
} from "../../src/sandbox/alibaba/build.ts";
import { createWorld } from "../../src/sandbox/alibaba/create-world.ts";
import { buildNetworkAcl, type NetworkAclEntryContent } from "../../src/sandbox/alibaba/network-acl.ts";
import { buildPeeringConnection } from "../../src/sandbox/alibaba/peering-connection.ts";
import type {
  Instance,
  RouterInterface,
  RouteTable,
  SecurityGroup,
  Vpc,
  World,
} from "../../src/sandbox/alibaba/world.ts";

type Draw = fc.GeneratorValue;

export interface DrawnSide {
  readonly site: Site;
  readonly vpc: Vpc;
  readonly tables: readonly RouteTable[];
  readonly groups: readonly SecurityGroup[];
  readonly instances: readonly Instance[];
  /** Addresses of its vSwitches: those of the instances and a free one. */
  readonly addresses: readonly string[];
}

export interface DrawnWorld {
  readonly world: World;
  readonly a: DrawnSide;
  readonly b: DrawnSide;
}

const REGIONS = ["cn-qingdao", "cn-beijing", "cn-shanghai"] as const;
export const PORTS = [22, 5432, 40_000] as const;

/** `calm`: the share of 10 of what would stop a packet that is left out. */
export function drawWorld(draw: Draw, calm = 5): DrawnWorld {
  const world = createWorld({ accountId: "1", regionIds: [...REGIONS] });
  let count = 0;
  const siteIn = (regionId: string): Site => {
    const region = world.regions.get(regionId);
    if (region === undefined) throw new Error(`no region ${regionId}`);
    return { region, at: 0, id: (kind) => `${kind}-${(count += 1)}` };
  };
  const chance = (ofTen: number): boolean => draw(fc.nat, { max: 9 }) < ofTen;
  const a = drawSide(draw, siteIn(REGIONS[0]), ["10.1", "172.16"], calm);
  const b = drawSide(draw, siteIn(REGIONS[1]), ["172.16", "10.1"], calm);
  const third = siteIn(REGIONS[2]);
  const elsewhere = buildVpc(third, { vpcName: "elsewhere", cidrBlock: "10.9.0.0/16", ownerId: "1" });
  buildVSwitch(third, {
    vpcId: elsewhere.vpcId,
    vSwitchName: "",
    cidrBlock: "10.9.1.0/24",
    zoneId: "z",
    routeTableId: [...third.region.routeTables.keys()][0] ?? "",
  });
  const status = <T>(up: T, others: readonly T[]): T => (chance(5 + calm) ? up : draw(fc.constantFrom<T[]>, ...others));
  const ways: { a: Way; b: Way }[] = [];
  const ri = pairOf(a, b);
  for (const end of [ri.a, ri.b]) {
    end.status = status("Active", ["Inactive", "Activating", "Idle"]);
    end.businessStatus = status("Normal", ["FinancialLocked"]);
    if (!chance(9)) end.opposite = { ...end.opposite, interfaceId: "" };
  }
  ways.push({ a: by(ri.a), b: by(ri.b) });
  const [requester, accepter] = chance(5) ? [a, b] : [b, a];
  const pcc = buildPeeringConnection(requester.site, {
    ...endsFrom(requester, accepter),
    ownerId: "1",
    name: "",
    status: status("Activated", ["Updating", "Creating", "Deleting", "Deleted"]),
  });
  pcc.bizStatus = status("Normal", ["FinancialLocked"]);
  const peer = { nextHopType: "VpcPeer", nextHopId: pcc.instanceId };
  ways.push({ a: peer, b: peer });
  const away = pairOf(a, { site: third, vpc: elsewhere });
  const strays: Way[] = [by(away.a), { nextHopType: "VpnGateway", nextHopId: "vpn-1" }];
  const chosen = ways[draw(fc.nat, { max: 1 })] ?? { a: peer, b: peer };
  // A reply may take another way than what it answers.
  const back = chance(8) ? chosen : (ways[draw(fc.nat, { max: 1 })] ?? chosen);
  for (const [end, own, base] of [
    [a, chosen.a, "172.16"],
    [b, back.b, "10.1"],
  ] as const) {
    for (const table of end.tables) {
      const stray = strays[draw(fc.nat, { max: 1 })] ?? peer;
      const entries: [string, Way, number][] = [
        ["0.0.0.0/0", stray, 3],
        [`${base}.0.0/16`, own, 7 + calm],
        [`${base}.1.0/24`, chance(5) ? own : stray, 2],
        [`${base}.2.11/32`, chance(5) ? own : stray, 1],
      ];
      for (const [destinationCidrBlock, way, ofTen] of entries) {
        if (!chance(ofTen)) continue;
        buildRouteEntry(end.site, table, {
          destinationCidrBlock,
          ...way,
          status: status("Available", ["Pending", "Deleting"]),
        });
      }
    }
  }
  return { world, a, b };
}

interface Way {
  readonly nextHopType: string;
  readonly nextHopId: string;
}

function by({ routerInterfaceId }: RouterInterface): Way {
  return { nextHopType: "RouterInterface", nextHopId: routerInterfaceId };
}

type End = Pick<DrawnSide, "site" | "vpc">;

function endsFrom(one: End, other: End): { vpcId: string; acceptingRegionId: string; acceptingVpcId: string } {
  return { vpcId: one.vpc.vpcId, acceptingRegionId: other.site.region.regionId, acceptingVpcId: other.vpc.vpcId };
}

/** Two router interfaces, active and opposite each other. */
export function pairOf(a: End, b: End): { a: RouterInterface; b: RouterInterface } {
  const end = (own: End, other: End, role: RouterInterface["role"]): RouterInterface =>
    buildRouterInterface(own.site, {
      role,
      routerId: own.vpc.vRouterId,
      vpcId: own.vpc.vpcId,
      name: "",
      spec: "Mini.2",
      oppositeRegionId: other.site.region.regionId,
      status: "Active",
    });
  const pair = { a: end(a, b, "InitiatingSide"), b: end(b, a, "AcceptingSide") };
  const names = (to: RouterInterface, of: End): RouterInterface["opposite"] => ({
    interfaceId: to.routerInterfaceId,
    routerId: of.vpc.vRouterId,
    routerType: "VRouter",
    ownerId: "1",
  });
  pair.a.opposite = names(pair.b, b);
  pair.b.opposite = names(pair.a, a);
  return pair;
}

export function drawSide(draw: Draw, site: Site, [own, peer]: readonly [string, string], calm: number): DrawnSide {
  const chance = (ofTen: number): boolean => draw(fc.nat, { max: 9 }) < ofTen;
  const upTo = (max: number): number => draw(fc.nat, { max });
  const { vpcId, ...rest } = buildVpc(site, { vpcName: own, cidrBlock: `${own}.0.0/16`, ownerId: "1" });
  buildRouteTable(site, { vpcId, routeTableName: "custom", routeTableType: "Custom" });
  const tables = [...site.region.routeTables.values()];
  const entries = (): NetworkAclEntryContent[] => [
    ...Array.from({ length: upTo(3) }, () => drawAclEntry(draw, own, peer)),
    ...(chance(4 + calm) ? [{ policy: "accept" as const }] : []),
  ];
  const acls = Array.from({ length: 2 }, () => {
    return buildNetworkAcl(site, { vpcId, networkAclName: "", ingress: entries(), egress: entries() });
  });
  const vSwitches = [1, 2].map((third) =>
    buildVSwitch(site, {
      vpcId,
      vSwitchName: "",
      cidrBlock: `${own}.${third}.0/24`,
      zoneId: "z",
      routeTableId: tables[upTo(1)]?.routeTableId ?? "",
      networkAclId: chance(4) ? (acls[upTo(1)]?.networkAclId ?? "") : "",
    }),
  );
  const groups = Array.from({ length: 3 }, () =>
    buildSecurityGroup(site, {
      vpcId,
      securityGroupName: "",
      securityGroupType: chance(7) ? "normal" : "enterprise",
      innerAccessPolicy: chance(7) ? "Accept" : "Drop",
    }),
  );
  const groupIds = groups.map(({ securityGroupId }) => securityGroupId);
  for (const group of groups) {
    if (chance(calm)) buildRule(site, group, ruleContent({ sourceCidrIp: "0.0.0.0/0", priority: 100 }));
    for (let rules = upTo(3); rules > 0; rules -= 1) drawRule(draw, site, group, { own, peer, groupIds });
  }
  const instances = vSwitches.flatMap((vSwitch, index) =>
    [11, 12].map((last) =>
      buildInstance(site, {
        vSwitch,
        instanceName: "",
        privateIp: `${own}.${index + 1}.${last}`,
        securityGroupIds: groupIds.filter((_, at) => at === last - 11 || chance(2)),
        status: chance(5 + calm) ? "Running" : draw(fc.constantFrom<Instance["status"][]>, "Stopped", "Starting"),
      }),
    ),
  );
  const addresses = [...instances.map(({ privateIp }) => privateIp), `${own}.2.99`];
  return { site, vpc: { vpcId, ...rest }, tables, groups, instances, addresses };
}

function drawAclEntry(draw: Draw, own: string, peer: string): NetworkAclEntryContent {
  const port = draw(
    fc.constantFrom<string[]>,
    "-1/-1",
    "22/22",
    "1024/65535",
    "32768/50000",
    "50001/60999",
    "5000/40000",
  );
  return {
    policy: draw(fc.constantFrom<("accept" | "drop")[]>, "accept", "drop"),
    protocol: draw(
      fc.constantFrom<NonNullable<NetworkAclEntryContent["protocol"]>[]>,
      "all",
      "tcp",
      "udp",
      "icmp",
      "gre",
    ),
    port,
    cidrBlock: draw(fc.constantFrom<string[]>, "0.0.0.0/0", `${own}.0.0/16`, `${peer}.1.0/24`, `${peer}.1.11/32`),
  };
}

function drawRule(
  draw: Draw,
  site: Site,
  group: SecurityGroup,
  { own, peer, groupIds }: { readonly own: string; readonly peer: string; readonly groupIds: readonly string[] },
): void {
  const isIngress = draw(fc.nat, { max: 9 }) < 6;
  const far = draw(fc.constantFrom<string[]>, "0.0.0.0/0", `${peer}.0.0/16`, `${peer}.1.0/24`, `${own}.1.12/32`, "");
  const near = draw(fc.constantFrom<string[]>, "", "", `${own}.1.0/24`, `${own}.2.11/32`);
  const farGroup = far === "" ? draw(fc.constantFrom<string[]>, ...groupIds) : "";
  const ipProtocol = draw(fc.constantFrom<("ALL" | "TCP" | "UDP" | "ICMP")[]>, "ALL", "TCP", "UDP", "ICMP");
  const isPorted = ipProtocol === "TCP" || ipProtocol === "UDP";
  buildRule(
    site,
    group,
    ruleContent({
      direction: isIngress ? "ingress" : "egress",
      policy: draw(fc.constantFrom<("accept" | "drop")[]>, "accept", "accept", "drop"),
      priority: draw(fc.constantFrom<number[]>, 1, 50, 100),
      ipProtocol,
      portRange: isPorted ? draw(fc.constantFrom<string[]>, "22/22", "1/65535", "5000/6000") : "-1/-1",
      sourcePortRange: isPorted
        ? draw(fc.constantFrom<string[]>, "", "", "1024/65535", "1024/50000", "50001/65535")
        : "",
      ...(isIngress
        ? { sourceCidrIp: far, sourceGroupId: farGroup, destCidrIp: near }
        : { destCidrIp: far, destGroupId: farGroup, sourceCidrIp: near }),
    }),
  );
}
