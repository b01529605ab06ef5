/** Every family of error codes, as a real error of the real SDK. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FailureKind } from "../../machines/peering/failure.ts";
import { failureOf, grantFor, MARK, startSandboxedCloud, type SandboxedCloud } from "./sandboxed-cloud.ts";

/** Codes as the APIs' error tables spell them, the misspelt ones included. */
const CODES: ReadonlyArray<readonly [kind: FailureKind, status: number, codes: readonly string[]]> = [
  [
    "throttled",
    400,
    ["Throttling", "Throttling.User", "Throttling.Api", "Throttling.DeepPageSkip", "Rejected.Throttling"],
  ],
  ["throttled", 429, ["Throttling.User"]],
  ["throttled", 503, ["Throttling.User"]],
  [
    "busy",
    400,
    ["TaskConflict", "SystemBusy", "UnknownError", "INSTANCE_IN_PROCESSIONG", "OperationFailed.DistibuteLock"],
  ],
  [
    "busy",
    400,
    ["IncorrectStatus", "IncorrectStatus.CenStatus", "IncorrectStatus.RouterInterface", "IncorrectRIStatus"],
  ],
  [
    "busy",
    400,
    ["IncorrectVpcStatus", "IncorrectVSwitchStatus", "IncorrectRouteEntryStatus", "IncorrectInstanceStatus"],
  ],
  ["busy", 400, ["InvalidInstance.StatusError", "OperationFailed.OperationLocked"]],
  ["busy", 400, ["RouterInterfaceReferredByRouteEntry", "ReferredByRouteEntry.RouterInterface"]],
  ["busy", 400, ["DependencyViolation.RouterInterfaceReferedByRouteEntry", "IncorrectStatus.MultiScopeRiRouteEntry"]],
  ["busy", 403, ["LastTokenProcessing"]],
  ["busy", 409, ["OperationConflict"]],
  ["busy", 503, ["ServiceUnavailable"]],
  ["notReady", 400, ["IncorrectOppositeInterfaceInfo.NotSet"]],
  ["conflict", 400, ["InvalidCIDRBlock.Duplicate", "RouterEntryConflict.Duplicated", "Duplicated.VpcNextHop"]],
  ["conflict", 400, ["InvalidRouteEntry.Duplicate", "RouteConflict.AlreadyExist"]],
  ["ownerMustAct", 403, ["Forbidden.RAM", "Forbidden", "NoPermission", "Forbidden.OnlyOneConnection"]],
  ["ownerMustAct", 400, ["Forbidden.BillsOutstanding", "Forbidden.FinancialLocked", "CROSS_BID.FORBIDDEN"]],
  [
    "ownerMustAct",
    400,
    ["QuotaExceeded", "QuotaExceeded.RouteEntry", "CmdCount.ExceedQuota", "AuthorizationLimitExceed"],
  ],
  ["ownerMustAct", 404, ["InvalidAccessKeyId.NotFound"]],
  ["ownerMustAct", 400, ["InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive", "InvalidSecurityToken.Expired"]],
  ["ownerMustAct", 400, ["SignatureDoesNotMatch", "IncompleteSignature", "InvalidTimeStamp.Expired"]],
  ["ownerMustAct", 400, ["IncorrectBusinessStatus.VpcPeer"]],
  ["tokenMismatch", 400, ["IdempotentParameterMismatch"]],
  ["tokenMismatch", 403, ["InvalidIdempotenceParameter.Mismatch"]],
  ["changedByHand", 404, ["InvalidRouterInterfaceId.NotFound", "InvalidNextHop.NotFound", "InvalidNextHopId.NotFound"]],
  ["unknownResult", 500, ["InternalError", "InternalError.Dispatch", "SomethingElse"]],
  ["unknownResult", 400, ["SignatureNonceUsed"]],
  ["unknownResult", 502, ["Bad.Gateway"]],
  [
    "refused",
    400,
    ["IncorrectOppositeInterfaceInfo", "IncorrectRole.NotInitiatingSide", "InvalidCidrBlock", "Forbbiden"],
  ],
  ["refused", 404, ["InvalidRegionId.NotFound", "InvalidAction.NotFound", "InvalidInstance.NotFound"]],
];

const ENTRY = {
  regionId: "cn-qingdao",
  routeTableId: "vtb-none",
  destination: "172.16.0.0/16",
  routerInterfaceId: "ri-none",
  name: MARK,
} as const;
const ROUTE = { side: "initiator", vpcId: "vpc-none", ...ENTRY } as const;
const GROUP = { side: "initiator", regionId: "cn-qingdao", securityGroupId: "sg-none", direction: "ingress" } as const;
const TARGET = { regionId: "cn-qingdao", routerInterfaceId: "ri-none" };

let cloud: SandboxedCloud;
beforeAll(async () => {
  cloud = await startSandboxedCloud();
});
afterAll(() => cloud.close());
afterEach(() => cloud.control("DELETE", "dials"));

describe("a refusal of the cloud", () => {
  const cases = CODES.flatMap(([kind, status, codes]) => codes.map((code) => ({ kind, status, code })));

  it.each(cases)("$code with status $status is $kind", async ({ kind, status, code }) => {
    await cloud.dial({ action: "DescribeInvocationResults", fault: { code, status, message: "Says why." } });
    const failure = await failureOf(cloud.reader.invocation("cn-qingdao", "t-none"));
    expect(failure).toMatchObject({ kind, api: "DescribeInvocationResults", code });
    expect(failure.requestId).toMatch(/^[0-9A-F-]{36}$/);
  });

  it("keeps the cloud's words and leaves the SDK's out", async () => {
    await cloud.dial({
      action: "DescribeRegions",
      fault: { code: "NoPermission", status: 403, message: "You may not." },
    });
    expect((await failureOf(cloud.reader.regions())).message).toBe("You may not.");
  });

  it("cuts words that go on and on", async () => {
    await cloud.dial({ action: "DescribeRegions", fault: { code: "Odd", status: 400, message: "x".repeat(10_000) } });
    expect((await failureOf(cloud.reader.regions())).message).toHaveLength(500);
  });

  it("says which call failed and how, in one line", async () => {
    await cloud.dial({ action: "DescribeRegions", fault: { code: "NoPermission", status: 403, message: "" } });
    await expect(cloud.reader.regions()).rejects.toThrow(/^calling DescribeRegions: NoPermission$/);
  });

  it("is busy when route entries are deleted too fast, which only that API calls Forbbiden", async () => {
    await cloud.dial({ action: "DeleteRouteEntry", fault: { code: "Forbbiden", status: 403, message: "" } });
    const granted = cloud.writer(grantFor({ type: "deleteRouteEntry", ...ROUTE }));
    expect(await failureOf(granted.deleteRouteEntry(ENTRY))).toMatchObject({ kind: "busy" });
  });

  it("is busy when one of the rules to revoke has gone meanwhile", async () => {
    await cloud.dial({
      action: "RevokeSecurityGroup",
      fault: { code: "InvalidParam.SecurityGroupRuleId", status: 400, message: "" },
    });
    const granted = cloud.writer(grantFor({ type: "revokeSecurityGroup", ...GROUP, rules: [] }));
    expect(await failureOf(granted.revokeSecurityGroup({ ...GROUP, ruleIds: ["sgr-1"] }))).toMatchObject({
      kind: "busy",
    });
  });
});

describe("taking away what is gone", () => {
  const deletion = { type: "deleteRouterInterface", side: "initiator", ...TARGET, routerId: "vrt-none" } as const;
  const removals: ReadonlyArray<readonly [action: string, codes: readonly string[], remove: () => Promise<unknown>]> = [
    [
      "DeleteRouterInterface",
      ["InvalidRouterInterfaceId.NotFound", "InvalidInstanceId.NotFound"],
      () => cloud.writer(grantFor(deletion)).deleteRouterInterface(TARGET),
    ],
    [
      "DeleteRouteEntry",
      ["InvalidRouteEntry.NotFound", "InvalidRouteTable.NotFound", "InvalidRouteTableId.NotFound"],
      () => cloud.writer(grantFor({ type: "deleteRouteEntry", ...ROUTE })).deleteRouteEntry(ENTRY),
    ],
    [
      "RevokeSecurityGroup",
      ["InvalidSecurityGroupId.NotFound"],
      () =>
        cloud
          .writer(grantFor({ type: "revokeSecurityGroup", ...GROUP, rules: [] }))
          .revokeSecurityGroup({ ...GROUP, ruleIds: ["sgr-1"] }),
    ],
  ];

  it.each(removals)("%s is done", async (action, codes, remove) => {
    for (const code of codes) {
      await cloud.dial({ action, fault: { code, status: 404, message: "" } });
      await expect(remove()).resolves.toEqual({ requestId: expect.stringMatching(/^[0-9A-F-]{36}$/) });
    }
  });

  it.each(removals)("%s is not done when it was something else that was not found", async (action, _codes, remove) => {
    for (const code of ["InvalidAccessKeyId.NotFound", "InvalidRegionId.NotFound", "InvalidAction.NotFound"]) {
      await cloud.dial({ action, fault: { code, status: 404, message: "" } });
      expect(await failureOf(remove())).toMatchObject({ api: action, code });
    }
  });

  it("is a failure where it is no removal: what should be deactivated is gone", async () => {
    const granted = cloud.writer(
      grantFor({ type: "deactivateRouterInterface", side: "initiator", regionId: "cn-qingdao" }),
    );
    expect(await failureOf(granted.deactivateRouterInterface(TARGET))).toMatchObject({ kind: "changedByHand" });
  });

  it("leaves nothing in a table or a group that does not exist", async () => {
    await expect(cloud.reader.routeEntries("cn-qingdao", { routeTableId: "vtb-none" })).resolves.toEqual([]);
    await expect(cloud.reader.securityGroupRules("cn-qingdao", "sg-none", "ingress")).resolves.toEqual([]);
  });
});
