/**
 * Who may ask what, as one table. A cell is `allowed` or the reason of the refusal.
 */
import { describe, expect, test } from "vitest";
import { may, type Actor, type Policy, type Standing } from "../../machines/peering/authority.ts";
import type { Command, Request } from "../../machines/peering/commands.ts";
import { peeringMachine, type PeeringState } from "../../machines/peering/machine.ts";
import { currentRun, type Peering, type Person } from "../../machines/peering/record.ts";
import { decideCommand, decideRequest, type Snapshot } from "../../machines/peering/transition.ts";
import { approval, member, peeringIn, READ_ONLY, requested } from "./peering-in.ts";
import { COLLEAGUE, LEAD, POLICY, requestCommand, REQUESTER, SECOND_LEAD, T0 } from "./tutorial.ts";

const COMMANDS = ["request", "approve", "reject", "withdraw", "retry", "rollBack", "acceptUntested"] as const;

interface Role {
  readonly actor: Actor;
  readonly requester?: Person;
}

/** Somebody who asked, leads and is still no member, so that nothing but their standing keeps them out. */
function outsider(standing: Standing): Role {
  return { actor: { person: LEAD, standing }, requester: LEAD };
}

const ROLES = {
  requester: { actor: member(REQUESTER) },
  lead: { actor: member(LEAD) },
  requesterWhoLeads: { actor: member(LEAD), requester: LEAD },
  otherMember: { actor: member(COLLEAGUE) },
  guest: outsider("guest"),
  bot: outsider("bot"),
  deactivated: outsider("deactivated"),
  stranger: outsider("stranger"),
  // The same user id in another workspace is somebody else, even where the directory were wrong about them.
  namesakeOfALead: { actor: member({ ...LEAD, teamId: "T02" }) },
  namesakeOfTheRequester: { actor: member({ ...REQUESTER, teamId: "T02" }) },
  namesakeOfARequesterWhoLeads: { actor: member({ ...LEAD, teamId: "T02" }), requester: LEAD },
} as const satisfies Record<string, Role>;

const out = "notAMember";
const no = "neitherRequesterNorLead";

const OPERATE = {
  //                      request    approve       reject        withdraw            retry      rollBack   acceptUntested
  requester: ["allowed", "ownRequest", "ownRequest", "allowed", "allowed", "allowed", "ownRequest"],
  lead: ["allowed", "allowed", "allowed", "notTheRequester", "allowed", "allowed", "allowed"],
  requesterWhoLeads: ["allowed", "ownRequest", "ownRequest", "allowed", "allowed", "allowed", "ownRequest"],
  otherMember: ["allowed", "notALead", "notALead", "notTheRequester", no, no, "notALead"],
  guest: [out, out, out, out, out, out, out],
  bot: [out, out, out, out, out, out, out],
  deactivated: [out, out, out, out, out, out, out],
  stranger: [out, out, out, out, out, out, out],
  // There is no peering yet whose workspace theirs could be held against.
  namesakeOfALead: ["allowed", out, out, out, out, out, out],
  namesakeOfTheRequester: ["allowed", out, out, out, out, out, out],
  namesakeOfARequesterWhoLeads: ["allowed", out, out, out, out, out, out],
} as const satisfies Record<keyof typeof ROLES, readonly string[]>;

const off = "readOnly";

const READING = {
  requester: [off, off, "ownRequest", "allowed", off, off, "ownRequest"],
  lead: [off, off, "allowed", "notTheRequester", off, off, "allowed"],
  requesterWhoLeads: [off, off, "ownRequest", "allowed", off, off, "ownRequest"],
  otherMember: [off, off, "notALead", "notTheRequester", off, off, "notALead"],
  guest: OPERATE.guest,
  bot: OPERATE.bot,
  deactivated: OPERATE.deactivated,
  stranger: OPERATE.stranger,
  namesakeOfALead: [off, out, out, out, out, out, out],
  namesakeOfTheRequester: [off, out, out, out, out, out, out],
  namesakeOfARequesterWhoLeads: [off, out, out, out, out, out, out],
} as const satisfies Record<keyof typeof ROLES, readonly string[]>;

const TABLE = (
  [
    ["operate", POLICY, OPERATE],
    ["read-only", READ_ONLY, READING],
  ] as const
).flatMap(([mode, policy, answers]) =>
  Object.entries(ROLES).flatMap(([role, who]) =>
    COMMANDS.map((command, column) => ({
      mode,
      policy,
      role,
      who: who as Role,
      command,
      answer: answers[role as keyof typeof ROLES][column],
    })),
  ),
);

describe("the table", () => {
  test.each(TABLE)("in $mode mode, $command by $role: $answer", ({ policy, who, command, answer }) => {
    const peering = command === "request" ? null : peeringBy(who.requester ?? REQUESTER);

    const decision = may(who.actor, command, peering, policy);

    expect(decision.allowed ? "allowed" : decision.refusal.reason).toBe(answer);
  });
});

describe("leads", () => {
  const nobody: Policy = { ...POLICY, leads: { userIds: [], groupId: "S0LEADS" } };
  const onlyOne: Policy = { ...POLICY, leads: { userIds: [LEAD.userId], groupId: null } };

  test("an empty set of leads blocks the request", () => {
    const decision = may(member(REQUESTER), "request", null, nobody);

    expect(decision).toEqual({ allowed: false, refusal: { reason: "noLeads", onlyYou: false } });
  });

  test.each(["approve", "reject", "acceptUntested"] as const)("an empty set of leads lets nobody %s", (command) => {
    const decision = may(member(COLLEAGUE), command, peeringBy(REQUESTER), nobody);

    expect(decision).toEqual({ allowed: false, refusal: { reason: "notALead", leads: nobody.leads } });
  });

  test("the only lead cannot ask, and is told that it is for being the only one", () => {
    const decision = may(member(LEAD), "request", null, onlyOne);

    expect(decision).toEqual({ allowed: false, refusal: { reason: "noLeads", onlyYou: true } });
  });

  test("somebody else can ask the only lead", () => {
    const decision = may(member(REQUESTER), "request", null, onlyOne);

    expect(decision).toEqual({ allowed: true });
  });

  test("a lead listed twice is still the only one", () => {
    const twice: Policy = { ...POLICY, leads: { userIds: [LEAD.userId, LEAD.userId], groupId: null } };

    const decision = may(member(LEAD), "request", null, twice);

    expect(decision).toMatchObject({ allowed: false, refusal: { reason: "noLeads", onlyYou: true } });
  });

  test("the leads are asked for at the click: who led at the request and no longer does decides nothing", () => {
    const since: Policy = { ...POLICY, leads: { userIds: [SECOND_LEAD.userId], groupId: "S0LEADS" } };

    const decision = may(member(LEAD), "approve", peeringBy(REQUESTER), since);

    expect(decision).toMatchObject({ allowed: false, refusal: { reason: "notALead" } });
  });

  test("whoever may not decide is told who can", () => {
    const own = may(member(REQUESTER), "approve", peeringBy(REQUESTER), POLICY);
    const other = may(member(COLLEAGUE), "retry", peeringBy(REQUESTER), POLICY);

    expect(own).toMatchObject({ refusal: { leads: POLICY.leads } });
    expect(other).toMatchObject({ refusal: { leads: POLICY.leads } });
  });
});

describe("deny by default", () => {
  test.each(["", "admin", "Member", "constructor", undefined])(
    "a standing that nobody wrote a rule for may nothing: %s",
    (standing) => {
      const actor = { person: LEAD, standing } as Actor;

      const allowed = COMMANDS.filter((command) => may(actor, command, peeringBy(REQUESTER), POLICY).allowed);

      expect(allowed).toEqual([]);
    },
  );

  test.each(["", "plan-only", "Operate", undefined])(
    "a mode that nobody wrote a rule for writes nothing: %s",
    (mode) => {
      const policy = { ...POLICY, mode } as Policy;

      const allowed = COMMANDS.filter((command) => may(member(LEAD), command, peeringBy(REQUESTER), policy).allowed);

      expect(allowed).toEqual(["reject", "acceptUntested"]);
    },
  );

  test.each(["tearDown", "constructor", "__proto__", ""])(
    "a command that nobody wrote a rule for is never allowed: %s",
    (command) => {
      const decision = may(member(LEAD), command as Command["type"], peeringBy(REQUESTER), POLICY);

      expect(decision?.allowed).not.toBe(true);
    },
  );
});

describe("the way in", () => {
  const states = Object.keys(peeringMachine.states) as PeeringState[];

  test.each(states)("asks who before it asks whether it fits, in %s", (state) => {
    const { next } = peeringIn(state);
    for (const { role, who, mode, policy, command } of TABLE) {
      const peering = { ...next.peering, requester: who.requester ?? REQUESTER };
      const decision = may(who.actor, command, peering, policy);
      if (command === "request" || decision.allowed) continue;

      const decided = decideCommand({ state, peering }, commandOf(command, next, who.actor), who.actor, policy);

      expect(decided, `${command} by ${role} in ${mode} mode`).toEqual({ kind: "refused", refusal: decision.refusal });
    }
  });

  test.each(Object.entries(ROLES))("refuses a request that %s may not make, in either mode", (_, { actor }) => {
    for (const policy of [POLICY, READ_ONLY, { ...POLICY, leads: { userIds: [], groupId: null } }]) {
      const decision = may(actor, "request", null, policy);

      const decided = decideRequest(requestCommand({ by: actor.person }), actor, policy);

      expect(decided.kind === "refused" ? decided.refusal : null).toEqual(decision.allowed ? null : decision.refusal);
    }
  });
});

describe("in somebody else's name", () => {
  test("a command whose author is not the actor is a bug, whoever of them would be allowed", () => {
    const { next } = requested();

    expect(() => decideCommand(next, approval(next, { by: SECOND_LEAD }), member(LEAD), POLICY)).toThrow(/name/);
    expect(() => decideCommand(next, approval(next, { by: LEAD }), member(COLLEAGUE), POLICY)).toThrow(/name/);
  });

  test("a request whose author is not the actor is a bug", () => {
    expect(() => decideRequest(requestCommand({ by: COLLEAGUE }), member(REQUESTER), POLICY)).toThrow(/name/);
  });
});

function peeringBy(requester: Person): Peering {
  const decided = decideRequest(requestCommand({ by: requester }), member(requester), POLICY);
  if (decided.kind !== "accepted") throw new Error("the request was refused");
  return decided.next.peering;
}

function commandOf(
  type: Exclude<Command["type"], "request">,
  now: Snapshot,
  { person }: Actor,
): Exclude<Command, Request> {
  const { number: run } = currentRun(now.peering);
  const common = { at: T0, by: person };
  switch (type) {
    case "approve":
      return approval(now, { by: person });
    case "reject":
      return { ...common, type, run, reason: "no" };
    case "retry":
      return { ...common, type, run, step: "checkPlan" };
    case "acceptUntested":
      return { ...common, type, reason: "fine" };
    case "proposeFix":
      return { ...common, type, run, plan: currentRun(now.peering).plan };
    case "withdraw":
    case "rollBack":
    case "test":
      return { ...common, type };
  }
}
