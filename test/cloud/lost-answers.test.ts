/** What the network and the services in between can do to a call, for a read and for a write. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FailureKind } from "../../machines/peering/failure.ts";
import { startCannedCloud } from "./canned-cloud.ts";
import {
  failureOf,
  grantFor,
  MARK,
  placeOf,
  startSandboxedCloud,
  type Place,
  type SandboxedCloud,
} from "./sandboxed-cloud.ts";

/** For what never answers: short, because it is waited for. */
const TIMEOUT_MS = 100;

const FAULTS: ReadonlyArray<{
  readonly fault: string;
  readonly kind: FailureKind;
  readonly message: RegExp;
  readonly ms?: number;
}> = [
  { fault: "throttle", kind: "throttled", message: /flow control/ },
  { fault: "unavailable", kind: "busy", message: /./ },
  { fault: "slow", kind: "unknownResult", message: /RequestTimeout/, ms: 5_000 },
  { fault: "resetBefore", kind: "unknownResult", message: /ECONNRESET/ },
  { fault: "resetAfter", kind: "unknownResult", message: /ECONNRESET/ },
  { fault: "notJson", kind: "unknownResult", message: /SyntaxError/ },
  { fault: "notJsonAfter", kind: "unknownResult", message: /SyntaxError/ },
];

let cloud: SandboxedCloud;
/** Asks the same sandbox and soon stops waiting. */
let impatient: SandboxedCloud;
let place: Place;
beforeAll(async () => {
  cloud = await startSandboxedCloud();
  const endpoint = { host: cloud.alibaba.endpoint, protocol: "http" } as const;
  impatient = await startSandboxedCloud({ endpoint, timeoutMs: TIMEOUT_MS });
  place = await placeOf(cloud, "cn-qingdao", "orders-prod");
});
afterAll(async () => {
  await impatient.close();
  await cloud.close();
});
afterEach(() => cloud.control("DELETE", "dials"));

function create(clientToken: string, { writer } = cloud): Promise<unknown> {
  const order = {
    regionId: place.regionId,
    role: "InitiatingSide",
    routerId: place.vRouterId,
    spec: "Mini.2",
    oppositeRegionId: "cn-beijing",
    oppositeRouterId: "vrt-2ze",
  } as const;
  const granted = writer(grantFor({ type: "createRouterInterface", side: "initiator", ...order }, clientToken));
  return granted.createRouterInterface({ ...order, name: MARK, description: "a test" });
}

async function interfacesMade(): Promise<number> {
  const { routerInterfaces } = await cloud.region(place.regionId);
  return routerInterfaces.filter(({ name }) => name === MARK).length;
}

describe("a call", () => {
  it.each(FAULTS)("that meets $fault is $kind, read or write", async ({ fault, kind, message, ms = 0 }) => {
    const caller = fault === "slow" ? impatient : cloud;
    await cloud.dial({ action: "DescribeVpcs", fault, ms });
    const read = await failureOf(caller.reader.vpcs("cn-qingdao"));
    expect(read).toMatchObject({ kind, api: "DescribeVpcs", message: expect.stringMatching(message) });

    await cloud.dial({ action: "CreateRouterInterface", fault, ms });
    const write = await failureOf(create(`token-${fault}`, caller));
    expect(write).toMatchObject({ kind, api: "CreateRouterInterface", message: expect.stringMatching(message) });
  });

  it("goes out once, whatever comes back", async () => {
    for (const fault of ["throttle", "unavailable", "resetBefore", "notJson"]) {
      await cloud.arrived();
      await cloud.dial({ action: "DescribeVpcs", fault, times: 5 });
      await failureOf(cloud.reader.vpcs("cn-qingdao"));
      expect(await cloud.arrived()).toHaveLength(1);
      await cloud.control("DELETE", "dials");
    }
  });

  it("whose answer was lost may have been carried out; the same token makes no second one", async () => {
    const before = await interfacesMade();
    await cloud.dial({ action: "CreateRouterInterface", fault: "resetAfter" });
    await failureOf(create("token-lost"));
    expect(await interfacesMade()).toBe(before + 1);
    await expect(create("token-lost")).resolves.toMatchObject({ routerInterfaceId: expect.stringMatching(/^ri-/) });
    expect(await interfacesMade()).toBe(before + 1);
  });

  it("keeps how long the cloud asks to wait", async () => {
    await cloud.dial({ action: "DescribeVpcs", fault: "throttle", ms: 1_234 });
    expect(await failureOf(cloud.reader.vpcs("cn-qingdao"))).toMatchObject({ kind: "throttled", retryAfterMs: 1_234 });
  });

  it("does not go out at all when the cloud wants a longer pause than a handler lasts", async () => {
    await cloud.dial({ action: "DescribeRegions", fault: "throttle", ms: 30_000 });
    await failureOf(cloud.reader.regions());
    await cloud.arrived();
    const failure = await failureOf(cloud.reader.regions());
    expect(failure).toMatchObject({ kind: "throttled", code: "", requestId: "", retryAfterMs: expect.any(Number) });
    expect(await cloud.arrived()).toEqual([]);
  });

  it("is throttled whatever the status that comes with it", async () => {
    for (const answer of ["400", "429", "503"]) {
      await cloud.control("POST", "facts", { name: "throttling-status", answer });
      await cloud.dial({ action: "DescribeVpcs", fault: "throttle" });
      expect(await failureOf(cloud.reader.vpcs("cn-qingdao"))).toMatchObject({ kind: "throttled" });
    }
  });

  it("whose answer begins and never ends has an unknown result, on a connection used before too", async () => {
    const canned = await startCannedCloud(
      (_action, { headers }) => ({
        body: '{"RequestId":',
        isUnfinished: headers["x-acs-action"] === "DescribeRegions",
      }),
      { timeoutMs: TIMEOUT_MS },
    );
    await failureOf(canned.reader.vpcs("cn-qingdao"));
    expect(await failureOf(canned.reader.regions())).toMatchObject({ kind: "unknownResult", api: "DescribeRegions" });
    await canned.close();
  });

  it("to an address where nobody listens has an unknown result", async () => {
    const nobody = await startSandboxedCloud({ endpoint: { host: "127.0.0.1:1", protocol: "http" } });
    const failure = await failureOf(nobody.reader.regions());
    expect(failure).toMatchObject({
      kind: "unknownResult",
      code: "",
      requestId: "",
      message: expect.stringMatching(/ECONNREFUSED/),
    });
    await nobody.close();
  });
});

describe("an answer", () => {
  const bodies: ReadonlyArray<{ readonly what: string; readonly body: string; readonly status?: number }> = [
    { what: "without the list", body: '{"RequestId":"R-1","TotalCount":0}' },
    { what: "with the list's wrapper only", body: '{"RequestId":"R-1","TotalCount":0,"Vpcs":{}}' },
    { what: "with something else as list", body: '{"RequestId":"R-1","TotalCount":0,"Vpcs":{"Vpc":"none"}}' },
    { what: "without a total", body: '{"RequestId":"R-1","Vpcs":{"Vpc":[]}}' },
    { what: "with half a VPC", body: '{"RequestId":"R-1","TotalCount":1,"Vpcs":{"Vpc":[{"VpcId":"vpc-1"}]}}' },
    { what: "that is a list", body: "[]" },
    { what: "that is empty", body: "" },
    { what: "that is null", body: "null" },
    { what: "of words", body: "not found" },
    { what: "that is null, with an error status", body: "null", status: 403 },
    { what: "without a code, with an error status", body: '{"RequestId":"R-1"}', status: 403 },
  ];

  it.each(bodies)("$what is never an empty list", async (answer) => {
    const canned = await startCannedCloud(() => answer);
    const failure = await failureOf(canned.reader.vpcs("cn-qingdao"));
    expect(failure).toMatchObject({ kind: "unknownResult", code: "" });
    await canned.close();
  });

  it("names what is missing, not what stands there", async () => {
    const body = { RequestId: "R-1", TotalCount: 0, Vpcs: { Vpc: [{ VpcId: "foreign words" }] } };
    const canned = await startCannedCloud(() => ({ body }));
    expect(await failureOf(canned.reader.vpcs("cn-qingdao"))).toMatchObject({
      requestId: "R-1",
      message: "an answer without a proper vpcs.vpc.0.vpcId",
    });
    await canned.close();
  });
});
