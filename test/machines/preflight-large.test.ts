/**
 * A form waits for the checks, so they must be quick where networks are large: 50 vSwitches, 20 tables with 190 entries,
 * 100 groups with 100 rules and 500 instances a side.
 */
import { expect, test } from "vitest";
import type { NetworkFacts, SideFacts } from "../../machines/network/facts.ts";
import { preflight } from "../../machines/network/preflight.ts";
import { opposite, SIDES, type Side } from "../../machines/network/side.ts";
import { asking } from "./networks.ts";
import { aclEntry, entry, rule } from "./preflight-changes.ts";
import { facts, requestRevision } from "./tutorial.ts";

/** Far above what it takes (11 to 14 ms on two busy cores), and far below anything that grows with the square. */
const TAKES_AT_MOST_MS = 100;

test.each(["all", "chosen"])("%s vSwitches of large networks are checked in a moment", (how) => {
  const network = largeNetwork();
  const request = SIDES.reduce(
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
  const times = numbered(7, () => {
    const before = performance.now();
    preflight(request, network);
    return performance.now() - before;
  });
  const median = times.toSorted((a, b) => a - b)[3] ?? Infinity;

  console.log(`${how} vSwitches: ${median.toFixed(1)} ms`);
  expect(median).toBeLessThan(TAKES_AT_MOST_MS);
});

function numbered<T>(amount: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: amount }, (_, index) => make(index));
}

function largeNetwork(): NetworkFacts {
  const plain = facts();
  return { ...plain, initiator: large("initiator", plain.initiator), acceptor: large("acceptor", plain.acceptor) };
}

const NETS = { initiator: "192.168", acceptor: "172.16" } as const;

function large(side: Side, plain: SideFacts): SideFacts {
  const [here, there] = [NETS[side], NETS[opposite(side)]];
  const [instance] = plain.instances;
  if (!instance) throw new Error("the tutorial has an instance on each side");
  return {
    ...plain,
    vSwitches: numbered(50, (index) => ({
      id: `vsw-${index}`,
      name: "",
      cidr: `${here}.${index}.0/24`,
      zoneId: "a",
      routeTableId: `vtb-${index % 20}`,
      networkAclId: index % 5 === 0 ? `nacl-${index}` : "",
    })),
    networkAcls: numbered(10, (index) => ({
      id: `nacl-${index * 5}`,
      name: "",
      ingress: [...numbered(19, (at) => aclEntry({ policy: "drop", peerCidr: `10.${at}.0.0/16` })), aclEntry({})],
      egress: [aclEntry({})],
    })),
    routeTables: numbered(20, (index) => ({
      id: `vtb-${index}`,
      name: "",
      type: "Custom",
      associateType: "VSwitch",
      entries: numbered(190, (at) =>
        entry(at % 10 === 0 ? `${there}.${100 + at / 10}.0/25` : `10.${index}.${at}.0/24`, "VpnGateway"),
      ),
    })),
    securityGroups: numbered(100, (index) => ({
      id: `sg-${index}`,
      name: "",
      type: "enterprise",
      serviceManaged: false,
      innerAccess: "accept",
      rules: numbered(100, (at) =>
        rule({
          direction: at % 2 === 0 ? "egress" : "ingress",
          policy: at % 10 === 0 ? "drop" : "accept",
          protocol: "TCP",
          portRange: `${at + 1}/${at + 1}`,
          peerCidr: `10.0.${at}.0/24`,
        }),
      ),
    })),
    instances: numbered(500, (index) => ({
      ...instance,
      id: `i-${index}`,
      vSwitchId: `vsw-${index % 50}`,
      privateIp: `${here}.${index % 50}.${10 + Math.floor(index / 50)}`,
      securityGroupIds: [`sg-${index % 100}`, `sg-${(index + 1) % 100}`],
    })),
  };
}
