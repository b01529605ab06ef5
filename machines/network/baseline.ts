/**
 * What has changed between two tests of the same path: the first that verified it, and a later one.
 */
import type { PortVerdict, TestFound } from "./test-output.ts";

export type Difference =
  /** The mean round trip, ms. */
  | { readonly what: "slower"; readonly before: number; readonly after: number }
  | { readonly what: "loss"; readonly beforePercent: number; readonly afterPercent: number }
  | { readonly what: "port"; readonly port: number; readonly before: PortVerdict; readonly after: PortVerdict }
  /** Bytes. */
  | { readonly what: "mtu"; readonly before: number; readonly after: number };

/** Round trips vary by the hour: less than this, as a factor and in ms, is no news. */
const SLOWER_FACTOR = 1.5;
const SLOWER_MS = 1;

/**
 * What is worse than it was, and ports that answer otherwise, also for the better. Empty when there is nothing to tell;
 * what one of the two did not measure is not compared.
 */
export function differences(baseline: TestFound, later: TestFound): readonly Difference[] {
  return [
    ...slower(baseline, later),
    ...loss(baseline, later),
    ...portsChanged(baseline, later),
    ...(baseline.mtu !== null && later.mtu !== null && later.mtu < baseline.mtu
      ? [{ what: "mtu", before: baseline.mtu, after: later.mtu } as const]
      : []),
  ];
}

function slower(baseline: TestFound, later: TestFound): readonly Difference[] {
  const [before, after] = [baseline.ping?.rttMs?.avg, later.ping?.rttMs?.avg];
  if (before === undefined || after === undefined) return [];
  const isSlower = after >= before * SLOWER_FACTOR && after - before >= SLOWER_MS;
  return isSlower ? [{ what: "slower", before, after }] : [];
}

function loss(baseline: TestFound, later: TestFound): readonly Difference[] {
  if (!baseline.ping || !later.ping) return [];
  const [beforePercent, afterPercent] = [baseline.ping.lossPercent, later.ping.lossPercent];
  return afterPercent > beforePercent ? [{ what: "loss", beforePercent, afterPercent }] : [];
}

function portsChanged(baseline: TestFound, later: TestFound): readonly Difference[] {
  return later.ports.flatMap(({ port, verdict }): readonly Difference[] => {
    const before = baseline.ports.find((one) => one.port === port)?.verdict;
    const isKnown = before !== undefined && before !== "unmeasured" && verdict !== "unmeasured";
    return isKnown && before !== verdict ? [{ what: "port", port, before, after: verdict }] : [];
  });
}
