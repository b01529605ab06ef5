import type { Block, Element } from "../block-kit/shape.ts";
import type { Delivered, Outgoing } from "../delivery.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { blockActionsPayload, type Surrounding } from "../payloads/elements.ts";
import type { Person } from "../workspace.ts";
import { QUIET, type Done, type Slack } from "./acted.ts";

/** What Slack says when the app does not answer. */
const NOT_IN_TIME = "The app did not respond in time.";
const NOT_THERE = "The app did not respond.";

export function troubleWith(delivered: Delivered): string | null {
  switch (delivered.outcome) {
    case "acked":
      return null;
    case "noAnswer":
      return NOT_IN_TIME;
    case "noConnection":
      return NOT_THERE;
  }
}

/** Sends something whose ack carries nothing for the person. */
export async function sendPlain(slack: Slack, outgoing: Outgoing): Promise<Done> {
  return { ...QUIET, says: troubleWith(await slack.send(outgoing)) };
}

/** Tells the app that an element was used. */
export async function sendAction(
  slack: Slack,
  from: {
    readonly person: Person;
    readonly surrounding: Surrounding;
    readonly block: Block;
    readonly element: Element;
    readonly chosen?: JsonObject;
  },
): Promise<Done> {
  return await sendPlain(slack, blockActionsPayload(slack.workspace, from, slack.clock.now()));
}

/** The answer in an ack, if there is one; Bolt sends `{}` for none. */
export function answerOf(delivered: Delivered): JsonObject | null {
  const answer = delivered.outcome === "acked" ? delivered.answer : null;
  return isJsonObject(answer) && Object.keys(answer).length > 0 ? answer : null;
}
