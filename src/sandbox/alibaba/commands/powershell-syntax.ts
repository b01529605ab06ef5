/**
 * The part of PowerShell that simulated Windows instances understand: variables with `=` and `+=`, texts in both quotes,
 * `-eq`, `-match`, members and methods, `if` with `elseif`, and commands with words as arguments.
 */
import { NotSimulated } from "./shell-syntax.ts";

export type Statement =
  | { readonly kind: "set"; readonly name: string; readonly adds: boolean; readonly value: Expression }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly whenTrue: ReadonlyArray<Statement>;
      readonly whenFalse: ReadonlyArray<Statement>;
    }
  | { readonly kind: "show"; readonly value: Expression };

export type Expression =
  | { readonly kind: "constant"; readonly value: string | number }
  | { readonly kind: "variable"; readonly name: string }
  /** A text in double quotes: its pieces, in order. */
  | { readonly kind: "text"; readonly pieces: ReadonlyArray<Expression> }
  | { readonly kind: "member"; readonly of: Expression; readonly name: string }
  | {
      readonly kind: "method";
      readonly of: Expression;
      readonly name: string;
      readonly args: ReadonlyArray<Expression>;
    }
  | {
      readonly kind: "operation";
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "command"; readonly name: string; readonly args: ReadonlyArray<Expression> };

type Operator = "-eq" | "-match";
const OPERATOR = /^\s*(-eq|-match)\b\s*/;

interface Cursor {
  readonly text: string;
  at: number;
}

/** Throws `NotSimulated` with the text that it does not understand. */
export function parsePowerShell(text: string): ReadonlyArray<Statement> {
  const script: Cursor = { text, at: 0 };
  const statements = parseStatements(script);
  if (script.at < text.length) throw beyond(script);
  return statements;
}

function parseStatements(script: Cursor): ReadonlyArray<Statement> {
  const statements: Statement[] = [];
  for (;;) {
    match(script, /^[\s;]+/);
    if (script.at >= script.text.length || script.text[script.at] === "}") return statements;
    statements.push(parseStatement(script));
    if (!/^[ \t]*(?:[\r\n;}]|$)/.test(script.text.slice(script.at))) throw beyond(script);
  }
}

function parseStatement(script: Cursor): Statement {
  const set = match(script, /^\$(\w+)\s*(\+?)=\s*/);
  if (set) return { kind: "set", name: lower(set[1]), adds: set[2] === "+", value: parseExpression(script) };
  if (match(script, /^if\s*\(/i)) return parseIf(script);
  return { kind: "show", value: parseExpression(script) };
}

/** From behind `if (` or `elseif (` to behind its last block. */
function parseIf(script: Cursor): Statement {
  const condition = parseExpression(script);
  need(script, /^\s*\)/);
  const whenTrue = parseBlock(script);
  return { kind: "if", condition, whenTrue, whenFalse: match(script, /^\s*elseif\s*\(/i) ? [parseIf(script)] : [] };
}

function parseBlock(script: Cursor): ReadonlyArray<Statement> {
  need(script, /^\s*\{/);
  const body = parseStatements(script);
  need(script, /^\}/);
  return body;
}

function parseExpression(script: Cursor): Expression {
  const command = match(script, /^([A-Za-z][\w-]*(?:\.exe)?)(?=[ \t\r\n;})]|$)/);
  if (command) return { kind: "command", name: lower(command[1]), args: parseArguments(script) };
  const value = parseOperand(script);
  const operator = match(script, OPERATOR)?.[1];
  // Known by OPERATOR.
  return operator
    ? { kind: "operation", operator: operator as Operator, left: value, right: parseOperand(script) }
    : value;
}

function parseOperand(script: Cursor): Expression {
  let value = parsePrimary(script);
  for (;;) {
    const called = match(script, /^\.(\w+)\(/);
    if (called) {
      const args = [parseExpression(script)];
      while (match(script, /^\s*,\s*/)) args.push(parseExpression(script));
      need(script, /^\s*\)/);
      value = { kind: "method", of: value, name: called[1] ?? "", args };
      continue;
    }
    const member = match(script, /^\.([A-Za-z]\w*)/);
    if (!member) return value;
    value = { kind: "member", of: value, name: member[1] ?? "" };
  }
}

function parsePrimary(script: Cursor): Expression {
  const number = match(script, /^\d+(?![\w.])/);
  if (number) return { kind: "constant", value: Number(number[0]) };
  const single = match(script, /^'([^']*)'/);
  if (single) return { kind: "constant", value: single[1] ?? "" };
  const double = match(script, /^"([^"`]*)"/);
  if (double) return { kind: "text", pieces: piecesOf(double[1] ?? "") };
  const variable = match(script, /^\$(\w+)/);
  if (variable) return { kind: "variable", name: lower(variable[1]) };
  if (!match(script, /^\(/)) throw beyond(script);
  const inner = parseExpression(script);
  need(script, /^\s*\)/);
  return inner;
}

/** `a $b c`: only whole variables are put in. */
function piecesOf(text: string): ReadonlyArray<Expression> {
  if (text.includes("$(")) throw new NotSimulated(text);
  return text
    .split(/(\$\w+)/)
    .filter((piece) => piece !== "")
    .map((piece) =>
      piece.startsWith("$") ? { kind: "variable", name: lower(piece.slice(1)) } : { kind: "constant", value: piece },
    );
}

/** Words as they stand, variables, and what is in brackets. */
function parseArguments(script: Cursor): ReadonlyArray<Expression> {
  const args: Expression[] = [];
  for (;;) {
    match(script, /^[ \t]+/);
    if (/^(?:[\r\n;})]|$)/.test(script.text.slice(script.at))) return args;
    const word = match(script, /^[\w.:-]+/);
    args.push(word ? { kind: "constant", value: word[0] } : parsePrimary(script));
  }
}

function match(script: Cursor, pattern: RegExp): RegExpExecArray | null {
  const found = pattern.exec(script.text.slice(script.at));
  if (found) script.at += found[0].length;
  return found;
}

function need(script: Cursor, pattern: RegExp): void {
  if (!match(script, pattern)) throw beyond(script);
}

/** Names are the same in capitals. */
function lower(name: string | undefined): string {
  return (name ?? "").toLowerCase();
}

const SHOWN_LENGTH_MAX = 60;

function beyond({ text, at }: Cursor): NotSimulated {
  return new NotSimulated(text.slice(at).trim().split("\n")[0]?.slice(0, SHOWN_LENGTH_MAX) || "the end of the script");
}
