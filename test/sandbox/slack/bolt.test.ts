import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { channelAt, personAt, workspaceAt, type PersonAt } from "../../../src/sandbox/slack/client.ts";
import { installHttpApp, installSocketApp, type Installed } from "./bolt-app.ts";
import { listenAsRequestApp } from "./request-app.ts";

const REQUESTS = "network-requests";

describe.each([
  ["Socket Mode", installSocketApp],
  ["signed HTTP", installHttpApp],
] as const)("an unmodified Bolt app over %s", (_, install) => {
  let installed: Installed;
  let seen: Record<string, unknown>[];
  let mei: PersonAt;
  let sofia: PersonAt;

  beforeEach(async () => {
    seen = [];
    installed = await install((app) => listenAsRequestApp(app, seen));
    mei = personAt(installed.slack.url, "Mei Lin");
    sofia = personAt(installed.slack.url, "sofia");
  });
  afterEach(async () => await installed.stop());

  const request = async (reason: string): Promise<void> => {
    await mei.command(REQUESTS, "/request");
    await mei.waitForView();
    await mei.suggest({ label: "First VPC", query: "orders" });
    await mei.choose({ label: "First VPC", text: "orders-prod" });
    await mei.waitForView(({ blocks }) => blocks.some(({ type }) => type === "alert"));
    await mei.type({ label: "Reason", text: reason });
  };

  test("a request goes from command to form to message to approval", async () => {
    await request("orders reads the ledger");
    expect(await mei.submit()).toMatchObject({ outcome: "closed", says: null });

    const channel = channelAt(installed.slack.url, REQUESTS);
    const message = await channel.waitForMessage();
    expect(await channel.text()).toMatch(
      /^peer-vpcs {2}APP \d\d:\d\d\nWaiting for a decision · orders-prod for @Mei Lin\n\[Approve\] {2}\[⋯ Edit request │ Withdraw\]$/,
    );
    const spot = { channel: message.channel, ts: message.ts, label: "Approve" };
    expect(await sofia.press(spot)).toMatchObject({ confirm: { text: { text: "It starts at once." } } });
    await sofia.press({ ...spot, confirm: false });
    expect((await channel.messages())[0]?.edits).toBe(0);
    await sofia.press({ ...spot, confirm: true });
    const approved = await channel.waitForMessage(({ edits }) => edits === 1);
    expect(approved).toMatchObject({ text: "Approved by <@U0SOFIA001>", blocks: [], isEdited: true });
  });

  test("a select loads its options from the app, with groups, once enough is typed", async () => {
    await mei.command(REQUESTS, "/request");
    await mei.waitForView();
    expect(await mei.suggest({ label: "First VPC", query: "o" })).toMatchObject({
      says: "Type at least 2 characters.",
    });
    expect(await mei.suggest({ label: "First VPC", query: "orders" })).toMatchObject({
      option_groups: [{ label: { text: "Qingdao" }, options: [{ value: "orders-prod" }, { value: "orders-test" }] }],
    });
    await expect(mei.choose({ label: "First VPC", text: "billing" })).rejects.toThrow("billing is not on offer");
    await mei.choose({ label: "First VPC", value: "shared-data" });
    expect((await mei.waitForView()).values).toMatchObject({
      vpc: { vpc: { selected_option: { value: "shared-data" } } },
    });
  });

  test("a choice updates the form, and what was chosen stays", async () => {
    await request("x");
    const view = await mei.waitForView();
    expect(view.values).toMatchObject({
      vpc: { vpc: { selected_option: { value: "orders-prod" } } },
      reason: { text: { value: "x" } },
    });
    expect(await mei.viewText()).toBe(
      [
        "┌ Peer two VPCs",
        "│ First VPC",
        "│ [orders-prod ▾]",
        "│ ℹ️ No overlap.",
        "│ Reason",
        "│ [x]",
        "└ [Close]  [Request]",
      ].join("\n"),
    );
  });

  test("errors of the app stand under their field until the form is updated", async () => {
    await request("a secret");
    expect(await mei.submit()).toMatchObject({ outcome: "errors", errors: { Reason: "No secrets." } });
    expect(await mei.viewText()).toContain("│ [a secret]\n│ ❌ No secrets.");
    await mei.type({ label: "Reason", text: "look again" });
    expect(await mei.submit()).toMatchObject({ outcome: "updated", view: { errors: {} } });
    expect(await mei.viewText()).toContain("Look again.");
  });

  test("a pushed view lies on the first, and clear closes both", async () => {
    await request("more");
    expect(await mei.submit()).toMatchObject({ outcome: "pushed", view: { callbackId: "more" } });
    expect((await mei.views()).stack).toHaveLength(2);
    await mei.choose({ label: "First VPC", value: "shared-data" });
    await mei.type({ label: "Reason", text: "y" });
    expect(await mei.submit()).toMatchObject({ outcome: "closed" });
    expect((await mei.views()).stack).toEqual([]);
  });

  test("a form with an empty field is not sent", async () => {
    await mei.command(REQUESTS, "/request");
    await mei.waitForView();
    const errors = {
      "First VPC": "Please complete this required field.",
      Reason: "Please complete this required field.",
    };
    expect(await mei.submit()).toMatchObject({ outcome: "errors", errors });
    const journal = await workspaceAt(installed.slack.url).journal();
    expect(journal.filter((entry) => JSON.stringify(entry).includes("view_submission"))).toEqual([]);
  });

  test("closing a form tells the app that asked to be told", async () => {
    await mei.command(REQUESTS, "/request");
    await mei.waitForView();
    await mei.close({ all: true });
    expect(seen).toMatchObject([{ type: "view_closed", is_cleared: true, view: { callback_id: "request" } }]);
    expect((await mei.views()).stack).toEqual([]);
  });

  test("what a command says in its ack is shown at once, to that person only", async () => {
    const acted = await mei.command(REQUESTS, "/request", "help");
    expect(acted).toMatchObject({
      says: "Type `/request` to ask for a peering.",
      shown: [{ isEphemeral: true, text: "Type `/request` to ask for a peering." }],
    });
    expect(await mei.messages()).toHaveLength(1);
    expect(await sofia.messages()).toEqual([]);
    expect(await channelAt(installed.slack.url, REQUESTS).messages()).toEqual([]);
  });

  test("an entry of a menu can be chosen, and answered through its response URL", async () => {
    await request("x");
    await mei.submit();
    const message = await channelAt(installed.slack.url, REQUESTS).waitForMessage();
    await mei.press({ channel: message.channel, ts: message.ts, label: "Withdraw" });
    expect(await mei.waitForMessage()).toMatchObject({ text: "You chose withdraw", isEphemeral: true });
  });

  test("shortcuts reach the app, global ones and those on a message", async () => {
    await mei.shortcut("new_request");
    expect(await mei.waitForView()).toMatchObject({ title: "Peer two VPCs" });
    const { ts } = await sofia.say(REQUESTS, "Is anyone on it?");
    await mei.messageShortcut("status", REQUESTS, ts ?? "");
    expect(await mei.waitForMessage()).toMatchObject({ text: "About: Is anyone on it?" });
  });

  test("the Home tab is published when it is opened", async () => {
    await mei.openHome();
    expect((await mei.waitForHome()).kind).toBe("home");
    await mei.close().catch(() => {});
    expect(await mei.viewText()).toBe("Hello @Mei Lin");
  });

  test("changes of groups and people arrive as events", async () => {
    const workspace = workspaceAt(installed.slack.url);
    await workspace.edit({ edit: "group", group: "network-leads", members: ["arjun.rao", "tomek"] });
    await workspace.edit({ edit: "person", person: "Sofia Marti", deleted: true });
    await workspace.edit({ edit: "person", person: "priya", kind: "member" });
    expect(seen).toMatchObject([
      { type: "subteam_members_changed", added_users: ["U0TOMEK001"], removed_users: ["U0SOFIA001"] },
      { type: "subteam_updated", subteam: { users: ["U0ARJUN001", "U0TOMEK001"] } },
      { type: "user_change", user: { id: "U0SOFIA001", deleted: true } },
      { type: "user_change", user: { id: "U0PRIYA001", is_restricted: false } },
    ]);
  });
});
