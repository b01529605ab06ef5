/**
 * Test results, as lines on the card and as a table in the thread.
 */
import type { types } from "@slack/bolt";
import { connectRun, testedRun, type Peering, type PingReport } from "../../../machines/peering/record.ts";
import { pingResult, resultHeader, testPath } from "../texts/en/results.ts";

/** One line per test that ran, in the order of the plan. */
export function resultLines(peering: Peering): readonly string[] {
  return reports(peering).map((report) => `${testPath(report, connectRun(peering).plan.about)}: ${pingResult(report)}`);
}

/** Three columns, for phones: path, test, result. Null when no test ran. */
export function resultTable(peering: Peering): types.TableBlock | null {
  const rows = reports(peering).map((report) => [
    testPath(report, connectRun(peering).plan.about),
    `ping × ${report.sent}`,
    pingResult(report),
  ]);
  if (rows.length === 0) return null;
  return {
    type: "table",
    rows: [[...resultHeader], ...rows].map((cells) => cells.map((text) => ({ type: "raw_text" as const, text }))),
    column_settings: [{ is_wrapped: true }, { is_wrapped: true }, { is_wrapped: true }],
  };
}

function reports(peering: Peering): readonly PingReport[] {
  const run = testedRun(peering);
  return run.plan.steps.flatMap(({ id }) => {
    const report = run.steps[id]?.report;
    return report ? [report] : [];
  });
}
