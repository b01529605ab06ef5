/** What went over the wire, in order. Tokens, signatures and secrets are never in it. */
export type JournalEntry = { readonly at: number } & (
  | {
      readonly kind: "call";
      readonly method: string;
      readonly arguments: Readonly<Record<string, unknown>>;
      /** HTTP status; 0 when a fault cut the connection. */
      readonly status: number;
      readonly answer: unknown;
      readonly ms: number;
    }
  | {
      readonly kind: "delivery";
      readonly over: "socket" | "http";
      readonly type: "events_api" | "slash_commands" | "interactive";
      readonly envelopeId: string;
      readonly attempt: number;
      readonly payload: unknown;
      readonly outcome: "acked" | "ackedLate" | "noAnswer" | "noConnection";
      /** What the app answered; null when it did not. */
      readonly answer: unknown;
      /** Wire time until the ack or until Slack gave up. */
      readonly ms: number;
    }
  | { readonly kind: "responseUrl"; readonly body: unknown; readonly status: number; readonly answer: unknown }
  | { readonly kind: "upload"; readonly file: string; readonly bytes: number }
  | { readonly kind: "act"; readonly as: string; readonly act: unknown }
);

/** Entries kept; older ones are dropped. */
export const JOURNAL_MAX = 5_000;
