import { byType, flag, list, must, object, oneOf, string, type Rule } from "./rules.ts";

/** Text objects and the small objects made of them. Limits: https://docs.slack.dev/reference/block-kit/composition-objects */

const TEXT_MAX = 3_000;

export function plainText(max = TEXT_MAX): Rule {
  return object({ type: must(oneOf("plain_text")), text: must(string({ max })), emoji: flag });
}

function mrkdwn(max = TEXT_MAX): Rule {
  return object({ type: must(oneOf("mrkdwn")), text: must(string({ max })), verbatim: flag });
}

export function anyText(max = TEXT_MAX): Rule {
  return byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) });
}

export const url: Rule = string({ max: 3_000, like: /^[a-z][a-z0-9+.-]*:./i });

export const id: Rule = string({ max: 255 });

export const placeholder: Rule = plainText(150);

export const confirmation: Rule = object({
  title: must(plainText(100)),
  text: must(anyText(300)),
  confirm: must(plainText(30)),
  deny: must(plainText(30)),
  style: oneOf("primary", "danger"),
});

const value = string({ max: (dials) => dials.optionValueMax });

/** An option of a select menu. */
export const option: Rule = object({ text: must(plainText(75)), value: must(value), description: plainText(75) });

/** An option of an overflow menu, which may be a link. */
export const overflowOption: Rule = object({
  text: must(plainText(75)),
  value: must(value),
  description: plainText(75),
  url,
});

/** An option of checkboxes or radio buttons, which may be formatted. */
export const choice: Rule = object({ text: must(anyText(75)), value: must(value), description: anyText(75) });

export const optionGroup: Rule = object({ label: must(plainText(75)), options: must(list(option, { max: 100 })) });

/** What an app answers to a `block_suggestion`: options or groups of them. No options at all is a good answer. */
export const suggestions: Rule = (answer, at) =>
  object({ options: list(option, { min: 0, max: 100 }), option_groups: list(optionGroup, { min: 0, max: 100 }) })(
    answer,
    at,
  );
