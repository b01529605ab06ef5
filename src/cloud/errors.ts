/**
 * What the SDK throws, as a `Failure`. Classes go by family of the error code, never by HTTP status or by words: one
 * condition has several codes, spelled differently by API and year, and throttling comes as 400, 429 or 503.
 *
 * Codes: https://www.alibabacloud.com/help/en/ecs/developer-reference/common-errors, the error table on the page of each
 * API, and what terraform-provider-alicloud retries (read 2026-08-22; those of VpcPeer 2022-01-01 on 2026-11-25).
 */
import { z } from "zod";
import type { Failure, FailureKind } from "../../machines/peering/failure.ts";
import { CloudFailure, type Answered } from "../ports.ts";
import type { Api } from "./actions.ts";

interface Family {
  readonly kind: FailureKind;
  readonly code: RegExp;
  /** Only when this API says it. */
  readonly api?: RegExp;
}

/** The first that fits decides. [sic] marks the cloud's own spelling. */
const FAMILIES: readonly Family[] = [
  { kind: "throttled", code: /Throttling/i },
  { kind: "tokenMismatch", code: /^(IdempotentParameterMismatch|InvalidIdempotenceParameter\.Mismatch)$/i },
  { kind: "notReady", code: /^IncorrectOppositeInterfaceInfo\.NotSet$/i },
  { kind: "notSold", code: /NotOnSale|NotSold/i, api: /^CreateRouterInterface$/ },
  // Unpaid or locked, before the statuses that mend themselves.
  { kind: "ownerMustAct", code: /FinancialLocked|SecurityLocked|BillsOutstanding|NotEnoughBalance|BusinessStatus/i },
  // Cloud Data Transfer, which bills what crosses regions; of the account, across the border, or of the other account.
  { kind: "ownerMustAct", code: /CdtNotOpened$/i },
  // Permission, and limits that only the owner can raise.
  { kind: "ownerMustAct", code: /^Forbidden(\.|$)|^NoPermission|AccessDenied|^CROSS_BID\./i },
  { kind: "ownerMustAct", code: /Quota.*Exceed|Exceed.*Quota|LimitExceed/i },
  // The key, its signature, its expiry, or the clock of the host that signs.
  { kind: "ownerMustAct", code: /^InvalidAccessKey|^InvalidSecurityToken|^InvalidCredentials$|^MissingSecurityToken/i },
  { kind: "ownerMustAct", code: /^SignatureDoesNotMatch$|^IncompleteSignature$|^InvalidTimeStamp/i },
  // The destination is in the table already; whoever reads back sees whether it is ours.
  { kind: "conflict", code: /Duplicate|^RouteConflict\.AlreadyExist$/i },
  // Two VPCs are joined by one thing at a time: a peering connection, or router interfaces.
  { kind: "conflict", code: /^ResourceAlreadyExist(\.|$)/i },
  // [sic] for the second; a reference that is being taken away goes by itself.
  { kind: "busy", code: /ReferredByRouteEntry|ReferedByRouteEntry/i },
  { kind: "busy", code: /^OperationDenied\.RouteEntryExist$/i, api: /^DeleteVpcPeerConnection$/ },
  { kind: "busy", code: /^Incorrect\w*Status(\.|$)|^InvalidInstance\.StatusError$|^INSTANCE_IN_PROCESS/i },
  // [sic] for DistibuteLock.
  {
    kind: "busy",
    code: /^(TaskConflict|OperationConflict|OperationFailed\.(DistibuteLock|DistributeLock|OperationLocked))$/i,
  },
  { kind: "busy", code: /TokenProcessing$|^(SystemBusy|ServiceUnavailable|UnknownError)$/i },
  // [sic] Deleting route entries faster than one in 5 s; from other APIs it is a refusal.
  { kind: "busy", code: /^Forbbiden$/i, api: /^DeleteRouteEntry$/ },
  // One of the rules went away since they were read; the next attempt names those that are left.
  { kind: "busy", code: /^InvalidParam\.SecurityGroupRuleId$/i, api: /^RevokeSecurityGroup/ },
  { kind: "changedByHand", code: /^Invalid(RouterInterface|NextHop)(Id)?\.NotFound$/i },
  { kind: "changedByHand", code: /^ResourceNotFound\.VpcPeer$/i },
  // A repeated nonce means that somebody on the way sent the request twice; the first may have been carried out.
  { kind: "unknownResult", code: /^InternalError(\.|$)|^SignatureNonceUsed$/i },
  // After every code with a meaning of its own; those at the head of the pattern have one too: a wrong parameter, a VPC
  // that another account shares, one with a CloudBox in it.
  {
    kind: "notSold",
    code: /^(?!Invalid|Illegal|Unsupported(HTTPMethod|Parameter)|OperationDenied\.(OperateShareResource|CloudBox))(.*NotSupport|.*Unsupported|OperationDenied)/i,
    api: /^CreateRouterInterface$/,
  },
];

/** Refusals for want of permission, whatever for. */
const NO_PERMISSION = /^Forbidden(\.(RAM|NoPermission))?$|^NoPermission|AccessDenied/i;

/**
 * What "there is no such thing" is called where it means that there is nothing left to do: only of the thing itself,
 * never of a region, an action or an access key, whose codes end in NotFound as well.
 */
const GONE: Readonly<Partial<Record<Api, RegExp>>> = {
  DescribeVpcs: /^InvalidVpcId\.NotFound$/i,
  DescribeVpcAttribute: /^(InvalidVpcId\.NotFound|Forbidden\.VpcNotFound)$/i,
  DescribeRouteEntryList: /^InvalidRouteTable(Id)?\.NotFound$/i,
  DescribeSecurityGroupAttribute: /^InvalidSecurityGroupId\.NotFound$/i,
  GetVpcPeerConnectionAttribute: /^ResourceNotFound\.InstanceId$/i,
  DeleteVpcPeerConnection: /^ResourceNotFound\.InstanceId$/i,
  DeleteRouterInterface: /^Invalid(RouterInterface|Instance)Id\.NotFound$/i,
  DeleteRouteEntry: /^InvalidRoute(Entry|EntryId|Table|TableId)\.NotFound$/i,
  RevokeSecurityGroup: /^InvalidSecurityGroupId\.NotFound$/i,
  RevokeSecurityGroupEgress: /^InvalidSecurityGroupId\.NotFound$/i,
};

/** The cloud's own words are shown to people and kept for good; more than this is no sentence. */
const MESSAGE_LENGTH_MAX = 500;

/** Longer than this nobody is made to wait by an answer alone. */
const RETRY_AFTER_MAX_MS = 120_000;

/** A refusal as openapi-core throws it. */
const Refusal = z.object({
  /** The text `undefined` when the body had none. */
  code: z.string().transform((code) => (code === "undefined" ? "" : code)),
  statusCode: z.number(),
  requestId: z.string().transform((id) => (id === "undefined" ? "" : id)),
  /** From the header x-acs-retry-after, ms. */
  retryAfter: z
    .number()
    .nonnegative()
    .transform((ms) => Math.min(ms, RETRY_AFTER_MAX_MS))
    .optional()
    .catch(undefined),
  data: z.object({ Message: z.string().catch("") }).catch({ Message: "" }),
});

/** An error of Node's, such as ECONNRESET, or the SDK's own for a time-out. */
const Unanswered = z.object({ name: z.string(), code: z.string().optional().catch(undefined) });

/** Everything that can come out of a call whose parameters were right. */
export function failureOf(api: Api, thrown: unknown): Failure {
  const refusal = Refusal.safeParse(thrown);
  if (!refusal.success) return unanswered(api, thrown);
  const { code, statusCode, requestId, retryAfter, data } = refusal.data;
  return {
    kind: kindOf(api, code, statusCode),
    api,
    code,
    requestId,
    message: messageOf(code, data.Message),
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
  };
}

/** A list of what is in a thing that does not exist. */
export async function emptyIfGone<Item>(list: Promise<readonly Item[]>): Promise<readonly Item[]> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof CloudFailure && isGone(error.failure)) return [];
    throw error;
  }
}

/** Taking away what is not there any more leaves nothing to do. */
export async function doneIfGone(removal: Promise<Answered>): Promise<Answered> {
  try {
    return await removal;
  } catch (error) {
    if (error instanceof CloudFailure && isGone(error.failure)) return { requestId: error.failure.requestId };
    throw error;
  }
}

/** True when the credentials may not do what was asked, and somebody with RAM's rights can change that. */
export function isForbidden({ code }: Failure): boolean {
  return NO_PERMISSION.test(code);
}

function isGone({ api, code }: Failure): boolean {
  // `Failure` names APIs of every port as text; one of another port has no row here.
  return GONE[api as Api]?.test(code) ?? false;
}

function kindOf(api: Api, code: string, statusCode: number): FailureKind {
  const family = FAMILIES.find((candidate) => candidate.code.test(code) && (candidate.api?.test(api) ?? true));
  if (family) return family.kind;
  // A code that we do not know is a refusal, unless the service says that the fault is its own or gives no code at all.
  return statusCode >= 500 || code === "" ? "unknownResult" : "refused";
}

/** A signature error repeats what was signed, session token included. */
function messageOf(code: string, message: string): string {
  return /Signature/i.test(code) ? "the signature was not accepted" : message.slice(0, MESSAGE_LENGTH_MAX);
}

/** Only names leave this function: the text of these errors holds the whole URL. */
function unanswered(api: Api, thrown: unknown): Failure {
  const { name, code = name } = Unanswered.safeParse(thrown).data ?? { name: typeof thrown };
  return { kind: "unknownResult", api, code: "", requestId: "", message: `no answer that can be trusted: ${code}` };
}
