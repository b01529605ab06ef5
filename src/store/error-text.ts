/**
 * An error for the log: where it comes from and why, and none of the values that database errors carry with them.
 *
 * Also takes what pg-boss makes of errors, which is an object with the same text.
 */
export function errorText(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const text = "stack" in error && typeof error.stack === "string" ? error.stack : "an error without a stack";
  return "cause" in error && error.cause !== undefined ? `${text}\ncaused by ${errorText(error.cause)}` : text;
}
