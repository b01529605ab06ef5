/**
 * Stored peerings of older machines, brought up to this one where they are read. Each version has one function that leads
 * to the next.
 */
import type { PingFigures } from "../network/ping.ts";
import type { StepEffect } from "./effects.ts";
import { MACHINE_VERSION } from "./machine.ts";
import type { Run, StepProgress, TestEnd, TestReport } from "./record.ts";
import type { Snapshot } from "./transition.ts";

/**
 * The same peering as this version would have stored it. Throws on one of a newer version, which nobody here can read.
 *
 * Plan hashes stay as they were voted for. So a plan that still waits for its decision will differ from what is planned now,
 * and is asked about again.
 */
export function upgraded(snapshot: Snapshot, from: number): Snapshot {
  if (from > MACHINE_VERSION) {
    const { id } = snapshot.peering;
    throw new Error(`reading ${id}: it is of machine version ${from}, and this is version ${MACHINE_VERSION}`);
  }
  return from < 2 ? withPortsTried(snapshot) : snapshot;
}

/** Version 1 only pinged. */
function withPortsTried(snapshot: Snapshot): Snapshot {
  const runs = snapshot.peering.runs.map((run): Run => {
    const steps = run.plan.steps.map((step) => ({ ...step, effect: withTries(step.effect) }));
    const progress = Object.entries(run.steps).map(([id, one]): [string, StepProgress] => [id, withReport(one)]);
    return { ...run, plan: { ...run.plan, steps }, steps: Object.fromEntries(progress) };
  });
  return { ...snapshot, peering: { ...snapshot.peering, runs } };
}

function withTries(effect: StepEffect): StepEffect {
  return effect.type === "runConnectivityTest" ? { ...effect, ping: true, ports: [] } : effect;
}

interface PingReport extends PingFigures {
  readonly from: TestEnd;
  readonly to: TestEnd;
  readonly at: number;
}

function withReport(progress: StepProgress): StepProgress {
  // What version 1 had in its place.
  const pinged = progress.report as PingReport | null;
  if (pinged === null) return progress;
  const { from, to, at, ...ping } = pinged;
  const report: TestReport = { from, to, at, ping, ports: [], mtu: null };
  return { ...progress, report };
}
