import type { Outgoing } from "../delivery.ts";
import { messageToWire, microsToStamp, type Message } from "../messages.ts";
import { newResponseUrl } from "../response-urls.ts";
import { newTrigger } from "../triggers.ts";
import type { Channel, Person, Workspace } from "../workspace.ts";
import { interactive, nameFor, VERIFICATION_TOKEN, who } from "./who.ts";

export function commandPayload(
  workspace: Workspace,
  from: { readonly person: Person; readonly channel: Channel; readonly command: string; readonly text: string },
  now: number,
): Outgoing {
  const { person, channel, command, text } = from;
  const about = { kind: "commands", user: person.id, channel: channel.id, message: null } as const;
  return {
    type: "slash_commands",
    payload: {
      token: VERIFICATION_TOKEN,
      team_id: workspace.team.id,
      team_domain: workspace.team.domain,
      channel_id: channel.id,
      channel_name: nameFor(channel),
      user_id: person.id,
      user_name: person.name,
      command,
      text,
      api_app_id: workspace.app.id,
      is_enterprise_install: "false",
      response_url: newResponseUrl(workspace, about, now),
      trigger_id: newTrigger(workspace, { user: person.id, view: null }, now),
    },
  };
}

export function shortcutPayload(workspace: Workspace, person: Person, callbackId: string, now: number): Outgoing {
  const { team, token, enterprise, is_enterprise_install } = who(workspace, person);
  return interactive({
    type: "shortcut",
    token,
    action_ts: microsToStamp(now * 1_000),
    team,
    user: { id: person.id, username: person.name, team_id: person.teamId },
    is_enterprise_install,
    enterprise,
    callback_id: callbackId,
    trigger_id: newTrigger(workspace, { user: person.id, view: null }, now),
  });
}

export function messageActionPayload(
  workspace: Workspace,
  from: { readonly person: Person; readonly channel: Channel; readonly message: Message; readonly callbackId: string },
  now: number,
): Outgoing {
  const { person, channel, message, callbackId } = from;
  const { user, team, token, enterprise, is_enterprise_install } = who(workspace, person);
  const about = { kind: "app", user: person.id, channel: channel.id, message: message.ts } as const;
  return interactive({
    type: "message_action",
    token,
    action_ts: microsToStamp(now * 1_000),
    team,
    user,
    channel: { id: channel.id, name: nameFor(channel) },
    is_enterprise_install,
    enterprise,
    callback_id: callbackId,
    trigger_id: newTrigger(workspace, { user: person.id, view: null }, now),
    response_url: newResponseUrl(workspace, about, now),
    message_ts: message.ts,
    message: messageToWire(workspace, message),
  });
}
