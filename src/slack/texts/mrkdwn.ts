/**
 * Foreign text made harmless, and Slack's markup for people, times and ids.
 *
 * Slack's own rule: https://docs.slack.dev/messaging/formatting-message-text/#escaping (read 2026-08-22): replace `&`,
 * `<` and `>` and nothing else. That disarms mentions of channels, groups and people, and links.
 */

/** Foreign text for a mrkdwn field, on one line and at most `max` characters long. */
export function escaped(text: string, max = 300): string {
  // Characters that nobody sees can turn the order of the others around.
  const line = text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim();
  const short = line.length > max ? `${line.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, "")}…` : line;
  return short.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Our own markup as plain text, for places that show none. */
export function plainly(mrkdwn: string): string {
  return unescaped(mrkdwn.replaceAll(/[`*]/g, ""));
}

/** What somebody typed after a command: Slack escapes it on its way to us. */
export function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** An id in code style. Backticks would end the code, so they go. */
export function code(id: string): string {
  return `\`${escaped(id.replaceAll("`", ""))}\``;
}

/** Foreign text in bold; asterisks would end it. */
export function bold(text: string): string {
  return `*${escaped(text.replaceAll("*", ""))}*`;
}

export function person(userId: string): string {
  return `<@${userId}>`;
}

/** The reader's own time of day; UTC where the client cannot show it. */
export function timeOfDay(at: number): string {
  return `<!date^${Math.floor(at / 1_000)}^{time_secs}|${new Date(at).toISOString().slice(11, 19)} UTC>`;
}

/** The reader's own date and time. */
export function dateAndTime(at: number): string {
  return `<!date^${Math.floor(at / 1_000)}^{date_short_pretty}, {time}|${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC>`;
}

/** `1 rule`, `2 rules`. */
export function count(amount: number, one: string, many: string): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
