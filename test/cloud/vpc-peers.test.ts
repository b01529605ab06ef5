/** Two VPCs joined by a peering connection and taken apart again in the sandbox, across regions and within one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CreateVpcPeerConnection } from "../../machines/peering/effects.ts";
import type { Failure, FailureKind } from "../../machines/peering/failure.ts";
import type { Answered } from "../../src/ports.ts";
import {
  failureOf,
  grantFor,
  MARK,
  placeOf,
  startSandboxedCloud,
  type Place,
  type SandboxedCloud,
} from "./sandboxed-cloud.ts";

let cloud: SandboxedCloud;
beforeAll(async () => {
  cloud = await startSandboxedCloud();
});
afterAll(() => cloud.close());

interface Ends {
  readonly from: Place;
  readonly to: Place;
}

async function ends(from: readonly [string, string], to: readonly [string, string]): Promise<Ends> {
  return { from: await placeOf(cloud, ...from), to: await placeOf(cloud, ...to) };
}

const acrossRegions = (): Promise<Ends> => ends(["cn-qingdao", "orders-prod"], ["cn-beijing", "shared-data"]);

function create(
  { from, to }: Ends,
  clientToken: string,
  link: CreateVpcPeerConnection["link"] = from.regionId === to.regionId ? null : { bandwidthMbps: 100, type: "Gold" },
): Promise<Answered & { readonly vpcPeerConnectionId: string }> {
  const order = {
    regionId: from.regionId,
    vpcId: from.vpcId,
    acceptingRegionId: to.regionId,
    acceptingVpcId: to.vpcId,
    link,
  };
  const effect = { type: "createVpcPeerConnection", side: "initiator", ...order } as const;
  const texts = { acceptingAccountId: cloud.alibaba.accountId, name: MARK, description: "orders reads the ledger" };
  return cloud.writer(grantFor(effect, clientToken)).createVpcPeerConnection({ ...order, ...texts });
}

function remove({ from, to }: Ends, vpcPeerConnectionId: string, clientToken: string): Promise<Answered> {
  const { regionId, vpcId } = from;
  const effect = {
    type: "deleteVpcPeerConnection",
    side: "initiator",
    regionId,
    vpcId,
    acceptingVpcId: to.vpcId,
  } as const;
  return cloud.writer(grantFor(effect, clientToken)).deleteVpcPeerConnection({ regionId, vpcPeerConnectionId });
}

function routeWith(
  method: "createRouteEntry" | "deleteRouteEntry",
  { regionId, vpcId, routeTableId }: Place,
  destination: string,
  id: string,
): Promise<unknown> {
  const place = { regionId, routeTableId, destination };
  const granted = cloud.writer(grantFor({ type: method, side: "initiator", vpcId, ...place }, `${method}-${regionId}`));
  return granted[method]({ ...place, nextHop: { type: "VpcPeer", id }, name: MARK });
}

async function statusesOf(id: string): Promise<readonly string[]> {
  const connections = await cloud.reader.vpcPeerConnections("cn-qingdao", { ids: [id] });
  return connections.map(({ status }) => status);
}

describe("a peering connection between two regions", () => {
  it("is made, seen from both ends, routed, and not deleted before its routes are", async () => {
    const pair = await acrossRegions();
    const { from, to } = pair;
    const { vpcPeerConnectionId: id } = await create(pair, "token-story");
    expect(id).toMatch(/^pcc-/);
    expect(await statusesOf(id)).toEqual(["Creating"]);
    await cloud.advance(10_000);
    expect(await statusesOf(id)).toEqual(["Activated"]);
    for (const { regionId, vpcId } of [from, to]) {
      expect(await cloud.reader.vpcPeerConnections(regionId, { vpcId })).toEqual([
        {
          id,
          name: MARK,
          status: "Activated",
          businessStatus: "Normal",
          regionId: "cn-qingdao",
          vpcId: from.vpcId,
          acceptingRegionId: "cn-beijing",
          acceptingVpcId: to.vpcId,
        },
      ]);
    }

    await routeWith("createRouteEntry", from, "172.16.0.0/16", id);
    await routeWith("createRouteEntry", to, "192.168.0.0/16", id);
    await cloud.advance(10_000);
    const [entry] = await cloud.reader.routeEntries(to.regionId, {
      routeTableId: to.routeTableId,
      destination: "192.168.0.0/16",
    });
    expect(entry).toMatchObject({ status: "Available", nextHopType: "VpcPeer", nextHopId: id });
    expect(await failureOf(remove(pair, id, "token-early"))).toMatchObject({
      kind: "busy",
      code: "OperationDenied.RouteEntryExist",
    });

    await routeWith("deleteRouteEntry", from, "172.16.0.0/16", id);
    await routeWith("deleteRouteEntry", to, "192.168.0.0/16", id);
    await cloud.advance(10_000);
    await remove(pair, id, "token-delete");
    expect(await statusesOf(id)).toEqual(["Deleting"]);
    await cloud.advance(10_000);
    expect(await statusesOf(id)).toEqual([]);
    await expect(remove(pair, id, "token-again")).resolves.toEqual({ requestId: expect.any(String) });
  });

  it("whose answer was lost has been made; the same token makes no second one, and another is a conflict", async () => {
    const pair = await ends(["cn-qingdao", "alpine-host"], ["cn-beijing", "stopped-host"]);
    await cloud.dial({ action: "CreateVpcPeerConnection", fault: "resetAfter" });
    expect(await failureOf(create(pair, "token-lost"))).toMatchObject({ kind: "unknownResult" });
    const found = await cloud.reader.vpcPeerConnections("cn-qingdao", { vpcId: pair.from.vpcId });
    expect(found).toMatchObject([{ name: MARK }]);
    await expect(create(pair, "token-lost")).resolves.toMatchObject({ vpcPeerConnectionId: found[0]?.id });
    await cloud.advance(10_000);
    expect(await failureOf(create(pair, "token-other"))).toMatchObject({ kind: "conflict" });
    const changed = create(pair, "token-lost", { bandwidthMbps: 200, type: "Gold" });
    expect(await failureOf(changed)).toMatchObject({ kind: "tokenMismatch" });
  });
});

describe("a peering connection within a region", () => {
  it("is made without a link", async () => {
    const pair = await ends(["cn-beijing", "offline-agent"], ["cn-beijing", "no-test-host"]);
    await cloud.arrived();
    const { vpcPeerConnectionId: id } = await create(pair, "token-within");
    const [call] = await cloud.arrived();
    expect(call?.params).not.toHaveProperty("Bandwidth");
    expect(call?.params).not.toHaveProperty("LinkType");
    await cloud.advance(10_000);
    expect(await statusesOf(id)).toEqual(["Activated"]);
  });
});

interface Refused {
  readonly what: string;
  readonly kind: FailureKind;
  /** The sandbox's unsure fact, where there is one, and the codes that come of its answers. */
  readonly fact?: string;
  readonly answers: readonly string[];
  readonly attempt: (token: string) => Promise<unknown>;
}

const REFUSED: readonly Refused[] = [
  {
    what: "joining what router interfaces join",
    kind: "conflict",
    answers: ["ResourceAlreadyExist.RouterInterface"],
    attempt: async (token) => create(await ends(["cn-shanghai", "peered-east"], ["cn-hangzhou", "peered-west"]), token),
  },
  {
    what: "joining what is joined",
    kind: "conflict",
    answers: ["ResourceAlreadyExist.VpcPeer"],
    attempt: async (token) => create(await ends(["cn-shanghai", "linked-east"], ["cn-hangzhou", "linked-west"]), token),
  },
  {
    what: "one connection more than a VPC takes",
    kind: "ownerMustAct",
    fact: "peering-connection-quota-code",
    answers: ["QuotaExceeded.IntraRegionVpcPeerCountPerVpc", "QuotaExceeded.VpcPeerCountPerVpc"],
    attempt: async (token) =>
      create(await ends(["ap-southeast-1", "singapore"], ["ap-southeast-1", "linked-out"]), token),
  },
  {
    what: "a VPC that is not ready",
    kind: "busy",
    answers: ["IncorrectStatus.AcceptingVpc"],
    attempt: async (token) =>
      create(await ends(["cn-qingdao", "orders-prod"], ["cn-shanghai", "still-pending"]), token),
  },
  {
    what: "routing to a connection that does not exist",
    kind: "changedByHand",
    answers: ["ResourceNotFound.VpcPeer"],
    attempt: async () =>
      routeWith("createRouteEntry", await placeOf(cloud, "cn-shanghai", "linked-east"), "10.99.0.0/16", "pcc-none"),
  },
  {
    what: "a second creation for a VPC",
    kind: "busy",
    fact: "peering-connection-busy-code",
    answers: ["OperationConflict", "TaskConflict", "IncorrectStatus.Vpc"],
    attempt: async (token) => {
      const other = await ends(["cn-qingdao", "orders-prod"], ["cn-hangzhou", "enterprise-group"]);
      await create(other, "token-first");
      return create(await ends(["cn-qingdao", "orders-prod"], ["cn-hangzhou", "managed-group"]), token);
    },
  },
];

describe("refused by the cloud's own rules", () => {
  it.each(REFUSED)("$what is $kind", async ({ kind, fact, answers, attempt }) => {
    const failures: Failure[] = [];
    for (const answer of answers) {
      const name = fact === "peering-connection-quota-code" ? answer.replace("IntraRegion", "<Kind>") : answer;
      if (fact !== undefined) await cloud.control("POST", "facts", { name: fact, answer: name });
      failures.push(await failureOf(attempt(`token-${answer}`)));
    }
    expect(failures.map(({ code }) => code)).toEqual(answers);
    expect(new Set(failures.map((failure) => failure.kind))).toEqual(new Set([kind]));
  });
});
