/**
 * What Bolt hands us, to what is kept of it: verified, committed, acked. Nothing here calls Slack or the cloud, so an ack
 * takes as long as one insert.
 *
 * One listener per kind of payload: Bolt tries every listener for every event, and an id that nobody knows still gets
 * its ack.
 */
import type { App } from "@slack/bolt";
import type { Clock, Log } from "../../ports.ts";
import { COMMAND, FIELDS, SHORTCUTS, VIEWS } from "../ids.ts";
import { PEERING_BLOCK } from "../render/blocks.ts";
import { chosenConnection, chosenPair } from "./form-values.ts";
import type { Commit } from "./inbound.ts";
import { judgeView, type JudgePorts } from "./judge.ts";
import { isForUs, isTimely, type Identity } from "./origin.ts";
import {
  ActionPayload,
  CommandPayload,
  GroupEventPayload,
  personOf,
  ShortcutPayload,
  SuggestionPayload,
  ViewPayload,
} from "./payloads.ts";
import { suggest, type SuggestPorts } from "./suggest.ts";

export interface ListenerPorts extends SuggestPorts, JudgePorts {
  readonly identity: Identity;
  readonly commit: Commit;
  readonly clock: Clock;
  readonly log: Log;
}

const ANY_ID = /^/;

export function listen(app: App, ports: ListenerPorts): void {
  refuseForeign(app, ports);
  listenToCommand(app, ports);
  listenToShortcuts(app, ports);
  listenToForm(app, ports);
  listenToButtons(app, ports);
  for (const event of ["subteam_members_changed", "subteam_updated"] as const) {
    app.event(event, async ({ body }) => {
      const { event_id, team_id, event: changed } = GroupEventPayload.parse(body);
      const groupId = changed.subteam_id ?? changed.subteam?.id ?? "";
      await ports.commit({
        kind: "groupChanged",
        cause: event_id,
        by: { teamId: team_id, userId: "" },
        triggerId: "",
        groupId,
      });
    });
  }
}

/** Stands before every listener: what is not for this app in this workspace, or not of this time, goes no further and gets no ack. */
function refuseForeign(app: App, { identity, clock, log }: ListenerPorts): void {
  app.use(async ({ body, context, next }) => {
    const sentAt: unknown = context["sentAt"];
    if (!isForUs(body, identity) || (sentAt !== undefined && !isTimely(sentAt, clock.now()))) {
      log.warn("payload refused", { kind: "type" in body ? body.type : "command" });
      return;
    }
    await next();
  });
}

function listenToCommand(app: App, { commit }: ListenerPorts): void {
  app.command(COMMAND, async ({ ack, body }) => {
    const { trigger_id, team_id, user_id, channel_id, text, response_url } = CommandPayload.parse(body);
    const by = { teamId: team_id, userId: user_id };
    await commit({
      kind: "command",
      cause: trigger_id,
      by,
      triggerId: trigger_id,
      text,
      channel: channel_id,
      responseUrl: response_url,
    });
    await ack();
  });
}

function listenToShortcuts(app: App, { commit }: ListenerPorts): void {
  app.shortcut(SHORTCUTS.newPeering, async ({ ack, body }) => {
    const payload = ShortcutPayload.parse(body);
    await commit({
      kind: "newPeering",
      cause: payload.trigger_id,
      by: personOf(payload),
      triggerId: payload.trigger_id,
    });
    await ack();
  });
  app.shortcut(SHORTCUTS.statusFromMessage, async ({ ack, body }) => {
    const payload = ShortcutPayload.parse(body);
    const marked = payload.message?.blocks.find(({ block_id }) => block_id.startsWith(PEERING_BLOCK));
    const peeringId = marked ? marked.block_id.slice(PEERING_BLOCK.length) : null;
    const common = { cause: payload.trigger_id, by: personOf(payload), triggerId: payload.trigger_id };
    await commit({ kind: "statusOfMessage", ...common, peeringId, responseUrl: payload.response_url });
    await ack();
  });
}

function listenToForm(app: App, ports: ListenerPorts): void {
  app.options(ANY_ID, async ({ ack, body }) => {
    const payload = SuggestionPayload.parse(body);
    await ack(await suggest(ports, personOf(payload), draftOf(payload.view), payload.action_id, payload.value));
  });
  app.view({ type: "view_submission", callback_id: ANY_ID }, async ({ ack, body }) => {
    const { answer, keep } = await judgeView(ports, ViewPayload.parse(body));
    if (keep) await ports.commit(keep);
    await (answer ? ack(answer) : ack());
  });
}

function listenToButtons(app: App, { commit }: ListenerPorts): void {
  app.action({ type: "block_actions", action_id: ANY_ID }, async ({ ack, body }) => {
    const payload = ActionPayload.parse(body);
    const [action] = payload.actions;
    const common = { by: personOf(payload), triggerId: payload.trigger_id, cause: payload.trigger_id };
    const { view, container } = payload;
    const draftId = draftOf(view);
    if (view?.callback_id === VIEWS.form && draftId && action && changesForm(action.action_id)) {
      const { values } = view.state;
      const connection = chosenConnection(values);
      await commit({ kind: "pairChosen", ...common, draftId, viewId: view.id, ...chosenPair(values), connection });
    } else if (container.channel_id && container.message_ts && action) {
      const { action_id: button, value } = action;
      const place = { channel: container.channel_id, ts: container.message_ts };
      await commit({ kind: "button", ...common, button, value, ...place, responseUrl: payload.response_url });
    }
    await ack();
  });
}

/** Inputs on which it depends what else the form asks. */
function changesForm(actionId: string): boolean {
  return actionId.startsWith(FIELDS.vpc) || actionId === FIELDS.connection;
}

function draftOf(view: { readonly private_metadata: string } | null | undefined): `d_${string}` | null {
  const match = /"draft":"(d_[0-9A-Z]+)"/.exec(view?.private_metadata ?? "");
  return match ? (match[1] as `d_${string}`) : null;
}
