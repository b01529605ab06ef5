/**
 * Reads what ping printed. Only the summary counts: replies are never counted by lines, because a line such as
 * `Destination Host Unreachable` is no reply and a long output loses its head.
 */

export interface PingFigures {
  readonly sent: number;
  readonly received: number;
  readonly lossPercent: number;
  /** Null when nothing came back. */
  readonly rttMs: { readonly min: number; readonly avg: number; readonly max: number } | null;
}

/**
 * The figures of a finished ping, or null when the text holds none that can be true (ping is missing, refused, or was cut off).
 *
 * Examples: iputils `10 packets transmitted, 10 received, 0% packet loss, time 9012ms` with
 * `rtt min/avg/max/mdev = 11.9/12.4/14.0/0.6 ms`; BusyBox `10 packets transmitted, 10 packets received, 0% packet loss`
 * with `round-trip min/avg/max = 11.9/12.4/14.0 ms`.
 */
export function parsePing(output: string): PingFigures | null {
  // ping's own is the last: what a profile or a wrapper printed came before it.
  const summary = [...output.matchAll(/(?<!\d)(\d{1,6}) packets transmitted, (\d{1,6}) (?:packets )?received/g)].at(-1);
  const [sent, received] = [Number(summary?.[1]), Number(summary?.[2])];
  if (!summary || received > sent) return null;
  const times = /min\/avg\/max(?:\/\w+)? = (\d{1,6}(?:\.\d+)?)\/(\d{1,6}(?:\.\d+)?)\/(\d{1,6}(?:\.\d+)?)/.exec(
    output.slice(summary.index),
  );
  return {
    sent,
    received,
    lossPercent: sent > 0 ? Math.round((100 * (sent - received)) / sent) : 100,
    rttMs: times && received > 0 ? { min: Number(times[1]), avg: Number(times[2]), max: Number(times[3]) } : null,
  };
}
