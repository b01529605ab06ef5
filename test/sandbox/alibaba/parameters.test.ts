import { describe, expect, test } from "vitest";
import { OPERATIONS } from "../../../src/sandbox/alibaba/operations/registry.ts";
import { API_METADATA, type Product } from "../../../src/sandbox/alibaba/parameters.ts";
import { callApi, genericClient } from "./generic-client.ts";
import { refusal, refusedWith, startSandbox } from "./sandbox.ts";

const EVERY_ACTION = (Object.keys(OPERATIONS) as Product[]).flatMap((product) =>
  Object.keys(OPERATIONS[product]).map((action) => ({ product, action })),
);

describe("what is no request of the API", () => {
  test.each([
    [{ action: "CreateVpc", version: "2016-04-28" }, "InvalidAction.NotFound", 404],
    [{ action: "DescribeVpcs", version: "2014-05-26" }, "InvalidAction.NotFound", 404],
    [{ action: "describevpcs", version: "2016-04-28" }, "InvalidAction.NotFound", 404],
    [{ action: "toString", version: "2016-04-28" }, "InvalidAction.NotFound", 404],
    [{ action: "DescribeVpcs", version: "2099-01-01" }, "InvalidVersion", 404],
  ])("%o is %s", async (call, code, status) => {
    const { cloud } = await startSandbox();
    expect(await refusal(callApi(cloud, call))).toMatchObject({ code, status });
  });

  test.each([
    ["/", "GET", 400, "MissingAction"],
    ["/?Action=DescribeVpcs", "GET", 400, "MissingVersion"],
    ["/v1/vpcs?Action=DescribeVpcs&Version=2016-04-28", "GET", 404, "InvalidApi.NotFound"],
    ["/?Action=DescribeVpcs&Version=2016-04-28", "PUT", 400, "UnsupportedHTTPMethod"],
    ["/?%E0%A4%A=%", "GET", 400, "MissingAction"],
  ])("%s by %s", async (path, method, status, code) => {
    const { cloud } = await startSandbox();
    const response = await fetch(`${cloud.url}${path}`, { method });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      Code: code,
      HostId: cloud.endpoint,
      RequestId: expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/),
      Recommend: expect.stringContaining(code),
    });
  });
});

describe("parameters", () => {
  test("that an action does not have are refused, whichever action it is", async () => {
    const { cloud } = await startSandbox();
    const call = genericClient(cloud);
    for (const { product, action } of EVERY_ACTION) {
      const { version } = API_METADATA.products[product];
      const refused = await refusal(call({ action, version, query: { Colour: "blue" } }));
      expect({ action, ...refused }).toMatchObject({ action, code: "UnsupportedParameter", status: 400 });
    }
  });

  test("that an action requires must be given and not be empty, whichever action it is", async () => {
    const { cloud } = await startSandbox();
    const call = genericClient(cloud);
    const requiring = EVERY_ACTION.flatMap(({ product, action }) => {
      const required = (API_METADATA.products[product].actions[action] ?? []).filter((spec) => spec.required === true);
      return required.length === 0 ? [] : [{ product, action, required }];
    });
    expect(requiring.length).toBeGreaterThan(30);
    for (const { product, action, required } of requiring) {
      const { version } = API_METADATA.products[product];
      const texts = required.filter((spec) => spec.type !== "RepeatList");
      const empty = Object.fromEntries(texts.map(({ name }) => [name, ""]));
      const code = `Missing${required[0]?.name}`;
      expect({ action, code: await refusedWith(call({ action, version })) }).toEqual({ action, code });
      expect({ action, code: await refusedWith(call({ action, version, query: empty })) }).toEqual({ action, code });
    }
  });

  test("inside lists are checked too", async () => {
    const sandbox = await startSandbox();
    const filtered = (Filter: unknown): Promise<unknown> =>
      sandbox.vpc("DescribeRouterInterfaces", { RegionId: "cn-qingdao", Filter });
    expect(await refusedWith(filtered([{ Key: "Status", Values: ["Idle"] }]))).toBe("UnsupportedParameter");
    const batch = sandbox.vpc("CreateRouteEntries", {
      RegionId: "cn-qingdao",
      RouteEntries: [{ DstCidrBlock: "10.0.0.0/8", NextHop: "ri-1", NextHopType: "RouterInterface" }],
    });
    expect(await refusedWith(batch)).toBe("MissingRouteEntries.1.RouteTableId");
  });

  test.each([
    ["PageSize", "ten", "InvalidPageSize"],
    ["PageSize", "51", "InvalidPageSize"],
    ["PageNumber", "0", "InvalidPageNumber"],
    ["IsDefault", "maybe", "InvalidIsDefault"],
  ])("%s %s is refused with %s", async (name, value, code) => {
    const sandbox = await startSandbox();
    expect(await refusedWith(sandbox.vpc("DescribeVpcs", { RegionId: "cn-qingdao", [name]: value }))).toBe(code);
  });

  test("that are not simulated are refused when they would change the answer", async () => {
    const sandbox = await startSandbox();
    const list = (more: object): Promise<unknown> => sandbox.vpc("DescribeVpcs", { RegionId: "cn-qingdao", ...more });
    expect(await refusal(list({ EnableIpv6: true }))).toMatchObject({ code: "UnsupportedParameter", status: 400 });
    await expect(list({ EnableIpv6: false, ResourceGroupId: "" })).resolves.toBeDefined();
  });

  test("about the owner may come with every action, as the SDKs send them", async () => {
    const sandbox = await startSandbox();
    const owner = { OwnerId: 1, OwnerAccount: "a", ResourceOwnerId: 1, ResourceOwnerAccount: "a" };
    await expect(sandbox.vpc("DescribeVpcs", { RegionId: "cn-qingdao", ...owner })).resolves.toBeDefined();
  });

  test("may be long: a command of 24 KB on the request line", async () => {
    const sandbox = await startSandbox();
    const { instances } = await sandbox.state("cn-qingdao");
    const CommandContent = Buffer.from(`ping${" ".repeat(18_000)}-c 1 10.0.0.1`).toString("base64");
    const run = sandbox.ecs("RunCommand", {
      RegionId: "cn-qingdao",
      Type: "RunShellScript",
      CommandContent,
      ContentEncoding: "Base64",
      InstanceId: [instances[0]?.instanceId],
    });
    await expect(run).resolves.toBeDefined();
  });
});
