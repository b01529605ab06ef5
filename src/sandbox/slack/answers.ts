import type { Complaint } from "./block-kit/rules.ts";

/** A refusal as the Web API gives it, HTTP 200 all the same. */
export interface ApiRefusal {
  readonly ok: false;
  readonly error: string;
  readonly [key: string]: unknown;
}

/** What a method answers. */
export type ApiAnswer = { readonly ok: true; readonly [key: string]: unknown } | ApiRefusal;

export function refuse(error: string, more: Readonly<Record<string, unknown>> = {}): ApiRefusal {
  return { ok: false, error, ...more };
}

/** A refusal with a sentence and JSON pointer for everything that is wrong, as Slack words them. */
export function refuseFor(error: string, complaints: readonly Complaint[]): ApiRefusal {
  const messages = complaints.map(({ why, pointer }) => `[ERROR] ${why} [json-pointer:${pointer}]`);
  return refuse(error, { response_metadata: { messages } });
}
