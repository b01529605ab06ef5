import { describe, expect, test } from "vitest";
import type { PortVerdict, TestFound } from "../../machines/network/test-output.ts";
import { testVerdict } from "../../machines/network/test-verdict.ts";

const BOTH = { ping: true, ports: [5432, 8000] };
const ONLY_PING = { ping: true, ports: [] };
const ONLY_PORTS = { ping: false, ports: [5432, 8000] };

/** `pings`: how many of ten came back; null when ping could not run. */
function found(pings: number | null, first: PortVerdict = "open", second: PortVerdict = "open"): TestFound {
  const ping = { sent: 10, received: pings ?? 0, lossPercent: 100 - (pings ?? 0) * 10, rttMs: null };
  return {
    ping: pings === null ? null : ping,
    ports: [
      { port: 5432, verdict: first },
      { port: 8000, verdict: second },
    ],
    mtu: null,
  };
}

describe("is proved", () => {
  test.each([
    ["by all that was tried", BOTH, found(10), "answered"],
    ["by a refusal, for which the path must work", BOTH, found(10, "refused"), "answered"],
    ["though some packets are lost", BOTH, found(1), "answered"],
    ["by ports where the host drops ping", BOTH, found(0, "refused"), "lost"],
    ["by ports where there is no ping to run", BOTH, found(null), "notRun"],
    ["by ports where ping is not let through", ONLY_PORTS, found(null), "notAsked"],
    ["by ping where no port is let through", ONLY_PING, { ...found(10), ports: [] }, "answered"],
  ] as const)("%s", (_, tries, report, ping) => {
    expect(testVerdict(tries, report)).toEqual({ verdict: "verified", ping });
  });
});

describe("is not proved", () => {
  test.each([
    ["where nothing answers", BOTH, found(0, "noAnswer", "noAnswer"), { ping: true, ports: [5432, 8000] }],
    ["where one port is silent", BOTH, found(10, "open", "noAnswer"), { ping: false, ports: [8000] }],
    ["where ping is lost and nothing else was tried", ONLY_PING, found(0), { ping: true, ports: [] }],
    [
      "where ping is lost and no port could be tried",
      BOTH,
      found(0, "unmeasured", "unmeasured"),
      { ping: true, ports: [] },
    ],
    [
      "where one port is silent and one could not be tried",
      BOTH,
      found(10, "noAnswer", "unmeasured"),
      { ping: false, ports: [5432] },
    ],
  ] as const)("%s", (_, tries, report, missing) => {
    expect(testVerdict(tries, report)).toEqual({ verdict: "noReply", ...missing });
  });

  test.each([
    ["where there is no ping and nothing else was tried", ONLY_PING, found(null), { ping: true, ports: [] }],
    ["where a port could not be tried", BOTH, found(10, "open", "unmeasured"), { ping: false, ports: [8000] }],
    [
      "where the output says nothing of a port",
      BOTH,
      { ...found(10), ports: [] },
      { ping: false, ports: [5432, 8000] },
    ],
    [
      "where nothing could be tried at all",
      BOTH,
      found(null, "unmeasured", "unmeasured"),
      { ping: true, ports: [5432, 8000] },
    ],
  ] as const)("and not refuted, %s", (_, tries, report, missing) => {
    expect(testVerdict(tries, report)).toEqual({ verdict: "notTried", ...missing });
  });
});
