import { parseIpv4 } from "../cidr.ts";
import type { Start } from "./host.ts";
import { HEADERS, MTU } from "./ping.ts";
import type { Program } from "./process.ts";

const TTL = 126;
const INTERVAL_MS = 1_000;
const DEFAULTS = { n: 4, w: 4_000, l: 32 } as const;
const REPLY_LENGTH_MAX = 65_500;

/**
 * Windows' ping, in English: -n -w -l -f and one IPv4 address. A request that gets no reply takes its -w.
 *
 * https://learn.microsoft.com/windows-server/administration/windows-commands/ping (read 2026-11-26)
 */
export function* pingExe({ host, args, out }: Start): Program {
  const asked = read(args);
  if (asked === undefined) {
    out(`ping.exe: not simulated: ${args.join(" ")}\r\n`);
    return 1;
  }
  const { target, n, w, l, whole } = asked;
  const lines = ["", `Pinging ${target} with ${l} bytes of data:`];
  const times: number[] = [];
  for (let sequence = 0; sequence < n; sequence += 1) {
    const isTooLong = whole && l + HEADERS > MTU;
    const roundTripMs = isTooLong ? undefined : host.ask(target, { protocol: "ICMP" }, sequence)?.roundTripMs;
    if (isTooLong) {
      lines.push("Packet needs to be fragmented but DF set.");
      yield { sleepMs: INTERVAL_MS };
    } else if (roundTripMs === undefined || roundTripMs > w) {
      lines.push("Request timed out.");
      yield { sleepMs: w };
    } else {
      const ms = Math.round(roundTripMs);
      times.push(ms);
      lines.push(`Reply from ${target}: bytes=${l} time${ms < 1 ? "<1" : `=${ms}`}ms TTL=${TTL}`);
      yield { sleepMs: sequence + 1 < n ? INTERVAL_MS : roundTripMs };
    }
  }
  out([...lines, ...summary(target, n, times), ""].join("\r\n"));
  return times.length > 0 ? 0 : 1;
}

function summary(target: string, sent: number, times: ReadonlyArray<number>): ReadonlyArray<string> {
  const lost = sent - times.length;
  const average = Math.floor(times.reduce((sum, ms) => sum + ms, 0) / Math.max(1, times.length));
  return [
    "",
    `Ping statistics for ${target}:`,
    `    Packets: Sent = ${sent}, Received = ${times.length}, Lost = ${lost} (${Math.floor((100 * lost) / sent)}% loss),`,
    ...(times.length === 0
      ? []
      : [
          "Approximate round trip times in milli-seconds:",
          `    Minimum = ${Math.min(...times)}ms, Maximum = ${Math.max(...times)}ms, Average = ${average}ms`,
        ]),
  ];
}

function read(args: ReadonlyArray<string>) {
  const values = { ...DEFAULTS } as Record<"n" | "w" | "l", number>;
  let [whole, target] = [false, ""];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? "";
    const option = (["n", "w", "l"] as const).find((letter) => word === `-${letter}`);
    if (option) {
      index += 1;
      values[option] = Number(args[index]);
    } else if (word === "-f") whole = true;
    else if (target === "") target = word;
    else return undefined;
  }
  const areNumbers = Object.values(values).every((value) => Number.isInteger(value) && value > 0);
  return areNumbers && values.l <= REPLY_LENGTH_MAX && parseIpv4(target) !== undefined
    ? { target, whole, ...values }
    : undefined;
}
