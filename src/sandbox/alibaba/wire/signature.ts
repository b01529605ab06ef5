import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { ReadRequest } from "./wire-request.ts";

/**
 * Percent-encodes as both signature versions want it: RFC 3986, all but letters, digits and `-_.~`.
 *
 * Example: `a b*~!` → `a%20b%2A~%21`.
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The text that an ACS3-HMAC-SHA256 signature of this request signs.
 *
 * The query is decoded and encoded again, because clients differ in which characters they escape on the request line.
 *
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature (read 2026-08-22)
 */
export function acs3StringToSign(request: ReadRequest, signedHeaders: ReadonlyArray<string>): string {
  const canonical = [
    request.method,
    request.path,
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${(request.headers[name] ?? "").trim()}`),
    "",
    signedHeaders.join(";"),
    sha256Hex(request.body),
  ];
  return `ACS3-HMAC-SHA256\n${sha256Hex(canonical.join("\n"))}`;
}

interface ToSign {
  readonly stringToSign: string;
  readonly accessKeySecret: string;
}

/** The ACS3-HMAC-SHA256 signature of a string to sign, in lower-case hex. */
export function acs3Signature({ stringToSign, accessKeySecret }: ToSign): string {
  return createHmac("sha256", accessKeySecret).update(stringToSign).digest("hex");
}

/**
 * The text that an RPC signature (SignatureVersion 1.0) of this request signs: method, `/`, and all parameters but the
 * signature itself, whether they came in the query or in the body.
 *
 * https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism (read 2026-08-22)
 */
export function rpcStringToSign(method: string, parameters: ReadonlyMap<string, string>): string {
  const signed = new Map([...parameters].filter(([name]) => name !== "Signature"));
  return [method, percentEncode("/"), percentEncode(canonicalQuery(signed))].join("&");
}

/** The HMAC-SHA1 signature of a string to sign, in Base64. */
export function rpcSignature({ stringToSign, accessKeySecret }: ToSign): string {
  return createHmac("sha1", `${accessKeySecret}&`).update(stringToSign).digest("base64");
}

/** Compares in constant time; texts of different lengths are different. */
export function sameSignature(given: string, computed: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(computed)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function canonicalQuery(parameters: ReadonlyMap<string, string>): string {
  return [...parameters]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
}
