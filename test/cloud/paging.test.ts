import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allNumberedPages, allTokenPages, PAGES_MAX } from "../../src/cloud/paging.ts";
import { failureOf, found, placeOf, startSandboxedCloud, type SandboxedCloud } from "./sandboxed-cloud.ts";

let cloud: SandboxedCloud;
beforeAll(async () => {
  cloud = await startSandboxedCloud();
});
afterAll(() => cloud.close());

describe("a long list", () => {
  it("by page number is read to its end, the pages after the first together", async () => {
    for (let number = 0; number < 120; number += 1) {
      const add = { vpcName: `many-${number}`, cidrBlock: "10.30.0.0/16" };
      await cloud.control("POST", "edit", { regionId: "cn-hongkong", kind: "vpc", add });
    }
    await cloud.arrived();
    const vpcs = await cloud.reader.vpcs("cn-hongkong");
    expect(new Set(vpcs.map(({ id }) => id)).size).toBe(121);
    const pages = (await cloud.arrived()).map(({ params }) => `${params["PageNumber"]} of ${params["PageSize"]}`);
    expect(pages.toSorted()).toEqual(["1 of 50", "2 of 50", "3 of 50"]);
  });

  it("by token is read to its end: route entries", async () => {
    const { routeTableId } = await placeOf(cloud, "cn-beijing", "full-table");
    await cloud.arrived();
    const entries = await cloud.reader.routeEntries("cn-beijing", { routeTableId });
    expect(entries.filter(({ type }) => type === "Custom")).toHaveLength(200);
    const pages = (await cloud.arrived()).map(({ params }) => params);
    expect(pages.map((params) => params["MaxResult"])).toEqual(["100", "100", "100"]);
    expect(pages.map((params) => "NextToken" in params)).toEqual([false, true, true]);
  });

  it("by token is read to its end: instances, and their agents by fifties", async () => {
    const place = await placeOf(cloud, "ap-southeast-1", "singapore");
    const before = await cloud.reader.networkFacts({ initiator: place, acceptor: place });
    const securityGroupIds = [place.securityGroupId];
    const vSwitchId = found(before.initiator.vSwitches[0], "vSwitch").id;
    for (let number = 0; number < 110; number += 1) {
      const add = {
        vSwitchId,
        instanceName: `many-${number}`,
        privateIp: `10.22.1.${100 + number}`,
        securityGroupIds,
      };
      await cloud.control("POST", "edit", { regionId: place.regionId, kind: "instance", add });
    }
    await cloud.arrived();
    const { initiator } = await cloud.reader.networkFacts({
      initiator: place,
      acceptor: { ...place, vpcId: "vpc-none" },
    });
    expect(new Set(initiator.instances.map(({ id }) => id)).size).toBe(111);
    expect(initiator.instances.every(({ assistantOnline }) => assistantOnline)).toBe(true);
    const calls = (await cloud.arrived()).filter(({ params }) => params["VpcId"] !== "vpc-none");
    const count = (name: string): number => calls.filter(({ action }) => action === name).length;
    expect([count("DescribeInstances"), count("DescribeCloudAssistantStatus")]).toEqual([2, 3]);
  });
});

describe("a list that never ends", () => {
  it("by token is given up", async () => {
    let reads = 0;
    const endless = async () => {
      reads += 1;
      return { items: [reads], nextToken: "again" };
    };
    const failure = await failureOf(allTokenPages("DescribeInstances", endless));
    expect(failure).toMatchObject({ kind: "internal", api: "DescribeInstances" });
    expect(reads).toBe(PAGES_MAX);
  });

  it("by page number is not begun", async () => {
    let reads = 0;
    const huge = async () => {
      reads += 1;
      return { items: [reads], totalCount: 50 * PAGES_MAX + 1 };
    };
    expect(await failureOf(allNumberedPages("DescribeVpcs", 50, huge))).toMatchObject({ kind: "internal" });
    expect(reads).toBe(1);
  });

  it("of none is one read", async () => {
    let reads = 0;
    const none = async () => {
      reads += 1;
      return { items: [], totalCount: 0 };
    };
    expect(await allNumberedPages("DescribeVpcs", 50, none)).toEqual([]);
    expect(reads).toBe(1);
  });
});
