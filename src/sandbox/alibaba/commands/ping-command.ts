import { parseIpv4 } from "../cidr.ts";

/** One `ping` as it was asked for; times in ms. */
export interface PingCommand {
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
  /** Whether the packets may be cut up on the way (-M do: they may not). */
  readonly fragments: boolean;
}

/** Both iputils and BusyBox wait 10 s for the last reply unless told otherwise. */
const WAIT_DEFAULT_MS = 10_000;
/** iputils refuses less for users who are not root; nothing here needs less. */
const INTERVAL_MIN_MS = 200;
const NUMBER = /^\d+(\.\d+)?$/;

/**
 * Options -c -W -w -i -s (value apart or attached), -n, -M do, and one IPv4 address; undefined where there is more to it.
 *
 * Examples: `-c 4 10.0.0.1` · `-n -c10 -W 1 172.16.0.10` · `-M do -c 3 -s 1472 10.0.0.1`.
 */
export function pingCommand(args: ReadonlyArray<string>): PingCommand | undefined {
  const values: Record<string, number> = {};
  const targets: string[] = [];
  let fragments = true;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    const option = /^-([cWwis])(.*)$/.exec(word);
    if (word === "-n") continue;
    if (word === "-M" && args[index + 1] === "do") {
      fragments = false;
      index += 1;
      continue;
    }
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
  return pingOf(target, values, fragments);
}

function pingOf(target: string, values: Readonly<Record<string, number>>, fragments: boolean): PingCommand | undefined {
  const { c: count, W: waitS, w: deadlineS, i: intervalS = 1, s: size = 56 } = values;
  const whole = [count ?? 1, size].every(Number.isInteger);
  if (!whole || count === 0 || size > 65_507 || intervalS * 1_000 < INTERVAL_MIN_MS) return undefined;
  return {
    target,
    count,
    intervalMs: intervalS * 1_000,
    waitMs: waitS === undefined ? WAIT_DEFAULT_MS : waitS * 1_000,
    deadlineMs: deadlineS === undefined ? undefined : deadlineS * 1_000,
    size,
    fragments,
  };
}
