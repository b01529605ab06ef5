/** Whether one address reaches another, asked by command, before and after there is a peering. */
import { describe, expect, test } from "vitest";
import { hasty, toldThat, viewThat } from "./people.ts";
import { approve, ask, cardThat, CHANNEL, openWorld, sharedWorld, type World } from "./world.ts";

/** Several of the seeded VPCs have the block, so the address says which. */
const A = "vpc-m5eordersprod4nrz5xlm/192.168.1.11";
const B = "172.16.1.11";

async function asks(world: World, text: string, says: RegExp): Promise<string> {
  await world.tomek.command(CHANNEL, "/peer-vpcs", text);
  const told = await toldThat(world, world.tomek, says);
  return told.split("\n---\n").findLast((message) => says.test(message)) ?? "";
}

describe("between two VPCs that nothing joins", () => {
  const world = sharedWorld(hasty());

  test("the answer names the table that has no entry, and that a peering would connect them", async () => {
    const said = await asks(world(), `why ${A} ${B} 5432`, /Does not get through/);

    expect(said).toMatch(/\*Does not get through\.\* TCP 5432, `192\.168\.1\.11` \(orders-prod-1\) in \*orders-prod\*/);
    expect(said).toMatch(/on the way there, at route table `vtb-[^`]+`: no entry leads to `172\.16\.1\.11`\./);
    expect(said).toContain("A peering would connect them");
  });

  test("the button under it opens the form with both VPCs", async () => {
    const { tomek } = world();
    await asks(world(), `${A} ${B}`, /\*Does not get through\.\* ping/);
    const message = await tomek.waitForMessage(({ blocks }) => blocks.some(({ type }) => type === "actions"));

    await tomek.press({ channel: CHANNEL, ts: message.ts, action_id: "request_missing" });

    const view = await viewThat(world(), tomek, /checks are ok/);
    expect(view).toContain("orders-prod · 192.168.0.0/16");
    expect(view).toContain("shared-data · 172.16.0.0/16");
  });

  test.each([
    ["why", "Name two private addresses"],
    [`why ${A}`, "Name two private addresses"],
    [`why ${A} 300.1.1.1`, "Name two private addresses"],
    [`why ${A} ${B} 0`, "is no TCP port"],
    [`why ${A} ${B} http`, "`http` is no TCP port"],
    [`why ${A} 9.9.9.9`, "No VPC that the bot sees has the address `9.9.9.9`"],
    [`why vpc-nobody/192.168.1.11 ${B}`, "No VPC that the bot sees has the address"],
  ])("`/peer-vpcs %s` is answered with what to type", async (text, says) => {
    expect(await asks(world(), text, new RegExp(says.replaceAll(/[.`]/g, ".")))).toContain(says);
  });

  test.each([
    "why <!channel> <@U0MEILIN01>",
    "why ../../etc/passwd `id`",
    `why ${"1".repeat(3_000)} ${B}`,
    `why ${A} ${B} 80 81`,
  ])("`/peer-vpcs %s` is no question, and nothing of it is shown", async (text) => {
    const before = (await world().tomek.messages()).length;
    await world().tomek.command(CHANNEL, "/peer-vpcs", text);
    await expect.poll(async () => (await world().tomek.messages()).length).toBe(before + 1);

    const answer = (await world().tomek.messages()).at(-1);
    expect(answer?.text).toContain("Name two private addresses");
    expect(JSON.stringify(answer)).not.toMatch(/<!channel>|passwd|1{50}/);
  });

  test("an address that several VPCs have is asked back, with how to write each", async () => {
    const said = await asks(world(), `why 192.168.1.11 ${B}`, /Several VPCs/);

    expect(said).toContain("`vpc-m5eordersprod4nrz5xlm/192.168.1.11` (orders-prod)");
  });

  test("nobody but members is told anything", async () => {
    const guest = world().as("Priya Nair");

    await guest.command(CHANNEL, "/peer-vpcs", `why ${A} ${B}`);

    expect(await viewThat(world(), guest, /did not happen/)).toContain("Guests cannot use this bot");
    expect(await guest.messages()).toEqual([]);
  });
});

test("over a verified peering what was opened gets through, and what was not ends at the group that lacks a rule", async () => {
  const world = await openWorld();
  await approve(world, await ask(world));
  await cardThat(world, "Verified");

  expect(await asks(world, `why ${A} ${B}`, /Gets through/)).toMatch(/\*Passed\* .*`ri-[^`]+`.*`ri-[^`]+` \(back\)/);
  expect(await asks(world, `why ${A} ${B} 8443`, /Does not get through/)).toMatch(
    /at the security groups of `i-[^`]+`: no rule lets it in\./,
  );
  expect((await world.journal()).filter(({ action }) => action === "RunCommand")).toHaveLength(2);
});
