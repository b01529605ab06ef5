import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { createAlibabaCloud } from "../../../src/sandbox/alibaba/core.ts";
import { startAlibaba } from "../../../src/sandbox/alibaba/start.ts";
import { callApi } from "./generic-client.ts";
import { refusedWith, startSandbox } from "./sandbox.ts";

describe("starting and stopping", () => {
  test("tells a client what it needs, on loopback and a free port", async () => {
    const { cloud } = await startSandbox();
    expect(cloud).toMatchObject({
      endpoint: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      url: `http://${cloud.endpoint}`,
      accountId: "1234567890123456",
      accessKeyId: "sandbox-access-key-id",
      regions: expect.arrayContaining(["cn-qingdao", "cn-beijing", "cn-hongkong", "ap-southeast-1"]),
    });
  });

  test("a port that is taken is an error", async () => {
    const { cloud } = await startSandbox();
    const port = Number(cloud.endpoint.split(":")[1]);
    await expect(startAlibaba({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("closing cuts connections that are kept alive, and drops answers that are held back", async () => {
    const cloud = await startAlibaba({ speed: 1 });
    const kept = connect(Number(cloud.endpoint.split(":")[1]), "127.0.0.1");
    await new Promise((resolve) => kept.once("connect", resolve));
    const closed = new Promise((resolve) => kept.once("close", resolve));
    const waiting = refusedWith(callApi(cloud, { action: "DescribeRegions", version: "2016-04-28" }));
    while ((await journalLength(cloud.url)) === 0);
    await cloud.close();
    await closed;
    expect(await waiting).toBe("ECONNRESET");
    await expect(fetch(cloud.url)).rejects.toThrow("fetch failed");
  });

  test("two clouds with one seed give out the same ids, others do not", async () => {
    expect(await idOf("a")).toBe(await idOf("a"));
    expect(await idOf("a")).not.toBe(await idOf("b"));
  });
});

describe("whatever is sent", () => {
  test("a body that is too long is refused, and the server goes on", async () => {
    const sandbox = await startSandbox();
    const response = await fetch(sandbox.cloud.url, { method: "POST", body: "x".repeat(1_200_000) });
    expect(response.status).toBe(413);
    await response.body?.cancel();
    await expect(sandbox.vpc("DescribeRegions", {})).resolves.toBeDefined();
  });

  test.each([
    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST /?%%%=&&&= HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n\xff\xfe\x00",
    "GET /?Action=DescribeVpcs&Version=2016-04-28&AccessKeyId=%00&Signature=%ff HTTP/1.1\r\nHost: x\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nx-acs-action: __proto__\r\nx-acs-version: 2016-04-28\r\nContent-Length: 0\r\n\r\n",
  ])("%j is answered with an error of the API", async (text) => {
    const sandbox = await startSandbox();
    const answer = await exchange(sandbox.cloud.endpoint, text);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).toContain('"RequestId"');
    await expect(sandbox.vpc("DescribeRegions", {})).resolves.toBeDefined();
  });

  test("a bug inside is answered in the API's shape and is in the journal", () => {
    const cloud = createAlibabaCloud({ startsAt: 0 });
    cloud.simulation.agenda.at(5, () => {
      throw new Error("a bug");
    });
    const request = { method: "GET", target: "/", headers: { host: "x" }, body: Buffer.alloc(0) };
    const { reply, entry } = cloud.handle(request, { wireMs: 10, cloudMs: 10 });
    expect(reply?.status).toBe(500);
    expect(JSON.parse(reply?.body ?? "")).toMatchObject({
      Code: "InternalError",
      Message: expect.stringContaining("a bug"),
    });
    expect(entry).toMatchObject({ status: 500, code: "InternalError" });
    expect(cloud.handle(request, { wireMs: 11, cloudMs: 11 }).reply?.status).toBe(400);
  });
});

async function journalLength(url: string): Promise<number> {
  const response = await fetch(`${url}/_sandbox/journal`);
  return ((await response.json()) as { entries: unknown[] }).entries.length;
}

/** Sends text as it is and reads what comes back until there is an answer. */
function exchange(endpoint: string, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(endpoint.split(":")[1]), "127.0.0.1", () => socket.write(text, "latin1"));
    let answer = "";
    socket.on("data", (data) => {
      answer += data.toString("latin1");
      if (!answer.includes('"RequestId"')) return;
      socket.destroy();
      resolve(answer);
    });
    socket.on("error", reject);
    socket.on("end", () => resolve(answer));
  });
}

async function idOf(seed: string): Promise<string> {
  const sandbox = await startSandbox({ seed });
  return (await sandbox.vpc("DescribeRegions", {}))["RequestId"];
}
