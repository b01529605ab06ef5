import { contains, type Cidr } from "../../machines/network/cidr.ts";
import { RESERVED_CIDR } from "../../machines/network/rules.ts";

/** Pings of one test, one a second. */
const PING_COUNT = 10;

/** How long to wait for the reply to the last one, s. */
const REPLY_WAIT_S = 2;

/** Cloud Assistant ends the command after this long, s; at least 10. The pings take 12 s when nothing answers. */
export const PING_TIMEOUT_S = 60;

/** Four numbers without leading zeros, which some programs read as octal. */
const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

/**
 * No instance has an address in these: "this" network, the cloud's own range (its metadata server among them), the host
 * itself, link-local, multicast, and what lies beyond.
 */
const FORBIDDEN: readonly Cidr[] = [
  "0.0.0.0/8",
  RESERVED_CIDR,
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/**
 * The one script that the bot ever runs on an instance. Nothing but an IPv4 address gets into it; anything else throws,
 * because it was to be an address that the cloud had just named.
 *
 * English whatever the instance's language, and the exit code is ping's own.
 */
export function pingScript(targetIp: string): string {
  const parts = IPV4.exec(targetIp)?.slice(1) ?? [];
  const isAddress = parts.length === 4 && parts.every((part) => Number(part) <= 255);
  if (!isAddress) throw new Error(`pinging ${JSON.stringify(targetIp)}, which is no IPv4 address`);
  if (FORBIDDEN.some((block) => contains(block, `${targetIp}/32`))) {
    throw new Error(`pinging ${targetIp}, which is no instance's address`);
  }
  return `LC_ALL=C exec ping -c ${PING_COUNT} -W ${REPLY_WAIT_S} ${targetIp}`;
}
