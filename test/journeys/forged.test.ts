/**
 * What reaches the bot's own door over HTTP: only what Slack signed, for this app, in this workspace, now; and even that
 * is believed no further than ids go.
 */
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { callsOf, cards, closeAll, deeds, peerings, storedThat, toldThat, viewThat, writes } from "./people.ts";
import { approve, ask, cardOf, CHANNEL, fillForm, peeringOf, sharedWorld, untilRead, type World } from "./world.ts";

const world = sharedWorld({ delivery: "http" });

interface Sending {
  readonly timestampS?: number;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts a body as Slack would, or nearly, and answers with the status and the text that came back. */
async function post(
  { slack, port }: World,
  body: string,
  { timestampS, secret, headers }: Sending = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const timestamp = String(timestampS ?? Math.floor(Date.now() / 1_000));
  const signature = `v0=${createHmac("sha256", secret ?? slack.signingSecret)
    .update(`v0:${timestamp}:${body}`)
    .digest("hex")}`;
  const response = await fetch(`http://127.0.0.1:${port}/slack/events`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": timestamp,
      "x-slack-signature": signature,
      ...headers,
    },
    body,
  });
  return { status: response.status, text: await response.text() };
}

function interactive(payload: object): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

let triggers = 0;

/** A press on a button of a card, as Slack puts it. */
function pressed({ slack }: World, userId: string, action_id: string, value: unknown, change: object = {}): object {
  triggers += 1;
  return {
    type: "block_actions",
    api_app_id: slack.appId,
    team: { id: slack.teamId, domain: "harbour" },
    user: { id: userId, username: "x", name: "x", team_id: slack.teamId },
    container: { type: "message", message_ts: "1.2", channel_id: "C0NETWORKS" },
    trigger_id: `1.2.forged${triggers}`,
    response_url: `${slack.url}/actions/nothing`,
    actions: [
      { type: "button", action_id, action_ts: "1.2", value: typeof value === "string" ? value : JSON.stringify(value) },
    ],
    ...change,
  };
}

function submitted(w: World, userId: string, view: object): object {
  triggers += 1;
  return {
    type: "view_submission",
    api_app_id: w.slack.appId,
    team: { id: w.slack.teamId, domain: "harbour" },
    user: { id: userId, username: "x", name: "x", team_id: w.slack.teamId },
    trigger_id: `1.2.forged${triggers}`,
    view: { id: "V1", type: "modal", state: { values: {} }, ...view },
  };
}

const [MEI, ARJUN, LENA, KENJI] = ["U0MEILIN01", "U0ARJUN001", "U0LENA0001", "U0KENJI001"] as const;

/** A request that waits, and the value of its approve button. */
async function waiting(
  to: string,
): Promise<{ readonly id: string; readonly value: { peeringId: string; run: number; planHash: string } }> {
  const id = peeringOf(await ask(world(), { to }));
  const [newest] = await peerings(world());
  return { id, value: { peeringId: id, run: 1, planHash: newest?.snapshot.peering.runs[0]?.plan.hash ?? "" } };
}

test("a signature that is wrong, old or from the future is turned away, and the same press signed properly counts", async () => {
  const { id, value } = await waiting("no-test-host");
  const body = interactive(pressed(world(), ARJUN, "approve", value));
  const nowS = Math.floor(Date.now() / 1_000);

  expect((await post(world(), body, { secret: "another secret" })).status).toBe(401);
  expect((await post(world(), body, { timestampS: nowS - 301 })).status).toBe(401);
  expect((await post(world(), body, { timestampS: nowS + 302 })).status).not.toBe(200);
  expect(await deeds(world(), id)).toEqual([`request by ${MEI}`]);

  expect((await post(world(), body)).status).toBe(200);
  await cardOf(world(), id, "Secured, not tested");
});

test("the same signed press, replayed, approves once and is answered as Slack expects", async () => {
  const { id, value } = await waiting("stopped-host");
  const body = interactive(pressed(world(), ARJUN, "approve", value));
  const before = (await writes(world())).length;

  const answers = await Promise.all([post(world(), body), post(world(), body), post(world(), body)]);
  await cardOf(world(), id, "Secured, not tested");
  const later = await post(world(), body);

  expect([...answers, later].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(await deeds(world(), id)).toEqual([`request by ${MEI}`, `approve by ${ARJUN}`]);
  expect((await writes(world())).length - before).toBe(8);
});

test("the same signed command, replayed, asks Slack for one window", async () => {
  const { slack } = world();
  const command = {
    api_app_id: slack.appId,
    team_id: slack.teamId,
    command: "/peer-vpcs",
    text: "",
    user_id: MEI,
    channel_id: "C0NETWORKS",
    trigger_id: "1.2.replayed",
    response_url: `${slack.url}/commands/x`,
  };
  const body = new URLSearchParams(command).toString();
  const opened = (await callsOf(world(), "views.open")).length;

  for (let time = 0; time < 3; time += 1) expect((await post(world(), body)).status).toBe(200);

  const { tomek } = world();
  await tomek.command(CHANNEL, "/peer-vpcs", "help");
  await toldThat(world(), tomek, /opens the request form/);
  expect((await callsOf(world(), "views.open")).length).toBe(opened + 1);
});

test("payloads for another app, another workspace or an enterprise that is not ours do nothing", async () => {
  const { id, value } = await waiting("gateway-table");
  const { slack } = world();
  const strange = [
    { api_app_id: "A0ANOTHER1" },
    { team: { id: "T0ANOTHER1", domain: "x" } },
    { team: null },
    { enterprise: { id: "E0ANOTHER1", name: "x" } },
    { api_app_id: undefined },
  ];
  const command = {
    api_app_id: "A0ANOTHER1",
    team_id: slack.teamId,
    command: "/peer-vpcs",
    text: "",
    user_id: MEI,
    channel_id: "C0NETWORKS",
    trigger_id: "1.2.foreign",
    response_url: `${slack.url}/commands/x`,
  };
  const opened = (await callsOf(world(), "views.open")).length;

  const answers = await Promise.all([
    ...strange.map((change) => post(world(), interactive(pressed(world(), ARJUN, "approve", value, change)))),
    post(world(), new URLSearchParams(command).toString()),
    post(world(), new URLSearchParams({ ...command, api_app_id: slack.appId, team_id: "T0ANOTHER1" }).toString()),
  ]);

  expect(answers.map(({ status }) => status)).not.toContain(200);
  expect(await deeds(world(), id)).toEqual([`request by ${MEI}`]);
  expect((await callsOf(world(), "views.open")).length).toBe(opened);
});

test("somebody deactivated and somebody of another workspace cannot press, whatever their client still shows", async () => {
  const { id, value } = await waiting("custom-table");

  await post(world(), interactive(pressed(world(), LENA, "approve", value)));
  await post(world(), interactive(pressed(world(), KENJI, "approve", value)));
  await post(world(), interactive(pressed(world(), "U0NOBODY01", "approve", value)));
  await post(
    world(),
    interactive(pressed(world(), ARJUN, "approve", value, { user: { id: ARJUN, team_id: "T0NORTHWND" } })),
  );
  // A proper one after them, to know that they have been handled.
  await post(world(), interactive(pressed(world(), ARJUN, "approve", { ...value, planHash: "0000" })));

  await storedThat(world(), ({ version }) => version === 2);
  expect(await deeds(world(), id)).toEqual([`request by ${MEI}`, `refused approve by ${ARJUN}`]);
});

test.each([
  ["no JSON at all", "{{{"],
  ["an empty value", ""],
  ["another shape", { peering: 1 }],
  ["half a megabyte of text", "x".repeat(500_000)],
  ["a peering nobody has", { peeringId: "P-NOBODY00", run: 1, planHash: "0000" }],
  ["an id that would break a query", { peeringId: "P-'; drop table peering; --", run: 1, planHash: "0000" }],
  ["a run from outer space", { peeringId: "P-NOBODY00", run: 1e308, planHash: "0000" }],
  ["a step named like a part of the language", { peeringId: "P-NOBODY00", run: 1, step: "__proto__" }],
])("a button with %s changes nothing and breaks nothing", async (_, value) => {
  for (const action of [
    "approve",
    "reject",
    "withdraw",
    "retry_step",
    "roll_back",
    "accept_untested",
    "review_plan",
    "test_again",
    "request_missing",
    "unheard_of",
  ]) {
    expect((await post(world(), interactive(pressed(world(), ARJUN, action, value)))).status).toBe(200);
  }
});

test.each([
  ["no JSON", "{{{"],
  ["nothing", ""],
  ["a draft nobody has", JSON.stringify({ draft: "d_NOBODY00" })],
  ["something else", JSON.stringify({ draft: 7 })],
])("a form whose metadata is %s is answered with a notice and sends nothing", async (_, private_metadata) => {
  const before = (await peerings(world())).length;

  const { status, text } = await post(
    world(),
    interactive(submitted(world(), MEI, { callback_id: "request_form", private_metadata })),
  );

  expect(status).toBe(200);
  expect(text).toContain("This form is too old");
  expect((await peerings(world())).length).toBe(before);
});

test("somebody else's draft cannot be sent, and its type-ahead is empty", async () => {
  const { mei } = world();
  await fillForm(world(), mei, { to: "hong-kong" });
  await untilRead(mei);
  const [view] = (await mei.views()).stack;
  const { tomek } = world();
  const before = (await peerings(world())).length;

  const { text } = await post(
    world(),
    interactive(
      submitted(world(), "U0TOMEK001", {
        callback_id: "request_form",
        private_metadata: view?.privateMetadata ?? "",
        state: { values: view?.values },
      }),
    ),
  );
  expect(text).toContain("This form is too old");

  await tomek.command(CHANNEL, "/peer-vpcs");
  await viewThat(world(), tomek, /Peer two VPCs/);
  const suggestion = (userId: string) =>
    post(
      world(),
      interactive({
        type: "block_suggestion",
        api_app_id: world().slack.appId,
        team: { id: world().slack.teamId },
        user: { id: userId, team_id: world().slack.teamId },
        action_id: "vpc:initiator",
        block_id: "vpc:initiator",
        value: "orders",
        view: { id: "V1", private_metadata: view?.privateMetadata ?? "" },
      }),
    );
  expect((await suggestion(MEI)).text).toContain("orders-prod");
  expect((await suggestion("U0TOMEK001")).text).not.toContain("orders-prod");
  expect((await peerings(world())).length).toBe(before);
  await closeAll(mei);
  await closeAll(tomek);
});

test.each([
  ["no JSON", "{{{"],
  ["an unknown command", JSON.stringify({ command: "rollBack", peeringId: "P-NOBODY00", run: 1 })],
])("a reason whose metadata is %s is taken by nobody", async (_, private_metadata) => {
  const values = { reason: { reason: { value: "because" } } };
  expect(
    (
      await post(
        world(),
        interactive(submitted(world(), ARJUN, { callback_id: "reason", private_metadata, state: { values } })),
      )
    ).status,
  ).toBe(200);
});

test("a reason for somebody else's request is judged like every other: leads only", async () => {
  const { id } = await waiting("alpine-host");
  const values = { reason: { reason: { value: "because" } } };
  const private_metadata = JSON.stringify({ command: "reject", peeringId: id, run: 1 });

  await post(
    world(),
    interactive(submitted(world(), "U0TOMEK001", { callback_id: "reason", private_metadata, state: { values } })),
  );

  await storedThat(world(), ({ version }) => version === 2);
  expect(await deeds(world(), id)).toEqual([`request by ${MEI}`, "refused reject by U0TOMEK001"]);
});

test("an address to answer to that is not Slack's gets no answer", async () => {
  const asked: string[] = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => void elsewhere.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void elsewhere.close());
  const { port } = elsewhere.address() as AddressInfo; // A string only for pipes.
  const { slack } = world();
  const command = {
    api_app_id: slack.appId,
    team_id: slack.teamId,
    command: "/peer-vpcs",
    text: "list all",
    user_id: MEI,
    channel_id: "C0NETWORKS",
    trigger_id: "1.2.elsewhere",
  };

  for (const response_url of [
    `http://127.0.0.1:${port}/x`,
    "https://hooks.slack.com.evil.example/x",
    "file:///etc/passwd",
    "not a url",
  ]) {
    expect(
      (
        await post(
          world(),
          new URLSearchParams({ ...command, trigger_id: `1.2.${response_url}`, response_url }).toString(),
        )
      ).status,
    ).toBe(200);
  }
  const { tomek } = world();
  await tomek.command(CHANNEL, "/peer-vpcs", "help");
  await toldThat(world(), tomek, /opens the request form/);

  expect(asked).toEqual([]);
  expect(world().log.filter(({ msg }) => msg === "answer not sent: the response url is not slack's")).toHaveLength(4);
});

test("after all of it the bot still works", async () => {
  const before = (await writes(world())).length;

  const card = await ask(world(), { from: "alpine-host", to: "shared-data" });
  await approve(world(), card);

  await cardOf(world(), peeringOf(card), "Verified");
  expect((await writes(world())).length - before).toBe(11);
  expect((await cards(world())).map(peeringOf).toSorted()).toEqual(
    (await peerings(world())).map(({ snapshot }) => snapshot.peering.id).toSorted(),
  );
  const bugs = ["job failed", "job failed too often", "slack listener failed", "step needs attention"];
  expect(world().log.filter(({ msg }) => bugs.includes(msg))).toEqual([]);
});
