import { z } from "zod";
import type { RegionId } from "../../machines/network/facts.ts";
import type { Failure } from "../../machines/peering/failure.ts";
import { CloudFailure, type Clock, type Log, type LogFields } from "../ports.ts";
import { isCentral, writesWith, type Api } from "./actions.ts";
import type { Clients } from "./clients.ts";
import { failureOf } from "./errors.ts";
import type { Pacing } from "./pacing.ts";
import type { Credential } from "./sdk.ts";

/**
 * The one way out to the cloud. Waits for its turn, calls, checks the answer against what the API documents, and logs
 * one line. Rejects with `CloudFailure` only.
 */
export type Call = <Answer>(
  api: Api,
  regionId: RegionId,
  send: () => Promise<{ body?: unknown }>,
  answer: z.ZodType<Answer>,
) => Promise<Answer>;

/** What the functions of one API verb each work with. */
export interface Cloud {
  readonly clients: Clients;
  readonly call: Call;
}

/** What every call needs besides itself. */
interface CallOptions {
  readonly credential: Credential;
  readonly pacing: Pacing;
  readonly clock: Clock;
  readonly log: Log;
  /** Whose call it is, for the log. */
  readonly fields: LogFields;
  /** Nothing that is sent this way changes anything: even a write is only tried, and the log has it among the reads. */
  readonly isDryRun?: boolean;
}

/** One way out per purpose; they share credentials and pacing. */
export function createCall({ credential, pacing, clock, log, fields, isDryRun = false }: CallOptions): Call {
  return async (api, regionId, send, answer) => {
    const lane = isCentral(api) ? api : `${regionId}/${api}`;
    const waitMs = await pacing.turn(lane);
    if (waitMs > 0) throw new CloudFailure(outOfTurns(api, waitMs));
    const startedAt = clock.now();
    const line = (outcome: LogFields): void => {
      const level = writesWith(api) && !isDryRun ? "info" : "debug";
      log[level]("cloud call", { ...fields, api, regionId, elapsedMs: clock.now() - startedAt, ...outcome });
    };
    const fail = (failure: Failure): CloudFailure => {
      line({ requestId: failure.requestId, code: failure.code, kind: failure.kind });
      if (failure.kind === "throttled") pacing.slowDown(lane, failure.retryAfterMs);
      return new CloudFailure(failure);
    };

    if (!(await hasCredentials(credential))) throw fail(noCredentials(api));
    let body: unknown;
    try {
      ({ body } = await send());
    } catch (thrown) {
      // No cause goes along: what the SDK throws holds the whole request.
      throw fail(failureOf(api, thrown));
    }
    const parsed = answer.safeParse(body);
    const requestId = requestIdOf(body);
    if (!parsed.success) {
      const failure = undocumented(api, requestId, parsed.error);
      log.warn("cloud answer is not as documented", { ...fields, api, regionId, requestId, problem: failure.message });
      throw fail(failure);
    }
    line({ requestId });
    return parsed.data;
  };
}

/** The SDK asks for itself a moment later, but what it throws then looks like a broken connection. */
async function hasCredentials(credential: Credential): Promise<boolean> {
  try {
    await credential.getCredential();
    return true;
  } catch {
    return false;
  }
}

/** Instance roles and token services have bad moments: tried again like a call without an answer. */
function noCredentials(api: Api): Failure {
  return { kind: "unknownResult", api, code: "", requestId: "", message: "no credentials at the moment" };
}

function outOfTurns(api: Api, waitMs: number): Failure {
  return {
    kind: "throttled",
    api,
    code: "",
    requestId: "",
    message: "our own limit for this call",
    retryAfterMs: waitMs,
  };
}

/**
 * An answer that is not what the API documents is no answer: a list that is missing is not an empty list, and a write
 * that answers strangely may have been carried out. Named by path only; what stands there is foreign.
 */
function undocumented(api: Api, requestId: string, error: z.ZodError): Failure {
  const paths = error.issues.map(({ path }) => path.join(".") || "body");
  return {
    kind: "unknownResult",
    api,
    code: "",
    requestId,
    message: `an answer without a proper ${paths[0] ?? "body"}`,
  };
}

/** The product SDKs rename it, the generic client does not. */
function requestIdOf(body: unknown): string {
  const { requestId, RequestId } = AnyAnswer.safeParse(body).data ?? {};
  return requestId ?? RequestId ?? "";
}

const AnyAnswer = z.object({ requestId: z.string().optional(), RequestId: z.string().optional() });
