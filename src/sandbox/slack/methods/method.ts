import { z } from "zod";

import type { ApiAnswer } from "../answers.ts";
import { parseJson, type JsonObject } from "../json.ts";
import type { Tier } from "../rate-limits.ts";
import type { Workspace } from "../workspace.ts";

/** A call that passed every check of its token, scope, rate and arguments. */
export interface Call<Arguments> {
  readonly workspace: Workspace;
  readonly args: Arguments;
  /** Wire time in milliseconds. */
  readonly now: number;
}

/** One method of the Web API. */
export interface Method {
  /** Which token may call it. */
  readonly token: "bot" | "app" | "any";
  /** Any one of these scopes is enough; none is needed when empty. */
  readonly scopes: readonly string[];
  readonly tier: Tier;
  readonly arguments: z.ZodType;
  readonly handle: (call: Call<unknown>) => ApiAnswer;
}

/** Ties a method's handler to the type of its arguments. */
export function method<Schema extends z.ZodType>(one: {
  readonly token?: Method["token"];
  readonly scopes: readonly string[];
  readonly tier: Tier;
  readonly arguments: Schema;
  readonly handle: (call: Call<z.infer<Schema>>) => ApiAnswer;
}): Method {
  return {
    token: "bot",
    ...one,
    // The registry calls `handle` only with what `arguments` parsed.
    handle: ({ args, ...call }) => one.handle({ ...call, args: args as z.infer<Schema> }),
  };
}

/** A string argument; forms send numbers as strings and JSON bodies may send them as numbers. */
export const words = z.union([z.string(), z.number().transform(String)]);

/** True for `true`, `"true"` and `"1"`. */
export const yesNo = z.union([z.boolean(), z.string().transform((text) => text === "true" || text === "1")]);

export const count = z.coerce.number().int();

/** A structured argument: JSON text in a form, a value in a JSON body. Text that is no JSON stays text. */
export const structure = z.preprocess(
  (value) => (typeof value === "string" ? (parseJson(value) ?? value) : value),
  z.unknown(),
);

export const cursorPage = { cursor: z.string().optional(), limit: count.optional() };

/** One page of a list and the cursor of the next, as Slack's collections give them. */
export function page<Item>(
  items: readonly Item[],
  args: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
): { readonly items: readonly Item[]; readonly response_metadata: JsonObject } {
  const from = Number(Buffer.from(args.cursor ?? "", "base64url").toString() || 0);
  const most = args.limit === undefined || args.limit <= 0 ? LIMIT_DEFAULT : Math.min(args.limit, LIMIT_MAX);
  const next = from + most;
  const next_cursor = next < items.length ? Buffer.from(String(next)).toString("base64url") : "";
  return { items: items.slice(from, next), response_metadata: { next_cursor } };
}

/** Page sizes: https://docs.slack.dev/apis/web-api/pagination */
const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;
