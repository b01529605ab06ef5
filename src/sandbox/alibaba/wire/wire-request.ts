/** An HTTP request as it arrived, body read to its end. Header names are lower case. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An HTTP answer as it goes out. */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request taken apart; nothing of it has been verified yet. */
export interface ReadRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Decoded. A name that comes twice keeps its last value. */
  readonly query: ReadonlyMap<string, string>;
  /** Query and form together. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly action: string;
  readonly version: string;
}

/**
 * Takes a request apart. Parameters come from the query, from a urlencoded body, or from both; action and version come
 * from the `x-acs-*` headers or from the parameters of that name.
 */
export function readRequest(request: WireRequest): ReadRequest {
  const [path = "/", queryText = ""] = splitOnce(request.target, "?");
  const query = new Map(new URLSearchParams(queryText));
  const isForm = (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
  const form = isForm ? new URLSearchParams(request.body.toString("utf8")) : [];
  const parameters = new Map([...query, ...form]);
  return {
    method: request.method,
    path,
    headers: request.headers,
    body: request.body,
    query,
    parameters,
    action: request.headers["x-acs-action"] ?? parameters.get("Action") ?? "",
    version: request.headers["x-acs-version"] ?? parameters.get("Version") ?? "",
  };
}

/**
 * Parameters that belong to the protocol and not to the action.
 *
 * https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism (read 2026-08-22)
 */
const PROTOCOL_PARAMETERS: ReadonlySet<string> = new Set([
  "Action",
  "Version",
  "Format",
  "AccessKeyId",
  "Signature",
  "SignatureMethod",
  "SignatureVersion",
  "SignatureNonce",
  "SignatureType",
  "SecurityToken",
  "Timestamp",
]);

/** The parameters of the action: all but those of the protocol. */
export function actionParameters(request: ReadRequest): ReadonlyMap<string, string> {
  return new Map([...request.parameters].filter(([name]) => !PROTOCOL_PARAMETERS.has(name)));
}

function splitOnce(text: string, separator: string): ReadonlyArray<string> {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
