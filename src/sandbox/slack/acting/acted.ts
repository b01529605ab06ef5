import type { Confirmation, Option, OptionGroup } from "../block-kit/shape.ts";
import type { Delivered, Outgoing } from "../delivery.ts";
import type { SeenMessage } from "../reading/seen-message.ts";
import type { SeenView } from "../reading/seen-view.ts";
import type { WireClock } from "../wire-clock.ts";
import type { Workspace } from "../workspace.ts";

/** Everything that acting as a person needs. */
export interface Slack {
  readonly workspace: Workspace;
  readonly clock: WireClock;
  /** Sends to the app, over whatever way it is installed with. */
  readonly send: (outgoing: Outgoing) => Promise<Delivered>;
}

/** What Slack itself does at once when a person acts. */
export interface Done {
  readonly ok: true;
  /** What Slack tells the person; null when nothing. The words are the sandbox's, the occasions are Slack's. */
  readonly says: string | null;
  /** For developers: why an answer of the app was not taken. */
  readonly because?: string;
  /** The question of an element that asks first. Nothing was sent: act again with `confirm`. */
  readonly confirm?: Confirmation;
  /** Where a link button leads. */
  readonly opensUrl?: string;
  /** What a select offers, as the app answered: options, or groups of them. */
  readonly options?: readonly Option[];
  readonly option_groups?: readonly OptionGroup[];
  /** What became of a form. */
  readonly outcome?: "closed" | "errors" | "updated" | "pushed" | "no answer";
  /** What is wrong, by the label over the field. */
  readonly errors?: Readonly<Record<string, string>>;
  /** The message that was written. */
  readonly ts?: string;
}

/** What a person sees after an act. */
export interface Acted extends Done {
  /** The topmost view if it was opened or changed by the time of this answer; null when not. */
  readonly view: SeenView | null;
  /** Ephemeral messages that this person got by the time of this answer. */
  readonly shown: readonly SeenMessage[];
  /** The last change before the act; waiting for changes since then misses nothing. */
  readonly seq: number;
}

/** Something that a person cannot do, and why. */
export interface Cannot {
  readonly ok: false;
  readonly error: string;
}

export function cannot(error: string): Cannot {
  return { ok: false, error };
}

export const QUIET: Done = { ok: true, says: null };
