import type { Dial } from "./dials.ts";
import type { Refusal } from "./refusal.ts";
import type { OperationAnswer } from "./simulation.ts";
import type { WireReply } from "./wire/wire-request.ts";

/** What a request came to: an answer, or a refusal. */
export type Outcome = { readonly answer: OperationAnswer } | { readonly refusal: Refusal };

/** What the reply says besides its outcome. */
export interface Envelope {
  readonly requestId: string;
  readonly host: string;
  readonly dial: Dial | undefined;
}

/** The reply to an outcome, after the dial had its way with it; undefined when the connection is to be reset instead. */
export function replyTo(outcome: Outcome, envelope: Envelope): WireReply | undefined {
  const fault = envelope.dial?.fault;
  if (fault === "resetBefore" || fault === "resetAfter") return undefined;
  if (fault === "notJson" || fault === "notJsonAfter") return BAD_GATEWAY;
  return "answer" in outcome ? success(outcome.answer, envelope) : failure(outcome.refusal, envelope);
}

/** The body as the journal keeps it: parsed where it is JSON. */
export function bodyOf(reply: WireReply): unknown {
  return reply === BAD_GATEWAY ? reply.body : JSON.parse(reply.body);
}

/** What a gateway in between answers when it has lost the service behind it. */
const BAD_GATEWAY: WireReply = {
  status: 502,
  headers: { "content-type": "text/html" },
  body: "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\n",
};

const JSON_TYPE = { "content-type": "application/json;charset=utf-8" };

function success(answer: OperationAnswer, { requestId }: Envelope): WireReply {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ RequestId: requestId, ...answer.body }) };
}

/** The API's error body: https://www.alibabacloud.com/help/en/ecs/developer-reference/common-errors (read 2026-08-22) */
function failure({ status, code, message, extra }: Refusal, { requestId, host, dial }: Envelope): WireReply {
  const retryAfter = dial?.fault === "throttle" && dial.ms !== undefined ? { "x-acs-retry-after": `${dial.ms}` } : {};
  const body = {
    RequestId: requestId,
    HostId: host,
    Code: code,
    Message: message,
    Recommend: `https://next.api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&requestId=${requestId}`,
    ...extra,
  };
  return { status, headers: { ...JSON_TYPE, ...retryAfter }, body: JSON.stringify(body) };
}
