import { createHash } from "node:crypto";
import { integer, type Parameters, text } from "./parameters.ts";
import { refuse } from "./refusal.ts";

/** One page of a list, with the numbers that the older style prints. */
export interface NumberedPage<Item> {
  readonly items: ReadonlyArray<Item>;
  readonly PageNumber: number;
  readonly PageSize: number;
  readonly TotalCount: number;
}

/** One page of a list; the token is empty at the end. */
export interface TokenPage<Item> {
  readonly items: ReadonlyArray<Item>;
  readonly NextToken: string;
}

/** PageNumber (from 1) and PageSize; an empty page past the end. */
export function numberedPage<Item>(
  items: ReadonlyArray<Item>,
  parameters: Parameters,
  size: { readonly fallback: number; readonly max: number },
): NumberedPage<Item> {
  const pageNumber = integer(parameters, "PageNumber", { min: 1, max: 1_000_000, fallback: 1 });
  const pageSize = integer(parameters, "PageSize", { min: 1, max: size.max, fallback: size.fallback });
  const start = (pageNumber - 1) * pageSize;
  return {
    items: items.slice(start, start + pageSize),
    PageNumber: pageNumber,
    PageSize: pageSize,
    TotalCount: items.length,
  };
}

/**
 * A page by token: `sizeParameter` is MaxResults or, for route entries, MaxResult.
 *
 * A token is only good for the same question: the same parameters but for the page size.
 */
export function tokenPage<Item>(
  items: ReadonlyArray<Item>,
  parameters: Parameters,
  size: {
    readonly parameter: "MaxResults" | "MaxResult";
    readonly fallback: number;
    readonly min: number;
    readonly max: number;
  },
): TokenPage<Item> {
  const limit = integer(parameters, size.parameter, size);
  const question = questionOf(parameters, size.parameter);
  const start = startOf(text(parameters, "NextToken"), question);
  const end = start + limit;
  return { items: items.slice(start, end), NextToken: end < items.length ? tokenFor(end, question) : "" };
}

/** Whether the caller pages by token; the two styles exist side by side in ECS. */
export function pagesByToken(parameters: Parameters): boolean {
  return text(parameters, "MaxResults") !== undefined || text(parameters, "NextToken") !== undefined;
}

function questionOf(parameters: Parameters, sizeParameter: string): string {
  const asked = Object.entries(parameters).filter(([name]) => name !== "NextToken" && name !== sizeParameter);
  const sorted = asked.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}

function tokenFor(start: number, question: string): string {
  return Buffer.from(`${question}:${start}`).toString("base64url");
}

function startOf(token: string | undefined, question: string): number {
  if (token === undefined) return 0;
  const [, asked, start] = /^([0-9a-f]{16}):(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString("utf8")) ?? [];
  if (asked !== question || start === undefined) {
    refuse({ status: 400, code: "IllegalParam.NextToken", message: "The specified NextToken is invalid." });
  }
  return Number(start);
}
