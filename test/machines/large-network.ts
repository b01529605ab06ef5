/**
 * Two large VPCs that can be peered, for what must be quick there too: 50 vSwitches, 20 tables with 200 entries, 100 groups
 * with 100 rules and 500 instances a side.
 */
import type { NetworkFacts, SecurityGroupRule, SideFacts } from "../../machines/network/facts.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import { opposite, SIDES, type Side } from "../../machines/network/side.ts";
import { asking, rule } from "./networks.ts";
import { aclEntry, entry } from "./preflight-changes.ts";
import { facts, requestRevision } from "./tutorial.ts";

/** `scale` 1 is the size above; 2 has twice the vSwitches, tables, groups and instances, as full as these. */
export function largeNetwork(scale: number): NetworkFacts {
  const plain = facts();
  return {
    ...plain,
    initiator: large("initiator", plain.initiator, scale),
    acceptor: large("acceptor", plain.acceptor, scale),
  };
}

/** Ten groups a side are opened, and everything is routed, either as a whole or vSwitch by vSwitch. */
export function largeRequest(network: NetworkFacts, how: "all" | "chosen"): RequestRevision {
  return SIDES.reduce(
    (asked, side) =>
      asking(
        side,
        {
          securityGroupIds: network[side].securityGroups.slice(0, 10).map(({ id }) => id),
          testInstanceId: network[side].instances[0]?.id ?? null,
          vSwitchIds: how === "chosen" ? network[side].vSwitches.map(({ id }) => id) : [],
        },
        asked,
      ),
    requestRevision(),
  );
}

function numbered<T>(amount: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: amount }, (_, index) => make(index));
}

const NETS = { initiator: "192.168", acceptor: "172.16" } as const;

function large(side: Side, plain: SideFacts, scale: number): SideFacts {
  const [here, there] = [NETS[side], NETS[opposite(side)]];
  const [instance] = plain.instances;
  if (!instance) throw new Error("the tutorial has an instance on each side");
  const [vSwitches, tables, groups] = [50 * scale, 20 * scale, 100 * scale].map((amount) => Math.ceil(amount)) as [
    number,
    number,
    number,
  ];
  return {
    ...plain,
    vSwitches: numbered(vSwitches, (index) => ({
      id: `vsw-${index}`,
      name: "",
      cidr: `${here}.${index}.0/24`,
      zoneId: "a",
      routeTableId: `vtb-${index % tables}`,
      networkAclId: index % 5 === 0 ? `nacl-${index}` : "",
    })),
    networkAcls: numbered(Math.ceil(vSwitches / 5), (index) => ({
      id: `nacl-${index * 5}`,
      name: "",
      ingress: [...numbered(19, (at) => aclEntry({ policy: "drop", peerCidr: `10.${at}.0.0/16` })), aclEntry({})],
      egress: [aclEntry({})],
    })),
    routeTables: numbered(tables, (index) => ({
      id: `vtb-${index}`,
      name: "",
      type: "Custom",
      associateType: "VSwitch",
      entries: [
        ...numbered(10, (at) => entry(`${here}.${at}.0/24`, "local", { type: "System" })),
        ...numbered(190, (at) =>
          entry(at % 10 === 0 ? `${there}.${100 + at / 10}.0/25` : `10.${index}.${at}.0/24`, "VpnGateway"),
        ),
      ],
    })),
    securityGroups: numbered(groups, (index) => ({
      id: `sg-${index}`,
      name: "",
      type: index % 3 === 0 ? "enterprise" : "normal",
      serviceManaged: false,
      innerAccess: "accept",
      rules: numbered(100, (at) => largeRule(index, at, there)),
    })),
    instances: numbered(500 * scale, (index) => ({
      ...instance,
      id: `i-${index}`,
      vSwitchId: `vsw-${index % vSwitches}`,
      privateIp: `${here}.${index % vSwitches}.${10 + Math.floor(index / vSwitches)}`,
      securityGroupIds: [`sg-${index % groups}`, `sg-${(index + 1) % groups}`],
    })),
  };
}

/** Half of them are about vSwitches of the other side; none is about what the request opens. */
function largeRule(group: number, at: number, there: string): SecurityGroupRule {
  return rule({
    direction: at % 2 === 0 ? "egress" : "ingress",
    policy: at % 10 < 2 ? "drop" : "accept",
    priority: 1 + (at % 100),
    protocol: "TCP",
    portRange: `${at + 1}/${at + 1 + group}`,
    peerCidr: at % 4 < 2 ? `${there}.${(group + at) % 50}.0/24` : `10.0.${at}.0/24`,
  });
}
