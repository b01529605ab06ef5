import { wordsIn, type JsonObject } from "../json.ts";
import { padTo, widthOf } from "./paint.ts";
import type { Reader } from "./reader.ts";
import { richTextLines } from "./rich-text.ts";

/** A table with its columns in line; the first row is the header. */
export function tableLines(rows: readonly (readonly JsonObject[])[], reader: Reader): readonly string[] {
  const texts = rows.map((row) => row.map((cell) => cellToText(cell, reader)));
  const columns = Math.max(0, ...texts.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...texts.map((row) => widthOf(row[column] ?? ""))),
  );
  const lines = texts.map((row, index) => {
    const cells = row.map((text, column) => padTo(index === 0 ? reader.paint.bold(text) : text, widths[column] ?? 0));
    return cells.join(" │ ").trimEnd();
  });
  const rule = widths.map((width) => "─".repeat(width)).join("─┼─");
  return [...lines.slice(0, 1), rule, ...lines.slice(1)];
}

function cellToText(cell: JsonObject, reader: Reader): string {
  if (cell["type"] === "rich_text") return richTextLines(cell, reader).join(" ");
  return wordsIn(cell["text"] ?? cell["value"]).replaceAll("\n", " ");
}
