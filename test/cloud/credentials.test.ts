/** The real credentials package: where the key comes from, and that it goes nowhere. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCloud } from "../../src/cloud/cloud.ts";
import { startAlibaba, type RunningAlibaba } from "../../src/sandbox/alibaba/start.ts";
import { startCannedCloud } from "./canned-cloud.ts";
import {
  failureOf,
  fastClock,
  grantFor,
  HOME_REGION,
  MARK,
  recordingLog,
  TEST_TAG,
  type LogLine,
} from "./sandboxed-cloud.ts";

const SECRET = "canary-secret-3f9c1a";
const SESSION_TOKEN = "canary-session-77b2e0";

let alibaba: RunningAlibaba;
const lines: LogLine[] = [];
beforeEach(async () => {
  alibaba = await startAlibaba({ speed: 0, latency: false });
  // Nothing of the machine that runs the tests: no files, no instance role.
  vi.stubEnv("HOME", mkdtempSync(join(tmpdir(), "no-credentials-")));
  vi.stubEnv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
  vi.stubEnv("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true");
  vi.stubEnv("ALIBABA_CLOUD_CREDENTIALS_FILE", "/nowhere");
  for (const name of ["ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN", "CREDENTIALS_URI", "ROLE_ARN"]) {
    vi.stubEnv(`ALIBABA_CLOUD_${name}`, undefined);
  }
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await alibaba.close();
});

function connect() {
  return createCloud({
    mode: "operate",
    endpoint: { host: alibaba.endpoint, protocol: "http" },
    homeRegion: HOME_REGION,
    testTag: TEST_TAG,
    clock: fastClock(),
    log: recordingLog(lines),
  });
}

describe("credentials", () => {
  it("come from the environment", async () => {
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", alibaba.accessKeyId);
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", alibaba.accessKeySecret);
    const { reader } = await connect();
    expect(await reader.accountId()).toBe(alibaba.accountId);
  });

  it("come from a later link of the chain too, also when the first calls go out together", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "credentials-")), "credentials");
    const { accessKeyId, accessKeySecret } = alibaba;
    writeFileSync(
      file,
      `[default]\ntype=access_key\naccess_key_id=${accessKeyId}\naccess_key_secret=${accessKeySecret}\n`,
    );
    vi.stubEnv("ALIBABA_CLOUD_CREDENTIALS_FILE", file);
    // The link before it is there and has nothing to give.
    vi.stubEnv("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", undefined);
    const { reader } = await connect();
    const answers = await Promise.all([reader.accountId(), reader.regions(), reader.vpcs("cn-qingdao")]);
    expect(answers[0]).toBe(alibaba.accountId);
  });

  it("that are nowhere stop the start", async () => {
    await expect(connect()).rejects.toThrow("getting credentials for Alibaba Cloud");
  });

  it("with a key that does not exist are for the owner to mend, whatever the status", async () => {
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", "no-such-key");
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", alibaba.accessKeySecret);
    const { reader } = await connect();
    for (const answer of ["404", "400"]) {
      const fact = JSON.stringify({ name: "bad-access-key-status", answer });
      await fetch(`${alibaba.url}/_sandbox/facts`, { method: "POST", body: fact });
      expect(await failureOf(reader.accountId())).toMatchObject({
        kind: "ownerMustAct",
        code: "InvalidAccessKeyId.NotFound",
      });
    }
  });

  it("with a wrong secret are for the owner to mend", async () => {
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", alibaba.accessKeyId);
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "wrong");
    const { reader } = await connect();
    expect(await failureOf(reader.accountId())).toMatchObject({ kind: "ownerMustAct", code: "SignatureDoesNotMatch" });
  });

  it("that cannot be had for a while fail a call as one without an answer", async () => {
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", alibaba.accessKeyId);
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", alibaba.accessKeySecret);
    const { reader } = await connect();
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", undefined);
    expect(await failureOf(reader.accountId())).toMatchObject({
      kind: "unknownResult",
      message: "no credentials at the moment",
    });
  });
});

describe("a secret", () => {
  it("is in no log line, no failure and no error, even when the cloud repeats what was signed", async () => {
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_ID", "canary-key");
    vi.stubEnv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET);
    vi.stubEnv("ALIBABA_CLOUD_SECURITY_TOKEN", SESSION_TOKEN);
    const seen: string[] = [];
    const answers = ["SignatureDoesNotMatch", "IncompleteSignature", "InvalidSecurityToken.Expired", "Throttling.User"];
    for (const code of answers) {
      const canned = await startCannedCloud(
        (_action, { headers }) => {
          seen.push(String(headers["x-acs-security-token"]));
          const signed = code.includes("Signature") ? `CanonicalRequest: ${JSON.stringify(headers)}` : "Says why.";
          return { status: 400, body: { RequestId: "R-1", Code: code, Message: signed } };
        },
        { accessKey: undefined },
      );
      const target = { regionId: "cn-qingdao", routerInterfaceId: "ri-1" };
      const connectIt = {
        type: "connectRouterInterface",
        side: "initiator",
        oppositeRegionId: "cn-beijing",
        ...target,
      } as const;
      for (const call of [
        canned.reader.vpcs("cn-qingdao"),
        canned.writer(grantFor(connectIt)).connectRouterInterface(target),
      ]) {
        const thrown: unknown = await call.catch((error: unknown) => error);
        expect(inspect(thrown, { depth: 20, showHidden: true })).not.toMatch(/canary/);
      }
      expect(JSON.stringify(canned.lines)).not.toMatch(/canary/);
      await canned.close();
    }
    expect(seen).toContain(SESSION_TOKEN);
  });

  it("is in nothing of a call that got no answer: not even the parameters are", async () => {
    const gone = await startCannedCloud(() => ({ body: "" }), {
      endpoint: { host: "127.0.0.1:1", protocol: "http" },
      accessKey: { accessKeyId: "canary-key", accessKeySecret: SECRET },
    });
    const place = { regionId: "cn-qingdao", routeTableId: "vtb-1", destination: "172.16.0.0/16" } as const;
    const granted = gone.writer(
      grantFor({ type: "createRouteEntry", side: "initiator", vpcId: "vpc-1", ...place }, "canary-token"),
    );
    const thrown: unknown = await granted
      .createRouteEntry({ ...place, nextHop: { type: "RouterInterface", id: "ri-1" }, name: MARK })
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ failure: { kind: "unknownResult" } });
    expect(inspect(thrown, { depth: 20, showHidden: true })).not.toMatch(/canary|127\.0\.0\.1|172\.16/);
    expect(JSON.stringify(gone.lines)).not.toMatch(/canary|172\.16/);
    await gone.close();
  });
});
