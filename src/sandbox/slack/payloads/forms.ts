import type { Outgoing } from "../delivery.ts";
import type { JsonObject } from "../json.ts";
import { newResponseUrl } from "../response-urls.ts";
import { newTrigger } from "../triggers.ts";
import { heldIn, valueKey } from "../view-state.ts";
import { viewToWire, type View } from "../views.ts";
import type { Person, Workspace } from "../workspace.ts";
import { interactive, who } from "./who.ts";

export function viewSubmissionPayload(workspace: Workspace, person: Person, view: View, now: number): Outgoing {
  return interactive({
    type: "view_submission",
    ...who(workspace, person),
    trigger_id: newTrigger(workspace, { user: person.id, view: view.id }, now),
    view: viewToWire(workspace, view),
    response_urls: responseUrlsOf(workspace, person, view, now),
  });
}

/** An address for every channel chosen in an input that asked for one with `response_url_enabled`. */
function responseUrlsOf(workspace: Workspace, person: Person, view: View, now: number): readonly JsonObject[] {
  return view.blocks.flatMap((block) => {
    const { element } = block;
    if (block.type !== "input" || element?.response_url_enabled !== true) return [];
    const value = view.values.get(valueKey(block.block_id, element.action_id));
    const channel_id = value?.[heldIn(element.type) ?? ""];
    if (typeof channel_id !== "string") return [];
    const about = { kind: "app", user: person.id, channel: channel_id, message: null } as const;
    const response_url = newResponseUrl(workspace, about, now);
    return [{ block_id: block.block_id, action_id: element.action_id, channel_id, response_url }];
  });
}

export function viewClosedPayload(workspace: Workspace, person: Person, view: View, isCleared: boolean): Outgoing {
  return interactive({
    type: "view_closed",
    ...who(workspace, person),
    view: viewToWire(workspace, view),
    is_cleared: isCleared,
    response_urls: [],
  });
}
