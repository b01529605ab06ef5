import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planRequest } from "../../machines/connections/plan-request.ts";
import type { preflight } from "../../machines/network/preflight.ts";
import type { PeeringState } from "../../machines/peering/machine.ts";
import type { StoredEvent, StoredPeering } from "../../src/ports.ts";
import { bounded, clipped, fits, sections } from "../../src/slack/render/blocks.ts";
import { renderCard } from "../../src/slack/render/card.ts";
import { renderForm, instanceOption, groupOption, vpcOption, vSwitchOption } from "../../src/slack/render/form.ts";
import { peeringList } from "../../src/slack/render/list.ts";
import { renderThread } from "../../src/slack/render/thread.ts";
import { noticeView, planView, reasonView } from "../../src/slack/render/views.ts";
import { refusal } from "../../src/slack/texts/en/refusals.ts";
import { approved, failure, requested, type Driven } from "../machines/peering-in.ts";
import { rule } from "../machines/networks.ts";
import { LEAD, requestRevision, T0, RULES } from "../machines/tutorial.ts";
import { hostileFacts, hostileRequest, HOSTILE_NAME, HOSTILE_REASON, VSWITCHES } from "./hostile.ts";
import { cardOf, expectMessage, expectView, markupIn } from "./rendered.ts";

/** States in which there is something to press. */
const HAS_BUTTONS: readonly PeeringState[] = ["requested", "approved", "verified"];

const FAR: readonly PeeringState[] = ["approved", "creating", "activated", "routed", "secured", "verified"];

function hostile(state: PeeringState): Driven {
  const asked = requested(hostileRequest(), hostileFacts());
  return state === "requested" ? asked : approved(asked).until(state);
}

describe("the largest request there can be", () => {
  test.each(["requested", ...FAR] as const)(
    "has a card that Slack takes in state %s, with its buttons and the whole reason",
    (state) => {
      const { next } = hostile(state);
      const message = renderCard(cardOf(next));

      expectMessage(message);
      expect(JSON.stringify(message.blocks)).toContain(
        HOSTILE_REASON.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").slice(0, 2_000),
      );
      expect(message.blocks.some(({ type }) => type === "actions")).toBe(HAS_BUTTONS.includes(state));
    },
  );

  test("has a card when every step of a stage fails at once", () => {
    const { next } = failing(hostile("activated"));

    const message = renderCard(cardOf(next));

    expectMessage(message);
    expect(message.blocks.some(({ type }) => type === "actions")).toBe(true);
  });

  test("has a plan that can be reviewed, every step of it", () => {
    const { peering } = hostile("requested").next;
    const view = planView(peering);

    expectView(view);
    const steps = peering.runs[0]?.plan.steps.length ?? 0;
    expect(steps).toBeGreaterThan(VSWITCHES);
    expect(lastStepIn(view)).toBe(steps);
    expect(view.blocks.length).toBeLessThan(30);
  });

  test("has a plan that can be reviewed where each rule meets another older one, and says how many steps did not fit", () => {
    const network = hostileFacts();
    const rules = network.initiator.vSwitches.flatMap(({ cidr }) =>
      hostileRequest().acceptor.ports.map(({ from, to }) =>
        rule({
          id: `sgr-${cidr}-${from}`,
          policy: "accept",
          protocol: "TCP",
          portRange: `${from}/${to}`,
          peerCidr: cidr,
        }),
      ),
    );
    const securityGroups = network.acceptor.securityGroups.map((one) => ({ ...one, rules }));
    const { peering } = requested(hostileRequest(), {
      ...network,
      acceptor: { ...network.acceptor, securityGroups },
    }).next;
    const view = planView(peering);

    expectView(view);
    const left = (peering.runs[0]?.plan.steps.length ?? 0) - lastStepIn(view);
    expect(left).toBeGreaterThan(0);
    expect(markupIn(view)).toContain(`… and ${left} more of the same kinds than fit here.`);
  });

  test("tells its story in as many messages as Slack takes, leaving nothing out", () => {
    const { next } = hostile("verified");
    const events = manyEvents(400);
    const lines = [];

    for (let rest = events; rest.length > 0;) {
      let amount = rest.length;
      while (amount > 1 && !fits(renderThread(rest.slice(0, amount), rest.slice(amount), cardOf(next))))
        amount = Math.ceil(amount / 2);
      const message = renderThread(rest.slice(0, amount), rest.slice(amount), cardOf(next));
      if (message) expectMessage(message);
      lines.push(...markupIn(message).join("\n").split("\n"));
      rest = rest.slice(amount);
    }

    expect(lines).toHaveLength(400);
  });

  test("has a form that Slack takes, with everything chosen and with nothing", () => {
    const draft = {
      id: "d_1",
      owner: LEAD,
      createdAt: T0,
      viewId: "V1",
      channel: "",
      pair: pair(),
      connection: "router-interfaces",
      facts: hostileFacts(),
      failure: null,
      submitted: false,
    } as const;
    const chosen = { initiator: vpc("initiator"), acceptor: vpc("acceptor") };
    const { connection, size, icmp, reason, initiator, acceptor } = hostileRequest();
    const values = { connection, size, icmp, reason, sides: { initiator, acceptor } };
    const { checks } = (
      planRequest(hostileRequest(), hostileFacts(), RULES) as { plan: { checks: ReturnType<typeof preflight> } }
    ).plan;

    expectView(
      renderForm({ draft: { ...draft, values }, chosen, checks, testTag: "a=b", connections: RULES.connections }),
    );
    expectView(
      renderForm({ draft: { ...draft, values: null }, chosen, checks, testTag: "a=b", connections: RULES.connections }),
    );
    expectView(
      renderForm({
        draft: { ...draft, values: null, facts: null },
        chosen,
        checks: null,
        testTag: "a=b",
        connections: RULES.connections,
      }),
    );
    expectView(
      renderForm({
        draft: { ...draft, values: null, facts: null, failure: failure() },
        chosen,
        checks: null,
        testTag: "a=b",
        connections: RULES.connections,
      }),
    );
  });

  test("has a form when everything is wrong with it", () => {
    const wrong = {
      ...hostileRequest(),
      acceptor: {
        ...hostileRequest().acceptor,
        securityGroupIds: Array.from({ length: 10 }, (_, index) => `sg-nowhere${index}` as const),
      },
    };
    const stopped = planRequest(
      wrong,
      {
        ...hostileFacts(),
        acceptor: { ...hostileFacts().acceptor, vSwitches: hostileFacts().initiator.vSwitches },
      },
      RULES,
    );
    const checks = "stopped" in stopped ? stopped.stopped : [];
    const draft = {
      id: "d_1",
      owner: LEAD,
      createdAt: T0,
      viewId: "V1",
      channel: "",
      pair: pair(),
      connection: "router-interfaces",
      facts: hostileFacts(),
      failure: null,
      values: null,
      submitted: false,
    } as const;

    expect(checks.filter(({ level }) => level === "stop").length).toBeGreaterThan(0);
    expectView(
      renderForm({
        draft,
        chosen: { initiator: vpc("initiator"), acceptor: vpc("acceptor") },
        checks,
        testTag: "a=b",
        connections: RULES.connections,
      }),
    );
    expectView(noticeView("Not sent", refusal({ reason: "checksStop", checks }, T0)));
  });

  test("fits in a list of twenty, and its options in menus", () => {
    const { next } = hostile("requested");
    const row = { snapshot: next } as StoredPeering;

    const { text, blocks } = peeringList(
      Array.from({ length: 21 }, () => row),
      "all",
    );
    expectMessage({ text, blocks });
    expect(markupIn(blocks).at(-1)).toMatch(/^Only the newest \d+ are shown\./);
    const { initiator } = hostileFacts();
    for (const option of [
      vpcOption(vpc("initiator")),
      ...initiator.instances.map(instanceOption),
      ...initiator.securityGroups.map(groupOption),
      ...initiator.vSwitches.map(vSwitchOption),
    ]) {
      expect(option.text.text.length).toBeLessThanOrEqual(75);
      expect(option.description?.text.length ?? 0).toBeLessThanOrEqual(75);
      expect(option.value?.length).toBeLessThanOrEqual(75);
    }
  });
});

test("the small views are within Slack's limits", () => {
  expectView(reasonView({ command: "reject", peeringId: "P-4F7K2M9Q", run: 1 }));
  expectView(reasonView({ command: "acceptUntested", peeringId: "P-4F7K2M9Q", run: 1 }));
  expectView(noticeView("That did not happen", HOSTILE_REASON.repeat(20)));
});

test("characters that nobody sees are not shown: they could turn the order of the others around", () => {
  const { next } = requested(requestRevisionFor("why\u202Enot"), hostileFacts("orders\u200B\u202Eprod\u0007"));
  const said = JSON.stringify([renderCard(cardOf(next)), planView(next.peering)]);

  expect(said).toContain("orders prod");
  expect(said).not.toMatch(/[\p{Cf}\p{Cc}]|\\u0007/u);
});

describe("text from elsewhere", () => {
  // Letters, Slack's own signs, emoji, half surrogates, line ends: everything that could be cut or could call somebody.
  const foreign = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "<!channel>",
          "<!here|x>",
          "<@U0ARJUN>",
          "<#C0NETWORKS>",
          "<!subteam^S0LEADS>",
          "<https://evil.example|click>",
          "&amp;",
          "&lt;!channel&gt;",
          "&",
          "<",
          ">",
          "`",
          "*",
          "_",
          "~",
          "|",
          "\n",
          "\u2028",
          "😀",
          "\uD83D",
          "\uDE00",
          "\0",
        ),
        fc.string({ maxLength: 12, unit: "binary" }),
        fc.string({ maxLength: 20 }),
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(""));

  test("never becomes a mention, a link or half an escape, wherever it is shown", () => {
    fc.assert(
      fc.property(foreign, foreign, (name, reason) => {
        const network = hostileFacts(name.slice(0, 128));
        const { next } = requested(requestRevisionFor(reason.slice(0, 500)), network);
        const rejected = requested(requestRevisionFor(reason), network).ask({ type: "reject", run: 1, reason });
        const said = [
          renderCard(cardOf(next)),
          renderCard(cardOf(rejected.next)),
          renderThread([rejection(reason)], [], cardOf(rejected.next)),
          planView(next.peering),
          noticeView("Not sent", refusal({ reason: "unknownPeering", peeringId: name }, T0)),
          peeringList([{ snapshot: next } as StoredPeering], "all"),
          { text: { type: "mrkdwn", text: renderCard(cardOf(next)).text } },
        ];
        expect(strayMarkup(said.flatMap(markupIn))).toEqual([]);
        expect(said.flatMap(markupIn).filter((text) => !text.isWellFormed())).toEqual([]);
        // In a reason or a name a mention of somebody real is foreign, too.
        const mentions =
          said
            .flatMap(markupIn)
            .join("")
            .match(/<@U0ARJUN>/g)?.length ?? 0;
        expect(mentions).toBe(2);
      }),
      { numRuns: 150 },
    );
  });

  test("is never cut within an escape, a mention or a character", () => {
    const pieces = fc.array(
      fc.constantFrom(
        "&amp;",
        "&lt;",
        "&gt;",
        "<@U0ARJUN>",
        "<!date^1^{time}|10:57 UTC>",
        "😀",
        "a",
        " ",
        "\n",
        "word",
      ),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 300 }), (parts, max) => {
        const text = parts.join("");
        const cut = clipped(text, max);
        expect(cut.length).toBeLessThanOrEqual(Math.max(max, 1));
        expect(cut.isWellFormed()).toBe(true);
        const left = cut
          .replace(/…$/, "")
          .replaceAll(/<@U0ARJUN>|<!date\^1\^\{time\}\|10:57 UTC>|&amp;|&lt;|&gt;/g, "");
        expect(left).not.toMatch(/[<>&]/);
        expect(text.startsWith(cut.replace(/…$/, ""))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("in lines of any length fills sections that Slack takes", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 5_000, minLength: 1 }), { maxLength: 30 }), (lines) => {
        const made = bounded(sections(lines.filter((line) => line.trim() !== "")));
        for (const block of made)
          expect(block.type === "section" && (block.text?.text.length ?? 0)).toBeLessThanOrEqual(3_000);
        expect(made.length).toBeLessThanOrEqual(48);
      }),
      { numRuns: 100 },
    );
  });
});

/** The number that the last step shown has on the card. */
function lastStepIn(view: ReturnType<typeof planView>): number {
  const numbers = markupIn(view)
    .join("\n")
    .matchAll(/^(?:\d+–)?(\d+)\. /gm);
  return Math.max(...[...numbers].map(([, number]) => Number(number)));
}

function requestRevisionFor(reason: string): ReturnType<typeof requestRevision> {
  const { initiator, acceptor } = hostileRequest();
  const plain = requestRevision();
  return {
    ...plain,
    reason,
    initiator: {
      ...plain.initiator,
      securityGroupIds: initiator.securityGroupIds.slice(0, 1),
      testInstanceId: initiator.testInstanceId,
    },
    acceptor: {
      ...plain.acceptor,
      securityGroupIds: acceptor.securityGroupIds.slice(0, 1),
      testInstanceId: acceptor.testInstanceId,
    },
  };
}

function failing(from: Driven): Driven {
  return Object.entries(from.next.peering.runs[0]?.steps ?? {}).reduce(
    (now, [step, { state }]) =>
      state === "running"
        ? now.answer({
            type: "stepFailed",
            step,
            failure: { ...failure(), message: HOSTILE_NAME.repeat(4) },
            attempt: 0,
          })
        : now,
    from,
  );
}

function rejection(reason: string): StoredEvent {
  const event = { type: "reject", at: T0, by: LEAD, run: 1, reason } as const;
  return { peeringId: "P-1", seq: 1, cause: "1", event, by: LEAD, at: T0, previousHash: "", hash: "" };
}

function manyEvents(amount: number): readonly StoredEvent[] {
  return Array.from({ length: amount }, (_, index) => {
    const event = {
      type: "stepDone",
      at: T0,
      run: 1,
      step: "createRouterInterface:initiator",
      calls: [{ api: "CreateRouteEntry", regionId: "cn-qingdao", requestId: `7B2C-${index}`, subject: `rte-${index}` }],
      resources: [],
    } as const;
    return {
      peeringId: "P-1",
      seq: index + 1,
      cause: String(index),
      event,
      by: null,
      at: T0 + index,
      previousHash: "",
      hash: "",
    };
  });
}

function vpc(side: "initiator" | "acceptor"): Parameters<typeof vpcOption>[0] {
  const { regionId, vpcId, vpc: found } = hostileFacts()[side];
  return { regionId, id: vpcId, name: HOSTILE_NAME, cidrs: [found?.cidr ?? "", ...(found?.secondaryCidrs ?? [])] };
}

function pair(): {
  readonly [S in "initiator" | "acceptor"]: { readonly regionId: string; readonly vpcId: `vpc-${string}` };
} {
  const { initiator, acceptor } = hostileFacts();
  return {
    initiator: { regionId: initiator.regionId, vpcId: initiator.vpcId },
    acceptor: { regionId: acceptor.regionId, vpcId: acceptor.vpcId },
  };
}

/** What is left of the markup when our own mentions are taken away; nothing of it may be read as one. */
function strayMarkup(texts: readonly string[]): readonly string[] {
  const ours = /<@U0MEI>|<@U0ARJUN>|<!subteam\^S0LEADS>|<!date\^\d+\^[^<>|]+\|[^<>]+>|<https:\/\/ours\.example\|here>/g;
  return texts
    .map((text) => text.replaceAll(ours, ""))
    .filter((text) => /[<>]/.test(text) || /&(?!amp;|lt;|gt;)/.test(text));
}
