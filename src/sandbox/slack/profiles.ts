import type { JsonObject } from "./json.ts";
import { isAppMember } from "./conversations.ts";
import type { Channel, Person, UserGroup, Workspace } from "./workspace.ts";

/** A person as users.info and user_change give them; the address only with `users:read.email`. */
export function personToWire(workspace: Workspace, person: Person): JsonObject {
  const [first_name = "", ...rest] = person.realName.split(" ");
  const isBot = person.kind === "bot";
  const isGuest = person.kind === "guest";
  const isStranger = person.kind === "stranger";
  const mayReadEmail = workspace.scopes.includes("users:read.email") && !isBot && !isStranger;
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.deleted,
    color: "3c989f",
    real_name: person.realName,
    tz: person.tz,
    tz_label: person.tz,
    tz_offset: offsetOf(person.tz, person.updatedAt),
    profile: {
      title: person.title,
      phone: "",
      skype: "",
      real_name: person.realName,
      real_name_normalized: person.realName,
      display_name: person.name,
      display_name_normalized: person.name,
      fields: null,
      status_text: "",
      status_text_canonical: "",
      status_emoji: "",
      status_emoji_display_info: [],
      status_expiration: 0,
      avatar_hash: "",
      first_name,
      last_name: rest.join(" "),
      ...(mayReadEmail ? { email: emailOf(workspace, person) } : {}),
      ...(isBot ? { bot_id: person.id === workspace.app.botUserId ? workspace.app.botId : "" } : {}),
      team: person.teamId,
    },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: isGuest,
    is_ultra_restricted: isGuest,
    is_bot: isBot,
    ...(isStranger ? { is_stranger: true } : {}),
    is_app_user: false,
    updated: Math.floor(person.updatedAt / 1_000),
    is_email_confirmed: true,
    locale: "en-US",
    who_can_share_contact_card: "EVERYONE",
  };
}

export function emailOf(workspace: Workspace, person: Person): string {
  return `${person.name}@${workspace.team.domain}.example`;
}

/** Seconds east of UTC at a time, summer time included. */
function offsetOf(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(at);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign = "+", hours = "0", minutes = "0"] = /([+-])(\d+):(\d+)/.exec(name) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3_600 + Number(minutes) * 60);
}

/** A conversation as conversations.info gives it. */
export function channelToWire(workspace: Workspace, channel: Channel): JsonObject {
  const common = {
    id: channel.id,
    created: 0,
    is_archived: channel.isArchived,
    is_channel: channel.kind === "public",
    is_group: channel.kind === "private",
    is_im: channel.kind === "im",
    is_mpim: false,
    is_private: channel.kind !== "public",
    is_org_shared: false,
    context_team_id: workspace.team.id,
    updated: 0,
  };
  if (channel.kind === "im") {
    return { ...common, user: [...channel.members].find((id) => id !== workspace.app.botUserId), is_open: true };
  }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_general: false,
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_pending_ext_shared: false,
    pending_shared: [],
    unlinked: 0,
    is_member: isAppMember(workspace, channel),
    creator: [...channel.members][0] ?? "",
    shared_team_ids: [workspace.team.id, ...(channel.isExtShared ? [workspace.otherTeamId] : [])],
    ...(channel.isExtShared ? { connected_team_ids: [workspace.otherTeamId] } : {}),
    topic: { value: "", creator: "", last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
    previous_names: [],
    num_members: channel.members.size,
  };
}

/** A user group as usergroups.list and subteam_updated give it. */
export function groupToWire(workspace: Workspace, group: UserGroup, options: { withUsers: boolean }): JsonObject {
  return {
    id: group.id,
    team_id: workspace.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: "",
    handle: group.handle,
    is_external: false,
    date_create: 0,
    date_update: group.updatedAt,
    date_delete: 0,
    auto_type: null,
    auto_provision: false,
    enterprise_subteam_id: "",
    created_by: group.members[0] ?? "",
    updated_by: group.members[0] ?? "",
    deleted_by: null,
    prefs: { channels: [], groups: [] },
    user_count: group.members.length,
    channel_count: 0,
    ...(options.withUsers ? { users: group.members } : {}),
  };
}
