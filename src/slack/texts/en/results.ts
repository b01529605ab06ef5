/**
 * Test results in words: plain text, because tables show no markup.
 */
import type { AboutSide } from "../../../../machines/network/plan.ts";
import { SIDES, type Sides } from "../../../../machines/network/side.ts";
import type { PingReport } from "../../../../machines/peering/record.ts";

export const resultHeader = ["Path", "Test", "Result"] as const;

/** `orders-1 → ledger-1`. */
export function testPath({ from, to }: PingReport, about: Sides<AboutSide>): string {
  return `${hostName(from, about)} → ${hostName(to, about)}`;
}

function hostName({ instanceId, ip }: PingReport["from"], about: Sides<AboutSide>): string {
  const known = SIDES.map((side) => about[side].testInstance).find((instance) => instance?.id === instanceId);
  return known?.name || ip;
}

/** `10 back; 11.9 / 12.4 / 14.0 ms`, or what is missing. */
export function pingResult({ sent, received, lossPercent, rttMs }: PingReport): string {
  const times = rttMs ? `; ${[rttMs.min, rttMs.avg, rttMs.max].map((ms) => ms.toFixed(1)).join(" / ")} ms` : "";
  if (received === sent) return `${received} back${times}`;
  if (received === 0) return `nothing of ${sent} came back`;
  return `${received} of ${sent} back, ${lossPercent} % lost${times}`;
}
