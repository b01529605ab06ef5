/**
 * What a connectivity test tries, and what its output says it has found. The script that prints it: `src/cloud/test-script.ts`.
 */
import { parsePing, type PingFigures } from "./ping.ts";
import { TRIED_PORTS_MAX } from "./rules.ts";

/** What one test tries on the instance at its other end. */
export interface TestTries {
  /** Ping it. Without, the test goes by the ports alone. */
  readonly ping: boolean;
  /** TCP ports to connect to, 1–65535. */
  readonly ports: readonly number[];
}

export interface TestFound {
  /** Null when no ping was run: none was asked for, or the instance has none that it may run. */
  readonly ping: PingFigures | null;
  readonly ports: ReadonlyArray<{ readonly port: number; readonly verdict: PortVerdict }>;
  /** Bytes of the largest packet that came through whole; null when that was not measured. */
  readonly mtu: number | null;
}

/**
 * `open`: something took the connection. `refused`: the host said no, so the path works and nothing listens. `noAnswer`:
 * neither in time. `unmeasured`: the instance has nothing to try it with.
 */
export type PortVerdict = "open" | "refused" | "noAnswer" | "unmeasured";

/** How the script's last line begins; what stands before it is for people and for `parsePing`. */
const VERDICTS = /^peer-vpcs-test(?= |$)/;

/** Of IP and ICMP, bytes. */
const HEADERS = 28;

/** The largest packet that the script tries, bytes. */
const MTU_MAX = 1_500;

/**
 * What an ended test has found, or null when it did not get to its last line: then it was cut off or could not run.
 *
 * Example, after ping's output: `peer-vpcs-test tcp5432=open tcp8080=refused payload=1472`. The payload is what ping sent in
 * one piece, without headers. Only the last line counts, because Cloud Assistant keeps the end of a long output, and because
 * anything may have been printed before.
 */
export function parseTestOutput(output: string): TestFound | null {
  const lines = output.trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  if (!VERDICTS.test(last)) return null;
  const mtu = Number(/ payload=(\d{1,4})(?= |$)/.exec(last)?.[1]) + HEADERS;
  return {
    ping: parsePing(lines.slice(0, -1).join("\n")),
    ports: [...last.matchAll(/ tcp(\d{1,5})=(open|refused|noAnswer|unmeasured)(?= |$)/g)]
      .slice(0, TRIED_PORTS_MAX)
      // One of the four, by the pattern.
      .map(([, port, verdict]) => ({ port: Number(port), verdict: verdict as PortVerdict }))
      // They come as they were found.
      .toSorted((a, b) => a.port - b.port),
    mtu: mtu <= MTU_MAX ? mtu : null,
  };
}

/** What it has found of one port; `unmeasured` when it says nothing of it. */
export function verdictOf({ ports }: TestFound, port: number): PortVerdict {
  return ports.find((one) => one.port === port)?.verdict ?? "unmeasured";
}
