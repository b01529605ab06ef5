/**
 * The shells of simulated Linux instances: they run what `shell-syntax.ts` understands, with the programs of the image.
 */
import { connect, CONNECT_GIVE_UP_MS, endpointOf, nc } from "./connect.ts";
import type { Host, Sink, Start } from "./host.ts";
import { ping } from "./ping.ts";
import { end, type Process, type Program, start, type Wait } from "./process.ts";
import { type Command, type List, NotSimulated, parseScript, type Redirection, type Word } from "./shell-syntax.ts";

/** As shells answer for what they cannot find. */
const NOT_FOUND = 127;

/** One running shell, or a part of it that runs by itself and sees its own copy of the variables. */
interface Shell {
  readonly name: "sh" | "bash";
  readonly host: Host;
  readonly variables: Map<string, string>;
  readonly functions: Map<string, List>;
  /** What runs in the background. */
  readonly jobs: Process[];
  out: Sink;
  err: Sink;
  args: ReadonlyArray<string>;
  status: number;
  /** Another program has taken its place. */
  isOver: boolean;
}

/** What goes on while a part of a script is worked out. */
type Running<T> = Generator<Wait, T, void>;

/** Runs a script; what it cannot understand ends as a missing command does. */
export function* shell(text: string, begun: Pick<Start, "host" | "out" | "err">, name: Shell["name"] = "sh"): Program {
  const own = { variables: new Map(), functions: new Map(), jobs: [], args: [], status: 0, isOver: false };
  const at: Shell = { name, ...begun, ...own };
  try {
    return yield* runList(parseScript(text), at);
  } catch (error) {
    if (!(error instanceof NotSimulated)) throw error;
    at.err(`${name}: ${error.message}: not simulated\n`);
    return NOT_FOUND;
  }
}

function* runList(list: List, at: Shell): Program {
  for (const { command, inBackground } of list) {
    if (at.isOver) break;
    if (inBackground) {
      at.jobs.push(start(run(command, partOf(at)), at.host.later));
      at.status = 0;
    } else {
      at.status = yield* run(command, at);
    }
  }
  return at.status;
}

/** What it sets stays within it, and it waits for no more than it has started itself. */
function partOf(at: Shell): Shell {
  return { ...at, variables: new Map(at.variables), functions: new Map(at.functions), jobs: [] };
}

function* run(command: Command, at: Shell): Program {
  switch (command.kind) {
    case "simple":
      return yield* runSimple(command, at);
    case "function":
      at.functions.set(command.name, command.body);
      return 0;
    case "if": {
      const chosen = (yield* runList(command.condition, at)) === 0 ? command.whenTrue : command.whenFalse;
      return chosen.length > 0 ? yield* runList(chosen, at) : 0;
    }
    case "case": {
      const subject = yield* textOf(command.subject, at);
      for (const { patterns, body } of command.clauses) {
        for (const pattern of patterns) {
          if ((yield* patternOf(pattern, at)).test(subject)) return yield* runList(body, at);
        }
      }
      return 0;
    }
  }
}

function* runSimple({ assignments, words, redirections }: Extract<Command, { kind: "simple" }>, at: Shell): Program {
  const [name, ...args] = yield* fieldsOf(words, at);
  // Without a command the status is that of the last `$(…)`.
  if (name === undefined) at.status = 0;
  for (const { name: variable, value } of assignments) at.variables.set(variable, yield* textOf(value, at));
  const ends = yield* redirected(redirections, at);
  if (ends === undefined) return 1;
  if (name === undefined) return at.status;
  const outer = { out: at.out, err: at.err };
  Object.assign(at, ends);
  const status = yield* call(name, args, at);
  // `exec` alone keeps what it has redirected.
  if (name !== "exec") Object.assign(at, outer);
  return status;
}

function* call(name: string, args: ReadonlyArray<string>, at: Shell): Program {
  const [first = "", ...others] = args;
  const body = at.functions.get(name);
  if (body) {
    const outer = at.args;
    at.args = args;
    const status = yield* runList(body, at);
    at.args = outer;
    return status;
  }
  switch (name) {
    case "echo":
      at.out(`${args.join(" ")}\n`);
      return 0;
    case ":":
      return 0;
    case "export": {
      const [, variable = "", value = ""] = /^(\w+)=(.*)$/.exec(first) ?? [];
      at.variables.set(variable, value);
      return 0;
    }
    case "command":
      return first === "-v" && others.length === 1 && programOf(others[0] ?? "", at.host) ? 0 : NOT_FOUND;
    case "wait":
      for (const job of at.jobs) yield { end: job };
      return 0;
    case "exec":
      if (args.length === 0) return 0;
      at.isOver = true;
      return yield* runProgram(first, others, at);
    default:
      return yield* runProgram(name, args, at);
  }
}

function* runProgram(name: string, args: ReadonlyArray<string>, { name: shellName, host, out, err }: Shell): Program {
  const program = programOf(name, host);
  if (program === undefined) {
    err(`${shellName}: ${name}: not simulated\n`);
    return NOT_FOUND;
  }
  return yield* program({ host, args, out, err });
}

/** What the images have besides the shell itself. */
function programOf(name: string, { image }: Host): ((start: Start) => Program) | undefined {
  const isBusybox = image.ping === "busybox";
  if (name === "ping") return ping;
  if (name === "timeout") return timeout;
  if (name === "nc") return isBusybox ? nc : undefined;
  return name === "bash" && !isBusybox ? bash : undefined;
}

function* bash({ args, ...begun }: Start): Program {
  const [option, text = "", ...others] = args;
  if (option === "-c" && others.length === 0) return yield* shell(text, begun, "bash");
  begun.err(`bash: ${args.join(" ")}: not simulated\n`);
  return NOT_FOUND;
}

/** As coreutils and BusyBox answer for what they had to end. */
const TIMED_OUT = { coreutils: 124, busybox: 143 } as const;

function* timeout({ host, args, out, err }: Start): Program {
  const [seconds = "", name = "", ...others] = args;
  const program = programOf(name, host);
  if (program === undefined || !(Number(seconds) > 0)) {
    err(`timeout: ${args.join(" ")}: not simulated\n`);
    return NOT_FOUND;
  }
  const child = start(program({ host, args: others, out, err }), host.later);
  yield { end: child, atMostMs: Number(seconds) * 1_000 };
  if (child.exitCode === undefined) end(child, host.image.ping === "busybox" ? TIMED_OUT.busybox : TIMED_OUT.coreutils);
  return child.exitCode ?? 0;
}

const NOWHERE: Sink = () => {};

/** Where a command's words go; undefined when what it is to read from cannot be opened. */
function* redirected(
  redirections: ReadonlyArray<Redirection>,
  at: Shell,
): Running<Pick<Shell, "out" | "err"> | undefined> {
  let { out, err } = at;
  for (const { from, direction, target: word } of redirections) {
    const target = yield* textOf(word, at);
    const wanted = `${from}${direction}${target}`;
    if (wanted === "1>&2") out = err;
    else if (wanted === "2>&1") err = out;
    else if (wanted === "1>/dev/null") out = NOWHERE;
    else if (wanted === "2>/dev/null") err = NOWHERE;
    else if (at.name === "bash" && wanted.startsWith("0</dev/tcp/")) {
      if (!(yield* connected(target, { ...at, err }))) return undefined;
    } else throw new NotSimulated(wanted);
  }
  return { out, err };
}

/** As bash opens `/dev/tcp/10.0.0.1/80`. */
function* connected(target: string, { host, err }: Shell): Running<boolean> {
  const [ip = "", port = ""] = target.split("/").slice(3);
  const endpoint = endpointOf(ip, port);
  if (!endpoint) throw new NotSimulated(target);
  const ended = yield* connect(host, endpoint, CONNECT_GIVE_UP_MS);
  const says = ended === "refused" ? "Connection refused" : "Connection timed out";
  if (ended !== "open") err(`bash: connect: ${says}\nbash: line 1: ${target}: ${says}\n`);
  return ended === "open";
}

/** Words as a command gets them: what is not quoted is split, and gone when it is empty. */
function* fieldsOf(words: ReadonlyArray<Word>, at: Shell): Running<ReadonlyArray<string>> {
  const fields: string[] = [];
  for (const word of words) {
    const isWhole = word.some((part) => part.quoted || "text" in part);
    const text = yield* textOf(word, at);
    fields.push(...(isWhole ? [text] : text.split(/\s+/).filter((field) => field !== "")));
  }
  return fields;
}

/** A word that is not split, such as the value of an assignment. */
function* textOf(word: Word, at: Shell): Running<string> {
  let text = "";
  for (const part of word) text += yield* valueOf(part, at);
  return text;
}

function* patternOf(word: Word, at: Shell): Running<RegExp> {
  let pattern = "";
  for (const part of word) {
    const text = (yield* valueOf(part, at)).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    pattern += part.quoted ? text : text.replaceAll(String.raw`\*`, "[^]*");
  }
  return new RegExp(`^${pattern}$`);
}

function* valueOf(part: Word[number], at: Shell): Running<string> {
  if ("text" in part) return part.text;
  if ("output" in part) {
    let text = "";
    at.status = yield* runList(part.output, { ...partOf(at), out: (said) => void (text += said) });
    return text.replace(/\n+$/, "");
  }
  const { variable } = part;
  if (variable === "?") return String(at.status);
  return (/^\d$/.test(variable) ? at.args[Number(variable) - 1] : at.variables.get(variable)) ?? "";
}
