/** An entry with its place in the log. */
export type Logged<Entry> = Entry & { readonly seq: number };

/** A bounded log that can be read from any place still held, and watched. */
export interface Log<Entry> {
  /** Appends and returns the entry's number; numbers count up from 1. */
  readonly add: (entry: Entry) => number;
  /** Entries after `seq`, oldest first; those already dropped are missing without a sign but the gap in numbers. */
  readonly since: (seq: number) => readonly Logged<Entry>[];
  /** Number of the newest entry; 0 before the first. */
  readonly latest: () => number;
  /** Calls back after every entry until the returned function is called. */
  readonly watch: (seen: () => void) => () => void;
}

export function createLog<Entry extends object>(entriesMax: number): Log<Entry> {
  const entries: Logged<Entry>[] = [];
  const watchers = new Set<() => void>();
  let seq = 0;
  return {
    add(entry) {
      seq += 1;
      entries.push({ ...entry, seq });
      if (entries.length > entriesMax) entries.shift();
      for (const seen of watchers) seen();
      return seq;
    },
    since: (from) => entries.filter((entry) => entry.seq > from),
    latest: () => seq,
    watch(seen) {
      watchers.add(seen);
      return () => watchers.delete(seen);
    },
  };
}
