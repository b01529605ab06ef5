import type { types } from "@slack/bolt";
import { assert, constant, constantFrom, integer, property, tuple, type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";

import { checkBlocks, SURFACES } from "../../../src/sandbox/slack/block-kit/check-blocks.ts";
import { checkView } from "../../../src/sandbox/slack/block-kit/check-view.ts";
import type { Complaint, Surface } from "../../../src/sandbox/slack/block-kit/rules.ts";
import { DIALS_DEFAULT, type Dials } from "../../../src/sandbox/slack/dials.ts";
import pythonSdkVerdicts from "./python-sdk-verdicts.json" with { type: "json" };
import { button, LIMITS, many, mrkdwn, option, plain, words, type Block } from "./block-limits.ts";

function check(blocks: unknown, surface: Surface = "message", dials: Dials = DIALS_DEFAULT): readonly Complaint[] {
  return checkBlocks(blocks, { pointer: "/blocks", surface, dials });
}

describe("limits", () => {
  test.each(LIMITS)("$name: $most is taken", ({ most, build, surface }) => {
    expect(check([build(most)], surface)).toEqual([]);
  });

  test.each(LIMITS)("$name: one more than $most is refused, and the pointer says where", (limit) => {
    const [complaint] = check([limit.build(limit.most + 1)], limit.surface);
    expect(complaint?.pointer).toBe(`/blocks/0${limit.pointer}`);
  });

  test("sentences are Slack's own where they are known", () => {
    expect(check([{ type: "section", text: mrkdwn(words(3_001)) }])).toEqual([
      { pointer: "/blocks/0/text/text", why: "must be less than 3001 characters" },
    ]);
    expect(check([{ type: "section", text: mrkdwn("") }])).toEqual([
      { pointer: "/blocks/0/text/text", why: "must be more than 0 characters" },
    ]);
    expect(check([{ type: "header" }])).toEqual([{ pointer: "/blocks/0", why: "missing required field: text" }]);
    expect(check([{ type: "sektion" }])).toEqual([{ pointer: "/blocks/0/type", why: "unsupported type: sektion" }]);
    expect(check([{ type: "divider", colour: "red" }])).toEqual([
      { pointer: "/blocks/0", why: "invalid additional property: colour" },
    ]);
  });

  test("a message takes 50 blocks, a modal and a Home tab 100", () => {
    expect(check(dividers(50))).toEqual([]);
    expect(check(dividers(51))).toEqual([{ pointer: "/blocks", why: "no more than 50 items allowed" }]);
    for (const surface of ["modal", "home"] as const) {
      expect(check(dividers(100), surface)).toEqual([]);
      expect(check(dividers(101), surface)).toHaveLength(1);
    }
  });

  test("characters are counted, not UTF-16 units", () => {
    expect(check([{ type: "header", text: plain("🟢".repeat(150)) }])).toEqual([]);
    expect(check([{ type: "header", text: plain("🟢".repeat(151)) }])).toHaveLength(1);
  });

  test("markdown is summed over a message", () => {
    const markdown = { type: "markdown", text: words(6_000) };
    expect(check([markdown, markdown])).toEqual([]);
    expect(check([markdown, markdown, { type: "markdown", text: "x" }])).toHaveLength(1);
  });

  test("the longest option value and the number of card buttons follow the chosen answer", () => {
    const long = [{ type: "actions", elements: [{ type: "static_select", options: [option({ value: words(76) })] }] }];
    expect(check(long)).toEqual([]);
    expect(check(long, "message", { ...DIALS_DEFAULT, optionValueMax: 75 })).toHaveLength(1);
    const card = [{ type: "card", actions: many(3, (index) => button({ action_id: `go${index}` })) }];
    expect(check(card)).toHaveLength(1);
    expect(check(card, "message", { ...DIALS_DEFAULT, cardActionsMax: 3 })).toEqual([]);
  });
});

describe("what belongs together", () => {
  test("two blocks cannot have one id", () => {
    const twice = { type: "divider", block_id: "d" };
    expect(check([twice, twice])).toEqual([{ pointer: "/blocks/1/block_id", why: "block_id `d` already exists" }]);
  });

  test("two elements of a block cannot have one action_id, those of two blocks can", () => {
    const actions = { type: "actions", elements: [button(), button()] };
    expect(check([actions])[0]?.pointer).toBe("/blocks/0/elements/1/action_id");
    expect(
      check([
        { type: "actions", elements: [button()] },
        { type: "actions", elements: [button()] },
      ]),
    ).toEqual([]);
  });

  test("a message has one table, whichever kind", () => {
    const table = { type: "table", rows: [[{ type: "raw_text", text: "x" }]] };
    const dataTable = { type: "data_table", caption: "x", rows: [table.rows[0], table.rows[0]] };
    expect(check([table])).toEqual([]);
    expect(check([table, dataTable])).toEqual([{ pointer: "/blocks/1", why: "only_one_table_allowed" }]);
  });

  test("a message has one plan", () => {
    const plan = { type: "plan", title: "Run", tasks: [{ task_id: "1", title: "Create", status: "complete" }] };
    expect(check([plan])).toEqual([]);
    expect(check([plan, plan])).toHaveLength(1);
  });

  test("one element takes the focus", () => {
    const focused = { type: "input", label: plain(), element: { type: "plain_text_input", focus_on_load: true } };
    expect(check([focused], "modal")).toEqual([]);
    expect(check([focused, focused], "modal")).toHaveLength(1);
  });

  test("a menu has options or groups of them, not both and not neither", () => {
    const groups = [{ label: plain(), options: [option()] }];
    expect(menu({ options: [option()] })).toEqual([]);
    expect(menu({ option_groups: groups })).toEqual([]);
    expect(menu({ options: [option()], option_groups: groups })).toHaveLength(1);
    expect(menu({})).toHaveLength(1);
  });

  test("a section says something, and an image comes from one place", () => {
    expect(check([{ type: "section" }])).toHaveLength(1);
    expect(check([{ type: "image", alt_text: "x" }])).toHaveLength(1);
    const both = { type: "image", alt_text: "x", image_url: "https://a.example", slack_file: { id: "F1" } };
    expect(check([both])).toHaveLength(1);
    expect(check([{ type: "image", alt_text: "x", slack_file: { id: "F1", url: "https://a.example" } }])).toHaveLength(
      1,
    );
  });

  test("a number input says whether it takes decimals", () => {
    expect(numberInput({ is_decimal_allowed: false })).toEqual([]);
    expect(numberInput({})).toHaveLength(1);
    expect(numberInput({ is_decimal_allowed: false, min_value: 5 })[0]?.why).toBe("must provide a string");
  });

  test("elements stand only where Slack shows them", () => {
    const text = { type: "plain_text_input", action_id: "t" };
    expect(check([{ type: "actions", elements: [text] }])[0]?.why).toBe("unsupported type: plain_text_input");
    expect(check([{ type: "input", label: plain(), element: button() }])[0]?.why).toBe("unsupported type: button");
    const dateTime = { type: "datetimepicker", action_id: "d" };
    expect(check([{ type: "section", text: mrkdwn(), accessory: dateTime }])).toHaveLength(1);
    expect(check([{ type: "actions", elements: [dateTime] }])).toEqual([]);
  });

  test("a container does not hold containers", () => {
    const inner = { type: "container", title: plain(), child_blocks: [{ type: "divider" }] };
    expect(check([inner])).toEqual([]);
    expect(check([{ ...inner, child_blocks: [inner] }])[0]?.why).toBe("unsupported type: container");
    expect(check([{ ...inner, default_collapsed: true }])).toHaveLength(1);
    expect(check([{ ...inner, default_collapsed: true, is_collapsible: true }])).toEqual([]);
  });
});

describe("surfaces", () => {
  test("an alert is for modals, a table for messages and Home tabs, a file input for modals", () => {
    const alert = [{ type: "alert", text: plain("These networks overlap") }];
    expect(check(alert, "modal")).toEqual([]);
    for (const surface of ["message", "home"] as const) {
      expect(check(alert, surface)).toEqual([{ pointer: "/blocks/0/type", why: "unsupported type: alert" }]);
    }
    const table = [{ type: "table", rows: [[{ type: "raw_text", text: "x" }]] }];
    expect(check(table, "modal")).toHaveLength(1);
    expect(check(table, "home")).toEqual([]);
    const file = [{ type: "input", label: plain(), element: { type: "file_input" } }];
    expect(check(file, "modal")).toEqual([]);
    expect(check(file, "message")).toEqual([{ pointer: "/blocks/0/element", why: "unsupported type: file_input" }]);
  });

  test("every block type has surfaces, and none is taken elsewhere", () => {
    for (const [type, surfaces] of Object.entries(SURFACES)) {
      for (const surface of ["message", "modal", "home"] as const) {
        const isRefused = check([{ type }], surface).some(({ why }) => why === `unsupported type: ${type}`);
        expect([type, surface, isRefused]).toEqual([type, surface, !surfaces.includes(surface)]);
      }
    }
  });
});

describe("views", () => {
  test.each([
    ["title", 24, "/view/title/text", (n: number) => ({ title: plain(words(n)) })],
    ["submit", 24, "/view/submit/text", (n: number) => ({ submit: plain(words(n)) })],
    ["close", 24, "/view/close/text", (n: number) => ({ close: plain(words(n)) })],
    ["private_metadata", 3_000, "/view/private_metadata", (n: number) => ({ private_metadata: words(n) })],
    ["callback_id", 255, "/view/callback_id", (n: number) => ({ callback_id: words(n) })],
    ["external_id", 255, "/view/external_id", (n: number) => ({ external_id: words(n) })],
  ] as const)("%s: %i characters are taken, one more is refused", (_, most, pointer, build) => {
    expect(checked(view(build(most)))).toEqual([]);
    expect(checked(view(build(most + 1)))).toEqual([{ pointer, why: `must be less than ${most + 1} characters` }]);
  });

  test("a form needs a submit button", () => {
    const blocks = [{ type: "input", label: plain(), element: { type: "plain_text_input" } }];
    expect(checked(view({ blocks }))).toEqual([{ pointer: "/view", why: "missing required field: submit" }]);
    expect(checked(view({ blocks, submit: plain("Send") }))).toEqual([]);
  });

  test("a Home tab has no title, and may be empty", () => {
    expect(checked({ type: "home", blocks: [] }, "home")).toEqual([]);
    expect(checked({ type: "home", blocks: [], title: plain() }, "home")).toHaveLength(1);
    expect(checked({ type: "home", blocks: [] })).not.toEqual([]);
  });

  test("a view may be sent back as Slack gave it, with nulls for what is not there", () => {
    expect(checked(view({ submit: null, close: null }))).toEqual([]);
  });
});

describe("other people's opinions", () => {
  /** Limits that the Python SDK does not look at, though its own documentation links name them, or does not know. */
  const NOT_CHECKED_THERE = {
    "it looks at blocks and their elements, not into the objects inside": [
      "field text",
      "group label",
      "option text",
      "option value",
      "option description",
      "options in a group",
    ],
    "it leaves these to Slack": [
      "alert",
      "card actions",
      "checkboxes",
      "radio buttons",
      "table cells",
      "table characters",
      "table rows",
      "text input length",
    ],
    "it does not know the block": ["data table rows"],
  };

  test("what Slack's Python SDK takes or refuses, so do the checks, but for what it does not look at", () => {
    // Recorded: LIMITS as JSON, each parsed with `Block.parse` and validated with `validate_json` of slack_sdk 3.47.0.
    const unlooked = Object.values(NOT_CHECKED_THERE).flat();
    const differing = LIMITS.filter(({ name, most, build, surface }) => {
      const takes = (size: number): string => (check([build(size)], surface).length === 0 ? "takes" : "refuses");
      const theirs: Readonly<Record<string, { most: string; over: string }>> = pythonSdkVerdicts;
      return takes(most) !== theirs[name]?.most || takes(most + 1) !== theirs[name]?.over;
    });
    expect(differing.map(({ name }) => name).toSorted()).toEqual(unlooked.toSorted());
  });

  test("a size is taken if and only if it is within the limit", () => {
    const cases = constantFrom(...LIMITS).chain((limit) => tuple(constant(limit), sizesAround(limit.most)));
    assert(
      property(cases, ([{ build, most, surface }, size]) => {
        expect(check([build(size)], surface).length === 0).toBe(size <= most);
      }),
      { numRuns: 300, seed: 20_261_123 },
    );
  });
});

function sizesAround(most: number): Arbitrary<number> {
  return integer({ min: Math.max(2, Math.ceil(most * 0.8)), max: Math.ceil(most * 1.2) + 1 });
}

describe("what the SDK's types call a block", () => {
  const samples: readonly types.KnownBlock[] = [
    { type: "header", text: { type: "plain_text", text: "Peering", emoji: true } },
    {
      type: "section",
      text: { type: "mrkdwn", text: "*Opens* TCP 5432", verbatim: true },
      fields: [{ type: "mrkdwn", text: "*From*\norders-prod" }],
      accessory: {
        type: "overflow",
        action_id: "more",
        options: [{ text: { type: "plain_text", text: "Edit" }, value: "e" }],
      },
    },
    { type: "context", elements: [{ type: "mrkdwn", text: "asked by <@U0MEILIN01>" }] },
    {
      type: "actions",
      elements: [
        {
          type: "button",
          action_id: "a",
          text: { type: "plain_text", text: "Approve" },
          style: "primary",
          value: "7f3a",
        },
        { type: "datepicker", action_id: "d", initial_date: "2026-11-30" },
        { type: "external_select", action_id: "e", min_query_length: 0 },
      ],
    },
    {
      type: "rich_text",
      elements: [
        { type: "rich_text_section", elements: [{ type: "text", text: "Request", style: { code: true } }] },
        {
          type: "rich_text_list",
          style: "bullet",
          elements: [{ type: "rich_text_section", elements: [{ type: "user", user_id: "U0MEILIN01" }] }],
        },
      ],
    },
    {
      type: "table",
      rows: [[{ type: "raw_text", text: "path" }]],
      column_settings: [{ align: "left", is_wrapped: true }],
    },
    { type: "divider" },
  ];

  test("passes the checks for messages", () => {
    expect(check(samples)).toEqual([]);
  });

  test("passes the checks for modals", () => {
    const modal: types.ModalView = {
      type: "modal",
      title: { type: "plain_text", text: "Peer two VPCs" },
      submit: { type: "plain_text", text: "Request" },
      blocks: [
        { type: "alert", text: { type: "mrkdwn", text: "Overlap" }, level: "warning" },
        {
          type: "input",
          block_id: "vpc",
          label: { type: "plain_text", text: "First VPC" },
          dispatch_action: true,
          element: { type: "external_select", action_id: "vpc", min_query_length: 0 },
        },
      ],
    };
    expect(checkView(modal, "modal", DIALS_DEFAULT)).toEqual([]);
  });
});

function dividers(size: number): readonly Block[] {
  return many(size, () => ({ type: "divider" }));
}

function menu(more: Block): readonly Complaint[] {
  return check([{ type: "actions", elements: [{ type: "static_select", ...more }] }]);
}

function numberInput(more: Block): readonly Complaint[] {
  return check([{ type: "input", label: plain(), element: { type: "number_input", ...more } }], "modal");
}

function view(more: Block = {}): Block {
  return { type: "modal", title: plain("T"), blocks: [{ type: "divider" }], ...more };
}

function checked(one: unknown, kind: "modal" | "home" = "modal"): readonly Complaint[] {
  return checkView(one, kind, DIALS_DEFAULT);
}
