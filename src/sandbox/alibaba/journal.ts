/** One request and its answer. */
export interface JournalEntry {
  /** Counted from 1. */
  readonly seq: number;
  /** Wire time of arrival, ms since the epoch. */
  readonly at: number;
  /** Wire time at which the answer left; null while it is held back. */
  endedAt: number | null;
  /** Cloud time of arrival, ms since the epoch. */
  readonly cloudAt: number;
  readonly action: string;
  readonly version: string;
  /** Empty for actions of no region, and where the request was refused before it was known. */
  readonly regionId: string;
  /** An action that does not exist counts as a read, and so does a dry run. */
  readonly kind: "read" | "write";
  /** Flat parameters of the action; nothing of access key, signature or nonce. */
  readonly params: Readonly<Record<string, string>>;
  /** HTTP status; 0 when the connection was reset. */
  readonly status: number;
  readonly code?: string;
  readonly requestId: string;
  /** The body of the answer: an object, or the text when it is not JSON; null after a reset. */
  readonly answer: unknown;
  /** Cloud time from arrival to answer. */
  readonly latencyMs: number;
  /** Cloud time from the answer until what it started has settled; 0 when nothing has to. */
  readonly settlesAfterMs: number;
  /** The dial's fault that struck. */
  readonly fault?: string;
}

/** The newest requests, oldest first. */
export interface Journal {
  /** `characters`: how long the answer is. */
  add(entry: Omit<JournalEntry, "seq" | "endedAt">, characters: number): JournalEntry;
  /** Entries after a sequence number; 0 for all that are kept. */
  since(seq: number): ReadonlyArray<JournalEntry>;
}

/** Older entries are dropped. */
export const JOURNAL_ENTRIES_MAX = 20_000;
/** So are they when all answers together have more characters than this: a day of polling must not fill the memory. */
export const JOURNAL_CHARACTERS_MAX = 64_000_000;

/** An empty journal. */
export function createJournal(): Journal {
  const kept: Array<{ readonly entry: JournalEntry; readonly characters: number }> = [];
  let seq = 0;
  let charactersKept = 0;
  return {
    add(entry, characters) {
      seq += 1;
      const added = { seq, endedAt: null, ...entry };
      kept.push({ entry: added, characters });
      charactersKept += characters;
      while (kept.length > JOURNAL_ENTRIES_MAX || charactersKept > JOURNAL_CHARACTERS_MAX) {
        charactersKept -= kept.shift()?.characters ?? 0;
      }
      return added;
    },
    since: (after) => kept.map(({ entry }) => entry).filter((entry) => entry.seq > after),
  };
}
