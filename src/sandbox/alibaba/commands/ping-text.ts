import type { PingCommand } from "./ping-command.ts";

/** One echo request that was sent; `roundTripMs` is undefined when no reply came. */
export interface Probe {
  readonly sentAt: number;
  readonly roundTripMs: number | undefined;
}

/** What ping has printed so far, and its summary. */
export interface PingText {
  readonly command: PingCommand;
  readonly probes: ReadonlyArray<Probe>;
  /** From the first request to the end, in ms. */
  readonly elapsedMs: number;
}

/** Hops are not simulated; this is a plausible number that is the same everywhere. */
const TTL = 62;
const ICMP_HEADER_BYTES = 8;
const IP_HEADER_BYTES = 20;

/**
 * The text of iputils ping in the C locale, summary included.
 *
 * https://github.com/iputils/iputils/blob/master/ping/ping_common.c (read 2026-08-22)
 */
export function iputilsText({ command, probes, elapsedMs }: PingText): string {
  const { target, size } = command;
  const bytes = `${size}(${size + ICMP_HEADER_BYTES + IP_HEADER_BYTES})`;
  const replies = probes.flatMap((probe, index) =>
    probe.roundTripMs === undefined
      ? []
      : [
          `${size + ICMP_HEADER_BYTES} bytes from ${target}: icmp_seq=${index + 1} ttl=${TTL} time=${shortMs(probe.roundTripMs)} ms`,
        ],
  );
  const times = probes.flatMap((probe) => probe.roundTripMs ?? []);
  const loss = percentLost({ sent: probes.length, received: times.length });
  return [
    `PING ${target} (${target}) ${bytes} bytes of data.`,
    ...replies,
    "",
    `--- ${target} ping statistics ---`,
    `${probes.length} packets transmitted, ${times.length} received, ${generalNumber(loss)}% packet loss, time ${Math.round(elapsedMs)}ms`,
    times.length === 0
      ? ""
      : `rtt min/avg/max/mdev = ${[...minAvgMax(times), deviation(times)].map(threeDigits).join("/")} ms`,
    "",
  ].join("\n");
}

/**
 * The text of BusyBox ping, summary included.
 *
 * https://git.busybox.net/busybox/tree/networking/ping.c (read 2026-08-22)
 */
export function busyboxText({ command, probes }: PingText): string {
  const { target, size } = command;
  const replies = probes.flatMap((probe, index) =>
    probe.roundTripMs === undefined
      ? []
      : [
          `${size + ICMP_HEADER_BYTES} bytes from ${target}: seq=${index} ttl=${TTL} time=${threeDigits(probe.roundTripMs)} ms`,
        ],
  );
  const times = probes.flatMap((probe) => probe.roundTripMs ?? []);
  const loss = Math.trunc(percentLost({ sent: probes.length, received: times.length }));
  return [
    `PING ${target} (${target}): ${size} data bytes`,
    ...replies,
    "",
    `--- ${target} ping statistics ---`,
    `${probes.length} packets transmitted, ${times.length} packets received, ${loss}% packet loss`,
    ...(times.length === 0 ? [] : [`round-trip min/avg/max = ${minAvgMax(times).map(threeDigits).join("/")} ms`]),
    "",
  ].join("\n");
}

function percentLost({ sent, received }: { sent: number; received: number }): number {
  return sent === 0 ? 0 : ((sent - received) * 100) / sent;
}

/** printf's %g: at most six significant digits, no trailing zeros. */
function generalNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** As iputils does: three significant digits up to 100 ms. */
function shortMs(ms: number): string {
  if (ms >= 100) return ms.toFixed(0);
  if (ms >= 10) return ms.toFixed(1);
  return ms >= 1 ? ms.toFixed(2) : ms.toFixed(3);
}

function threeDigits(ms: number): string {
  return ms.toFixed(3);
}

function minAvgMax(times: ReadonlyArray<number>): ReadonlyArray<number> {
  return [Math.min(...times), times.reduce((sum, time) => sum + time, 0) / times.length, Math.max(...times)];
}

function deviation(times: ReadonlyArray<number>): number {
  const average = times.reduce((sum, time) => sum + time, 0) / times.length;
  const squares = times.reduce((sum, time) => sum + time * time, 0) / times.length;
  return Math.sqrt(Math.max(0, squares - average * average));
}
