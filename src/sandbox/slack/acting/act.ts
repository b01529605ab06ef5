import { seenMessage } from "../reading/seen-message.ts";
import { seenView } from "../reading/seen-view.ts";
import { topView } from "../views.ts";
import type { Person, Workspace } from "../workspace.ts";
import { cannot, type Acted, type Cannot, type Done, type Slack } from "./acted.ts";
import type { Act } from "./acts.ts";
import { actCommand } from "./command.ts";
import { actChoose, actType } from "./fill.ts";
import { findPerson, isCannot } from "./finding.ts";
import { actClose, actSubmit } from "./form.ts";
import { actPress } from "./press.ts";
import { actMessageShortcut, actOpenHome, actSay, actShortcut } from "./shortcuts.ts";
import { actSuggest } from "./suggest.ts";

/**
 * Does what a person does, and tells what that person sees.
 *
 * Settles when the app has acked or Slack has given up on it. A view that the app opens after its ack comes later: wait
 * for a change after `seq`.
 */
export async function actAs(slack: Slack, as: string, act: Act): Promise<Acted | Cannot> {
  const { workspace, clock } = slack;
  const person = findPerson(workspace, as);
  if (isCannot(person)) return person;
  if (person.deleted) return cannot(`${person.realName} is deactivated`);
  workspace.journal.add({ kind: "act", as: person.id, act, at: clock.now() });
  const seq = workspace.changes.latest();
  const done = await perform(slack, person, act);
  return done.ok ? { ...done, ...seenSince(workspace, person, seq), seq } : done;
}

async function perform(slack: Slack, person: Person, act: Act): Promise<Done | Cannot> {
  switch (act.do) {
    case "command":
      return await actCommand(slack, person, act);
    case "press":
      return await actPress(slack, person, act);
    case "suggest":
      return await actSuggest(slack, person, act);
    case "choose":
      return await actChoose(slack, person, act);
    case "type":
      return await actType(slack, person, act);
    case "submit":
      return await actSubmit(slack, person);
    case "close":
      return await actClose(slack, person, act);
    case "shortcut":
      return await actShortcut(slack, person, act);
    case "messageShortcut":
      return await actMessageShortcut(slack, person, act);
    case "openHome":
      return await actOpenHome(slack, person);
    case "say":
      return actSay(slack, person, act);
  }
}

function seenSince(workspace: Workspace, person: Person, seq: number): Pick<Acted, "view" | "shown"> {
  const changes = workspace.changes.since(seq).filter((change) => "seen" in change && change.seen === person.id);
  const hasNewView = changes.some(({ kind }) => kind === "viewOpened" || kind === "viewUpdated");
  const top = topView(workspace, person.id);
  const shown = changes.flatMap((change) => {
    if (change.kind !== "ephemeralShown") return [];
    const message = workspace.channels.get(change.channel)?.ephemerals.find(({ ts }) => ts === change.ts);
    return message === undefined ? [] : [seenMessage(workspace, message)];
  });
  return { view: hasNewView && top !== undefined ? seenView(top) : null, shown };
}
