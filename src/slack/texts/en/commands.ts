/**
 * Answers to typed commands.
 */
import { code, listed } from "../mrkdwn.ts";
import { regionName } from "./regions.ts";

export const HELP = [
  "`/peer-vpcs` opens the request form.",
  "`/peer-vpcs &lt;vpc-a&gt; &lt;vpc-b&gt;` opens it with both VPCs filled in.",
  "`/peer-vpcs list [mine|open|all]` lists peerings.",
  "`/peer-vpcs status &lt;id&gt;` tells how one stands.",
  "`/peer-vpcs test &lt;id&gt;` tests one again.",
  "`/peer-vpcs why &lt;ip&gt; &lt;ip&gt; [port]` says whether one address reaches another, and what stops it.",
  "`/peer-vpcs help` shows this.",
].join("\n");

export function unknownWord(word: string, nearest: string | null): string {
  const meant = nearest
    ? ` Did you mean \`/peer-vpcs ${nearest}\`?`
    : " VPCs are given by their ids; the form finds them by name.";
  return `I do not know ${code(word)}.${meant}\n${HELP}`;
}

export function unknownVpc(vpcId: string, regions: readonly string[]): string {
  const where =
    regions.length > 0
      ? `the regions the bot looks at (${listed(regions.map(regionName))})`
      : "any region the bot looks at";
  return `${code(vpcId)} is not in ${where}. Check the id. If the VPC is new, try again in half a minute; if its region is missing, the operator can add it.`;
}

export function whichPeering(word: "status" | "test"): string {
  return `Which one? \`/peer-vpcs ${word} &lt;id&gt;\`; \`/peer-vpcs list\` shows the ids.`;
}

export const ONE_VPC = "That is one VPC. Name two: `/peer-vpcs &lt;vpc-a&gt; &lt;vpc-b&gt;`.";

export const EXPIRED_TRIGGER =
  "Slack gave up waiting before the window could open. Nothing changed. Please do it once more.";

/** Slack says no to the bot, whoever asks. */
export function slackRefuses(problem: string): string {
  return `Slack refuses the bot (${code(problem)}), so it could not see who you are. Nothing changed. Tell the operator; once it is mended, do it again.`;
}

/** The leads decide on a card, so without a place for cards there is nothing to ask for. */
export function cannotShow(problem: string, channel: string): string {
  const place = `<#${channel}>`;
  const mend: Readonly<Record<string, string>> = {
    not_in_channel: `the bot is not in ${place}. Somebody there must type \`/invite @peer-vpcs\``,
    channel_not_found: `the bot does not see the channel ${code(channel)}. Somebody there must type \`/invite @peer-vpcs\`, or the operator sets \`SLACK_CHANNEL\` to another`,
    channel_is_shared: `${place} is shared with people of other companies, and they must not see it. The operator can set \`SLACK_CHANNEL\` to a channel of your own`,
    is_archived: `${place} is archived. The operator can set \`SLACK_CHANNEL\` to another`,
  };
  return `The network leads could not be shown your request: ${mend[problem] ?? `Slack says ${code(problem)} of ${place}. Tell the operator`}. Then ask again.`;
}

export const NOT_A_PEERING = "This message is not about a peering. Use it on a card or in its thread.";

export const LIST_TITLES = {
  mine: "Peerings you asked for",
  open: "Peerings that wait, are under way or stand",
  all: "The latest peerings",
} as const;
export function onlyNewest(amount: number): string {
  return `Only the newest ${amount} are shown. Any other: \`/peer-vpcs status &lt;id&gt;\`.`;
}

export const LIST_EMPTY = {
  mine: "You have not asked for a peering yet. `/peer-vpcs` opens the form.",
  open: "No peering is open. `/peer-vpcs` opens the form.",
  all: "There is no peering yet. `/peer-vpcs` opens the form.",
} as const;

/** What somebody did could not be carried out for minutes. */
export const NOT_DONE =
  "What you just did was not carried out: Slack or the bot's database did not answer for minutes. Nothing changed. Please do it again; if that happens twice, tell the operator.";
