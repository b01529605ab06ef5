import { expect, test } from "vitest";
import { workspaceAt } from "../../src/sandbox/slack/client.ts";
import { cards, cardSaying, closeAll, hasty, toldThat, viewThat, vpcNamed } from "./people.ts";
import { approve, ask, cardOf, CHANNEL, openWorld, peeringOf, sharedWorld, type World } from "./world.ts";

const world = sharedWorld(hasty());

const NASTY = "<!channel> <@U0SOFIA001> <!subteam^S0NETLEADS> <https://evil.example|click> & `rm -rf` *_~ |";

/** As Slack shows it: the backticks make code of what is between them. */
const SHOWN = NASTY.replaceAll("`", "");

/** Every text the bot ever sent in which Slack looks for mentions and links: messages and mrkdwn objects. */
async function markupSent({ slack }: World): Promise<string> {
  const entries = await workspaceAt(slack.url).journal();
  return entries
    .flatMap((entry) => (entry.kind === "call" ? [entry.arguments] : entry.kind === "responseUrl" ? [entry.body] : []))
    .flatMap((sent) => markupIn(sent, true))
    .join("\n");
}

/** Arguments of a call hold their structures as JSON. */
function markupIn(value: unknown, isMessage = false): readonly string[] {
  if (typeof value === "string") return /^[[{]/.test(value) ? markupIn(JSON.parse(value)) : [];
  if (typeof value !== "object" || value === null) return [];
  const { type, text } = value as { readonly type?: unknown; readonly text?: unknown };
  const own = typeof text === "string" && (isMessage || type === "mrkdwn") ? [text] : [];
  return [...own, ...Object.values(value).flatMap((each) => markupIn(each))];
}

test("names and reasons that hold Slack's markup are shown as they are and call nobody", async () => {
  const { mei, arjun } = world();
  for (const name of ["alpine-host", "shared-data"]) {
    const { regionId, vpcId } = await vpcNamed(world(), name);
    await world().cloud("edit", {
      regionId,
      kind: "vpc",
      id: vpcId,
      set: { vpcName: `${name} ${NASTY}`.slice(0, 128) },
    });
  }
  const card = await ask(world(), { from: "alpine-host", to: "shared-data", reason: `${NASTY}\n\nand a second line` });
  const id = peeringOf(card);

  expect(await cardSaying(world(), card, /Why/)).toContain(`Why “${SHOWN} and a second line”`);
  expect(await cardSaying(world(), card, /Waiting/)).toMatch(
    /alpine-host <!channel> <@U0SOFIA001> .* → \*?shared-data <!channel>/,
  );
  await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "review_plan" });
  expect(await viewThat(world(), arjun, /The plan/)).toContain("alpine-host <!channel>");
  await closeAll(arjun);
  await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "approve" });
  await mei.command(CHANNEL, "/peer-vpcs", "list");
  await toldThat(world(), mei, /&lt;!channel&gt;/);
  await mei.command(CHANNEL, "/peer-vpcs", `status ${id}`);
  await mei.command(CHANNEL, "/peer-vpcs", "<!channel> `x`");
  await toldThat(world(), mei, /do not know/);
  await approve(world(), card);
  await cardOf(world(), id, "Verified");
  await cardSaying(world(), card, /Every ping came through/);

  const wire = await markupSent(world());
  expect(wire).toContain("&lt;!channel&gt;");
  expect(wire).not.toMatch(/<!channel|<@U0SOFIA001|<https:/);
  // The one group that is called is the leads', and by us.
  expect(wire.match(/<!subteam\^[^>]*>/g)?.every((mention) => mention === "<!subteam^S0NETLEADS>")).toBe(true);
});

test("a reason of 500 characters that all need escaping is shown whole", async () => {
  const { mei } = world();
  const reason = "&<>".repeat(166) + "&&";
  const card = await ask(world(), { from: "custom-table", to: "gateway-table", reason });

  expect(await cardSaying(world(), card, /Why/)).toContain(`Why “${reason}”`);
  await mei.press({ channel: CHANNEL, ts: card.ts, action_id: "withdraw", confirm: true });
  await cardOf(world(), peeringOf(card), "Withdrawn");
});

test("a rejection's reason is foreign text like any other", async () => {
  const { arjun } = world();
  const card = await ask(world(), { from: "custom-table", to: "no-test-host" });
  await arjun.press({ channel: CHANNEL, ts: card.ts, action_id: "reject" });
  await viewThat(world(), arjun, /Why\?/);
  await arjun.type({ block_id: "reason", text: `${NASTY}${"😀".repeat(200)}` });
  await arjun.submit();

  await cardOf(world(), peeringOf(card), "Rejected");
  expect(await cardSaying(world(), card, /rejected it/)).toContain(`rejected it: “${SHOWN}😀`);
  expect(await markupSent(world())).not.toMatch(/<!channel|<@U0SOFIA001|<https:/);
});

test("what the cloud says in a refusal is foreign text too", async () => {
  const own = await openWorld(hasty());
  await own.cloud("dials", {
    action: "CreateRouterInterface",
    fault: { code: "SomethingElse", status: 400, message: `${NASTY} ${"x".repeat(2_000)}` },
    times: 100,
  });
  const card = await ask(own);

  await approve(own, card);

  await cardOf(own, peeringOf(card), "Stopped at step 2");
  expect(await cardSaying(own, card, /Alibaba Cloud refused/)).toContain(`${SHOWN} xxx`);
  expect(await markupSent(own)).not.toMatch(/<!channel|<@U0SOFIA001|<https:/);
  expect(await cards(own)).toHaveLength(1);
});
