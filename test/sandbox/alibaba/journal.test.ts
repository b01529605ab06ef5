import { describe, expect, test } from "vitest";
import { createJournal, JOURNAL_CHARACTERS_MAX, JOURNAL_ENTRIES_MAX } from "../../../src/sandbox/alibaba/journal.ts";
import { callApi } from "./generic-client.ts";
import { createInterface, peer, tutorialSides } from "./peering.ts";
import { type Answer, type Sandbox, startSandbox } from "./sandbox.ts";

async function journal(sandbox: Sandbox, since = 0): Promise<ReadonlyArray<Answer>> {
  return (await sandbox.control("GET", `journal?since=${since}`))["entries"];
}

describe("the journal", () => {
  test("has request and answer with both clocks, and how long things take", async () => {
    const sandbox = await startSandbox();
    const { initiator, acceptor } = await tutorialSides(sandbox);
    await sandbox.step(60_000);
    const answer = await createInterface(sandbox, { own: initiator, opposite: acceptor, role: "InitiatingSide" });
    const [entry] = await journal(sandbox);
    expect(entry).toMatchObject({
      seq: 1,
      action: "CreateRouterInterface",
      version: "2016-04-28",
      regionId: "cn-qingdao",
      kind: "write",
      params: { Role: "InitiatingSide", Spec: "Mini.2", RouterId: initiator.vRouterId },
      status: 200,
      requestId: answer["RequestId"],
      answer: { RouterInterfaceId: answer["RouterInterfaceId"] },
      latencyMs: 250,
      settlesAfterMs: 2_000,
    });
    expect(entry?.["endedAt"]).toBeGreaterThanOrEqual(entry?.["at"]);
    expect(entry?.["cloudAt"] - entry?.["at"]).toBeGreaterThan(30_000);
    expect(entry).not.toHaveProperty("code");
    expect(entry).not.toHaveProperty("fault");
  });

  test("has a dry run among the reads", async () => {
    const sandbox = await startSandbox();
    const { initiator } = await tutorialSides(sandbox);
    const entry = { RegionId: initiator.regionId, RouteTableId: initiator.routeTableId };
    for (const DryRun of [true, false])
      await sandbox
        .vpc("CreateRouteEntry", { ...entry, DestinationCidrBlock: "10.99.0.0/16", NextHopId: "i-none", DryRun })
        .catch(() => "refused");
    expect((await journal(sandbox)).map(({ kind }) => kind)).toEqual(["read", "write"]);
  });

  test("has what only looks like a dry run among the writes: an action that has none does what it is asked for", async () => {
    const sandbox = await startSandbox();
    await sandbox.control("POST", "facts", { name: "unknown-parameters", answer: "ignored" });
    const { initiator, acceptor } = await tutorialSides(sandbox);
    const sides = { own: initiator, opposite: acceptor, role: "InitiatingSide" } as const;
    await createInterface(sandbox, sides, { DryRun: true });
    expect((await journal(sandbox)).map(({ action, kind }) => `${action} ${kind}`)).toEqual([
      "CreateRouterInterface write",
    ]);
  });

  test("never has the key, the secret, the signature or the nonce, whichever way it was signed", async () => {
    const sandbox = await startSandbox();
    const call = { action: "DescribeVpcs", version: "2016-04-28", query: { RegionId: "cn-qingdao" } };
    await callApi(sandbox.cloud, call);
    await callApi(sandbox.cloud, call, { signatureAlgorithm: "v2" });
    const text = JSON.stringify(await journal(sandbox));
    for (const secret of [sandbox.cloud.accessKeyId, sandbox.cloud.accessKeySecret, "Signature", "Timestamp"]) {
      expect(text).not.toContain(secret);
    }
    expect((await journal(sandbox)).map((entry) => entry["params"])).toEqual([
      { RegionId: "cn-qingdao" },
      { RegionId: "cn-qingdao" },
    ]);
  });

  test("has refusals with their code and faults with their name", async () => {
    const sandbox = await startSandbox();
    const ask = (): Promise<unknown> => sandbox.vpc("DescribeRegions", {}).catch(() => "refused");
    await sandbox.vpc("DescribeVpcs", { RegionId: "cn-atlantis" }).catch(() => "refused");
    for (const fault of ["throttle", "resetAfter", "notJson", { code: "Mine", status: 418, message: "no" }]) {
      await sandbox.control("POST", "dials", { action: "DescribeRegions", fault });
      await ask();
    }
    await callApi(sandbox.cloud, { action: "Nothing", version: "2016-04-28" }).catch(() => "refused");
    const entries = await journal(sandbox);
    expect(entries.map(({ status, code, fault }) => [status, code, fault])).toEqual([
      [404, "InvalidRegionId.NotFound", undefined],
      [400, "Throttling.User", "throttle"],
      [0, undefined, "resetAfter"],
      [502, undefined, "notJson"],
      [418, "Mine", "Mine"],
      [404, "InvalidAction.NotFound", undefined],
    ]);
    expect(entries[2]?.["answer"]).toBeNull();
    expect(entries[3]?.["answer"]).toContain("502 Bad Gateway");
  });

  test("adds up to the time that the tutorial needs", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    await peer(sandbox, sides);
    await sandbox.ecs("RunCommand", {
      RegionId: "cn-qingdao",
      Type: "RunShellScript",
      CommandContent: "ping -c 10 172.16.1.11",
      InstanceId: [sides.initiator.instanceId],
    });
    const entries = await journal(sandbox);
    const settles = (action: string): number => entries.find((entry) => entry["action"] === action)?.["settlesAfterMs"];
    expect(
      [
        "CreateRouterInterface",
        "ConnectRouterInterface",
        "CreateRouteEntry",
        "AuthorizeSecurityGroup",
        "RunCommand",
      ].map(settles),
    ).toEqual([2_000, 12_000, 4_000, 0, 11_500]);
    expect(entries.filter((entry) => entry["kind"] === "write")).toHaveLength(10);
  });

  test("can be read on from where one left off", async () => {
    const sandbox = await startSandbox();
    for (let count = 0; count < 3; count += 1) await sandbox.vpc("DescribeRegions", {});
    expect((await journal(sandbox, 2)).map((entry) => entry["seq"])).toEqual([3]);
    expect(await journal(sandbox, 3)).toEqual([]);
  });

  test("keeps the newest entries only", () => {
    const kept = createJournal();
    const entry = {
      at: 0,
      cloudAt: 0,
      action: "DescribeRegions",
      version: "2016-04-28",
      regionId: "",
      kind: "read",
      params: {},
      status: 200,
      requestId: "",
      answer: {},
      latencyMs: 0,
      settlesAfterMs: 0,
    } as const;
    for (let count = 0; count < JOURNAL_ENTRIES_MAX + 5; count += 1) kept.add(entry, 10);
    expect(kept.since(0)).toHaveLength(JOURNAL_ENTRIES_MAX);
    expect(kept.since(0)[0]?.seq).toBe(6);
    // Long answers count too.
    for (let count = 0; count < 5; count += 1) kept.add(entry, JOURNAL_CHARACTERS_MAX / 4);
    expect(kept.since(0)).toHaveLength(4);
  });
});
