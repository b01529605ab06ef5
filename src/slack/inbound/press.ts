/**
 * Buttons on the card. A button names a peering and what it was pressed for; everything else is read from the store.
 */
import { z } from "zod";
import { hashOf } from "../../../machines/network/plan.ts";
import type { Command, Request } from "../../../machines/peering/commands.ts";
import { may } from "../../../machines/peering/authority.ts";
import type { PeeringId } from "../../../machines/peering/record.ts";
import { ChatFailure } from "../../ports.ts";
import type { Asker } from "../answer.ts";
import { BUTTONS } from "../ids.ts";
import { cardText } from "../render/card.ts";
import { planView, reasonView } from "../render/views.ts";
import { LANGUAGE } from "../texts/en/card.ts";
import { refusal } from "../texts/en/refusals.ts";
import type { Refusal } from "../../../machines/peering/refusal.ts";
import { EXPIRED_TRIGGER } from "../texts/en/commands.ts";
import type { InboundPorts } from "./handle.ts";
import { proposeFix } from "./propose-fix.ts";
import { requestMissing } from "./why.ts";
import type { InboundOf } from "./inbound.ts";
import { parsed } from "./payloads.ts";

const ButtonValue = z.object({
  peeringId: z.templateLiteral(["P-", z.string()]),
  run: z.number(),
  planHash: z.string().optional(),
  step: z.string().optional(),
});
type Pressed = InboundOf<"button"> & { readonly names: z.infer<typeof ButtonValue> };

export async function pressButton(ports: InboundPorts, inbound: InboundOf<"button">): Promise<void> {
  if (inbound.button === BUTTONS.requestMissing) return requestMissing(ports, inbound);
  const names = ButtonValue.safeParse(parsed(inbound.value));
  if (!names.success) {
    ports.log.warn("button with a value that is not ours", { button: inbound.button });
    return;
  }
  const pressed = { ...inbound, names: names.data };
  await act(ports, pressed);
  await retireSecondCard(ports, pressed);
}

async function act(ports: InboundPorts, pressed: Pressed): Promise<void> {
  const { by, names } = pressed;
  const at = ports.clock.now();
  const [button = ""] = pressed.button.split(":");
  switch (button) {
    case BUTTONS.approve:
      return approve(ports, pressed);
    case BUTTONS.withdraw:
      return command(ports, pressed, { type: "withdraw", at, by });
    case BUTTONS.retry:
      return command(ports, pressed, { type: "retry", at, by, run: names.run, step: names.step ?? "" });
    case BUTTONS.rollBack:
      return command(ports, pressed, { type: "rollBack", at, by });
    case BUTTONS.test:
      return command(ports, pressed, { type: "test", at, by });
    case BUTTONS.proposeFix:
      return proposeFix(ports, pressed, names);
    case BUTTONS.reject:
      return askReason(ports, pressed, "reject");
    case BUTTONS.acceptUntested:
      return askReason(ports, pressed, "acceptUntested");
    case BUTTONS.reviewPlan:
      return reviewPlan(ports, pressed);
    default:
      ports.log.warn("button that nobody made", { button });
  }
}

/** A yes goes on record with what was shown and under which rules. */
async function approve(ports: InboundPorts, pressed: Pressed): Promise<void> {
  const { store, rules, clock } = ports;
  const { peeringId, run, planHash = "" } = pressed.names;
  const stored = await store.peering(peeringId);
  if (!stored) return no(ports, pressed, { reason: "unknownPeering", peeringId });
  const policy = await rules.policy();
  const card = { snapshot: stored.snapshot, waitingFor: [], leads: policy.leads };
  const shown = {
    text: cardText(card),
    language: LANGUAGE,
    policyHash: hashOf(policy),
    leads: policy.leads.userIds,
    botVersion: rules.botVersion,
  };
  return command(ports, pressed, { type: "approve", at: clock.now(), by: pressed.by, run, planHash, shown });
}

async function command(
  ports: InboundPorts,
  pressed: Asker & Pick<Pressed, "cause" | "names">,
  asked: Exclude<Command, Request>,
): Promise<void> {
  const admitted = await ports.door.command(
    pressed.names.peeringId,
    asked,
    await ports.directory.actor(pressed.by),
    pressed.cause,
  );
  if (admitted.kind === "refused") await no(ports, pressed, admitted.refusal);
}

/** Who may not do it is told so before being asked for a reason. */
async function askReason(ports: InboundPorts, pressed: Pressed, wanted: "reject" | "acceptUntested"): Promise<void> {
  const { store, directory, rules, answers } = ports;
  const { peeringId, run } = pressed.names;
  const stored = await store.peering(peeringId);
  if (!stored) return no(ports, pressed, { reason: "unknownPeering", peeringId });
  const decision = may(await directory.actor(pressed.by), wanted, stored.snapshot.peering, await rules.policy());
  if (!decision.allowed) return no(ports, pressed, decision.refusal);
  const opened = await answers.open(pressed.triggerId, reasonView({ command: wanted, peeringId, run }));
  if (opened === null) await answers.refuse({ ...pressed, triggerId: "" }, EXPIRED_TRIGGER);
}

export async function giveReason(ports: InboundPorts, inbound: InboundOf<"reasonGiven">): Promise<void> {
  const { by, run, reason } = inbound;
  const at = ports.clock.now();
  const asked =
    inbound.command === "reject"
      ? ({ type: "reject", at, by, run, reason } as const)
      : ({ type: "acceptUntested", at, by, reason } as const);
  const names = { peeringId: inbound.peeringId as PeeringId, run };
  return command(ports, { ...inbound, responseUrl: "", names }, asked);
}

async function reviewPlan(ports: InboundPorts, pressed: Pressed): Promise<void> {
  const { store, answers, pictures, album } = ports;
  const { peeringId } = pressed.names;
  const stored = await store.peering(peeringId);
  if (!stored) return no(ports, pressed, { reason: "unknownPeering", peeringId });
  const { peering } = stored.snapshot;
  const drawing = pictures?.drawing(stored.snapshot);
  const picture = drawing ? await album.shown(peeringId, drawing) : null;
  const opened = await answers.open(pressed.triggerId, planView(peering, picture)).catch((error: unknown) => {
    // Slack looks at the view before it takes the trigger, so there is one left for the plan without its picture.
    if (!picture || !(error instanceof ChatFailure) || error.code !== "invalid_arguments") throw error;
    return answers.open(pressed.triggerId, planView(peering, null));
  });
  if (opened === null) await answers.refuse({ ...pressed, triggerId: "" }, EXPIRED_TRIGGER);
}

function no({ answers, clock }: InboundPorts, to: Asker, refused: Refusal): Promise<void> {
  return answers.refuse(to, refusal(refused, clock.now(), to.by));
}

/** A post whose answer was lost leaves a second card behind; it is found when somebody presses something on it. */
async function retireSecondCard(ports: InboundPorts, { names, channel, ts }: Pressed): Promise<void> {
  const { store, thread, log } = ports;
  const told = await store.telling(names.peeringId);
  if (!told?.card || told.card.channel !== channel || told.card.ts === ts) return;
  try {
    await thread.retireCard({ channel, ts }, told.card);
  } catch (error) {
    // What was pressed is done; the next one who presses something there retires it.
    if (!(error instanceof ChatFailure) || error.isPassing) throw error;
    log.warn("second card not retired", { peeringId: names.peeringId, code: error.code });
  }
}
