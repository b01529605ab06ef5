/**
 * PowerShell of simulated Windows instances: it runs what `powershell-syntax.ts` understands, with `ping.exe`,
 * `Start-Sleep` and .NET's `TcpClient`.
 */
import { endpointOf } from "./connect.ts";
import type { Start } from "./host.ts";
import { pingExe } from "./ping-exe.ts";
import type { Program } from "./process.ts";
import { type Expression, parsePowerShell, type Statement } from "./powershell-syntax.ts";
import { NotSimulated } from "./shell-syntax.ts";

/** Windows asks for a connection again after each refusal, twice; then it gives up. */
const REFUSALS = 3;
const REFUSED_AGAIN_AFTER_MS = 500;

/** A connection that is tried while the script goes on. */
interface Task {
  readonly kind: "task";
  status: "WaitingForActivation" | "RanToCompletion" | "Faulted";
}

type Value = undefined | boolean | string | number | Task | { readonly kind: "client" } | ReadonlyArray<string>;

interface Session {
  readonly start: Pick<Start, "host" | "out" | "err">;
  readonly variables: Map<string, Value>;
}

type Running<T> = Generator<{ readonly sleepMs: number }, T, void>;

/** Runs a script; what it cannot understand ends it. */
export function* powershell(text: string, begun: Session["start"]): Program {
  try {
    yield* runAll(parsePowerShell(text), { start: begun, variables: new Map() });
    return 0;
  } catch (error) {
    if (!(error instanceof NotSimulated)) throw error;
    begun.err(`powershell: ${error.message}: not simulated\r\n`);
    return 127;
  }
}

function* runAll(statements: ReadonlyArray<Statement>, at: Session): Running<void> {
  for (const statement of statements) yield* run(statement, at);
}

function* run(statement: Statement, at: Session): Running<void> {
  switch (statement.kind) {
    case "set": {
      const value = yield* valueOf(statement.value, at);
      const before = at.variables.get(statement.name);
      at.variables.set(statement.name, statement.adds ? textOf(before) + textOf(value) : value);
      break;
    }
    case "if": {
      const condition = yield* valueOf(statement.condition, at);
      yield* runAll(isTrue(condition) ? statement.whenTrue : statement.whenFalse, at);
      break;
    }
    case "show": {
      const value = yield* valueOf(statement.value, at);
      const lines = typeof value === "object" && !("kind" in value) ? value : [value];
      for (const line of lines) if (line !== undefined) at.start.out(`${textOf(line)}\r\n`);
      break;
    }
  }
}

function* valueOf(expression: Expression, at: Session): Running<Value> {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "variable":
      return at.variables.get(expression.name);
    case "text": {
      let text = "";
      for (const piece of expression.pieces) text += textOf(yield* valueOf(piece, at));
      return text;
    }
    case "member":
      return memberOf(yield* valueOf(expression.of, at), expression.name);
    case "method":
      return yield* call(expression, at);
    case "operation":
      return operate(expression.operator, yield* valueOf(expression.left, at), yield* valueOf(expression.right, at));
    case "command":
      return yield* runCommand(expression, at);
  }
}

/** As in PowerShell, what nothing is known of is nothing: `$null.Status` is `$null`. */
function memberOf(value: Value, name: string): Value {
  if (value === undefined || value === "ConnectionRefused") return value;
  if (typeof value !== "object" || !("kind" in value) || value.kind !== "task") throw new NotSimulated(`.${name}`);
  if (name === "Status") return value.status;
  // The one way to fail that ends within a test; its inner exception's code is `ConnectionRefused`.
  if (name === "Exception") return value.status === "Faulted" ? "ConnectionRefused" : undefined;
  throw new NotSimulated(`.${name}`);
}

function* call({ of, name, args }: Extract<Expression, { kind: "method" }>, at: Session): Running<Value> {
  const client = yield* valueOf(of, at);
  const words: string[] = [];
  for (const arg of args) words.push(textOf(yield* valueOf(arg, at)));
  const [ip = "", port = ""] = words;
  const target = endpointOf(ip, port);
  const isClient = typeof client === "object" && "kind" in client && client.kind === "client";
  if (!isClient || name !== "ConnectAsync" || target === undefined) throw new NotSimulated(`.${name}(`);
  const { host } = at.start;
  const task: Task = { kind: "task", status: "WaitingForActivation" };
  const asked = host.ask(target.ip, { protocol: "TCP", port: target.port }, 0);
  if (asked?.answer === "open") host.later(asked.roundTripMs, () => void (task.status = "RanToCompletion"));
  if (asked?.answer === "refused") {
    const untilGivenUp = REFUSALS * asked.roundTripMs + (REFUSALS - 1) * REFUSED_AGAIN_AFTER_MS;
    host.later(untilGivenUp, () => void (task.status = "Faulted"));
  }
  return task;
}

function* runCommand({ name, args }: Extract<Expression, { kind: "command" }>, at: Session): Running<Value> {
  const words: string[] = [];
  for (const arg of args) words.push(textOf(yield* valueOf(arg, at)));
  const [first, second] = words;
  if (name === "new-object" && first === "System.Net.Sockets.TcpClient") return { kind: "client" };
  if (name === "start-sleep" && first === "-Seconds" && Number(second) > 0) {
    yield { sleepMs: Number(second) * 1_000 };
    return undefined;
  }
  if (name !== "ping.exe" && name !== "ping") throw new NotSimulated(name);
  let said = "";
  const { host, err } = at.start;
  const running = pingExe({ host, err, args: words, out: (text) => void (said += text) });
  for (;;) {
    const { done, value } = running.next();
    if (done) return said.replace(/\r\n$/, "").split("\r\n");
    if ("sleepMs" in value) yield value;
  }
}

function operate(operator: "-eq" | "-match", left: Value, right: Value): Value {
  if (operator === "-eq") return textOf(left).toLowerCase() === textOf(right).toLowerCase();
  const pattern = new RegExp(textOf(right), "i");
  // Of a list, PowerShell gives those that match.
  if (typeof left === "object" && !("kind" in left)) return left.filter((line) => pattern.test(line));
  return pattern.test(textOf(left));
}

function isTrue(value: Value): boolean {
  if (typeof value === "object" && !("kind" in value)) return value.length > 0;
  return Boolean(value);
}

function textOf(value: Value): string {
  if (value === undefined) return "";
  if (typeof value !== "object") return String(value);
  return "kind" in value ? value.kind : value.join(" ");
}
