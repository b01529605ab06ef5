/**
 * The largest and rudest network that the plan lets through: 30 vSwitches, 10 groups, 10 port ranges, names of 128
 * characters that all need escaping.
 */
import type { NetworkFacts, SideFacts } from "../../machines/network/facts.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import { bothSides, type Side } from "../../machines/network/side.ts";
import { facts, requestRevision } from "../machines/tutorial.ts";

export const HOSTILE_NAME = "<!channel>&".repeat(12).slice(0, 128);
export const HOSTILE_REASON = "&<>".repeat(167).slice(0, 500);

export const VSWITCHES = 30;
const GROUPS = 10;

const numbered = <T>(amount: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: amount }, (_, index) => make(index));

/** `name` is given to everything that has one. */
export function hostileFacts(name = HOSTILE_NAME): NetworkFacts {
  const network = facts();
  return { ...network, ...bothSides((side) => hostileSide(side, network[side], name)) };
}

function hostileSide(side: Side, plain: SideFacts, name: string): SideFacts {
  const zone = side === "initiator" ? "m5e" : "2ze";
  const net = side === "initiator" ? "192.168" : "172.16";
  const [instance] = plain.instances;
  if (!instance || !plain.vpc) throw new Error("the tutorial has an instance and a VPC on each side");
  return {
    ...plain,
    vpc: {
      ...plain.vpc,
      name,
      secondaryCidrs: numbered(5, (index) => `10.${side === "initiator" ? 100 : 200}.${index}.0/24`),
    },
    vSwitches: numbered(VSWITCHES, (index) => ({
      id: `vsw-${zone}${index}`,
      name,
      cidr: `${net}.${index}.0/24`,
      zoneId: `${plain.regionId}-a`,
      routeTableId: `vtb-${zone}${index % 4}`,
      networkAclId: "",
    })),
    routeTables: numbered(4, (index) => ({
      id: `vtb-${zone}${index}`,
      name,
      type: "Custom",
      associateType: "VSwitch",
      entries: [],
    })),
    securityGroups: numbered(GROUPS, (index) => ({
      id: `sg-${zone}${index}`,
      name,
      type: "enterprise",
      serviceManaged: false,
      innerAccess: "accept",
      rules: [],
    })),
    instances: numbered(100, (index) => ({
      ...instance,
      id: `i-${zone}${index}`,
      name,
      vSwitchId: `vsw-${zone}1`,
      privateIp: `${net}.1.${index + 10}`,
      securityGroupIds: [`sg-${zone}0`],
    })),
  };
}

/** Everything chosen that can be chosen. */
export function hostileRequest(reason = HOSTILE_REASON): RequestRevision {
  const plain = requestRevision();
  const network = hostileFacts();
  const sides = bothSides((side) => ({
    ...plain[side],
    vSwitchIds: network[side].vSwitches.map(({ id }) => id),
    securityGroupIds: network[side].securityGroups.map(({ id }) => id),
    ports: numbered(10, (index) => ({ from: 10_000 + index * 100, to: 10_050 + index * 100 })),
    testInstanceId: network[side].instances[0]?.id ?? null,
  }));
  return { ...plain, ...sides, reason };
}
