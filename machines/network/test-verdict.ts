/**
 * What a test proves. A pure function of what was to be tried and what was found.
 */
import { verdictOf, type PortVerdict, type TestFound, type TestTries } from "./test-output.ts";

/**
 * `verified`: every port is open or refused, and ping answered or something else did. `noReply`: what did not answer.
 * `notTried`: the instance had nothing to try it with, so nothing is known.
 */
export type TestVerdict =
  | {
      readonly verdict: "verified";
      /** `lost`: a connection got through and no ping, as behind a firewall on the host. `notRun`: there is no ping to run. */
      readonly ping: "answered" | "lost" | "notRun" | "notAsked";
    }
  | ({ readonly verdict: "noReply" | "notTried" } & Missing);

/** What of the things tried is missing. */
export interface Missing {
  readonly ping: boolean;
  readonly ports: readonly number[];
}

/**
 * Losing every packet is a result like any other: it fails the test unless a TCP connection shows that the path works.
 * Some packets lost fail nothing.
 */
export function testVerdict(tries: TestTries, found: TestFound): TestVerdict {
  const portsThat = (...verdicts: readonly PortVerdict[]) =>
    tries.ports.filter((port) => verdicts.includes(verdictOf(found, port)));
  const isLost = tries.ping && found.ping?.received === 0;
  const isNotRun = tries.ping && found.ping === null;
  const someConnected = portsThat("open", "refused").length > 0;
  const silent = portsThat("noAnswer");
  if (silent.length > 0 || (isLost && !someConnected)) return { verdict: "noReply", ping: isLost, ports: silent };
  const untried = portsThat("unmeasured");
  if (untried.length > 0 || (isNotRun && !someConnected))
    return { verdict: "notTried", ping: isNotRun, ports: untried };
  if (!tries.ping) return { verdict: "verified", ping: "notAsked" };
  if (isNotRun) return { verdict: "verified", ping: "notRun" };
  return { verdict: "verified", ping: isLost ? "lost" : "answered" };
}
