/**
 * A time in one of the forms that `<!date^…>` and rich text dates know.
 *
 * `{date_num} {time_secs}` → `2026-11-30 10:58:03`. Clock times are in 24 hours. Unknown tokens stay as they are.
 *
 * Tokens: https://docs.slack.dev/messaging/formatting-message-text (date formatting)
 */
export function dateToText(seconds: number, format: string, tz: string): string {
  const at = seconds * 1_000;
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-US", { ...options, timeZone: tz, hourCycle: "h23" }).format(at);
  const day = Number(part({ day: "numeric" }));
  const tokens: Readonly<Record<string, () => string>> = {
    date_num: () => new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeZone: tz }).format(at),
    date: () => `${part({ month: "long" })} ${ordinal(day)}, ${part({ year: "numeric" })}`,
    date_short: () => part({ month: "short", day: "numeric", year: "numeric" }),
    date_long: () =>
      `${part({ weekday: "long" })}, ${part({ month: "long" })} ${ordinal(day)}, ${part({ year: "numeric" })}`,
    time: () => part({ hour: "2-digit", minute: "2-digit" }),
    time_secs: () => part({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  };
  return format.replaceAll(/\{(\w+?)(_pretty)?\}/g, (whole, name: string) => tokens[name]?.() ?? whole);
}

function ordinal(day: number): string {
  const ending = day % 10 === 1 && day !== 11 ? "st" : day % 10 === 2 && day !== 12 ? "nd" : "th";
  return `${day}${day % 10 === 3 && day !== 13 ? "rd" : ending}`;
}
