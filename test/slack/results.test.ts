/**
 * Test results in words.
 */
import { describe, expect, test } from "vitest";
import type { TestFound, TestTries } from "../../machines/network/test-output.ts";
import { changedSince, coverageLine, howProved, testLine, testRows } from "../../src/slack/texts/en/results.ts";
import { pinged } from "../machines/peering-in.ts";
import { plan, T0 } from "../machines/tutorial.ts";

const tries = (ping: boolean, ...ports: number[]): TestTries => ({ ping, ports });

function found(change: Partial<TestFound>): TestFound {
  return { ping: pinged(10).ping, ports: [], mtu: 1_500, ...change };
}

describe("what one test has found", () => {
  test("is a row for ping, one for each port, and one for the packet size", () => {
    const ports = [
      { port: 443, verdict: "open" },
      { port: 5432, verdict: "refused" },
      { port: 8080, verdict: "noAnswer" },
    ] as const;

    expect(testRows(found({ ports }), tries(true, 443, 5432, 8080, 9000))).toEqual([
      ["ping × 10", "10 back; 11.9 / 12.4 / 14.0 ms"],
      ["TCP 443", "open"],
      ["TCP 5432", "refused: path works, nothing listens"],
      ["TCP 8080", "no answer"],
      ["TCP 9000", "not tried: the instance has nothing to try it with"],
      ["path MTU", "1500 bytes"],
    ]);
  });

  test("is said to be missing, never made up", () => {
    expect(testRows(found({ ping: null, mtu: null }), tries(true))).toEqual([
      ["ping", "not run: the instance has none that it may run"],
    ]);
    expect(testRows(found({ mtu: null }), tries(true)).at(-1)).toEqual(["path MTU", "not measured"]);
    expect(testRows(found({ ping: null, mtu: null }), tries(false, 443))).toHaveLength(1);
  });

  test("is one line on the card, in which ports with one result are named together", () => {
    const ports = [443, 5432, 8080].map((port) => ({ port, verdict: port === 5432 ? "refused" : "open" }) as const);

    expect(testLine(found({ ports }), tries(true, 443, 5432, 8080))).toBe(
      "10 back; 11.9 / 12.4 / 14.0 ms; TCP 443 and 8080 open; TCP 5432 refused: path works, nothing listens",
    );
  });

  test("with lost packets says how many", () => {
    expect(testLine(found({ ping: pinged(7).ping }), tries(true))).toMatch(/^7 of 10 back, 30 % lost; /);
    expect(testLine(found({ ping: pinged(0).ping }), tries(true))).toBe("nothing of 10 came back");
  });
});

test.each([
  [["answered", "answered"], false, false, "Every ping came through"],
  [["answered", "answered"], false, true, "Every ping came through and every port answers"],
  [["answered", "answered"], true, true, "Both ways answer, but some packets were lost"],
  [["lost", "answered"], false, true, "Every port answers and ping does not, so something drops ping alone"],
  [["notRun", "answered"], false, true, "Every port answers; ping could not be run everywhere"],
  [["notAsked"], false, true, "Every port answers"],
] as const)("%j, some lost: %s, ports: %s: %s", (ping, lostSome, triedPorts, words) => {
  expect(howProved({ ping, lostSome, triedPorts })).toContain(words);
});

test("what is covered is counted by tables", () => {
  expect(coverageLine({ packets: ["vtb-1", "vtb-2"], analysis: ["vtb-3"], untested: ["vtb-4"] })).toBe(
    "Covered: 2 of 4 route tables by packets, 1 by analysis, 1 not tested.",
  );
  expect(coverageLine(undefined)).toBe("");
});

test("what has changed since the first test is said with both figures", () => {
  const line = changedSince(
    pinged(10),
    plan().about,
    [
      { what: "slower", before: 12.4, after: 26 },
      { what: "loss", beforePercent: 0, afterPercent: 20 },
      { what: "port", port: 5432, before: "open", after: "refused" },
      { what: "mtu", before: 1_500, after: 1_450 },
    ],
    T0,
  );

  expect(line).toContain("orders-prod-1 → shared-data-1, compared with the first test at");
  expect(line).toContain(
    ": 2.1 × slower (12.4 → 26.0 ms); 20 % lost, 0 % then; TCP 5432 refused, open then; path MTU 1450 bytes, 1500 then.",
  );
});
