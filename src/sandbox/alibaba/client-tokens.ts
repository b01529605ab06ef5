import type { Facts } from "./facts.ts";
import { refuse } from "./refusal.ts";
import type { OperationAnswer } from "./simulation.ts";

/** The answers given to requests that carried a ClientToken. */
export interface ClientTokens {
  /**
   * Runs a request at most once per token.
   *
   * The same request again gets the first answer; another request with the token is refused, and so is one that comes
   * before the first has been answered. A refusal is not kept: the token stays free.
   *
   * https://www.alibabacloud.com/help/en/ecs/developer-reference/how-to-ensure-idempotence (read 2026-08-22)
   */
  once(request: TokenRequest, wireMs: number, run: () => OperationAnswer): OperationAnswer;
}

/** What identifies a request, and whether it has been answered. */
interface TokenRequest {
  /** Product and action; the same token means something else to another action. */
  readonly action: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly isAnswered: () => boolean;
}

interface KeptAnswer {
  readonly fingerprint: string;
  readonly answer: OperationAnswer;
  readonly isAnswered: () => boolean;
  readonly atWireMs: number;
}

/** Tokens are up to 64 ASCII characters. */
const TOKEN = /^[\x21-\x7e]{1,64}$/;
/** Past this many the oldest are forgotten. */
const TOKENS_MAX = 50_000;
const RETENTION_MS = { "one-day": 24 * 3_600_000, "one-minute": 60_000 } as const;

/** No tokens. */
export function createClientTokens(facts: Facts): ClientTokens {
  const kept = new Map<string, KeptAnswer>();
  function forgetOld(wireMs: number): void {
    const retentionMs = RETENTION_MS[facts.answer("client-token-retention")];
    for (const [key, { atWireMs }] of kept) {
      if (kept.size <= TOKENS_MAX && wireMs - atWireMs <= retentionMs) break;
      kept.delete(key);
    }
  }
  return {
    once(request, wireMs, run) {
      const token = request.parameters.get("ClientToken") ?? "";
      if (token === "") return run();
      if (!TOKEN.test(token)) {
        const message = "The specified ClientToken is not valid: 1 to 64 ASCII characters.";
        refuse({ status: 400, code: "InvalidClientToken.Malformed", message });
      }
      forgetOld(wireMs);
      const key = `${request.action}/${token}`;
      const fingerprint = JSON.stringify([...request.parameters].toSorted(([a], [b]) => (a < b ? -1 : 1)));
      const first = kept.get(key);
      if (first === undefined) {
        const answer = run();
        kept.set(key, { fingerprint, answer, isAnswered: request.isAnswered, atWireMs: wireMs });
        return answer;
      }
      if (first.fingerprint !== fingerprint) refuseMismatch(facts);
      if (!first.isAnswered()) {
        const message = "The last request with this ClientToken is still being processed.";
        refuse({ status: 403, code: "LastTokenProcessing", message });
      }
      return { body: first.answer.body };
    },
  };
}

function refuseMismatch(facts: Facts): never {
  const message = "The request uses the same client token as a previous, but non-identical request.";
  const code = facts.answer("token-mismatch-code");
  refuse({ status: code === "IdempotentParameterMismatch" ? 400 : 403, code, message });
}
