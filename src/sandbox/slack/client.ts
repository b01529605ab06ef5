import type { z } from "zod";

import type { Acted, Cannot } from "./acting/acted.ts";
import type { ActInput } from "./acting/acts.ts";
import type { Change } from "./changes.ts";
import type { Edit, Edited } from "./editing.ts";
import type { FaultRequest } from "./faults.ts";
import type { JournalEntry } from "./journal.ts";
import type { Logged } from "./log.ts";
import type { SeenFile } from "./reading/readings.ts";
import type { SeenMessage } from "./reading/seen-message.ts";
import type { SeenView } from "./reading/seen-view.ts";

/** How long waiting for something takes before it is called missing, in real time. */
const WAIT_MS_DEFAULT = 10_000;

/** How an element is named: by its ids or by the words on it; in a message, or in a view (the topmost by default). */
interface Named {
  readonly channel?: string;
  readonly ts?: string;
  readonly view?: string;
  readonly action_id?: string;
  readonly block_id?: string;
  readonly label?: string;
}

type Chosen = { readonly value?: string | string[]; readonly text?: string | string[]; readonly query?: string };

/** A person at a keyboard. Every act throws when the person cannot do it, and says why. */
export interface PersonAt {
  readonly command: (channel: string, command: string, text?: string) => Promise<Acted>;
  readonly press: (named: Named & { readonly confirm?: boolean }) => Promise<Acted>;
  readonly suggest: (named: Named & { readonly query: string }) => Promise<Acted>;
  readonly choose: (named: Named & Chosen & { readonly confirm?: boolean }) => Promise<Acted>;
  readonly type: (named: Named & { readonly text: string; readonly enter?: boolean }) => Promise<Acted>;
  readonly submit: () => Promise<Acted>;
  readonly close: (options?: { readonly all?: boolean }) => Promise<Acted>;
  readonly shortcut: (callbackId: string) => Promise<Acted>;
  readonly messageShortcut: (callbackId: string, channel: string, ts: string) => Promise<Acted>;
  readonly openHome: () => Promise<Acted>;
  readonly say: (channel: string, text: string, threadTs?: string) => Promise<Acted>;
  /** Open modals, the topmost last, and the Home tab. */
  readonly views: () => Promise<{ readonly stack: readonly SeenView[]; readonly home: SeenView | null }>;
  /** Direct messages with the app and ephemeral messages anywhere, oldest first. */
  readonly messages: () => Promise<readonly SeenMessage[]>;
  /** The topmost modal once it fits, by default as soon as there is one. */
  readonly waitForView: (fits?: (view: SeenView) => boolean, waitMs?: number) => Promise<SeenView>;
  /** The Home tab once it fits. */
  readonly waitForHome: (fits?: (view: SeenView) => boolean, waitMs?: number) => Promise<SeenView>;
  /** The newest direct or ephemeral message that fits. */
  readonly waitForMessage: (fits?: (message: SeenMessage) => boolean, waitMs?: number) => Promise<SeenMessage>;
  /** The topmost modal or Home tab in words. */
  readonly viewText: () => Promise<string>;
}

export interface ChannelAt {
  /** Root messages, oldest first, each with its thread. */
  readonly messages: () => Promise<readonly SeenMessage[]>;
  /** The newest root message that fits. */
  readonly waitForMessage: (fits?: (message: SeenMessage) => boolean, waitMs?: number) => Promise<SeenMessage>;
  /** The channel in words, or one thread of it, with colours when asked. */
  readonly text: (options?: { readonly ts?: string; readonly tz?: string; readonly ansi?: boolean }) => Promise<string>;
}

/** The workspace from behind: its settings, faults and records. */
export interface WorkspaceAt {
  readonly edit: (edit: z.input<typeof Edit>) => Promise<Edited>;
  readonly fault: (fault: z.input<typeof FaultRequest>) => Promise<void>;
  readonly clearFaults: () => Promise<void>;
  readonly journal: (since?: number) => Promise<readonly Logged<JournalEntry>[]>;
  readonly changes: (since: number, waitMs?: number) => Promise<Changes>;
  /** Files that apps have uploaded, oldest first. */
  readonly files: () => Promise<readonly SeenFile[]>;
  /** The first entry of the journal that fits, as soon as there is one. */
  readonly waitForEntry: (
    fits: (entry: Logged<JournalEntry>) => boolean,
    waitMs?: number,
  ) => Promise<Logged<JournalEntry>>;
  /** What `look` finds, asked again after every change until it is something. */
  readonly waitFor: <Found>(look: () => Promise<Found | null | undefined>, waitMs?: number) => Promise<Found>;
}

interface Changes {
  /** Number of the newest change, for the next look. */
  readonly seq: number;
  readonly changes: readonly Logged<Change>[];
}

export function workspaceAt(url: string): WorkspaceAt {
  return {
    edit: async (edit) => await call<Edited>(url, "POST", "/workspace", edit),
    fault: async (fault) => void (await call(url, "POST", "/faults", fault)),
    clearFaults: async () => void (await call(url, "DELETE", "/faults")),
    journal: async (since = 0) => (await call<Journal>(url, "GET", `/journal?since=${since}`)).entries,
    files: async () => (await call<{ files: readonly SeenFile[] }>(url, "GET", "/files")).files,
    changes: async (since, waitMs = 0) => await call(url, "GET", `/changes?since=${since}&waitMs=${waitMs}`),
    waitForEntry: async (fits, waitMs) => await waitForEntry(url, fits, waitMs),
    waitFor: async (look, waitMs) => await waitFor(url, look, waitMs),
  };
}

/** Acts as one person, named by id, handle or real name. */
export function personAt(url: string, as: string): PersonAt {
  const act = async (one: ActInput): Promise<Acted> => await call<Acted>(url, "POST", "/act", { as, ...one });
  const path = `/people/${encodeURIComponent(as)}`;
  const views: PersonAt["views"] = async () => await call(url, "GET", `${path}/views`);
  const messages = async (): Promise<readonly SeenMessage[]> =>
    (await call<{ messages: readonly SeenMessage[] }>(url, "GET", `${path}/messages`)).messages;
  return {
    command: async (channel, command, text = "") => await act({ do: "command", channel, command, text }),
    press: async (named) => await act({ do: "press", ...named }),
    suggest: async (named) => await act({ do: "suggest", ...named }),
    choose: async (named) => await act({ do: "choose", ...named }),
    type: async (named) => await act({ do: "type", ...named }),
    submit: async () => await act({ do: "submit" }),
    close: async (options) => await act({ do: "close", ...options }),
    shortcut: async (callback_id) => await act({ do: "shortcut", callback_id }),
    messageShortcut: async (callback_id, channel, ts) => await act({ do: "messageShortcut", callback_id, channel, ts }),
    openHome: async () => await act({ do: "openHome" }),
    say: async (channel, text, thread_ts) =>
      await act({ do: "say", channel, text, ...(thread_ts === undefined ? {} : { thread_ts }) }),
    views,
    messages,
    waitForView: async (fits = anything, waitMs) =>
      await waitFor(url, async () => (await views()).stack.slice(-1).find(fits), waitMs),
    waitForHome: async (fits = anything, waitMs) =>
      await waitFor(url, async () => [(await views()).home].find((home) => home !== null && fits(home)), waitMs),
    waitForMessage: async (fits = anything, waitMs) =>
      await waitFor(url, async () => (await messages()).findLast(fits), waitMs),
    viewText: async () => await textOf(url, `${path}/views?as=text`),
  };
}

/** Reads one channel, named by id or name. */
export function channelAt(url: string, name: string): ChannelAt {
  const path = `/channels/${encodeURIComponent(name)}/messages`;
  const messages = async (): Promise<readonly SeenMessage[]> =>
    (await call<{ messages: readonly SeenMessage[] }>(url, "GET", path)).messages;
  return {
    messages,
    waitForMessage: async (fits = anything, waitMs) =>
      await waitFor(url, async () => (await messages()).findLast(fits), waitMs),
    text: async ({ ts, tz = "UTC", ansi = false } = {}) => {
      const query = new URLSearchParams({ as: ansi ? "ansi" : "text", tz, ...(ts === undefined ? {} : { ts }) });
      return await textOf(url, `${path}?${query.toString()}`);
    },
  };
}

const anything = (): boolean => true;

/** Asks again after every change in the workspace; throws when the time is over. */
export async function waitFor<Found>(
  url: string,
  look: () => Promise<Found | null | undefined>,
  waitMs = WAIT_MS_DEFAULT,
): Promise<Found> {
  const until = Date.now() + waitMs;
  const latest = async (since: number, wait: number): Promise<number> =>
    (await call<{ seq: number }>(url, "GET", `/changes?since=${since}&waitMs=${wait}`)).seq;
  let seq = await latest(Number.MAX_SAFE_INTEGER, 0);
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null) return found;
    const left = until - Date.now();
    if (left <= 0) throw new Error(`waited ${waitMs} ms in vain for a change in Slack`);
    seq = await latest(seq, left);
  }
}

async function waitForEntry(
  url: string,
  fits: (entry: Logged<JournalEntry>) => boolean,
  waitMs = WAIT_MS_DEFAULT,
): Promise<Logged<JournalEntry>> {
  const until = Date.now() + waitMs;
  for (let seq = 0, left = waitMs; left > 0; left = until - Date.now()) {
    const look = await call<Journal>(url, "GET", `/journal?since=${seq}&waitMs=${left}`);
    const found = look.entries.find(fits);
    if (found !== undefined) return found;
    seq = look.seq;
  }
  throw new Error(`waited ${waitMs} ms in vain for an entry in Slack's journal`);
}

interface Journal {
  readonly seq: number;
  readonly entries: readonly Logged<JournalEntry>[];
}

async function call<Answer>(url: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const sent =
    body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`${url}/_sandbox${path}`, { method, ...sent });
  // The control API answers with the type asked for, or with a refusal.
  const answer = (await response.json()) as Answer | Cannot;
  if (!response.ok)
    throw new Error(`${method} ${path}: ${"error" in (answer as Cannot) ? (answer as Cannot).error : ""}`);
  return answer as Answer;
}

async function textOf(url: string, path: string): Promise<string> {
  const response = await fetch(`${url}/_sandbox${path}`);
  if (!response.ok) throw new Error(`GET ${path}: ${await response.text()}`);
  return await response.text();
}
