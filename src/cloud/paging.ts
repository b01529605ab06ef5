/**
 * Lists come in pages: the older way by number, with a total; the newer by token, empty at the end. Both sides have a
 * maximum, and a list that is longer rejects rather than being taken for whole.
 */
import { CloudFailure } from "../ports.ts";
import type { Api } from "./actions.ts";

/** 5,000 things of the smallest pages, where a region has 10 VPCs and a VPC 150 vSwitches by default. */
export const PAGES_MAX = 100;

interface NumberedPage<Item> {
  readonly items: readonly Item[];
  readonly totalCount: number;
}

interface TokenPage<Item> {
  readonly items: readonly Item[];
  /** Missing or empty at the end. */
  readonly nextToken?: string | undefined;
}

/** Every item of a list that is paged by number. The first page says how many there are; the rest are read together. */
export async function allNumberedPages<Item>(
  api: Api,
  pageSize: number,
  read: (pageNumber: number) => Promise<NumberedPage<Item>>,
): Promise<readonly Item[]> {
  const first = await read(1);
  const pages = Math.ceil(first.totalCount / pageSize);
  if (pages > PAGES_MAX) throw tooLong(api);
  const others = await Promise.all(Array.from({ length: Math.max(pages - 1, 0) }, (_, index) => read(index + 2)));
  return [first, ...others].flatMap(({ items }) => items);
}

/** Every item of a list that is paged by token, page by page: each names the next. */
export async function allTokenPages<Item>(
  api: Api,
  read: (nextToken: string | undefined) => Promise<TokenPage<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await read(nextToken);
    items.push(...answer.items);
    if (!answer.nextToken) return items;
    nextToken = answer.nextToken;
  }
  throw tooLong(api);
}

/** Ids in lists short enough to ask for; none for no ids, since most APIs take an empty list for everything. */
export function chunksOf<Item>(items: readonly Item[], size: number): ReadonlyArray<Item[]> {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

function tooLong(api: Api): CloudFailure {
  return new CloudFailure({
    kind: "internal",
    api,
    code: "",
    requestId: "",
    message: `a list of more than ${PAGES_MAX} pages`,
  });
}
