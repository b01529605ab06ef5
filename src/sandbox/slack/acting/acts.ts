import { z } from "zod";

/** Names an element: by ids, or by the words a person reads on or over it. */
const named = {
  action_id: z.string().optional(),
  block_id: z.string().optional(),
  label: z.string().optional(),
};

/** Where the element stands: a message, or a view (`top` of the person's modals unless named, `home`, or an id). */
const place = {
  channel: z.string().optional(),
  ts: z.string().optional(),
  view: z.string().optional(),
};

const severalWords = z.union([z.string(), z.array(z.string())]);

/** Types a slash command in a channel the person is in. */
const Command = z.strictObject({
  do: z.literal("command"),
  channel: z.string(),
  command: z.string().startsWith("/"),
  text: z.string().default(""),
});

/** Presses a button; one that asks "are you sure?" is only pressed with `confirm: true`. */
const Press = z.strictObject({ do: z.literal("press"), ...place, ...named, confirm: z.boolean().optional() });

/** Types into a select that loads its options from the app, and looks at what comes. */
const Suggest = z.strictObject({ do: z.literal("suggest"), ...place, ...named, query: z.string() });

/**
 * Chooses in a menu, checkboxes, radio buttons or a picker: options by `value` or by the `text` on them.
 *
 * Menus for several take several. A select that loads its options takes one of those seen last, or asks for `query`
 * (the value or text itself, if not given). Nothing at all (`value: []`) clears the choice.
 */
const Choose = z.strictObject({
  do: z.literal("choose"),
  ...place,
  ...named,
  value: severalWords.optional(),
  text: severalWords.optional(),
  query: z.string().optional(),
  confirm: z.boolean().optional(),
});

/** Types into a text field, replacing what was there; `enter` presses Enter after it. */
const Type = z.strictObject({
  do: z.literal("type"),
  ...place,
  ...named,
  text: z.string(),
  enter: z.boolean().default(false),
});

/** Presses the submit button of the topmost modal. */
const Submit = z.strictObject({ do: z.literal("submit") });

/** Closes the topmost modal, or all of them by its ×. */
const Close = z.strictObject({ do: z.literal("close"), all: z.boolean().default(false) });

/** Runs a global shortcut. */
const Shortcut = z.strictObject({ do: z.literal("shortcut"), callback_id: z.string() });

/** Runs a shortcut on a message. */
const MessageShortcut = z.strictObject({
  do: z.literal("messageShortcut"),
  callback_id: z.string(),
  channel: z.string(),
  ts: z.string(),
});

/** Opens the app's Home tab. */
const OpenHome = z.strictObject({ do: z.literal("openHome") });

/** Writes a message; the app is not told. */
const Say = z.strictObject({
  do: z.literal("say"),
  channel: z.string(),
  text: z.string().min(1),
  thread_ts: z.string().optional(),
});

/** What a person does. */
export const Act = z.discriminatedUnion("do", [
  Command,
  Press,
  Suggest,
  Choose,
  Type,
  Submit,
  Close,
  Shortcut,
  MessageShortcut,
  OpenHome,
  Say,
]);
export type Act = z.infer<typeof Act>;
/** An act as it is written down, defaults left out. */
export type ActInput = z.input<typeof Act>;
export type ActOf<Do extends Act["do"]> = Extract<Act, { do: Do }>;
