import { isJsonObject } from "../json.ts";
import { valueKey, type StateValue, type Values } from "../view-state.ts";
import { blockLines } from "./blocks-to-text.ts";
import type { TextOptions } from "./message-to-text.ts";
import { readerOf, type Reader } from "./reader.ts";
import type { SeenView } from "./seen-view.ts";

/** A modal or Home tab as a person sees it, with what is filled in and what the app said is wrong, in plain text. */
export function viewToText(view: SeenView, workspace: Reader["workspace"], options: TextOptions = {}): string {
  const reader = readerOf(workspace, options);
  const { paint } = reader;
  const lines = blockLines(view.blocks, reader, { values: valuesOf(view), errors: view.errors });
  const buttons = [view.close ?? "Close", view.submit]
    .filter((text) => text !== null)
    .map((text) => paint.button(`[${text}]`));
  if (view.kind === "home") return lines.join("\n");
  return [
    `┌ ${paint.bold(view.title)}`,
    ...lines.flatMap((line) => line.split("\n")).map((line) => `│ ${line}`.trimEnd()),
    `└ ${buttons.join("  ")}`,
  ].join("\n");
}

function valuesOf(view: SeenView): Values {
  const entries = Object.entries(view.values).flatMap(([blockId, byAction]) =>
    Object.entries(isJsonObject(byAction) ? byAction : {}).map(([actionId, value]): [string, StateValue] => [
      valueKey(blockId, actionId),
      // `values` is made of state values, two levels down.
      value as StateValue,
    ]),
  );
  return new Map(entries);
}
