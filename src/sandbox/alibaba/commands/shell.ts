import { parseIpv4 } from "../cidr.ts";

/** One `ping` as it was asked for; times in ms. */
export interface PingCommand {
  readonly kind: "ping";
  readonly target: string;
  /** Undefined: until it is stopped. */
  readonly count: number | undefined;
  readonly intervalMs: number;
  /** How long the last reply is waited for (-W). */
  readonly waitMs: number;
  /** When the whole command gives up (-w); undefined: never. */
  readonly deadlineMs: number | undefined;
  /** Payload bytes. */
  readonly size: number;
}

/** What a command's text means to the simulated shell. */
export type ShellCommand = PingCommand | { readonly kind: "notSimulated"; readonly word: string };

/** Both iputils and BusyBox wait 10 s for the last reply unless told otherwise. */
const WAIT_DEFAULT_MS = 10_000;
/** iputils refuses less for users who are not root; nothing here needs less. */
const INTERVAL_MIN_MS = 200;
const NUMBER = /^\d+(\.\d+)?$/;

/**
 * Reads the small part of shell that the simulated instances understand.
 *
 * One simple command on one line: `VAR=value` words, then optionally `exec`, then `ping` with -c -W -w -i -s (value
 * apart or attached) and -n, and one IPv4 address. Quotes, variables, pipes and everything else are not simulated.
 *
 * Examples: `ping -c 4 10.0.0.1` · `LC_ALL=C exec ping -n -c10 -W 1 172.16.0.10` · not simulated: `ping example.com`,
 * `ping -c 1 10.0.0.1 | tail -1`, `uptime`.
 */
export function parseShell(content: string): ShellCommand {
  const words = content.trim().split(/[ \t]+/);
  const afterAssignments = words.slice(words.findIndex((word) => !/^[A-Za-z_]\w*=[\w.:/@%+,-]*$/.test(word)));
  const command = afterAssignments[0] === "exec" ? afterAssignments.slice(1) : afterAssignments;
  const [name = "", ...args] = command;
  return (name === "ping" ? parsePing(args) : undefined) ?? { kind: "notSimulated", word: firstLine(name) };
}

function parsePing(args: ReadonlyArray<string>): PingCommand | undefined {
  const values: Record<string, number> = {};
  const targets: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    const option = /^-([cWwis])(.*)$/.exec(word);
    if (word === "-n") continue;
    if (option === null) {
      targets.push(word);
      continue;
    }
    const [, letter = "", attached = ""] = option;
    if (attached === "") index += 1;
    const value = attached === "" ? (args[index] ?? "") : attached;
    if (!NUMBER.test(value)) return undefined;
    values[letter] = Number(value);
  }
  const [target, ...others] = targets;
  if (target === undefined || others.length > 0 || parseIpv4(target) === undefined) return undefined;
  return pingOf(target, values);
}

function pingOf(target: string, values: Readonly<Record<string, number>>): PingCommand | undefined {
  const { c: count, W: waitS, w: deadlineS, i: intervalS = 1, s: size = 56 } = values;
  const whole = [count ?? 1, size].every(Number.isInteger);
  if (!whole || count === 0 || size > 65_507 || intervalS * 1_000 < INTERVAL_MIN_MS) return undefined;
  return {
    kind: "ping",
    target,
    count,
    intervalMs: intervalS * 1_000,
    waitMs: waitS === undefined ? WAIT_DEFAULT_MS : waitS * 1_000,
    deadlineMs: deadlineS === undefined ? undefined : deadlineS * 1_000,
    size,
  };
}

function firstLine(word: string): string {
  return word.split("\n")[0] ?? "";
}
