/** Every family of error codes, as a real error of the real SDK. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FailureKind } from "../../machines/peering/failure.ts";
import { failureOf as failureOfThrown } from "../../src/cloud/errors.ts";
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
  ["busy", 400, ["IncorrectStatus.VpcPeer", "IncorrectStatus.Vpc", "IncorrectStatus.AcceptingVpc"]],
  ["busy", 403, ["LastTokenProcessing"]],
  ["busy", 409, ["OperationConflict"]],
  ["busy", 503, ["ServiceUnavailable"]],
  ["notReady", 400, ["IncorrectOppositeInterfaceInfo.NotSet"]],
  ["conflict", 400, ["InvalidCIDRBlock.Duplicate", "RouterEntryConflict.Duplicated", "Duplicated.VpcNextHop"]],
  ["conflict", 400, ["InvalidRouteEntry.Duplicate", "RouteConflict.AlreadyExist"]],
  ["conflict", 400, ["ResourceAlreadyExist.RouterInterface", "ResourceAlreadyExist.VpcPeer"]],
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
  ["ownerMustAct", 400, ["IncorrectBusinessStatus.VpcPeer", "IncorrectBusinessStatus.AcceptUserVpcPeer"]],
  ["ownerMustAct", 400, ["QuotaExceeded.VpcPeerCountPerVpc", "QuotaExceeded.IntraRegionVpcPeerCountPerVpc"]],
  ["ownerMustAct", 400, ["QuotaExceeded.VpcPeerCountPerUserPerRegion", "QuotaExceeded.CrossRegionVpcPeerCountPerVpc"]],
  ["ownerMustAct", 400, ["OperationFailed.CdtNotOpened", "OperationFailed.CrossBorderCdtNotOpened"]],
  [
    "ownerMustAct",
    400,
    ["OperationFailed.AcceptUserCdtNotOpened", "OperationFailed.AcceptUserCrossBorderCdtNotOpened"],
  ],
  ["ownerMustAct", 403, ["Forbidden.NoPermission"]],
  ["tokenMismatch", 400, ["IdempotentParameterMismatch"]],
  ["tokenMismatch", 403, ["InvalidIdempotenceParameter.Mismatch"]],
  ["changedByHand", 404, ["InvalidRouterInterfaceId.NotFound", "InvalidNextHop.NotFound", "InvalidNextHopId.NotFound"]],
  ["changedByHand", 400, ["ResourceNotFound.VpcPeer"]],
  ["unknownResult", 500, ["InternalError", "InternalError.Dispatch", "SomethingElse"]],
  ["unknownResult", 400, ["SignatureNonceUsed"]],
  ["unknownResult", 502, ["Bad.Gateway"]],
  [
    "refused",
    400,
    ["IncorrectOppositeInterfaceInfo", "IncorrectRole.NotInitiatingSide", "InvalidCidrBlock", "Forbbiden"],
  ],
  ["refused", 400, ["UnsupportedRegion", "OperationFailed.ViolativeVpcPeer", "OperationDenied.CloudBoxExistsInVpc"]],
  // Of other APIs than CreateRouterInterface and DeleteVpcPeerConnection.
  ["refused", 400, ["OperationDenied.NotOnSale", "OperationUnsupported", "OperationDenied.RouteEntryExist"]],
  ["refused", 400, ["ResourceNotFound.InstanceId"]],
  ["refused", 404, ["InvalidRegionId.NotFound", "InvalidAction.NotFound", "InvalidInstance.NotFound"]],
];

const ENTRY = {
  regionId: "cn-qingdao",
  routeTableId: "vtb-none",
  destination: "172.16.0.0/16",
  nextHop: { type: "RouterInterface", id: "ri-none" },
  name: MARK,
} as const;
const ROUTE = { side: "initiator", vpcId: "vpc-none", ...ENTRY } as const;
const GROUP = { side: "initiator", regionId: "cn-qingdao", securityGroupId: "sg-none", direction: "ingress" } as const;
const TARGET = { regionId: "cn-qingdao", routerInterfaceId: "ri-none" };

const PEER = { regionId: "cn-qingdao", vpcPeerConnectionId: "pcc-none" } as const;
const PEER_DELETION = {
  type: "deleteVpcPeerConnection",
  side: "initiator",
  regionId: "cn-qingdao",
  vpcId: "vpc-none",
  acceptingVpcId: "vpc-other",
} as const;

/** What CreateRouterInterface may say when it does not sell router interfaces between VPCs, and what means something else. */
const CREATION_CODES: ReadonlyArray<readonly [kind: FailureKind, codes: readonly string[]]> = [
  ["notSold", ["OperationDenied.NotOnSale", "OperationDenied.VpcToVpcNotSold", "Forbidden.NotOnSale", "NotSold"]],
  ["notSold", ["OperationDenied", "OperationDenied.RouterInterface", "OperationUnsupported.RouterType"]],
  ["notSold", ["NotSupport.VRouter", "LinkRole.NotSupport", "UnsupportedFeature", "UnsupportedRegion"]],
  ["ownerMustAct", ["Forbidden.RAM", "Forbidden", "NoPermission", "CROSS_BID.FORBIDDEN", "Forbidden.BillsOutstanding"]],
  ["ownerMustAct", ["QuotaExceeded.RouterInterface", "Forbidden.OnlyOneConnection"]],
  ["conflict", ["ResourceAlreadyExist.VpcPeer"]],
  ["busy", ["OperationConflict", "TaskConflict", "OperationFailed.OperationLocked", "IncorrectStatus.CenStatus"]],
  ["throttled", ["Throttling.User"]],
  ["tokenMismatch", ["IdempotentParameterMismatch"]],
  ["refused", ["InvalidSpec.ValueNotSupported", "InvalidSpec.ValudNotSupported", "InvalidRole.ValueNotSupported"]],
  ["refused", ["UnsupportedParameter", "UnsupportedHTTPMethod", "IllegalParam.Unsupported"]],
  ["refused", ["OperationDenied.OperateShareResource", "OperationDenied.CloudBoxExistsInVpc", "InvalidCidrBlock"]],
];

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

  it("makes nobody wait longer than two minutes, whatever it asks for", () => {
    const refusal = { code: "Throttling.User", statusCode: 400, requestId: "R-1", data: { Message: "slower" } };

    const waits = [1_000, 1e12].map((retryAfter) => failureOfThrown("CreateRouteEntry", { ...refusal, retryAfter }));
    expect(waits.map(({ retryAfterMs }) => retryAfterMs)).toEqual([1_000, 120_000]);
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

  it("is busy while a route entry leads to the peering connection", async () => {
    const code = "OperationDenied.RouteEntryExist";
    await cloud.dial({ action: "DeleteVpcPeerConnection", fault: { code, status: 400, message: "" } });
    const granted = cloud.writer(grantFor(PEER_DELETION));
    expect(await failureOf(granted.deleteVpcPeerConnection(PEER))).toMatchObject({ kind: "busy", code });
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

describe("a router interface that cannot be had", () => {
  const interfaceOrder = {
    regionId: "cn-qingdao",
    role: "InitiatingSide",
    routerId: "vrt-none",
    spec: "Mini.2",
    oppositeRegionId: "cn-beijing",
    oppositeRouterId: "vrt-other",
  } as const;
  const cases = CREATION_CODES.flatMap(([kind, codes]) => codes.map((code) => ({ kind, code })));

  it.each(cases)("with $code is $kind", async ({ kind, code }) => {
    await cloud.dial({ action: "CreateRouterInterface", fault: { code, status: 400, message: "" } });
    const granted = cloud.writer(grantFor({ type: "createRouterInterface", side: "initiator", ...interfaceOrder }));
    const creation = granted.createRouterInterface({ ...interfaceOrder, name: MARK, description: "a test" });
    expect(await failureOf(creation)).toMatchObject({ kind, api: "CreateRouterInterface", code });
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
      "DeleteVpcPeerConnection",
      ["ResourceNotFound.InstanceId"],
      () => cloud.writer(grantFor(PEER_DELETION)).deleteVpcPeerConnection(PEER),
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
