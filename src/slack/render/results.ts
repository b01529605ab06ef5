/**
 * Test results, as lines on the card and as a table in the thread.
 */
import type { types } from "@slack/bolt";
import { differences } from "../../../machines/network/baseline.ts";
import type { TestTries } from "../../../machines/network/test-output.ts";
import { testVerdict } from "../../../machines/network/test-verdict.ts";
import {
  baselineOf,
  connectRun,
  currentRun,
  testedRun,
  type Peering,
  type TestReport,
} from "../../../machines/peering/record.ts";
import * as say from "../texts/en/results.ts";
import { escaped } from "../texts/mrkdwn.ts";

/** One line per test that ran, in the order of the plan; mrkdwn, so that names must be harmless. */
export function resultLines(peering: Peering): readonly string[] {
  const { about } = connectRun(peering).plan;
  return tests(peering).map(
    ({ report, tries }) => `${escaped(say.testPath(report, about))}: ${say.testLine(report, tries)}`,
  );
}

/** Three columns, for phones: path, test, result. Null when no test ran. */
export function resultTable(peering: Peering): types.TableBlock | null {
  const { about } = connectRun(peering).plan;
  const rows = tests(peering).flatMap(({ report, tries }) =>
    say.testRows(report, tries).map(([test, result]) => [say.testPath(report, about), test, result]),
  );
  if (rows.length === 0) return null;
  return {
    type: "table",
    rows: [[...say.resultHeader], ...rows].map((cells) => cells.map((text) => ({ type: "raw_text" as const, text }))),
    column_settings: [{ is_wrapped: true }, { is_wrapped: true }, { is_wrapped: true }],
  };
}

/** What makes a verified peering verified, in a sentence without its full stop. */
export function howProved(peering: Peering): string {
  const proved = tests(peering).map(({ report, tries }) => ({ report, tries, verdict: testVerdict(tries, report) }));
  return say.howProved({
    ping: proved.flatMap(({ verdict }) => (verdict.verdict === "verified" ? verdict.ping : [])),
    lostSome: proved.some(({ report: { ping } }) => ping !== null && ping.received > 0 && ping.received < ping.sent),
    triedPorts: proved.some(({ tries }) => tries.ports.length > 0),
  });
}

/** What another test of a verified peering has found to be different from the first. */
export function changesSince(peering: Peering): readonly string[] {
  if (currentRun(peering).kind !== "test") return [];
  const { about } = connectRun(peering).plan;
  return tests(peering).flatMap(({ step, report }) => {
    const baseline = baselineOf(peering, step);
    const found = baseline && baseline.at !== report.at ? differences(baseline, report) : [];
    return baseline && found.length > 0 ? [say.changedSince(report, about, found, baseline.at)] : [];
  });
}

interface Test {
  readonly step: string;
  readonly tries: TestTries;
  readonly report: TestReport;
}

/** Those of the last run that tested anything. */
function tests(peering: Peering): readonly Test[] {
  const run = testedRun(peering);
  return run.plan.steps.flatMap(({ id, effect }): readonly Test[] => {
    const report = run.steps[id]?.report;
    return report && effect.type === "runConnectivityTest" ? [{ step: id, tries: effect, report }] : [];
  });
}
