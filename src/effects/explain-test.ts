/**
 * Why a test got no answer: the configuration of that moment, walked through as its packets had to go.
 */
import { findingOfTest } from "../../machines/network/mend.ts";
import type { Finding } from "../../machines/network/reachability.ts";
import { requestOf, stepOf } from "../../machines/peering/record.ts";
import { CloudFailure, type CloudReader, type Log, type Store, type StoredWait } from "../ports.ts";

/** Null when the networks cannot be read: the result of the test is told all the same. */
export async function explainTest(
  { store, reader, log }: { readonly store: Store; readonly reader: CloudReader; readonly log: Log },
  { peeringId, run, step }: StoredWait,
): Promise<Finding | null> {
  const peering = (await store.peering(peeringId))?.snapshot.peering;
  const tested = peering?.runs.find(({ number }) => number === run);
  const test = tested && stepOf(tested, step);
  if (!peering || !test) return null;
  try {
    const facts = await reader.networkFacts(requestOf(peering));
    return findingOfTest(facts, { steps: [test], about: tested.plan.about });
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    const { api, code, requestId } = error.failure;
    log.warn("a failed test is not explained", { peeringId, api, code, requestId });
    return null;
  }
}
