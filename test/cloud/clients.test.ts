/** Where calls would go without a sandbox; nothing is sent. */
import { describe, expect, it } from "vitest";
import { createClients, type Clients } from "../../src/cloud/clients.ts";
import { warmUpCredentials } from "../../src/cloud/credentials.ts";

async function clients(endpoint?: { readonly host: string; readonly protocol: "http" | "https" }): Promise<Clients> {
  const credential = await warmUpCredentials({ accessKeyId: "key-id", accessKeySecret: "key-secret" });
  return createClients({ credential, homeRegion: "cn-qingdao", endpoint, timeoutMs: 10_000 });
}

describe("a client", () => {
  it("goes to the service of its region", async () => {
    const { vpc, ecs, vpcPeer, sts } = await clients();
    const endpoints: ReadonlyArray<readonly [client: object, host: string]> = [
      [vpc("cn-qingdao"), "vpc.cn-qingdao.aliyuncs.com"],
      [vpc("eu-central-1"), "vpc.eu-central-1.aliyuncs.com"],
      // The SDKs know where a name breaks the rule.
      [vpc("cn-hangzhou"), "vpc.aliyuncs.com"],
      [ecs("cn-hangzhou"), "ecs-cn-hangzhou.aliyuncs.com"],
      [ecs("eu-central-1"), "ecs.eu-central-1.aliyuncs.com"],
      // One host for all regions.
      [vpcPeer("cn-qingdao"), "vpcpeer.aliyuncs.com"],
      [vpcPeer("eu-central-1"), "vpcpeer.aliyuncs.com"],
      [sts, "sts.cn-qingdao.aliyuncs.com"],
    ];
    for (const [client, host] of endpoints) expect(client).toMatchObject({ _endpoint: host, _protocol: undefined });
  });

  it("goes to the sandbox when there is one, whatever the region", async () => {
    const { vpc, ecs, vpcPeer, sts } = await clients({ host: "127.0.0.1:4566", protocol: "http" });
    for (const client of [vpc("cn-qingdao"), vpc("cn-beijing"), ecs("cn-hangzhou"), vpcPeer("cn-beijing"), sts]) {
      expect(client).toMatchObject({ _endpoint: "127.0.0.1:4566", _protocol: "http" });
    }
  });

  it("is made once per region and product", async () => {
    const { vpc, ecs, vpcPeer } = await clients();
    expect(vpc("cn-qingdao")).toBe(vpc("cn-qingdao"));
    expect(vpc("cn-qingdao")).not.toBe(vpc("cn-beijing"));
    expect(vpc("cn-qingdao")).not.toBe(ecs("cn-qingdao"));
    expect(vpcPeer("cn-qingdao")).toBe(vpcPeer("cn-qingdao"));
    expect(vpcPeer("cn-qingdao")).not.toBe(vpcPeer("cn-beijing"));
  });

  it("has its time limits from us and never repeats by itself", async () => {
    const { vpc, ecs, vpcPeer, sts } = await clients();
    for (const client of [vpc("cn-qingdao"), ecs("cn-qingdao"), vpcPeer("cn-qingdao"), sts]) {
      expect(client).toMatchObject({ _connectTimeout: 10_000, _readTimeout: 10_000, _retryOptions: undefined });
    }
  });
});
