import { describe, expect, test } from "vitest";
import { renderThread } from "../../src/slack/render/thread.ts";
import type { LoggedEvent, StoredEvent } from "../../src/ports.ts";
import type { Person } from "../../machines/peering/record.ts";
import type { Snapshot } from "../../machines/peering/transition.ts";
import {
  approval,
  approved,
  failure,
  peeringIn,
  pinged,
  requested,
  timer,
  type Driven,
} from "../machines/peering-in.ts";
import { facts, LEAD, plan, REQUESTER, requestRevision, T0 } from "../machines/tutorial.ts";
import { asText, cardOf, expectMessage } from "./rendered.ts";

/** The event as the log holds it, the n-th of its peering. */
function logged(event: LoggedEvent, by: Person | null = null, seq = 1): StoredEvent {
  return {
    peeringId: "P-4F7K2M9Q",
    seq,
    cause: String(seq),
    event,
    by,
    at: T0 + seq * 1_000,
    previousHash: "",
    hash: "",
  };
}

/** What the thread tells of one event; the clock of the reader aside. */
function told(snapshot: Snapshot, events: readonly StoredEvent[], later: readonly StoredEvent[] = []): string | null {
  const message = renderThread(events, later, cardOf(snapshot));
  if (message) expectMessage(message);
  return message && asText(message.blocks).replaceAll(/<!date\^\d+\^\{time_secs\}\|(\d\d:\d\d:\d\d) UTC>/g, "$1");
}

const step = (name: string, change: object = {}) => ({ at: T0, run: 1, step: name, ...change });
const createInitiator = step("createRouterInterface:initiator");
const call = { api: "CreateRouterInterface", regionId: "cn-qingdao", requestId: "7B2C", subject: "ri-m5e1" };

describe("one event, one line", () => {
  const { next } = approved().until("creating");

  test.each<[string, LoggedEvent, Person | null, string | null]>([
    ["an approval", approval(next), LEAD, "10:57:01  <@U0ARJUN> approved plan `4857`."],
    [
      "a rejection",
      { type: "reject", at: T0, by: LEAD, run: 1, reason: "not <now>" },
      LEAD,
      "10:57:01  <@U0MEI>: <@U0ARJUN> rejected it: “not &lt;now&gt;”",
    ],
    [
      "a withdrawal",
      { type: "withdraw", at: T0, by: REQUESTER },
      REQUESTER,
      "10:57:01  <@U0MEI> withdrew the request. Nothing was changed.",
    ],
    [
      "a retry",
      { type: "retry", by: REQUESTER, ...createInitiator },
      REQUESTER,
      "10:57:01  <@U0MEI> retries: router interface, Qingdao.",
    ],
    [
      "a rollback",
      { type: "rollBack", at: T0, by: REQUESTER },
      REQUESTER,
      "10:57:01  <@U0MEI> rolls it back: what this peering made is removed, and only that.",
    ],
    [
      "an acceptance",
      { type: "acceptUntested", at: T0, by: LEAD, reason: "fine" },
      LEAD,
      "10:57:01  <@U0ARJUN> accepted it without a test: “fine”",
    ],
    [
      "a call",
      { type: "stepDone", calls: [call], resources: [], ...createInitiator },
      null,
      "10:57:01  CreateRouterInterface, Qingdao: `ri-m5e1`. Request `7B2C`",
    ],
    [
      "nothing to do",
      { type: "stepDone", calls: [], resources: [], ...createInitiator },
      null,
      "10:57:01  router interface, Qingdao: already so, nothing to do.",
    ],
    [
      "something of ours found again",
      {
        type: "stepDone",
        calls: [],
        resources: [
          { kind: "routerInterface", side: "initiator", regionId: "cn-qingdao", id: "ri-m5e1", madeBy: "peering" },
        ],
        ...createInitiator,
      },
      null,
      "10:57:01  Router interface, Qingdao: `ri-m5e1` is already ours, found again.",
    ],
    [
      "a rule that was there",
      {
        type: "stepDone",
        calls: [],
        resources: [
          {
            kind: "securityGroupRule",
            side: "initiator",
            regionId: "cn-qingdao",
            securityGroupId: "sg-m5e1",
            direction: "ingress",
            id: "sgr-1",
            madeBy: "others",
          },
        ],
        ...createInitiator,
      },
      null,
      "10:57:01  Security group `sg-m5e1`: this rule existed before (`sgr-1`). Kept; we will not remove it.",
    ],
    [
      "a status",
      { type: "statusReached", wait: "routerInterface:ri-m5e1:Active", status: "Active", ...createInitiator },
      null,
      "10:57:01  `ri-m5e1` is Active.",
    ],
    [
      "something gone",
      { type: "statusReached", wait: "routerInterface:ri-m5e1:gone", status: "gone", ...createInitiator },
      null,
      "10:57:01  `ri-m5e1` is gone.",
    ],
    [
      "the check before the start",
      { type: "stepDone", calls: [], resources: [], ...step("checkPlan") },
      null,
      "10:57:01  Checked again: the network is as it was when the plan was made. Starting.",
    ],
    [
      "the first of several failures that go away",
      { type: "stepFailed", failure: failure("throttled", "Throttling.User"), attempt: 0, ...createInitiator },
      null,
      "10:57:01  router interface, Qingdao: Alibaba Cloud asks to slow down (`Throttling.User`, request `7B2C`). Trying again.",
    ],
    [
      "the second of them",
      { type: "stepFailed", failure: failure("throttled", "Throttling.User"), attempt: 1, ...createInitiator },
      null,
      null,
    ],
    [
      "time that ran out for a decision",
      timer("decisionTimeout", "requested"),
      null,
      "10:57:01  Nobody decided in time, so the request expired. Nothing was changed. Ask again with `/peer-vpcs`.",
    ],
    [
      "time that ran out for a start",
      timer("startTimeout", "approved"),
      null,
      "10:57:01  It was approved but could not start in time, so it expired. Nothing was changed. Ask again with `/peer-vpcs`.",
    ],
    [
      "a refusal, which only concerns who was refused",
      { type: "refused", at: T0, command: "approve", refusal: "notALead" },
      REQUESTER,
      null,
    ],
  ])("%s", (_, event, by, line) => {
    expect(told(next, [logged(event, by)])).toBe(line);
  });
});

test("a changed network names what changed, whose vote is void, and who decides now", () => {
  const changed = plan(requestRevision(), {
    ...facts(),
    acceptor: {
      ...facts().acceptor,
      routeTables: [
        ...facts().acceptor.routeTables,
        { id: "vtb-2ze2", name: "", type: "Custom", associateType: "VSwitch", entries: [] },
      ],
    },
  });
  const changes = [{ subject: "vpc-2ze1 route tables", before: "vtb-2ze1", after: "vtb-2ze1 vtb-2ze2" }];
  const { next } = approved().answer({ type: "planChanged", step: "checkPlan", plan: changed, changes });

  expect(told(next, [logged({ type: "planChanged", plan: changed, changes, ...step("checkPlan") })]))
    .toMatchInlineSnapshot(`
      "10:57:01  The network changed, so the vote of <@U0ARJUN> no longer counts. The plan is \`2ab1\` now. Changed:
      • vpc-2ze1 route tables: vtb-2ze1 → vtb-2ze1 vtb-2ze2
      <!subteam^S0LEADS>: it waits for your decision on the card."
    `);
});

test("a failure closes its message with what failed, what mends it and what stands, and leads the notification", () => {
  const { next } = peeringIn("failed");
  const events = [
    logged(
      {
        type: "statusReached",
        wait: "routerInterface:ri-2ze1:Idle",
        status: "Idle",
        ...step("createRouterInterface:acceptor"),
      },
      null,
      1,
    ),
    logged({ type: "stepFailed", failure: failure(), attempt: 0, ...createInitiator }, null, 2),
  ];

  expect(told(next, events)).toMatchInlineSnapshot(`
    "10:57:01  \`ri-2ze1\` is Idle.
    *Stopped at step 2 of 12: router interface, Qingdao* <@U0MEI>
    *router interface, Qingdao* Alibaba Cloud refused (\`SomeCode\`, request \`7B2C\`): no
    *To mend* The operator can look the code up; when it is mended, retry the step, or roll back.
    *Now* nothing was built; nothing is billed."
  `);
  expect(renderThread(events, [], cardOf(next))?.text).toMatchInlineSnapshot(
    `"P-4F7K2M9Q: *Stopped at step 2 of 12: router interface, Qingdao* <@U0MEI>"`,
  );
});

function testsReported(received: readonly [number, number]): Driven {
  return (["initiator", "acceptor"] as const).reduce<Driven>((from, side, index) => {
    const name = `runConnectivityTest:${side}`;
    const target = { kind: "invocation", id: side, from: pinged(0).from, to: pinged(0).to } as const;
    const started = from.answer({
      type: "stepStarted",
      step: name,
      calls: [],
      resources: [],
      waits: [{ key: side, regionId: "cn-qingdao", target, giveUpAfterMs: 1 }],
    });
    return started.answer({ type: "testReported", step: name, wait: side, report: pinged(received[index] ?? 0) });
  }, approved().until("secured"));
}

const reports = [1, 2].map((seq) =>
  logged({ type: "testReported", wait: "t", report: pinged(10), ...step("runConnectivityTest:initiator") }, null, seq),
);

test("results come as one table of three columns, said to be verified only if every packet came back", () => {
  expect(told(testsReported([10, 10]).next, reports)).toMatchInlineSnapshot(`
    "*Verified.* Every ping came through and every port answers, <@U0MEI>:
    Path | Test | Result
    orders-prod-1 → shared-data-1 | ping × 10 | 10 back; 11.9 / 12.4 / 14.0 ms
    orders-prod-1 → shared-data-1 | TCP 5432 | open
    orders-prod-1 → shared-data-1 | path MTU | 1500 bytes
    orders-prod-1 → shared-data-1 | ping × 10 | 10 back; 11.9 / 12.4 / 14.0 ms
    orders-prod-1 → shared-data-1 | path MTU | 1500 bytes
    Covered: 2 of 2 route tables by packets."
  `);
  expect(told(testsReported([10, 7]).next, reports)).toMatchInlineSnapshot(`
    "*Verified.* Both ways answer, but some packets were lost, <@U0MEI>:
    Path | Test | Result
    orders-prod-1 → shared-data-1 | ping × 10 | 10 back; 11.9 / 12.4 / 14.0 ms
    orders-prod-1 → shared-data-1 | TCP 5432 | open
    orders-prod-1 → shared-data-1 | path MTU | 1500 bytes
    orders-prod-1 → shared-data-1 | ping × 10 | 7 of 10 back, 30 % lost; 11.9 / 12.4 / 14.0 ms
    orders-prod-1 → shared-data-1 | path MTU | 1500 bytes
    Covered: 2 of 2 route tables by packets."
  `);
  expect(told(testsReported([0, 10]).next, reports)).toMatchInlineSnapshot(`
    "*Stopped at step 11 of 12: test from Qingdao* <@U0MEI>
    *test from Qingdao* No ping came back, and TCP 5432 did not answer.
    *To mend* Look at the host firewalls, network ACLs and security groups on both ends, then test again, or roll back.
    *Now* nothing was built; nothing is billed.
    Test results:
    Path | Test | Result
    orders-prod-1 → shared-data-1 | ping × 10 | nothing of 10 came back
    orders-prod-1 → shared-data-1 | TCP 5432 | no answer
    orders-prod-1 → shared-data-1 | path MTU | not measured
    orders-prod-1 → shared-data-1 | ping × 10 | 10 back; 11.9 / 12.4 / 14.0 ms
    orders-prod-1 → shared-data-1 | path MTU | 1500 bytes
    Covered: 2 of 2 route tables by packets."
  `);
});

test("when the story needs several messages, how it stands is told with the last one that bears on it, once", () => {
  const { next } = testsReported([10, 10]);
  const [first, second] = reports as [StoredEvent, StoredEvent];

  expect(told(next, [first], [second])).toBeNull();
  expect(told(next, [second])).toContain("*Verified.*");
});

test("a secured peering without a test calls the leads, once", () => {
  const { next } = peeringIn("secured");
  const last = logged({
    type: "stepDone",
    calls: [call],
    resources: [],
    ...step("authorizeSecurityGroup:ingress:sg-2ze1"),
  });

  expect(told(next, [last])).toMatchInlineSnapshot(`
    "10:57:01  CreateRouterInterface, Qingdao: \`ri-m5e1\`. Request \`7B2C\`
    *Secured, not tested.* It is built, but there was nothing to test it with, so nobody knows yet whether it works. A network lead can accept it as it is, or it can be rolled back. <!subteam^S0LEADS>: the buttons are on the card."
  `);
  expect(
    told(next, [logged({ type: "refused", at: T0, command: "approve", refusal: "notALead" }, REQUESTER)]),
  ).toBeNull();
});

test("a rollback ends with what is left: nothing", () => {
  const { next } = peeringIn("rolledBack");

  expect(
    told(next, [
      logged({
        type: "statusReached",
        wait: "routerInterface:ri-m5e1:gone",
        status: "gone",
        ...step("deleteRouterInterface:initiator", { run: 2 }),
      }),
    ]),
  ).toMatchInlineSnapshot(`
    "10:57:01  \`ri-m5e1\` is gone.
    *Rolled back.* Nothing of this peering is left."
  `);
});

test("a request alone has nothing to add to its card", () => {
  const { next } = requested();

  expect(
    renderThread(
      [logged({ type: "refused", at: T0, command: "approve", refusal: "ownRequest" }, REQUESTER)],
      [],
      cardOf(next),
    ),
  ).toBeNull();
});
