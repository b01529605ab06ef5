import { describe, expect, test } from "vitest";
import {
  connectPair,
  createInterface,
  createPair,
  introduce,
  peer,
  repliesTo,
  route,
  type Side,
  sideOf,
  tutorialSides,
} from "./peering.ts";
import { refusal, refusedWith, type Sandbox, startSandbox } from "./sandbox.ts";

async function shown(sandbox: Sandbox, regionId: string, id: string): Promise<Readonly<Record<string, any>>> {
  return sandbox.vpc("DescribeRouterInterfaceAttribute", { RegionId: regionId, InstanceId: id });
}

async function statuses(
  sandbox: Sandbox,
  sides: { initiator: Side; acceptor: Side },
  pair: { initiator: string; acceptor: string },
): Promise<[string, string]> {
  const first = await shown(sandbox, sides.initiator.regionId, pair.initiator);
  const second = await shown(sandbox, sides.acceptor.regionId, pair.acceptor);
  return [first["Status"], second["Status"]];
}

describe("creating a router interface", () => {
  test("it is Idle two seconds after the answer, postpaid, without end, and carries its tags", async () => {
    const sandbox = await startSandbox();
    const { initiator, acceptor } = await tutorialSides(sandbox);
    const sides = { own: initiator, opposite: acceptor, role: "InitiatingSide" } as const;
    const more = { Name: "p-118", Description: "for P-118", Tags: [{ Key: "peering", Value: "P-118" }] };
    const { RouterInterfaceId } = await createInterface(sandbox, sides, more);

    await sandbox.step(2_249);
    expect(await shown(sandbox, "cn-qingdao", RouterInterfaceId)).not.toHaveProperty("RouterInterfaceId");
    await sandbox.step(1);
    expect(await shown(sandbox, "cn-qingdao", RouterInterfaceId)).toMatchObject({
      Status: "Idle",
      Name: "p-118",
      Description: "for P-118",
      Spec: "Mini.2",
      Bandwidth: 2,
      ChargeType: "AfterPay",
      EndTime: "2999-09-08T16:00:00Z",
      BusinessStatus: "Normal",
      HasReservationData: false,
      CrossBorder: false,
      VpcInstanceId: initiator.vpcId,
      OppositeRegionId: "cn-beijing",
      OppositeInterfaceStatus: "",
      Tags: { Tags: [{ Key: "peering", Value: "P-118" }] },
    });
  });

  test.each([
    [{ Spec: "Negative" }, "InvalidSpec.ValueNotSupported"],
    [{ Spec: "Huge.9" }, "InvalidSpec.ValueNotSupported"],
    [{ Role: "Middle" }, "InvalidRole.ValueNotSupported"],
    [{ RouterType: "VBR" }, "InvalidRouterType.ValueNotSupported"],
    [{ RouterId: "vrt-m5enothere" }, "InvalidRouterId.NotFound"],
    [{ OppositeRegionId: "cn-atlantis" }, "InvalidOppositeRegionId.NotFound"],
    [{ OppositeRouterType: "Router" }, "InvalidOppositeRouterType.ValueNotSupported"],
    [{ InstanceChargeType: "PrePaid" }, "InvalidInstanceChargeType.ValueNotSupported"],
    [{ Name: "1st" }, "InvalidName.Malformed"],
    [{ Name: "https://x" }, "InvalidName.Malformed"],
    [{ Description: "x" }, "InvalidDescription.Malformed"],
    [{ RegionId: "cn-atlantis" }, "InvalidRegionId.NotFound"],
  ])("%o is refused with %s", async (wrong, code) => {
    const sandbox = await startSandbox();
    const { initiator, acceptor } = await tutorialSides(sandbox);
    const sides = { own: initiator, opposite: acceptor, role: "InitiatingSide" } as const;
    expect(await refusedWith(createInterface(sandbox, sides, wrong))).toBe(code);
  });

  test("the accepting side has no specification of its own", async () => {
    const sandbox = await startSandbox();
    const { initiator, acceptor } = await tutorialSides(sandbox);
    const sides = { own: acceptor, opposite: initiator, role: "AcceptingSide" } as const;
    expect(await refusedWith(createInterface(sandbox, sides, { Spec: "Mini.2" }))).toBe(
      "InvalidSpec.ValueNotSupported",
    );
  });

  test.each([
    ["cn-shanghai", "still-pending", "IncorrectVpcStatus"],
    ["cn-hangzhou", "other-account", "Forbbiden.InvaildOwner"],
  ])("a VPC in %s that is %s is refused", async (regionId, vpcName, code) => {
    const sandbox = await startSandbox();
    const own = await sideOf(sandbox, { regionId, vpcName });
    const { acceptor } = await tutorialSides(sandbox);
    const sides = { own, opposite: acceptor, role: "InitiatingSide" } as const;
    expect(await refusedWith(createInterface(sandbox, sides))).toBe(code);
  });

  test("an unpaid interface anywhere stops creating and connecting", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    const edited = { regionId: "cn-qingdao", kind: "routerInterface", id: pair.initiator };
    await introduce(
      sandbox,
      { side: sides.acceptor, interfaceId: pair.acceptor },
      { side: sides.initiator, interfaceId: pair.initiator },
    );
    await introduce(
      sandbox,
      { side: sides.initiator, interfaceId: pair.initiator },
      { side: sides.acceptor, interfaceId: pair.acceptor },
    );
    await sandbox.control("POST", "edit", { ...edited, set: { businessStatus: "FinancialLocked" } });

    const create = createInterface(sandbox, { own: sides.acceptor, opposite: sides.initiator, role: "AcceptingSide" });
    expect(await refusedWith(create)).toBe("Forbidden.BillsOutstanding");
    const connect = sandbox.vpc("ConnectRouterInterface", {
      RegionId: "cn-qingdao",
      RouterInterfaceId: pair.initiator,
    });
    expect(await refusedWith(connect)).toBe("Forbidden.BillsOutstanding");
  });
});

describe("connecting", () => {
  test("wants all four opposite fields, on both sides", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    const initiator = { side: sides.initiator, interfaceId: pair.initiator };
    const acceptor = { side: sides.acceptor, interfaceId: pair.acceptor };
    const connect = (): Promise<unknown> =>
      sandbox.vpc("ConnectRouterInterface", { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator });

    expect(await refusedWith(connect())).toBe("IncorrectOppositeInterfaceInfo.NotSet");
    await introduce(sandbox, initiator, acceptor);
    expect(await refusedWith(connect())).toBe("IncorrectOppositeInterfaceInfo.NotSet");
    await introduce(sandbox, acceptor, initiator);
    await expect(connect()).resolves.toBeDefined();
  });

  test("an opposite router type that is left out becomes VBR, and does not connect", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    await introduce(
      sandbox,
      { side: sides.acceptor, interfaceId: pair.acceptor },
      { side: sides.initiator, interfaceId: pair.initiator },
    );
    await sandbox.vpc("ModifyRouterInterfaceAttribute", {
      RegionId: "cn-qingdao",
      RouterInterfaceId: pair.initiator,
      OppositeInterfaceId: pair.acceptor,
      OppositeRouterId: sides.acceptor.vRouterId,
    });
    expect(await shown(sandbox, "cn-qingdao", pair.initiator)).toMatchObject({ OppositeRouterType: "VBR" });
    const connect = sandbox.vpc("ConnectRouterInterface", {
      RegionId: "cn-qingdao",
      RouterInterfaceId: pair.initiator,
    });
    expect(await refusedWith(connect)).toBe("IncorrectOppositeInterfaceInfo");
  });

  test("is for the initiating side, not to itself, and to an interface that names it back", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    const initiator = { side: sides.initiator, interfaceId: pair.initiator };
    const acceptor = { side: sides.acceptor, interfaceId: pair.acceptor };
    const connect = (regionId: string, id: string): Promise<string> =>
      refusedWith(sandbox.vpc("ConnectRouterInterface", { RegionId: regionId, RouterInterfaceId: id }));

    await introduce(sandbox, acceptor, initiator);
    expect(await connect("cn-beijing", pair.acceptor)).toBe("IncorrectRole.NotInitiatingSide");
    await introduce(sandbox, initiator, initiator);
    expect(await connect("cn-qingdao", pair.initiator)).toBe("IncorrectOppositeInterfaceInfo");
    await introduce(sandbox, initiator, { ...acceptor, side: { ...sides.acceptor, vRouterId: "vrt-2zeother" } });
    expect(await connect("cn-qingdao", pair.initiator)).toBe("IncorrectOppositeInterfaceInfo");
    expect(await connect("cn-qingdao", "ri-m5enothere")).toBe("InvalidRouterInterfaceId.NotFound");
  });

  test("passes through the documented statuses on both sides", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    await introduce(
      sandbox,
      { side: sides.acceptor, interfaceId: pair.acceptor },
      { side: sides.initiator, interfaceId: pair.initiator },
    );
    await introduce(
      sandbox,
      { side: sides.initiator, interfaceId: pair.initiator },
      { side: sides.acceptor, interfaceId: pair.acceptor },
    );
    await sandbox.vpc("ConnectRouterInterface", { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator });

    expect(await statuses(sandbox, sides, pair)).toEqual(["Connecting", "AcceptingConnecting"]);
    await sandbox.step(10_250);
    expect(await statuses(sandbox, sides, pair)).toEqual(["Connecting", "Activating"]);
    await sandbox.step(2_000);
    expect(await statuses(sandbox, sides, pair)).toEqual(["Active", "Active"]);
    expect(await shown(sandbox, "cn-beijing", pair.acceptor)).toMatchObject({
      Spec: "Negative",
      Bandwidth: 0,
      OppositeInterfaceSpec: "Mini.2",
      OppositeBandwidth: 2,
      OppositeInterfaceStatus: "Active",
      OppositeVpcInstanceId: sides.initiator.vpcId,
    });
  });

  test("there is one connection between two routers, and it is made once", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const first = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, first);
    const again = sandbox.vpc("ConnectRouterInterface", { RegionId: "cn-qingdao", RouterInterfaceId: first.initiator });
    expect(await refusedWith(again)).toBe("IncorrectRIStatus");

    const second = await createPair(sandbox, sides);
    await expect(connectPair(sandbox, sides, second)).rejects.toMatchObject({ code: "Forbidden.OnlyOneConnection" });
  });
});

describe("modifying", () => {
  test("the opposite interface stays as it is once connected; name and description may change", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, pair);
    const modify = (more: object): Promise<unknown> =>
      sandbox.vpc("ModifyRouterInterfaceAttribute", {
        RegionId: "cn-qingdao",
        RouterInterfaceId: pair.initiator,
        ...more,
      });

    await modify({ Name: "renamed" });
    expect(await shown(sandbox, "cn-qingdao", pair.initiator)).toMatchObject({
      Name: "renamed",
      OppositeInterfaceId: pair.acceptor,
    });
    expect(await refusedWith(modify({ OppositeInterfaceId: "ri-2zeother" }))).toBe("Forbbiden.ModifyIdAndType");
  });

  test("is refused while the status is on its way to another", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, pair);
    await sandbox.vpc("DeactivateRouterInterface", { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator });
    const modify = sandbox.vpc("ModifyRouterInterfaceAttribute", {
      RegionId: "cn-qingdao",
      RouterInterfaceId: pair.initiator,
      Name: "renamed",
    });
    expect(await refusedWith(modify)).toBe("IncorrectStatus");
  });

  test("another specification is in force after a while, and only for an active initiator", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    const change = (regionId: string, id: string, Spec: string): Promise<unknown> =>
      sandbox.vpc("ModifyRouterInterfaceSpec", { RegionId: regionId, RouterInterfaceId: id, Spec });
    expect(await refusedWith(change("cn-qingdao", pair.initiator, "Small.1"))).toBe("InvalidInstance.StatusError");
    await connectPair(sandbox, sides, pair);
    expect(await refusedWith(change("cn-qingdao", pair.initiator, "Tiny.1"))).toBe("InvalidSpec.ValudNotSupported");
    expect(await refusedWith(change("cn-beijing", pair.acceptor, "Small.1"))).toBe("InvalidSpec.ValudNotSupported");

    await expect(change("cn-qingdao", pair.initiator, "Small.1")).resolves.toMatchObject({ Spec: "Small.1" });
    expect(await statuses(sandbox, sides, pair)).toEqual(["Activating", "Active"]);
    await sandbox.step(4_250);
    expect(await shown(sandbox, "cn-qingdao", pair.initiator)).toMatchObject({ Status: "Active", Bandwidth: 10 });
  });
});

describe("taking down", () => {
  test("goes in order: routes, then deactivate, then delete; nothing is left", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await peer(sandbox, sides);
    const each = [
      { regionId: "cn-qingdao", tableId: sides.initiator.routeTableId, id: pair.initiator },
      { regionId: "cn-beijing", tableId: sides.acceptor.routeTableId, id: pair.acceptor },
    ];
    const act = (action: string, { regionId, id }: { regionId: string; id: string }): Promise<unknown> =>
      sandbox.vpc(action, { RegionId: regionId, RouterInterfaceId: id });

    for (const end of each)
      expect(await refusedWith(act("DeleteRouterInterface", end))).toBe("InvalidInstance.StatusError");
    for (const end of each) await act("DeactivateRouterInterface", end);
    expect(await statuses(sandbox, sides, pair)).toEqual(["Deactivating", "Deactivating"]);
    await sandbox.step(4_250);
    expect(await statuses(sandbox, sides, pair)).toEqual(["Inactive", "Inactive"]);
    for (const end of each) {
      expect(await refusedWith(act("DeleteRouterInterface", end))).toBe("RouterInterfaceReferredByRouteEntry");
    }
    for (const { regionId, tableId, id } of each) {
      const { routeEntries } = await sandbox.state(regionId);
      const ours = routeEntries.filter((entry) => entry.routeTableId === tableId && entry.nextHopId === id);
      for (const { routeEntryId } of ours) {
        await sandbox.vpc("DeleteRouteEntry", { RegionId: regionId, RouteEntryId: routeEntryId });
      }
    }
    await sandbox.step(4_250);
    for (const end of each) await act("DeleteRouterInterface", end);
    expect(await statuses(sandbox, sides, pair)).toEqual(["Deleting", "Deleting"]);
    await sandbox.step(4_250);
    for (const end of each) {
      expect(await refusedWith(act("DeleteRouterInterface", end))).toBe("InvalidInstanceId.NotFound");
      const { routerInterfaces } = await sandbox.state(end.regionId);
      expect(routerInterfaces.map(({ routerInterfaceId }) => routerInterfaceId)).not.toContain(end.id);
    }
  });

  test("one side may outlive the other and then shows it as Deleted", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, pair);
    await sandbox.vpc("DeactivateRouterInterface", { RegionId: "cn-beijing", RouterInterfaceId: pair.acceptor });
    await sandbox.step(4_500);
    await sandbox.vpc("DeleteRouterInterface", { RegionId: "cn-beijing", RouterInterfaceId: pair.acceptor });
    await sandbox.step(4_500);
    expect(await shown(sandbox, "cn-qingdao", pair.initiator)).toMatchObject({
      Status: "Active",
      OppositeInterfaceStatus: "Deleted",
    });
  });

  test("a deactivated pair comes back with Activate, and an active one has nothing to activate", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await peer(sandbox, sides);
    const act = (action: string): Promise<unknown> =>
      sandbox.vpc(action, { RegionId: "cn-qingdao", RouterInterfaceId: pair.initiator });

    expect(await refusal(act("ActivateRouterInterface"))).toMatchObject({ code: "IncorrectRIStatus", status: 400 });
    await act("DeactivateRouterInterface");
    await sandbox.step(4_250);
    expect(await refusedWith(act("DeactivateRouterInterface"))).toBe("IncorrectStatus");
    await act("ActivateRouterInterface");
    expect(await statuses(sandbox, sides, pair)).toEqual(["Activating", "Active"]);
    expect(await repliesTo(sandbox, sides.initiator, sides.acceptor.privateIp)).toBe(7);
  });
});

describe("listing", () => {
  test("values of a filter are alternatives, filters narrow each other down", async () => {
    const sandbox = await startSandbox();
    const list = async (
      ...filters: ReadonlyArray<{ Key: string; Value: ReadonlyArray<string> }>
    ): Promise<string[]> => {
      const answer = await sandbox.vpc("DescribeRouterInterfaces", { RegionId: "cn-shanghai", Filter: filters });
      return answer["RouterInterfaceSet"].RouterInterfaceType.map(({ Name }: { Name: string }) => Name);
    };
    expect(await list()).toHaveLength(5);
    expect(await list({ Key: "Status", Value: ["Active"] })).toEqual(["peered-east-to-west"]);
    expect(await list({ Key: "Status", Value: ["Active", "Idle"] })).toHaveLength(5);
    const named = { Key: "Name", Value: ["four-interfaces-to-cn-qingdao", "peered-east-to-west"] };
    expect(await list({ Key: "Status", Value: ["Idle"] }, named)).toEqual(["four-interfaces-to-cn-qingdao"]);
    expect(await refusedWith(list({ Key: "Colour", Value: ["blue"] }))).toBe("InvalidFilterKey.ValueNotSupported");
    expect(await refusedWith(list({ Key: "Status", Value: [] }))).toBe("InvalidParam.NotNull");
  });

  test("a route entry may point to an interface only once it is connected", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    const early = route(sandbox, { own: sides.initiator, opposite: sides.acceptor }, pair.initiator);
    expect(await refusedWith(early)).toBe("IncorrectStatus.RouterInterface");
  });
});
