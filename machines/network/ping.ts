/**
 * Reads what ping printed. Of the Unix kinds only the summary counts: replies are never counted by lines, because a line
 * such as `Destination Host Unreachable` is no reply and a long output loses its head. Windows counts such lines as
 * received, and prints everything in its own language, so there the replies are the lines with `TTL=`.
 */

export interface PingFigures {
  readonly sent: number;
  /** Never more than `sent`. */
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
 * with `round-trip min/avg/max = 11.9/12.4/14.0 ms`; Windows `Packets: Sent = 10, Received = 10, Lost = 0 (0% loss),` with
 * `Minimum = 11ms, Maximum = 14ms, Average = 12ms`, or `数据包: 已发送 = 10，已接收 = 10，丢失 = 0 (0% 丢失)，`.
 */
export function parsePing(output: string): PingFigures | null {
  return unixPing(output) ?? windowsPing(output);
}

function unixPing(output: string): PingFigures | null {
  // ping's own is the last: what a profile or a wrapper printed came before it.
  const summary = [...output.matchAll(/(?<!\d)(\d{1,6}) packets transmitted, (\d{1,6}) (?:packets )?received/g)].at(-1);
  if (!summary) return null;
  const times = /min\/avg\/max(?:\/\w+)? = (\d{1,6}(?:\.\d+)?)\/(\d{1,6}(?:\.\d+)?)\/(\d{1,6}(?:\.\d+)?)/.exec(
    output.slice(summary.index),
  );
  const [min, avg, max] = (times?.slice(1) ?? []).map(Number);
  return figures({ sent: Number(summary[1]), received: Number(summary[2]) }, [min, avg, max]);
}

/** The words differ by language and may not even be text after a change of code page; the signs and the order do not. */
function windowsPing(output: string): PingFigures | null {
  const summary = [
    ...output.matchAll(/= (\d{1,6})[^\d=\n]{1,40}= (\d{1,6})[^\d=\n]{1,40}= \d{1,6}\s{1,8}\([^\d()]{0,20}\d{1,3}\s?%/g),
  ].at(-1);
  if (!summary) return null;
  const replies = output.slice(0, summary.index).match(/\bTTL=\d/g)?.length ?? 0;
  const times = /= (\d{1,6})[^\d=\n]{1,40}= (\d{1,6})[^\d=\n]{1,40}= (\d{1,6})/.exec(
    output.slice(summary.index + summary[0].length),
  );
  const [min, max, avg] = (times?.slice(1) ?? []).map(Number);
  return figures({ sent: Number(summary[1]), received: Math.min(Number(summary[2]), replies) }, [min, avg, max]);
}

type Times = readonly [min: number | undefined, avg: number | undefined, max: number | undefined];

function figures(
  { sent, received }: { readonly sent: number; readonly received: number },
  [min, avg, max]: Times,
): PingFigures | null {
  if (received > sent) return null;
  const isTimed = received > 0 && min !== undefined && avg !== undefined && max !== undefined;
  return {
    sent,
    received,
    lossPercent: sent > 0 ? Math.round((100 * (sent - received)) / sent) : 100,
    rttMs: isTimed ? { min, avg, max } : null,
  };
}
