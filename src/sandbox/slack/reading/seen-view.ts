import type { Block } from "../block-kit/shape.ts";
import type { JsonObject } from "../json.ts";
import { stateOf } from "../view-state.ts";
import type { View } from "../views.ts";

/** A modal or Home tab as a person sees it, and what the app keeps behind it. */
export interface SeenView {
  readonly id: string;
  readonly kind: "modal" | "home";
  readonly user: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly Block[];
  /** `state.values`: what every input holds now. */
  readonly values: JsonObject;
  /** What the app said is wrong, by `block_id`. */
  readonly errors: Readonly<Record<string, string>>;
  readonly callbackId: string;
  readonly privateMetadata: string;
  readonly externalId: string;
  readonly hash: string;
}

export function seenView(view: View): SeenView {
  const { title, submit, close, callbackId, privateMetadata, externalId } = view.content;
  return {
    id: view.id,
    kind: view.kind,
    user: view.user,
    title: title?.text ?? "",
    submit: submit?.text ?? null,
    close: close?.text ?? null,
    blocks: view.blocks,
    // `stateOf` gives `{ values: { block: { action: … } } }`.
    values: stateOf(view)["values"] as JsonObject,
    errors: view.errors,
    callbackId,
    privateMetadata,
    externalId,
    hash: view.hash,
  };
}
