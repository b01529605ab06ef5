import { OpenApiUtil } from "@alicloud/openapi-core";
import { onTestFinished } from "vitest";
import type { PeeringConnection } from "../../../src/sandbox/alibaba/peering-connection.ts";
import { type AlibabaOptions, type RunningAlibaba, startAlibaba } from "../../../src/sandbox/alibaba/start.ts";
import type {
  Instance,
  Invocation,
  RouteEntry,
  RouterInterface,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Vpc,
  VSwitch,
} from "../../../src/sandbox/alibaba/world.ts";
import { genericClient } from "./generic-client.ts";

export type Answer = Readonly<Record<string, any>>;

/** The state of one region as `GET /_sandbox/state` shows it. */
interface ShownRegion {
  readonly vpcs: ReadonlyArray<Vpc>;
  readonly vSwitches: ReadonlyArray<VSwitch>;
  readonly routeTables: ReadonlyArray<Omit<RouteTable, "entries">>;
  readonly routeEntries: ReadonlyArray<RouteEntry & { readonly routeTableId: string; readonly vpcId: string }>;
  readonly routerInterfaces: ReadonlyArray<RouterInterface>;
  readonly vpcPeerConnections: ReadonlyArray<PeeringConnection>;
  readonly securityGroups: ReadonlyArray<Omit<SecurityGroup, "rules">>;
  readonly rules: ReadonlyArray<SecurityGroupRule & { readonly securityGroupId: string }>;
  readonly instances: ReadonlyArray<Instance>;
  readonly invocations: ReadonlyArray<Invocation>;
}

/** A running simulated cloud and everything a test does with it. It is closed when the test ends. */
export interface Sandbox {
  readonly cloud: RunningAlibaba;
  vpc(action: string, params: Record<string, unknown>): Promise<Answer>;
  ecs(action: string, params: Record<string, unknown>): Promise<Answer>;
  /** As the SDK of that product sends them: parameters in a form body, but for a few that are in the query. */
  vpcPeer(action: string, params: Record<string, unknown>): Promise<Answer>;
  /** Puts cloud time forward. */
  step(cloudMs: number): Promise<void>;
  state(regionId: string): Promise<ShownRegion>;
  control(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<Answer>;
}

/** Cloud time stands still until it is stepped, so every status can be looked at; answers come at once. */
export async function startSandbox(options: AlibabaOptions = {}): Promise<Sandbox> {
  const cloud = await startAlibaba({ speed: 0, ...options });
  onTestFinished(() => cloud.close());
  const client = genericClient(cloud);
  const call =
    (version: string) =>
    (action: string, params: Record<string, unknown>): Promise<Answer> =>
      client({ action, version, query: OpenApiUtil.query(params) });
  const sandbox: Sandbox = {
    cloud,
    vpc: call("2016-04-28"),
    ecs: call("2014-05-26"),
    vpcPeer(action, params) {
      const { LinkType, Tag, Tags, ...body } = params;
      const query = OpenApiUtil.query({ LinkType, Tag, Tags });
      return client({ action, version: "2022-01-01", query, body });
    },
    async step(advanceCloudMs) {
      await sandbox.control("POST", "clock", { advanceCloudMs });
    },
    async state(regionId) {
      const answer = await sandbox.control("GET", `state?regionId=${regionId}`);
      return answer["regions"][regionId] as ShownRegion;
    },
    async control(method, path, body) {
      const response = await fetch(`${cloud.url}/_sandbox/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as Answer;
      if (!response.ok) throw Object.assign(new Error(String(answer["error"])), { statusCode: response.status });
      return answer;
    },
  };
  return sandbox;
}

/** What a call was refused with; fails the test when it was not. */
export async function refusal(call: Promise<unknown>): Promise<{ code: string; status: number; message: string }> {
  try {
    await call;
  } catch (error) {
    const { code, statusCode, message } = error as { code: string; statusCode: number; message: string };
    return { code, status: statusCode, message };
  }
  throw new Error("the call was not refused");
}

/** The code a call was refused with. */
export async function refusedWith(call: Promise<unknown>): Promise<string> {
  return (await refusal(call)).code;
}

/** One of a list, by the value of a field; fails the test when it is missing. */
export function theOne<Item>(items: ReadonlyArray<Item>, isIt: (item: Item) => boolean): Item {
  const found = items.find(isIt);
  if (found === undefined) throw new Error("there is none");
  return found;
}
