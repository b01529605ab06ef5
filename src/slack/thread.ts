/**
 * The card and the thread in Slack: what the renderers make, posted and edited. A channel that is shared with other
 * companies gets nothing.
 */
import type { webApi } from "@slack/bolt";
import { hashOf } from "../../machines/network/plan.ts";
import { ChatFailure, isYoung, type Card, type Clock, type Store, type StoredEvent, type Thread } from "../ports.ts";
import { calling } from "./call.ts";
import { bounded, fits, section, type Message } from "./render/blocks.ts";
import { renderCard } from "./render/card.ts";
import { renderThread } from "./render/thread.ts";
import { secondCard } from "./texts/en/card.ts";

/** Sharing a channel is rare, and a card shown there cannot be taken back. */
const CHANNEL_FRESH_MS = 60_000;

export interface ThreadOptions {
  readonly client: webApi.WebClient;
  readonly store: Store;
  readonly clock: Clock;
  /** Where cards go, a channel id. */
  readonly channel: string;
}

export function createThread({ client, store, clock, channel }: ThreadOptions): Thread {
  /** Asked before everything that goes there: what is shown to strangers cannot be taken back. */
  async function problem(): Promise<string | null> {
    const name = `channel/${channel}/ours`;
    const known = await store.remembered(name);
    if (known?.value === true && isYoung(known.at, CHANNEL_FRESH_MS, clock.now())) return null;
    const found = await channelProblem(client, channel);
    if (found === null) await store.remember(name, true, clock.now());
    return found;
  }

  async function refuseUnfitChannel(): Promise<void> {
    const found = await problem();
    if (found) throw new ChatFailure(found, null);
  }

  return {
    problem,

    cardHash: (card) => hashOf(renderCard(card)),

    async showCard(card, at) {
      const message = sent(renderCard(card));
      await refuseUnfitChannel();
      if (at) {
        if (at.channel !== channel) throw inAnotherChannel();
        await calling(client.chat.update({ channel: at.channel, ts: at.ts, ...message }));
        return at;
      }
      const posted = await calling(client.chat.postMessage({ channel, ...message }));
      // The id that was asked for, whatever Slack calls it: the next edit compares.
      return { channel, ts: posted.ts ?? "" };
    },

    portion(happened, card) {
      const events = tellableAtOnce(happened, card);
      return { events, isNews: renderThread(happened.slice(0, events), happened.slice(events), card) !== null };
    },

    async tell(happened, later, card, at) {
      const message = renderThread(happened, later, card);
      if (at.channel !== channel) throw inAnotherChannel();
      await refuseUnfitChannel();
      if (!message) return;
      // One event alone may be more than a message takes.
      const within = { ...message, blocks: bounded(message.blocks) };
      await calling(client.chat.postMessage({ channel: at.channel, thread_ts: at.ts, ...sent(within) }));
    },

    async retireCard(stray, live) {
      const { permalink } = await calling(client.chat.getPermalink({ channel: live.channel, message_ts: live.ts }));
      const text = secondCard(permalink ?? "");
      await calling(client.chat.update({ channel: stray.channel, ts: stray.ts, text, blocks: [section(text)] }));
    },
  };
}

/**
 * The operator has chosen another channel since: nothing more goes to the old one, which may be shared now. Card and
 * thread begin again in the new one, as if they had been deleted.
 */
function inAnotherChannel(): ChatFailure {
  return new ChatFailure("message_not_found", null);
}

/** Null when cards can be shown there, else Slack's word for why not. Rejects when Slack does not say. */
export async function channelProblem(client: webApi.WebClient, channel: string): Promise<string | null> {
  try {
    const { channel: found } = await calling(client.conversations.info({ channel }));
    if (!found || found.is_ext_shared === true || found.is_pending_ext_shared === true) return "channel_is_shared";
    if (found.is_archived === true) return "is_archived";
    return found.is_member === true ? null : "not_in_channel";
  } catch (error) {
    // Also what Slack says of private channels that the bot is not in.
    if (error instanceof ChatFailure && error.code === "channel_not_found") return error.code;
    throw error;
  }
}

/** Half as many until they fit; one at least. */
function tellableAtOnce(happened: readonly StoredEvent[], card: Card): number {
  let events = happened.length;
  while (events > 1 && !fits(renderThread(happened.slice(0, events), happened.slice(events), card))) {
    events = Math.ceil(events / 2);
  }
  return events;
}

/** Nothing in a message is a link or an attachment unless we made it one. */
function sent(
  message: Message,
): Message & { readonly unfurl_links: false; readonly unfurl_media: false; readonly parse: "none" } {
  return { ...message, unfurl_links: false, unfurl_media: false, parse: "none" };
}
