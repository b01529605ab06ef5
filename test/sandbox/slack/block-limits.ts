/** One limit of Block Kit: a builder, the most it takes, and where the complaint about one more points. */
export interface Limit {
  readonly name: string;
  readonly most: number;
  /** A single block that holds `size` of what is limited. */
  readonly build: (size: number) => Block;
  readonly pointer: string;
  readonly surface?: "message" | "modal";
}

export type Block = Readonly<Record<string, unknown>>;

export const plain = (text = "x"): Block => ({ type: "plain_text", text });
export const mrkdwn = (text = "x"): Block => ({ type: "mrkdwn", text });
export const button = (more: Block = {}): Block => ({ type: "button", action_id: "go", text: plain("Go"), ...more });
export const option = (more: Block = {}): Block => ({ text: plain("One"), value: "1", ...more });
const confirmation = (more: Block = {}): Block => ({
  title: plain("Sure?"),
  text: plain("It starts at once."),
  confirm: plain("Yes"),
  deny: plain("No"),
  ...more,
});
export const many = <Item>(size: number, make: (index: number) => Item): readonly Item[] =>
  Array.from({ length: size }, (_, index) => make(index));
export const words = (size: number): string => "x".repeat(size);

const section = (more: Block): Block => ({ type: "section", text: mrkdwn(), ...more });
const actions = (...elements: readonly Block[]): Block => ({ type: "actions", elements });
const input = (element: Block, more: Block = {}): Block => ({ type: "input", label: plain("Label"), element, ...more });
const select = (more: Block): Block => ({
  type: "static_select",
  action_id: "s",
  placeholder: plain("Choose"),
  ...more,
});
const textInput = (more: Block = {}): Block => ({ type: "plain_text_input", action_id: "t", ...more });
const image = (more: Block): Block => ({ type: "image", image_url: "https://a.example/a.png", alt_text: "x", ...more });
const cell = (text = "x"): Block => ({ type: "raw_text", text });

/** Limits as https://docs.slack.dev/reference/block-kit has them, block by block. */
export const LIMITS: readonly Limit[] = [
  { name: "section text", most: 3_000, build: (n) => section({ text: mrkdwn(words(n)) }), pointer: "/text/text" },
  {
    name: "section fields",
    most: 10,
    build: (n) => ({ type: "section", fields: many(n, () => mrkdwn()) }),
    pointer: "/fields",
  },
  {
    name: "field text",
    most: 2_000,
    build: (n) => ({ type: "section", fields: [mrkdwn(words(n))] }),
    pointer: "/fields/0/text",
  },
  { name: "block_id", most: 255, build: (n) => ({ type: "divider", block_id: words(n) }), pointer: "/block_id" },
  {
    name: "action_id",
    most: 255,
    build: (n) => actions(button({ action_id: words(n) })),
    pointer: "/elements/0/action_id",
  },
  { name: "header", most: 150, build: (n) => ({ type: "header", text: plain(words(n)) }), pointer: "/text/text" },
  {
    name: "context elements",
    most: 10,
    build: (n) => ({ type: "context", elements: many(n, () => mrkdwn()) }),
    pointer: "/elements",
  },
  {
    name: "actions elements",
    most: 25,
    build: (n) => actions(...many(n, (index) => button({ action_id: `go${index}` }))),
    pointer: "/elements",
  },
  {
    name: "button text",
    most: 75,
    build: (n) => actions(button({ text: plain(words(n)) })),
    pointer: "/elements/0/text/text",
  },
  {
    name: "button value",
    most: 2_000,
    build: (n) => actions(button({ value: words(n) })),
    pointer: "/elements/0/value",
  },
  {
    name: "button url",
    most: 3_000,
    build: (n) => actions(button({ url: `https://a.example/${words(n - 18)}` })),
    pointer: "/elements/0/url",
  },
  {
    name: "button accessibility label",
    most: 75,
    build: (n) => actions(button({ accessibility_label: words(n) })),
    pointer: "/elements/0/accessibility_label",
  },
  {
    name: "confirm title",
    most: 100,
    build: (n) => actions(button({ confirm: confirmation({ title: plain(words(n)) }) })),
    pointer: "/elements/0/confirm/title/text",
  },
  {
    name: "confirm text",
    most: 300,
    build: (n) => actions(button({ confirm: confirmation({ text: plain(words(n)) }) })),
    pointer: "/elements/0/confirm/text/text",
  },
  {
    name: "confirm yes",
    most: 30,
    build: (n) => actions(button({ confirm: confirmation({ confirm: plain(words(n)) }) })),
    pointer: "/elements/0/confirm/confirm/text",
  },
  {
    name: "confirm no",
    most: 30,
    build: (n) => actions(button({ confirm: confirmation({ deny: plain(words(n)) }) })),
    pointer: "/elements/0/confirm/deny/text",
  },
  {
    name: "select options",
    most: 100,
    build: (n) => actions(select({ options: many(n, (index) => option({ value: String(index) })) })),
    pointer: "/elements/0/options",
  },
  {
    name: "select option groups",
    most: 100,
    build: (n) => actions(select({ option_groups: many(n, () => ({ label: plain(), options: [option()] })) })),
    pointer: "/elements/0/option_groups",
  },
  {
    name: "options in a group",
    most: 100,
    build: (n) =>
      actions(
        select({ option_groups: [{ label: plain(), options: many(n, (index) => option({ value: String(index) })) }] }),
      ),
    pointer: "/elements/0/option_groups/0/options",
  },
  {
    name: "group label",
    most: 75,
    build: (n) => actions(select({ option_groups: [{ label: plain(words(n)), options: [option()] }] })),
    pointer: "/elements/0/option_groups/0/label/text",
  },
  {
    name: "option text",
    most: 75,
    build: (n) => actions(select({ options: [option({ text: plain(words(n)) })] })),
    pointer: "/elements/0/options/0/text/text",
  },
  {
    name: "option value",
    most: 150,
    build: (n) => actions(select({ options: [option({ value: words(n) })] })),
    pointer: "/elements/0/options/0/value",
  },
  {
    name: "option description",
    most: 75,
    build: (n) => actions(select({ options: [option({ description: plain(words(n)) })] })),
    pointer: "/elements/0/options/0/description/text",
  },
  {
    name: "placeholder",
    most: 150,
    build: (n) => actions(select({ options: [option()], placeholder: plain(words(n)) })),
    pointer: "/elements/0/placeholder/text",
  },
  {
    name: "overflow options",
    most: 5,
    build: (n) =>
      actions({ type: "overflow", action_id: "o", options: many(n, (index) => option({ value: String(index) })) }),
    pointer: "/elements/0/options",
  },
  {
    name: "checkboxes",
    most: 10,
    build: (n) =>
      actions({ type: "checkboxes", action_id: "c", options: many(n, (index) => option({ value: String(index) })) }),
    pointer: "/elements/0/options",
  },
  {
    name: "radio buttons",
    most: 10,
    build: (n) =>
      actions({ type: "radio_buttons", action_id: "r", options: many(n, (index) => option({ value: String(index) })) }),
    pointer: "/elements/0/options",
  },
  { name: "image alt text", most: 2_000, build: (n) => image({ alt_text: words(n) }), pointer: "/alt_text" },
  { name: "image title", most: 2_000, build: (n) => image({ title: plain(words(n)) }), pointer: "/title/text" },
  {
    name: "image url",
    most: 3_000,
    build: (n) => image({ image_url: `https://a.example/${words(n - 18)}` }),
    pointer: "/image_url",
  },
  {
    name: "input label",
    most: 2_000,
    build: (n) => input(textInput(), { label: plain(words(n)) }),
    pointer: "/label/text",
  },
  {
    name: "input hint",
    most: 2_000,
    build: (n) => input(textInput(), { hint: plain(words(n)) }),
    pointer: "/hint/text",
  },
  {
    name: "text input length",
    most: 3_000,
    build: (n) => input(textInput({ max_length: n })),
    pointer: "/element/max_length",
  },
  {
    name: "table rows",
    most: 100,
    build: (n) => ({ type: "table", rows: many(n, () => [cell()]) }),
    pointer: "/rows",
    surface: "message",
  },
  {
    name: "table cells",
    most: 20,
    build: (n) => ({ type: "table", rows: [many(n, () => cell())] }),
    pointer: "/rows/0",
    surface: "message",
  },
  {
    name: "table characters",
    most: 10_000,
    build: (n) => ({ type: "table", rows: [[cell(words(n))]] }),
    pointer: "/rows",
    surface: "message",
  },
  {
    name: "markdown",
    most: 12_000,
    build: (n) => ({ type: "markdown", text: words(n) }),
    pointer: "/text",
    surface: "message",
  },
  {
    name: "alert",
    most: 200,
    build: (n) => ({ type: "alert", text: mrkdwn(words(n)) }),
    pointer: "/text/text",
    surface: "modal",
  },
  { name: "card title", most: 150, build: (n) => ({ type: "card", title: mrkdwn(words(n)) }), pointer: "/title/text" },
  { name: "card body", most: 200, build: (n) => ({ type: "card", body: mrkdwn(words(n)) }), pointer: "/body/text" },
  {
    name: "card actions",
    most: 2,
    build: (n) => ({ type: "card", actions: many(n, (index) => button({ action_id: `go${index}` })) }),
    pointer: "/actions",
  },
  {
    name: "carousel",
    most: 10,
    build: (n) => ({ type: "carousel", elements: many(n, () => ({ type: "card", title: plain() })) }),
    pointer: "/elements",
  },
  {
    name: "container children",
    most: 10,
    build: (n) => ({ type: "container", title: plain(), child_blocks: many(n, () => ({ type: "divider" })) }),
    pointer: "/child_blocks",
  },
  {
    name: "data table rows",
    most: 101,
    build: (n) => ({ type: "data_table", caption: "x", rows: many(n, () => [cell()]) }),
    pointer: "/rows",
  },
  {
    name: "context actions",
    most: 5,
    build: (n) => ({
      type: "context_actions",
      elements: many(n, (index) => ({ type: "icon_button", icon: "trash", text: plain(), action_id: `d${index}` })),
    }),
    pointer: "/elements",
  },
];
