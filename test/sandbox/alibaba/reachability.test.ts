import { describe, expect, test } from "vitest";
import {
  buildInstance,
  buildRule,
  ruleContent,
  type RuleContent,
  type Site,
} from "../../../src/sandbox/alibaba/build.ts";
import { createIds } from "../../../src/sandbox/alibaba/ids.ts";
import { buildNetworkAcl, type NetworkAclEntryContent } from "../../../src/sandbox/alibaba/network-acl.ts";
import { reach } from "../../../src/sandbox/alibaba/reachability.ts";
import { seedWorld } from "../../../src/sandbox/alibaba/seeds/seed-world.ts";
import type { Service } from "../../../src/sandbox/alibaba/service.ts";
import type { Instance, Region, VSwitch, World } from "../../../src/sandbox/alibaba/world.ts";
import { theOne } from "./sandbox.ts";

const PING: Service = { protocol: "ICMP" };
const POSTGRES: Service = { protocol: "TCP", port: 5432 };
const OPEN = { reached: true, regionId: "cn-hangzhou", answer: "open" };
const REFUSED = { reached: true, regionId: "cn-hangzhou", answer: "refused" };
const ECHO = { reached: true, regionId: "cn-hangzhou", answer: "echo" };

/** One of two VPCs that a peering connection joins, with routes both ways. */
interface End {
  readonly site: Site;
  readonly region: Region;
  readonly instance: Instance;
  readonly vSwitch: VSwitch;
}

function endOf(world: World, regionId: string, vpcName: string): End {
  const region = world.regions.get(regionId);
  if (region === undefined) throw new Error(`no region ${regionId}`);
  const ids = createIds(regionId);
  const instance = theOne([...region.instances.values()], ({ instanceName }) => instanceName === `${vpcName}-1`);
  const vSwitch = theOne([...region.vSwitches.values()], ({ vSwitchId }) => vSwitchId === instance.vSwitchId);
  return { site: { region, at: 0, id: (kind) => ids.next(kind, regionId) }, region, instance, vSwitch };
}

function joined(): { world: World; east: End; west: End; reaches: (service: Service) => unknown } {
  const world = seedWorld(0);
  const east = endOf(world, "cn-shanghai", "linked-east");
  const west = endOf(world, "cn-hangzhou", "linked-west");
  return { world, east, west, reaches: (service) => reach(world, east, west.instance.privateIp, service) };
}

function addRule(end: End, rule: Partial<RuleContent>): void {
  const group = end.region.securityGroups.get(end.instance.securityGroupIds[0] ?? "");
  if (group !== undefined) buildRule(end.site, group, ruleContent({ sourceCidrIp: "0.0.0.0/0", ...rule }));
}

function putBehindAcl(
  end: End,
  entries: { ingress?: ReadonlyArray<NetworkAclEntryContent>; egress?: ReadonlyArray<NetworkAclEntryContent> },
): void {
  const acl = buildNetworkAcl(end.site, { vpcId: end.vSwitch.vpcId, networkAclName: "acl", ...entries });
  end.vSwitch.networkAclId = acl.networkAclId;
}

const stoppedBy = (stop: string): unknown => ({ reached: false, stoppedBy: stop });
const ALL: NetworkAclEntryContent = { policy: "accept" };
const TCP: Partial<RuleContent> = { ipProtocol: "TCP", portRange: "5432/5432" };

describe("a TCP connection over a peering", () => {
  test("is open where something listens, refused where nothing does, and stopped where no rule lets it in", () => {
    const { west, reaches } = joined();
    expect(reaches(POSTGRES)).toEqual(stoppedBy("target security groups"));
    addRule(west, { ipProtocol: "TCP", portRange: "5000/6000" });
    expect(reaches(POSTGRES)).toEqual(REFUSED);
    west.instance.listening = [22, 5432];
    expect(reaches(POSTGRES)).toEqual(OPEN);
    expect(reaches({ protocol: "TCP", port: 22 })).toEqual(stoppedBy("target security groups"));
    expect(reaches(PING)).toEqual(stoppedBy("target security groups"));
  });

  test.each<[string, Partial<RuleContent>, unknown]>([
    ["a rule for all protocols lets it in", { ipProtocol: "ALL", portRange: "-1/-1" }, REFUSED],
    ["a rule for UDP does not", { ipProtocol: "UDP", portRange: "5432/5432" }, stoppedBy("target security groups")],
    ["a rule for ICMP does not", { ipProtocol: "ICMP", portRange: "-1/-1" }, stoppedBy("target security groups")],
    ["a rule ends at its last port", { ipProtocol: "TCP", portRange: "1/5431" }, stoppedBy("target security groups")],
    ["a rule for all client ports", { ...TCP, sourcePortRange: "1024/65535" }, REFUSED],
    ["a rule for some of them", { ...TCP, sourcePortRange: "1024/50000" }, stoppedBy("target security groups")],
    ["a rule for the client's address", { ...TCP, sourceCidrIp: "10.23.1.11/32" }, REFUSED],
    ["a rule for another", { ...TCP, sourceCidrIp: "10.23.1.12/32" }, stoppedBy("target security groups")],
    ["a rule for this host", { ...TCP, destCidrIp: "10.24.1.11/32" }, REFUSED],
    ["a rule for another host", { ...TCP, destCidrIp: "10.24.1.12/32" }, stoppedBy("target security groups")],
    [
      "a rule for a prefix list",
      { ...TCP, sourceCidrIp: "", sourcePrefixListId: "pl-1" },
      stoppedBy("target security groups"),
    ],
  ])("%s", (_, rule, expected) => {
    const { west, reaches } = joined();
    addRule(west, rule);
    expect(reaches(POSTGRES)).toEqual(expected);
  });

  test("of two rules the smaller number wins, and at the same number the one that drops", () => {
    const { west, reaches } = joined();
    addRule(west, { ...TCP, priority: 10 });
    addRule(west, { ipProtocol: "ALL", portRange: "-1/-1", policy: "drop", priority: 11 });
    expect(reaches(POSTGRES)).toEqual(REFUSED);
    addRule(west, { ipProtocol: "TCP", portRange: "1/65535", policy: "drop", priority: 10 });
    expect(reaches(POSTGRES)).toEqual(stoppedBy("target security groups"));
  });

  test("a drop rule on the sender's side stops the port it names and no other", () => {
    const { east, west, reaches } = joined();
    addRule(west, { ipProtocol: "TCP", portRange: "1/65535" });
    addRule(east, { ...TCP, direction: "egress", policy: "drop", sourceCidrIp: "", destCidrIp: "10.24.0.0/16" });
    expect(reaches(POSTGRES)).toEqual(stoppedBy("source security groups"));
    expect(reaches({ protocol: "TCP", port: 443 })).toEqual(REFUSED);
  });
});

describe("a firewall on the host", () => {
  test("drops pings and lets connections through", () => {
    const { west, reaches } = joined();
    addRule(west, { ipProtocol: "ALL", portRange: "-1/-1" });
    expect(reaches(PING)).toEqual(ECHO);
    west.instance.dropsPing = true;
    expect(reaches(PING)).toEqual(stoppedBy("target host firewall"));
    expect(reaches(POSTGRES)).toEqual(REFUSED);
  });
});

describe("a network ACL", () => {
  test("drops everything while it has no entries, at whichever of the four borders it stands", () => {
    for (const [side, way, stop] of [
      ["east", "egress", "source network ACL"],
      ["west", "ingress", "target network ACL"],
      ["west", "egress", "target network ACL, back"],
      ["east", "ingress", "source network ACL, back"],
    ] as const) {
      const ends = joined();
      addRule(ends.west, { ipProtocol: "ALL", portRange: "-1/-1" });
      putBehindAcl(ends[side], { ingress: [ALL], egress: [ALL] });
      expect([ends.reaches(PING), ends.reaches(POSTGRES)]).toEqual([ECHO, REFUSED]);
      putBehindAcl(ends[side], { ingress: [ALL], egress: [ALL], [way]: [] });
      expect([ends.reaches(PING), ends.reaches(POSTGRES)]).toEqual([stoppedBy(stop), stoppedBy(stop)]);
    }
  });

  test.each<[string, ReadonlyArray<NetworkAclEntryContent>, unknown]>([
    [
      "the first entry that matches decides: drop",
      [{ policy: "drop", protocol: "tcp", port: "5432/5432" }, ALL],
      "drop",
    ],
    ["the first entry that matches decides: accept", [ALL, { policy: "drop" }], "accept"],
    ["another protocol does not match", [{ policy: "drop", protocol: "udp", port: "5432/5432" }, ALL], "accept"],
    ["another port does not match", [{ policy: "drop", protocol: "tcp", port: "1/5431" }, ALL], "accept"],
    ["another source does not match", [{ policy: "drop", cidrBlock: "10.99.0.0/16" }, ALL], "accept"],
    ["what nothing matches is dropped", [{ policy: "accept", cidrBlock: "10.99.0.0/16" }], "drop"],
    ["its own source", [{ policy: "accept", protocol: "tcp", port: "5432/5432", cidrBlock: "10.23.1.0/24" }], "accept"],
  ])("%s", (_, ingress, policy) => {
    const { west, reaches } = joined();
    addRule(west, TCP);
    putBehindAcl(west, { ingress, egress: [ALL] });
    expect(reaches(POSTGRES)).toEqual(policy === "accept" ? REFUSED : stoppedBy("target network ACL"));
  });

  test.each<[string, ReadonlyArray<NetworkAclEntryContent>, boolean]>([
    ["all of the client's ports", [{ policy: "accept", protocol: "tcp", port: "32768/60999" }], true],
    ["all but the first", [{ policy: "accept", protocol: "tcp", port: "32769/60999" }], false],
    ["all but the last", [{ policy: "accept", protocol: "tcp", port: "32768/60998" }], false],
    ["the service's port", [{ policy: "accept", protocol: "tcp", port: "5432/5432" }], false],
    ["two halves", [halfTo(50_000), { policy: "accept", protocol: "tcp", port: "50001/65535" }], true],
    ["two halves with a gap", [halfTo(50_000), { policy: "accept", protocol: "tcp", port: "50002/65535" }], false],
    ["all but a dropped one", [{ policy: "drop", protocol: "tcp", port: "40000/40000" }, ALL], false],
    ["all, one of them dropped too late", [ALL, { policy: "drop", protocol: "tcp", port: "40000/40000" }], true],
  ])("lets replies out by the client's port: %s", (_, egress, isLetOut) => {
    const { west, reaches } = joined();
    addRule(west, TCP);
    putBehindAcl(west, { ingress: [ALL], egress });
    expect(reaches(POSTGRES)).toEqual(isLetOut ? REFUSED : stoppedBy("target network ACL, back"));
  });

  test("is not met within one vSwitch, and is met between two of one VPC", () => {
    const { world, east } = joined();
    const other = theOne(
      [...east.region.vSwitches.values()],
      ({ vpcId, vSwitchId }) => vpcId === east.vSwitch.vpcId && vSwitchId !== east.vSwitch.vSwitchId,
    );
    const securityGroupIds = east.instance.securityGroupIds;
    const near = { vSwitch: east.vSwitch, instanceName: "near", privateIp: "10.23.1.12", securityGroupIds };
    const far = { vSwitch: other, instanceName: "far", privateIp: "10.23.2.12", securityGroupIds };
    for (const instance of [near, far]) buildInstance(east.site, instance);
    putBehindAcl(east, {});
    expect(reach(world, east, "10.23.1.12", PING)).toMatchObject({ reached: true });
    expect(reach(world, east, "10.23.2.12", PING)).toEqual(stoppedBy("source network ACL"));
  });
});

function halfTo(port: number): NetworkAclEntryContent {
  return { policy: "accept", protocol: "tcp", port: `1024/${port}` };
}
