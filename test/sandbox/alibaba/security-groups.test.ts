import { describe, expect, test } from "vitest";
import { letIn, peer, repliesTo, type Side, sideOf, tutorialSides } from "./peering.ts";
import { type Answer, refusal, refusedWith, type Sandbox, startSandbox, theOne } from "./sandbox.ts";

const ICMP = { IpProtocol: "ICMP", PortRange: "-1/-1", SourceCidrIp: "172.16.0.0/16", Priority: "100" };

function authorize(sandbox: Sandbox, side: Side, ...Permissions: ReadonlyArray<object>): Promise<Answer> {
  return sandbox.ecs("AuthorizeSecurityGroup", {
    RegionId: side.regionId,
    SecurityGroupId: side.securityGroupId,
    Permissions,
  });
}

async function rulesOf(sandbox: Sandbox, side: Side, more: object = {}): Promise<ReadonlyArray<Answer>> {
  const answer = await sandbox.ecs("DescribeSecurityGroupAttribute", {
    RegionId: side.regionId,
    SecurityGroupId: side.securityGroupId,
    ...more,
  });
  return answer["Permissions"].Permission;
}

describe("authorising", () => {
  test("adds rules and answers no rule id; they are printed as the API prints them", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const answer = await authorize(sandbox, initiator, {
      IpProtocol: "tcp",
      PortRange: "5432/5432",
      SourceCidrIp: "172.16.0.0/16",
      Policy: "accept",
      Description: "peer-vpcs P-118",
    });
    expect(Object.keys(answer)).toEqual(["RequestId"]);
    const rules = await rulesOf(sandbox, initiator, { Direction: "ingress" });
    expect(rules.at(-1)).toMatchObject({
      SecurityGroupRuleId: expect.stringMatching(/^sgr-m5e/),
      Policy: "Accept",
      IpProtocol: "TCP",
      Priority: 1,
      PortRange: "5432/5432",
      SourceCidrIp: "172.16.0.0/16",
      DestCidrIp: "",
      SourceGroupId: "",
      NicType: "intranet",
      Direction: "ingress",
      Description: "peer-vpcs P-118",
    });
  });

  test("an identical rule is a success that adds nothing, whatever its description and spelling", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    await authorize(sandbox, initiator, ICMP);
    const before = await rulesOf(sandbox, initiator);
    await authorize(sandbox, initiator, { ...ICMP, IpProtocol: "icmp", Policy: "Accept", Description: "again" });
    expect(await rulesOf(sandbox, initiator)).toEqual(before);
    await authorize(sandbox, initiator, { ...ICMP, Priority: "1" }, { ...ICMP, Priority: "1" });
    expect(await rulesOf(sandbox, initiator)).toHaveLength(before.length + 1);
  });

  test("the older form has one rule in top-level parameters, and does not mix with the other", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const group = { RegionId: "cn-qingdao", SecurityGroupId: initiator.securityGroupId };
    await sandbox.ecs("AuthorizeSecurityGroup", { ...group, ...ICMP });
    expect((await rulesOf(sandbox, initiator)).at(-1)).toMatchObject({ IpProtocol: "ICMP", Priority: 100 });
    const mixed = sandbox.ecs("AuthorizeSecurityGroup", { ...group, ...ICMP, Permissions: [ICMP] });
    expect(await refusal(mixed)).toMatchObject({ code: "InvalidParamter.Conflict", status: 403 });
    expect(await refusedWith(sandbox.ecs("AuthorizeSecurityGroup", group))).toBe("MissingParameter");
  });

  test.each([
    [{ Priority: "0" }, "InvalidPriority.ValueNotSupported"],
    [{ Priority: "101" }, "InvalidPriority.ValueNotSupported"],
    [{ Policy: "allow" }, "InvalidPolicy.Malformed"],
    [{ IpProtocol: "SCTP" }, "InvalidIpProtocol.ValueNotSupported"],
    [{ PortRange: "22/22" }, "InvalidPortRange.Malformed"],
    [{ IpProtocol: "TCP", PortRange: "-1/-1" }, "InvalidPortRange.Malformed"],
    [{ IpProtocol: "TCP", PortRange: "90/80" }, "InvalidPortRange.Malformed"],
    [{ SourceCidrIp: "172.16.0.0/40" }, "InvalidSourceCidrIp.Malformed"],
    [{ SourceCidrIp: "" }, "MissingParameter.Source"],
    [{ NicType: "internet" }, "InvalidNicType.ValueNotSupported"],
    [{ SourceCidrIp: "", SourceGroupId: "sg-m5enothere" }, "InvalidSourceGroupId.NotFound"],
  ])("a rule with %o is refused with %s, and nothing is added", async (wrong, code) => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const before = await rulesOf(sandbox, initiator);
    expect(await refusedWith(authorize(sandbox, initiator, ICMP, { ...ICMP, ...wrong }))).toBe(code);
    expect(await rulesOf(sandbox, initiator)).toEqual(before);
  });

  test("groups managed by a service, missing groups and more rules than allowed are refused", async () => {
    const sandbox = await startSandbox();
    const managed = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "managed-group" });
    const { initiator } = await tutorialSides(sandbox);
    expect(await refusedWith(authorize(sandbox, managed, ICMP))).toBe("InvalidOperation.ResourceManagedByCloudProduct");
    const missing = { ...initiator, securityGroupId: "sg-m5enothere" };
    expect(await refusedWith(authorize(sandbox, missing, ICMP))).toBe("InvalidSecurityGroupId.NotFound");
    const many = (start: number): ReadonlyArray<object> =>
      Array.from({ length: 100 }, (_, index) => ({ ...ICMP, SourceCidrIp: `10.${start}.${index}.0/24` }));
    await authorize(sandbox, initiator, ...many(1));
    expect(await refusal(authorize(sandbox, initiator, ...many(2)))).toMatchObject({
      code: "AuthorizationLimitExceed",
      status: 403,
    });
    expect(await refusedWith(authorize(sandbox, initiator, ...many(3), ICMP))).toBe("InvalidPermissions");
  });
});

describe("revoking", () => {
  test("by content: what matches goes, what matches nothing is a success", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const before = await rulesOf(sandbox, initiator);
    await authorize(sandbox, initiator, ICMP);
    const group = { RegionId: "cn-qingdao", SecurityGroupId: initiator.securityGroupId };
    await sandbox.ecs("RevokeSecurityGroup", { ...group, Permissions: [{ ...ICMP, Priority: "7" }] });
    expect(await rulesOf(sandbox, initiator)).toHaveLength(before.length + 1);
    await sandbox.ecs("RevokeSecurityGroup", { ...group, Permissions: [{ ...ICMP, Description: "other" }] });
    expect(await rulesOf(sandbox, initiator)).toEqual(before);
  });

  test("by id: an unknown one is refused and nothing goes; ids and rules do not mix", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const before = await rulesOf(sandbox, initiator);
    const [first] = before;
    const group = { RegionId: "cn-qingdao", SecurityGroupId: initiator.securityGroupId };
    const known = first?.["SecurityGroupRuleId"];
    const revoke = (more: object): Promise<Answer> => sandbox.ecs("RevokeSecurityGroup", { ...group, ...more });
    expect(await refusedWith(revoke({ SecurityGroupRuleId: [known, "sgr-m5enothere"] }))).toBe(
      "InvalidParam.SecurityGroupRuleId",
    );
    expect(await refusedWith(revoke({ SecurityGroupRuleId: [known], Permissions: [ICMP] }))).toBe(
      "InvalidParamter.Conflict",
    );
    await revoke({ SecurityGroupRuleId: [known] });
    expect(await rulesOf(sandbox, initiator)).toEqual(before.slice(1));
  });

  test("egress rules are added and removed by their own actions", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const group = { RegionId: "cn-qingdao", SecurityGroupId: initiator.securityGroupId };
    const rule = { IpProtocol: "ALL", PortRange: "-1/-1", DestCidrIp: "172.16.0.0/16", Policy: "drop" };
    await sandbox.ecs("AuthorizeSecurityGroupEgress", { ...group, Permissions: [rule] });
    const [added] = await rulesOf(sandbox, initiator, { Direction: "egress" });
    expect(added).toMatchObject({ Direction: "egress", Policy: "Drop", DestCidrIp: "172.16.0.0/16" });
    const ingress = sandbox.ecs("RevokeSecurityGroup", {
      ...group,
      SecurityGroupRuleId: [added?.["SecurityGroupRuleId"]],
    });
    expect(await refusedWith(ingress)).toBe("InvalidParam.SecurityGroupRuleId");
    await sandbox.ecs("RevokeSecurityGroupEgress", { ...group, Permissions: [rule] });
    expect(await rulesOf(sandbox, initiator, { Direction: "egress" })).toEqual([]);
  });
});

describe("what rules let through", () => {
  test("a drop with the smaller number beats our accept, in whichever group it is", async () => {
    const { sandbox, initiator, acceptor } = await peeredWith({ regionId: "cn-qingdao", vpcName: "drop-rule" });
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(0);
    expect(await repliesTo(sandbox, acceptor, initiator.privateIp)).toBe(10);

    const { rules } = await sandbox.state("cn-qingdao");
    const drop = theOne(rules, (rule) => rule.policy === "drop" && rule.securityGroupId === acceptor.securityGroupId);
    const edited = { regionId: "cn-qingdao", kind: "rule", id: drop.securityGroupRuleId };
    await sandbox.control("POST", "edit", { ...edited, set: { priority: 100 } });
    // At equal priority drop wins.
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(0);
    await sandbox.control("POST", "edit", { ...edited, remove: true });
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(10);
    await sandbox.control("POST", "edit", { ...edited, id: undefined, add: { ...ruleOf(drop), priority: 100 } });
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(0);
  });

  test("an advanced group needs an egress rule to ask, and none to reply", async () => {
    const { sandbox, initiator, acceptor } = await peeredWith({ regionId: "cn-hangzhou", vpcName: "enterprise-group" });
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(10);
    expect(await repliesTo(sandbox, acceptor, initiator.privateIp)).toBe(0);
    await sandbox.ecs("AuthorizeSecurityGroupEgress", {
      RegionId: "cn-hangzhou",
      SecurityGroupId: acceptor.securityGroupId,
      Permissions: [{ IpProtocol: "ICMP", PortRange: "-1/-1", DestCidrIp: initiator.cidrBlock, Priority: "100" }],
    });
    expect(await repliesTo(sandbox, acceptor, initiator.privateIp)).toBe(10);
  });

  test("a rule for other ports, other sources or other targets does not let a ping in", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const { initiator, acceptor } = sides;
    await peer(sandbox, sides);
    const group = { RegionId: "cn-beijing", SecurityGroupId: acceptor.securityGroupId };
    await sandbox.ecs("RevokeSecurityGroup", {
      ...group,
      Permissions: [{ ...ICMP, SourceCidrIp: initiator.cidrBlock }],
    });
    const source = { SourceCidrIp: initiator.cidrBlock };
    await authorize(sandbox, acceptor, { IpProtocol: "TCP", PortRange: "1/65535", ...source });
    await authorize(sandbox, acceptor, { ...ICMP, SourceCidrIp: "10.0.0.0/8" });
    await authorize(sandbox, acceptor, { ...ICMP, ...source, DestCidrIp: "172.16.1.99/32" });
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(0);
    await authorize(sandbox, acceptor, { ...ICMP, ...source, DestCidrIp: `${acceptor.privateIp}/32` });
    expect(await repliesTo(sandbox, initiator, acceptor.privateIp)).toBe(10);
  });

  test("members of a basic group reach each other without a rule; others of the VPC do not", async () => {
    const sandbox = await startSandbox();
    const { acceptor } = await tutorialSides(sandbox);
    const { instances, securityGroups } = await sandbox.state("cn-beijing");
    const neighbour = theOne(instances, ({ instanceName }) => instanceName === "warehouse-1");
    expect(await repliesTo(sandbox, acceptor, neighbour.privateIp)).toBe(10);
    const legacy = theOne(securityGroups, ({ securityGroupName }) => securityGroupName === "shared-data-legacy");
    await sandbox.control("POST", "edit", {
      regionId: "cn-beijing",
      kind: "instance",
      id: neighbour.instanceId,
      set: { securityGroupIds: [legacy.securityGroupId] },
    });
    expect(await repliesTo(sandbox, acceptor, neighbour.privateIp)).toBe(0);
  });

  test("a peering carries nothing onwards into a third VPC", async () => {
    const sandbox = await startSandbox();
    const initiator = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "orders-prod" });
    const east = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "peered-east" });
    const west = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "peered-west" });
    const pair = await peer(sandbox, { initiator, acceptor: east });
    await letIn(sandbox, { own: west, opposite: initiator });
    await sandbox.vpc("CreateRouteEntry", {
      RegionId: "cn-qingdao",
      RouteTableId: initiator.routeTableId,
      DestinationCidrBlock: west.cidrBlock,
      NextHopType: "RouterInterface",
      NextHopId: pair.initiator,
    });
    await sandbox.step(4_500);
    expect(await repliesTo(sandbox, initiator, east.privateIp)).toBe(10);
    expect(await repliesTo(sandbox, initiator, west.privateIp)).toBe(0);
  });

  test("the pair that was made by hand works as it is", async () => {
    const sandbox = await startSandbox();
    const east = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "peered-east" });
    const west = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "peered-west" });
    await letIn(sandbox, { own: west, opposite: east });
    expect(await repliesTo(sandbox, east, west.privateIp)).toBe(10);
  });
});

describe("reading groups", () => {
  test("by VPC, type, name and service, with their counts", async () => {
    const sandbox = await startSandbox();
    const { vpcId } = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "shared-data" });
    const list = async (regionId: string, more: object): Promise<ReadonlyArray<Answer>> => {
      const answer = await sandbox.ecs("DescribeSecurityGroups", { RegionId: regionId, ...more });
      return answer["SecurityGroups"].SecurityGroup;
    };
    expect(await list("cn-beijing", { VpcId: vpcId })).toMatchObject([
      { SecurityGroupName: "shared-data-hosts", EcsCount: 14, RuleCount: 1, SecurityGroupType: "normal" },
      { SecurityGroupName: "shared-data-legacy", EcsCount: 3, RuleCount: 1 },
    ]);
    expect(await list("cn-hangzhou", { SecurityGroupType: "enterprise" })).toHaveLength(1);
    expect(await list("cn-hangzhou", { ServiceManaged: true })).toMatchObject([{ ServiceManaged: true }]);
    expect(await list("cn-beijing", { SecurityGroupName: "legacy", FuzzyQuery: true })).toHaveLength(1);
    const ids = JSON.stringify((await list("cn-beijing", { VpcId: vpcId })).map((group) => group["SecurityGroupId"]));
    expect(await list("cn-beijing", { SecurityGroupIds: ids })).toHaveLength(2);
    expect(await refusedWith(list("cn-beijing", { SecurityGroupIds: "sg-1" }))).toBe(
      "InvalidSecurityGroupIds.Malformed",
    );
  });
});

/** `shared-data` peered with another VPC. */
async function peeredWith(place: { regionId: string; vpcName: string }): Promise<{
  sandbox: Sandbox;
  initiator: Side;
  acceptor: Side;
}> {
  const sandbox = await startSandbox();
  const initiator = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "shared-data" });
  const acceptor = await sideOf(sandbox, place);
  await peer(sandbox, { initiator, acceptor });
  return { sandbox, initiator, acceptor };
}

/** What a new rule like this one needs. */
function ruleOf(rule: object): object {
  const { securityGroupId, policy, ipProtocol, sourceCidrIp } = rule as Record<string, unknown>;
  return { securityGroupId, policy, ipProtocol, sourceCidrIp };
}
