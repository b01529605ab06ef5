import { describe, expect, test } from "vitest";
import { sideOf } from "./peering.ts";
import { type Answer, refusedWith, type Sandbox, startSandbox } from "./sandbox.ts";

describe("by number", () => {
  test("the pages together are the whole list, and past the end they are empty", async () => {
    const sandbox = await startSandbox();
    const page = (PageNumber: number): Promise<Answer> =>
      sandbox.vpc("DescribeVpcs", { RegionId: "cn-beijing", PageNumber, PageSize: 3 });
    const pages = [await page(1), await page(2), await page(3), await page(4)];
    expect(pages.map(({ Vpcs }) => Vpcs.Vpc.length)).toEqual([3, 3, 1, 0]);
    expect(pages[1]).toMatchObject({ PageNumber: 2, PageSize: 3, TotalCount: 7 });
    const ids = pages.flatMap(({ Vpcs }) => Vpcs.Vpc.map((vpc: Answer) => vpc["VpcId"]));
    expect(new Set(ids).size).toBe(7);
  });

  test("pages are 10 long unless asked for otherwise", async () => {
    const sandbox = await startSandbox();
    const answer = await sandbox.ecs("DescribeInstances", { RegionId: "cn-beijing" });
    expect(answer).toMatchObject({ PageNumber: 1, PageSize: 10 });
    expect(answer["Instances"].Instance).toHaveLength(10);
    expect(answer["TotalCount"]).toBeGreaterThan(10);
  });
});

describe("by token", () => {
  test("route entries come by MaxResult, 10 unless asked for otherwise, and the last token is empty", async () => {
    const sandbox = await startSandbox();
    const full = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "full-table" });
    const first = await entries(sandbox, full, {});
    expect(first["RouteEntrys"].RouteEntry).toHaveLength(10);
    const { items, pages } = await everything(async (NextToken) => {
      const answer = await entries(sandbox, full, { MaxResult: 100, NextToken });
      return { items: answer["RouteEntrys"].RouteEntry, token: answer["NextToken"] };
    });
    expect([items.length, pages]).toEqual([203, 3]);
    expect(await refusedWith(entries(sandbox, full, { MaxResult: 101 }))).toBe("InvalidMaxResult");
  });

  test("ECS lists page both ways, and by token DescribeInstances tells no total", async () => {
    const sandbox = await startSandbox();
    const { items, pages } = await everything(async (NextToken) => {
      const answer = await sandbox.ecs("DescribeInstances", { RegionId: "cn-beijing", MaxResults: 8, NextToken });
      expect(answer).not.toHaveProperty("TotalCount");
      return { items: answer["Instances"].Instance, token: answer["NextToken"] };
    });
    const { TotalCount } = await sandbox.ecs("DescribeInstances", { RegionId: "cn-beijing" });
    expect([items.length, pages]).toEqual([TotalCount, Math.ceil(TotalCount / 8)]);
  });

  test("a token is good only for the question it answers", async () => {
    const sandbox = await startSandbox();
    const full = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "full-table" });
    const { NextToken } = await entries(sandbox, full, {});
    expect(await refusedWith(entries(sandbox, full, { NextToken, RouteEntryType: "Custom" }))).toBe(
      "IllegalParam.NextToken",
    );
    expect(await refusedWith(entries(sandbox, full, { NextToken: "x" }))).toBe("IllegalParam.NextToken");
  });

  test.each([
    ["DescribeSecurityGroups", { MaxResults: 1 }, (answer: Answer) => answer["SecurityGroups"].SecurityGroup],
    [
      "DescribeNetworkInterfaces",
      { MaxResults: 1 },
      (answer: Answer) => answer["NetworkInterfaceSets"].NetworkInterfaceSet,
    ],
    [
      "DescribeCloudAssistantStatus",
      { MaxResults: 1 },
      (answer: Answer) => answer["InstanceCloudAssistantStatusSet"].InstanceCloudAssistantStatus,
    ],
    ["ListTagResources", { ResourceType: "instance" }, (answer: Answer) => answer["TagResources"].TagResource],
  ])("%s gives a token or an empty one", async (action, more, items) => {
    const sandbox = await startSandbox();
    const answer = await sandbox.ecs(action, { RegionId: "cn-beijing", ...more });
    expect(items(answer).length).toBeGreaterThan(0);
    expect(typeof answer["NextToken"]).toBe("string");
  });
});

describe("tags", () => {
  test("are added, listed, filtered by and removed", async () => {
    const sandbox = await startSandbox();
    const { vpcId } = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "shared-data" });
    const resource = { RegionId: "cn-beijing", ResourceType: "VPC", ResourceId: [vpcId] };
    await sandbox.vpc("TagResources", {
      ...resource,
      Tag: [
        { Key: "owner", Value: "new" },
        { Key: "env", Value: "" },
      ],
    });
    const listed = await sandbox.vpc("ListTagResources", resource);
    expect(listed["TagResources"].TagResource).toEqual([
      { ResourceId: vpcId, ResourceType: "VPC", TagKey: "owner", TagValue: "new" },
      { ResourceId: vpcId, ResourceType: "VPC", TagKey: "env", TagValue: "" },
    ]);
    const filtered = await sandbox.vpc("DescribeVpcs", {
      RegionId: "cn-beijing",
      Tag: [{ Key: "owner", Value: "new" }],
    });
    expect(filtered["TotalCount"]).toBe(1);
    await sandbox.vpc("UnTagResources", { ...resource, TagKey: ["owner"] });
    await sandbox.vpc("UnTagResources", { ...resource, All: true });
    expect((await sandbox.vpc("ListTagResources", resource))["TagResources"].TagResource).toEqual([]);
    const unknown = sandbox.vpc("TagResources", {
      ...resource,
      ResourceId: ["vpc-no"],
      Tag: [{ Key: "a", Value: "b" }],
    });
    expect(await refusedWith(unknown)).toBe("InvalidResourceId.NotFound");
    const kind = sandbox.vpc("ListTagResources", { RegionId: "cn-beijing", ResourceType: "EIP" });
    expect(await refusedWith(kind)).toBe("InvalidResourceType.NotFound");
  });
});

async function everything(
  ask: (token: string | undefined) => Promise<{ items: ReadonlyArray<Answer>; token: string }>,
): Promise<{ items: Answer[]; pages: number }> {
  const items: Answer[] = [];
  let token: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const page = await ask(token);
    items.push(...page.items);
    if (page.token === "") return { items, pages };
    ({ token } = page);
  }
}

function entries(sandbox: Sandbox, side: { routeTableId: string }, more: object): Promise<Answer> {
  return sandbox.vpc("DescribeRouteEntryList", { RegionId: "cn-beijing", RouteTableId: side.routeTableId, ...more });
}
