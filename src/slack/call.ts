/**
 * Calls to Slack. Retries are the engine's: the client makes one attempt and says what happened.
 */
import { webApi } from "@slack/bolt";
import { ChatFailure } from "../ports.ts";

/** What the client is made with: one attempt, no waiting for rate limits inside the client. */
export function clientOptions(apiUrl: string): webApi.WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    timeout: 10_000,
    maxRequestConcurrency: 10,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  };
}

/** Rejects with `ChatFailure` for everything that Slack can do; anything else is a bug of ours. */
export async function calling<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof webApi.WebAPIRateLimitedError)
      throw new ChatFailure("ratelimited", error.retryAfter * 1_000, { cause: error });
    if (error instanceof webApi.WebAPIPlatformError) throw new ChatFailure(error.data.error, null, { cause: error });
    if (error instanceof webApi.WebAPIHTTPError || error instanceof webApi.WebAPIRequestError)
      throw new ChatFailure("", null, { cause: error });
    throw error;
  }
}
