import type { Block, Element } from "../block-kit/shape.ts";
import { findMessage } from "../messages.ts";
import { formIn, type Surrounding } from "../payloads/elements.ts";
import { elementsByBlock } from "../view-state.ts";
import { topView } from "../views.ts";
import { directMessage, type Channel, type Person, type UserGroup, type Workspace } from "../workspace.ts";
import { cannot, type Cannot } from "./acted.ts";

/** How an act names an element and where it stands. */
export interface Names {
  readonly channel?: string | undefined;
  readonly ts?: string | undefined;
  readonly view?: string | undefined;
  readonly action_id?: string | undefined;
  readonly block_id?: string | undefined;
  readonly label?: string | undefined;
}

/** An element with everything around it. */
export interface Spot {
  readonly ok: true;
  readonly surrounding: Surrounding;
  readonly block: Block;
  readonly element: Element;
}

/** The person by id, handle or real name. */
export function findPerson(workspace: Workspace, given: string): Person | Cannot {
  const wanted = given.replace(/^@/, "").toLowerCase();
  const person = [...workspace.people.values()].find(
    ({ id, name, realName }) => id === given || name === wanted || realName.toLowerCase() === wanted,
  );
  return person ?? cannot(`nobody is called ${given}`);
}

/** The channel by id or name, if this person is in it; `app` is the direct message with the app. */
export function findChannel(workspace: Workspace, person: Person, given: string): Channel | Cannot {
  if (given === "app") return directMessage(workspace, person.id);
  const channel = channelCalled(workspace, given);
  if (channel === undefined) return cannot(`there is no channel ${given}`);
  return channel.members.has(person.id) ? channel : cannot(`${person.realName} is not in ${channel.name}`);
}

export function channelCalled(workspace: Workspace, given: string): Channel | undefined {
  const name = given.replace(/^#/, "");
  return workspace.channels.get(given) ?? [...workspace.channels.values()].find((one) => one.name === name);
}

export function groupCalled(workspace: Workspace, given: string): UserGroup | undefined {
  const handle = given.replace(/^@/, "");
  return workspace.groups.get(given) ?? [...workspace.groups.values()].find((one) => one.handle === handle);
}

export function isCannot(value: object): value is Cannot {
  return "ok" in value && value.ok === false;
}

/** The element that an act names, in the message or view it names. */
export function findSpot(workspace: Workspace, person: Person, names: Names): Spot | Cannot {
  const surrounding = findSurrounding(workspace, person, names);
  if (isCannot(surrounding)) return surrounding;
  const all = elementsByBlock(formIn(surrounding, person).blocks);
  const fitting = all.filter(({ block, element }) => isNamed(block, element, names));
  const [first] = fitting;
  const choices = all.map(({ block, element }) => labelsOf(block, element)[0] ?? element.action_id).join(", ");
  if (first === undefined) return cannot(`nothing here is called ${nameOf(names)}; there is: ${choices || "nothing"}`);
  if (fitting.length > 1)
    return cannot(`${fitting.length} things here are called ${nameOf(names)}; name the block too`);
  return { ok: true, surrounding, ...first };
}

function findSurrounding(workspace: Workspace, person: Person, names: Names): Surrounding | Cannot {
  const { channel: place, ts, view = "top" } = names;
  if (place === undefined || ts === undefined) {
    const id = view === "home" ? workspace.homes.get(person.id) : view;
    const found = view === "top" ? topView(workspace, person.id) : workspace.views.get(id ?? "");
    return found?.user === person.id
      ? { kind: "view", view: found }
      : cannot(`${person.realName} has no ${view === "top" ? "modal" : view} open`);
  }
  const channel = findChannel(workspace, person, place);
  if (isCannot(channel)) return channel;
  const message = findMessage(channel, ts, person.id);
  return message === undefined
    ? cannot(`there is no message ${ts} in ${channel.name}`)
    : { kind: "message", message, channel };
}

function isNamed(block: Block, element: Element, { action_id, block_id, label }: Names): boolean {
  return (
    (action_id === undefined || element.action_id === action_id) &&
    (block_id === undefined || block.block_id === block_id) &&
    (label === undefined || labelsOf(block, element).some((one) => plainly(one) === plainly(label)))
  );
}

/** The words by which a person would name an element, the best first. */
function labelsOf(block: Block, element: Element): readonly string[] {
  const besideText = block.type === "section" && typeof block.text === "object" ? block.text.text : undefined;
  const inMenu = element.type === "overflow" ? (element.options ?? []).map((option) => option.text.text) : [];
  return [block.label?.text, element.text?.text, element.placeholder?.text, besideText, ...inMenu].filter(
    (one) => one !== undefined,
  );
}

function nameOf({ label, action_id, block_id }: Names): string {
  return label ?? [block_id, action_id].filter((one) => one !== undefined).join("/");
}

/** Words without formatting, spaces folded, in lower case. */
export function plainly(text: string): string {
  return text
    .replace(/[*_~`]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .toLowerCase();
}
