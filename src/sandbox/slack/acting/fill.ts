import { lengthOf, type JsonObject } from "../json.ts";
import { formIn } from "../payloads/elements.ts";
import { heldIn, valueKey } from "../view-state.ts";
import type { Person } from "../workspace.ts";
import { cannot, QUIET, type Cannot, type Done, type Slack } from "./acted.ts";
import type { ActOf } from "./acts.ts";
import { chosenValue } from "./choosing.ts";
import { findSpot, isCannot, type Spot } from "./finding.ts";
import { sendAction } from "./sending.ts";

/** Longest text of a field that sets no length of its own: https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element */
const TYPED_MAX = 3_000;

/** Types into a text field; the app hears of it where the block dispatches actions. */
export async function actType(slack: Slack, person: Person, act: ActOf<"type">): Promise<Done | Cannot> {
  const spot = findSpot(slack.workspace, person, act);
  if (isCannot(spot)) return spot;
  const { block, element } = spot;
  const field = heldIn(element.type);
  if (field !== "value" && field !== "rich_text_value")
    return cannot(`${element.action_id} is a ${element.type}: choose`);
  const longest = element.max_length ?? TYPED_MAX;
  if (lengthOf(act.text) > longest) return cannot(`${element.action_id} takes ${longest} characters`);

  const typed = act.text === "" ? null : act.text;
  fill(spot, person, { [field]: field === "value" ? typed : richText(act.text) });
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const tells = triggers.includes("on_character_entered") || (act.enter && triggers.includes("on_enter_pressed"));
  return block.dispatch_action === true && tells ? await sendAction(slack, { person, ...spot }) : QUIET;
}

/** Chooses in a menu or picker; the app hears of it unless the element stands in a form that only submits. */
export async function actChoose(slack: Slack, person: Person, act: ActOf<"choose">): Promise<Done | Cannot> {
  const spot = findSpot(slack.workspace, person, act);
  if (isCannot(spot)) return spot;
  const { block, element } = spot;
  const value = await chosenValue(slack, person, spot, act);
  if (isCannot(value)) return value;
  if (element.confirm !== undefined && act.confirm === undefined) return { ...QUIET, confirm: element.confirm };
  if (element.confirm !== undefined && act.confirm === false) return QUIET;

  if (element.type === "overflow") return await sendAction(slack, { person, ...spot, chosen: value.held });
  fill(spot, person, value.held);
  const tells = block.type !== "input" || block.dispatch_action === true;
  return tells ? await sendAction(slack, { person, ...spot }) : QUIET;
}

function fill({ surrounding, block, element }: Spot, person: Person, held: JsonObject): void {
  const key = valueKey(block.block_id, element.action_id);
  formIn(surrounding, person).values.set(key, { type: element.type, ...held });
}

function richText(text: string): JsonObject {
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return { type: "rich_text", elements: [section] };
}
