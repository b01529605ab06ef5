import { describe, expect, test } from "vitest";
import type { Plan } from "../../machines/network/plan.ts";
import { planned } from "../../machines/network/planned.ts";
import { type Flow, walk } from "../../machines/network/reachability.ts";
import { withSide } from "./networks.ts";
import { facts, plan, requestRevision } from "./tutorial.ts";

const POSTGRES: Flow = {
  from: { side: "initiator", ip: "192.168.1.10" },
  to: { side: "acceptor", ip: "172.16.1.10" },
  protocol: "TCP",
  port: 5432,
};

/** What stops a packet after each stage. */
function stoppedAt(connect: Plan, flow: Flow): readonly string[] {
  return (["check", "create", "route", "secure"] as const).map((until) => {
    const verdict = walk(planned(facts(), connect, until), flow);
    return verdict.verdict === "dropped" ? verdict.why.cause : verdict.verdict;
  });
}

describe.each(["router-interfaces", "vpc-peer"] as const)("the network that a plan for %s will build", (connection) => {
  const size = connection === "vpc-peer" ? "Gold.10" : "Mini.2";
  const connect = plan(requestRevision({ connection, size }));

  test("gets a packet a place further with each stage, and opens no other port", () => {
    expect(stoppedAt(connect, POSTGRES)).toEqual(["noRoute", "noRoute", "noRuleAccepts", "allowed"]);
    expect(stoppedAt(connect, { ...POSTGRES, port: 5433 })).toEqual([
      "noRoute",
      "noRoute",
      "noRuleAccepts",
      "noRuleAccepts",
    ]);
    expect(stoppedAt(connect, { from: POSTGRES.to, to: POSTGRES.from, protocol: "ICMP", port: null })).toEqual([
      "noRoute",
      "noRoute",
      "noRuleAccepts",
      "allowed",
    ]);
  });

  test("leads a later plan's entries to the connection that is there", () => {
    const built = planned(facts(), connect, "secure");
    const without = withSide(
      "acceptor",
      { routeTables: built.acceptor.routeTables.map((table) => ({ ...table, entries: [] })) },
      built,
    );
    expect(walk(without, POSTGRES)).toMatchObject({ verdict: "dropped", why: { cause: "noRoute" } });
    const steps = connect.steps.filter(
      ({ stage, effect }) => stage === "route" && "side" in effect && effect.side === "acceptor",
    );
    expect(walk(planned(without, { steps, connection }, "route"), POSTGRES).verdict).toBe("allowed");
  });
});
