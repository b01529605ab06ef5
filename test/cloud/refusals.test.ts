/**
 * What the sandbox refuses by its own rules, with every spelling that the real service may turn out to have: the class
 * is the same.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Failure, FailureKind } from "../../machines/peering/failure.ts";
import {
  failureOf,
  found,
  grantFor,
  MARK,
  placeOf,
  startSandboxedCloud,
  type Place,
  type SandboxedCloud,
} from "./sandboxed-cloud.ts";

const REGION = "cn-shanghai";
const SIDE = { side: "initiator", regionId: REGION } as const;

let cloud: SandboxedCloud;
/** Active, with a route through it. */
let east: Place & { readonly routerInterfaceId: string };
/** Idle, and nothing opposite it. */
let idle: Place & { readonly routerInterfaceId: string };
beforeAll(async () => {
  cloud = await startSandboxedCloud();
  east = await withInterface("peered-east");
  idle = await withInterface("four-interfaces");
});
afterAll(() => cloud.close());

async function withInterface(vpcName: string): Promise<Place & { readonly routerInterfaceId: string }> {
  const place = await placeOf(cloud, REGION, vpcName);
  const [own] = await cloud.reader.routerInterfaces(REGION, { routerId: place.vRouterId });
  return { ...place, routerInterfaceId: found(own, vpcName).id };
}

function connect(routerInterfaceId: string): Promise<unknown> {
  const granted = cloud.writer(grantFor({ type: "connectRouterInterface", oppositeRegionId: "cn-hangzhou", ...SIDE }));
  return granted.connectRouterInterface({ regionId: REGION, routerInterfaceId });
}

function deactivate(routerInterfaceId: string): Promise<unknown> {
  const granted = cloud.writer(grantFor({ type: "deactivateRouterInterface", ...SIDE }));
  return granted.deactivateRouterInterface({ regionId: REGION, routerInterfaceId });
}

function remove({ routerInterfaceId, vRouterId }: typeof east): Promise<unknown> {
  const granted = cloud.writer(grantFor({ type: "deleteRouterInterface", ...SIDE, routerId: vRouterId }));
  return granted.deleteRouterInterface({ regionId: REGION, routerInterfaceId });
}

function route({ vpcId, routeTableId, routerInterfaceId }: typeof east, destination: string): Promise<unknown> {
  const place = { regionId: REGION, routeTableId, destination };
  const granted = cloud.writer(grantFor({ type: "createRouteEntry", side: "initiator", vpcId, ...place }, destination));
  return granted.createRouteEntry({
    ...place,
    nextHop: { type: "RouterInterface", id: routerInterfaceId },
    name: MARK,
  });
}

function create({ vRouterId }: Place, spec: "Mini.2" | "Mini.5", clientToken: string): Promise<unknown> {
  const order = {
    regionId: REGION,
    role: "InitiatingSide",
    routerId: vRouterId,
    spec,
    oppositeRegionId: "eu-central-1",
    oppositeRouterId: "vrt-gw8",
  } as const;
  const granted = cloud.writer(grantFor({ type: "createRouterInterface", side: "initiator", ...order }, clientToken));
  return granted.createRouterInterface({ ...order, name: MARK, description: "a test" });
}

async function inactive(): Promise<void> {
  await deactivate(east.routerInterfaceId).catch(() => undefined);
  await cloud.advance(4_000);
}

interface Refused {
  readonly what: string;
  readonly kind: FailureKind;
  /** The sandbox's unsure fact, where there is one, and the codes that come of its answers. */
  readonly fact?: string;
  readonly answers: readonly string[];
  readonly attempt: () => Promise<unknown>;
}

const REFUSED: readonly Refused[] = [
  {
    what: "connecting what is not Idle",
    kind: "busy",
    fact: "interface-status-code",
    answers: ["IncorrectRIStatus", "IncorrectStatus"],
    attempt: () => connect(east.routerInterfaceId),
  },
  {
    what: "connecting what has no opposite",
    kind: "notReady",
    answers: ["IncorrectOppositeInterfaceInfo.NotSet"],
    attempt: () => connect(idle.routerInterfaceId),
  },
  {
    what: "deactivating what is not Active",
    kind: "busy",
    fact: "deactivate-status-code",
    answers: ["IncorrectStatus", "IncorrectRIStatus"],
    attempt: () => deactivate(idle.routerInterfaceId),
  },
  {
    what: "deleting what is Active",
    kind: "busy",
    fact: "delete-status-code",
    answers: ["InvalidInstance.StatusError", "IncorrectStatus"],
    attempt: () => remove(east),
  },
  {
    what: "routing to what is not connected",
    kind: "busy",
    fact: "idle-next-hop-code",
    answers: ["IncorrectStatus.RouterInterface", "IncorrectStatus.MultiScopeRiRouteEntry"],
    attempt: () => route(idle, "10.99.0.0/16"),
  },
  {
    what: "routing where a route is",
    kind: "conflict",
    fact: "duplicate-destination-code",
    answers: [
      "RouterEntryConflict.Duplicated",
      "InvalidCIDRBlock.Duplicate",
      "InvalidRouteEntry.Duplicate",
      "RouteConflict.AlreadyExist",
    ],
    attempt: () => route(east, "10.18.0.0/16"),
  },
  {
    what: "the same token with other parameters",
    kind: "tokenMismatch",
    fact: "token-mismatch-code",
    answers: ["IdempotentParameterMismatch", "InvalidIdempotenceParameter.Mismatch"],
    attempt: async () => {
      await create(idle, "Mini.2", "token-once");
      return create(idle, "Mini.5", "token-once");
    },
  },
  {
    what: "one interface more than a router takes",
    kind: "ownerMustAct",
    answers: ["QuotaExceeded.RouterInterface"],
    attempt: () => create(idle, "Mini.2", "token-too-many"),
  },
  {
    what: "deleting what a route goes through",
    kind: "busy",
    fact: "delete-referred-code",
    answers: [
      "RouterInterfaceReferredByRouteEntry",
      "ReferredByRouteEntry.RouterInterface",
      "DependencyViolation.RouterInterfaceReferedByRouteEntry",
    ],
    attempt: async () => {
      await inactive();
      return remove(east);
    },
  },
];

describe("refused by the cloud's own rules", () => {
  it.each(REFUSED)("$what is $kind", async ({ kind, fact, answers, attempt }) => {
    const failures: Failure[] = [];
    for (const answer of answers) {
      if (fact !== undefined) await cloud.control("POST", "facts", { name: fact, answer });
      failures.push(await failureOf(attempt()));
    }
    expect(failures.map(({ code }) => code)).toEqual(answers);
    expect(new Set(failures.map((failure) => failure.kind))).toEqual(new Set([kind]));
  });
});
