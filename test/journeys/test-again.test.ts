/**
 * A verified peering stands: it is tested again by whoever asked for it or a lead, and what that finds is said.
 */
import { expect, test } from "vitest";
import { clearDials, peerings, toldThat } from "./people.ts";
import { approve, ask, cardThat, CHANNEL, openWorld, peeringOf, threadThat, type World } from "./world.ts";

const NOT_ALLOWED = { status: 403, code: "Forbidden.RAM", message: "not authorized" };

async function verified(world: World): Promise<string> {
  await approve(world, await ask(world));
  return peeringOf(await cardThat(world, "Verified"));
}

/** Somebody deletes the way back by hand. */
async function breakWayBack(world: World): Promise<void> {
  const [stored] = await peerings(world);
  const entry = stored?.snapshot.peering.resources.find(
    (resource) => resource.kind === "routeEntry" && resource.side === "acceptor",
  );
  await world.cloud("edit", { regionId: entry?.regionId, kind: "routeEntry", id: entry?.id, remove: true });
}

function testAgain({ arjun }: World, { ts }: { readonly ts: string }): Promise<unknown> {
  return arjun.press({ channel: CHANNEL, ts, action_id: "test_again" });
}

test("the command tests both ways again, and the thread has the results", async () => {
  const world = await openWorld();
  const id = await verified(world);

  await world.mei.command(CHANNEL, "/peer-vpcs", `test ${id}`);

  expect(await toldThat(world, world.mei, /The test runs now/)).toContain("thread under the card");
  await threadThat(world, /tests it again[^]*Every ping came through/);
  const commands = (await world.journal()).filter(({ action }) => action === "RunCommand");
  expect(commands).toHaveLength(4);
  expect((await peerings(world))[0]?.snapshot).toMatchObject({
    state: "verified",
    peering: { runs: [{ kind: "connect" }, { kind: "test", status: "done" }] },
  });
});

test("a test that fails is said on the card and in the thread, changes nothing, and the button tests once more", async () => {
  const world = await openWorld();
  await verified(world);
  await breakWayBack(world);

  await testAgain(world, await cardThat(world, "Verified"));
  const failed = await cardThat(world, "Verified, but the last test failed");

  await threadThat(world, /Test results/);
  expect((await peerings(world))[0]?.snapshot).toMatchObject({ state: "verified" });
  await testAgain(world, failed);
  await threadThat(world, /tests it again[^]*tests it again[^]*Test results/);
});

test("somebody who neither asked for it nor leads cannot test it, and is told who can", async () => {
  const world = await openWorld();
  const id = await verified(world);

  await world.tomek.command(CHANNEL, "/peer-vpcs", `test ${id}`);

  expect(await toldThat(world, world.tomek, /Only the person who asked/)).toContain("network leads can do that");
});

test("a test of what does not exist, or of nothing, is answered with what to do", async () => {
  const world = await openWorld();

  await world.mei.command(CHANNEL, "/peer-vpcs", "test P-NOBODY");
  expect(await toldThat(world, world.mei, /There is no peering/)).toContain("P-NOBODY");
  await world.mei.command(CHANNEL, "/peer-vpcs", "test");
  expect(await toldThat(world, world.mei, /Which one\?/)).toContain("/peer-vpcs test &lt;id&gt;");
});

test("a peering that stopped at its test is tested again by the same command", async () => {
  const world = await openWorld();
  await world.cloud("dials", { action: "RunCommand", regionId: "cn-beijing", fault: NOT_ALLOWED });
  await approve(world, await ask(world));
  const id = peeringOf(await cardThat(world, "Stopped at"));
  await clearDials(world);

  await world.mei.command(CHANNEL, "/peer-vpcs", `test ${id}`);

  await cardThat(world, "Verified");
});
