import {
  complain,
  exactlyOne,
  flag,
  integer,
  list,
  must,
  object,
  OK,
  oneOf,
  string,
  type Complaint,
  type Fields,
  type Place,
  type Rule,
} from "./rules.ts";
import { choice, confirmation, id, option, optionGroup, overflowOption, placeholder, plainText, url } from "./texts.ts";
import { richText } from "./rich-text.ts";
import type { JsonObject } from "../json.ts";

/** The interactive elements. Limits: https://docs.slack.dev/reference/block-kit/block-elements */

function element(type: string, fields: Fields, also?: (value: JsonObject, at: Place) => readonly Complaint[]): Rule {
  return object({ type: must(oneOf(type)), action_id: id, ...fields }, also);
}

const accessibilityLabel = string({ max: 75 });
const style = oneOf("primary", "danger");
const personId = string({ like: /^[UW][A-Z0-9]+$/ });
const channelId = string({ like: /^[CG][A-Z0-9]+$/ });
const queryLength = integer({ min: 0 });
const decimal = string({ like: /^-?[0-9]+(\.[0-9]+)?$/ });
const filter = object({
  include: list(oneOf("im", "mpim", "private", "public")),
  exclude_external_shared_channels: flag,
  exclude_bot_users: flag,
});
const dispatch = object({
  trigger_actions_on: must(list(oneOf("on_enter_pressed", "on_character_entered"), { max: 2 })),
});

const menu = { confirm: confirmation, focus_on_load: flag, placeholder };
const multi = { ...menu, max_selected_items: integer({ min: 1 }) };
const written = { dispatch_action_config: dispatch, focus_on_load: flag, placeholder };
const listed = { options: list(option, { max: 100 }), option_groups: list(optionGroup, { max: 100 }) };
const optionsXorGroups = exactlyOne("options", "option_groups");

export const button: Rule = element("button", {
  text: must(plainText(75)),
  url,
  value: string({ max: 2_000 }),
  style,
  confirm: confirmation,
  accessibility_label: accessibilityLabel,
});

const checkboxes = element("checkboxes", {
  options: must(list(choice, { max: 10 })),
  initial_options: list(choice),
  confirm: confirmation,
  focus_on_load: flag,
});

const radioButtons = element("radio_buttons", {
  options: must(list(choice, { max: 10 })),
  initial_option: choice,
  confirm: confirmation,
  focus_on_load: flag,
});

const overflow = element("overflow", {
  options: must(list(overflowOption, { max: 5 })),
  confirm: confirmation,
});

const workflowButton = element("workflow_button", {
  action_id: must(id),
  text: must(plainText(75)),
  workflow: must(object({ trigger: must(object({ url: must(url), customizable_input_parameters: list(() => OK) })) })),
  style,
  accessibility_label: accessibilityLabel,
});

/** Buttons, menus and pickers, by type: what stands in an actions block and, but for the date and time picker, beside a section. */
export const interactive: Readonly<Record<string, Rule>> = {
  button,
  checkboxes,
  radio_buttons: radioButtons,
  overflow,
  workflow_button: workflowButton,
  datepicker: element("datepicker", {
    initial_date: string({ like: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/ }),
    ...menu,
  }),
  timepicker: element("timepicker", {
    initial_time: string({ like: /^([01]\d|2[0-3]):[0-5]\d$/ }),
    timezone: string(),
    ...menu,
  }),
  datetimepicker: element("datetimepicker", {
    initial_date_time: integer({ min: 0, max: 9_999_999_999 }),
    confirm: confirmation,
    focus_on_load: flag,
  }),
  static_select: element("static_select", { ...listed, initial_option: option, ...menu }, optionsXorGroups),
  external_select: element("external_select", { initial_option: option, min_query_length: queryLength, ...menu }),
  users_select: element("users_select", { initial_user: personId, ...menu }),
  conversations_select: element("conversations_select", {
    initial_conversation: string(),
    default_to_current_conversation: flag,
    response_url_enabled: flag,
    filter,
    ...menu,
  }),
  channels_select: element("channels_select", { initial_channel: channelId, response_url_enabled: flag, ...menu }),
  multi_static_select: element(
    "multi_static_select",
    { ...listed, initial_options: list(option), ...multi },
    optionsXorGroups,
  ),
  multi_external_select: element("multi_external_select", {
    initial_options: list(option),
    min_query_length: queryLength,
    ...multi,
  }),
  multi_users_select: element("multi_users_select", { initial_users: list(personId), ...multi }),
  multi_conversations_select: element("multi_conversations_select", {
    initial_conversations: list(string()),
    default_to_current_conversation: flag,
    filter,
    ...multi,
  }),
  multi_channels_select: element("multi_channels_select", { initial_channels: list(channelId), ...multi }),
};

const fileInput: Rule = (value, at) =>
  at.surface === "modal"
    ? element("file_input", { filetypes: list(string()), max_files: integer({ min: 1, max: 10 }) })(value, at)
    : complain(at, "unsupported type: file_input");

/** What only an input block may hold, by type. */
const inputsOnly: Readonly<Record<string, Rule>> = {
  plain_text_input: element("plain_text_input", {
    initial_value: string({ min: 0 }),
    multiline: flag,
    min_length: integer({ min: 0, max: 3_000 }),
    max_length: integer({ min: 1, max: 3_000 }),
    ...written,
  }),
  email_text_input: element("email_text_input", { initial_value: string({ min: 0 }), ...written }),
  url_text_input: element("url_text_input", { initial_value: string({ min: 0 }), ...written }),
  number_input: element("number_input", {
    is_decimal_allowed: must(flag),
    initial_value: decimal,
    min_value: decimal,
    max_value: decimal,
    ...written,
  }),
  rich_text_input: element("rich_text_input", { action_id: must(id), initial_value: richText, ...written }),
  file_input: fileInput,
};

export const image: Rule = object(
  {
    type: must(oneOf("image")),
    alt_text: must(string({ max: 2_000 })),
    image_url: url,
    slack_file: object({ id: string(), url }, exactlyOne("id", "url")),
  },
  exactlyOne("image_url", "slack_file"),
);

/** Elements a section may have beside its text, by type. */
export const accessories: Readonly<Record<string, Rule>> = { ...without(interactive, "datetimepicker"), image };

/** Elements an input block may hold, by type: everything that keeps a value. */
export const inputs: Readonly<Record<string, Rule>> = {
  ...without(interactive, "button", "overflow", "workflow_button"),
  ...inputsOnly,
};

function without(rules: Readonly<Record<string, Rule>>, ...types: readonly string[]): Readonly<Record<string, Rule>> {
  return Object.fromEntries(Object.entries(rules).filter(([type]) => !types.includes(type)));
}

const feedback = object({
  text: must(plainText(75)),
  value: must(string({ max: 2_000 })),
  accessibility_label: accessibilityLabel,
});

/** Elements of a context_actions block, by type. */
export const contextActions: Readonly<Record<string, Rule>> = {
  feedback_buttons: element("feedback_buttons", { positive_button: must(feedback), negative_button: must(feedback) }),
  icon_button: element("icon_button", {
    icon: must(oneOf("trash")),
    text: must(plainText(75)),
    value: string({ max: 2_000 }),
    confirm: confirmation,
    accessibility_label: accessibilityLabel,
    visible_to_user_ids: list(personId),
  }),
};
