/**
 * Handles what came from Slack, one kind at a time, after its ack and from the store. The folder has a file for each
 * kind of wish; this one only sends each where it belongs.
 */
import type { PlanRules } from "../../../machines/connections/connection.ts";
import type {
  Album,
  Catalogue,
  Clock,
  CloudReader,
  Directory,
  Door,
  Forms,
  Ids,
  Log,
  Pictures,
  Queue,
  Rules,
  Store,
  Thread,
} from "../../ports.ts";
import { ChatFailure } from "../../ports.ts";
import type { Answers, Asker } from "../answer.ts";
import { NOT_DONE, slackRefuses } from "../texts/en/commands.ts";
import { refusal } from "../texts/en/refusals.ts";
import { typedCommand } from "./command.ts";
import { choosePair, openForm, sendForm } from "./form.ts";
import { Inbound } from "./inbound.ts";
import { giveReason, pressButton } from "./press.ts";
import { tellStatusOfMessage } from "./status.ts";

export interface InboundPorts {
  readonly store: Store;
  readonly reader: CloudReader;
  readonly queue: Queue;
  readonly door: Door;
  readonly directory: Directory;
  readonly rules: Rules;
  readonly thread: Thread;
  /** Null when plans are shown without. */
  readonly pictures: Pictures | null;
  readonly album: Album;
  readonly forms: Forms;
  readonly catalogue: Catalogue;
  readonly answers: Answers;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly testTag: string;
  readonly planRules: PlanRules;
  /** Where cards go, a channel id. */
  readonly channel: string;
}

/** Rejects when Slack or the store must be tried again; what was done by then is not done twice. */
export async function handleInbound(ports: InboundPorts, data: unknown): Promise<void> {
  const inbound = Inbound.parse(data);
  try {
    if (inbound.kind === "groupChanged") return await ports.directory.forgetLeads();
    // One check for every entry; what each may do beyond that is the core's.
    const { standing } = await ports.directory.actor(inbound.by);
    if (standing === "member") return await handle(ports, inbound);
    return await ports.answers.refuse(askerOf(inbound), refusal({ reason: "notAMember", standing }, ports.clock.now()));
  } catch (error) {
    const { responseUrl } = askerOf(inbound);
    // Nobody presses again what is still being tried, so only what a retry cannot mend is said at once.
    if (!(error instanceof ChatFailure) || error.isPassing || responseUrl === "") throw error;
    ports.log.error("slack refuses the bot", { code: error.code });
    await ports.answers.whisper(responseUrl, { text: slackRefuses(error.code) });
  }
}

/** It failed for minutes. Who is not reached either can look at the card: it has not changed. */
export async function giveInboundUp(ports: InboundPorts, data: unknown): Promise<void> {
  const inbound = Inbound.parse(data);
  if (inbound.kind === "groupChanged") return;
  await ports.answers.refuse({ ...askerOf(inbound), triggerId: "" }, NOT_DONE);
}

function askerOf(inbound: Inbound): Asker {
  return {
    by: inbound.by,
    triggerId: inbound.triggerId,
    responseUrl: "responseUrl" in inbound ? inbound.responseUrl : "",
  };
}

async function handle(ports: InboundPorts, inbound: Exclude<Inbound, { kind: "groupChanged" }>): Promise<void> {
  switch (inbound.kind) {
    case "command":
      return typedCommand(ports, inbound);
    case "newPeering":
      return openForm(ports, { ...inbound, pair: { initiator: null, acceptor: null }, responseUrl: "" });
    case "statusOfMessage":
      return tellStatusOfMessage(ports, inbound);
    case "button":
      return pressButton(ports, inbound);
    case "pairChosen":
      return choosePair(ports, inbound);
    case "formSent":
      return sendForm(ports, inbound);
    case "reasonGiven":
      return giveReason(ports, inbound);
  }
}
