import { buildInstance, type Site } from "../build.ts";
import type { Instance, Tag } from "../world.ts";
import { IMAGES } from "./images.ts";

/** Opts an instance in to connectivity tests. */
const TEST_TAG: Tag = { key: "peer-vpcs-test", value: "allow" };

/** PostgreSQL. */
const LEDGER_PORTS = [5432];

interface SeededInstance {
  /** `a` or `b`: which of the VPC's vSwitches. */
  readonly in?: "a" | "b";
  readonly instanceName: string;
  /** The address's last byte. */
  readonly host: number;
  readonly groups?: ReadonlyArray<string>;
  readonly more?: Partial<Pick<Instance, "status" | "image" | "agentOnline" | "listening" | "tags">>;
}

/** Hosts of the VPCs that have other ones than a single test host `<vpc>-1` at x.y.1.11. */
const INSTANCES: Readonly<Record<string, ReadonlyArray<SeededInstance>>> = {
  "orders-prod": [
    { instanceName: "orders-prod-1", host: 11, more: { tags: [TEST_TAG] } },
    ...[2, 3, 4, 5].map((number) => ({ instanceName: `orders-prod-${number}`, host: 10 + number })),
    { instanceName: "orders-prod-6", in: "b", host: 16, more: { tags: [TEST_TAG] } },
    ...[7, 8, 9].map((number) => ({ instanceName: `orders-prod-${number}`, in: "b" as const, host: 10 + number })),
  ],
  "shared-data": [
    { instanceName: "ledger-1", host: 11, more: { tags: [TEST_TAG], listening: LEDGER_PORTS } },
    ...[2, 3, 4].map((number) => ({
      instanceName: `ledger-${number}`,
      host: 10 + number,
      groups: ["shared-data-hosts", "shared-data-legacy"],
      more: { listening: LEDGER_PORTS },
    })),
    { instanceName: "db-pay-01", host: 20, more: { tags: [{ key: "pci", value: "yes" }] } },
    { instanceName: "warehouse-1", in: "b", host: 11, more: { tags: [TEST_TAG] } },
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => ({
      instanceName: `warehouse-${number}`,
      in: "b" as const,
      host: 10 + number,
    })),
  ],
  "no-test-host": [{ instanceName: "no-test-host-1", host: 11 }],
  "stopped-host": [{ instanceName: "stopped-host-1", host: 11, more: { tags: [TEST_TAG], status: "Stopped" } }],
  "offline-agent": [{ instanceName: "offline-agent-1", host: 11, more: { tags: [TEST_TAG], agentOnline: false } }],
  "alpine-host": [{ instanceName: "alpine-host-1", host: 11, more: { tags: [TEST_TAG], image: IMAGES.alpine } }],
  "windows-host": [{ instanceName: "windows-host-1", host: 11, more: { tags: [TEST_TAG], image: IMAGES.windows } }],
  "behind-acl": [
    { instanceName: "behind-acl-1", host: 11, more: { tags: [TEST_TAG] } },
    { instanceName: "behind-acl-2", in: "b", host: 12, more: { tags: [TEST_TAG] } },
  ],
  "custom-table": [
    { instanceName: "custom-table-1", host: 11, more: { tags: [TEST_TAG] } },
    { instanceName: "custom-table-2", in: "b", host: 12, more: { tags: [TEST_TAG] } },
  ],
};

/** Builds the instances of one region. */
export function seedInstances(site: Site): void {
  for (const vpc of site.region.vpcs.values()) {
    const plain = { instanceName: `${vpc.vpcName}-1`, host: 11, more: { tags: [TEST_TAG] } };
    for (const seeded of INSTANCES[vpc.vpcName] ?? [plain]) buildOne(site, vpc.vpcName, seeded);
  }
}

function buildOne(site: Site, vpcName: string, seeded: SeededInstance): void {
  const vSwitchName = `${vpcName}-${seeded.in ?? "a"}`;
  const vSwitch = [...site.region.vSwitches.values()].find((candidate) => candidate.vSwitchName === vSwitchName);
  if (vSwitch === undefined) throw new Error(`seeding ${seeded.instanceName}: no vSwitch ${vSwitchName}`);
  const groupNames = seeded.groups ?? [`${vpcName}-hosts`];
  buildInstance(site, {
    vSwitch,
    instanceName: seeded.instanceName,
    privateIp: vSwitch.cidrBlock.replace(/\.0\/24$/, `.${seeded.host}`),
    securityGroupIds: [...site.region.securityGroups.values()]
      .filter((group) => groupNames.includes(group.securityGroupName))
      .map((group) => group.securityGroupId),
    ...seeded.more,
  });
}
