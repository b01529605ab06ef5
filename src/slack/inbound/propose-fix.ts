/**
 * *Propose fix*: the network is read once more, and what would mend it waits for a decision as a plan of its own.
 */
import { changingSteps, planFix } from "../../../machines/connections/plan-fix.ts";
import { may } from "../../../machines/peering/authority.ts";
import { connectRun, currentRun, hasFailedTest, requestOf, type PeeringId } from "../../../machines/peering/record.ts";
import type { Refusal } from "../../../machines/peering/refusal.ts";
import { CloudFailure } from "../../ports.ts";
import { failureFact, readingCure } from "../texts/en/failures.ts";
import { LOOKING } from "../texts/en/reach.ts";
import { refusal } from "../texts/en/refusals.ts";
import { cannotBeFixed, NOTHING_TO_FIX } from "../texts/en/runs.ts";
import type { InboundPorts } from "./handle.ts";
import type { InboundOf } from "./inbound.ts";

export async function proposeFix(
  ports: InboundPorts,
  inbound: InboundOf<"button">,
  asked: { readonly peeringId: PeeringId; readonly run: number },
): Promise<void> {
  const { store, door, directory, rules, reader, answers, clock, planRules } = ports;
  const { by, cause, responseUrl } = inbound;
  const answer = async (text: string) => void (await answers.whisper(responseUrl, { text }));
  const refuse = (refused: Refusal) => answers.refuse(inbound, refusal(refused, clock.now(), by));
  const stored = await store.peering(asked.peeringId);
  if (!stored) return refuse({ reason: "unknownPeering", peeringId: asked.peeringId });
  const { state, peering } = stored.snapshot;
  const actor = await directory.actor(by);
  // Before the reads: they take seconds, and what cannot be proposed needs none.
  const decision = may(actor, "proposeFix", peering, await rules.policy());
  if (!decision.allowed) return refuse(decision.refusal);
  const run = currentRun(peering);
  const mayHaveFailed = state === "failed" || state === "verified";
  if (!mayHaveFailed || run.number !== asked.run || !hasFailedTest(run))
    return refuse({ reason: "notNow", command: "proposeFix", state });
  await answer(LOOKING);
  try {
    const request = requestOf(peering);
    const planned = planFix(request, connectRun(peering).plan, await reader.networkFacts(request), planRules);
    if ("left" in planned) return await answer(cannotBeFixed(planned.left));
    if (changingSteps(planned.plan).length === 0) return await answer(NOTHING_TO_FIX);
    const command = { type: "proposeFix", at: clock.now(), by, run: asked.run, plan: planned.plan } as const;
    const admitted = await door.command(peering.id, command, actor, cause);
    if (admitted.kind === "refused") await refuse(admitted.refusal);
  } catch (error) {
    if (!(error instanceof CloudFailure)) throw error;
    await answer(`${failureFact(error.failure)}\n${readingCure(error.failure, "press the button again")}`);
  }
}
