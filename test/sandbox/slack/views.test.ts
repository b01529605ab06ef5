import { describe, expect, test } from "vitest";

import { TRIGGER_TTL_MS } from "../../../src/sandbox/slack/triggers.ts";
import { valueKey } from "../../../src/sandbox/slack/view-state.ts";
import { calling, MEI, messagesOf, modal, type Calling } from "./calling.ts";

interface Opened {
  readonly id: string;
  readonly hash: string;
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
}

function viewIn(answer: unknown): Opened {
  return (answer as { readonly view: Opened }).view;
}

function opened(on: Calling, more: Readonly<Record<string, unknown>> = {}): Opened {
  return viewIn(on.call("views.open", { trigger_id: on.trigger(), view: modal(more) }));
}

const named = { type: "plain_text", text: "Name" };
const input = (blockId: string, actionId = "text") => ({
  type: "input",
  block_id: blockId,
  label: named,
  element: { type: "plain_text_input", action_id: actionId },
});

describe("triggers", () => {
  test("a trigger opens one view", () => {
    const on = calling();
    const trigger_id = on.trigger();
    expect(on.error("views.open", { trigger_id, view: modal() })).toBe("ok");
    expect(on.error("views.open", { trigger_id, view: modal() })).toBe("exchanged_trigger_id");
  });

  test("a trigger lasts three seconds", () => {
    const on = calling();
    const trigger_id = on.trigger();
    on.now += TRIGGER_TTL_MS - 1;
    expect(on.error("views.open", { trigger_id, view: modal() })).toBe("ok");
    const late = on.trigger();
    on.now += TRIGGER_TTL_MS;
    expect(on.error("views.open", { trigger_id: late, view: modal() })).toBe("expired_trigger_id");
  });

  test("a made-up trigger is invalid", () => {
    expect(calling().error("views.open", { trigger_id: "1.2.abc", view: modal() })).toBe("invalid_trigger_id");
  });

  test("a refused view does not cost the trigger", () => {
    const on = calling();
    const trigger_id = on.trigger();
    const answer = on.call("views.open", {
      trigger_id,
      view: modal({ title: { type: "plain_text", text: "x".repeat(25) } }),
    });
    expect(answer).toMatchObject({ ok: false, error: "invalid_arguments" });
    expect(messagesOf(answer)).toEqual(["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"]);
    expect(on.error("views.open", { trigger_id, view: modal() })).toBe("ok");
  });
});

describe("the modal stack", () => {
  test("three views stack up, a fourth is one too many", () => {
    const on = calling();
    const root = opened(on);
    const second = viewIn(on.call("views.push", { trigger_id: on.trigger(root.id), view: modal() }));
    const third = viewIn(on.call("views.push", { trigger_id: on.trigger(second.id), view: modal() }));
    expect(third).toMatchObject({ root_view_id: root.id, previous_view_id: second.id });
    expect(on.error("views.push", { trigger_id: on.trigger(third.id), view: modal() })).toBe("push_limit_reached");
  });

  test("only what was done in a modal can push", () => {
    const on = calling();
    expect(on.error("views.push", { trigger_id: on.trigger(), view: modal() })).toBe("invalid_trigger_id");
  });

  test("opening from inside a modal stacks, opening from elsewhere starts anew", () => {
    const on = calling();
    const root = opened(on);
    const stacked = viewIn(on.call("views.open", { trigger_id: on.trigger(root.id), view: modal() }));
    expect(stacked.root_view_id).toBe(root.id);
    const anew = opened(on);
    expect(anew.root_view_id).toBe(anew.id);
    expect(on.workspace.stacks.get(MEI)).toEqual([anew.id]);
  });

  test("an external id names one view", () => {
    const on = calling();
    const root = opened(on, { external_id: "draft-1" });
    const push = { trigger_id: on.trigger(root.id), view: modal({ external_id: "draft-1" }) };
    expect(on.error("views.push", push)).toBe("duplicate_external_id");
    expect(on.error("views.update", { external_id: "draft-1", view: modal() })).toBe("ok");
    expect(on.error("views.update", { external_id: "draft-1", view: modal() })).toBe("not_found");
  });

  test("a view of more than 250 KB is too large", () => {
    const on = calling();
    const blocks = Array.from({ length: 100 }, () => ({
      type: "section",
      text: { type: "mrkdwn", text: "x".repeat(3_000) },
    }));
    expect(on.error("views.open", { trigger_id: on.trigger(), view: modal({ blocks }) })).toBe("view_too_large");
  });

  test("a modal opens no Home tab, and the other way round", () => {
    const on = calling();
    const home = { type: "home", blocks: [] };
    expect(on.error("views.open", { trigger_id: on.trigger(), view: home })).toBe("invalid_arguments");
    expect(on.error("views.publish", { user_id: MEI, view: modal() })).toBe("invalid_arguments");
  });
});

describe("updating", () => {
  test("the hash of an older view is a conflict", () => {
    const on = calling();
    const first = opened(on);
    const second = viewIn(on.call("views.update", { view_id: first.id, hash: first.hash, view: modal() }));
    expect(second.hash).not.toBe(first.hash);
    expect(on.error("views.update", { view_id: first.id, hash: first.hash, view: modal() })).toBe("hash_conflict");
    expect(on.error("views.update", { view_id: first.id, hash: second.hash, view: modal() })).toBe("ok");
    expect(on.error("views.update", { view_id: first.id, view: modal() })).toBe("ok");
  });

  test("a closed view is not found", () => {
    expect(calling().error("views.update", { view_id: "V0000000009", view: modal() })).toBe("not_found");
  });

  test("what was typed survives where block, action and type stay, and only there", () => {
    const on = calling();
    const form = { submit: { type: "plain_text", text: "Send" }, blocks: [input("a"), input("b"), input("c")] };
    const { id } = opened(on, form);
    const view = on.workspace.views.get(id);
    for (const block of ["a", "b", "c"]) {
      view?.values.set(valueKey(block, "text"), { type: "plain_text_input", value: `typed ${block}` });
    }
    const other = { ...input("c"), element: { type: "number_input", action_id: "text", is_decimal_allowed: false } };
    const answer = on.call("views.update", {
      view_id: id,
      view: modal({ ...form, blocks: [input("a"), input("b", "renamed"), other] }),
    });
    expect(answer).toMatchObject({
      view: {
        state: {
          values: {
            a: { text: { type: "plain_text_input", value: "typed a" } },
            b: { renamed: { type: "plain_text_input", value: null } },
            c: { text: { type: "number_input", value: null } },
          },
        },
      },
    });
  });

  test("a person has one Home tab, which keeps its id", () => {
    const on = calling();
    const publish = (text: string, more: object = {}): unknown =>
      on.call("views.publish", {
        user_id: MEI,
        view: { type: "home", blocks: [{ type: "section", text: { type: "mrkdwn", text } }] },
        ...more,
      });
    const first = viewIn(publish("one"));
    const second = viewIn(publish("two", { hash: first.hash }));
    expect(second.id).toBe(first.id);
    expect(publish("three", { hash: first.hash })).toMatchObject({ error: "hash_conflict" });
    expect(on.error("views.publish", { user_id: "U0NOBODY00", view: { type: "home", blocks: [] } })).toBe(
      "user_not_found",
    );
  });

  test("ids that an app leaves out are given", () => {
    const on = calling();
    const blocks = [{ type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "Go" } }] }];
    expect(on.call("views.open", { trigger_id: on.trigger(), view: modal({ blocks }) })).toMatchObject({
      view: {
        blocks: [
          {
            block_id: expect.stringMatching(/^\w{5}$/),
            elements: [{ action_id: expect.stringMatching(/^\w{5}$/), text: { emoji: true } }],
          },
        ],
      },
    });
  });
});
