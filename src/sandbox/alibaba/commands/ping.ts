import type { Host, Start } from "./host.ts";
import { pingCommand, type PingCommand } from "./ping-command.ts";
import { busyboxText, iputilsText, type Probe } from "./ping-text.ts";
import type { Program } from "./process.ts";

/** What every link of a VPC and of its connections takes, bytes. */
export const MTU = 1_500;

/** Of IP and ICMP, bytes. */
export const HEADERS = 28;

/**
 * The ping of Linux images. Each request is asked of the state of the world at the moment it is sent, so that what becomes
 * available halfway counts from then on; the text comes when it ends.
 */
export function* ping(start: Start): Program {
  const { host, args, err } = start;
  const isBusybox = host.image.ping === "busybox";
  if (isBusybox && args.includes("-M")) {
    err("ping: unrecognized option: M\n");
    return 1;
  }
  if (isBusybox && host.user !== "root") {
    err("ping: permission denied (are you root?)\n");
    return 1;
  }
  const command = pingCommand(args);
  if (command === undefined) {
    err(`ping: not simulated: ${args.join(" ")}\n`);
    return 2;
  }
  if (!command.fragments && command.size + HEADERS > MTU) {
    err(`ping: local error: message too long, mtu=${MTU}\n`);
    return 1;
  }
  return yield* sendProbes(start, command);
}

function* sendProbes({ host, out }: Start, command: PingCommand): Program {
  const startedAt = host.now();
  const deadlineAt = startedAt + (command.deadlineMs ?? Infinity);
  const probes: Probe[] = [];
  for (;;) {
    const sentAt = host.now();
    const roundTripMs = reply(host, command, probes.length);
    probes.push({ sentAt, roundTripMs });
    const isLast = probes.length === command.count;
    const untilNext = isLast && roundTripMs === undefined ? command.waitMs : command.intervalMs;
    yield { sleepMs: Math.min(untilNext, deadlineAt - sentAt) };
    if (isLast || host.now() >= deadlineAt) break;
  }
  return finish({ host, out }, { command, probes, startedAt });
}

function reply(host: Host, { target, waitMs }: PingCommand, sequence: number): number | undefined {
  const roundTripMs = host.ask(target, { protocol: "ICMP" }, sequence)?.roundTripMs;
  return roundTripMs === undefined || roundTripMs > waitMs ? undefined : roundTripMs;
}

function finish(
  { host, out }: Pick<Start, "host" | "out">,
  { command, probes, startedAt }: { command: PingCommand; probes: ReadonlyArray<Probe>; startedAt: number },
): number {
  const received = probes.filter((probe) => probe.roundTripMs !== undefined).length;
  const last = probes.at(-1);
  const text = { command, probes, elapsedMs: (last?.sentAt ?? startedAt) - startedAt + (last?.roundTripMs ?? 0) };
  out(host.image.ping === "busybox" ? busyboxText(text) : iputilsText(text));
  // iputils: with a deadline, fewer replies than asked for is a failure too.
  const isShort = command.deadlineMs !== undefined && command.count !== undefined && received < command.count;
  return received === 0 || (isShort && host.image.ping === "iputils") ? 1 : 0;
}
