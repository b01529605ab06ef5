/**
 * Slack waits three seconds for an ack, and so does a person. Here neither Slack nor the cloud answers any call, and every
 * ack comes all the same: so none of them waits for one.
 */
import { beforeEach, describe, expect, test } from "vitest";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import type { Acted } from "../../src/sandbox/slack/acting/acted.ts";
import { clearDials, closeAll, viewThat } from "./people.ts";
import { ask, CHANNEL, fillForm, sharedWorld, untilRead, type World } from "./world.ts";

/** Longer than anybody waits for an ack, and all together no more than the five minutes that clocks may differ over HTTP. */
const HELD_MS = 20_000;

/** Does something while every call to Slack and to the cloud is held back, and answers with what it came to. */
async function whileNobodyAnswers(world: World, act: () => Promise<Acted>): Promise<Acted> {
  const slack = workspaceAt(world.slack.url);
  const callsBefore = (await slack.journal()).filter(({ kind }) => kind === "call").length;
  await slack.fault({ method: "*", fault: "slow", ms: HELD_MS, forMs: HELD_MS });
  await world.cloud("dials", { action: "*", fault: "slow", ms: 5_000, forMs: HELD_MS });
  try {
    const acted = await act();
    const entries = await slack.journal();
    expect(entries.filter(({ kind }) => kind === "call")).toHaveLength(callsBefore);
    expect(entries.findLast(({ kind }) => kind === "delivery")).toMatchObject({ outcome: "acked" });
    return acted;
  } finally {
    await clearDials(world);
    await slack.clearFaults();
    await slack.edit({ edit: "clock", advanceMs: HELD_MS });
  }
}

describe.each(["socket", "http"] as const)("over %s", (delivery) => {
  const world = sharedWorld({ delivery });

  beforeEach(async () => {
    const { mei, arjun } = world();
    await closeAll(mei);
    await closeAll(arjun);
  });

  test("a command is acked before anything is asked of Slack or the cloud", async () => {
    const { mei } = world();

    expect(await whileNobodyAnswers(world(), () => mei.command(CHANNEL, "/peer-vpcs"))).toMatchObject({ says: null });
  });

  test("so is a global shortcut", async () => {
    const { mei } = world();

    expect(await whileNobodyAnswers(world(), () => mei.shortcut("peer_vpcs_new"))).toMatchObject({ says: null });
  });

  test("type-ahead is answered from memory, and choosing is acked", async () => {
    const { mei } = world();
    await mei.command(CHANNEL, "/peer-vpcs");
    await viewThat(world(), mei, /Peer two VPCs/);

    const offered = await whileNobodyAnswers(world(), () => mei.suggest({ label: "From", query: "orders-prod" }));

    const value = offered.option_groups?.[0]?.options[0]?.value ?? "";
    expect(value).toMatch(/^cn-qingdao\/vpc-/);
    expect(await whileNobodyAnswers(world(), () => mei.choose({ label: "From", value }))).toMatchObject({ says: null });
  });

  test("a form is judged and acked on what is stored", async () => {
    const { mei } = world();
    await fillForm(world(), mei, { to: "overlap-primary" });
    await untilRead(mei);
    expect(await whileNobodyAnswers(world(), () => mei.submit())).toMatchObject({ outcome: "errors" });
    await closeAll(mei);
    await fillForm(world(), mei);
    await untilRead(mei);

    expect(await whileNobodyAnswers(world(), () => mei.submit())).toMatchObject({
      outcome: "updated",
      view: { title: "Sending…" },
    });

    await viewThat(world(), mei, /Request sent/);
  });

  test("buttons and the reason behind one are acked", async () => {
    const { arjun, tomek } = world();
    const card = await ask(world(), { from: "alpine-host", to: "custom-table" });
    const press = (action_id: string) => ({ channel: CHANNEL, ts: card.ts, action_id, confirm: true });
    expect(await whileNobodyAnswers(world(), () => tomek.press(press("approve")))).toMatchObject({ says: null });
    await arjun.press(press("reject"));
    await viewThat(world(), arjun, /Why\?/);
    await arjun.type({ block_id: "reason", text: "not now" });

    expect(await whileNobodyAnswers(world(), () => arjun.submit())).toMatchObject({ outcome: "closed" });
  });
});
