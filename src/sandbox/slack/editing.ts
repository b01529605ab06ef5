import { z } from "zod";

import type { Sockets } from "./sockets.ts";
import { Dials } from "./dials.ts";
import type { Outgoing } from "./delivery.ts";
import { channelCalled, findPerson, groupCalled, isCannot } from "./acting/finding.ts";
import { cannot, type Cannot, type Slack } from "./acting/acted.ts";
import { subteamMembersChanged, subteamUpdated, userChange, wantsEvent } from "./payloads/events.ts";
import type { Workspace } from "./workspace.ts";

/** How the app gets what Slack sends. */
export const DeliveryChoice = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("socket") }),
  z.strictObject({ kind: z.literal("http"), url: z.url() }),
]);
export type DeliveryChoice = z.infer<typeof DeliveryChoice>;

/** Something that changes in the workspace without a person of the app's doing. */
export const Edit = z.discriminatedUnion("edit", [
  /** Revokes a token, or restores it. */
  z.strictObject({ edit: z.literal("token"), token: z.enum(["bot", "app"]), revoked: z.boolean() }),
  /** What the installed app is granted. */
  z.strictObject({ edit: z.literal("scopes"), scopes: z.array(z.string()) }),
  /** Events the app is subscribed to. */
  z.strictObject({ edit: z.literal("events"), events: z.array(z.string()) }),
  /** Who is in a user group, by ids or names; the app hears of it. */
  z.strictObject({ edit: z.literal("group"), group: z.string(), members: z.array(z.string()) }),
  /** Deactivates or restores a person, or makes one a guest, a stranger, a bot; the app hears of it. */
  z.strictObject({
    edit: z.literal("person"),
    person: z.string(),
    deleted: z.boolean().optional(),
    kind: z.enum(["member", "guest", "stranger", "bot"]).optional(),
  }),
  /** Adds a person, or the bot by its name, to a channel, or removes them. */
  z.strictObject({ edit: z.literal("member"), channel: z.string(), person: z.string(), isMember: z.boolean() }),
  z.strictObject({
    edit: z.literal("channel"),
    channel: z.string(),
    isExtShared: z.boolean().optional(),
    isArchived: z.boolean().optional(),
  }),
  /** Disturbs Socket Mode connections: `count` of them, or all. */
  z.strictObject({
    edit: z.literal("sockets"),
    how: z.enum(["refresh_requested", "warning", "link_disabled", "drop"]),
    count: z.int().min(1).optional(),
  }),
  /** Moves wire time on. */
  z.strictObject({ edit: z.literal("clock"), advanceMs: z.int().min(0) }),
  z.strictObject({ edit: z.literal("dials"), dials: Dials.partial() }),
  z.strictObject({ edit: z.literal("rateLimits"), on: z.boolean() }),
  /** Whether mentions in commands arrive as ids, as `should_escape` in a manifest says. */
  z.strictObject({ edit: z.literal("escapeCommands"), on: z.boolean() }),
  z.strictObject({ edit: z.literal("delivery"), delivery: DeliveryChoice }),
]);
export type Edit = z.infer<typeof Edit>;

/** What an edit did. */
export interface Edited {
  readonly ok: true;
  /** Connections disturbed, for `sockets`. */
  readonly connections?: number;
}

/** What editing needs beyond acting. */
export interface Editable extends Slack {
  readonly sockets: Pick<Sockets, "disturb">;
  readonly setDelivery: (choice: DeliveryChoice) => Promise<void>;
}

/** Carries out an edit; settles when the app has acked the events that go with it, or Slack has given up. */
export async function edit(slack: Editable, one: Edit): Promise<Edited | Cannot> {
  const { workspace, clock } = slack;
  const done = await carryOut(slack, one);
  if (done.ok) workspace.changes.add({ kind: "workspaceEdited", edit: one.edit, at: clock.now() });
  return done;
}

async function carryOut(slack: Editable, one: Edit): Promise<Edited | Cannot> {
  const { workspace, clock } = slack;
  switch (one.edit) {
    case "token":
      Object.assign(workspace, one.token === "bot" ? { tokenRevoked: one.revoked } : { appTokenRevoked: one.revoked });
      return { ok: true };
    case "scopes":
      workspace.scopes = one.scopes;
      return { ok: true };
    case "events":
      workspace.events = one.events;
      return { ok: true };
    case "group":
      return await editGroup(slack, one);
    case "person":
      return await editPerson(slack, one);
    case "member":
      return editMember(workspace, one);
    case "channel": {
      const channel = channelCalled(workspace, one.channel);
      if (channel === undefined) return cannot(`there is no channel ${one.channel}`);
      channel.isExtShared = one.isExtShared ?? channel.isExtShared;
      channel.isArchived = one.isArchived ?? channel.isArchived;
      return { ok: true };
    }
    case "sockets":
      return { ok: true, connections: slack.sockets.disturb(one.how, one.count) };
    case "clock":
      clock.advance(one.advanceMs);
      return { ok: true };
    case "dials":
      workspace.dials = { ...workspace.dials, ...withoutUndefined(one.dials) };
      return { ok: true };
    case "rateLimits":
      workspace.rateLimits = one.on;
      return { ok: true };
    case "escapeCommands":
      workspace.escapeCommands = one.on;
      return { ok: true };
    case "delivery":
      await slack.setDelivery(one.delivery);
      return { ok: true };
  }
}

type EditOf<Kind extends Edit["edit"]> = Extract<Edit, { edit: Kind }>;

async function editGroup(slack: Editable, one: EditOf<"group">): Promise<Edited | Cannot> {
  const { workspace, clock } = slack;
  const group = groupCalled(workspace, one.group);
  if (group === undefined) return cannot(`there is no user group ${one.group}`);
  const members = one.members.map((name) => findPerson(workspace, name));
  const unknown = members.find((member) => isCannot(member));
  if (unknown !== undefined && isCannot(unknown)) return unknown;

  const { members: before, updatedAt: updatedBefore } = group;
  group.members = members.flatMap((member) => (isCannot(member) ? [] : [member.id]));
  group.updatedAt = Math.floor(clock.now() / 1_000);
  const about = { group, before, updatedBefore };
  await sendAll(slack, [
    ...(wantsEvent(workspace, "subteam_members_changed") ? [subteamMembersChanged(workspace, about, clock.now())] : []),
    ...(wantsEvent(workspace, "subteam_updated") ? [subteamUpdated(workspace, group, clock.now())] : []),
  ]);
  return { ok: true };
}

async function editPerson(slack: Editable, one: EditOf<"person">): Promise<Edited | Cannot> {
  const { workspace, clock } = slack;
  const person = findPerson(workspace, one.person);
  if (isCannot(person)) return person;
  person.deleted = one.deleted ?? person.deleted;
  person.kind = one.kind ?? person.kind;
  person.teamId = person.kind === "stranger" ? workspace.otherTeamId : workspace.team.id;
  person.updatedAt = clock.now();
  await sendAll(slack, wantsEvent(workspace, "user_change") ? [userChange(workspace, person, clock.now())] : []);
  return { ok: true };
}

function editMember(workspace: Workspace, one: EditOf<"member">): Edited | Cannot {
  const channel = channelCalled(workspace, one.channel);
  if (channel === undefined) return cannot(`there is no channel ${one.channel}`);
  const person = findPerson(workspace, one.person);
  if (isCannot(person)) return person;
  if (one.isMember) channel.members.add(person.id);
  else channel.members.delete(person.id);
  return { ok: true };
}

async function sendAll({ send }: Slack, events: readonly Outgoing[]): Promise<void> {
  await Promise.all(events.map((event) => send(event)));
}

/** zod types a left-out key as `undefined`; the settings know no such value. */
function withoutUndefined(dials: z.infer<ReturnType<typeof Dials.partial>>): Partial<Dials> {
  return Object.fromEntries(Object.entries(dials).filter(([, value]) => value !== undefined));
}
