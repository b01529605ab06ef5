import { expect, test } from "vitest";

import type { Block, Element } from "../../../src/sandbox/slack/block-kit/shape.ts";
import type { Outgoing } from "../../../src/sandbox/slack/delivery.ts";
import { isJsonObject } from "../../../src/sandbox/slack/json.ts";
import { findMessage } from "../../../src/sandbox/slack/messages.ts";
import {
  appHomeOpened,
  EVENT_SCOPES,
  subteamMembersChanged,
  subteamUpdated,
  userChange,
} from "../../../src/sandbox/slack/payloads/events.ts";
import { viewClosedPayload, viewSubmissionPayload } from "../../../src/sandbox/slack/payloads/forms.ts";
import { commandPayload, messageActionPayload, shortcutPayload } from "../../../src/sandbox/slack/payloads/commands.ts";
import { blockActionsPayload, blockSuggestionPayload } from "../../../src/sandbox/slack/payloads/elements.ts";
import { topView, type View } from "../../../src/sandbox/slack/views.ts";
import { calling, MEI, modal, NOW, REQUESTS } from "./calling.ts";

/**
 * Keys of payloads that real Slack sent: recorded in github.com/slackapi/bolt-python, tests/scenario_tests, and
 * slackapi/python-slack-sdk, tests/slack_sdk/socket_mode/mock_socket_mode_server.py; events from slackapi/java-slack-sdk,
 * json-logs/samples/events. Without an enterprise, whose keys only an Enterprise Grid workspace has.
 */
const USER = ["user.id", "user.name", "user.team_id", "user.username"];
const TEAM = ["team.domain", "team.id"];
const COMMON = ["api_app_id", "enterprise", "is_enterprise_install", "token", "type", ...TEAM, ...USER];
const VIEW = [
  "view.app_id",
  "view.app_installed_team_id",
  "view.blocks",
  "view.bot_id",
  "view.callback_id",
  "view.clear_on_close",
  "view.close",
  "view.external_id",
  "view.hash",
  "view.id",
  "view.notify_on_close",
  "view.previous_view_id",
  "view.private_metadata",
  "view.root_view_id",
  "view.state",
  "view.submit",
  "view.team_id",
  "view.title",
  "view.type",
];
const MESSAGE_CONTAINER = ["container.channel_id", "container.is_ephemeral", "container.message_ts", "container.type"];
const ACTION = ["action_id", "action_ts", "block_id", "text", "type", "value"].map((key) => `actions.0.${key}`);
const EVENT = [
  "api_app_id",
  "authorizations",
  "event.event_ts",
  "event.type",
  "event_context",
  "event_id",
  "event_time",
  "is_ext_shared_channel",
  "team_id",
  "token",
  "type",
];
// Not in those recordings of 2021; in the documentation since: https://docs.slack.dev/apis/events-api
const EVENT_SINCE = ["context_enterprise_id", "context_team_id"];

/** Things inside a payload that are compared as wholes elsewhere. */
const WHOLE = new Set(["blocks", "state", "title", "submit", "close", "text", "authorizations", "message", "profile"]);

function keysOf(value: unknown, path = ""): readonly string[] {
  const name = path.split(".").at(-1) ?? "";
  const entries = Array.isArray(value) ? [...value.entries()] : isJsonObject(value) ? Object.entries(value) : [];
  if (WHOLE.has(name) || entries.length === 0) return [path];
  return entries.flatMap(([key, held]) => keysOf(held, path === "" ? String(key) : `${path}.${key}`));
}

const keys = ({ payload }: Outgoing): readonly string[] => keysOf(payload).toSorted();

const on = calling();
const { workspace } = on;
const person = workspace.people.get(MEI)!;
const channel = workspace.channels.get(REQUESTS)!;
const plain = (text: string) => ({ type: "plain_text", text }) as const;
const button = { type: "button", action_id: "a", text: plain("Button"), value: "1" } as const satisfies Element;
const block: Block = { type: "actions", block_id: "b", elements: [button] };

on.call("views.open", { trigger_id: on.trigger(), view: modal({ submit: plain("Send"), close: plain("Cancel") }) });
const view = topView(workspace, MEI) as View;
const posted = String(on.call("chat.postMessage", { channel: REQUESTS, text: "x", blocks: [block] })["ts"]);
const shown = String(
  on.call("chat.postEphemeral", { channel: REQUESTS, user: MEI, text: "x", blocks: [block] })["message_ts"],
);
const message = findMessage(channel, posted)!;
const ephemeral = findMessage(channel, shown, MEI)!;
const inMessage = { kind: "message", channel, message } as const;
const inEphemeral = { kind: "message", channel, message: ephemeral } as const;
const inView = { kind: "view", view } as const;

test("a slash command has the keys of a recorded one", () => {
  const outgoing = commandPayload(workspace, { person, channel, command: "/hello-world", text: "Hi" }, NOW);
  expect(outgoing.type).toBe("slash_commands");
  expect(keys(outgoing)).toEqual(
    [
      "api_app_id",
      "channel_id",
      "channel_name",
      "command",
      "is_enterprise_install",
      "response_url",
      "team_domain",
      "team_id",
      "text",
      "token",
      "trigger_id",
      "user_id",
      "user_name",
    ].toSorted(),
  );
});

test("a click in an ephemeral message has the keys of a recorded one, and the state", () => {
  const outgoing = blockActionsPayload(workspace, { person, surrounding: inEphemeral, block, element: button }, NOW);
  const recorded = [
    ...COMMON,
    ...MESSAGE_CONTAINER,
    ...ACTION,
    "channel.id",
    "channel.name",
    "response_url",
    "trigger_id",
  ];
  expect(keys(outgoing)).toEqual([...recorded, "state"].toSorted());
});

test("a click in a message carries the message as well", () => {
  const outgoing = blockActionsPayload(workspace, { person, surrounding: inMessage, block, element: button }, NOW);
  const recorded = [
    ...COMMON,
    ...MESSAGE_CONTAINER,
    ...ACTION,
    "channel.id",
    "channel.name",
    "response_url",
    "trigger_id",
  ];
  expect(keys(outgoing)).toEqual([...recorded, "message", "state"].toSorted());
  expect(outgoing.payload["message"]).toMatchObject({
    type: "message",
    user: workspace.app.botUserId,
    bot_id: workspace.app.botId,
    app_id: workspace.app.id,
    ts: posted,
    text: "x",
    team: workspace.team.id,
    blocks: [{ block_id: "b" }],
  });
});

test("a click in a thread says which", () => {
  const reply = { ...message, threadTs: posted };
  const surrounding = { kind: "message", channel, message: reply } as const;
  const { payload } = blockActionsPayload(workspace, { person, surrounding, block, element: button }, NOW);
  expect(payload["container"]).toMatchObject({ thread_ts: posted });
});

test("a click in a view has the keys of a recorded one", () => {
  const outgoing = blockActionsPayload(workspace, { person, surrounding: inView, block, element: button }, NOW);
  const recorded = [...COMMON, ...VIEW, ...ACTION, "container.type", "container.view_id", "trigger_id"];
  expect(keys(outgoing)).toEqual(recorded.toSorted());
});

test("a request for options has the keys of a recorded one", () => {
  const element = { type: "external_select", action_id: "es_a" };
  const outgoing = blockSuggestionPayload(workspace, {
    person,
    surrounding: inView,
    block,
    element,
    query: "search word",
  });
  const recorded = [...COMMON, ...VIEW, "action_id", "block_id", "container.type", "container.view_id", "value"];
  expect(keys(outgoing)).toEqual(recorded.toSorted());
  const fromMessage = blockSuggestionPayload(workspace, { person, surrounding: inMessage, block, element, query: "x" });
  expect(keys(fromMessage)).toEqual(
    [
      ...COMMON,
      ...MESSAGE_CONTAINER,
      "action_id",
      "block_id",
      "channel.id",
      "channel.name",
      "message",
      "value",
    ].toSorted(),
  );
});

test("a submitted form has the keys of a recorded one", () => {
  const outgoing = viewSubmissionPayload(workspace, person, view, NOW);
  expect(keys(outgoing)).toEqual([...COMMON, ...VIEW, "response_urls", "trigger_id"].toSorted());
});

test("a closed form has the keys of a recorded one, and whether all were closed", () => {
  const outgoing = viewClosedPayload(workspace, person, view, true);
  expect(keys(outgoing)).toEqual([...COMMON, ...VIEW, "is_cleared", "response_urls"].toSorted());
});

test("a global shortcut has the keys of a recorded one", () => {
  expect(keys(shortcutPayload(workspace, person, "test-shortcut", NOW))).toEqual(
    [
      "action_ts",
      "callback_id",
      "enterprise",
      "is_enterprise_install",
      "token",
      "trigger_id",
      "type",
      ...TEAM,
      "user.id",
      "user.team_id",
      "user.username",
    ].toSorted(),
  );
});

test("a message shortcut has the keys of a recorded one", () => {
  const outgoing = messageActionPayload(workspace, { person, channel, message, callbackId: "test-shortcut" }, NOW);
  expect(keys(outgoing)).toEqual(
    [
      "action_ts",
      "callback_id",
      "channel.id",
      "channel.name",
      "enterprise",
      "is_enterprise_install",
      "message",
      "message_ts",
      "response_url",
      "token",
      "trigger_id",
      "type",
      ...TEAM,
      ...USER,
    ].toSorted(),
  );
});

test("every event has the envelope of a recorded one", () => {
  const group = { ...workspace.groups.get("S0NETLEADS")!, updatedAt: 1 };
  const about = { group, before: ["U0HANA0001"], updatedBefore: 0 };
  const subteam = [
    "auto_provision",
    "channel_count",
    "created_by",
    "date_create",
    "date_delete",
    "date_update",
    "deleted_by",
    "description",
    "enterprise_subteam_id",
    "handle",
    "id",
    "is_external",
    "is_subteam",
    "is_usergroup",
    "name",
    "prefs.channels",
    "prefs.groups",
    "team_id",
    "updated_by",
    "user_count",
    "users.0",
    "users.1",
  ];
  const events = {
    subteam_members_changed: [
      subteamMembersChanged(workspace, about, NOW),
      [
        "added_users.0",
        "added_users.1",
        "added_users_count",
        "date_previous_update",
        "date_update",
        "removed_users.0",
        "removed_users_count",
        "subteam_id",
        "team_id",
      ],
    ],
    // `auto_type` is in the answers of usergroups.list, from which the event's object is the same.
    subteam_updated: [subteamUpdated(workspace, group, NOW), [...subteam, "auto_type"].map((key) => `subteam.${key}`)],
    app_home_opened: [appHomeOpened(workspace, person, NOW), ["channel", "tab", "user"]],
  } as const;
  for (const [name, [outgoing, own]] of Object.entries(events)) {
    expect(outgoing.type).toBe("events_api");
    expect(outgoing.payload["event"]).toMatchObject({ type: name });
    expect(keys(outgoing)).toEqual([...EVENT, ...EVENT_SINCE, ...own.map((key) => `event.${key}`)].toSorted());
  }
  expect(userChange(workspace, person, NOW).payload).toMatchObject({
    event: {
      type: "user_change",
      user: { id: MEI, profile: {} },
      cache_ts: NOW / 1_000,
      event_ts: "1795428000.000000",
    },
  });
  expect(Object.keys(EVENT_SCOPES).toSorted()).toEqual([...Object.keys(events), "user_change"].toSorted());
});

test("a Home tab that was published comes with the event of opening it", () => {
  on.call("views.publish", { user_id: MEI, view: { type: "home", blocks: [] } });
  expect(appHomeOpened(workspace, person, NOW).payload).toMatchObject({
    event: { tab: "home", view: { type: "home" } },
  });
});
