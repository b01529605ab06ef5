import type { Facts } from "../facts.ts";
import { refuse } from "../refusal.ts";
import type { Nonces } from "./nonces.ts";
import {
  acs3Signature,
  acs3StringToSign,
  rpcSignature,
  rpcStringToSign,
  sameSignature,
  sha256Hex,
} from "./signature.ts";
import type { ReadRequest } from "./wire-request.ts";

/** The one access key that the simulation knows. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** What a request says about who sent it and when. */
interface Claim {
  readonly accessKeyId: string;
  readonly date: string;
  readonly nonce: string;
  readonly signature: string;
  readonly stringToSign: string;
  readonly computed: string;
}

/** Headers that must be part of an ACS3 signature, in lower case. */
const ACS3_SIGNED_ALWAYS = [
  "host",
  "x-acs-action",
  "x-acs-content-sha256",
  "x-acs-date",
  "x-acs-signature-nonce",
  "x-acs-version",
];

/** By how much the date of a request may differ from wire time, per answer to the fact. */
const SKEW_MS = { "15-minutes": 15 * 60_000, "5-minutes": 5 * 60_000 } as const;

/**
 * Refuses a request whose access key, date, signature or nonce is not right; in this order.
 *
 * The nonce is remembered only once the signature has been found right, so that nobody else can use it up.
 */
export function authenticate(
  request: ReadRequest,
  known: { readonly accessKey: AccessKey; readonly nonces: Nonces; readonly facts: Facts },
  wireMs: number,
): void {
  const claim =
    request.headers["authorization"] === undefined
      ? rpcClaim(request, known.accessKey)
      : acs3Claim(request, known.accessKey);
  if (claim.accessKeyId !== known.accessKey.id) {
    const status = Number(known.facts.answer("bad-access-key-status"));
    refuse({ status, code: "InvalidAccessKeyId.NotFound", message: "Specified access key is not found." });
  }
  const skewMs = SKEW_MS[known.facts.answer("date-skew-window")];
  checkDate(claim.date, wireMs, skewMs);
  if (!sameSignature(claim.signature, claim.computed)) {
    // The real service prints its string to sign as well; it is what one needs to find the difference.
    const message = `Specified signature is not matched with our calculation. server string to sign is:${claim.stringToSign}`;
    refuse({ status: 400, code: "SignatureDoesNotMatch", message });
  }
  if (!known.nonces.use(`${claim.accessKeyId}/${claim.nonce}`, wireMs, skewMs)) {
    refuse({ status: 400, code: "SignatureNonceUsed", message: "Specified signature nonce was used already." });
  }
}

function acs3Claim(request: ReadRequest, accessKey: AccessKey): Claim {
  const [, accessKeyId = "", headerList = "", signature = ""] =
    /^ACS3-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)$/.exec(
      request.headers["authorization"] ?? "",
    ) ?? refuse(incomplete("The Authorization header is not an ACS3-HMAC-SHA256 signature."));
  const signedHeaders = headerList.split(";");
  const unsigned = ACS3_SIGNED_ALWAYS.find(
    (name) => !signedHeaders.includes(name) || request.headers[name] === undefined,
  );
  if (unsigned !== undefined) refuse(incomplete(`The header ${unsigned} is not signed.`));
  if (request.headers["x-acs-security-token"] !== undefined) refuse(UNKNOWN_SECURITY_TOKEN);
  if (request.headers["x-acs-content-sha256"] !== sha256Hex(request.body)) {
    refuse(incomplete("The header x-acs-content-sha256 is not the hash of the body."));
  }
  const stringToSign = acs3StringToSign(request, signedHeaders);
  return {
    accessKeyId,
    date: request.headers["x-acs-date"] ?? "",
    nonce: request.headers["x-acs-signature-nonce"] ?? "",
    signature,
    stringToSign,
    computed: acs3Signature({ stringToSign, accessKeySecret: accessKey.secret }),
  };
}

function rpcClaim(request: ReadRequest, accessKey: AccessKey): Claim {
  const { parameters } = request;
  for (const name of [
    "AccessKeyId",
    "Timestamp",
    "SignatureNonce",
    "SignatureMethod",
    "SignatureVersion",
    "Signature",
  ]) {
    if ((parameters.get(name) ?? "") !== "") continue;
    refuse({ status: 400, code: `Missing${name}`, message: `${name} is mandatory for this action.` });
  }
  if (parameters.get("SignatureMethod") !== "HMAC-SHA1") {
    refuse({ status: 400, code: "InvalidSignatureMethod", message: "Specified signature method is not valid." });
  }
  if (parameters.get("SignatureVersion") !== "1.0") {
    refuse({ status: 400, code: "InvalidSignatureVersion", message: "Specified signature version is not valid." });
  }
  if ((parameters.get("SecurityToken") ?? "") !== "") refuse(UNKNOWN_SECURITY_TOKEN);
  const stringToSign = rpcStringToSign(request.method, parameters);
  return {
    accessKeyId: parameters.get("AccessKeyId") ?? "",
    date: parameters.get("Timestamp") ?? "",
    nonce: parameters.get("SignatureNonce") ?? "",
    signature: parameters.get("Signature") ?? "",
    stringToSign,
    computed: rpcSignature({ stringToSign, accessKeySecret: accessKey.secret }),
  };
}

/** No temporary credentials are handed out, so none can be right. */
const UNKNOWN_SECURITY_TOKEN = {
  status: 400,
  code: "InvalidSecurityToken.Malformed",
  message: "Specified SecurityToken is malformed.",
};

function checkDate(date: string, wireMs: number, skewMs: number): void {
  const isWellFormed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) && !Number.isNaN(Date.parse(date));
  if (!isWellFormed) {
    const message = "Specified time stamp or date value is not well formatted.";
    refuse({ status: 400, code: "InvalidTimeStamp.Format", message });
  }
  if (Math.abs(Date.parse(date) - wireMs) > skewMs) {
    const message = "Specified time stamp or date value is expired.";
    refuse({ status: 400, code: "InvalidTimeStamp.Expired", message });
  }
}

function incomplete(why: string): { status: number; code: string; message: string } {
  const message = `The request signature does not conform to Aliyun standards. ${why}`;
  return { status: 400, code: "IncompleteSignature", message };
}
