/**
 * Networks and requests as fast-check draws them: all of them can be planned, so that a property speaks about the plan.
 */
import * as fc from "fast-check";
import type {
  Instance,
  NetworkFacts,
  RouteTable,
  SecurityGroup,
  SideFacts,
  VSwitch,
} from "../../machines/network/facts.ts";
import type { PortRange, RequestRevision, RequestSide } from "../../machines/network/request.ts";
import type { Side } from "../../machines/network/side.ts";
import { sizeFor } from "../../machines/connections/sizes.ts";
import { CONNECTION_IDS, CONNECTION_TYPES } from "../../machines/connections/types.ts";

export interface Wish {
  readonly request: RequestRevision;
  readonly network: NetworkFacts;
}

/** The first two numbers of the blocks of each side; they share nothing. */
const BASE = { initiator: 10, acceptor: 172 } as const satisfies Record<Side, number>;

function side(name: Side): fc.Arbitrary<{ readonly facts: SideFacts; readonly asked: RequestSide }> {
  const [zone, base] = name === "initiator" ? (["m5e", BASE.initiator] as const) : (["2ze", BASE.acceptor] as const);
  const drawn = fc.record({
    secondaries: fc.nat({ max: 5 }),
    customTables: fc.nat({ max: 3 }),
    gatewayTables: fc.nat({ max: 2 }),
    vSwitches: fc.array(fc.record({ block: fc.nat(), table: fc.nat() }), { maxLength: 5 }),
    groups: fc.array(fc.constantFrom("normal" as const, "enterprise" as const), { maxLength: 4 }),
    entries: fc.array(fc.record({ table: fc.nat(), third: fc.nat({ max: 255 }) }), { maxLength: 4 }),
    hosts: fc.array(fc.record({ vSwitch: fc.nat(), groups: fc.nat(), status: fc.constantFrom("Running", "Stopped") }), {
      maxLength: 3,
    }),
    // Which of the things above the request names, one bit each.
    chosenVSwitches: fc.nat({ max: 31 }),
    chosenGroups: fc.nat({ max: 15 }),
    ports: fc.uniqueArray(fc.integer({ min: 1, max: 60_000 }), { maxLength: 10 }),
    tested: fc.boolean(),
  });
  return drawn.map((given) => {
    const vpcId = `vpc-${zone}1` as const;
    const cidrs = Array.from({ length: 1 + given.secondaries }, (_, index) => `${base}.${16 + index}.0.0/16`);
    const [cidr = "", ...secondaryCidrs] = cidrs;
    const serving: RouteTable[] = Array.from({ length: 1 + given.customTables }, (_, index) => ({
      id: `vtb-${zone}${index}`,
      name: "",
      type: index === 0 ? "System" : "Custom",
      associateType: "VSwitch",
      entries: given.entries
        .filter(({ table }) => table % (1 + given.customTables) === index)
        .map(({ third }, at) => ({
          id: `rte-${at}`,
          destination: `203.0.${third}.0/24`,
          status: "Available",
          type: "Custom",
          nextHopType: "VpnGateway",
          nextHopId: "vpn-1",
        })),
    }));
    const gateways: RouteTable[] = Array.from({ length: given.gatewayTables }, (_, index) => ({
      id: `vtb-${zone}gw${index}`,
      name: "",
      type: "Custom",
      associateType: "Gateway",
      entries: [],
    }));
    const vSwitches: VSwitch[] = given.vSwitches.map(({ block, table }, index) => ({
      id: `vsw-${zone}${index}`,
      name: "",
      cidr: `${base}.${16 + (block % cidrs.length)}.${index}.0/24`,
      zoneId: "a",
      routeTableId: serving[table % serving.length]?.id ?? "vtb-none",
      networkAclId: "",
    }));
    const securityGroups: SecurityGroup[] = given.groups.map((type, index) => ({
      id: `sg-${zone}${index}`,
      name: "",
      type,
      serviceManaged: false,
      innerAccess: "accept",
      rules: [],
    }));
    const instances: Instance[] = given.hosts.flatMap(({ vSwitch, groups, status }, index) => {
      const at = vSwitches[vSwitch % Math.max(1, vSwitches.length)];
      if (!at) return [];
      return {
        id: `i-${zone}${index}` as const,
        name: "",
        status,
        osType: "linux",
        osName: "",
        vSwitchId: at.id,
        privateIp: at.cidr.replace("0/24", String(10 + index)),
        securityGroupIds: bits(groups, securityGroups).map(({ id }) => id),
        optedIn: true,
        assistantOnline: true,
        tags: [],
      };
    });
    const chosen = bits(given.chosenVSwitches, vSwitches);
    const inScope = instances.filter(
      ({ status, vSwitchId }) =>
        status === "Running" && (chosen.length === 0 || chosen.some(({ id }) => id === vSwitchId)),
    );
    const regionId = name === "initiator" ? "cn-qingdao" : "cn-beijing";
    return {
      facts: {
        regionId,
        vpcId,
        vpc: {
          id: vpcId,
          name,
          regionId,
          status: "Available",
          ownerId: "1",
          vRouterId: `vrt-${zone}1`,
          cidr,
          secondaryCidrs,
          ipv6Cidr: "",
          userCidrs: [],
          cenIds: [],
          services: [],
          tags: [],
        },
        vSwitches,
        routeTables: [...serving, ...gateways],
        securityGroups,
        instances,
        routerInterfaces: [],
        vpcPeerConnections: [],
        networkAcls: [],
      },
      asked: {
        regionId,
        vpcId,
        vSwitchIds: chosen.map(({ id }) => id),
        securityGroupIds: bits(given.chosenGroups, securityGroups).map(({ id }) => id),
        ports: given.ports.map((from): PortRange => ({ from, to: from })),
        testInstanceId: given.tested ? (inScope[0]?.id ?? null) : null,
      },
    };
  });
}

export const wishes: fc.Arbitrary<Wish> = fc
  .record({
    initiator: side("initiator"),
    acceptor: side("acceptor"),
    icmp: fc.boolean(),
    connection: fc.constantFrom(...CONNECTION_IDS),
    wantedSize: fc.nat(20),
  })
  .map(({ initiator, acceptor, icmp, connection, wantedSize }) => ({
    network: { readAt: 0, accountId: "1", permissions: [], initiator: initiator.facts, acceptor: acceptor.facts },
    request: {
      revision: 1,
      connection,
      size: CONNECTION_TYPES[connection].sizes(false)[wantedSize] ?? sizeFor(connection, false),
      icmp,
      reason: "",
      initiator: initiator.asked,
      acceptor: acceptor.asked,
    },
  }));

/** The same network as the cloud may list it another time, and the same request as somebody may click it together. */
export function shuffled({ request, network }: Wish): fc.Arbitrary<Wish> {
  const sideOf = (name: Side) => {
    const [facts, asked] = [network[name], request[name]];
    const { vpc } = facts;
    if (vpc === null) throw new Error("drawn without a VPC");
    return fc
      .record({
        vSwitches: mixed(facts.vSwitches),
        routeTables: mixed(facts.routeTables),
        securityGroups: mixed(facts.securityGroups),
        instances: mixed(facts.instances),
        secondaryCidrs: mixed(vpc.secondaryCidrs),
        vSwitchIds: mixed(asked.vSwitchIds),
        securityGroupIds: mixed(asked.securityGroupIds),
      })
      .map(({ secondaryCidrs, vSwitchIds, securityGroupIds, ...lists }) => ({
        facts: { ...facts, ...lists, vpc: { ...vpc, secondaryCidrs } },
        asked: { ...asked, vSwitchIds, securityGroupIds },
      }));
  };
  return fc.record({ initiator: sideOf("initiator"), acceptor: sideOf("acceptor") }).map(({ initiator, acceptor }) => ({
    network: { ...network, initiator: initiator.facts, acceptor: acceptor.facts },
    request: { ...request, initiator: initiator.asked, acceptor: acceptor.asked },
  }));
}

function mixed<T>(items: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

function bits<T>(mask: number, items: readonly T[]): readonly T[] {
  return items.filter((_, index) => (mask >> index) % 2 === 1);
}
