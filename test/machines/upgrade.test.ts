import { describe, expect, test } from "vitest";
import { MACHINE_VERSION } from "../../machines/peering/machine.ts";
import { currentRun } from "../../machines/peering/record.ts";
import { decideCommand, type Snapshot } from "../../machines/peering/transition.ts";
import { upgraded } from "../../machines/peering/upgrade.ts";
import { renderCard } from "../../src/slack/render/card.ts";
import { planView } from "../../src/slack/render/views.ts";
import { member } from "./peering-in.ts";
import version1 from "./records/version-1.json" with { type: "json" };
import { LEAD, POLICY, T0 } from "./tutorial.ts";

type State = keyof typeof version1;

/** As version 1 stored it. */
function stored(state: State): Snapshot {
  // What its types say now is what is tried here.
  return structuredClone(version1[state]) as unknown as Snapshot;
}

function results(state: State): unknown {
  return Object.values(currentRun(upgraded(stored(state), 1).peering).steps).flatMap(({ report }) => report ?? []);
}

describe("a peering that version 1 stored", () => {
  test("has its pings as reports of a test without ports and MTU", () => {
    const from = { instanceId: "i-m5e1", ip: "192.168.1.10" };
    const to = { instanceId: "i-2ze1", ip: "172.16.1.10" };
    const rest = { from, to, at: T0 + 120_000, ports: [], mtu: null };
    const all = { sent: 10, received: 10, lossPercent: 0, rttMs: { min: 11.9, avg: 12.4, max: 14 } };
    const none = { sent: 10, received: 0, lossPercent: 100, rttMs: null };
    expect(results("verified")).toEqual([
      { ...rest, ping: all },
      { ...rest, ping: all },
    ]);
    expect(results("failed")).toEqual([
      { ...rest, ping: none },
      { ...rest, ping: all },
    ]);
  });

  test("tests again by ping alone, as it was approved", () => {
    const { effect } = currentRun(upgraded(stored("verified"), 1).peering).plan.steps.at(-1) ?? {};
    expect(effect).toMatchObject({ type: "runConnectivityTest", ping: true, ports: [] });
    const again = decideCommand(
      upgraded(stored("verified"), 1),
      { type: "test", at: T0 + 500_000, by: LEAD },
      member(LEAD),
      POLICY,
    );
    expect(again.kind === "accepted" && again.steps.map(({ step }) => step)).toEqual([
      "runConnectivityTest:initiator",
      "runConnectivityTest:acceptor",
    ]);
  });

  test.each<State>(["requested", "verified", "failed"])("is shown when it is %s", (state) => {
    const snapshot = upgraded(stored(state), 1);
    expect(() => renderCard({ snapshot, waitingFor: [], leads: POLICY.leads })).not.toThrow();
    expect(() => planView(snapshot.peering)).not.toThrow();
  });

  test("keeps the hash that its votes are for", () => {
    for (const state of ["requested", "verified", "failed"] as const) {
      const before = stored(state);
      expect(upgraded(before, 1).peering.runs.map(({ plan }) => plan.hash)).toEqual(
        before.peering.runs.map(({ plan }) => plan.hash),
      );
    }
  });
});

test("a peering of this version stays as it is, and one of a newer version is refused", () => {
  const snapshot = upgraded(stored("verified"), 1);
  expect(upgraded(snapshot, MACHINE_VERSION)).toBe(snapshot);
  expect(() => upgraded(snapshot, MACHINE_VERSION + 1)).toThrow("this is version 2");
});
