/**
 * What of a packet decides whether rules, network ACLs and routes let it through, and how their texts are read.
 */
import { blockOf, covers as coversBlock, type Cidr } from "./cidr.ts";

export type Protocol = "TCP" | "UDP" | "ICMP";

/** Addressed packets of one kind: where ports may be any of a range, all of these have to get through. */
export interface Packet {
  readonly protocol: Protocol;
  readonly sourceIp: string;
  readonly destinationIp: string;
  /** Null for ICMP, which has no ports. */
  readonly sourcePorts: Ports | null;
  readonly destinationPorts: Ports | null;
}

/** First and last port, both included. */
export interface Ports {
  readonly low: number;
  readonly high: number;
}

/**
 * What a client's end may have, on Linux and on Windows (49152–65535) as far as that shares it.
 *
 * `net.ipv4.ip_local_port_range`: https://docs.kernel.org/networking/ip-sysctl.html (read 2026-11-26).
 */
export const CLIENT_PORTS: Ports = { low: 32_768, high: 60_999 };

export const EVERY_PORT: Ports = { low: 0, high: 65_535 };

/** The first packet from a client to a service; `port` is null for ICMP. */
export function requestPacket(
  ends: Pick<Packet, "sourceIp" | "destinationIp">,
  protocol: Protocol,
  port: number | null,
): Packet {
  const ports = port === null ? null : { low: port, high: port };
  return { ...ends, protocol, sourcePorts: ports && CLIENT_PORTS, destinationPorts: ports };
}

/** The answer to a packet: everything the other way round. */
export function replyTo({ protocol, sourceIp, destinationIp, sourcePorts, destinationPorts }: Packet): Packet {
  return {
    protocol,
    sourceIp: destinationIp,
    destinationIp: sourceIp,
    sourcePorts: destinationPorts,
    destinationPorts: sourcePorts,
  };
}

/** True when the address is in the block. */
export function covers(cidr: Cidr, ip: string): boolean {
  return coversBlock(blockOf(cidr), blockOf(ip));
}

/** Whether a rule or an entry for `protocol` (`ALL`, `TCP` …) is about this packet. */
export function isAbout(protocol: string, packet: Packet): boolean {
  return protocol === "ALL" || protocol === packet.protocol;
}

/**
 * Whether a port is one of a rule's.
 *
 * Examples: `5432/5432`, `1/65535`; `-1/-1` and the empty text are every port; what is no range holds none.
 */
export function holdsPort(rangeText: string, port: number): boolean {
  const range = portsIn(rangeText);
  return range !== null && range.low <= port && port <= range.high;
}

/** The ports of a rule or an entry; null for what is no range. Examples: as for `holdsPort`. */
export function portsIn(text: string): Ports | null {
  if (text === "" || text === "-1/-1") return EVERY_PORT;
  const range = /^(\d+)\/(\d+)$/.exec(text);
  return range ? { low: Number(range[1]), high: Number(range[2]) } : null;
}

/**
 * One port for each stretch of `ports` in which the ranges do not tell ports apart: what holds for it holds for the stretch.
 * `[null]` where there are no ports.
 */
export function tellingPorts(ports: Ports | null, rangeTexts: readonly string[]): readonly (number | null)[] {
  if (ports === null) return [null];
  const borders = rangeTexts.flatMap((text) => {
    const range = portsIn(text);
    return range === null ? [] : [range.low, range.high + 1];
  });
  const within = borders.filter((port) => ports.low < port && port <= ports.high);
  return [ports.low, ...new Set(within)];
}
