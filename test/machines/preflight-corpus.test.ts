/**
 * The preflight held against situations whose answers are known: it misses no stop, and stops next to nothing else.
 */
import { describe, expect, test } from "vitest";
import { planRequest } from "../../machines/connections/plan-request.ts";
import type { Check } from "../../machines/network/checks.ts";
import { SITUATIONS, type Situation } from "./preflight-corpus.ts";

/** Stops that the documents do not ask for, of all situations that they let pass. */
const FALSE_STOPS_MAX = 0.02;

const answers = SITUATIONS.map((situation) => ({ situation, ...said(situation) }));

test.each(answers)("$situation.name: $situation.stops $situation.warns", ({ situation, stops, warns }) => {
  expect({ stops, warns }).toEqual({ stops: situation.stops, warns: situation.warns });
});

describe("of all situations", () => {
  test("there are at least 200, of which about as many stop as pass", () => {
    const stopping = SITUATIONS.filter(({ stops }) => stops.length > 0).length;

    expect(SITUATIONS.length).toBeGreaterThanOrEqual(200);
    expect(stopping / SITUATIONS.length).toBeGreaterThan(0.3);
    expect(stopping / SITUATIONS.length).toBeLessThan(0.7);
    expect(new Set(SITUATIONS.map(({ name }) => name)).size).toBe(SITUATIONS.length);
  });

  test("no stop is missed, and false stops are 2 % at most", () => {
    const missed = answers.filter(({ situation, stops }) => situation.stops.some((label) => !stops.includes(label)));
    const wrong = answers.filter(({ situation, stops }) => stops.some((label) => !situation.stops.includes(label)));

    console.log(`${answers.length} situations: ${missed.length} stops missed, ${wrong.length} false stops`);
    expect(missed.map(({ situation }) => situation.name)).toEqual([]);
    expect(wrong.length / answers.length).toBeLessThanOrEqual(FALSE_STOPS_MAX);
  });

  test("each check is seen to be ok and otherwise", () => {
    const seen = answers.flatMap(({ checks }) => checks.map(({ check, level }) => `${check} ${level === "ok"}`));
    const names = new Set(answers.flatMap(({ checks }) => checks.map(({ check }) => check)));

    // Only there when there is something to say.
    const notes = ["ipv4Only", "moreThanOneService", "sizeOffered", "connectionOffered", "cdtMayOpen"];
    expect([...names].filter((name) => !seen.includes(`${name} false`))).toEqual([]);
    expect([...names].filter((name) => !seen.includes(`${name} true`)).toSorted()).toEqual(notes.toSorted());
  });
});

function said({ request, network, rules }: Situation) {
  const planned = planRequest(request, network, rules);
  const checks = "plan" in planned ? planned.plan.checks : planned.stopped;
  const labels = (level: Check["level"]) =>
    [...new Set(checks.filter((check) => check.level === level).map(labelOf))].toSorted((a, b) =>
      a.localeCompare(b, "en"),
    );
  return { checks, stops: labels("stop"), warns: labels("warn") };
}

function labelOf(check: Check): string {
  return "side" in check ? `${check.check}@${check.side}` : check.check;
}
