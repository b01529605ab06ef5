/** A JSON object whose keys are not known ahead. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

/** True for `{…}`; false for arrays, null and everything else. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of JSON text, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Characters as Slack and JSON Schema count them: code points, so an emoji is one. */
export function lengthOf(text: string): number {
  const pairs = text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0;
  return text.length - pairs;
}

/** The value as words when it is a string or number; empty for anything else. */
export function wordsIn(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
