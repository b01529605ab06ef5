/**
 * The tutorial's pair as plain data: VPC1 192.168.0.0/16 in cn-qingdao asks, VPC2 172.16.0.0/16 in cn-beijing accepts.
 */
import type { NetworkFacts, SideFacts } from "../../machines/network/facts.ts";
import type { Plan } from "../../machines/network/plan.ts";
import type { RequestRevision } from "../../machines/network/request.ts";
import type { PlanRules } from "../../machines/connections/connection.ts";
import { planRequest } from "../../machines/connections/plan-request.ts";
import type { Policy } from "../../machines/peering/authority.ts";
import type { Request } from "../../machines/peering/commands.ts";
import type { Person } from "../../machines/peering/record.ts";

export const T0 = Date.UTC(2026, 10, 23, 10, 57, 0);

export const REQUESTER: Person = { teamId: "T01", userId: "U0MEI" };
export const LEAD: Person = { teamId: "T01", userId: "U0ARJUN" };
export const SECOND_LEAD: Person = { teamId: "T01", userId: "U0SOFIA" };
export const COLLEAGUE: Person = { teamId: "T01", userId: "U0TOM" };

export const POLICY: Policy = {
  mode: "operate",
  leads: { userIds: [LEAD.userId, SECOND_LEAD.userId], groupId: "S0LEADS" },
};

export function facts(): NetworkFacts {
  return {
    readAt: T0,
    accountId: "1234567890123456",
    permissions: [],
    initiator: side("cn-qingdao", "m5e", "orders-prod", "192.168.0.0/16", "192.168.1.0/24", "192.168.1.10"),
    acceptor: side("cn-beijing", "2ze", "shared-data", "172.16.0.0/16", "172.16.1.0/24", "172.16.1.10"),
  };
}

function side(
  regionId: string,
  zone: string,
  name: string,
  cidr: string,
  vSwitchCidr: string,
  privateIp: string,
): SideFacts {
  const vpcId = `vpc-${zone}1` as const;
  return {
    regionId,
    vpcId,
    vpc: {
      id: vpcId,
      name,
      regionId,
      status: "Available",
      ownerId: "1234567890123456",
      vRouterId: `vrt-${zone}1`,
      cidr,
      secondaryCidrs: [],
      ipv6Cidr: "",
      userCidrs: [],
      cenIds: [],
      services: [],
      tags: [],
    },
    vSwitches: [
      {
        id: `vsw-${zone}1`,
        name: "app-a",
        cidr: vSwitchCidr,
        zoneId: `${regionId}-a`,
        routeTableId: `vtb-${zone}1`,
        networkAclId: "",
      },
    ],
    routeTables: [{ id: `vtb-${zone}1`, name: "", type: "System", associateType: "VSwitch", entries: [] }],
    securityGroups: [
      { id: `sg-${zone}1`, name: "app", type: "normal", serviceManaged: false, innerAccess: "accept", rules: [] },
    ],
    instances: [
      {
        id: `i-${zone}1`,
        name: `${name}-1`,
        status: "Running",
        osType: "linux",
        osName: "Alibaba Cloud Linux 3",
        vSwitchId: `vsw-${zone}1`,
        privateIp,
        securityGroupIds: [`sg-${zone}1`],
        optedIn: true,
        assistantOnline: true,
        tags: [],
      },
    ],
    routerInterfaces: [],
    vpcPeerConnections: [],
    networkAcls: [],
  };
}

export function requestRevision(change: Partial<RequestRevision> = {}): RequestRevision {
  return {
    revision: 1,
    connection: "router-interfaces",
    size: "Mini.2",
    icmp: true,
    reason: "orders reads the ledger replica",
    initiator: {
      regionId: "cn-qingdao",
      vpcId: "vpc-m5e1",
      vSwitchIds: [],
      securityGroupIds: ["sg-m5e1"],
      ports: [],
      testInstanceId: "i-m5e1",
    },
    acceptor: {
      regionId: "cn-beijing",
      vpcId: "vpc-2ze1",
      vSwitchIds: [],
      securityGroupIds: ["sg-2ze1"],
      ports: [{ from: 5432, to: 5432 }],
      testInstanceId: "i-2ze1",
    },
    ...change,
  };
}

/** Everything is switched on. */
export const RULES: PlanRules = {
  connections: ["router-interfaces", "vpc-peer"],
  mayOpenCdt: true,
  sensitiveTags: [{ key: "pci", value: null }],
  crossBorder: [],
  routerInterfacesMax: 5,
};

export function plan(request: RequestRevision = requestRevision(), network: NetworkFacts = facts()): Plan {
  const planned = planRequest(request, network, RULES);
  if ("stopped" in planned) throw new Error(`the tutorial's plan is stopped: ${JSON.stringify(planned.stopped)}`);
  return planned.plan;
}

export function requestCommand(change: Partial<Request> = {}): Request {
  return {
    type: "request",
    at: T0,
    by: REQUESTER,
    id: "P-4F7K2M9Q",
    request: requestRevision(),
    plan: change.plan ?? plan(change.request),
    limits: { decisionTimeoutMs: 72 * 3_600_000, startTimeoutMs: 3_600_000 },
    ...change,
  };
}
