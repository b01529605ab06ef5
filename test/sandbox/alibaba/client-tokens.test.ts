import { describe, expect, test } from "vitest";
import { connectPair, createInterface, createPair, type Side, tutorialSides } from "./peering.ts";
import { type Answer, refusal, refusedWith, type Sandbox, startSandbox } from "./sandbox.ts";

async function creating(sandbox: Sandbox): Promise<(more: object) => Promise<Answer>> {
  const { initiator, acceptor } = await tutorialSides(sandbox);
  return (more) =>
    createInterface(sandbox, { own: initiator, opposite: acceptor, role: "InitiatingSide" }, { ...more });
}

describe("a ClientToken", () => {
  test("with the same parameters gives the same answer and creates nothing more", async () => {
    const sandbox = await startSandbox();
    const create = await creating(sandbox);
    const before = (await sandbox.state("cn-qingdao")).routerInterfaces.length;
    const first = await create({ ClientToken: "run-1.step-1" });
    const second = await create({ ClientToken: "run-1.step-1" });
    expect(second["RouterInterfaceId"]).toBe(first["RouterInterfaceId"]);
    expect(second["RequestId"]).not.toBe(first["RequestId"]);
    expect((await sandbox.state("cn-qingdao")).routerInterfaces).toHaveLength(before + 1);
    const third = await create({});
    expect(third["RouterInterfaceId"]).not.toBe(first["RouterInterfaceId"]);
  });

  test("with other parameters is refused; letters of different case make another token", async () => {
    const sandbox = await startSandbox();
    const create = await creating(sandbox);
    await create({ ClientToken: "token" });
    expect(await refusal(create({ ClientToken: "token", Name: "other" }))).toMatchObject({
      code: "IdempotentParameterMismatch",
      status: 400,
    });
    await expect(create({ ClientToken: "Token", Name: "other" })).resolves.toBeDefined();
  });

  test("that comes again before the first answer is still being processed", async () => {
    const sandbox = await startSandbox();
    const create = await creating(sandbox);
    await sandbox.control("POST", "dials", { action: "CreateRouterInterface", fault: "slow", ms: 60_000 });
    // Never answered: the sandbox is closed before.
    const first = refusedWith(create({ ClientToken: "token" }));
    await untilJournalled(sandbox, "CreateRouterInterface");
    expect(await refusal(create({ ClientToken: "token" }))).toMatchObject({ code: "LastTokenProcessing", status: 403 });
    expect(await refusal(create({ ClientToken: "token", Name: "other" }))).toMatchObject({ status: 400 });
    await sandbox.cloud.close();
    expect(await first).toBe("ECONNRESET");
  });

  test("of a refused request stays free", async () => {
    const sandbox = await startSandbox();
    const create = await creating(sandbox);
    expect(await refusedWith(create({ ClientToken: "token", Spec: "Huge.9" }))).toBe("InvalidSpec.ValueNotSupported");
    await expect(create({ ClientToken: "token" })).resolves.toBeDefined();
  });

  test("gives the first answer after the reply to the first was lost", async () => {
    const sandbox = await startSandbox();
    const create = await creating(sandbox);
    await sandbox.control("POST", "dials", { action: "CreateRouterInterface", fault: "resetAfter" });
    await expect(create({ ClientToken: "token" })).rejects.toMatchObject({ code: "ECONNRESET" });
    const { RouterInterfaceId } = await create({ ClientToken: "token" });
    const { routerInterfaces } = await sandbox.state("cn-qingdao");
    expect(routerInterfaces.map(({ routerInterfaceId }) => routerInterfaceId)).toEqual([RouterInterfaceId]);
  });

  test.each(["x".repeat(65), "two words", "ü"])("%j is none", async (token) => {
    const sandbox = await startSandbox();
    const create = await creating(sandbox);
    expect(await refusedWith(create({ ClientToken: token }))).toBe("InvalidClientToken.Malformed");
  });

  test("works for route entries, deletions, rules and commands alike", async () => {
    const sandbox = await startSandbox();
    const sides = await tutorialSides(sandbox);
    const pair = await createPair(sandbox, sides);
    await connectPair(sandbox, sides, pair);
    const entry = {
      RegionId: "cn-qingdao",
      RouteTableId: sides.initiator.routeTableId,
      DestinationCidrBlock: "172.16.0.0/16",
      NextHopType: "RouterInterface",
      NextHopId: pair.initiator,
      ClientToken: "token",
    };
    await twice(() => sandbox.vpc("CreateRouteEntry", entry), "RouteEntryId");
    await twice(() => sandbox.ecs("RunCommand", command(sides.initiator)), "InvokeId");
    const other = await createPair(sandbox, sides);
    const remove = { RegionId: "cn-qingdao", RouterInterfaceId: other.initiator, ClientToken: "token" };
    await sandbox.vpc("DeleteRouterInterface", remove);
    await sandbox.step(10_000);
    await expect(sandbox.vpc("DeleteRouterInterface", remove)).resolves.toBeDefined();
  });
});

async function twice(call: () => Promise<Answer>, field: string): Promise<void> {
  const first = await call();
  expect((await call())[field]).toBe(first[field]);
}

function command(side: Side): Record<string, unknown> {
  return {
    RegionId: side.regionId,
    Type: "RunShellScript",
    CommandContent: "ping -c 1 10.0.0.1",
    InstanceId: [side.instanceId],
    ClientToken: "token",
  };
}

/** Waits until a request has arrived, without sleeping. */
async function untilJournalled(sandbox: Sandbox, action: string): Promise<void> {
  for (;;) {
    const { entries } = await sandbox.control("GET", "journal");
    if (entries.some((entry: Answer) => entry["action"] === action)) return;
  }
}
