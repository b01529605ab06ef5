import type { Outgoing } from "../delivery.ts";
import type { JsonObject } from "../json.ts";
import { microsToStamp } from "../messages.ts";
import { groupToWire, personToWire } from "../profiles.ts";
import { viewToWire } from "../views.ts";
import { directMessage, type Person, type UserGroup, type Workspace } from "../workspace.ts";
import { VERIFICATION_TOKEN } from "./who.ts";

/** Events that are simulated, with the scope an app needs to get them. */
export const EVENT_SCOPES = {
  app_home_opened: null,
  subteam_members_changed: "usergroups:read",
  subteam_updated: "usergroups:read",
  user_change: "users:read",
} as const satisfies Readonly<Record<string, string | null>>;

export type EventName = keyof typeof EVENT_SCOPES;

/** True when the app subscribed to the event and was granted what it needs. */
export function wantsEvent(workspace: Workspace, name: EventName): boolean {
  const scope = EVENT_SCOPES[name];
  return workspace.events.includes(name) && (scope === null || workspace.scopes.includes(scope));
}

export function appHomeOpened(workspace: Workspace, person: Person, now: number): Outgoing {
  const view = workspace.views.get(workspace.homes.get(person.id) ?? "");
  return eventCallback(workspace, now, {
    type: "app_home_opened",
    user: person.id,
    channel: directMessage(workspace, person.id).id,
    tab: "home",
    ...(view === undefined ? {} : { view: viewToWire(workspace, view) }),
  });
}

export function subteamMembersChanged(
  workspace: Workspace,
  about: { readonly group: UserGroup; readonly before: readonly string[]; readonly updatedBefore: number },
  now: number,
): Outgoing {
  const { group, before, updatedBefore } = about;
  const added_users = group.members.filter((id) => !before.includes(id));
  const removed_users = before.filter((id) => !group.members.includes(id));
  return eventCallback(workspace, now, {
    type: "subteam_members_changed",
    subteam_id: group.id,
    team_id: workspace.team.id,
    date_previous_update: updatedBefore,
    date_update: group.updatedAt,
    added_users,
    added_users_count: added_users.length,
    removed_users,
    removed_users_count: removed_users.length,
  });
}

export function subteamUpdated(workspace: Workspace, group: UserGroup, now: number): Outgoing {
  const subteam = groupToWire(workspace, group, { withUsers: true });
  return eventCallback(workspace, now, { type: "subteam_updated", subteam });
}

export function userChange(workspace: Workspace, person: Person, now: number): Outgoing {
  const user = personToWire(workspace, person);
  return eventCallback(workspace, now, { type: "user_change", user, cache_ts: Math.floor(now / 1_000) });
}

function eventCallback(workspace: Workspace, now: number, event: JsonObject & { readonly type: string }): Outgoing {
  const { team, app } = workspace;
  return {
    type: "events_api",
    payload: {
      token: VERIFICATION_TOKEN,
      team_id: team.id,
      context_team_id: team.id,
      context_enterprise_id: null,
      api_app_id: app.id,
      event: { ...event, event_ts: microsToStamp(now * 1_000) },
      type: "event_callback",
      event_id: workspace.ids.next("Ev"),
      event_time: Math.floor(now / 1_000),
      authorizations: [
        { enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false },
      ],
      is_ext_shared_channel: false,
      event_context: `1-${event.type}-${team.id}-${app.id}`,
    },
  };
}
