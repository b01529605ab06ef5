import { lengthOf } from "../json.ts";

/** How words stand out where a terminal can show it. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strike: (text: string) => string;
  readonly code: (text: string) => string;
  readonly button: (text: string) => string;
  readonly bad: (text: string) => string;
}

const asIs = (text: string): string => text;

/** Nothing stands out: for tests, logs and files. */
export const PLAIN: Paint = { bold: asIs, faint: asIs, strike: asIs, code: asIs, button: asIs, bad: asIs };

/** ANSI colours. */
export const ANSI: Paint = {
  bold: (text) => `\u001B[1m${text}\u001B[22m`,
  faint: (text) => `\u001B[2m${text}\u001B[22m`,
  strike: (text) => `\u001B[9m${text}\u001B[29m`,
  code: (text) => `\u001B[36m${text}\u001B[39m`,
  button: (text) => `\u001B[7m${text}\u001B[27m`,
  bad: (text) => `\u001B[31m${text}\u001B[39m`,
};

// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const COLOUR = /\u001B\[\d+m/g;
const WIDE = /\p{Emoji_Presentation}|[\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFF00-\uFF60]/gu;
const NO_WIDTH = /\p{M}|\u200D/gu;

/** Columns that a terminal gives a text: colours take none, East Asian letters and emoji two. */
export function widthOf(text: string): number {
  const shown = text.replaceAll(COLOUR, "").replaceAll(NO_WIDTH, "");
  return lengthOf(shown) + (shown.match(WIDE)?.length ?? 0);
}

export function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}
