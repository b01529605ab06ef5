import { z } from "zod";

import { refuse } from "../answers.ts";
import { emailOf, personToWire } from "../profiles.ts";
import { cursorPage, method, page, words } from "./method.ts";

export const usersMethods = {
  "users.info": method({
    scopes: ["users:read"],
    tier: 4,
    arguments: z.object({ user: words }),
    handle: ({ workspace, args }) => {
      const person = workspace.people.get(args.user);
      return person === undefined ? refuse("user_not_found") : { ok: true, user: personToWire(workspace, person) };
    },
  }),

  "users.list": method({
    scopes: ["users:read"],
    tier: 2,
    arguments: z.object(cursorPage),
    handle: ({ workspace, args, now }) => {
      const { items, response_metadata } = page([...workspace.people.values()], args);
      const members = items.map((person) => personToWire(workspace, person));
      return { ok: true, members, cache_ts: Math.floor(now / 1_000), response_metadata };
    },
  }),

  "users.lookupByEmail": method({
    scopes: ["users:read.email"],
    tier: 3,
    arguments: z.object({ email: words }),
    handle: ({ workspace, args }) => {
      const wanted = args.email.toLowerCase();
      const person = [...workspace.people.values()].find(
        (one) => !one.deleted && one.kind !== "bot" && emailOf(workspace, one) === wanted,
      );
      return person === undefined ? refuse("users_not_found") : { ok: true, user: personToWire(workspace, person) };
    },
  }),
};
