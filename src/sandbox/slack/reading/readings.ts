import { channelCalled, findPerson, isCannot } from "../acting/finding.ts";
import { cannot, type Cannot } from "../acting/acted.ts";
import { fileLink, imageType } from "../files.ts";
import { channelToWire, groupToWire, personToWire } from "../profiles.ts";
import { topView } from "../views.ts";
import type { Channel, Workspace } from "../workspace.ts";
import { messageToText } from "./message-to-text.ts";
import { ANSI, PLAIN } from "./paint.ts";
import { seenMessage, type SeenMessage } from "./seen-message.ts";
import { seenView } from "./seen-view.ts";
import { viewToText } from "./view-to-text.ts";

/** Something to look at, as data and as a person reads it. */
export interface Reading {
  readonly asJson: object;
  readonly asText: (style: "text" | "ansi") => string;
}

interface ReadOptions {
  readonly tz: string;
  /** One root message and its thread only; null for all. */
  readonly ts?: string | null;
}

/** The person's modals, the topmost last, and Home tab. */
export function readPersonViews(workspace: Workspace, name: string, { tz }: ReadOptions): Reading | Cannot {
  const person = findPerson(workspace, name);
  if (isCannot(person)) return person;
  const stack = (workspace.stacks.get(person.id) ?? []).flatMap((id) => workspace.views.get(id) ?? []).map(seenView);
  const home = workspace.views.get(workspace.homes.get(person.id) ?? "");
  const asJson = { stack, home: home === undefined ? null : seenView(home) };
  return {
    asJson,
    asText: (style) => {
      const paint = style === "ansi" ? ANSI : PLAIN;
      const shown = topView(workspace, person.id) ?? home;
      return shown === undefined ? "" : viewToText(seenView(shown), workspace, { tz, paint });
    },
  };
}

/** What only this person reads: direct messages with the app, and ephemeral messages anywhere. */
export function readPersonMessages(workspace: Workspace, name: string, options: ReadOptions): Reading | Cannot {
  const person = findPerson(workspace, name);
  if (isCannot(person)) return person;
  const channels = [...workspace.channels.values()];
  const direct = channels.filter((channel) => channel.kind === "im" && channel.members.has(person.id)).flatMap(roots);
  const shown = channels.flatMap((channel) => channel.ephemerals).filter((one) => one.ephemeralTo === person.id);
  const messages = [...direct, ...shown]
    .toSorted((one, other) => Number(one.ts) - Number(other.ts))
    .map((message) => seenMessage(workspace, message));
  return reading(workspace, messages, options);
}

/** What everyone in the channel reads: root messages, oldest first, each with its thread; or the one with this stamp. */
export function readChannel(workspace: Workspace, name: string, options: ReadOptions): Reading | Cannot {
  const channel = channelCalled(workspace, name);
  if (channel === undefined) return cannot(`there is no channel ${name}`);
  const wanted = roots(channel).filter(({ ts }) => (options.ts ?? ts) === ts);
  const messages = wanted.map((message) => seenMessage(workspace, message));
  return reading(workspace, messages, options);
}

function roots(channel: Channel) {
  return channel.messages.filter((message) => message.threadTs === null || message.threadTs === message.ts);
}

function reading(workspace: Workspace, messages: readonly SeenMessage[], { tz }: ReadOptions): Reading {
  return {
    asJson: { messages },
    asText: (style) => {
      const paint = style === "ansi" ? ANSI : PLAIN;
      return messages.map((message) => messageToText(message, workspace, { tz, paint })).join("\n\n");
    },
  };
}

/** Every file that is in the workspace, oldest first, with where to look at it. */
export function readFiles(workspace: Workspace): readonly SeenFile[] {
  return [...workspace.files.values()]
    .filter(({ completedAt }) => completedAt !== null)
    .map((file) => {
      const { id, name, title, content } = file;
      return {
        id,
        name,
        title,
        type: imageType(file) ?? null,
        bytes: content?.length ?? 0,
        link: fileLink(workspace, file),
      };
    });
}

export interface SeenFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** Media type of an image; null for other files. */
  readonly type: string | null;
  readonly bytes: number;
  readonly link: string;
}

/** Who and what there is, and how the sandbox is set. */
export function readWorkspace(workspace: Workspace, now: number): object {
  const { team, app, scopes, events, dials, rateLimits, escapeCommands, tokenRevoked, appTokenRevoked } = workspace;
  const { id, name, botId, botUserId, botName } = app;
  return {
    now,
    team,
    app: { id, name, botId, botUserId, botName },
    people: [...workspace.people.values()].map((person) => ({
      ...personToWire(workspace, person),
      kind: person.kind,
    })),
    channels: [...workspace.channels.values()].map((channel) => ({
      ...channelToWire(workspace, channel),
      members: [...channel.members],
    })),
    groups: [...workspace.groups.values()].map((group) => groupToWire(workspace, group, { withUsers: true })),
    settings: { scopes, events, dials, rateLimits, escapeCommands, tokenRevoked, appTokenRevoked },
  };
}
