/**
 * A form waits for the checks, so they must be quick where networks are large: 50 vSwitches, 20 tables with 190 entries,
 * 100 groups with 100 rules and 500 instances a side.
 */
import { expect, test } from "vitest";
import { preflight } from "../../machines/network/preflight.ts";
import { largeNetwork, largeRequest } from "./large-network.ts";

/** Far above what it takes (11 to 14 ms on two busy cores), and far below anything that grows with the square. */
const TAKES_AT_MOST_MS = 100;

test.each(["all", "chosen"] as const)("%s vSwitches of large networks are checked in a moment", (how) => {
  const network = largeNetwork(1);
  const request = largeRequest(network, how);
  const times = Array.from({ length: 7 }, () => {
    const before = performance.now();
    preflight(request, network);
    return performance.now() - before;
  });
  const median = times.toSorted((a, b) => a - b)[3] ?? Infinity;

  console.log(`${how} vSwitches: ${median.toFixed(1)} ms`);
  expect(median).toBeLessThan(TAKES_AT_MOST_MS);
});
