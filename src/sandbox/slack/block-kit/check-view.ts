import { checkBlocks } from "./check-blocks.ts";
import { complain, flag, must, object, oneOf, string, type Complaint, type Place } from "./rules.ts";
import { plainText } from "./texts.ts";
import type { Dials } from "../dials.ts";
import { isJsonObject } from "../json.ts";

/** A view may take 250 KB as JSON: https://docs.slack.dev/reference/methods/views.open (`view_too_large`). */
export const VIEW_BYTES_MAX = 250 * 1_024;

const common = {
  blocks: must(checkBlocks),
  private_metadata: string({ min: 0, max: 3_000 }),
  callback_id: string({ min: 0, max: 255 }),
  external_id: string({ min: 0, max: 255 }),
};

const modal = object(
  {
    type: must(oneOf("modal")),
    title: must(plainText(24)),
    close: plainText(24),
    submit: plainText(24),
    clear_on_close: flag,
    notify_on_close: flag,
    submit_disabled: flag,
    ...common,
  },
  (view, at) => {
    const blocks = Array.isArray(view["blocks"]) ? view["blocks"] : [];
    const asks = blocks.some((block) => isJsonObject(block) && block["type"] === "input");
    return asks && view["submit"] === undefined ? complain(at, "missing required field: submit") : [];
  },
);

const home = object({ type: must(oneOf("home")), ...common });

/** Everything that Slack would refuse in a view of this kind; empty when it takes it. Limits: https://docs.slack.dev/reference/views */
export function checkView(view: unknown, kind: "modal" | "home", dials: Dials): readonly Complaint[] {
  const at: Place = { pointer: "/view", surface: kind, dials };
  // Slack's own views say null for what is not there, and apps send them back.
  const withoutNulls = isJsonObject(view)
    ? Object.fromEntries(Object.entries(view).filter(([, value]) => value !== null))
    : view;
  return (kind === "modal" ? modal : home)(withoutNulls, at);
}
