/**
 * Sets of services, a service being a protocol and its port: what rules let through, put together without looking at
 * 65,535 ports one by one.
 */
import { portsIn } from "./packet.ts";

/**
 * Stretches `first, last, first, last …`, ascending and apart, on one line of numbers without gaps: the ports of TCP, then
 * those of UDP, then ICMP.
 */
export type Services = readonly number[];

const PORT_MAX = 65_535;
/** What comes before the first port of UDP. */
const UDP = PORT_MAX;
/** It has no ports, so it is one service. */
const ICMP = 2 * PORT_MAX + 1;

export const NO_SERVICES: Services = [];
export const ICMP_SERVICE: Services = [ICMP, ICMP];
export const ALL_SERVICES: Services = [1, ICMP];

/** What a rule or an entry for `protocol` (`ALL`, `TCP` …) is about; nothing for protocols that no walk asks about. */
export function servicesOf(protocol: string, portRange: string): Services {
  if (protocol === "ICMP") return ICMP_SERVICE;
  const ports = portsIn(portRange);
  if (!ports || !["ALL", "TCP", "UDP"].includes(protocol)) return protocol === "ALL" ? ICMP_SERVICE : NO_SERVICES;
  const [low, high] = [Math.max(ports.low, 1), Math.min(ports.high, PORT_MAX)];
  if (low > high) return protocol === "ALL" ? ICMP_SERVICE : NO_SERVICES;
  if (protocol === "TCP") return [low, high];
  return protocol === "UDP" ? [UDP + low, UDP + high] : [low, high, UDP + low, UDP + high, ICMP, ICMP];
}

/** Those that are in one and in the other. */
export function inBoth(one: Services, other: Services): Services {
  if (one === ALL_SERVICES || other.length === 0) return other;
  if (other === ALL_SERVICES || one.length === 0) return one;
  const found: number[] = [];
  for (let [i, j] = [0, 0]; i < one.length && j < other.length;) {
    const first = Math.max(one[i] ?? 0, other[j] ?? 0);
    const [lastOfOne, lastOfOther] = [one[i + 1] ?? 0, other[j + 1] ?? 0];
    const last = Math.min(lastOfOne, lastOfOther);
    if (first <= last) found.push(first, last);
    if (last === lastOfOne) i += 2;
    if (last === lastOfOther) j += 2;
  }
  return found;
}

/** Those that are in the one and not in the other. */
export function without(one: Services, other: Services): Services {
  return other.length === 0 ? one : inBoth(one, allBut(other));
}

/** Those that are in the one or in the other. */
export function inEither(one: Services, other: Services): Services {
  if (one.length === 0) return other;
  return other.length === 0 ? one : allBut(inBoth(allBut(one), allBut(other)));
}

function allBut(services: Services): Services {
  const left: number[] = [];
  let next = 1;
  for (let at = 0; at < services.length; at += 2) {
    const first = services[at] ?? 0;
    if (next < first) left.push(next, first - 1);
    next = (services[at + 1] ?? 0) + 1;
  }
  if (next <= ICMP) left.push(next, ICMP);
  return left;
}
