import type { Person } from "../workspace.ts";
import { cannot, QUIET, type Cannot, type Done, type Slack } from "./acted.ts";
import type { ActOf } from "./acts.ts";
import { findSpot, isCannot, plainly } from "./finding.ts";
import { sendAction } from "./sending.ts";

const BUTTONS = ["button", "workflow_button", "icon_button", "feedback_buttons"];

/** Presses a button, or an entry of an overflow menu by the words on it. */
export async function actPress(slack: Slack, person: Person, act: ActOf<"press">): Promise<Done | Cannot> {
  const spot = findSpot(slack.workspace, person, act);
  if (isCannot(spot)) return spot;
  const { surrounding, block, element } = spot;
  const entry =
    element.type === "overflow" && act.label !== undefined
      ? element.options?.find((option) => plainly(option.text.text) === plainly(act.label ?? ""))
      : undefined;
  if (entry === undefined && !BUTTONS.includes(element.type)) {
    return cannot(`${element.action_id} is no button but ${element.type}: choose or type instead`);
  }
  if (element.confirm !== undefined && act.confirm === undefined) return { ...QUIET, confirm: element.confirm };
  if (element.confirm !== undefined && act.confirm === false) return QUIET;

  const chosen = entry === undefined ? {} : { chosen: { selected_option: entry } };
  const done = await sendAction(slack, { person, surrounding, block, element, ...chosen });
  const url = entry?.url ?? element.url;
  return url === undefined ? done : { ...done, opensUrl: url };
}
