/**
 * The part of the shell language that simulated instances understand: simple commands with assignments and redirections, in
 * the foreground or with `&`, `if`, `case`, functions, both quotes, `$name`, `$1`, `$?` and `$(…)`.
 */

export type List = ReadonlyArray<{ readonly command: Command; readonly inBackground: boolean }>;

export type Command =
  | {
      readonly kind: "simple";
      readonly assignments: ReadonlyArray<{ readonly name: string; readonly value: Word }>;
      readonly words: ReadonlyArray<Word>;
      readonly redirections: ReadonlyArray<Redirection>;
    }
  | { readonly kind: "if"; readonly condition: List; readonly whenTrue: List; readonly whenFalse: List }
  | {
      readonly kind: "case";
      readonly subject: Word;
      readonly clauses: ReadonlyArray<{ readonly patterns: ReadonlyArray<Word>; readonly body: List }>;
    }
  | { readonly kind: "function"; readonly name: string; readonly body: List };

/** `2>&1`, `>/dev/null`, `</dev/tcp/10.0.0.1/80`. */
export interface Redirection {
  readonly from: number;
  readonly direction: "<" | ">" | ">&";
  readonly target: Word;
}

/** Quoted parts are neither split into words nor taken for patterns. */
export type Word = ReadonlyArray<Part>;
type Part = { readonly quoted: boolean } & (
  | { readonly text: string }
  | { readonly variable: string }
  | { readonly output: List }
);

/** The text where a script goes beyond what is understood. */
export class NotSimulated extends Error {
  override readonly name = "NotSimulated";
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** Throws `NotSimulated` with the text that it does not understand. */
export function parseScript(text: string): List {
  const script: Cursor = { text, at: 0 };
  const list = parseList(script);
  if (script.at < text.length) throw beyond(script);
  return list;
}

const CLOSING = /^(?:then|elif|else|fi|esac)(?!\w)|^[})]|^;;|^$/;

/** Up to a word or sign that closes it, which is left standing. */
function parseList(script: Cursor): List {
  const list: Array<List[number]> = [];
  for (;;) {
    take(script, /^\s*/);
    if (CLOSING.test(rest(script))) return list;
    const command = parseCommand(script);
    const separator = take(script, /^[ \t]*(?:\n|;(?!;)|&(?!&))/);
    list.push({ command, inBackground: separator?.[0].endsWith("&") ?? false });
    if (!separator && !/^\s*(?:[})]|;;|$)/.test(rest(script))) throw beyond(script);
  }
}

function parseCommand(script: Cursor): Command {
  const declared = take(script, /^([A-Za-z_]\w*)\(\)\s*\{(?=\s)/);
  if (declared) {
    const body = parseList(script);
    need(script, /^\}/);
    return { kind: "function", name: declared[1] ?? "", body };
  }
  if (take(script, /^if(?=\s)/)) return parseIf(script);
  if (take(script, /^case(?=\s)/)) return parseCase(script);
  return parseSimple(script);
}

/** From behind `if` or `elif` to behind `fi`. */
function parseIf(script: Cursor): Command {
  const condition = parseList(script);
  need(script, /^then(?!\w)/);
  const whenTrue = parseList(script);
  if (take(script, /^elif(?!\w)/)) {
    return { kind: "if", condition, whenTrue, whenFalse: [{ command: parseIf(script), inBackground: false }] };
  }
  const whenFalse = take(script, /^else(?!\w)/) ? parseList(script) : [];
  need(script, /^fi(?!\w)/);
  return { kind: "if", condition, whenTrue, whenFalse };
}

function parseCase(script: Cursor): Command {
  const subject = parseWord(script);
  need(script, /^\s+in(?!\w)/);
  const clauses: Array<{ patterns: ReadonlyArray<Word>; body: List }> = [];
  while (!take(script, /^\s*esac(?!\w)/)) {
    take(script, /^\s+/);
    const patterns = [parseWord(script)];
    while (take(script, /^\s*\|/)) patterns.push(parseWord(script));
    need(script, /^\s*\)/);
    clauses.push({ patterns, body: parseList(script) });
    need(script, /^;;/);
  }
  return { kind: "case", subject, clauses };
}

function parseSimple(script: Cursor): Command {
  const assignments: Array<{ name: string; value: Word }> = [];
  const words: Word[] = [];
  const redirections: Redirection[] = [];
  while (!/^[ \t]*(?:[\n;&)]|$)/.test(rest(script))) {
    const redirected = take(script, /^[ \t]*(\d?)(<|>&|>)(?![<>&])/);
    const assigned = words.length === 0 && !redirected ? take(script, /^[ \t]*([A-Za-z_]\w*)=/) : null;
    if (redirected) {
      const [, from, sign] = redirected;
      // One of the three, by the pattern.
      const direction = sign as Redirection["direction"];
      redirections.push({
        from: from ? Number(from) : direction === "<" ? 0 : 1,
        direction,
        target: parseWord(script),
      });
    } else if (assigned) {
      assignments.push({ name: assigned[1] ?? "", value: parseParts(script) });
    } else {
      words.push(parseWord(script));
    }
  }
  if (assignments.length + words.length + redirections.length === 0) throw beyond(script);
  return { kind: "simple", assignments, words, redirections };
}

function parseWord(script: Cursor): Word {
  take(script, /^[ \t]+/);
  const parts = parseParts(script);
  if (parts.length === 0) throw beyond(script);
  return parts;
}

/** As far as a word goes; nothing for the value of `name=`. */
function parseParts(script: Cursor): Word {
  const parts: Part[] = [];
  while (!/^[\s;&|()<>]|^$/.test(rest(script))) {
    const single = take(script, /^'([^']*)'/);
    const plain = single ? null : take(script, /^[^\s;&|()<>'"$`\\#[?~{}]+/);
    if (single) parts.push({ text: single[1] ?? "", quoted: true });
    else if (plain) parts.push({ text: plain[0], quoted: false });
    else if (take(script, /^"/)) parts.push(...parseQuoted(script));
    else parts.push(parseDollar(script, false));
  }
  return parts;
}

function parseQuoted(script: Cursor): Word {
  const parts: Part[] = [{ text: "", quoted: true }];
  while (!take(script, /^"/)) {
    const plain = take(script, /^[^"$`\\]+/);
    parts.push(plain ? { text: plain[0], quoted: true } : parseDollar(script, true));
  }
  return parts;
}

function parseDollar(script: Cursor, quoted: boolean): Part {
  if (take(script, /^\$\((?!\()/)) {
    const output = parseList(script);
    need(script, /^\)/);
    return { output, quoted };
  }
  const variable = need(script, /^\$([A-Za-z_]\w*|[1-9?])/);
  return { variable: variable[1] ?? "", quoted };
}

function rest({ text, at }: Cursor): string {
  return text.slice(at);
}

function take(script: Cursor, pattern: RegExp): RegExpExecArray | null {
  const found = pattern.exec(rest(script));
  script.at += found?.[0].length ?? 0;
  return found;
}

function need(script: Cursor, pattern: RegExp): RegExpExecArray {
  const found = take(script, pattern);
  if (!found) throw beyond(script);
  return found;
}

const SHOWN_LENGTH_MAX = 60;

function beyond(script: Cursor): NotSimulated {
  return new NotSimulated(rest(script).split("\n")[0]?.slice(0, SHOWN_LENGTH_MAX) || "the end of the script");
}
