import { z } from "zod";

/**
 * What is not known for sure about Slack, as a setting with both answers.
 *
 * An app should work with either; the default is what Slack's documentation says, where it says anything.
 */
export const Dials = z.strictObject({
  /** Longest `value` of an option: 150 in the documentation, 75 in the comments of @slack/types 3.2.0. */
  optionValueMax: z.union([z.literal(75), z.literal(150)]),
  /** Most buttons on a card: 2 or 3, sources differ. */
  cardActionsMax: z.union([z.literal(2), z.literal(3)]),
  /** Whether the 4,000 of `chat.update` are characters or UTF-8 bytes. */
  updateTextCountedIn: z.enum(["characters", "bytes"]),
  /** Tier of `apps.connections.open`: 3 in the documentation, 1 in the Java SDK. */
  connectionsOpenTier: z.union([z.literal(1), z.literal(3)]),
  /** Whether an envelope that nobody acked is sent again. */
  redelivery: z.boolean(),
  /** Time an app has to ack, in milliseconds of wire time. Slack: 3 s. */
  ackTimeoutMs: z.int().min(1),
  /** Time from the end of an upload until a block can show the file, in milliseconds of wire time. Met: about a second. */
  fileReadyMs: z.int().min(0),
});
export type Dials = z.infer<typeof Dials>;

export const DIALS_DEFAULT: Dials = {
  optionValueMax: 150,
  cardActionsMax: 2,
  updateTextCountedIn: "characters",
  connectionsOpenTier: 3,
  redelivery: true,
  ackTimeoutMs: 3_000,
  fileReadyMs: 1_000,
};
