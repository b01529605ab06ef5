import { isJsonObject } from "../json.ts";
import { viewClosedPayload, viewSubmissionPayload } from "../payloads/forms.ts";
import { valueKey } from "../view-state.ts";
import { closeViews, pushView, readView, topView, updateView, type View } from "../views.ts";
import type { Person } from "../workspace.ts";
import { cannot, QUIET, type Cannot, type Done, type Slack } from "./acted.ts";
import type { ActOf } from "./acts.ts";
import { complaintAbout } from "./field-checks.ts";
import { answerOf, sendPlain, troubleWith } from "./sending.ts";

/** What Slack says when a form could not be sent, or its answer not be used. */
const TROUBLE = "We had some trouble connecting. Try again?";

/** Presses submit on the topmost modal, unless a field needs something first, as Slack's own client does. */
export async function actSubmit(slack: Slack, person: Person): Promise<Done | Cannot> {
  const { workspace, clock } = slack;
  const view = topView(workspace, person.id);
  if (view === undefined) return cannot(`${person.realName} has no modal open`);
  if (view.content.submit === null) return cannot("this modal has no submit button");
  const incomplete = fieldErrors(view);
  if (Object.keys(incomplete).length > 0) return { ...QUIET, outcome: "errors", errors: byLabel(view, incomplete) };

  const delivered = await slack.send(viewSubmissionPayload(workspace, person, view, clock.now()));
  if (troubleWith(delivered) !== null) return { ...QUIET, outcome: "no answer", says: TROUBLE };
  return applyAnswer(slack, person, view, answerOf(delivered) ?? {});
}

function fieldErrors(view: View): Readonly<Record<string, string>> {
  return Object.fromEntries(
    view.blocks.flatMap((block) => {
      const { element } = block;
      if (block.type !== "input" || element === undefined) return [];
      const value = view.values.get(valueKey(block.block_id, element.action_id));
      const complaint = complaintAbout(block, element, value);
      return complaint === null ? [] : [[block.block_id, complaint]];
    }),
  );
}

/** What the app's answer does to the stack: https://docs.slack.dev/surfaces/modals (response actions). */
function applyAnswer(slack: Slack, person: Person, view: View, answer: Readonly<Record<string, unknown>>): Done {
  const { workspace, clock } = slack;
  const now = clock.now();
  switch (answer["response_action"]) {
    case undefined:
      closeViews(workspace, person.id, [view.id], now);
      return { ...QUIET, outcome: "closed" };
    case "clear":
      closeViews(workspace, person.id, workspace.stacks.get(person.id) ?? [], now);
      return { ...QUIET, outcome: "closed" };
    case "errors": {
      const errors = errorsIn(view, answer["errors"]);
      if (errors === null) return unusable("errors must be keyed by the block_id of an input block");
      view.errors = errors;
      workspace.changes.add({ kind: "viewUpdated", view: view.id, seen: person.id, at: now });
      return { ...QUIET, outcome: "errors", errors: byLabel(view, errors) };
    }
    case "update":
    case "push": {
      const read = readView(workspace, answer["view"], "modal", now);
      if (!read.ok) return unusable(`the view was refused: ${JSON.stringify(read)}`);
      const isPush = answer["response_action"] === "push";
      const shown = isPush
        ? pushView(workspace, person.id, read.draft, now)
        : updateView(workspace, view, read.draft, now);
      if (!shown.ok) return unusable(`the view was refused: ${shown.error}`);
      return { ...QUIET, outcome: isPush ? "pushed" : "updated" };
    }
    default:
      return unusable("response_action is none of errors, update, push, clear");
  }
}

function unusable(because: string): Done {
  return { ...QUIET, outcome: "no answer", says: TROUBLE, because };
}

function errorsIn(view: View, errors: unknown): Readonly<Record<string, string>> | null {
  const inputs = view.blocks.filter((block) => block.type === "input").map((block) => block.block_id);
  if (!isJsonObject(errors) || Object.keys(errors).length === 0) return null;
  const areKnown = Object.entries(errors).every(([id, text]) => inputs.includes(id) && typeof text === "string");
  return areKnown ? Object.fromEntries(Object.entries(errors).map(([id, text]) => [id, String(text)])) : null;
}

function byLabel(view: View, errors: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const labels = new Map(view.blocks.map((block) => [block.block_id, block.label?.text ?? block.block_id]));
  return Object.fromEntries(Object.entries(errors).map(([id, text]) => [labels.get(id) ?? id, text]));
}

/** Closes the topmost modal, or all of them; an app that asked with `notify_on_close` is told. */
export async function actClose(slack: Slack, person: Person, act: ActOf<"close">): Promise<Done | Cannot> {
  const { workspace, clock } = slack;
  const view = topView(workspace, person.id);
  if (view === undefined) return cannot(`${person.realName} has no modal open`);
  const stack = workspace.stacks.get(person.id) ?? [];
  const closesAll = act.all || view.content.clearOnClose;
  // The × reports the root view for the whole stack: https://docs.slack.dev/surfaces/modals (view_closed).
  const told = (closesAll ? workspace.views.get(stack[0] ?? "") : view) ?? view;
  const payload = viewClosedPayload(workspace, person, told, closesAll);
  const asksToBeTold = told.content.notifyOnClose || (closesAll && view.content.notifyOnClose);
  closeViews(workspace, person.id, closesAll ? stack : [view.id], clock.now());
  // Slack closes the modal whether or not the app acks.
  if (asksToBeTold) await sendPlain(slack, payload);
  return { ...QUIET, outcome: "closed" };
}
