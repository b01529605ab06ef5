import { expect, test } from "vitest";
import { differences } from "../../machines/network/baseline.ts";
import type { PortVerdict, TestFound } from "../../machines/network/test-output.ts";

function found(
  avg: number | null,
  lossPercent = 0,
  verdict: PortVerdict = "open",
  mtu: number | null = 1_500,
): TestFound {
  const rttMs = avg === null ? null : { min: avg, avg, max: avg };
  const ping = { sent: 10, received: 10 - lossPercent / 10, lossPercent, rttMs };
  return { ping, ports: [{ port: 5432, verdict }], mtu };
}

test.each([
  ["the same", found(12), found(12), []],
  ["a round trip that varies as round trips do", found(12), found(17.9), []],
  ["half as long again", found(12), found(18), [{ what: "slower", before: 12, after: 18 }]],
  ["ten times nothing", found(0.05), found(0.5), []],
  ["a faster one", found(30), found(12), []],
  ["loss", found(12), found(12, 10), [{ what: "loss", beforePercent: 0, afterPercent: 10 }]],
  ["less loss", found(12, 20), found(12, 10), []],
  ["all lost", found(12), found(null, 100), [{ what: "loss", beforePercent: 0, afterPercent: 100 }]],
  [
    "a service that went away",
    found(12),
    found(12, 0, "refused"),
    [{ what: "port", port: 5432, before: "open", after: "refused" }],
  ],
  [
    "a service that came",
    found(12, 0, "refused"),
    found(12),
    [{ what: "port", port: 5432, before: "refused", after: "open" }],
  ],
  ["a port that was not tried then", found(12, 0, "unmeasured"), found(12), []],
  ["a port that is not tried now", found(12), found(12, 0, "unmeasured"), []],
  ["a port that no baseline knows", { ...found(12), ports: [] }, found(12), []],
  ["a smaller path MTU", found(12), found(12, 0, "open", 1_450), [{ what: "mtu", before: 1_500, after: 1_450 }]],
  ["a larger one", found(12, 0, "open", 1_450), found(12), []],
  ["one that was not measured", found(12, 0, "open", null), found(12), []],
  ["one that is not measured", found(12), found(12, 0, "open", null), []],
  ["no ping then", { ...found(12), ping: null }, found(90, 50), []],
  ["no ping now", found(12), { ...found(12), ping: null }, []],
])("%s", (_, baseline, later, told) => {
  expect(differences(baseline, later)).toEqual(told);
});
