/**
 * The tutorial's story as two people live it: Mei asks for VPC1 in Qingdao to reach VPC2 in Beijing, a network lead says
 * yes, and the thread tells the rest. Everything goes through the local Slack, as hands and eyes would.
 */
import { channelAt, personAt, workspaceAt } from "../slack/client.ts";
import type { SeenMessage } from "../slack/reading/seen-message.ts";
import type { RunningSlack } from "../slack/start.ts";

const CHANNEL = "network-requests";
const REQUESTER = "Mei Lin";
const LEAD = "Arjun Rao";
const REASON = "orders reads the ledger replica";

/** What the form calls kinds of connection. */
export const CONNECTIONS = ["router-interfaces", "vpc-peer"] as const;
export type Connection = (typeof CONNECTIONS)[number];

export interface StoryWish {
  readonly connection: Connection;
  /** How long the whole of it may take, ms. */
  readonly limitMs: number;
}

/** How long a person waits for something to appear before the story has failed, ms. */
const PATIENCE_MS = 20_000;

export interface StoryEvents {
  /** What a person does, in words. */
  readonly onAct: (text: string) => void;
  /** The card as it reads now. */
  readonly onCard: (text: string) => void;
  /** Lines that are new in the thread. */
  readonly onThread: (lines: readonly string[]) => void;
}

export interface StoryEnd {
  /** The card's first line when nothing more happens: its state in words. */
  readonly title: string;
  readonly isVerified: boolean;
  /** What the tests said, a line each. */
  readonly results: readonly string[];
  /** When Approve was pressed, epoch ms. */
  readonly approvedAt: number;
}

/** Rejects with what was missing when something does not appear. */
export async function playStory(
  slack: RunningSlack,
  { connection, limitMs }: StoryWish,
  events: StoryEvents,
): Promise<StoryEnd> {
  await ask(slack, connection, events);
  const card = await cardWith(slack, (text) => text.includes("Waiting for a decision"));
  events.onCard(await channelAt(slack.url, CHANNEL).text());
  events.onAct(`${LEAD}, network lead, presses Approve`);
  const approvedAt = Date.now();
  await personAt(slack.url, LEAD).press({ channel: CHANNEL, ts: card.ts, action_id: "approve", confirm: true });
  const title = await follow(slack, events, limitMs);
  const lines = (await channelAt(slack.url, CHANNEL).text()).split("\n").filter((line) => !isThreadLine(line));
  events.onCard(lines.join("\n").trim());
  return {
    title,
    isVerified: title.startsWith("Verified"),
    results: lines.filter((line) => /→.*\bback\b/.test(line)),
    approvedAt,
  };
}

async function ask(slack: RunningSlack, connection: Connection, { onAct }: StoryEvents): Promise<void> {
  const mei = personAt(slack.url, REQUESTER);
  onAct(`${REQUESTER} types /peer-vpcs`);
  await mei.command(CHANNEL, "/peer-vpcs");
  await mei.waitForView((view) => view.title === "Peer two VPCs", PATIENCE_MS);
  onAct("chooses orders-prod (Qingdao) and shared-data (Beijing)");
  await choose(slack, "From", "orders-prod");
  await choose(slack, "To", "shared-data");
  await mei.waitForView((view) => JSON.stringify(view.blocks).includes("test_instance"), PATIENCE_MS);
  if (connection !== CONNECTIONS[0]) {
    onAct("chooses a VPC peering connection");
    await mei.choose({ label: "Kind of connection", value: connection });
  }
  onAct(`writes why: “${REASON}”, and sends it`);
  await mei.type({ block_id: "reason", text: REASON });
  const { outcome, errors } = await mei.submit();
  if (outcome === "errors" || outcome === "no answer")
    throw new Error(`the form was not taken: ${JSON.stringify(errors ?? outcome)}`);
}

/** Types a name and takes what is offered. The bot reads the list of VPCs when it starts; a person would look again. */
async function choose(slack: RunningSlack, label: string, query: string): Promise<void> {
  const mei = personAt(slack.url, REQUESTER);
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const { options = [], option_groups = [] } = await mei.suggest({ label, query });
    const [first] = [...options, ...option_groups.flatMap((group) => group.options)];
    if (first?.value) return void (await mei.choose({ label, value: first.value }));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the form does not offer ${query}`);
}

async function cardWith(slack: RunningSlack, fits: (text: string) => boolean): Promise<SeenMessage> {
  return channelAt(slack.url, CHANNEL).waitForMessage(
    (message) => message.user.isApp && fits(firstText(message)),
    PATIENCE_MS,
  );
}

/** Prints the thread as it grows, until the card says how it ended and the thread has said so, too. */
async function follow(slack: RunningSlack, { onThread }: StoryEvents, limitMs: number): Promise<string> {
  const channel = channelAt(slack.url, CHANNEL);
  let printed = 0;
  return workspaceAt(slack.url).waitFor(async () => {
    const lines = (await channel.text()).split("\n").filter(isThreadLine);
    if (lines.length > printed) onThread(lines.slice(printed));
    printed = lines.length;
    const [card] = await channel.messages();
    const title = card ? titleOf(card) : "";
    const told = lines.join("\n");
    if (title.startsWith("Verified") && told.includes("Verified.")) return title;
    return title.startsWith("Stopped") && told.includes("Stopped at step") ? title : null;
  }, limitMs);
}

function isThreadLine(line: string): boolean {
  return line.startsWith("  │");
}

function titleOf(card: SeenMessage): string {
  return firstText(card).split("\n")[0]?.replaceAll("*", "") ?? "";
}

function firstText({ blocks }: SeenMessage): string {
  const [first] = blocks;
  const text = first && "text" in first ? first["text"] : null;
  return typeof text === "object" && text !== null && "text" in text && typeof text["text"] === "string"
    ? text["text"]
    : "";
}
