import { describe, expect, test } from "vitest";
import { FACTS, type FactName } from "../../../src/sandbox/alibaba/facts.ts";
import { callApi } from "./generic-client.ts";
import {
  connectPair,
  createInterface,
  createPair,
  introduce,
  peer,
  repliesTo,
  type Side,
  sideOf,
  tutorialSides,
} from "./peering.ts";
import {
  activated,
  connection,
  createConnection,
  endsInTwoRegions,
  joined,
  openedServices,
  setServices,
  statusOf,
} from "./peering-connection.ts";
import { type Answer, refusal, refusedWith, type Sandbox, startSandbox } from "./sandbox.ts";

/**
 * For each fact a question that shows its answer, and what the question gives for each answer. A fact without an entry
 * here does not compile.
 */
const QUESTIONS: { readonly [Name in FactName]: Question<(typeof FACTS)[Name]["answers"][number]> } = {
  "acceptor-passes-activating": {
    ask: async (sandbox) => {
      const { sides, pair } = await introduced(sandbox);
      await sandbox.vpc("ConnectRouterInterface", { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator });
      await sandbox.step(11_000);
      return (await attribute(sandbox, sides.acceptor, pair.acceptor))["Status"];
    },
    gives: { yes: "Activating", no: "AcceptingConnecting" },
  },
  "bad-access-key-status": {
    ask: async ({ cloud }) => {
      const call = callApi(cloud, { action: "DescribeRegions", version: "2016-04-28" }, { accessKeyId: "other" });
      return (await refusal(call)).status;
    },
    gives: { "404": 404, "400": 400 },
  },
  "batch-destination-around-vswitch": {
    ask: async (sandbox) => {
      const { sides, pair } = await connected(sandbox);
      const answer = await sandbox.vpc("CreateRouteEntries", {
        RegionId: "cn-qingdao",
        RouteEntries: [
          {
            RouteTableId: sides.initiator.routeTableId,
            DstCidrBlock: "192.0.0.0/8",
            NextHop: pair.initiator,
            NextHopType: "RouterInterface",
          },
        ],
      });
      return [answer["SuccessCount"], answer["FailedRouteEntries"][0]?.FailedCode];
    },
    gives: { refused: [0, "IllegalParam.CidrBlock"], accepted: [1, undefined] },
  },
  "busy-vpc-code": {
    ask: async (sandbox) => {
      const { sides, pair } = await connected(sandbox);
      await entry(sandbox, sides.initiator, pair.initiator, "172.16.0.0/16");
      return refusedWith(entry(sandbox, sides.initiator, pair.initiator, "172.20.0.0/16"));
    },
    gives: { TaskConflict: "TaskConflict", IncorrectRouteEntryStatus: "IncorrectRouteEntryStatus" },
  },
  "cen-status-value": {
    ask: async (sandbox) => {
      const answer = await sandbox.vpc("DescribeVpcs", { RegionId: "cn-shanghai", VpcName: "in-a-cen" });
      return answer["Vpcs"].Vpc[0].CenStatus;
    },
    gives: { Attached: "Attached", Active: "Active" },
  },
  "cdt-not-opened": {
    ask: async (sandbox) => {
      await setServices(sandbox, { cdt: false });
      const done = await outcome(createConnection(sandbox, await endsInTwoRegions(sandbox)));
      return [done, (await openedServices(sandbox)).cdt];
    },
    gives: { "opens-it": ["done", true], refused: ["OperationFailed.CdtNotOpened", false] },
  },
  "charge-type-default": {
    ask: async (sandbox) => outcome(create(sandbox, { InstanceChargeType: undefined })),
    gives: { PostPaid: "done", PrePaid: "InvalidInstanceChargeType.ValueNotSupported" },
  },
  "client-token-retention": {
    ask: async (sandbox) => {
      const first = await create(sandbox, { ClientToken: "token" });
      await sandbox.control("POST", "clock", { wireOffsetMs: 61_000 });
      const second = await create(sandbox, { ClientToken: "token" });
      return first["RouterInterfaceId"] === second["RouterInterfaceId"] ? "same" : "another";
    },
    gives: { "one-day": "same", "one-minute": "another" },
  },
  "command-content-limit": {
    ask: (sandbox) => outcome(command(sandbox, { CommandContent: "x".repeat(13_000) })),
    gives: { "24-KB": "done", "16-KB": "CmdContent.ExceedLimit" },
  },
  "command-instances-limit": {
    ask: async (sandbox) => {
      const { instances } = await sandbox.state("cn-qingdao");
      const ids = Array.from({ length: 60 }, () => instances[0]?.instanceId);
      return outcome(command(sandbox, { InstanceId: ids }));
    },
    gives: { "100": "done", "50": "InstanceIds.ExceedLimit" },
  },
  "cross-border-cdt-not-opened": {
    ask: async (sandbox) => {
      const { requester } = await endsInTwoRegions(sandbox);
      const acceptor = await sideOf(sandbox, { regionId: "cn-hongkong", vpcName: "hong-kong" });
      const done = await outcome(createConnection(sandbox, { requester, acceptor }));
      return [done, (await openedServices(sandbox)).crossBorderCdt];
    },
    gives: { refused: ["OperationFailed.CrossBorderCdtNotOpened", false], "opens-it": ["done", true] },
  },
  "cross-border-connect": {
    ask: async (sandbox) => {
      const { acceptor } = await tutorialSides(sandbox);
      const initiator = await sideOf(sandbox, { regionId: "cn-hongkong", vpcName: "hong-kong" });
      const sides = { initiator, acceptor };
      return outcome(connectPair(sandbox, sides, await createPair(sandbox, sides)));
    },
    gives: { refused: "CROSS_BID.FORBIDDEN", accepted: "done" },
  },
  "date-skew-window": {
    ask: async (sandbox) => {
      await sandbox.control("POST", "clock", { wireOffsetMs: 10 * 60_000 });
      return outcome(sandbox.vpc("DescribeRegions", {}));
    },
    gives: { "15-minutes": "done", "5-minutes": "InvalidTimeStamp.Expired" },
  },
  "deactivate-other-side": {
    ask: async (sandbox) => {
      const { sides, pair } = await connected(sandbox);
      const other = async (): Promise<string> => (await attribute(sandbox, sides.acceptor, pair.acceptor))["Status"];
      const act = async (action: string): Promise<string> => {
        await sandbox.vpc(action, { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator });
        await sandbox.step(4_500);
        return other();
      };
      return [await act("DeactivateRouterInterface"), await act("ActivateRouterInterface")];
    },
    gives: { unchanged: ["Active", "Active"], follows: ["Inactive", "Active"] },
  },
  "deactivate-status-code": {
    ask: async (sandbox) => {
      const { pair } = await introduced(sandbox);
      const id = { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator };
      return refusedWith(sandbox.vpc("DeactivateRouterInterface", id));
    },
    gives: { IncorrectStatus: "IncorrectStatus", IncorrectRIStatus: "IncorrectRIStatus" },
  },
  "delete-referred-code": {
    ask: async (sandbox) => {
      const sides = await tutorialSides(sandbox);
      const pair = await peer(sandbox, sides);
      const id = { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator };
      await sandbox.vpc("DeactivateRouterInterface", id);
      await sandbox.step(4_500);
      return refusedWith(sandbox.vpc("DeleteRouterInterface", id));
    },
    gives: {
      RouterInterfaceReferredByRouteEntry: "RouterInterfaceReferredByRouteEntry",
      "ReferredByRouteEntry.RouterInterface": "ReferredByRouteEntry.RouterInterface",
      "DependencyViolation.RouterInterfaceReferedByRouteEntry":
        "DependencyViolation.RouterInterfaceReferedByRouteEntry",
    },
  },
  "delete-status-code": {
    ask: async (sandbox) => {
      const { pair } = await connected(sandbox);
      const id = { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator };
      return refusedWith(sandbox.vpc("DeleteRouterInterface", id));
    },
    gives: { "InvalidInstance.StatusError": "InvalidInstance.StatusError", IncorrectStatus: "IncorrectStatus" },
  },
  "deleted-peering-connection": {
    ask: async (sandbox) => {
      const ends = await endsInTwoRegions(sandbox);
      const id = await activated(sandbox, ends);
      await sandbox.vpcPeer("DeleteVpcPeerConnection", { InstanceId: id });
      const seen: unknown[] = [];
      for (const step of [5_250, 59_999, 1]) {
        await sandbox.step(step);
        seen.push(await statusOf(sandbox, id));
      }
      // It is in nobody's way.
      return [...seen, await outcome(createConnection(sandbox, ends))];
    },
    gives: {
      "not-found": [
        "ResourceNotFound.InstanceId",
        "ResourceNotFound.InstanceId",
        "ResourceNotFound.InstanceId",
        "done",
      ],
      Deleted: ["Deleted", "Deleted", "ResourceNotFound.InstanceId", "done"],
    },
  },
  "destination-inside-100-64": {
    ask: async (sandbox) => {
      const { sides, pair } = await connected(sandbox);
      return outcome(entry(sandbox, sides.initiator, pair.initiator, "100.100.2.0/24"));
    },
    gives: { refused: "InvalidCidrBlock", accepted: "done" },
  },
  "duplicate-destination-code": {
    ask: async (sandbox) => {
      const { sides, pair } = await connected(sandbox);
      await entry(sandbox, sides.initiator, pair.initiator, "172.16.0.0/16");
      await sandbox.step(4_500);
      return refusedWith(entry(sandbox, sides.initiator, pair.initiator, "172.16.0.0/16"));
    },
    gives: {
      "RouterEntryConflict.Duplicated": "RouterEntryConflict.Duplicated",
      "InvalidCIDRBlock.Duplicate": "InvalidCIDRBlock.Duplicate",
      "InvalidRouteEntry.Duplicate": "InvalidRouteEntry.Duplicate",
      "RouteConflict.AlreadyExist": "RouteConflict.AlreadyExist",
      "Duplicated.VpcNextHop": "Duplicated.VpcNextHop",
    },
  },
  "idle-next-hop-code": {
    ask: async (sandbox) => {
      const { sides, pair } = await introduced(sandbox);
      return refusedWith(entry(sandbox, sides.initiator, pair.initiator, "172.16.0.0/16"));
    },
    gives: {
      "IncorrectStatus.RouterInterface": "IncorrectStatus.RouterInterface",
      "IncorrectStatus.MultiScopeRiRouteEntry": "IncorrectStatus.MultiScopeRiRouteEntry",
    },
  },
  "interface-beside-peering-connection-code": {
    ask: async (sandbox) => {
      await activated(sandbox, await endsInTwoRegions(sandbox));
      const { sides, pair } = await introduced(sandbox);
      const connect = { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator };
      const known = { OppositeRouterId: sides.acceptor.vRouterId, OppositeRouterType: "VRouter" };
      return [await outcome(create(sandbox, known)), await outcome(sandbox.vpc("ConnectRouterInterface", connect))];
    },
    gives: {
      "ResourceAlreadyExist.VpcPeer": ["ResourceAlreadyExist.VpcPeer", "ResourceAlreadyExist.VpcPeer"],
      "Forbidden.OnlyOneConnection": ["Forbidden.OnlyOneConnection", "Forbidden.OnlyOneConnection"],
    },
  },
  "interface-before-idle": {
    ask: async (sandbox) => {
      await create(sandbox, {});
      const answer = await sandbox.vpc("DescribeRouterInterfaces", { RegionId: "cn-qingdao" });
      return answer["RouterInterfaceSet"].RouterInterfaceType.map((side: Answer) => side["Status"]);
    },
    gives: { "not-listed": [], Creating: ["Creating"] },
  },
  "interface-status-code": {
    ask: async (sandbox) => {
      const { pair } = await connected(sandbox);
      const act = (action: string): Promise<string> =>
        refusedWith(sandbox.vpc(action, { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator }));
      return [await act("ConnectRouterInterface"), await act("ActivateRouterInterface")];
    },
    gives: {
      IncorrectRIStatus: ["IncorrectRIStatus", "IncorrectRIStatus"],
      IncorrectStatus: ["IncorrectStatus", "IncorrectStatus"],
    },
  },
  "interfaces-per-router": {
    ask: async (sandbox) => {
      const codes: string[] = [];
      for (let count = 0; count < 11; count += 1) codes.push(await outcome(create(sandbox, {})));
      return [codes.indexOf("QuotaExceeded.RouterInterface"), codes.at(-1)];
    },
    gives: { "5": [5, "QuotaExceeded.RouterInterface"], "10": [10, "QuotaExceeded.RouterInterface"] },
  },
  "missing-parameter-code": {
    ask: (sandbox) => refusedWith(sandbox.vpc("DescribeVpcs", {})),
    gives: { "Missing<Name>": "MissingRegionId", MissingParameter: "MissingParameter" },
  },
  "modify-initiator-first": {
    ask: async (sandbox) => {
      const sides = await tutorialSides(sandbox);
      const pair = await createPair(sandbox, sides);
      const initiator = { side: sides.initiator, interfaceId: pair.initiator };
      const acceptor = { side: sides.acceptor, interfaceId: pair.acceptor };
      const first = await outcome(introduce(sandbox, initiator, acceptor));
      await introduce(sandbox, acceptor, initiator);
      return [first, await outcome(introduce(sandbox, initiator, acceptor))];
    },
    gives: { accepted: ["done", "done"], refused: ["IncorrectOppositeInterfaceInfo.NotSet", "done"] },
  },
  "opposite-ids-at-create": {
    ask: async (sandbox) => {
      const { initiator, acceptor } = await tutorialSides(sandbox);
      const known = {
        OppositeRouterId: acceptor.vRouterId,
        OppositeRouterType: "VRouter",
        OppositeInterfaceId: "ri-2zex",
      };
      const { RouterInterfaceId } = await create(sandbox, known);
      await sandbox.step(2_500);
      const shown = await attribute(sandbox, initiator, RouterInterfaceId);
      return [
        shown["OppositeRouterId"] === acceptor.vRouterId,
        shown["OppositeRouterType"],
        shown["OppositeInterfaceId"],
      ];
    },
    gives: { kept: [true, "VRouter", "ri-2zex"], ignored: [false, "", ""] },
  },
  "peering-connection-busy-code": {
    ask: async (sandbox) => {
      const { requester, acceptor } = await endsInTwoRegions(sandbox);
      const third = await sideOf(sandbox, { regionId: "cn-hangzhou", vpcName: "overlap-primary" });
      await createConnection(sandbox, { requester, acceptor });
      const { code, status } = await refusal(createConnection(sandbox, { requester, acceptor: third }));
      return [code, status, await outcome(createConnection(sandbox, { requester: third, acceptor }))];
    },
    gives: {
      OperationConflict: ["OperationConflict", 409, "OperationConflict"],
      TaskConflict: ["TaskConflict", 400, "TaskConflict"],
      "IncorrectStatus.Vpc": ["IncorrectStatus.Vpc", 400, "IncorrectStatus.AcceptingVpc"],
    },
  },
  "peering-connection-quota-code": {
    ask: async (sandbox) => {
      const requester = await sideOf(sandbox, { regionId: "ap-southeast-1", vpcName: "singapore" });
      const acceptor = await sideOf(sandbox, { regionId: "ap-southeast-1", vpcName: "linked-out" });
      return refusedWith(createConnection(sandbox, { requester, acceptor }));
    },
    gives: {
      "QuotaExceeded.<Kind>VpcPeerCountPerVpc": "QuotaExceeded.IntraRegionVpcPeerCountPerVpc",
      "QuotaExceeded.VpcPeerCountPerVpc": "QuotaExceeded.VpcPeerCountPerVpc",
    },
  },
  "peering-connection-region": {
    ask: async (sandbox) => {
      const id = await activated(sandbox, await endsInTwoRegions(sandbox));
      const from = async (RegionId?: string): Promise<unknown> => {
        const { VpcPeerConnects } = await sandbox.vpcPeer("ListVpcPeerConnections", { RegionId, InstanceId: id });
        return [VpcPeerConnects.length, await outcome(connection(sandbox, id, { RegionId }))];
      };
      return [await from(), await from("cn-qingdao"), await from("cn-beijing")];
    },
    gives: {
      "both-ends": [
        [1, "done"],
        [1, "done"],
        [1, "done"],
      ],
      "requester-only": [
        [1, "done"],
        [1, "done"],
        [0, "ResourceNotFound.InstanceId"],
      ],
    },
  },
  "route-entry-before-available": {
    ask: async (sandbox) => {
      const { sides, pair } = await connected(sandbox);
      await entry(sandbox, sides.initiator, pair.initiator, "172.16.0.0/16");
      const { routeTableId } = sides.initiator;
      const query = { RegionId: "cn-qingdao", RouteTableId: routeTableId, RouteEntryType: "Custom" };
      const list = await sandbox.vpc("DescribeRouteEntryList", query);
      const older = await sandbox.vpc("DescribeRouteTables", { RegionId: "cn-qingdao", RouteTableId: routeTableId });
      return [
        list["RouteEntrys"].RouteEntry[0].Status,
        older["RouteTables"].RouteTable[0].RouteEntrys.RouteEntry.at(-1).Status,
      ];
    },
    gives: { Pending: ["Pending", "Pending"], Creating: ["Creating", "Creating"] },
  },
  "rules-per-group": {
    ask: async (sandbox) => {
      const { initiator } = await tutorialSides(sandbox);
      for (let block = 0; block < 2; block += 1) {
        const code = await outcome(authorize(sandbox, initiator, rules(block)));
        if (code !== "done") return code;
      }
      return "done";
    },
    gives: { "200": "AuthorizationLimitExceed", "1000": "done" },
  },
  "same-rule-priority": {
    ask: async (sandbox) => {
      const { initiator } = await tutorialSides(sandbox);
      const rule = { IpProtocol: "ICMP", PortRange: "-1/-1", SourceCidrIp: "172.16.0.0/16" };
      const before = (await sandbox.state("cn-qingdao")).rules.length;
      await authorize(sandbox, initiator, [{ ...rule, Priority: "1" }]);
      await authorize(sandbox, initiator, [{ ...rule, Priority: "100" }]);
      return (await sandbox.state("cn-qingdao")).rules.length - before;
    },
    gives: { different: 2, same: 1 },
  },
  "source-group-across-vpcs": {
    ask: async (sandbox) => {
      const own = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "orders-prod" });
      const other = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "alpine-host" });
      const rule = { IpProtocol: "ICMP", PortRange: "-1/-1", SourceGroupId: other.securityGroupId };
      return outcome(authorize(sandbox, own, [rule]));
    },
    gives: { refused: "InvalidSourceGroupId.Mismatch", accepted: "done" },
  },
  "spec-change-status": {
    ask: async (sandbox) => {
      const { sides, pair } = await connected(sandbox);
      const change = { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator, Spec: "Small.1" };
      await sandbox.vpc("ModifyRouterInterfaceSpec", change);
      return (await attribute(sandbox, sides.initiator, pair.initiator))["Status"];
    },
    gives: { Activating: "Activating", Modifying: "Modifying" },
  },
  "throttling-status": {
    ask: async (sandbox) => {
      await sandbox.control("POST", "dials", { action: "DescribeRegions", fault: "throttle" });
      return (await refusal(sandbox.vpc("DescribeRegions", {}))).status;
    },
    gives: { "400": 400, "429": 429, "503": 503 },
  },
  "token-mismatch-code": {
    ask: async (sandbox) => {
      await create(sandbox, { ClientToken: "token" });
      const { code, status } = await refusal(create(sandbox, { ClientToken: "token", Name: "other" }));
      return [code, status];
    },
    gives: {
      IdempotentParameterMismatch: ["IdempotentParameterMismatch", 400],
      "InvalidIdempotenceParameter.Mismatch": ["InvalidIdempotenceParameter.Mismatch", 403],
    },
  },
  "unknown-interface-attribute": {
    ask: (sandbox) =>
      outcome(sandbox.vpc("DescribeRouterInterfaceAttribute", { RegionId: "cn-qingdao", InstanceId: "ri-m5eno" })),
    gives: { "empty-200": "done", "not-found-404": "InvalidRouterInterfaceId.NotFound" },
  },
  "unknown-parameters": {
    ask: (sandbox) => outcome(sandbox.vpc("DescribeVpcs", { RegionId: "cn-qingdao", Colour: "blue" })),
    gives: { refused: "UnsupportedParameter", ignored: "done" },
  },
  "vpc-in-cen": {
    ask: async (sandbox) => {
      const own = await sideOf(sandbox, { regionId: "cn-shanghai", vpcName: "in-a-cen" });
      const { acceptor } = await tutorialSides(sandbox);
      return outcome(createInterface(sandbox, { own, opposite: acceptor, role: "InitiatingSide" }));
    },
    gives: { refused: "IncorrectStatus.CenStatus", accepted: "done" },
  },
  "vpc-route-table-order": {
    ask: async (sandbox) => {
      const { routeTableId } = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "custom-table" });
      const answer = await sandbox.vpc("DescribeVpcs", { RegionId: "cn-beijing", VpcName: "custom-table" });
      return answer["Vpcs"].Vpc[0].RouterTableIds.RouterTableIds.indexOf(routeTableId);
    },
    gives: { first: 0, last: 1 },
  },
};

interface Question<Answers extends string> {
  readonly ask: (sandbox: Sandbox) => Promise<unknown>;
  readonly gives: Readonly<Record<Answers, unknown>>;
}

const CASES = Object.entries(QUESTIONS).flatMap(([name, question]) =>
  Object.entries(question.gives as Record<string, unknown>).map(([answer, gives]) => ({
    name,
    answer,
    gives,
    ask: question.ask,
  })),
);

describe("each unsure fact with each of its answers", () => {
  test.each(CASES)("$name: $answer", async ({ name, answer, gives, ask }) => {
    const sandbox = await startSandbox();
    await sandbox.control("POST", "facts", { name, answer });
    expect(await ask(sandbox)).toEqual(gives);
  });

  // The defaults are the tutorial's own test.
  const OTHER_ANSWERS = CASES.filter(({ name, answer }) => FACTS[name as FactName].answers[0] !== answer);

  test.each(OTHER_ANSWERS)("the tutorial reaches its ping with $name: $answer", async ({ name, answer }) => {
    const sandbox = await startSandbox();
    await sandbox.control("POST", "facts", { name, answer });
    const sides = await tutorialSides(sandbox);
    await peer(sandbox, sides);
    expect(await repliesTo(sandbox, sides.initiator, sides.acceptor.privateIp)).toBe(10);
  });

  test.each(OTHER_ANSWERS)("a VPC peering connection carries a ping with $name: $answer", async ({ name, answer }) => {
    const sandbox = await startSandbox();
    await sandbox.control("POST", "facts", { name, answer });
    const ends = await endsInTwoRegions(sandbox);
    await joined(sandbox, ends);
    expect(await repliesTo(sandbox, ends.requester, ends.acceptor.privateIp)).toBe(10);
  });
});

describe("the facts of the control API", () => {
  test("are listed with sentence, section, answers, default and present answer", async () => {
    const sandbox = await startSandbox();
    await sandbox.control("POST", "facts", { name: "throttling-status", answer: "429" });
    const { facts } = await sandbox.control("GET", "facts");
    expect(facts).toHaveLength(Object.keys(FACTS).length);
    expect(facts).toContainEqual({
      name: "throttling-status",
      sentence: "Which HTTP status comes with throttling?",
      section: "errors and retry: common codes",
      answers: ["400", "429", "503"],
      default: "400",
      answer: "429",
    });
  });

  test("an unknown fact or answer is told what there is", async () => {
    const sandbox = await startSandbox();
    const set = (body: object): Promise<unknown> => sandbox.control("POST", "facts", body);
    await expect(set({ name: "weather", answer: "fine" })).rejects.toThrow("There is no fact weather");
    await expect(set({ name: "throttling-status", answer: "200" })).rejects.toThrow("400, 429, 503");
    await expect(set({ name: "throttling-status" })).rejects.toThrow("answer");
  });
});

/** "done", or the code of the refusal. */
async function outcome(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "done",
    (error: { code: string }) => error.code,
  );
}

async function create(sandbox: Sandbox, more: Record<string, unknown>): Promise<Answer> {
  const { initiator, acceptor } = await tutorialSides(sandbox);
  return createInterface(sandbox, { own: initiator, opposite: acceptor, role: "InitiatingSide" }, more);
}

async function introduced(sandbox: Sandbox): Promise<{ sides: Sides; pair: { initiator: string; acceptor: string } }> {
  const sides = await tutorialSides(sandbox);
  const pair = await createPair(sandbox, sides);
  const initiator = { side: sides.initiator, interfaceId: pair.initiator };
  const acceptor = { side: sides.acceptor, interfaceId: pair.acceptor };
  await introduce(sandbox, acceptor, initiator);
  await introduce(sandbox, initiator, acceptor);
  return { sides, pair };
}

interface Sides {
  readonly initiator: Side;
  readonly acceptor: Side;
}

async function connected(sandbox: Sandbox): Promise<{ sides: Sides; pair: { initiator: string; acceptor: string } }> {
  const sides = await tutorialSides(sandbox);
  const pair = await createPair(sandbox, sides);
  await connectPair(sandbox, sides, pair);
  return { sides, pair };
}

function attribute(sandbox: Sandbox, side: Side, interfaceId: string): Promise<Answer> {
  return sandbox.vpc("DescribeRouterInterfaceAttribute", { RegionId: side.regionId, InstanceId: interfaceId });
}

function entry(sandbox: Sandbox, side: Side, interfaceId: string, destination: string): Promise<Answer> {
  return sandbox.vpc("CreateRouteEntry", {
    RegionId: side.regionId,
    RouteTableId: side.routeTableId,
    DestinationCidrBlock: destination,
    NextHopType: "RouterInterface",
    NextHopId: interfaceId,
  });
}

async function command(sandbox: Sandbox, more: object): Promise<Answer> {
  const { instances } = await sandbox.state("cn-qingdao");
  return sandbox.ecs("RunCommand", {
    RegionId: "cn-qingdao",
    Type: "RunShellScript",
    CommandContent: "ping -c 1 192.168.1.12",
    InstanceId: [instances[0]?.instanceId],
    ...more,
  });
}

function authorize(sandbox: Sandbox, side: Side, Permissions: ReadonlyArray<object>): Promise<Answer> {
  return sandbox.ecs("AuthorizeSecurityGroup", {
    RegionId: side.regionId,
    SecurityGroupId: side.securityGroupId,
    Permissions,
  });
}

function rules(block: number): ReadonlyArray<object> {
  return Array.from({ length: 100 }, (_, index) => ({
    IpProtocol: "ICMP",
    PortRange: "-1/-1",
    SourceCidrIp: `10.${block}.${index}.0/24`,
  }));
}
