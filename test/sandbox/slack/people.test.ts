import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { Acted, Cannot } from "../../../src/sandbox/slack/acting/acted.ts";
import { actAs } from "../../../src/sandbox/slack/acting/act.ts";
import { Act, type ActInput } from "../../../src/sandbox/slack/acting/acts.ts";
import { escapeMentions } from "../../../src/sandbox/slack/acting/command.ts";
import type { Delivered, Outgoing } from "../../../src/sandbox/slack/delivery.ts";
import { createWireClock, type WireClock } from "../../../src/sandbox/slack/wire-clock.ts";
import { calling, MEI, modal, NOW, REQUESTS, type Calling } from "./calling.ts";
import { option, plain } from "./block-limits.ts";

type Payload = Readonly<Record<string, unknown>>;

let on: Calling;
let clock: WireClock;
let sent: Payload[];
let answer: unknown;

beforeEach(() => {
  on = calling();
  clock = createWireClock(() => NOW);
  sent = [];
  answer = {};
});
afterEach(() => clock.close());

async function send({ payload }: Outgoing): Promise<Delivered> {
  sent.push(payload);
  return { outcome: "acked", answer };
}

async function act(one: ActInput, as = MEI): Promise<Acted | Cannot> {
  return await actAs({ workspace: on.workspace, clock, send }, as, Act.parse(one));
}

async function why(one: ActInput, as?: string): Promise<string> {
  const acted = await act(one, as);
  return acted.ok ? "ok" : acted.error;
}

const input = (element: Payload, more: Payload = {}): Payload => ({
  type: "input",
  block_id: "field",
  label: plain("Field"),
  element: { action_id: "it", ...element },
  ...more,
});

function open(...blocks: readonly Payload[]): void {
  on.call("views.open", { trigger_id: on.trigger(), view: modal({ submit: plain("Send"), blocks }) });
}

/** What the open form holds in its one field. */
function held(): unknown {
  const [view] = on.workspace.views.values();
  return view?.values.get("field\nit");
}

const options = [option({ text: plain("One"), value: "1" }), option({ text: plain("Two"), value: "2" })];
const [one, two] = ["One", "Two"].map((text, index) => ({
  text: { type: "plain_text", text, emoji: true },
  value: String(index + 1),
}));

describe("filling in a form", () => {
  test.each([
    ["a text field", { type: "plain_text_input" }, { do: "type", text: "hi" }, { value: "hi" }],
    ["a number", { type: "number_input", is_decimal_allowed: true }, { do: "type", text: "1.5" }, { value: "1.5" }],
    ["an e-mail address", { type: "email_text_input" }, { do: "type", text: "a@b.c" }, { value: "a@b.c" }],
    ["a menu, by value", { type: "static_select", options }, { do: "choose", value: "2" }, { selected_option: two }],
    ["a menu, by text", { type: "static_select", options }, { do: "choose", text: "two" }, { selected_option: two }],
    ["nothing in a menu", { type: "static_select", options }, { do: "choose", value: [] }, { selected_option: null }],
    [
      "several in a menu",
      { type: "multi_static_select", options },
      { do: "choose", value: ["1", "2"] },
      { selected_options: [one, two] },
    ],
    ["checkboxes", { type: "checkboxes", options }, { do: "choose", text: ["Two"] }, { selected_options: [two] }],
    ["radio buttons", { type: "radio_buttons", options }, { do: "choose", text: "One" }, { selected_option: one }],
    ["a person", { type: "users_select" }, { do: "choose", text: "Sofia Marti" }, { selected_user: "U0SOFIA001" }],
    [
      "several people",
      { type: "multi_users_select" },
      { do: "choose", value: ["sofia", "U0ARJUN001"] },
      { selected_users: ["U0SOFIA001", "U0ARJUN001"] },
    ],
    ["a channel", { type: "channels_select" }, { do: "choose", text: "#random" }, { selected_channel: "C0RANDOM01" }],
    [
      "a conversation",
      { type: "conversations_select" },
      { do: "choose", text: "random" },
      { selected_conversation: "C0RANDOM01" },
    ],
    ["a date", { type: "datepicker" }, { do: "choose", value: "2026-11-30" }, { selected_date: "2026-11-30" }],
    ["a time", { type: "timepicker" }, { do: "choose", value: "09:30" }, { selected_time: "09:30" }],
    [
      "a date and time",
      { type: "datetimepicker" },
      { do: "choose", value: "1795413002" },
      { selected_date_time: 1_795_413_002 },
    ],
  ] as const)("%s is held as payloads have it", async (_, element, what, value) => {
    open(input(element));
    expect(await act({ label: "Field", ...(what as object) } as ActInput)).toMatchObject({ ok: true });
    expect(held()).toEqual({ type: element.type, ...value });
    expect(sent).toEqual([]);
  });

  test("rich text is held as rich text", async () => {
    open(input({ type: "rich_text_input" }));
    await act({ do: "type", label: "Field", text: "hi" });
    const elements = [{ type: "rich_text_section", elements: [{ type: "text", text: "hi" }] }];
    expect(held()).toEqual({ type: "rich_text_input", rich_text_value: { type: "rich_text", elements } });
  });

  test("initial values are there from the start", () => {
    open(input({ type: "multi_static_select", options, initial_options: [options[0]] }));
    expect(held()).toMatchObject({ selected_options: [{ value: "1" }] });
  });

  test("what is not on offer cannot be chosen, and the refusal lists what is", async () => {
    open(input({ type: "static_select", options }));
    expect(await why({ do: "choose", label: "Field", text: "Three" })).toBe(
      "Three is not on offer; there is: One, Two",
    );
    expect(await why({ do: "choose", label: "Field", value: ["1", "2"] })).toBe("it takes 1");
    expect(await why({ do: "choose", label: "Fields", value: "1" })).toBe(
      "nothing here is called Fields; there is: Field",
    );
    expect(await why({ do: "type", label: "Field", text: "1" })).toBe("it is a static_select: choose");
    expect(await why({ do: "press", label: "Field" })).toBe(
      "it is no button but static_select: choose or type instead",
    );
  });

  test("a menu for several stops at its limit", async () => {
    open(input({ type: "multi_static_select", options, max_selected_items: 1 }));
    expect(await why({ do: "choose", label: "Field", value: ["1", "2"] })).toBe("it takes 1");
  });

  test("pickers take only what they can show", async () => {
    for (const [type, value] of [
      ["datepicker", "30.11.2026"],
      ["timepicker", "9:30"],
      ["datetimepicker", "soon"],
    ] as const) {
      open(input({ type }));
      expect(await why({ do: "choose", label: "Field", value })).toMatch(/is not a (date|time)/);
    }
  });

  test("a text field takes no more than it says", async () => {
    open(input({ type: "plain_text_input", max_length: 3 }));
    expect(await why({ do: "type", label: "Field", text: "four" })).toBe("it takes 3 characters");
  });

  test.each([
    [{ type: "plain_text_input", min_length: 3 }, "ab", "Please enter at least 3 characters."],
    [{ type: "email_text_input" }, "nobody", "Please enter a valid email address."],
    [{ type: "url_text_input" }, "a.example", "Please enter a valid URL."],
    [{ type: "number_input", is_decimal_allowed: false }, "x", "Please enter a number."],
    [{ type: "number_input", is_decimal_allowed: false }, "1.5", "Please enter a whole number."],
    [
      { type: "number_input", is_decimal_allowed: true, min_value: "2" },
      "1",
      "Please enter a number that is 2 or more.",
    ],
    [
      { type: "number_input", is_decimal_allowed: true, max_value: "2" },
      "3",
      "Please enter a number that is 2 or less.",
    ],
  ])("a form is not sent while Slack itself objects: %j with %s", async (element, text, objection) => {
    open(input(element));
    await act({ do: "type", label: "Field", text });
    expect(await act({ do: "submit" })).toMatchObject({ outcome: "errors", errors: { Field: objection } });
    expect(sent).toEqual([]);
  });

  test("an optional field may stay empty", async () => {
    open(input({ type: "plain_text_input" }, { optional: true }));
    expect(await act({ do: "submit" })).toMatchObject({ outcome: "closed" });
  });
});

describe("telling the app", () => {
  test("an input tells only when it dispatches, and on the key it names", async () => {
    open(input({ type: "plain_text_input" }, { dispatch_action: true }));
    await act({ do: "type", label: "Field", text: "hi" });
    expect(sent).toHaveLength(0);
    await act({ do: "type", label: "Field", text: "hi", enter: true });
    expect(sent).toMatchObject([{ type: "block_actions", actions: [{ type: "plain_text_input", value: "hi" }] }]);
    const dispatch_action_config = { trigger_actions_on: ["on_character_entered"] };
    open(input({ type: "plain_text_input", dispatch_action_config }, { dispatch_action: true }));
    await act({ do: "type", label: "Field", text: "h" });
    expect(sent).toHaveLength(2);
  });

  test("a menu in an actions block tells at once", async () => {
    open({
      type: "actions",
      elements: [{ type: "static_select", action_id: "it", options, placeholder: plain("Pick") }],
    });
    await act({ do: "choose", label: "Pick", value: "1" });
    expect(sent).toMatchObject([
      { actions: [{ type: "static_select", action_id: "it", selected_option: one, placeholder: { text: "Pick" } }] },
    ]);
  });

  test("an entry of an overflow menu is told and not kept, whether pressed or chosen", async () => {
    open({ type: "actions", block_id: "field", elements: [{ type: "overflow", action_id: "it", options }] });
    await act({ do: "choose", action_id: "it", value: "2" });
    await act({ do: "press", label: "Two" });
    expect(sent).toMatchObject([{ actions: [{ selected_option: two }] }, { actions: [{ selected_option: two }] }]);
    expect(held()).toBeUndefined();
    expect(await why({ do: "press", action_id: "it" })).toBe("it is no button but overflow: choose or type instead");
  });

  test("menus and inputs of a message keep what each person chose", async () => {
    const blocks = [
      { type: "actions", block_id: "b", elements: [{ type: "static_select", action_id: "it", options }] },
    ];
    const { ts } = on.call("chat.postMessage", { channel: REQUESTS, text: "x", blocks }) as { ts?: string };
    const spot = { do: "choose", channel: REQUESTS, ts: String(ts), action_id: "it" } as const;
    await act({ ...spot, value: "1" });
    await act({ ...spot, value: "2" }, "sofia");
    expect(sent).toMatchObject([
      { user: { id: MEI }, state: { values: { b: { it: { selected_option: one } } } } },
      { user: { id: "U0SOFIA001" }, state: { values: { b: { it: { selected_option: two } } } } },
    ]);
  });

  test("a link button leads somewhere and tells the app as well", async () => {
    const button = { type: "button", action_id: "go", text: plain("Open"), url: "https://a.example" };
    open({ type: "actions", elements: [button] });
    expect(await act({ do: "press", label: "Open" })).toMatchObject({ opensUrl: "https://a.example" });
    expect(sent).toHaveLength(1);
  });

  test("options that Slack would refuse are not shown", async () => {
    open(input({ type: "external_select", min_query_length: 0 }));
    answer = { options: [{ text: plain("x".repeat(76)), value: "1" }] };
    expect(await act({ do: "suggest", label: "Field", query: "" })).toMatchObject({
      options: [],
      says: "Couldn't load results.",
      because: expect.stringContaining("must be less than 76 characters [json-pointer:/options/0/text/text]"),
    });
  });

  test("an answer to a form that Slack cannot use leaves the form open", async () => {
    for (const [bad, because] of [
      [{ response_action: "errors", errors: { nothing: "x" } }, "block_id"],
      [{ response_action: "errors", errors: {} }, "block_id"],
      [{ response_action: "update", view: {} }, "the view was refused"],
      [{ response_action: "shout" }, "response_action is none of"],
    ] as const) {
      open(input({ type: "plain_text_input" }, { optional: true }));
      answer = bad;
      expect(await act({ do: "submit" })).toMatchObject({
        outcome: "no answer",
        says: "We had some trouble connecting. Try again?",
        because: expect.stringContaining(because),
      });
      expect(on.workspace.stacks.get(MEI)).toHaveLength(1);
    }
  });

  test("a channel chosen in a form can get an answer there", async () => {
    open(input({ type: "conversations_select", response_url_enabled: true }));
    await act({ do: "choose", label: "Field", text: "network-requests" });
    await act({ do: "submit" });
    expect(sent).toMatchObject([
      {
        response_urls: [
          { block_id: "field", action_id: "it", channel_id: REQUESTS, response_url: expect.stringMatching(/\/app\//) },
        ],
      },
    ]);
  });
});

function stack(more: Payload = {}): void {
  const named = (id: string): Payload => modal({ callback_id: id, notify_on_close: true, ...more });
  on.call("views.open", { trigger_id: on.trigger(), view: named("root") });
  const [root] = on.workspace.stacks.get(MEI) ?? [];
  on.call("views.push", { trigger_id: on.trigger(root ?? ""), view: named("top") });
}

describe("closing", () => {
  test("the close button closes the topmost view and reports it", async () => {
    stack();
    await act({ do: "close" });
    expect(sent).toMatchObject([{ type: "view_closed", is_cleared: false, view: { callback_id: "top" } }]);
    expect(on.workspace.stacks.get(MEI)).toHaveLength(1);
  });

  test("the × closes them all and reports the root", async () => {
    stack();
    await act({ do: "close", all: true });
    expect(sent).toMatchObject([{ type: "view_closed", is_cleared: true, view: { callback_id: "root" } }]);
    expect(on.workspace.stacks.get(MEI)).toEqual([]);
  });

  test("a view that clears on close takes the others with it", async () => {
    stack({ clear_on_close: true });
    await act({ do: "close" });
    expect(on.workspace.stacks.get(MEI)).toEqual([]);
  });

  test("an app that did not ask is not told", async () => {
    stack({ notify_on_close: false });
    await act({ do: "close" });
    expect(sent).toEqual([]);
  });
});

describe("who can act where", () => {
  const command = { do: "command", channel: "network-requests", command: "/request" } as const;

  test("somebody who left cannot act, nor somebody who is not there", async () => {
    expect(await why(command, "lena")).toBe("Lena Vogt is deactivated");
    expect(await why(command, "bob")).toBe("nobody is called bob");
    expect(await why({ ...command, channel: "network-leads-only" })).toBe("Mei Lin is not in network-leads-only");
    expect(await why({ ...command, channel: "nowhere" })).toBe("there is no channel nowhere");
    expect(await why({ do: "submit" })).toBe("Mei Lin has no modal open");
    expect(await why({ do: "press", channel: REQUESTS, ts: "1.000001", label: "Go" })).toBe(
      "there is no message 1.000001 in network-requests",
    );
  });

  test("a guest and a stranger act as who they are", async () => {
    await act(command, "priya");
    const button = { type: "actions", elements: [{ type: "button", action_id: "go", text: plain("Go") }] };
    const { ts } = on.call("chat.postMessage", { channel: "C0PARTNERS", text: "x", blocks: [button] });
    await act({ do: "press", channel: "C0PARTNERS", ts: String(ts), label: "Go" }, "kenji");
    expect(sent).toMatchObject([
      { user_id: "U0PRIYA001", team_id: "T0HARBOUR1" },
      { user: { id: "U0KENJI001", team_id: "T0NORTHWND" }, team: { id: "T0HARBOUR1" } },
    ]);
  });

  test("an ephemeral message can be acted on by its reader only", async () => {
    const blocks = [{ type: "actions", elements: [{ type: "button", action_id: "go", text: plain("Go") }] }];
    const { message_ts } = on.call("chat.postEphemeral", { channel: REQUESTS, user: MEI, text: "x", blocks });
    const press = { do: "press", channel: REQUESTS, ts: String(message_ts), label: "Go" } as const;
    expect(await why(press)).toBe("ok");
    expect(await why(press, "sofia")).toMatch(/^there is no message/);
    expect(sent).toMatchObject([{ container: { is_ephemeral: true } }]);
    expect(sent[0]).not.toHaveProperty("message");
  });

  test("names of private conversations are not told to apps", async () => {
    await act({ ...command, channel: "network-leads-only" }, "sofia");
    await act({ ...command, channel: "app" });
    expect(sent).toMatchObject([{ channel_name: "privategroup" }, { channel_name: "directmessage" }]);
  });

  test("mentions in a command arrive as ids, other text escaped", () => {
    expect(escapeMentions(on.workspace, "@sofia, @network-leads in #random & <b> @nobody #none")).toBe(
      "<@U0SOFIA001|sofia>, <!subteam^S0NETLEADS|@network-leads> in <#C0RANDOM01|random> &amp; &lt;b&gt; @nobody #none",
    );
    expect(escapeMentions(on.workspace, "ask @mei.lin.")).toBe("ask <@U0MEILIN01|mei.lin>.");
  });

  test("without should_escape text arrives as typed", async () => {
    on.workspace.escapeCommands = false;
    await act({ ...command, text: "@sofia & co" });
    expect(sent).toMatchObject([{ text: "@sofia & co" }]);
  });

  test("an answer in the channel is for everybody", async () => {
    answer = { response_type: "in_channel", text: "hello all" };
    expect(await act(command)).toMatchObject({ says: "hello all", shown: [] });
    expect(on.workspace.channels.get(REQUESTS)?.messages).toMatchObject([{ text: "hello all" }]);
  });
});
