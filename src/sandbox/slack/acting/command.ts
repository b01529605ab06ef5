import { readContent, saysNothing } from "../content.ts";
import { postMessage, showEphemeral } from "../messages.ts";
import { commandPayload } from "../payloads/commands.ts";
import type { Person, Workspace } from "../workspace.ts";
import type { Cannot, Done, Slack } from "./acted.ts";
import { QUIET } from "./acted.ts";
import type { ActOf } from "./acts.ts";
import { findChannel, isCannot } from "./finding.ts";
import { answerOf, troubleWith } from "./sending.ts";

/** Types a slash command; what the app says in its ack is shown at once. */
export async function actCommand(slack: Slack, person: Person, act: ActOf<"command">): Promise<Done | Cannot> {
  const { workspace, clock } = slack;
  const channel = findChannel(workspace, person, act.channel);
  if (isCannot(channel)) return channel;
  const text = workspace.escapeCommands ? escapeMentions(workspace, act.text) : act.text;
  const outgoing = commandPayload(workspace, { person, channel, command: act.command, text }, clock.now());
  const delivered = await slack.send(outgoing);
  const trouble = troubleWith(delivered);
  if (trouble !== null) return { ...QUIET, says: `${act.command} failed. ${trouble}` };

  const answer = answerOf(delivered);
  if (answer === null) return QUIET;
  const said = typeof answer["text"] === "string" ? { text: answer["text"] } : {};
  const content = { ...said, blocks: answer["blocks"], attachments: answer["attachments"] };
  const read = readContent(workspace, content, clock.now());
  if (!read.ok) return { ...QUIET, says: `${act.command} failed.`, because: `the ack was refused: ${read.error}` };
  if (saysNothing(read.content)) return QUIET;
  const draft = { ...read.content, user: workspace.app.botUserId, fromApp: true };
  const isForAll = answer["response_type"] === "in_channel";
  const message = isForAll
    ? postMessage(workspace, channel, draft, clock.now())
    : showEphemeral(workspace, channel, { ...draft, to: person.id }, clock.now());
  return { ...QUIET, says: message.text === "" ? null : message.text };
}

/**
 * Mentions as ids and the three characters escaped, as a command with `should_escape` gets them.
 *
 * `@sofia in #random & <b>` becomes `<@U0SOFIA001|sofia> in <#C0RANDOM01|random> &amp; &lt;b&gt;`.
 */
export function escapeMentions(workspace: Workspace, text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replace(/([@#])([\w-]+(?:\.[\w-]+)*)/g, (whole, sign: string, name: string) => {
    if (sign === "#") {
      const channel = [...workspace.channels.values()].find((one) => one.kind !== "im" && one.name === name);
      return channel === undefined ? whole : `<#${channel.id}|${name}>`;
    }
    const person = [...workspace.people.values()].find((one) => one.name === name);
    if (person !== undefined) return `<@${person.id}|${name}>`;
    const group = [...workspace.groups.values()].find((one) => one.handle === name);
    return group === undefined ? whole : `<!subteam^${group.id}|@${name}>`;
  });
}
