/** What is tried at an address: an echo request, or a TCP connection. */
export type Service = { readonly protocol: "ICMP" } | { readonly protocol: "TCP"; readonly port: number };

/** First and last port, both included. */
export interface PortRange {
  readonly low: number;
  readonly high: number;
}

/**
 * The ports that a client's side of a TCP connection has: any of them, so all of them have to pass.
 *
 * Linux: `net.ipv4.ip_local_port_range`, https://docs.kernel.org/networking/ip-sysctl.html (read 2026-11-26). Windows uses
 * 49152–65535.
 */
export const CLIENT_PORTS: PortRange = { low: 32_768, high: 60_999 };

const EVERY_PORT: PortRange = { low: 0, high: 65_535 };

/**
 * Reads the ports of a rule or of an entry; undefined for what is no range.
 *
 * Examples: `5432/5432`, `1/65535`; `-1/-1` and the empty text are every port.
 */
function parsePortRange(text: string): PortRange | undefined {
  if (text === "" || text === "-1/-1") return EVERY_PORT;
  const [, low = "", high = ""] = /^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? [];
  return low === "" ? undefined : { low: Number(low), high: Number(high) };
}

/** Whether the ports of a rule or of an entry, given as text, hold this one. */
export function textContainsPort(rangeText: string, port: number): boolean {
  const range = parsePortRange(rangeText);
  return range !== undefined && range.low <= port && port <= range.high;
}

/**
 * Whether something holds of every port of `ports`, when nothing but the given ranges decides it.
 *
 * It is asked of the first port and of those at which a range begins or has ended; between these nothing changes.
 */
export function holdsForAll(
  ports: PortRange,
  rangeTexts: ReadonlyArray<string>,
  holds: (port: number) => boolean,
): boolean {
  const turns = rangeTexts.flatMap((text) => {
    const range = parsePortRange(text);
    return range === undefined ? [] : [range.low, range.high + 1];
  });
  return [ports.low, ...turns].filter((port) => ports.low <= port && port <= ports.high).every(holds);
}
