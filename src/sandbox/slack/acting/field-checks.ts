import type { Block, Element } from "../block-kit/shape.ts";
import { lengthOf } from "../json.ts";
import { isEmptyValue, type StateValue } from "../view-state.ts";

/** What Slack says under a field before it sends a form; null when the field is all right. */
export function complaintAbout(block: Block, element: Element, value: StateValue | undefined): string | null {
  if (isEmptyValue(value)) return block.optional === true ? null : "Please complete this required field.";
  const text = typeof value?.["value"] === "string" ? value["value"] : null;
  return text === null ? null : complaintAboutText(element, text);
}

function complaintAboutText(element: Element, text: string): string | null {
  switch (element.type) {
    case "plain_text_input": {
      const shortest = element.min_length ?? 0;
      return lengthOf(text) < shortest ? `Please enter at least ${shortest} characters.` : null;
    }
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : "Please enter a valid email address.";
    case "url_text_input":
      return URL.canParse(text) ? null : "Please enter a valid URL.";
    case "number_input":
      return complaintAboutNumber(element, text);
    default:
      return null;
  }
}

function complaintAboutNumber(element: Element, text: string): string | null {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number)) return "Please enter a number.";
  if (element.is_decimal_allowed !== true && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) {
    return `Please enter a number that is ${element.min_value} or more.`;
  }
  if (element.max_value !== undefined && number > Number(element.max_value)) {
    return `Please enter a number that is ${element.max_value} or less.`;
  }
  return null;
}
