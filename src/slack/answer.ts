/**
 * Answers to one person: a modal while Slack still holds the door open, else a message only they see.
 */
import type { webApi } from "@slack/bolt";
import type { Person } from "../../machines/peering/record.ts";
import { ChatFailure, type Log } from "../ports.ts";
import { calling } from "./call.ts";
import { refusalView } from "./render/views.ts";

export interface Answers {
  /** Opens a view on top and returns its id; null when the trigger has expired or was used. */
  open(triggerId: string, view: webApi.ViewsOpenArguments["view"]): Promise<string | null>;
  /** Shows a message to the one who typed or clicked; false when Slack does not take it. */
  whisper(
    responseUrl: string,
    message: { readonly text: string; readonly blocks?: webApi.ViewsOpenArguments["view"]["blocks"] },
  ): Promise<boolean>;
  /**
   * Says why something did not happen: in a small modal if Slack still allows one, else in a message that only they see,
   * else directly. It never rejects: who is not told can look at the card.
   */
  refuse(to: Asker, text: string): Promise<void>;
}

/** Who did something, and the ways to answer that it came with; empty where there is none. */
export interface Asker {
  readonly by: Person;
  readonly triggerId: string;
  readonly responseUrl: string;
}

/** A trigger lives 3 s and works once: https://docs.slack.dev/surfaces/modals/ (read 2026-08-22). */
const TRIGGER_IS_OVER = [
  "expired_trigger_id",
  "trigger_expired",
  "exchanged_trigger_id",
  "trigger_exchanged",
  "invalid_trigger_id",
];

const WHISPER_TIMEOUT_MS = 5_000;

export function createAnswers({
  client,
  apiUrl,
  log,
}: {
  readonly client: webApi.WebClient;
  readonly apiUrl: string;
  readonly log: Log;
}): Answers {
  const answers: Answers = {
    async open(triggerId, view) {
      try {
        const { view: opened } = await calling(client.views.open({ trigger_id: triggerId, view }));
        return opened?.id ?? null;
      } catch (error) {
        if (error instanceof ChatFailure && TRIGGER_IS_OVER.includes(error.code)) return null;
        throw error;
      }
    },

    async refuse({ by, triggerId, responseUrl }, text) {
      if (triggerId !== "" && (await succeeds(answers.open(triggerId, refusalView(text))))) return;
      if (responseUrl !== "" && (await answers.whisper(responseUrl, { text }))) return;
      const message = { text, unfurl_links: false, unfurl_media: false, parse: "none" } as const;
      if (await succeeds(calling(client.chat.postMessage({ channel: by.userId, ...message })))) return;
      log.warn("answer not shown", { userId: by.userId });
    },

    async whisper(responseUrl, message) {
      if (!isSlacks(responseUrl, apiUrl)) {
        log.warn("answer not sent: the response url is not slack's");
        return false;
      }
      const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, ...message });
      const headers = { "content-type": "application/json" };
      const answer = await fetch(responseUrl, {
        method: "POST",
        headers,
        body,
        signal: AbortSignal.timeout(WHISPER_TIMEOUT_MS),
        redirect: "error",
      }).catch(() => null);
      if (!answer?.ok) log.warn("answer not shown", { status: answer?.status ?? null });
      return answer?.ok === true;
    },
  };
  return answers;
}

/** False when Slack refuses, or answers with nothing. */
async function succeeds(call: Promise<unknown>): Promise<boolean> {
  try {
    return (await call) !== null;
  } catch (error) {
    if (error instanceof ChatFailure) return false;
    throw error;
  }
}

/** A payload says where to answer; only Slack's own hosts get anything, so that nobody can point us at another. */
function isSlacks(responseUrl: string, apiUrl: string): boolean {
  const url = URL.parse(responseUrl);
  if (!url) return false;
  return (
    url.origin === new URL(apiUrl).origin ||
    (url.protocol === "https:" && ["hooks.slack.com", "hooks.slack-gov.com"].includes(url.hostname))
  );
}
