/** What Slack sends to an app, by the kind of envelope it travels in. */
type EnvelopeType = "events_api" | "slash_commands" | "interactive";

export interface Outgoing {
  readonly type: EnvelopeType;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What became of it by the time the person stops waiting. */
export type Delivered =
  | { readonly outcome: "acked"; readonly answer: unknown }
  | { readonly outcome: "noAnswer" | "noConnection" };

/**
 * A way to the app.
 *
 * `send` settles as soon as a person would know: on the ack, at the ack timeout, or at once when nobody is there.
 * Sending again goes on behind it.
 */
export interface Delivery {
  readonly send: (outgoing: Outgoing) => Promise<Delivered>;
  readonly close: () => Promise<void>;
}

/** Times an un-acked envelope or event is sent again: https://docs.slack.dev/apis/events-api (retries). */
export const REDELIVERIES_MAX = 3;
