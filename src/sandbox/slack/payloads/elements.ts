import type { Block, Element } from "../block-kit/shape.ts";
import type { Outgoing } from "../delivery.ts";
import type { JsonObject } from "../json.ts";
import { messageAsForm, messageToWire, microsToStamp, type Message } from "../messages.ts";
import { newResponseUrl } from "../response-urls.ts";
import { newTrigger } from "../triggers.ts";
import { stateOf, valueKey, type Form } from "../view-state.ts";
import { viewToWire, type View } from "../views.ts";
import type { Channel, Person, Workspace } from "../workspace.ts";
import { interactive, nameFor, who } from "./who.ts";

/** Where an element stands: in a view, or in a message that a person sees. */
export type Surrounding =
  | { readonly kind: "view"; readonly view: View }
  | { readonly kind: "message"; readonly message: Message; readonly channel: Channel };

export function formIn(surrounding: Surrounding, person: Person): Form {
  return surrounding.kind === "view" ? surrounding.view : messageAsForm(surrounding.message, person.id);
}

export function blockActionsPayload(
  workspace: Workspace,
  from: {
    readonly person: Person;
    readonly surrounding: Surrounding;
    readonly block: Block;
    readonly element: Element;
    /** What was chosen, for elements that keep nothing (overflow menus). */
    readonly chosen?: JsonObject;
  },
  now: number,
): Outgoing {
  const { person, surrounding, block, element, chosen } = from;
  const form = formIn(surrounding, person);
  const view = surrounding.kind === "view" && surrounding.view.kind === "modal" ? surrounding.view.id : null;
  const action = {
    ...shownFacts(element),
    ...form.values.get(valueKey(block.block_id, element.action_id)),
    ...chosen,
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    action_ts: microsToStamp(now * 1_000),
  };
  return interactive({
    type: "block_actions",
    ...who(workspace, person),
    container: containerOf(surrounding),
    trigger_id: newTrigger(workspace, { user: person.id, view }, now),
    ...(surrounding.kind === "view"
      ? { view: viewToWire(workspace, surrounding.view) }
      : messageFacts(workspace, surrounding, person, form, now)),
    actions: [action],
  });
}

function messageFacts(
  workspace: Workspace,
  { message, channel }: Extract<Surrounding, { kind: "message" }>,
  person: Person,
  form: Form,
  now: number,
): JsonObject {
  const about = { kind: "actions", user: person.id, channel: channel.id, message: message.ts } as const;
  return {
    channel: { id: channel.id, name: nameFor(channel) },
    // Slack keeps no ephemeral messages, so it cannot say what they were.
    ...(message.ephemeralTo === null ? { message: messageToWire(workspace, message) } : {}),
    state: stateOf(form),
    response_url: newResponseUrl(workspace, about, now),
  };
}

/** What an action repeats of its element. */
function shownFacts(element: Element): JsonObject {
  const { text, value, style, url, placeholder, confirm, initial_option, initial_options, initial_date } = element;
  const facts = { text, value, style, url, placeholder, confirm, initial_option, initial_options, initial_date };
  return Object.fromEntries(Object.entries(facts).filter(([, held]) => held !== undefined));
}

export function blockSuggestionPayload(
  workspace: Workspace,
  from: {
    readonly person: Person;
    readonly surrounding: Surrounding;
    readonly block: Block;
    readonly element: Element;
    readonly query: string;
  },
): Outgoing {
  const { person, surrounding, block, element, query } = from;
  return interactive({
    type: "block_suggestion",
    ...who(workspace, person),
    container: containerOf(surrounding),
    action_id: element.action_id,
    block_id: block.block_id,
    value: query,
    ...(surrounding.kind === "view"
      ? { view: viewToWire(workspace, surrounding.view) }
      : {
          channel: { id: surrounding.channel.id, name: nameFor(surrounding.channel) },
          message: messageToWire(workspace, surrounding.message),
        }),
  });
}

function containerOf(surrounding: Surrounding): JsonObject {
  if (surrounding.kind === "view") return { type: "view", view_id: surrounding.view.id };
  const { message, channel } = surrounding;
  return {
    type: "message",
    message_ts: message.ts,
    channel_id: channel.id,
    is_ephemeral: message.ephemeralTo !== null,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
  };
}
