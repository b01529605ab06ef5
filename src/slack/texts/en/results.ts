/**
 * Test results in words: plain text, because tables show no markup.
 */
import type { Difference } from "../../../../machines/network/baseline.ts";
import type { Coverage } from "../../../../machines/network/coverage.ts";
import type { PingFigures } from "../../../../machines/network/ping.ts";
import type { AboutSide } from "../../../../machines/network/plan.ts";
import { SIDES, type Sides } from "../../../../machines/network/side.ts";
import {
  verdictOf,
  type PortVerdict,
  type TestFound,
  type TestTries,
} from "../../../../machines/network/test-output.ts";
import type { TestVerdict } from "../../../../machines/network/test-verdict.ts";
import type { TestEnd, TestReport } from "../../../../machines/peering/record.ts";
import { count, escaped, listed, timeOfDay } from "../mrkdwn.ts";

export const resultHeader = ["Path", "Test", "Result"] as const;

/** `orders-1 → ledger-1`. */
export function testPath({ from, to }: Pick<TestReport, "from" | "to">, about: Sides<AboutSide>): string {
  return `${hostName(from, about)} → ${hostName(to, about)}`;
}

function hostName({ instanceId, ip }: TestEnd, about: Sides<AboutSide>): string {
  const known = SIDES.map((side) => about[side].testInstance).find((instance) => instance?.id === instanceId);
  return known?.name || ip;
}

/** What was tried and what came of it, a row each: ping, the ports, the path MTU. */
export function testRows(found: TestFound, tries: TestTries): ReadonlyArray<readonly [string, string]> {
  const { ping, mtu } = found;
  return [
    ...(ping ? [[`ping × ${ping.sent}`, pingResult(ping)] as const] : []),
    ...(tries.ping && !ping ? [["ping", PING_NOT_RUN] as const] : []),
    ...tries.ports.map((port) => [`TCP ${port}`, PORT_RESULTS[verdictOf(found, port)]] as const),
    ...(ping ? [["path MTU", mtu === null ? "not measured" : `${mtu} bytes`] as const] : []),
  ];
}

/** The same in one line: `10 back; 11.9 / 12.4 / 14.0 ms; TCP 5432 open`. */
export function testLine(found: TestFound, tries: TestTries): string {
  const { ping } = found;
  const pinged = ping ? [pingResult(ping)] : tries.ping ? [`ping ${PING_NOT_RUN}`] : [];
  const byVerdict = Map.groupBy(tries.ports, (port) => verdictOf(found, port));
  const tried = [...byVerdict].map(([verdict, ports]) => `TCP ${listed(ports.map(String))} ${PORT_RESULTS[verdict]}`);
  return [...pinged, ...tried].join("; ");
}

const PING_NOT_RUN = "not run: the instance has none that it may run";

const PORT_RESULTS = {
  open: "open",
  refused: "refused: path works, nothing listens",
  noAnswer: "no answer",
  unmeasured: "not tried: the instance has nothing to try it with",
} as const satisfies Record<PortVerdict, string>;

/** `10 back; 11.9 / 12.4 / 14.0 ms`, or what is missing. */
function pingResult({ sent, received, lossPercent, rttMs }: PingFigures): string {
  const times = rttMs ? `; ${[rttMs.min, rttMs.avg, rttMs.max].map((ms) => ms.toFixed(1)).join(" / ")} ms` : "";
  if (received === sent) return `${received} back${times}`;
  if (received === 0) return `nothing of ${sent} came back`;
  return `${received} of ${sent} back, ${lossPercent} % lost${times}`;
}

type ProvedPing = Extract<TestVerdict, { verdict: "verified" }>["ping"];

export function howProved({
  ping,
  lostSome,
  triedPorts,
}: {
  readonly ping: readonly ProvedPing[];
  readonly lostSome: boolean;
  readonly triedPorts: boolean;
}): string {
  const answer = "Every port answers";
  if (ping.includes("lost"))
    return `${answer} and ping does not, so something drops ping alone, such as a firewall on the host`;
  if (ping.includes("notRun")) return `${answer}; ping could not be run everywhere`;
  if (!ping.includes("answered")) return answer;
  if (lostSome) return "Both ways answer, but some packets were lost";
  return triedPorts ? "Every ping came through and every port answers" : "Every ping came through";
}

/** How much of it the test covers; empty where that is not known. */
export function coverageLine(coverage: Coverage | undefined): string {
  if (!coverage) return "";
  const { packets, analysis, untested } = coverage;
  const total = packets.length + analysis.length + untested.length;
  const parts = [
    `${packets.length} of ${count(total, "route table", "route tables")} by packets`,
    ...(analysis.length > 0 ? [`${analysis.length} by analysis`] : []),
    ...(untested.length > 0 ? [`${untested.length} not tested`] : []),
  ];
  return `Covered: ${parts.join(", ")}.`;
}

/** `orders-1 → ledger-1, compared with the first test at 10:58: 2.1 × slower (12.4 → 26.0 ms); TCP 5432 refused, open then.` */
export function changedSince(
  report: TestReport,
  about: Sides<AboutSide>,
  found: readonly Difference[],
  baselineAt: number,
): string {
  return `${escaped(testPath(report, about))}, compared with the first test at ${timeOfDay(baselineAt)}: ${found.map(differenceText).join("; ")}.`;
}

function differenceText(difference: Difference): string {
  switch (difference.what) {
    case "slower": {
      const { before, after } = difference;
      return `${(after / before).toFixed(1)} × slower (${before.toFixed(1)} → ${after.toFixed(1)} ms)`;
    }
    case "loss":
      return `${difference.afterPercent} % lost, ${difference.beforePercent} % then`;
    case "port":
      return `TCP ${difference.port} ${PORT_WORDS[difference.after]}, ${PORT_WORDS[difference.before]} then`;
    case "mtu":
      return `path MTU ${difference.after} bytes, ${difference.before} then`;
  }
}

const PORT_WORDS = {
  open: "open",
  refused: "refused",
  noAnswer: "no answer",
  unmeasured: "not tried",
} as const satisfies Record<PortVerdict, string>;
