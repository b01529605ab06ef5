import { describe, expect, test } from "vitest";

import { ANSI, widthOf } from "../../../src/sandbox/slack/reading/paint.ts";
import { dateToText } from "../../../src/sandbox/slack/reading/dates.ts";
import { messageToText, type TextOptions } from "../../../src/sandbox/slack/reading/message-to-text.ts";
import { mrkdwnToText } from "../../../src/sandbox/slack/reading/mrkdwn.ts";
import { readerOf } from "../../../src/sandbox/slack/reading/reader.ts";
import { seenMessage } from "../../../src/sandbox/slack/reading/seen-message.ts";
import { seenView } from "../../../src/sandbox/slack/reading/seen-view.ts";
import { viewToText } from "../../../src/sandbox/slack/reading/view-to-text.ts";
import { topView } from "../../../src/sandbox/slack/views.ts";
import { button, mrkdwn, option, plain, type Block } from "./block-limits.ts";
import { calling, MEI, modal, REQUESTS } from "./calling.ts";

const NOON = Date.UTC(2026, 10, 30, 12) / 1_000;

function written(blocks: readonly Block[], options: TextOptions = {}): string {
  const { call, workspace } = calling();
  const answer = call("chat.postMessage", { channel: REQUESTS, text: "fallback", blocks });
  expect(answer).toMatchObject({ ok: true });
  const [message] = workspace.channels.get(REQUESTS)?.messages ?? [];
  return messageToText(seenMessage(workspace, message!), workspace, options);
}

/** What stands under the line with name and time. */
const body = (...blocks: readonly Block[]): string => written(blocks).split("\n").slice(1).join("\n");

const section = (words: string, more: Block = {}): Block => ({ type: "section", text: mrkdwn(words), ...more });

describe("a card", () => {
  test("reads as a person would read it", () => {
    const card = [
      { type: "header", text: plain("P-118 · orders-prod → shared-data") },
      section("*Waiting for a decision · 1 of 2 votes*"),
      {
        type: "section",
        fields: [
          mrkdwn("*From*\n`192.168.0.0/16` Qingdao"),
          mrkdwn("*To*\n`172.16.0.0/16` Beijing"),
          mrkdwn("*Bandwidth*\n2 Mbit/s (`Mini.2`)"),
          mrkdwn(`*Keep until*\n<!date^${NOON}^{date_short}|30 Nov>`),
        ],
      },
      section("*Why* orders reads the ledger &amp; more <https://a.example/OPS-1412|OPS-1412>"),
      { type: "divider" },
      {
        type: "table",
        rows: [
          [cell("path"), cell("test"), cell("result")],
          [cell("orders-1 → ledger-1"), cell("ping × 10"), cell("10 back; 11.9 / 12.4 / 14.0 ms")],
          [cell("ledger-1 → orders-1"), cell("TCP 8080"), cell("refused: path works, nothing listens")],
        ],
      },
      {
        type: "actions",
        elements: [
          button({ text: plain("Approve plan 7f3a"), style: "primary" }),
          button({ text: plain("Reject…"), action_id: "reject" }),
          {
            type: "overflow",
            action_id: "more",
            options: [option({ text: plain("Edit") }), option({ text: plain("Withdraw") })],
          },
        ],
      },
      { type: "context", elements: [mrkdwn("asked by <@U0MEILIN01>"), mrkdwn("<!subteam^S0NETLEADS> may decide")] },
    ];
    expect(written(card)).toMatchInlineSnapshot(`
      "peer-vpcs  APP 10:00
      P-118 · orders-prod → shared-data
      Waiting for a decision · 1 of 2 votes
      From                     To
      192.168.0.0/16 Qingdao   172.16.0.0/16 Beijing
      Bandwidth                Keep until
      2 Mbit/s (Mini.2)        Nov 30, 2026
      Why orders reads the ledger & more OPS-1412 (https://a.example/OPS-1412)
      ────────────────────────────────────────
      path                │ test      │ result
      ────────────────────┼───────────┼─────────────────────────────────────
      orders-1 → ledger-1 │ ping × 10 │ 10 back; 11.9 / 12.4 / 14.0 ms
      ledger-1 → orders-1 │ TCP 8080  │ refused: path works, nothing listens
      [Approve plan 7f3a]  [Reject…]  [⋯ Edit │ Withdraw]
      asked by @Mei Lin  @network-leads may decide"
    `);
  });

  test("reads in the reader's own time, with colours where there are some", () => {
    const blocks = [section(`*Done* \`ri-1\` <!date^${NOON}^{time}|noon>`), { type: "actions", elements: [button()] }];
    expect(written(blocks, { tz: "Asia/Kolkata", paint: ANSI })).toBe(
      "\u001B[1mpeer-vpcs\u001B[22m  \u001B[2mAPP 15:30\u001B[22m\n" +
        "\u001B[1mDone\u001B[22m \u001B[36mri-1\u001B[39m 17:30\n" +
        "\u001B[7m[Go]\u001B[27m",
    );
  });
});

describe("a thread", () => {
  test("stands indented under its root, with marks, files, attachments and reactions", () => {
    const { call, workspace } = calling();
    const { ts } = call("chat.postMessage", { channel: REQUESTS, text: "*Root*" });
    call("chat.postMessage", { channel: REQUESTS, text: "10:58:03 CreateRouterInterface\nsecond line", thread_ts: ts });
    const attachments = [
      { color: "#a30200", pretext: "*Before*", text: "Drop rule wins", blocks: [section("in blocks")] },
    ];
    call("chat.postMessage", { channel: REQUESTS, thread_ts: ts, attachments });
    call("chat.update", { channel: REQUESTS, ts, text: "*Root*, edited" });
    call("reactions.add", { channel: REQUESTS, timestamp: ts, name: "white_check_mark" });
    const [root] = workspace.channels.get(REQUESTS)?.messages ?? [];
    expect(messageToText(seenMessage(workspace, root!), workspace)).toMatchInlineSnapshot(`
      "peer-vpcs  APP 10:00 (edited)
      Root, edited
      ✅ 1
        │
        │ peer-vpcs  APP 10:00
        │ 10:58:03 CreateRouterInterface
        │ second line
        │
        │ peer-vpcs  APP 10:00
        │ ▌ Before
        │ ▌ Drop rule wins
        │ ▌ in blocks"
    `);
  });

  test("a message with blocks shows those and not its text", () => {
    expect(written([section("blocks")])).not.toContain("fallback");
  });

  test("an attachment with nothing else shows its fallback", () => {
    const { call, workspace } = calling();
    call("chat.postMessage", { channel: REQUESTS, attachments: [{ fallback: "plain words" }] });
    const [message] = workspace.channels.get(REQUESTS)?.messages ?? [];
    expect(messageToText(seenMessage(workspace, message!), workspace)).toContain("▌ plain words");
  });
});

describe("each kind of block", () => {
  test("section with something beside it", () => {
    expect(body(section("Ports\nmore", { accessory: button() }))).toBe("Ports  [Go]\nmore");
    const image = { type: "image", image_url: "https://a.example/a.png", alt_text: "map" };
    expect(body(section("Map", { accessory: image }))).toBe("Map  (image: map)");
  });

  test("menus, pickers, checkboxes and radio buttons with what they hold", () => {
    const options = [
      option({ text: plain("One"), value: "1" }),
      option({ text: plain("Two"), value: "2", description: plain("best") }),
    ];
    expect(
      body({
        type: "actions",
        elements: [
          { type: "static_select", action_id: "a", options, placeholder: plain("Pick") },
          { type: "static_select", action_id: "b", options, initial_option: options[1] },
          { type: "datepicker", action_id: "c", initial_date: "2026-11-30" },
          { type: "checkboxes", action_id: "d", options, initial_options: [options[1]] },
          { type: "radio_buttons", action_id: "e", options },
        ],
      }),
    ).toBe("[Pick ▾]  [Choose ▾]  […]  [ ] One  [ ] Two  best  ( ) One  ( ) Two  best");
  });

  test("rich text", () => {
    expect(
      body({
        type: "rich_text",
        elements: [
          sectionOf(
            text("by "),
            { type: "user", user_id: "U0SOFIA001" },
            text(" in "),
            { type: "channel", channel_id: "C0RANDOM01" },
            text(" for "),
            { type: "usergroup", usergroup_id: "S0DATALEAD" },
            text(" at "),
            { type: "date", timestamp: NOON, format: "{date_num} {time_secs}", fallback: "x" },
            text(" "),
            { type: "emoji", name: "warning" },
            { type: "broadcast", range: "here" },
            { type: "link", url: "https://a.example", text: "link" },
            { type: "link", url: "https://b.example" },
          ),
          {
            type: "rich_text_list",
            style: "ordered",
            offset: 2,
            elements: [sectionOf(text("third", { bold: true })), sectionOf(text("fourth"))],
          },
          {
            type: "rich_text_list",
            style: "bullet",
            indent: 1,
            elements: [sectionOf(text("inner", { strike: true }))],
          },
          { type: "rich_text_quote", elements: [text("quoted")] },
          { type: "rich_text_preformatted", elements: [text("code\nmore", { code: true })] },
        ],
      }),
    ).toMatchInlineSnapshot(`
      "by @Sofia Marti in #random for @data-leads at 2026-11-30 12:00:00 ⚠️@herelink (https://a.example)https://b.example
      3. third
      4. fourth
        • inner
      │ quoted
          code
          more"
    `);
  });

  test("tables with numbers and rich text, columns in line", () => {
    const rich = {
      type: "rich_text",
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "北京" }] }],
    };
    const rows = [
      [cell("region"), cell("n")],
      [rich, { type: "raw_number", value: 7 }],
      [cell("cn-qingdao"), cell("200")],
    ];
    expect(body({ type: "data_table", caption: "Regions", rows })).toBe(
      ["Regions", "region     │ n", "───────────┼────", "北京       │ 7", "cn-qingdao │ 200"].join("\n"),
    );
  });

  test("images, video, cards, containers, plans and the rest", () => {
    expect(body({ type: "image", image_url: "https://a.example/a.png", alt_text: "map", title: plain("Map") })).toBe(
      "Map\n(image: map)",
    );
    const video = {
      type: "video",
      alt_text: "x",
      title: plain("Tour"),
      thumbnail_url: "https://a.example",
      video_url: "https://a.example",
    };
    expect(body(video)).toBe("(video: Tour)");
    const card = { type: "card", title: mrkdwn("*P-1*"), body: plain("done"), actions: [button()] };
    expect(body(card)).toBe("P-1\ndone\n[Go]");
    expect(body({ type: "carousel", elements: [card, card] })).toBe("P-1\ndone\n[Go]\nP-1\ndone\n[Go]");
    expect(
      body({ type: "container", title: plain("More"), subtitle: plain("sub"), child_blocks: [section("in it")] }),
    ).toBe("More\nsub\n  in it");
    const tasks = ["pending", "in_progress", "complete", "error"].map((status) => ({
      task_id: status,
      title: status,
      status,
    }));
    expect(body({ type: "plan", title: "Run", tasks })).toBe("Run\n○ pending\n◐ in_progress\n● complete\n✖ error");
    expect(body({ type: "task_card", task_id: "1", title: "Create", status: "complete" })).toBe("● Create");
    expect(body({ type: "markdown", text: "# Title\n- item" })).toBe("# Title\n- item");
    const trash = { type: "icon_button", icon: "trash", text: plain("Delete"), action_id: "d" };
    const vote = { text: plain("yes"), value: "1" };
    const feedback = { type: "feedback_buttons", action_id: "f", positive_button: vote, negative_button: vote };
    expect(body({ type: "context_actions", elements: [trash, feedback] })).toBe("[Delete]  [👍] [👎]");
  });
});

describe("mrkdwn", () => {
  const reader = readerOf(calling().workspace);
  test.each([
    ["*bold* _italic_ ~struck~", "bold italic struck"],
    ["2*3*4 and snake_case_name", "2*3*4 and snake_case_name"],
    ["`*not bold* <@U0MEILIN01>`", "*not bold* <@U0MEILIN01>"],
    ["```\na &lt; b\n```", "a < b\n"],
    ["<@U0MEILIN01> <@U0MEILIN01|mei> <@U0NOBODY00>", "@Mei Lin @Mei Lin @U0NOBODY00"],
    ["<#C0RANDOM01> <#C0RANDOM01|random>", "#random #random"],
    ["<!here> <!subteam^S0NETLEADS|@network-leads>", "@here @network-leads"],
    ["<mailto:a@b.c|a@b.c> <https://a.example>", "a@b.c https://a.example"],
    ["&lt;@U0MEILIN01&gt; &amp;amp;", "<@U0MEILIN01> &amp;"],
    ["&gt; quoted\nnot", "│ quoted\nnot"],
    [":white_check_mark: :unknown_one: 10:58:03", "✅ :unknown_one: 10:58:03"],
    [`<!date^${NOON}^{date} at {time}|x>`, "November 30th, 2026 at 12:00"],
  ])("%j reads %j", (raw, read) => {
    expect(mrkdwnToText(raw, reader)).toBe(read);
  });

  test.each([
    ["{date_num}", "2026-11-30"],
    ["{date_short}", "Nov 30, 2026"],
    ["{date_long}", "Monday, November 30th, 2026"],
    ["{date_short_pretty} {time_secs}", "Nov 30, 2026 12:00:00"],
    ["{nonsense}", "{nonsense}"],
  ])("the date %s reads %s", (format, read) => {
    expect(dateToText(NOON, format, "UTC")).toBe(read);
  });

  test("days of the month have their endings", () => {
    const days = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23].map((day) =>
      dateToText(Date.UTC(2026, 0, day) / 1_000, "{date}", "UTC"),
    );
    expect(days.map((day) => day.split(" ")[1])).toEqual(
      "1st, 2nd, 3rd, 4th, 11th, 12th, 13th, 21st, 22nd, 23rd,".split(" "),
    );
  });

  test("widths count what a terminal shows", () => {
    expect([widthOf("abc"), widthOf("北京"), widthOf("✅"), widthOf("\u001B[1mab\u001B[22m")]).toEqual([3, 4, 2, 2]);
  });
});

test("a form reads with its values, hints, marks and errors", () => {
  const on = calling();
  const options = [option({ text: plain("ICMP"), value: "icmp" }), option({ text: plain("TCP"), value: "tcp" })];
  const blocks = [
    { type: "alert", level: "warning", text: mrkdwn("*172.16.0.0/12* is on both sides") },
    input(
      "VPC",
      { type: "external_select", initial_option: option({ text: plain("orders-prod") }) },
      { hint: plain("Name or CIDR") },
    ),
    input("Allow", { type: "checkboxes", options, initial_options: [options[0]] }),
    input("Lead", { type: "users_select", initial_user: "U0SOFIA001" }),
    input("Where", { type: "conversations_select", initial_conversation: REQUESTS }),
    input("Until", { type: "datetimepicker", initial_date_time: NOON }, { optional: true }),
    input("Reason", { type: "plain_text_input", placeholder: plain("Why?"), initial_value: "" }, { optional: true }),
  ];
  on.call("views.open", {
    trigger_id: on.trigger(),
    view: modal({ blocks, submit: plain("Request"), close: plain("Cancel") }),
  });
  const view = topView(on.workspace, MEI)!;
  view.errors = { VPC: "Used on both sides." };
  expect(viewToText(seenView(view), on.workspace)).toMatchInlineSnapshot(`
    "┌ Peer two VPCs
    │ ⚠️ 172.16.0.0/12 is on both sides
    │ VPC
    │ [orders-prod ▾]
    │ Name or CIDR
    │ ❌ Used on both sides.
    │ Allow
    │ [x] ICMP
    │ [ ] TCP
    │ Lead
    │ [@Sofia Marti ▾]
    │ Where
    │ [#network-requests ▾]
    │ Until (optional)
    │ [2026-11-30 12:00]
    │ Reason (optional)
    │ [Why?]
    └ [Cancel]  [Request]"
  `);
});

function cell(words: string): Block {
  return { type: "raw_text", text: words };
}

function text(words: string, style?: Block): Block {
  return { type: "text", text: words, ...(style === undefined ? {} : { style }) };
}

function sectionOf(...elements: readonly Block[]): Block {
  return { type: "rich_text_section", elements };
}

function input(id: string, element: Block, more: Block = {}): Block {
  return { type: "input", block_id: id, label: plain(id), element: { action_id: "it", ...element }, ...more };
}
