import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cidrContains, ipv4ToText, parseCidr, parseIpv4 } from "../../../src/sandbox/alibaba/cidr.ts";
import { longestMatch } from "../../../src/sandbox/alibaba/reachability.ts";
import type { RouteEntry } from "../../../src/sandbox/alibaba/world.ts";
import { connectPair, createPair, type Pair, route, type Side, sideOf, tutorialSides } from "./peering.ts";
import { type Answer, refusal, refusedWith, type Sandbox, startSandbox } from "./sandbox.ts";

interface Connected {
  readonly sandbox: Sandbox;
  readonly initiator: Side;
  readonly acceptor: Side;
  readonly pair: Pair;
}

async function connected(): Promise<Connected> {
  const sandbox = await startSandbox();
  const sides = await tutorialSides(sandbox);
  const pair = await createPair(sandbox, sides);
  await connectPair(sandbox, sides, pair);
  return { sandbox, ...sides, pair };
}

function create({ sandbox, initiator, pair }: Connected, more: Record<string, unknown>): Promise<Answer> {
  return sandbox.vpc("CreateRouteEntry", {
    RegionId: "cn-qingdao",
    RouteTableId: initiator.routeTableId,
    DestinationCidrBlock: "172.16.0.0/16",
    NextHopType: "RouterInterface",
    NextHopId: pair.initiator,
    ...more,
  });
}

async function listed(
  sandbox: Sandbox,
  side: Side,
  more: Record<string, unknown> = {},
): Promise<ReadonlyArray<Answer>> {
  const answer = await sandbox.vpc("DescribeRouteEntryList", {
    RegionId: side.regionId,
    RouteTableId: side.routeTableId,
    RouteEntryType: "Custom",
    MaxResult: 100,
    ...more,
  });
  return answer["RouteEntrys"].RouteEntry;
}

describe("a new route entry", () => {
  test("is Pending, then Available four seconds after the answer", async () => {
    const place = await connected();
    const { RouteEntryId } = await create(place, { RouteEntryName: "to-beijing", Description: "P-118" });
    const entry = async (): Promise<unknown> => (await listed(place.sandbox, place.initiator))[0];

    expect(await entry()).toMatchObject({ RouteEntryId, Status: "Pending", Origin: "CustomCreate", Type: "Custom" });
    await place.sandbox.step(4_249);
    expect(await entry()).toMatchObject({ Status: "Pending" });
    await place.sandbox.step(1);
    expect(await entry()).toMatchObject({
      Status: "Available",
      RouteEntryName: "to-beijing",
      Description: "P-118",
      DestinationCidrBlock: "172.16.0.0/16",
      NextHops: { NextHop: [{ NextHopId: place.pair.initiator, NextHopType: "RouterInterface" }] },
    });
  });

  test("must wait while any entry of the VPC is on its way in or out", async () => {
    const place = await connected();
    await create(place, {});
    const other = { DestinationCidrBlock: "172.20.0.0/16" };
    expect(await refusal(create(place, other))).toMatchObject({
      code: "TaskConflict",
      status: 400,
      message: expect.stringContaining("The operation is too frequent"),
    });
    await place.sandbox.step(4_250);
    const { RouteEntryId } = await create(place, other);
    await place.sandbox.step(4_250);
    await place.sandbox.vpc("DeleteRouteEntry", { RegionId: "cn-qingdao", RouteEntryId });
    expect(await refusedWith(create(place, { DestinationCidrBlock: "172.21.0.0/16" }))).toBe("TaskConflict");
    // Another VPC is not concerned.
    const { sandbox, acceptor, initiator, pair } = place;
    await expect(route(sandbox, { own: acceptor, opposite: initiator }, pair.acceptor)).resolves.toBeDefined();
  });

  test.each([
    ["192.168.1.0/24", "equal to a vSwitch's block", "IllegalParam.CidrBlock"],
    ["192.168.1.128/25", "inside a vSwitch's block", "IllegalParam.CidrBlock"],
    ["100.64.0.0/10", "of the cloud's own services", "InvalidCidrBlock"],
    ["172.16.0.1/16", "with host bits", "InvalidCidrBlock.Malformed"],
    ["172.16.0.0/33", "that is none", "InvalidCidrBlock.Malformed"],
    ["fd00::/8", "of IPv6", "InvalidCidrBlock.Malformed"],
  ])("a destination %s, %s, is refused", async (destination, _, code) => {
    const place = await connected();
    expect(await refusedWith(create(place, { DestinationCidrBlock: destination }))).toBe(code);
  });

  test("a destination may contain vSwitches, and a bare address means /32", async () => {
    const place = await connected();
    await create(place, { DestinationCidrBlock: "192.0.0.0/8" });
    await place.sandbox.step(4_250);
    await create(place, { DestinationCidrBlock: "172.16.1.11" });
    const destinations = (await listed(place.sandbox, place.initiator)).map((entry) => entry["DestinationCidrBlock"]);
    expect(destinations).toEqual(["192.0.0.0/8", "172.16.1.11/32"]);
  });

  test("a destination is unique in its table", async () => {
    const place = await connected();
    await create(place, {});
    await place.sandbox.step(4_250);
    expect(await refusedWith(create(place, {}))).toBe("RouterEntryConflict.Duplicated");
  });

  test("its next hop must exist in the VPC of the table; the default type is Instance", async () => {
    const place = await connected();
    const { sandbox } = place;
    const drop = await sideOf(sandbox, { regionId: "cn-qingdao", vpcName: "drop-rule" });
    expect(await refusedWith(create(place, { RouteTableId: drop.routeTableId }))).toBe(
      "OperationDenied.RouterInterfaceToDifferentVpc",
    );
    expect(await refusedWith(create(place, { NextHopType: undefined }))).toBe("InvalidNextHopId.NotFound");
    expect(await refusedWith(create(place, { NextHopType: "VpnGateway" }))).toBe("InvalidNextHopType");
    const instance = { NextHopType: "Instance", NextHopId: place.initiator.instanceId };
    await expect(create(place, instance)).resolves.toBeDefined();
  });

  test("a full table takes no more", async () => {
    const sandbox = await startSandbox();
    const full = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "full-table" });
    const create201 = sandbox.vpc("CreateRouteEntry", {
      RegionId: "cn-beijing",
      RouteTableId: full.routeTableId,
      DestinationCidrBlock: "192.168.0.0/16",
      NextHopType: "Instance",
      NextHopId: full.instanceId,
    });
    expect(await refusedWith(create201)).toBe("QuotaExceeded");
  });

  test("a Gateway table takes none, and a VPC that is Pending neither", async () => {
    const place = await connected();
    const { routeTables } = await place.sandbox.state("cn-hangzhou");
    const gateway = routeTables.find((table) => table.associateType === "Gateway");
    const into = (regionId: string, id = ""): Promise<string> =>
      refusedWith(create(place, { RegionId: regionId, RouteTableId: id }));
    expect(await into("cn-hangzhou", gateway?.routeTableId)).toBe("OperationDenied.RouteTableTypeNotPermitted");
    const pending = await sideOf(place.sandbox, { regionId: "cn-shanghai", vpcName: "still-pending" });
    expect(await into("cn-shanghai", pending.routeTableId)).toBe("IncorrectVpcStatus");
    expect(await into("cn-qingdao", "vtb-m5enothere")).toBe("InvalidRouteTableId.NotFound");
  });

  test("a dry run that finds nothing wrong answers with an error code and writes nothing", async () => {
    const place = await connected();
    expect(await refusal(create(place, { DryRun: true }))).toMatchObject({ code: "DryRunOperation", status: 400 });
    expect(await listed(place.sandbox, place.initiator)).toEqual([]);
    const wrong = create(place, { DryRun: true, DestinationCidrBlock: "100.64.0.0/10" });
    expect(await refusedWith(wrong)).toBe("InvalidCidrBlock");
  });
});

describe("deleting a route entry", () => {
  test("by id, or by table, destination and next hop; it is Deleting, then gone", async () => {
    const place = await connected();
    const { sandbox, initiator, pair } = place;
    const { RouteEntryId } = await create(place, {});
    const remove = (more: Record<string, unknown>): Promise<Answer> =>
      sandbox.vpc("DeleteRouteEntry", { RegionId: "cn-qingdao", ...more });
    expect(await refusedWith(remove({ RouteEntryId }))).toBe("TaskConflict");
    await sandbox.step(4_250);
    const named = { RouteTableId: initiator.routeTableId, DestinationCidrBlock: "172.16.0.0/16" };
    expect(await refusedWith(remove({ ...named, NextHopId: "ri-m5eother" }))).toBe("InvalidRouteEntry.NotFound");
    await remove({ ...named, NextHopId: pair.initiator });
    expect(await listed(sandbox, initiator)).toMatchObject([{ Status: "Deleting" }]);
    await sandbox.step(4_250);
    expect(await listed(sandbox, initiator)).toEqual([]);
    expect(await refusal(remove({ RouteEntryId }))).toMatchObject({ code: "InvalidRouteEntry.NotFound", status: 404 });
  });

  test("system entries stay", async () => {
    const { sandbox, initiator } = await connected();
    const remove = sandbox.vpc("DeleteRouteEntry", {
      RegionId: "cn-qingdao",
      RouteTableId: initiator.routeTableId,
      DestinationCidrBlock: "192.168.1.0/24",
    });
    expect(await refusedWith(remove)).toBe("OperationDenied.SystemRouteEntry");
  });
});

describe("batches", () => {
  test("each entry is taken or refused by itself, and the answer is a success", async () => {
    const place = await connected();
    const { sandbox, initiator, pair } = place;
    const entry = (DstCidrBlock: string, NextHop = pair.initiator): Record<string, string> => ({
      RouteTableId: initiator.routeTableId,
      DstCidrBlock,
      NextHop,
      NextHopType: "RouterInterface",
    });
    const answer = await sandbox.vpc("CreateRouteEntries", {
      RegionId: "cn-qingdao",
      RouteEntries: [
        entry("172.16.0.0/16"),
        entry("172.16.0.0/16"),
        entry("172.20.0.0/16", "ri-m5enothere"),
        entry("172.21.0.0/16"),
      ],
    });
    expect(answer).toMatchObject({
      SuccessCount: 2,
      FailedCount: 2,
      RouteEntryIds: [expect.stringMatching(/^rte-m5e/), expect.stringMatching(/^rte-m5e/)],
      FailedRouteEntries: [
        { DstCidrBlock: "172.16.0.0/16", FailedCode: "VPC_ROUTE_ENTRY_CIDR_BLOCK_DUPLICATE" },
        { DstCidrBlock: "172.20.0.0/16", NextHop: "ri-m5enothere", FailedCode: "InvalidNextHopId.NotFound" },
      ],
    });
    const again = sandbox.vpc("CreateRouteEntries", { RegionId: "cn-qingdao", RouteEntries: [entry("172.22.0.0/16")] });
    expect(await refusedWith(again)).toBe("TaskConflict");
  });

  test("an interface that is not connected fails with a status code", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    const answer = await sandbox.vpc("CreateRouteEntries", {
      RegionId: "cn-qingdao",
      RouteEntries: [
        {
          RouteTableId: sides.initiator.routeTableId,
          DstCidrBlock: "172.16.0.0/16",
          NextHop: pair.initiator,
          NextHopType: "RouterInterface",
        },
      ],
    });
    expect(answer).toMatchObject({ FailedRouteEntries: [{ FailedCode: "VPC_ROUTE_ENTRY_STATUS_ERROR" }] });
  });

  test("deleting in a batch tells which entries did not exist", async () => {
    const place = await connected();
    const { sandbox, initiator } = place;
    const { RouteEntryId } = await create(place, {});
    await sandbox.step(4_250);
    const answer = await sandbox.vpc("DeleteRouteEntries", {
      RegionId: "cn-qingdao",
      RouteEntries: [
        { RouteTableId: initiator.routeTableId, RouteEntryId },
        { RouteTableId: initiator.routeTableId, DstCidrBlock: "172.99.0.0/16" },
      ],
    });
    expect(answer).toMatchObject({
      SuccessCount: 1,
      FailedCount: 1,
      FailedRouteEntries: [{ DstCidrBlock: "172.99.0.0/16", FailedCode: "VPC_ROUTER_ENTRY_NOT_EXIST" }],
    });
    expect(await listed(sandbox, initiator)).toMatchObject([{ Status: "Deleting" }]);
  });
});

describe("reading tables and entries", () => {
  test("filters find entries by kind, destination and next hop", async () => {
    const place = await connected();
    const { sandbox, initiator, pair } = place;
    await create(place, { RouteEntryName: "to-beijing" });
    const count = async (more: Record<string, unknown>): Promise<number> =>
      (await listed(sandbox, initiator, { RouteEntryType: undefined, ...more })).length;
    expect(await count({})).toBe(4);
    expect(await count({ RouteEntryType: "System" })).toBe(3);
    expect(await count({ NextHopId: pair.initiator })).toBe(1);
    expect(await count({ DestCidrBlockList: ["172.16.0.0/16", "100.64.0.0/10"] })).toBe(2);
    expect(await count({ RouteEntryName: "to-beijing" })).toBe(1);
    const wrong = listed(sandbox, initiator, { RouteEntryType: "System", RouteEntryName: "to-beijing" });
    expect(await refusedWith(wrong)).toBe("OperationFailed.FilterParamUnderWrongRouteType");
  });

  test("the older listing has the entries inside, and a table is Pending while one of them is", async () => {
    const place = await connected();
    await create(place, {});
    const answer = await place.sandbox.vpc("DescribeRouteTables", {
      RegionId: "cn-qingdao",
      VRouterId: place.initiator.vRouterId,
    });
    const [table] = answer["RouteTables"].RouteTable;
    expect(table).toMatchObject({
      RouteTableId: place.initiator.routeTableId,
      RouteTableType: "System",
      Status: "Pending",
    });
    expect(table.RouteEntrys.RouteEntry).toContainEqual(
      expect.objectContaining({ InstanceId: place.pair.initiator, NextHopType: "RouterInterface", Status: "Pending" }),
    );
  });

  test("tables are found by VPC, router and kind, with the vSwitches they serve", async () => {
    const sandbox = await startSandbox();
    const { vpcId, vRouterId } = await sideOf(sandbox, { regionId: "cn-beijing", vpcName: "custom-table" });
    const list = async (more: Record<string, unknown>): Promise<ReadonlyArray<Answer>> => {
      const answer = await sandbox.vpc("DescribeRouteTableList", { RegionId: "cn-beijing", ...more });
      return answer["RouterTableList"].RouterTableListType;
    };
    const tables = await list({ VpcId: vpcId });
    expect(tables.map((table) => [table["RouteTableType"], table["VSwitchIds"].VSwitchId.length])).toEqual([
      ["System", 1],
      ["Custom", 1],
    ]);
    expect(await list({ RouterId: vRouterId, RouteTableType: "Custom" })).toMatchObject([
      { RouteTableName: "custom-table-app", AssociateType: "VSwitch", RouterId: vRouterId },
    ]);
    const { VSwitches } = await sandbox.vpc("DescribeVSwitches", { RegionId: "cn-beijing", VpcId: vpcId });
    expect(VSwitches.VSwitch.map((vSwitch: Answer) => vSwitch["RouteTable"].RouteTableType)).toEqual([
      "System",
      "Custom",
    ]);
  });
});

describe("the longest matching prefix", () => {
  const cidrs = fc
    .record({ address: fc.nat({ max: 2 ** 32 - 1 }), prefix: fc.nat({ max: 32 }) })
    .map(({ address, prefix }) => `${ipv4ToText(address)}/${prefix}`);

  test("is the most specific block that holds the address, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(cidrs, { maxLength: 12 }), fc.nat({ max: 2 ** 32 - 1 }), (destinations, address) => {
        const found = longestMatch(
          destinations.map((destination) => entryTo(destination)),
          address,
        );
        const holding = destinations
          .flatMap((destination) => parseCidr(destination) ?? [])
          .filter((cidr) => cidrContains(cidr, { network: address, prefix: 32 }));
        const longest = Math.max(-1, ...holding.map(({ prefix }) => prefix));
        expect(parseCidr(found?.destinationCidrBlock ?? "")?.prefix ?? -1).toBe(longest);
      }),
      { seed: 20_260_822 },
    );
  });

  test("leaves out entries that are not available", () => {
    const address = parseIpv4("10.1.2.3") ?? 0;
    const entries = [entryTo("10.0.0.0/8"), entryTo("10.1.0.0/16", "Pending"), entryTo("10.1.2.0/24", "Deleting")];
    expect(longestMatch(entries, address)?.destinationCidrBlock).toBe("10.0.0.0/8");
  });
});

function entryTo(destinationCidrBlock: string, status: RouteEntry["status"] = "Available"): RouteEntry {
  return {
    routeEntryId: `rte-${destinationCidrBlock}`,
    routeEntryName: "",
    description: "",
    destinationCidrBlock,
    type: "Custom",
    nextHopType: "RouterInterface",
    nextHopId: "ri-1",
    status,
    modifiedAt: 0,
  };
}
