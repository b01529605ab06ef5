import { findMessage, postMessage } from "../messages.ts";
import { appHomeOpened, wantsEvent } from "../payloads/events.ts";
import { messageActionPayload, shortcutPayload } from "../payloads/commands.ts";
import type { Person } from "../workspace.ts";
import { cannot, QUIET, type Cannot, type Done, type Slack } from "./acted.ts";
import type { ActOf } from "./acts.ts";
import { findChannel, isCannot } from "./finding.ts";
import { sendPlain } from "./sending.ts";

export async function actShortcut(slack: Slack, person: Person, act: ActOf<"shortcut">): Promise<Done> {
  return await sendPlain(slack, shortcutPayload(slack.workspace, person, act.callback_id, slack.clock.now()));
}

export async function actMessageShortcut(
  slack: Slack,
  person: Person,
  act: ActOf<"messageShortcut">,
): Promise<Done | Cannot> {
  const { workspace, clock } = slack;
  const channel = findChannel(workspace, person, act.channel);
  if (isCannot(channel)) return channel;
  const message = findMessage(channel, act.ts);
  if (message === undefined) return cannot(`there is no message ${act.ts} in ${channel.name}`);
  const about = { person, channel, message, callbackId: act.callback_id };
  return await sendPlain(slack, messageActionPayload(workspace, about, clock.now()));
}

/** Opens the Home tab; the app hears of it if it subscribed to `app_home_opened`. */
export async function actOpenHome(slack: Slack, person: Person): Promise<Done> {
  const { workspace, clock } = slack;
  // An event that is not acked is the app's loss; the person sees the tab all the same.
  if (wantsEvent(workspace, "app_home_opened")) await slack.send(appHomeOpened(workspace, person, clock.now()));
  return QUIET;
}

/** Writes a message as a person; no event is sent for it. */
export function actSay(slack: Slack, person: Person, act: ActOf<"say">): Done | Cannot {
  const { workspace, clock } = slack;
  const channel = findChannel(workspace, person, act.channel);
  if (isCannot(channel)) return channel;
  const draft = { user: person.id, fromApp: false, text: act.text, threadTs: act.thread_ts ?? null };
  return { ...QUIET, ts: postMessage(workspace, channel, draft, clock.now()).ts };
}
