import { describe, expect, test } from "vitest";
import { topologyOf, type DrawnSide, type Topology } from "../../machines/peering/topology.ts";
import { currentRun } from "../../machines/peering/record.ts";
import { approved, failedAtTest, failure, fixPlan, requested, type Driven } from "./peering-in.ts";
import { planHash, type Plan } from "../../machines/network/plan.ts";
import { facts, plan, requestRevision, SECOND_LEAD } from "./tutorial.ts";

/** Every look in it, in the order of the picture. */
function looks({ initiator, connection, acceptor }: Topology): readonly string[] {
  return [...looksOf(initiator), connection.look, ...looksOf(acceptor)];
}

function looksOf({ routes, opens }: Topology["initiator"]): readonly string[] {
  return [...routes.first, ...opens.first].map(({ look }) => look);
}

/** What is let in by the acceptor while this fix waits for a decision. */
function opensWith(fix: Plan): DrawnSide["opens"]["first"] {
  return topologyOf(failedAtTest().ask({ type: "proposeFix", run: 1, plan: fix }).next).acceptor.opens.first;
}

const all = (look: string) => Array.from({ length: 5 }, () => look);

/** Stopped at the second of its two route entries. */
function halfRouted(): Driven {
  const routing = approved().until("activated");
  const [first, second] = currentRun(routing.next.peering).plan.steps.filter(({ stage }) => stage === "route");
  return routing
    .answer({ type: "stepDone", step: first?.id ?? "", calls: [], resources: [] })
    .answer({ type: "stepFailed", step: second?.id ?? "", failure: failure(), attempt: 0 });
}

test("it shows both networks with their vSwitches, where the routes lead and what is let in", () => {
  const { initiator, acceptor, connection } = topologyOf(requested().next);

  expect(initiator).toMatchObject({ name: "orders-prod", regionId: "cn-qingdao", wholeVpc: true });
  expect(initiator.cidrs).toEqual({ first: ["192.168.0.0/16"], left: 0 });
  expect(initiator.vSwitches.first.length).toBeGreaterThan(0);
  expect(initiator.routes.first).toEqual([{ destination: "172.16.0.0/16", tables: 1, look: "new" }]);
  expect(acceptor.opens.first).toMatchObject([{ ping: true, groups: 1, look: "new" }]);
  expect(connection).toEqual({ kind: "router-interfaces", size: "Mini.2", look: "new" });
});

describe("how it stands", () => {
  test("all of it is new while it is planned and while it is built, however far that is", () => {
    for (const state of ["requested", "approved", "creating", "activated", "routed", "secured"] as const) {
      const { next } = state === "requested" ? requested() : approved().until(state);
      const topology = topologyOf(next);
      expect([state, topology.status]).toEqual([state, state === "requested" ? "planned" : "building"]);
      expect(looks(topology)).toEqual(all("new"));
    }
  });

  test("all of it stands once it is verified", () => {
    const topology = topologyOf(approved().until("verified").next);

    expect(topology.status).toBe("connected");
    expect(looks(topology)).toEqual(all("standing"));
  });

  test("when it stops, what stands is told from what is missing", () => {
    const stopped = halfRouted();

    expect(stopped.state).toBe("failed");
    const topology = topologyOf(stopped.next);
    expect(topology.status).toBe("stopped");
    expect(looks(topology)).toEqual(["standing", "missing", "standing", "missing", "missing"]);
  });

  test("a test that failed leaves everything standing", () => {
    expect(looks(topologyOf(failedAtTest().next))).toEqual(all("standing"));
  });

  test("a rollback removes what was made and does not speak of the rest as removed", () => {
    const undoing = halfRouted().ask({ type: "rollBack" });
    const done = undoing.until("rolledBack");

    expect([topologyOf(undoing.next).status, looks(topologyOf(undoing.next))]).toEqual([
      "rollingBack",
      ["leaving", "notBuilt", "leaving", "notBuilt", "notBuilt"],
    ]);
    expect([topologyOf(done.next).status, looks(topologyOf(done.next))]).toEqual([
      "rolledBack",
      ["removed", "notBuilt", "removed", "notBuilt", "notBuilt"],
    ]);
  });

  test("a rollback that stops leaves standing what is not wholly gone", () => {
    const undoing = halfRouted().ask({ type: "rollBack" });
    const [first, second] = currentRun(undoing.next.peering).plan.steps;
    const stopped = undoing
      .answer({ type: "stepFailed", step: first?.id ?? "", failure: failure(), attempt: 0 })
      .answer({ type: "stepDone", step: second?.id ?? "", calls: [], resources: [] });

    expect(stopped.state).toBe("failed");
    expect(looks(topologyOf(stopped.next))).toEqual(["standing", "notBuilt", "standing", "notBuilt", "notBuilt"]);
  });

  test("a rule that was there before is not said to be removed", () => {
    const { next } = failedAtTest().ask({ type: "rollBack" }).until("rolledBack");
    const others = next.peering.runs[0]?.plan.opens.find(({ side }) => side === "acceptor");
    const rule = {
      kind: "securityGroupRule",
      side: "acceptor",
      regionId: "cn-beijing",
      securityGroupId: others?.securityGroupIds[0] ?? "sg-",
      direction: "ingress",
      id: "sgr-1",
      madeBy: "others",
    } as const;

    expect(looks(topologyOf(next))).toEqual(all("removed"));
    const kept = topologyOf({ ...next, peering: { ...next.peering, resources: [rule] } });
    expect(looks(kept)).toEqual(["removed", "removed", "removed", "removed", "standing"]);
  });

  test("what nobody approved was not built", () => {
    const { next } = requested().ask({ type: "reject", run: 1, reason: "no" });

    expect([topologyOf(next).status, looks(topologyOf(next))]).toEqual(["notBuilt", all("notBuilt")]);
  });

  test("a fix that waits for a decision is new beside what stands", () => {
    const { next } = failedAtTest().ask({ type: "proposeFix", run: 1, plan: fixPlan() });
    const topology = topologyOf(next);

    expect(topology.status).toBe("planned");
    expect(topology.connection.look).toBe("standing");
    expect(topology.initiator.routes.first).toMatchObject([{ destination: "172.16.0.0/16", tables: 1, look: "new" }]);
    expect(topology.acceptor.opens.first).toMatchObject([{ ports: ["5432"], look: "standing" }]);
  });

  test("a fix that makes rules once more makes them new, and one that adds a port adds a line", () => {
    const again = { ...plan(), steps: plan().steps.filter(({ stage }) => stage !== "create") };
    const wider = again.opens.map((opening) =>
      opening.protocol === "TCP" ? { ...opening, portRange: "6379/6379" } : opening,
    );

    expect(opensWith({ ...again, hash: planHash(again) })).toMatchObject([{ ports: ["5432"], look: "new" }]);
    expect(opensWith({ ...again, opens: wider, hash: planHash({ ...again, opens: wider }) })).toMatchObject([
      { ports: ["5432"], look: "standing" },
      { ports: ["6379"], look: "new" },
    ]);
  });

  test("a fix that was dropped is not in it", () => {
    const proposed = failedAtTest().ask({ type: "proposeFix", run: 1, plan: fixPlan() });
    const { next, state } = proposed.ask({ type: "reject", run: 2, reason: "no" }, SECOND_LEAD);

    expect(state).toBe("failed");
    expect(looks(topologyOf(next))).toEqual(all("standing"));
  });
});

test("a network of any size is shown by its first parts and the number of the others", () => {
  const network = facts();
  const vSwitches = Array.from({ length: 50 }, (_, index) => ({
    ...network.initiator.vSwitches[0]!,
    id: `vsw-${index}` as const,
    name: `app-${String(index).padStart(2, "0")}`,
  }));
  const large = { ...network, initiator: { ...network.initiator, vSwitches } };
  const { initiator } = topologyOf(requested(requestRevision(), large).next);

  expect(initiator.vSwitches.first.map(({ name }) => name)).toEqual(["app-00", "app-01", "app-02", "app-03"]);
  expect(initiator.vSwitches.left).toBe(46);
});

test("a plan from before pictures were drawn has a picture without its vSwitches", () => {
  const { next } = requested();
  const old = JSON.parse(JSON.stringify(next), (key, value) => (key === "vSwitches" ? undefined : value));

  expect(topologyOf(old).initiator.vSwitches).toEqual({ first: [], left: 0 });
});
