import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFacts } from "../../../src/sandbox/alibaba/facts.ts";
import { refusedBy } from "../../../src/sandbox/alibaba/refusal.ts";
import { authenticate } from "../../../src/sandbox/alibaba/wire/authenticate.ts";
import { createNonces, NONCES_MAX } from "../../../src/sandbox/alibaba/wire/nonces.ts";
import {
  acs3Signature,
  acs3StringToSign,
  percentEncode,
  rpcSignature,
  rpcStringToSign,
  sha256Hex,
} from "../../../src/sandbox/alibaba/wire/signature.ts";
import { readRequest, type WireRequest } from "../../../src/sandbox/alibaba/wire/wire-request.ts";
import { callApi } from "./generic-client.ts";
import { refusal, refusedWith, startSandbox } from "./sandbox.ts";

/** Random inputs, the same ones on every run. */
const SEEDED = { seed: 20_260_822 };

const EMPTY_BODY = Buffer.alloc(0);
const NOW = Date.parse("2026-08-22T10:00:00Z");
const ACCESS_KEY = { id: "an-id", secret: "a-secret" };

describe("the published examples", () => {
  // https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature (read 2026-08-22)
  test("ACS3-HMAC-SHA256", () => {
    const query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai";
    const request = readRequest({
      method: "POST",
      target: `/?${query}`,
      headers: {
        host: "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": sha256Hex(EMPTY_BODY),
      },
      body: EMPTY_BODY,
    });
    const signedHeaders = Object.keys(request.headers).toSorted();
    expect(
      acs3Signature({ stringToSign: acs3StringToSign(request, signedHeaders), accessKeySecret: "YourAccessKeySecret" }),
    ).toBe("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
  });

  // https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism (read 2026-08-22)
  test("RPC, version 1.0", () => {
    const parameters = new Map(
      Object.entries({
        Action: "DescribeRegions",
        Format: "XML",
        Version: "2014-05-26",
        AccessKeyId: "testid",
        SignatureMethod: "HMAC-SHA1",
        SignatureVersion: "1.0",
        SignatureNonce: "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
        Timestamp: "2016-02-23T12:46:24Z",
      }),
    );
    expect(rpcSignature({ stringToSign: rpcStringToSign("GET", parameters), accessKeySecret: "testsecret" })).toBe(
      "OLeaidS1JvxuMvnyHOwuJ+uX5qY=",
    );
  });
});

/** A correctly signed ACS3 request, as another client would make it. */
function signedRequest(query: Readonly<Record<string, string>>, changed: Record<string, string> = {}): WireRequest {
  const headers = {
    host: "127.0.0.1:4566",
    "x-acs-action": "DescribeRegions",
    "x-acs-version": "2016-04-28",
    "x-acs-date": "2026-08-22T10:00:00Z",
    "x-acs-signature-nonce": "a-nonce",
    "x-acs-content-sha256": sha256Hex(EMPTY_BODY),
    ...changed,
  };
  const target = `/?${Object.entries(query)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&")}`;
  const request = { method: "POST", target, headers, body: EMPTY_BODY };
  const signedHeaders = Object.keys(headers).toSorted();
  const signature = acs3Signature({
    stringToSign: acs3StringToSign(readRequest(request), signedHeaders),
    accessKeySecret: ACCESS_KEY.secret,
  });
  const authorization = `ACS3-HMAC-SHA256 Credential=${ACCESS_KEY.id},SignedHeaders=${signedHeaders.join(";")},Signature=${signature}`;
  return { ...request, headers: { ...headers, authorization } };
}

function codeFor(request: WireRequest, nonces = createNonces(), wireMs = NOW): string | undefined {
  const known = { accessKey: ACCESS_KEY, nonces, facts: createFacts() };
  return refusedBy(() => authenticate(readRequest(request), known, wireMs))?.code;
}

describe("an ACS3 signature", () => {
  test("is good for any names and values, however the client escapes them", () => {
    const texts = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(fc.dictionary(texts, fc.string({ unit: "binary" })), (query) => {
        const request = signedRequest(query);
        // The same query as node's own encoders write it: `!'()*~` raw, a blank as `+`.
        const rewritten = { ...request, target: `/?${new URLSearchParams(query).toString()}` };
        expect(codeFor(request)).toBeUndefined();
        expect(codeFor(rewritten)).toBeUndefined();
      }),
      SEEDED,
    );
  });

  test("is not good for any other value", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (signed, sent) => {
        fc.pre(signed !== sent);
        const request = { ...signedRequest({ Name: signed }), target: `/?Name=${percentEncode(sent)}` };
        expect(codeFor(request)).toBe("SignatureDoesNotMatch");
      }),
      SEEDED,
    );
  });

  test("covers the host, the date, the nonce, the action, the version and the body", () => {
    const good = signedRequest({});
    for (const name of ["host", "x-acs-date", "x-acs-signature-nonce", "x-acs-action", "x-acs-version"]) {
      const other = name === "x-acs-date" ? "2026-08-22T10:00:01Z" : "another";
      expect(codeFor({ ...good, headers: { ...good.headers, [name]: other } })).toBe("SignatureDoesNotMatch");
      const without = Object.fromEntries(Object.entries(good.headers).filter(([kept]) => kept !== name));
      expect(codeFor({ ...good, headers: without })).toBe("IncompleteSignature");
    }
    expect(codeFor({ ...good, body: Buffer.from("x") })).toBe("IncompleteSignature");
  });

  test("must have the documented form", () => {
    const good = signedRequest({});
    expect(codeFor({ ...good, headers: { ...good.headers, authorization: "Bearer x" } })).toBe("IncompleteSignature");
  });
});

describe("nonces and dates", () => {
  test("a nonce is good once, until its date is out of the window", () => {
    const nonces = createNonces();
    expect(codeFor(signedRequest({}), nonces)).toBeUndefined();
    expect(codeFor(signedRequest({}), nonces)).toBe("SignatureNonceUsed");
    const later = signedRequest({}, { "x-acs-date": "2026-08-22T11:00:00Z" });
    expect(codeFor(later, nonces, NOW + 3_600_000)).toBeUndefined();
  });

  test("somebody else's bad request does not use up a nonce", () => {
    const nonces = createNonces();
    const good = signedRequest({});
    expect(codeFor({ ...good, target: "/?Name=changed" }, nonces)).toBe("SignatureDoesNotMatch");
    expect(codeFor(good, nonces)).toBeUndefined();
  });

  test("the memory of nonces is pruned by age and bounded by number", () => {
    const nonces = createNonces();
    for (let count = 0; count < NONCES_MAX + 10; count += 1) nonces.use(String(count), NOW, 900_000);
    expect(nonces.size()).toBeLessThanOrEqual(NONCES_MAX);
    nonces.use("later", NOW + 1_800_001, 900_000);
    expect(nonces.size()).toBe(1);
  });

  test("a date 15 minutes off is refused, early or late, and so is one that is none", () => {
    for (const [date, code] of [
      ["2026-08-22T09:45:00Z", undefined],
      ["2026-08-22T10:15:00Z", undefined],
      ["2026-08-22T09:44:59Z", "InvalidTimeStamp.Expired"],
      ["2026-08-22T10:15:01Z", "InvalidTimeStamp.Expired"],
      ["2026-08-22 10:00:00", "InvalidTimeStamp.Format"],
      ["2026-13-45T10:00:00Z", "InvalidTimeStamp.Format"],
    ] as const) {
      expect(codeFor(signedRequest({}, { "x-acs-date": date }))).toBe(code);
    }
  });

  test("dates are compared with wire time, not with cloud time", async () => {
    const sandbox = await startSandbox();
    await sandbox.step(24 * 3_600_000);
    await expect(sandbox.vpc("DescribeRegions", {})).resolves.toBeDefined();
    await sandbox.control("POST", "clock", { wireOffsetMs: 20 * 60_000 });
    expect(await refusedWith(sandbox.vpc("DescribeRegions", {}))).toBe("InvalidTimeStamp.Expired");
  });
});

describe("the SDKs' own errors", () => {
  test("a wrong secret does not match, and the answer shows what the server signed", async () => {
    const { cloud } = await startSandbox();
    for (const signatureAlgorithm of [undefined, "v2"] as const) {
      const options = signatureAlgorithm === undefined ? {} : { signatureAlgorithm };
      const call = { action: "DescribeRegions", version: "2016-04-28" };
      const refused = await refusal(callApi(cloud, call, { ...options, accessKeySecret: "wrong" }));
      expect(refused).toMatchObject({ code: "SignatureDoesNotMatch", status: 400 });
      expect(refused.message).toContain("server string to sign is:");
    }
  });

  test("an unknown access key is not found", async () => {
    const { cloud } = await startSandbox();
    const call = callApi(cloud, { action: "DescribeRegions", version: "2016-04-28" }, { accessKeyId: "another" });
    expect(await refusal(call)).toMatchObject({ code: "InvalidAccessKeyId.NotFound", status: 404 });
  });

  test("a request without signature is told which parameter is missing", async () => {
    const { cloud } = await startSandbox();
    const response = await fetch(`${cloud.url}/?Action=DescribeRegions&Version=2016-04-28`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ Code: "MissingAccessKeyId", HostId: cloud.endpoint });
  });
});
