/**
 * Why a test got no answer: the configuration of that moment, walked through as its packets had to go.
 */
import { findingOfTest } from "../../machines/network/mend.ts";
import type { Finding } from "../../machines/network/reachability.ts";
import type { Step } from "../../machines/network/plan.ts";
import { testVerdict } from "../../machines/network/test-verdict.ts";
import { requestOf, stepOf, type TestReport } from "../../machines/peering/record.ts";
import { CloudFailure, type CloudReader, type Log, type Store, type StoredWait } from "../ports.ts";

/** Null when everything answered, and when the networks cannot be read: the result of the test is told all the same. */
export async function explainTest(
  { store, reader, log }: { readonly store: Store; readonly reader: CloudReader; readonly log: Log },
  { peeringId, run, step }: StoredWait,
  report: TestReport,
): Promise<Finding | null> {
  const peering = (await store.peering(peeringId))?.snapshot.peering;
  const tested = peering?.runs.find(({ number }) => number === run);
  const test = tested && stepOf(tested, step);
  const silent = test ? silentOf(test, report) : null;
  if (!peering || !tested || !silent) return null;
  try {
    const facts = await reader.networkFacts(requestOf(peering));
    return findingOfTest(facts, { steps: [silent], about: tested.plan.about });
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    const { api, code, requestId } = error.failure;
    log.warn("a failed test is not explained", { peeringId, api, code, requestId });
    return null;
  }
}

/** The test of what did not answer; null when everything did, or could not be tried. */
function silentOf({ effect, ...step }: Step, report: TestReport): Step | null {
  if (effect.type !== "runConnectivityTest") return null;
  const proved = testVerdict(effect, report);
  return proved.verdict === "noReply"
    ? { ...step, effect: { ...effect, ping: proved.ping, ports: proved.ports } }
    : null;
}
