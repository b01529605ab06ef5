import { refuse, type ApiRefusal } from "./answers.ts";
import { directMessage, type Channel, type Workspace } from "./workspace.ts";

type Found = { readonly ok: true; readonly channel: Channel } | ApiRefusal;

/** The conversation an app may know of: private ones it is no member of look as if they did not exist. */
export function findConversation(workspace: Workspace, given: string): Found {
  const channel = workspace.channels.get(given);
  return channel !== undefined && isKnownToApp(workspace, channel)
    ? { ok: true, channel }
    : refuse("channel_not_found");
}

export function isKnownToApp(workspace: Workspace, channel: Channel): boolean {
  return channel.kind === "public" || isAppMember(workspace, channel);
}

export function isAppMember(workspace: Workspace, channel: Channel): boolean {
  return channel.members.has(workspace.app.botUserId);
}

/**
 * Where an app may post: `C…` or `#name` of a channel it is in, `D…`, or `U…` for a direct message.
 *
 * With `chat:write.public` also public channels it is not in.
 */
export function findPlaceToPost(workspace: Workspace, given: string): Found {
  const person = workspace.people.get(given);
  if (person !== undefined) {
    if (person.kind === "bot") return refuse("cannot_dm_bot");
    return person.deleted ? refuse("user_disabled") : { ok: true, channel: directMessage(workspace, person.id) };
  }
  const name = given.replace(/^#/, "");
  const byName = [...workspace.channels.values()].find((channel) => channel.kind !== "im" && channel.name === name);
  const found = findConversation(workspace, byName?.id ?? given);
  if (!found.ok) return found;
  if (found.channel.isArchived) return refuse("is_archived");
  const mayPost = isAppMember(workspace, found.channel) || workspace.scopes.includes("chat:write.public");
  return mayPost ? found : refuse("not_in_channel");
}

/** `channels:read`, `groups:history`, `im:write`, …: the scope that a kind of conversation needs. */
function scopeFor(kind: Channel["kind"], doing: "read" | "history"): string {
  return `${{ public: "channels", private: "groups", im: "im" }[kind]}:${doing}`;
}

/** A refusal when the app was not granted the scope for this kind of conversation, else null. */
export function lacksScope(workspace: Workspace, kind: Channel["kind"], doing: "read" | "history"): ApiRefusal | null {
  const needed = scopeFor(kind, doing);
  if (workspace.scopes.includes(needed)) return null;
  return refuse("missing_scope", { needed, provided: workspace.scopes.join(",") });
}
