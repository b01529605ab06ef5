/**
 * The adapter with the real SDKs in front of the simulated cloud, and a look at both: what arrived on the wire, what was
 * logged.
 */
import type { Peering } from "../../machines/peering/record.ts";
import type { StepEffect } from "../../machines/peering/effects.ts";
import type { Failure } from "../../machines/peering/failure.ts";
import { markOf } from "../../machines/peering/mark.ts";
import { createCloud, type CloudOptions } from "../../src/cloud/cloud.ts";
import { CloudFailure, type CloudReader, type CloudWriter, type Clock, type Grant, type Log } from "../../src/ports.ts";
import { startAlibaba, type RunningAlibaba } from "../../src/sandbox/alibaba/start.ts";

export const TEST_TAG = { key: "peer-vpcs-test", value: "allow" };
export const HOME_REGION = "cn-qingdao";

/** Time passes by sleeping: nobody waits. */
export function fastClock(startsAt = 0): Clock {
  let now = startsAt;
  return {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function recordingLog(lines: LogLine[]): Log {
  const at =
    (level: LogLine["level"]) =>
    (message: string, fields = {}): void => {
      lines.push({ level, message, fields });
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** What arrived, as the journal shows it. */
export interface WireCall {
  readonly seq: number;
  readonly action: string;
  readonly version: string;
  readonly kind: "read" | "write";
  readonly regionId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/** What exists in one region, as far as these tests look at it. */
interface ShownRegion {
  readonly vpcs: ReadonlyArray<{
    readonly vpcId: `vpc-${string}`;
    readonly vpcName: string;
    readonly vRouterId: `vrt-${string}`;
  }>;
  readonly routeTables: ReadonlyArray<{ readonly routeTableId: `vtb-${string}`; readonly vpcId: string }>;
  readonly routerInterfaces: ReadonlyArray<{ readonly routerInterfaceId: string; readonly name: string }>;
  readonly securityGroups: ReadonlyArray<{
    readonly securityGroupId: `sg-${string}`;
    readonly securityGroupName: string;
  }>;
  readonly rules: ReadonlyArray<{
    readonly securityGroupRuleId: string;
    readonly securityGroupId: string;
    readonly description: string;
  }>;
  readonly instances: ReadonlyArray<{ readonly instanceId: `i-${string}`; readonly instanceName: string }>;
}

export interface SandboxedCloud {
  readonly alibaba: RunningAlibaba;
  readonly reader: CloudReader;
  readonly writer: CloudWriter;
  readonly lines: LogLine[];
  /** What arrived since the last time this was asked. */
  arrived(): Promise<readonly WireCall[]>;
  /** The control API: https://…/_sandbox/. */
  control(method: "GET" | "POST" | "DELETE", path: string, body?: unknown): Promise<unknown>;
  dial(dial: {
    readonly action: string;
    readonly fault: unknown;
    readonly times?: number;
    readonly ms?: number;
  }): Promise<void>;
  region(regionId: string): Promise<ShownRegion>;
  /** Lets cloud time pass. */
  advance(cloudMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Cloud time stands still and is stepped; answers come at once. */
export async function startSandboxedCloud(options: Partial<CloudOptions> = {}): Promise<SandboxedCloud> {
  const alibaba = await startAlibaba({ speed: 0, latency: false });
  const lines: LogLine[] = [];
  const cloud = await createCloud({
    mode: "operate",
    accessKey: { accessKeyId: alibaba.accessKeyId, accessKeySecret: alibaba.accessKeySecret },
    endpoint: { host: alibaba.endpoint, protocol: "http" },
    homeRegion: HOME_REGION,
    testTag: TEST_TAG,
    clock: fastClock(),
    log: recordingLog(lines),
    ...options,
  });
  const control: SandboxedCloud["control"] = async (method, path, body) => {
    const answer = await fetch(`${alibaba.url}/_sandbox/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  };
  let seen = 0;
  return {
    ...cloud,
    alibaba,
    lines,
    control,
    async arrived() {
      const { entries } = (await control("GET", `journal?since=${seen}`)) as { entries: readonly WireCall[] };
      seen = entries.at(-1)?.seq ?? seen;
      return entries;
    },
    async dial(dial) {
      await control("POST", "dials", dial);
    },
    async region(regionId) {
      const { regions } = (await control("GET", "state")) as { regions: Readonly<Record<string, ShownRegion>> };
      return found(regions[regionId], regionId);
    },
    async advance(cloudMs) {
      await control("POST", "clock", { advanceCloudMs: cloudMs });
    },
    close: () => alibaba.close(),
  };
}

const PEERING_ID: Peering["id"] = "P-4F7K2M9Q";
export const MARK = markOf(PEERING_ID);

export function grantFor(effect: StepEffect, clientToken = `token-for-${effect.type}`): Grant {
  return {
    peeringId: PEERING_ID,
    run: 1,
    step: effect.type,
    planHash: "7f3a",
    approvedBy: [{ teamId: "T01", userId: "U0ARJUN" }],
    effect,
    clientToken,
  };
}

/** The failure that a call rejects with; anything else fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof CloudFailure) return error.failure;
    throw error;
  }
  throw new Error("the call succeeded");
}

/** The ids of a seeded VPC: its router, its first table and its first group. */
export interface Place {
  readonly regionId: string;
  readonly vpcId: `vpc-${string}`;
  readonly vRouterId: `vrt-${string}`;
  readonly routeTableId: `vtb-${string}`;
  readonly securityGroupId: `sg-${string}`;
}

export async function placeOf(cloud: SandboxedCloud, regionId: string, vpcName: string): Promise<Place> {
  const region = await cloud.region(regionId);
  const vpc = found(
    region.vpcs.find((candidate) => candidate.vpcName === vpcName),
    vpcName,
  );
  return {
    regionId,
    vpcId: vpc.vpcId,
    vRouterId: vpc.vRouterId,
    routeTableId: found(
      region.routeTables.find((table) => table.vpcId === vpc.vpcId),
      "route table",
    ).routeTableId,
    securityGroupId: found(
      region.securityGroups.find((group) => group.securityGroupName.startsWith(vpcName)),
      "security group",
    ).securityGroupId,
  };
}

export async function instanceIdOf(cloud: SandboxedCloud, regionId: string, name: string): Promise<`i-${string}`> {
  const { instances } = await cloud.region(regionId);
  return found(
    instances.find((instance) => instance.instanceName === name),
    name,
  ).instanceId;
}

export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
