import { z } from "zod";

import { refuse } from "../answers.ts";
import { groupToWire } from "../profiles.ts";
import { method, words, yesNo } from "./method.ts";

export const usergroupsMethods = {
  "usergroups.list": method({
    scopes: ["usergroups:read"],
    tier: 2,
    arguments: z.object({ include_users: yesNo.optional() }),
    handle: ({ workspace, args }) => ({
      ok: true,
      usergroups: [...workspace.groups.values()].map((group) =>
        groupToWire(workspace, group, { withUsers: args.include_users === true }),
      ),
    }),
  }),

  "usergroups.users.list": method({
    scopes: ["usergroups:read"],
    tier: 2,
    arguments: z.object({ usergroup: words }),
    handle: ({ workspace, args }) => {
      const group = workspace.groups.get(args.usergroup);
      return group === undefined ? refuse("no_such_subteam") : { ok: true, users: group.members };
    },
  }),
};
