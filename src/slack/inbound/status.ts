/**
 * How a peering stands, for one person.
 */
import type { PeeringId } from "../../../machines/peering/record.ts";
import { tellAfreshJob } from "../../jobs.ts";
import { renderCard } from "../render/card.ts";
import { NOT_A_PEERING } from "../texts/en/commands.ts";
import { refusal } from "../texts/en/refusals.ts";
import type { InboundPorts } from "./handle.ts";
import type { InboundOf } from "./inbound.ts";

/**
 * The card without its buttons: those belong to the one card that everybody sees. Whoever asks may be looking for that
 * one in vain, so it is seen to as well.
 */
export async function tellStatus(
  ports: InboundPorts,
  { peeringId, responseUrl }: { readonly peeringId: string; readonly responseUrl: string },
): Promise<void> {
  const { store, queue, rules, answers, clock } = ports;
  const stored = isPeeringId(peeringId) ? await store.peering(peeringId) : null;
  if (!stored) {
    await answers.whisper(responseUrl, { text: refusal({ reason: "unknownPeering", peeringId }, clock.now()) });
    return;
  }
  const { leads } = await rules.policy();
  const card = { snapshot: stored.snapshot, waitingFor: await store.queuedSteps(stored.snapshot.peering.id), leads };
  const { text, blocks } = renderCard(card);
  await answers.whisper(responseUrl, { text, blocks: blocks.filter(({ type }) => type !== "actions") });
  await queue.send([tellAfreshJob(stored.snapshot.peering.id)]);
}

export async function tellStatusOfMessage(
  ports: InboundPorts,
  { peeringId, responseUrl }: InboundOf<"statusOfMessage">,
): Promise<void> {
  if (peeringId !== null) return tellStatus(ports, { peeringId, responseUrl });
  await ports.answers.whisper(responseUrl, { text: NOT_A_PEERING });
}

export function isPeeringId(text: string): text is PeeringId {
  return /^P-[0-9A-Z]{1,32}$/.test(text);
}
