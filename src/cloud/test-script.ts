/**
 * The one script that the bot ever runs on an instance, in two languages. It pings, opens TCP connections without sending
 * a byte, looks for the path MTU, and changes nothing.
 */
import { contains, type Cidr } from "../../machines/network/cidr.ts";
import { RESERVED_CIDR, TRIED_PORTS_MAX } from "../../machines/network/rules.ts";
import type { TestTries } from "../../machines/network/test-output.ts";
import { linuxScript } from "./test-script-linux.ts";
import { windowsScript } from "./test-script-windows.ts";

/** Cloud Assistant ends the command after this long, s; at least 10. It takes 12 s when nothing answers. */
export const TEST_TIMEOUT_S = 60;

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

const SCRIPTS = { linux: linuxScript, windows: windowsScript } as const;

/**
 * Nothing but an IPv4 address and port numbers gets into it; anything else throws, because the address was to be one that
 * the cloud had just named, and the ports those of an approved plan.
 *
 * Its last line says all that it found, for `parseTestOutput`.
 */
export function testScript(osType: "linux" | "windows", targetIp: string, { ping, ports }: TestTries): string {
  const parts = IPV4.exec(targetIp)?.slice(1) ?? [];
  const isAddress = parts.length === 4 && parts.every((part) => Number(part) <= 255);
  if (!isAddress) throw new Error(`testing ${JSON.stringify(targetIp)}, which is no IPv4 address`);
  if (FORBIDDEN.some((block) => contains(block, `${targetIp}/32`))) {
    throw new Error(`testing ${targetIp}, which is no instance's address`);
  }
  const strange = ports.filter((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (strange.length > 0) throw new Error(`testing ${JSON.stringify(strange)}, which are no TCP ports`);
  if (ports.length > TRIED_PORTS_MAX) throw new Error(`testing ${ports.length} ports, at most ${TRIED_PORTS_MAX}`);
  return SCRIPTS[osType](targetIp, { ping, ports });
}
