import { parseIpv4 } from "../cidr.ts";
import type { Host, Start } from "./host.ts";
import type { Program } from "./process.ts";

/** How long Linux goes on asking before it gives a connection up, ms: six requests more, each after twice the time. */
export const CONNECT_GIVE_UP_MS = 127_000;

/** What a try to open a TCP connection ends in; `silent` after `withinMs`. */
export function* connect(
  host: Host,
  target: { readonly ip: string; readonly port: number },
  withinMs: number,
): Generator<{ readonly sleepMs: number }, "open" | "refused" | "silent", void> {
  const asked = host.ask(target.ip, { protocol: "TCP", port: target.port }, 0);
  if (asked === undefined) {
    yield { sleepMs: withinMs };
    return "silent";
  }
  yield { sleepMs: asked.roundTripMs };
  return asked.answer === "refused" ? "refused" : "open";
}

/** An IPv4 address and a port as they are typed; undefined for anything else. */
export function endpointOf(ip: string, port: string): { readonly ip: string; readonly port: number } | undefined {
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  return parseIpv4(ip) !== undefined && isPort ? { ip, port: Number(port) } : undefined;
}

/** BusyBox's `nc -z -w <s> <ip> <port>`, with -v any number of times: opens a connection and closes it again. */
export function* nc({ host, args, err }: Start): Program {
  const words = args.filter((word) => word !== "-v" && word !== "-z");
  const waitAt = words.indexOf("-w");
  const waitS = waitAt === -1 ? 0 : Number(words.splice(waitAt, 2)[1]);
  const [ip = "", port = ""] = words;
  const target = endpointOf(ip, port);
  if (target === undefined || words.length > 2 || !args.includes("-z") || !(waitS > 0)) {
    err(`nc: not simulated: ${args.join(" ")}\n`);
    return 1;
  }
  const ended = yield* connect(host, target, waitS * 1_000);
  const says = { open: "open", refused: "Connection refused", silent: "Operation timed out" }[ended];
  if (args.includes("-v"))
    err(ended === "open" ? `${ip} (${ip}:${port}) open\n` : `nc: ${ip} (${ip}:${port}): ${says}\n`);
  return ended === "open" ? 0 : 1;
}
