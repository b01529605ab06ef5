/**
 * Facts that an account may not be allowed to read, as with a RAM policy from before they were asked for: then they are
 * null, which every check takes for *unknown*, and the log says so. Anything else fails the facts: what could not be read
 * for another reason is to be read again.
 */
import { CloudFailure, type Log, type LogFields } from "../ports.ts";
import { isForbidden } from "./errors.ts";

export async function nullIfForbidden<Fact>(fact: Promise<Fact>, log: Log, about: LogFields): Promise<Fact | null> {
  try {
    return await fact;
  } catch (error) {
    if (!(error instanceof CloudFailure) || !isForbidden(error.failure)) throw error;
    const { api, code, requestId } = error.failure;
    log.warn("facts may not be read and count as unknown", { ...about, api, code, requestId });
    return null;
  }
}
